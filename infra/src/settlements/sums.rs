//! What a time comes to, for any number of villages and parties at once: from the till, and again from
//! the ledger. The live view of a month and its statement are read off here; what the fund owes, which asks
//! the till alone, in [`super::due`].
//!
//! Sums can agree while their lines do not, so lines and entries are counted too: those that have a match,
//! and all of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use diesel::dsl::{count, count_star, not};
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
use crate::schema::{entries, purchases, redemptions, stores};

diesel::define_sql_function! {
    /// As `sum_exact`, of those that are there.
    #[aggregate]
    #[sql_name = "sum_exact"]
    fn sum_known(amount: Nullable<BigInt>) -> BigInt;
}
diesel::define_sql_function! {
    /// Below zero what was above.
    #[sql_name = "int8um"]
    fn minus(amount: Nullable<BigInt>) -> Nullable<BigInt>;
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
    let mut sums = with_merchants(c, villages, None, span)?;
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
    with_merchants(c, villages, Some(merchants), span)
}

fn with_merchants(
    c: &mut PgConnection,
    villages: &[Uuid],
    merchants: Option<&[Uuid]>,
    span: Span,
) -> Result<Sums, Error> {
    let mut sums = Sums::new();
    let mut lines = Lines::new();
    from_purchases(c, villages, merchants, span, (&mut sums, &mut lines))?;
    from_ledger(c, villages, merchants, span, (&mut sums, &mut lines))?;
    for ((village, of, _), line) in lines {
        merchant(&mut sums, village, of).unequal += line.unequal();
    }
    Ok(sums)
}

fn merchant(sums: &mut Sums, village: Uuid, merchant: Uuid) -> &mut Figures {
    sums.entry((village, Party::Merchant(MerchantId(merchant)))).or_default()
}

/// How many lines move star credit, how many entries there are, and how many of both belong together.
#[derive(Clone, Copy, Debug, Default)]
struct Matched {
    lines: i64,
    entries: i64,
    both: i64,
}

impl Matched {
    const fn unequal(self) -> i64 {
        (self.lines - self.both).abs() + (self.entries - self.both).abs()
    }
}

/// By village and merchant, sales and refunds (`true`) each.
type Lines = BTreeMap<(Uuid, Uuid, bool), Matched>;

/// Loads all of a query, or what it has of some merchants.
macro_rules! of_those {
    ($query:expr, $merchants:expr, $c:expr) => {
        match $merchants {
            None => $query.load($c)?,
            Some(some) => $query.filter(purchases::merchant_id.eq_any(some)).load($c)?,
        }
    };
}

fn from_purchases(
    c: &mut PgConnection,
    villages: &[Uuid],
    merchants: Option<&[Uuid]>,
    span: Span,
    (sums, lines): (&mut Sums, &mut Lines),
) -> Result<(), Error> {
    type Summed = (Uuid, Uuid, String, i64, i64, i64, i64);
    let theirs = || {
        purchases::table
            .filter(purchases::village_id.eq_any(villages))
            .group_by((purchases::village_id, purchases::merchant_id, purchases::bearer))
            .select((
                purchases::village_id,
                purchases::merchant_id,
                purchases::bearer,
                count_star(),
                sum_exact(purchases::price),
                sum_exact(purchases::discount),
                count(purchases::id).aggregate_filter(purchases::discount.ne(0)),
            ))
    };
    let completed = theirs()
        .filter(purchases::made_at.ge(span.made_from()))
        .filter(purchases::made_at.lt(span.to))
        .filter(purchases::completed_at.ge(span.from))
        .filter(purchases::completed_at.lt(span.to));
    let completed: Vec<Summed> = of_those!(completed, merchants, c);
    let refunded = theirs()
        .filter(purchases::refunded_at.ge(span.from))
        .filter(purchases::refunded_at.lt(span.to))
        .filter(purchases::state.eq(PurchaseState::Refunded.as_str()));
    let refunded: Vec<Summed> = of_those!(refunded, merchants, c);
    for (rows, refunds) in [(completed, false), (refunded, true)] {
        for (village, of, bearer, count, price, discount, moving) in rows {
            let bearer = Bearer::from_name(&bearer)
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
            let month = merchant(sums, village, of);
            let side = if refunds { &mut month.refunds } else { &mut month.sales };
            *side = side.plus(more)?;
            if bearer == Bearer::CreditOffset {
                lines.entry((village, of, refunds)).or_default().lines += moving;
            }
        }
    }
    Ok(())
}

