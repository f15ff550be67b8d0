//! The monthly statement of a merchant, village by village: from purchases, and again from the
//! ledger.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{Cycle, CycleKind, start_of};
use domain::discount::{Bearer, Month, REFUND_DAYS_MAX, Sum};
use domain::id::{MerchantId, VillageId};
use domain::ledger::{Counter, Purse, Source};
use domain::points::Fen;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::ledger::sum_exact;
use crate::reading::Why;
use crate::schema::{agreements, divisions, entries, purchases};

/// A merchant's month with one village.
#[derive(Clone, Debug)]
pub struct VillageMonth {
    /// The village.
    pub village: VillageId,
    /// Its name.
    pub name: String,
    /// The sums.
    pub month: Month,
}

/// The month of a merchant with the villages that the actor may see, or with one of them.
///
/// # Errors
/// `cycle_wrong_kind` for anything but a month, `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    month: Cycle,
    village: Option<VillageId>,
    why: &Why,
) -> Result<Vec<VillageMonth>, Error> {
    if month.kind() != CycleKind::Month {
        return Err(Refusal::CycleWrongKind.into());
    }
    let partners: Vec<(Uuid, String)> = db.read(|c| {
        Ok(agreements::table
            .inner_join(divisions::table.on(divisions::id.eq(agreements::village_id)))
            .filter(agreements::merchant_id.eq(merchant.0))
            .distinct()
            .order(agreements::village_id)
            .select((agreements::village_id, divisions::name))
            .load(c)?)
    })?;
    let (mut seen, mut read) = (Vec::new(), Vec::new());
    for (id, name) in partners {
        let partner = VillageId(id);
        let target = Target::merchant_at(merchant, db.place(partner)?);
        let wanted = village.is_none_or(|wanted| wanted == partner);
        if !wanted {
            continue;
        }
        if let Ok(permit) = allows(actor, Action::MerchantStatementShow, &target) {
            read.push((target, permit));
            seen.push(VillageMonth { village: partner, name, month: Month::default() });
        }
    }
    if seen.is_empty() && !own_without_partners(actor, merchant, village) {
        return Err(Refusal::NotFound.into());
    }
    db.record_reading(actor, Action::MerchantStatementShow, &read, why)?;
    let span = Span::of(month);
    db.read(|c| {
        c.build_transaction().repeatable_read().read_only().run(|c| {
            let ids: Vec<Uuid> = seen.iter().map(|line| line.village.0).collect();
            let mut months: BTreeMap<Uuid, Month> = BTreeMap::new();
            from_purchases(c, merchant, &ids, span, &mut months)?;
            from_ledger(c, merchant, &ids, span, &mut months)?;
            let filled = seen.iter().cloned().map(|mut line| {
                line.month = months.get(&line.village.0).copied().unwrap_or_default();
                line
            });
            Ok(filled.collect())
        })
    })
}

/// An owner whose shop has no agreement yet gets an empty statement.
fn own_without_partners(actor: &Actor, merchant: MerchantId, village: Option<VillageId>) -> bool {
    let own = allows(actor, Action::MerchantStatementShow, &Target::till(merchant)).is_ok();
    own && village.is_none()
}

