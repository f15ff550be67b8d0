//! The one call that writes a redemption: see `redemption_append` in the migration of the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Binary, Date, Integer, Jsonb, Nullable, SmallInt, Text, Uuid as SqlUuid,
};
use domain::actor::Role;
use domain::calendar::day_of;
use domain::ledger::Entry;
use uuid::Uuid;

use super::receipt::RedemptionRow;
use super::{Receipt, tell};
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::messages::{HOUSEHOLD_MAX, Kind};

diesel::define_sql_function! {
    /// See the migration that makes it.
    #[expect(clippy::too_many_arguments, reason = "what a redemption writes, in one statement")]
    fn redemption_append(
        lock: BigInt, key: Text, request_hash: Binary, answer: Jsonb,
        redemption: Jsonb, goods_version: Integer, limit: Nullable<Integer>, account_version: BigInt,
        entry: SqlUuid, purse: SmallInt, balance: BigInt, counter: SmallInt, source: SmallInt, day: Date,
        stock_entry: SqlUuid, audit: SqlUuid, role: Text, action: Text,
        message_kind: Text, message: Jsonb, message_ids: Array<SqlUuid>
    ) -> Text;
}

/// What is written of a redemption.
pub(super) struct Append<'a> {
    /// The request.
    pub(super) once: &'a Once,
    /// In which role.
    pub(super) role: Role,
    /// The operation.
    pub(super) action: &'static str,
    /// What was decided.
    pub(super) row: &'a RedemptionRow,
    /// What is answered, now and to a repeat.
    pub(super) receipt: &'a Receipt,
    /// The version of the goods as they were read.
    pub(super) goods_version: i32,
    /// The household's limit.
    pub(super) limit: Option<u32>,
    /// The version of the account as it was read.
    pub(super) account_version: i64,
    /// What it takes from the points.
    pub(super) entry: &'a Entry,
    /// When.
    pub(super) now: DateTime<Utc>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Appended {
    /// It is written.
    Done,
    /// The key was used before: nothing is written.
    Replay,
    /// The first request with the key is under way: nothing is written.
    InFlight,
}

/// Writes a redemption, all of it or nothing.
///
/// # Errors
/// [`Error::LostRace`] if anything that was read has changed.
pub(super) fn append(c: &mut PgConnection, done: &Append<'_>) -> Result<Appended, Error> {
    let json = |error: serde_json::Error| Error::Bug(error.to_string());
    let posting = &done.entry.posting;
    let kind = if done.row.handed_over_at.is_some() {
        Kind::RedemptionHandedOver
    } else {
        Kind::RedemptionMade
    };
    let message_ids: Vec<Uuid> = (0..HOUSEHOLD_MAX).map(|_| id::new()).collect();
    let outcome: String = diesel::select(redemption_append(
        done.once.lock_number(),
        &done.once.key,
        &done.once.request_hash,
        serde_json::to_value(done.receipt).map_err(json)?,
        serde_json::to_value(done.row).map_err(json)?,
        done.goods_version,
        done.limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)),
        done.account_version,
        posting.id.0,
        posting.purse.code(),
        done.entry.balance_after,
        posting.counter.code(),
        posting.source.code(),
        day_of(done.now),
        id::new::<Uuid>(),
        id::new::<Uuid>(),
        done.role.as_str(),
        done.action,
        kind.as_str(),
        tell::data(done.row, &done.receipt.store_name),
        message_ids,
    ))
    .get_result(c)?;
    match outcome.as_str() {
        "done" => Ok(Appended::Done),
        "replay" => Ok(Appended::Replay),
        "in_flight" => Ok(Appended::InFlight),
        other => Err(Error::Bug(format!("redemption_append answered {other}"))),
    }
}
