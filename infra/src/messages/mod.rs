//! What the program tells people. The list in the mini-program always holds all of it; of some kinds
//! a subscribe message is sent besides, to those who agreed.
//!
//! [`leave_in_tx`] is the one door, of the till's statement `purchase_append` alone beside it: there
//! the message and its place in the outbox are written together. `facts` says what a message of a
//! kind can say, [`templates`] how, [`push`] sends, [`subscriptions`] counts what people agreed to.

mod facts;
mod kind;
pub mod push;
pub mod subscriptions;
pub mod templates;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Timestamptz, Uuid as SqlUuid};
use domain::actor::Actor;
use domain::id::{HouseholdId, VillageId, VillagerId};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::{messages, users, villagers};

pub use kind::Kind;

/// The most members of one household who are told.
pub const HOUSEHOLD_MAX: usize = 20;

/// Something to tell a villager.
#[derive(Clone, Debug)]
pub struct Message {
    /// To whom.
    pub to: VillagerId,
    /// What it is about.
    pub kind: Kind,
    /// What the words need: ids, names of items, amounts, days.
    pub data: serde_json::Value,
}

#[derive(Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
struct NewMessage<'a> {
    village_id: Uuid,
    id: Uuid,
    villager_id: Uuid,
    kind: &'a str,
    data: &'a serde_json::Value,
    sent_at: DateTime<Utc>,
}

/// Leaves messages for villagers, in the same transaction as what they are about.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn leave_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    list: &[Message],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if list.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = list
        .iter()
        .map(|message| NewMessage {
            village_id: village.0,
            id: id::new(),
            villager_id: message.to.0,
            kind: message.kind.as_str(),
            data: &message.data,
            sent_at: now,
        })
        .collect();
    diesel::copy_from(messages::table).from_insertable(&rows).execute(tx)?;
    let (ids, receivers): (Vec<Uuid>, Vec<Uuid>) = list
        .iter()
        .zip(&rows)
        .filter(|(message, _)| message.kind.is_sent())
        .map(|(_, row)| (row.id, row.villager_id))
        .unzip();
    if !ids.is_empty() {
        let put = outbox_put_messages(village.0, ids, receivers, now);
        diesel::select(put).execute(tx)?;
    }
    Ok(())
}

diesel::define_sql_function! {
    /// See the migration that makes it: one statement, however many messages.
    fn outbox_put_messages(
        village: SqlUuid, messages: Array<SqlUuid>, villagers: Array<SqlUuid>, now: Timestamptz
    ) -> BigInt;
}

/// To whom messages go, by their ids.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn receivers_in(
    c: &mut PgConnection,
    list: &[(VillageId, Uuid)],
) -> Result<BTreeMap<Uuid, Uuid>, Error> {
    if list.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(Uuid, Uuid)> = messages::table
        .filter(messages::village_id.eq_any(list.iter().map(|(village, _)| village.0)))
        .filter(messages::id.eq_any(list.iter().map(|(_, id)| *id)))
        .select((messages::id, messages::villager_id))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// Leaves a message for every member of a household who has signed in.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn tell_household_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
    kind: Kind,
    data: &serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let members: Vec<Uuid> = villagers::table
        .inner_join(
            users::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::household_id.eq(household.0))
        .order(villagers::id)
        .limit(i64::try_from(HOUSEHOLD_MAX).unwrap_or(i64::MAX))
        .select(villagers::id)
        .load(tx)?;
    let list: Vec<_> = members
        .into_iter()
        .map(|id| Message { to: VillagerId(id), kind, data: data.clone() })
        .collect();
    leave_in_tx(tx, village, &list, now)
}

/// A message that was left.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct MessageRow {
    /// Its id.
    pub id: Uuid,
    /// What it is about: the name of a [`Kind`], perhaps of one that a newer program knows.
    pub kind: String,
    /// What the words need.
    pub data: serde_json::Value,
    /// When it was left.
    pub sent_at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

/// The messages of whoever acts, the newest first, `before` an id, one more than `limit`; and how
/// many of all are unread. Who is on no roster has none.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn list(
    db: &Db,
    actor: &Actor,
    before: Option<Uuid>,
    limit: i64,
) -> Result<(Vec<MessageRow>, i64), Error> {
    let Some(me) = actor.membership else { return Ok((Vec::new(), 0)) };
    db.read(|c| {
        let mut query = messages::table
            .filter(messages::village_id.eq(me.place.village.0))
            .filter(messages::villager_id.eq(me.villager.0))
            .order(messages::id.desc())
            .limit(limit.saturating_add(1))
            .select(MessageRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(messages::id.lt(before));
        }
        let rows = query.load(c)?;
        let unread = messages::table
            .filter(messages::village_id.eq(me.place.village.0))
            .filter(messages::villager_id.eq(me.villager.0))
            .filter(messages::read_at.is_null())
            .count()
            .get_result(c)?;
        Ok((rows, unread))
    })
}

/// Marks a message as read. The first reading counts; reading again is no error.
///
/// # Errors
/// `not_found` for a message of somebody else.
pub fn read(db: &Db, actor: &Actor, id: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
    let me = actor.membership.ok_or(Refusal::NotFound)?;
    db.write(|tx| {
        let read_at: Option<DateTime<Utc>> = messages::table
            .find((me.place.village.0, id))
            .filter(messages::villager_id.eq(me.villager.0))
            .select(messages::read_at)
            .first(tx)?;
        if read_at.is_none() {
            diesel::update(messages::table.find((me.place.village.0, id)))
                .filter(messages::read_at.is_null())
                .set(messages::read_at.eq(now))
                .execute(tx)?;
        }
        Ok(())
    })
}
