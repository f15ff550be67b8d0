//! Doing once what is asked twice: the answer to a request with an `Idempotency-Key` is stored with
//! what it wrote, in the same transaction, and given again to a repeat.
//!
//! While the first request is under way it holds an advisory lock on the key until its transaction
//! ends, so that a second one is told so instead of waiting. This module is the only one that takes
//! advisory locks.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::id::UserId;
use domain::refusal::Refusal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::schema::idempotency_keys;
use crate::secrets::{same, sha256};

diesel::define_sql_function! {
    /// Takes the lock until the transaction ends, or answers false.
    fn pg_try_advisory_xact_lock(key: BigInt) -> Bool;
}

/// A request that must not be done twice.
#[derive(Clone, Debug)]
pub struct Once {
    /// Who asks.
    pub user: UserId,
    /// Their key.
    pub key: String,
    /// A keyed hash of what they ask: method, path and body. A plain one would let a PIN in it be guessed.
    pub request_hash: Vec<u8>,
}

impl Once {
    /// The number that stands for this key in an advisory lock.
    pub fn lock_number(&self) -> i64 {
        let hash = sha256(format!("{}/{}", self.user, self.key).as_bytes());
        let bytes = std::array::from_fn(|i| hash.get(i).copied().unwrap_or_default());
        i64::from_be_bytes(bytes)
    }
}

/// The stored answer to a key, if it was used before with the same request.
///
/// # Errors
/// `idempotency_mismatch` if it was used with another.
pub fn answer_of<T: DeserializeOwned>(
    tx: &mut PgConnection,
    once: &Once,
) -> Result<Option<T>, Error> {
    use idempotency_keys::dsl;
    let stored: Option<(Vec<u8>, serde_json::Value)> = dsl::idempotency_keys
        .find((once.user.0, &once.key))
        .select((dsl::request_hash, dsl::answer))
        .first(tx)
        .optional()?;
    let Some((hash, answer)) = stored else { return Ok(None) };
    if !same(&hash, &once.request_hash) {
        return Err(Refusal::IdempotencyMismatch.into());
    }
    serde_json::from_value(answer).map(Some).map_err(|error| Error::Bug(error.to_string()))
}

/// Holds the key until the transaction ends, and gives the answer that was stored with it, if it was used
/// before with the same request. For who stores some of their answers only; else [`Db::write_once`].
///
/// # Errors
/// `idempotency_in_flight`, `idempotency_mismatch`.
pub(crate) fn begin_in_tx<T: DeserializeOwned>(
    tx: &mut PgConnection,
    once: &Once,
) -> Result<Option<T>, Error> {
    let ours: bool =
        diesel::select(pg_try_advisory_xact_lock(once.lock_number())).get_result(tx)?;
    if ours { answer_of(tx, once) } else { Err(Refusal::IdempotencyInFlight.into()) }
}

/// Stores an answer with its key.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn keep_in_tx(
    tx: &mut PgConnection,
    once: &Once,
    done: &impl Serialize,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let answer = serde_json::to_value(done).map_err(|error| Error::Bug(error.to_string()))?;
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::user_id.eq(once.user.0),
            idempotency_keys::key.eq(&once.key),
            idempotency_keys::request_hash.eq(&once.request_hash),
            idempotency_keys::answer.eq(answer),
            idempotency_keys::recorded_at.eq(now),
        ))
        .execute(tx)?;
    Ok(())
}

impl Db {
    /// As [`Db::write`], but a repeat gets the first answer and writes nothing.
    ///
    /// # Errors
    /// `idempotency_in_flight`, `idempotency_mismatch`, and those of [`Db::write`].
    pub fn write_once<T: Serialize + DeserializeOwned>(
        &self,
        once: &Once,
        now: DateTime<Utc>,
        mut decide: impl FnMut(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.write(|tx| once_in_tx(tx, once, now, &mut decide))
    }

    /// As [`Db::write_of_one_moment`], but a repeat gets the first answer and writes nothing.
    ///
    /// # Errors
    /// As for [`Db::write_once`].
    pub fn write_once_of_one_moment<T: Serialize + DeserializeOwned>(
        &self,
        once: &Once,
        now: DateTime<Utc>,
        mut decide: impl FnMut(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        // Who was faster since that moment is found by the key, which is there once: a lost race.
        self.write_of_one_moment(|tx| once_in_tx(tx, once, now, &mut decide))
    }
}

fn once_in_tx<T: Serialize + DeserializeOwned>(
    tx: &mut PgConnection,
    once: &Once,
    now: DateTime<Utc>,
    decide: &mut impl FnMut(&mut PgConnection) -> Result<T, Error>,
) -> Result<T, Error> {
    if let Some(answer) = begin_in_tx(tx, once)? {
        return Ok(answer);
    }
    let done = decide(tx)?;
    keep_in_tx(tx, once, &done, now)?;
    Ok(done)
}

/// Forgets keys older than a day; clients do not repeat a request after that.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn forget_old(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    use idempotency_keys::dsl;
    const BATCH: i64 = 5_000;
    db.write(|tx| {
        let old: Vec<(Uuid, String)> = dsl::idempotency_keys
            .filter(dsl::recorded_at.lt(now - chrono::Duration::days(1)))
            .order(dsl::recorded_at)
            .limit(BATCH)
            .select((dsl::user_id, dsl::key))
            .load(tx)?;
        let newest = now - chrono::Duration::days(1);
        let (users, keys): (Vec<_>, Vec<_>) = old.into_iter().unzip();
        let done = diesel::delete(
            dsl::idempotency_keys
                .filter(dsl::user_id.eq_any(users))
                .filter(dsl::key.eq_any(keys))
                .filter(dsl::recorded_at.lt(newest)),
        )
        .execute(tx)?;
        Ok(done)
    })
}
