//! Another period for the limit of goods: what households have taken is counted anew.
//!
//! Rows are locked in the order of all others (`crate::redemptions`): redemptions, counts, and then the goods.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::calendar::{day_of, start_of};
use domain::id::{GoodsId, VillageId};
use domain::store::LimitPeriod;

use crate::error::Error;

/// Those that the new period counts and the old one did not, or the other way round: `$3` is the first
/// moment of the present period, `$4` its name.
const AFFECTED: &str = "village_id = $1 AND goods_id = $2 AND state IN ('waiting', 'handed_over') \
    AND counted_in IS DISTINCT FROM CASE WHEN redeemed_at >= coalesce($3, '-infinity') THEN $4 END";

/// The present period: since when, and its name.
fn present(
    period: Option<LimitPeriod>,
    now: DateTime<Utc>,
) -> (Option<DateTime<Utc>>, Option<String>) {
    let today = day_of(now);
    let since = period.and_then(|period| period.first_day(today)).map(start_of);
    (since, period.map(|period| period.holding(today)))
}

/// Locks what [`count_anew_in_tx`] changes, before the goods are locked.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    goods: GoodsId,
    period: Option<LimitPeriod>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (since, key) = present(period, now);
    diesel::sql_query(format!(
        "SELECT id FROM redemptions WHERE {AFFECTED} ORDER BY id FOR NO KEY UPDATE"
    ))
    .bind::<SqlUuid, _>(village.0)
    .bind::<SqlUuid, _>(goods.0)
    .bind::<Nullable<Timestamptz>, _>(since)
    .bind::<Nullable<Text>, _>(key)
    .execute(tx)?;
    diesel::sql_query(
        "SELECT count FROM goods_counts WHERE village_id = $1 AND goods_id = $2 \
         ORDER BY household_id, period FOR UPDATE",
    )
    .bind::<SqlUuid, _>(village.0)
    .bind::<SqlUuid, _>(goods.0)
    .execute(tx)?;
    Ok(())
}

/// Counts what households have taken in the present period of another kind, so that a limit that is set
/// in the middle of a month holds for all of it. The goods are locked, and their version is another one: who
/// redeems at this moment decides again.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn count_anew_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    goods: GoodsId,
    period: Option<LimitPeriod>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (since, key) = present(period, now);
    diesel::sql_query(format!(
        "UPDATE redemptions SET counted_in = \
             CASE WHEN redeemed_at >= coalesce($3, '-infinity') THEN $4 END \
         WHERE {AFFECTED}"
    ))
    .bind::<SqlUuid, _>(village.0)
    .bind::<SqlUuid, _>(goods.0)
    .bind::<Nullable<Timestamptz>, _>(since)
    .bind::<Nullable<Text>, _>(key)
    .execute(tx)?;
    diesel::sql_query("DELETE FROM goods_counts WHERE village_id = $1 AND goods_id = $2")
        .bind::<SqlUuid, _>(village.0)
        .bind::<SqlUuid, _>(goods.0)
        .execute(tx)?;
    diesel::sql_query(
        "INSERT INTO goods_counts (village_id, goods_id, household_id, period, count) \
         SELECT village_id, goods_id, household_id, counted_in, sum(quantity) FROM redemptions \
         WHERE village_id = $1 AND goods_id = $2 AND counted_in IS NOT NULL \
         AND state IN ('waiting', 'handed_over') \
         GROUP BY village_id, goods_id, household_id, counted_in",
    )
    .bind::<SqlUuid, _>(village.0)
    .bind::<SqlUuid, _>(goods.0)
    .execute(tx)?;
    Ok(())
}
