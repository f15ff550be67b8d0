//! What a time comes to, for any number of villages and parties at once: from the till, and again from
//! the ledger. The live view of a month, its statement and what the fund owes are all read off here.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use diesel::dsl::{count_star, not};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use domain::calendar::{Cycle, start_of};
use domain::discount::{Bearer, Purchase, PurchaseState};
use domain::id::{MerchantId, PurchaseId, RedemptionId, StoreId};
use domain::ledger::{Purse, Source};
use domain::points::{Fen, Points};
use domain::refusal::Refusal;
use domain::settlement::{Figures, Party, Side};
use domain::store::RedemptionState;
use uuid::Uuid;

use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::{agreements, entries, purchases, redemptions, stores};

diesel::define_sql_function! {
    /// As `sum_exact`, of those that are there.
    #[aggregate]
    #[sql_name = "sum_exact"]
    fn sum_known(amount: Nullable<BigInt>) -> BigInt;
}

/// From one moment until before another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) from: DateTime<Utc>,
    pub(crate) to: DateTime<Utc>,
}

impl Span {
    /// A month.
    pub(crate) fn of(month: Cycle) -> Self {
        Self { from: start_of(month.first_day()), to: start_of(month.next_first_day()) }
    }

    /// When the first purchase was made that can be completed in it.
    pub(super) fn made_from(self) -> DateTime<Utc> {
        self.from - Duration::seconds(Purchase::CONFIRM_SECONDS)
    }
}

/// The figures of parties, by village.
pub(crate) type Sums = BTreeMap<(Uuid, Party), Figures>;

/// All parties of these villages; those of whom there is nothing to say are not there.
pub(crate) fn of_villages(
    c: &mut PgConnection,
    villages: &[Uuid],
    span: Span,
) -> Result<Sums, Error> {
    let merchants: Vec<Uuid> = agreements::table
        .filter(agreements::village_id.eq_any(villages))
        .select(agreements::merchant_id)
        .distinct()
        .load(c)?;
    let mut sums = of_merchants(c, villages, &merchants, span)?;
    of_stores(c, villages, span, &mut sums)?;
    Ok(sums)
}

/// These merchants at these villages.
pub(crate) fn of_merchants(
    c: &mut PgConnection,
    villages: &[Uuid],
    merchants: &[Uuid],
    span: Span,
) -> Result<Sums, Error> {
    let mut sums = Sums::new();
    from_purchases(c, villages, merchants, span, &mut sums)?;
    from_ledger(c, villages, merchants, span, &mut sums)?;
    Ok(sums)
}

fn merchant(sums: &mut Sums, village: Uuid, merchant: Uuid) -> &mut Figures {
    sums.entry((village, Party::Merchant(MerchantId(merchant)))).or_default()
}

fn from_purchases(
    c: &mut PgConnection,
    villages: &[Uuid],
    merchants: &[Uuid],
    span: Span,
    sums: &mut Sums,
) -> Result<(), Error> {
    type Summed = (Uuid, Uuid, String, i64, i64, i64);
    let theirs = || {
        purchases::table
            .filter(purchases::village_id.eq_any(villages))
            .filter(purchases::merchant_id.eq_any(merchants))
            .group_by((purchases::village_id, purchases::merchant_id, purchases::bearer))
            .select((
                purchases::village_id,
                purchases::merchant_id,
                purchases::bearer,
                count_star(),
                sum_exact(purchases::price),
                sum_exact(purchases::discount),
            ))
    };
    let completed: Vec<Summed> = theirs()
        .filter(purchases::made_at.ge(span.made_from()))
        .filter(purchases::made_at.lt(span.to))
        .filter(purchases::completed_at.ge(span.from))
        .filter(purchases::completed_at.lt(span.to))
        .load(c)?;
    let refunded: Vec<Summed> = theirs()
        .filter(purchases::refunded_at.ge(span.from))
        .filter(purchases::refunded_at.lt(span.to))
        .filter(purchases::state.eq(PurchaseState::Refunded.as_str()))
        .load(c)?;
    let add = |side: &mut Side, bearer: &str, count: i64, price: i64, discount: i64| {
        let bearer = Bearer::from_name(bearer)
            .ok_or_else(|| Error::Bug("a stored purchase has an unknown bearer".into()))?;
        let (owed, given) = match bearer {
            Bearer::CreditOffset => (discount, 0),
            Bearer::MerchantFunded => (0, discount),
        };
        let more = Side {
            count,
            price: Fen::new(price),
            owed: Fen::new(owed),
            given: Fen::new(given),
            ..Side::default()
        };
        *side = side.plus(more)?;
        Ok::<_, Error>(())
    };
    for (village, of, bearer, count, price, discount) in completed {
        add(&mut merchant(sums, village, of).sales, &bearer, count, price, discount)?;
    }
    for (village, of, bearer, count, price, discount) in refunded {
        add(&mut merchant(sums, village, of).refunds, &bearer, count, price, discount)?;
    }
    Ok(())
}