/// A month, and from when on the purchases were made that have to do with it.
#[derive(Clone, Copy)]
struct Span {
    made_from: DateTime<Utc>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Span {
    fn of(month: Cycle) -> Self {
        let first = month.first_day();
        // A day more for those that waited over midnight to be confirmed.
        let back = Days::new(u64::from(REFUND_DAYS_MAX) + 1);
        Self {
            made_from: start_of(first.checked_sub_days(back).unwrap_or(first)),
            from: start_of(first),
            to: start_of(month.next_first_day()),
        }
    }
}

type Summed = (Uuid, String, i64, i64, i64);

fn from_purchases(
    c: &mut PgConnection,
    merchant: MerchantId,
    villages: &[Uuid],
    span: Span,
    months: &mut BTreeMap<Uuid, Month>,
) -> Result<(), Error> {
    let theirs = || {
        purchases::table
            .filter(purchases::merchant_id.eq(merchant.0))
            .filter(purchases::made_at.ge(span.made_from))
            .filter(purchases::made_at.lt(span.to))
            .filter(purchases::village_id.eq_any(villages))
            .group_by((purchases::village_id, purchases::bearer))
            .select((
                purchases::village_id,
                purchases::bearer,
                count_star(),
                sum_exact(purchases::price),
                sum_exact(purchases::discount),
            ))
    };
    let completed: Vec<Summed> = theirs()
        .filter(purchases::completed_at.ge(span.from))
        .filter(purchases::completed_at.lt(span.to))
        .load(c)?;
    let refunded: Vec<Summed> = theirs()
        .filter(purchases::refunded_at.ge(span.from))
        .filter(purchases::refunded_at.lt(span.to))
        .load(c)?;
    let of = |(village, bearer, count, price, discount): Summed| {
        let bearer = Bearer::from_name(&bearer)
            .ok_or_else(|| Error::Bug("a stored purchase has an unknown bearer".into()))?;
        let sum = Sum { count, price: Fen::new(price), discount: Fen::new(discount) };
        Ok::<_, Error>((village, bearer, sum))
    };
    for row in completed {
        let (village, bearer, sum) = of(row)?;
        months.entry(village).or_default().borne_by(bearer).purchases = sum;
    }
    for row in refunded {
        let (village, bearer, sum) = of(row)?;
        months.entry(village).or_default().borne_by(bearer).refunds = sum;
    }
    Ok(())
}

/// What the entries say, by the moment they were recorded. Entries know their purchase, and that
/// knows the merchant.
fn from_ledger(
    c: &mut PgConnection,
    merchant: MerchantId,
    villages: &[Uuid],
    span: Span,
    months: &mut BTreeMap<Uuid, Month>,
) -> Result<(), Error> {
    let reversals = diesel::alias!(entries as reversals);
    let purchase_code = Source::Purchase(domain::id::PurchaseId(Uuid::nil())).code();
    let theirs = || {
        entries::table
            .inner_join(
                purchases::table.on(purchases::village_id
                    .eq(entries::village_id)
                    .and(purchases::id.eq(entries::source_id))),
            )
            .filter(purchases::merchant_id.eq(merchant.0))
            .filter(purchases::made_at.ge(span.made_from))
            .filter(purchases::made_at.lt(span.to))
            .filter(purchases::village_id.eq_any(villages))
            .filter(entries::source.eq(purchase_code))
            .filter(entries::purse.eq(Purse::StarCredit.code()))
            .filter(entries::counter.eq(Counter::Merchant.code()))
            .filter(entries::reverses.is_null())
    };
    let paid: Vec<(Uuid, i64)> = theirs()
        .filter(entries::recorded_at.ge(span.from))
        .filter(entries::recorded_at.lt(span.to))
        .group_by(entries::village_id)
        .select((entries::village_id, sum_exact(entries::amount)))
        .load(c)?;
    let given_back: Vec<(Uuid, i64)> = theirs()
        .inner_join(
            reversals.on(reversals
                .field(entries::village_id)
                .eq(entries::village_id)
                .and(reversals.field(entries::reverses).eq(entries::id.nullable()))),
        )
        .filter(reversals.field(entries::recorded_at).ge(span.from))
        .filter(reversals.field(entries::recorded_at).lt(span.to))
        .group_by(entries::village_id)
        .select((entries::village_id, sum_exact(reversals.field(entries::amount))))
        .load(c)?;
    for (village, amount) in paid {
        months.entry(village).or_default().ledger_offset = Fen::new(-amount);
    }
    for (village, amount) in given_back {
        months.entry(village).or_default().ledger_refunded = Fen::new(amount);
    }
    Ok(())
}
