//! Many claims at once: one query to read them, one statement to write what became of them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use domain::calendar::Cycle;
use domain::claim::{Claim, State};
use domain::id::{AccountId, ClaimId, NoticeId, VillageId};
use uuid::Uuid;

use super::row::{ClaimRow, Kept};
use crate::error::Error;
use crate::schema::{claim_events, claims};

/// A statement takes at most 65,535 parameters; a claim has thirty-two.
const INSERT_MAX: usize = 2_000;

diesel::define_sql_function! {
    /// See the migration that makes it.
    #[expect(clippy::too_many_arguments, reason = "columns of a table, as arrays")]
    fn claims_settle(
        village: SqlUuid, notice: SqlUuid,
        ids: Array<SqlUuid>, versions: Array<Integer>,
        states: Array<Text>, postings: Array<SmallInt>,
        posted_at: Array<Nullable<Timestamptz>>, versions_after: Array<Integer>,
        changed_at: Timestamptz
    ) -> BigInt;
}

/// The certified claims of a village that wait for a notice, the oldest first, at most so many;
/// locked until the transaction ends, so that two notices never take the same one.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn certified_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    most: usize,
) -> Result<Vec<Kept>, Error> {
    let rows: Vec<ClaimRow> = claims::table
        .filter(claims::village_id.eq(village.0))
        .filter(claims::state.eq(State::Certified.as_str()))
        .order(claims::id)
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(ClaimRow::as_select())
        .for_no_key_update()
        .load(tx)?;
    rows.into_iter().map(ClaimRow::kept).collect()
}

/// The claims that hang on a notice, locked until the transaction ends. Not those that were struck
/// meanwhile.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn on_notice_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    notice: NoticeId,
) -> Result<Vec<Kept>, Error> {
    let rows: Vec<ClaimRow> = claims::table
        .filter(claims::village_id.eq(village.0))
        .filter(claims::notice_id.eq(notice.0))
        .filter(claims::state.eq(State::OnNotice.as_str()))
        .order(claims::id)
        .select(ClaimRow::as_select())
        .for_no_key_update()
        .load(tx)?;
    rows.into_iter().map(ClaimRow::kept).collect()
}

/// These claims, locked until the transaction ends; unknown ids are left out.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn of_ids_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    ids: &[ClaimId],
) -> Result<Vec<Kept>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ClaimRow> = claims::table
        .filter(claims::village_id.eq(village.0))
        .filter(claims::id.eq_any(ids.iter().map(|id| id.0)))
        .order(claims::id)
        .select(ClaimRow::as_select())
        .for_no_key_update()
        .load(tx)?;
    rows.into_iter().map(ClaimRow::kept).collect()
}

/// The claims of an account that were certified and not taken back, in the order in which they were
/// certified, locked until the transaction ends.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn counting_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    account: AccountId,
) -> Result<Vec<Kept>, Error> {
    let states = State::ALL.iter().filter(|state| state.counts_towards_caps());
    let rows: Vec<ClaimRow> = claims::table
        .filter(claims::village_id.eq(village.0))
        .filter(claims::account_id.eq(account.0))
        .filter(claims::state.eq_any(states.map(|state| state.as_str())))
        .order(claims::id)
        .select(ClaimRow::as_select())
        .for_no_key_update()
        .load(tx)?;
    in_order_of_certifying(tx, village, rows)
}

fn in_order_of_certifying(
    c: &mut PgConnection,
    village: VillageId,
    rows: Vec<ClaimRow>,
) -> Result<Vec<Kept>, Error> {
    let certified: Vec<(Uuid, Uuid)> = claim_events::table
        .filter(claim_events::village_id.eq(village.0))
        .filter(claim_events::claim_id.eq_any(rows.iter().map(|row| row.id)))
        .filter(claim_events::event.eq("certified"))
        .select((claim_events::claim_id, claim_events::id))
        .load(c)?;
    // Ids of events rise with time.
    let order: HashMap<Uuid, Uuid> = certified.into_iter().collect();
    let mut kept = rows.into_iter().map(ClaimRow::kept).collect::<Result<Vec<_>, _>>()?;
    kept.sort_by_key(|one| (order.get(&one.claim.id.0).copied(), one.claim.id));
    Ok(kept)
}

/// The claims of an account that were ever posted, those that fell since included, the oldest first.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn posted_of(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
) -> Result<Vec<Claim>, Error> {
    let rows: Vec<ClaimRow> = claims::table
        .filter(claims::village_id.eq(village.0))
        .filter(claims::account_id.eq(account.0))
        .filter(claims::posted_at.is_not_null())
        .order(claims::id)
        .select(ClaimRow::as_select())
        .load(c)?;
    rows.into_iter().map(|row| Ok(row.kept()?.claim)).collect()
}

/// The posted claims of a village whose deeds lie between a day and the end of a cycle, and older ones
/// that count in it, in the order in which they were certified.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn posted_between(
    c: &mut PgConnection,
    village: VillageId,
    first: NaiveDate,
    cycle: Cycle,
) -> Result<Vec<Claim>, Error> {
    let bears = claims::happened_on
        .ge(first)
        .or(claims::counts_until.ge(cycle.first_day()).assume_not_null());
    let rows: Vec<ClaimRow> = claims::table
        .filter(claims::village_id.eq(village.0))
        .filter(claims::state.eq(State::Posted.as_str()))
        .filter(claims::happened_on.le(cycle.last_day()))
        .filter(bears)
        .order(claims::id)
        .select(ClaimRow::as_select())
        .load(c)?;
    in_order_of_certifying(c, village, rows)
        .map(|list| list.into_iter().map(|kept| kept.claim).collect())
}

/// One claim, locked until the transaction ends.
///
/// # Errors
/// `not_found`.
pub fn lock_in_tx(tx: &mut PgConnection, village: VillageId, id: ClaimId) -> Result<Kept, Error> {
    claims::table
        .find((village.0, id.0))
        .select(ClaimRow::as_select())
        .for_no_key_update()
        .first(tx)?
        .kept()
}

/// Writes claims of one notice that the domain changed, each with the version as which it was read.
///
/// # Errors
/// [`Error::LostRace`] if any of them changed since: then none is written.
pub fn save_all_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    notice: NoticeId,
    list: &[(Kept, i32)],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let written: i64 = diesel::select(claims_settle(
        village.0,
        notice.0,
        list.iter().map(|(kept, _)| kept.claim.id.0).collect::<Vec<_>>(),
        list.iter().map(|(_, version)| *version).collect::<Vec<_>>(),
        list.iter().map(|(kept, _)| kept.claim.state.as_str()).collect::<Vec<_>>(),
        list.iter().map(|(kept, _)| kept.claim.postings).collect::<Vec<_>>(),
        list.iter().map(|(kept, _)| kept.posted_at).collect::<Vec<_>>(),
        list.iter().map(|(kept, _)| kept.claim.version).collect::<Vec<_>>(),
        now,
    ))
    .get_result(tx)?;
    if usize::try_from(written) == Ok(list.len()) { Ok(()) } else { Err(Error::LostRace) }
}

/// Writes new claims.
///
/// # Errors
/// [`Error::Unavailable`]; `already_exists` does not happen, since ids are new.
pub fn insert_all_in_tx(tx: &mut PgConnection, list: &[Kept]) -> Result<(), Error> {
    for batch in list.chunks(INSERT_MAX) {
        let rows = batch.iter().map(ClaimRow::of).collect::<Result<Vec<_>, _>>()?;
        diesel::insert_into(claims::table).values(&rows).execute(tx)?;
    }
    Ok(())
}