/// What the entries say, by the moment they were recorded. Entries know their purchase, and that knows
/// the merchant.
fn from_ledger(
    c: &mut PgConnection,
    villages: &[Uuid],
    merchants: &[Uuid],
    span: Span,
    sums: &mut Sums,
) -> Result<(), Error> {
    let theirs = || {
        entries::table
            .inner_join(
                purchases::table.on(purchases::village_id
                    .eq(entries::village_id)
                    .and(purchases::id.eq(entries::source_id))),
            )
            .filter(entries::village_id.eq_any(villages))
            .filter(entries::recorded_at.ge(span.from))
            .filter(entries::recorded_at.lt(span.to))
            .filter(entries::purse.eq(Purse::StarCredit.code()))
            .filter(entries::source.eq(Source::Purchase(PurchaseId(Uuid::nil())).code()))
            .filter(purchases::merchant_id.eq_any(merchants))
            .group_by((purchases::village_id, purchases::merchant_id))
            .select((purchases::village_id, purchases::merchant_id, sum_exact(entries::amount)))
    };
    let paid: Vec<(Uuid, Uuid, i64)> = theirs().filter(entries::reverses.is_null()).load(c)?;
    let given_back: Vec<(Uuid, Uuid, i64)> =
        theirs().filter(not(entries::reverses.is_null())).load(c)?;
    for (village, of, amount) in paid {
        merchant(sums, village, of).sales.ledger = -amount;
    }
    for (village, of, amount) in given_back {
        merchant(sums, village, of).refunds.ledger = amount;
    }
    Ok(())
}

/// What stores handed over and took back. The points of a redemption left the purse when it was made;
/// here each is traced to its entry, whenever that was.
fn of_stores(
    c: &mut PgConnection,
    villages: &[Uuid],
    span: Span,
    sums: &mut Sums,
) -> Result<(), Error> {
    type Summed = (Uuid, Uuid, i64, i64, i64, i64, i64);
    let run_by: BTreeMap<Uuid, Option<Uuid>> = stores::table
        .filter(stores::village_id.eq_any(villages))
        .select((stores::id, stores::merchant_id))
        .load::<(Uuid, Option<Uuid>)>(c)?
        .into_iter()
        .collect();
    let all: Vec<Uuid> = run_by.keys().copied().collect();
    let theirs = || {
        redemptions::table
            .filter(redemptions::village_id.eq_any(villages))
            .filter(redemptions::store_id.eq_any(all.clone()))
    };
    let grouped = (redemptions::village_id, redemptions::store_id);
    let summed = (
        redemptions::village_id,
        redemptions::store_id,
        count_star(),
        sum_exact(redemptions::worth),
        sum_known(redemptions::cash_taken),
        sum_exact(redemptions::points),
        sum_known(entries::amount.nullable()),
    );
    let kind = Source::Redemption(RedemptionId(Uuid::nil())).code();
    let entry = || {
        entries::village_id
            .eq(redemptions::village_id)
            .and(entries::source_id.eq(redemptions::id))
            .and(entries::source.eq(kind))
            .and(entries::purse.eq(Purse::Points.code()))
    };
    let handed_over: Vec<Summed> = theirs()
        .left_join(entries::table.on(entry().and(entries::reverses.is_null())))
        .filter(redemptions::handed_over_at.ge(span.from))
        .filter(redemptions::handed_over_at.lt(span.to))
        .group_by(grouped)
        .select(summed)
        .load(c)?;
    let refunded: Vec<Summed> = theirs()
        .left_join(entries::table.on(entry().and(not(entries::reverses.is_null()))))
        .filter(redemptions::state.eq(RedemptionState::Refunded.as_str()))
        .filter(redemptions::ended_at.ge(span.from))
        .filter(redemptions::ended_at.lt(span.to))
        .group_by(grouped)
        .select(summed)
        .load(c)?;
    for (rows, refunds) in [(handed_over, false), (refunded, true)] {
        for (village, store, count, worth, cash, points, ledger) in rows {
            let by_merchant = run_by.get(&store).copied().flatten().is_some();
            let store = StoreId(store);
            let party =
                if by_merchant { Party::MerchantStore(store) } else { Party::VillageStore(store) };
            let month = sums.entry((village, party)).or_default();
            let (worth, cash) = (Fen::new(worth), Fen::new(cash));
            let side = Side {
                count,
                price: worth.plus(cash).ok_or(Refusal::AmountOutOfRange)?,
                owed: worth,
                given: Fen::ZERO,
                cash,
                points: Points::from_hundredths(points),
                ledger: if refunds { ledger } else { -ledger },
            };
            *(if refunds { &mut month.refunds } else { &mut month.sales }) = side;
        }
    }
    Ok(())
}
