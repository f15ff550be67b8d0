//! What a store handed over and took back in a month, by the redemptions, by the points ledger and by the
//! store's own: for its statement, which must come out the same by each.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use domain::calendar::{Cycle, start_of};
use domain::id::{StoreId, VillageId};
use domain::points::{Fen, Points};

use crate::error::Error;

/// The sums of some redemptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreSum {
    /// How many redemptions.
    pub count: i64,
    /// How many goods and services.
    pub quantity: i64,
    /// How many of that are goods from the shelf.
    pub from_shelf: i64,
    /// What was taken for them.
    pub points: Points,
    /// What those points were worth when they were redeemed.
    pub worth: Fen,
    /// The cash that was taken besides.
    pub cash: Fen,
    /// The points by the entries of the ledger: taken, or given back.
    pub points_by_ledger: Points,
}

/// A month of a store. A redemption lies in the month in which it was handed over; what was taken back, in
/// the month in which it was, whenever it had been handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreMonth {
    /// What was handed over.
    pub handed_over: StoreSum,
    /// What was taken back.
    pub refunded: StoreSum,
    /// How many goods left the shelf by the store's own ledger.
    pub left_by_stock: i64,
}

impl StoreMonth {
    /// Whether all three ledgers say the same.
    pub fn agrees(&self) -> bool {
        let same = |sum: &StoreSum| sum.points == sum.points_by_ledger;
        same(&self.handed_over)
            && same(&self.refunded)
            && self.left_by_stock == self.handed_over.from_shelf
    }
}

#[derive(QueryableByName)]
struct SumRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    quantity: i64,
    #[diesel(sql_type = BigInt)]
    from_shelf: i64,
    #[diesel(sql_type = BigInt)]
    points: i64,
    #[diesel(sql_type = BigInt)]
    worth: i64,
    #[diesel(sql_type = BigInt)]
    cash: i64,
    #[diesel(sql_type = BigInt)]
    by_ledger: i64,
}

impl SumRow {
    fn sum(self) -> StoreSum {
        StoreSum {
            count: self.count,
            quantity: self.quantity,
            from_shelf: self.from_shelf,
            points: Points::from_hundredths(self.points),
            worth: Fen::new(self.worth),
            cash: Fen::new(self.cash),
            points_by_ledger: Points::from_hundredths(self.by_ledger),
        }
    }
}

#[derive(QueryableByName)]
struct LeftRow {
    #[diesel(sql_type = BigInt)]
    quantity: i64,
}

/// The columns of a sum; `{amount}` is what the ledger says of one redemption.
const SUM: &str = "SELECT count(*) AS count, \
    coalesce(sum(r.quantity), 0)::bigint AS quantity, \
    coalesce(sum(r.quantity) FILTER (WHERE r.slot_id IS NULL), 0)::bigint AS from_shelf, \
    coalesce(sum_exact(r.points), 0) AS points, coalesce(sum_exact(r.worth), 0) AS worth, \
    coalesce(sum_exact(r.cash_taken), 0) AS cash, coalesce(sum_exact(";

/// What took the points of a redemption.
const TAKEN: &str = " FROM redemptions AS r LEFT JOIN entries AS e ON e.village_id = r.village_id \
    AND e.source_id = r.id AND e.account_id = r.account_id AND e.purse = 2 AND e.reverses IS NULL";

/// A month of a store.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn month_in(
    c: &mut PgConnection,
    village: VillageId,
    store: StoreId,
    month: Cycle,
) -> Result<StoreMonth, Error> {
    let (from, until) = (start_of(month.first_day()), start_of(month.next_first_day()));
    let handed_over = format!(
        "{SUM}-e.amount), 0) AS by_ledger{TAKEN} \
         WHERE r.village_id = $1 AND r.store_id = $2 AND r.handed_over_at >= $3 AND r.handed_over_at < $4"
    );
    let refunded = format!(
        "{SUM}b.amount), 0) AS by_ledger{TAKEN} \
         LEFT JOIN entries AS b ON b.village_id = e.village_id AND b.reverses = e.id \
         WHERE r.village_id = $1 AND r.store_id = $2 AND r.state = 'refunded' \
         AND r.ended_at >= $3 AND r.ended_at < $4"
    );
    let left = "SELECT coalesce(sum(-s.stock - s.reserved), 0)::bigint AS quantity \
         FROM goods AS g JOIN stock_entries AS s ON s.village_id = g.village_id AND s.goods_id = g.id \
         WHERE g.village_id = $1 AND g.store_id = $2 AND s.kind = 'handed_over' \
         AND s.at >= $3 AND s.at < $4";
    let bounds = (village, store, from, until);
    let left_by_stock: LeftRow = bound(left, bounds).get_result(c)?;
    let handed_over: SumRow = bound(&handed_over, bounds).get_result(c)?;
    let refunded: SumRow = bound(&refunded, bounds).get_result(c)?;
    Ok(StoreMonth {
        handed_over: handed_over.sum(),
        refunded: refunded.sum(),
        left_by_stock: left_by_stock.quantity,
    })
}

type Bound =
    diesel::query_builder::BoxedSqlQuery<'static, diesel::pg::Pg, diesel::query_builder::SqlQuery>;

fn bound(
    sql: &str,
    (village, store, from, until): (VillageId, StoreId, DateTime<Utc>, DateTime<Utc>),
) -> Bound {
    diesel::sql_query(sql)
        .into_boxed()
        .bind::<SqlUuid, _>(village.0)
        .bind::<SqlUuid, _>(store.0)
        .bind::<Timestamptz, _>(from)
        .bind::<Timestamptz, _>(until)
}