/// What the entries say, by the moment they were recorded. Entries know their purchase, and that knows
/// the merchant.
fn from_ledger(
    c: &mut PgConnection,
    villages: &[Uuid],
    merchants: Option<&[Uuid]>,
    span: Span,
    (sums, lines): (&mut Sums, &mut Lines),
) -> Result<(), Error> {
    type Summed = (Uuid, Uuid, i64, i64, i64);
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
            .group_by((purchases::village_id, purchases::merchant_id))
    };
    let credit = || purchases::bearer.eq(Bearer::CreditOffset.as_str());
    let sold = purchases::completed_at.ge(span.from).and(purchases::completed_at.lt(span.to));
    let sold = sold.and(credit()).and((purchases::discount + entries::amount).eq(0_i64));
    let paid = theirs().filter(entries::reverses.is_null()).select((
        purchases::village_id,
        purchases::merchant_id,
        sum_exact(entries::amount),
        count_star(),
        count(entries::id).aggregate_filter(sold.assume_not_null()),
    ));
    let paid: Vec<Summed> = of_those!(paid, merchants, c);
    let back = purchases::refunded_at.ge(span.from).and(purchases::refunded_at.lt(span.to));
    let back = back
        .and(credit())
        .and(purchases::state.eq(PurchaseState::Refunded.as_str()))
        .and(purchases::discount.eq(entries::amount));
    let given_back = theirs().filter(not(entries::reverses.is_null())).select((
        purchases::village_id,
        purchases::merchant_id,
        sum_exact(entries::amount),
        count_star(),
        count(entries::id).aggregate_filter(back.assume_not_null()),
    ));
    let given_back: Vec<Summed> = of_those!(given_back, merchants, c);
    for (rows, refunds) in [(paid, false), (given_back, true)] {
        for (village, of, amount, count, both) in rows {
            let month = merchant(sums, village, of);
            if refunds {
                month.refunds.ledger = amount;
            } else {
                month.sales.ledger = -amount;
            }
            let matched = lines.entry((village, of, refunds)).or_default();
            (matched.entries, matched.both) = (count, both);
        }
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
    type Summed = (Uuid, Uuid, i64, i64, i64, i64, i64, i64);
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
    macro_rules! summed {
        ($is_entry:expr) => {
            (
                redemptions::village_id,
                redemptions::store_id,
                count_star(),
                sum_exact(redemptions::worth),
                sum_known(redemptions::cash_taken),
                sum_exact(redemptions::points),
                sum_known(entries::amount.nullable()),
                count(redemptions::id).aggregate_filter(
                    redemptions::points.nullable().eq($is_entry).assume_not_null(),
                ),
            )
        };
    }
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
        .select(summed!(minus(entries::amount.nullable())))
        .load(c)?;
    let refunded: Vec<Summed> = theirs()
        .left_join(entries::table.on(entry().and(not(entries::reverses.is_null()))))
        .filter(redemptions::state.eq(RedemptionState::Refunded.as_str()))
        .filter(redemptions::ended_at.ge(span.from))
        .filter(redemptions::ended_at.lt(span.to))
        .group_by(grouped)
        .select(summed!(entries::amount.nullable()))
        .load(c)?;
    for (rows, refunds) in [(handed_over, false), (refunded, true)] {
        for (village, store, count, worth, cash, points, ledger, both) in rows {
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
            month.unequal += count - both;
            *(if refunds { &mut month.refunds } else { &mut month.sales }) = side;
        }
    }
    Ok(())
}
