//! The one call that writes a purchase: see `purchase_append` in the migration of the shops.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Binary, Date, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use domain::actor::Role;
use domain::calendar::day_of;
use domain::discount::{Purchase, Taken};
use domain::id::{UserId, VillageId};
use domain::ledger::Entry;
use uuid::Uuid;

use super::Receipt;
use super::tell::Words;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::messages::HOUSEHOLD_MAX;

diesel::define_sql_function! {
    /// See the migration that makes it.
    #[expect(clippy::too_many_arguments, reason = "what a purchase writes, in one statement")]
    fn purchase_append(
        lock: BigInt, user: SqlUuid, key: Text, request_hash: Binary, answer: Jsonb,
        village: SqlUuid, quote: SqlUuid, valid_until: Timestamptz, account_version: BigInt,
        offer: SmallInt, merchant_ceiling: BigInt,
        purchase: SqlUuid, category: Text, price: BigInt, discount: BigInt, limited_by: Nullable<Text>,
        bearer: Text, credit_left: BigInt, state: Text, day: Date, now: Timestamptz,
        entry: Nullable<SqlUuid>, purse: Nullable<SmallInt>, amount: Nullable<BigInt>,
        balance: Nullable<BigInt>, counter: Nullable<SmallInt>, source: Nullable<SmallInt>,
        audit: SqlUuid, role: Text,
        message_kind: Text, message: Jsonb, message_ids: Array<SqlUuid>
    ) -> Text;
}

/// What is written of a sale.
pub(super) struct Append<'a> {
    /// The request.
    pub(super) once: &'a Once,
    /// Who sells.
    pub(super) user: UserId,
    /// In which role.
    pub(super) role: Role,
    /// The village.
    pub(super) village: VillageId,
    /// The quote as it was read, and on which of its offers.
    pub(super) taken: Taken<'a>,
    /// The version of the account as it was read.
    pub(super) account_version: i64,
    /// What was decided.
    pub(super) purchase: &'a Purchase,
    /// What it takes from star credit.
    pub(super) entry: Option<&'a Entry>,
    /// What is answered, now and to a repeat.
    pub(super) receipt: &'a Receipt,
    /// What the household is told.
    pub(super) message: Words,
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

/// Writes a sale, all of it or nothing.
///
/// # Errors
/// [`Error::LostRace`] if anything that was read has changed.
pub(super) fn append(c: &mut PgConnection, sale: &Append<'_>) -> Result<Appended, Error> {
    let answer = serde_json::to_value(sale.receipt).map_err(|e| Error::Bug(e.to_string()))?;
    let (purchase, quote) = (sale.purchase, sale.taken.quote);
    // Postgres counts from one.
    let offer = i16::try_from(sale.taken.index + 1).map_err(|e| Error::Bug(e.to_string()))?;
    let merchant_ceiling = sale.taken.offer.agreement.terms.merchant_daily_ceiling;
    let posting = sale.entry.map(|entry| &entry.posting);
    let message_ids: Vec<Uuid> = (0..HOUSEHOLD_MAX).map(|_| id::new()).collect();
    let outcome: String = diesel::select(purchase_append(
        sale.once.lock_number(),
        sale.user.0,
        &sale.once.key,
        &sale.once.request_hash,
        answer,
        sale.village.0,
        quote.id.0,
        quote.valid_until,
        sale.account_version,
        offer,
        merchant_ceiling.get(),
        purchase.id.0,
        sale.taken.category.as_str(),
        purchase.price.get(),
        purchase.discount.amount.get(),
        purchase.discount.limited_by.map(|limit| limit.as_str()),
        purchase.bearer.as_str(),
        sale.receipt.credit_left.get(),
        purchase.state.as_str(),
        day_of(sale.now),
        sale.now,
        posting.map(|posting| posting.id.0),
        posting.map(|posting| posting.purse.code()),
        posting.map(|posting| posting.amount),
        sale.entry.map(|entry| entry.balance_after),
        posting.map(|posting| posting.counter.code()),
        posting.map(|posting| posting.source.code()),
        id::new::<Uuid>(),
        sale.role.as_str(),
        sale.message.kind.as_str(),
        &sale.message.data,
        message_ids,
    ))
    .get_result(c)?;
    match outcome.as_str() {
        "done" => Ok(Appended::Done),
        "replay" => Ok(Appended::Replay),
        "in_flight" => Ok(Appended::InFlight),
        other => Err(Error::Bug(format!("purchase_append answered {other}"))),
    }
}
