//! What people agreed to be sent, by template. The rules are `domain::subscription::grants`.
//!
//! A grant belongs to a person who signed in, in whichever village they live: WeChat counts by openid.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::UserId;
use domain::refusal::Refusal;
use domain::subscription::grants::{Answer, Count, Teller};
use serde::{Deserialize, Serialize};

use super::Kind;
use super::templates::Templates;
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::schema::{subscription_grants, users};

/// A template that people can be asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subscription {
    /// WeChat's id of it.
    pub template_id: String,
    /// What people know it by.
    pub title: String,
    /// The names of the kinds of message that are sent with it.
    pub kinds: Vec<String>,
    /// How many messages the person can still be sent with it.
    pub sends_left: u32,
    /// What they answered last.
    pub answer: Option<Answer>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
}

/// What WeChat's push tells of a person's answers: `subscribe_msg_popup_event` (asked and answered)
/// and `subscribe_msg_change_event` (turned off in the settings of the mini-program).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The person was asked, and answered so.
    Answered(Answer),
    /// The person turned the template off: what they agreed to before is void.
    TurnedOff,
}

#[derive(Clone, Copy, Queryable)]
struct Row {
    told: i32,
    pushed: i32,
    spent: i32,
}

impl Row {
    fn count(self) -> Count {
        let count = |number| u32::try_from(number).unwrap_or(0);
        Count { told: count(self.told), pushed: count(self.pushed), spent: count(self.spent) }
    }
}

/// The templates of the installation, and what is left of each for whoever acts.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn list(db: &Db, templates: &Templates, actor: &Actor) -> Result<Vec<Subscription>, Error> {
    db.read(|c| of_user(c, templates, actor.user))
}

/// Records what the person answered when the mini-program asked. Answers the list as it is then.
///
/// # Errors
/// `template_unknown` for one that the installation does not have.
pub fn grant(
    db: &Db,
    templates: &Templates,
    actor: &Actor,
    answers: &[(String, Answer)],
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Vec<Subscription>, Error> {
    if answers.iter().any(|(template, _)| !templates.has(template)) {
        return Err(Refusal::TemplateUnknown.into());
    }
    db.write_once(once, now, |tx| {
        // In one order, so that two requests of a person do not wait for each other.
        let answers: BTreeMap<_, _> = answers.iter().map(|(id, answer)| (id, *answer)).collect();
        for (template, answer) in answers {
            answered_in_tx(tx, actor.user, template, answer, Teller::MiniProgram, now)?;
        }
        of_user(tx, templates, actor.user)
    })
}

/// Records what WeChat's push told of a person. Somebody who never signed in is passed over. The
/// caller sees to it that an event that is pushed again is not recorded again.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn changed_in_tx(
    tx: &mut PgConnection,
    openid: &str,
    changes: &[(String, Change)],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let user = users::table.filter(users::openid.eq(openid)).select(users::id);
    let Some(user) = user.first(tx).optional()?.map(UserId) else { return Ok(()) };
    let changes: BTreeMap<_, _> = changes.iter().map(|(id, change)| (id, *change)).collect();
    for (template, change) in changes {
        match change {
            Change::Answered(answer) => {
                answered_in_tx(tx, user, template, answer, Teller::Push, now)?;
            }
            Change::TurnedOff => {
                answered_in_tx(tx, user, template, Answer::Reject, Teller::Push, now)?;
                emptied_in_tx(tx, user, template, now)?;
            }
        }
    }
    Ok(())
}

/// A message was sent.
pub(super) fn sent_in_tx(tx: &mut PgConnection, user: UserId, template: &str) -> Result<(), Error> {
    spend_in_tx(tx, user, template, Count::sent)
}

/// WeChat grants nothing more. An accept that came since `asked_at` is not what it spoke of.
pub(super) fn emptied_in_tx(
    tx: &mut PgConnection,
    user: UserId,
    template: &str,
    asked_at: DateTime<Utc>,
) -> Result<(), Error> {
    let accepted_at: Option<DateTime<Utc>> = subscription_grants::table
        .find((user.0, template))
        .select(subscription_grants::accepted_at)
        .for_no_key_update()
        .first(tx)
        .optional()?
        .flatten();
    if accepted_at.is_some_and(|accepted_at| accepted_at > asked_at) {
        return Ok(());
    }
    spend_in_tx(tx, user, template, Count::emptied)
}

fn spend_in_tx(
    tx: &mut PgConnection,
    user: UserId,
    template: &str,
    after: fn(Count) -> Count,
) -> Result<(), Error> {
    let Some(row) = locked(tx, user, template)? else { return Ok(()) };
    let count = after(row.count());
    diesel::update(subscription_grants::table.find((user.0, template)))
        .set((
            subscription_grants::accepted_told.eq(stored(count.told)?),
            subscription_grants::accepted_pushed.eq(stored(count.pushed)?),
            subscription_grants::spent.eq(stored(count.spent)?),
        ))
        .execute(tx)?;
    Ok(())
}

fn answered_in_tx(
    tx: &mut PgConnection,
    user: UserId,
    template: &str,
    answer: Answer,
    teller: Teller,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(subscription_grants::table)
        .values((
            subscription_grants::user_id.eq(user.0),
            subscription_grants::template_id.eq(template),
            subscription_grants::answer.eq(answer.as_str()),
            subscription_grants::answered_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx)?;
    let Some(row) = locked(tx, user, template)? else { return Err(Error::LostRace) };
    let count = row.count().answered(answer, teller);
    diesel::update(subscription_grants::table.find((user.0, template)))
        .set((
            subscription_grants::accepted_told.eq(stored(count.told)?),
            subscription_grants::accepted_pushed.eq(stored(count.pushed)?),
            subscription_grants::answer.eq(answer.as_str()),
            subscription_grants::answered_at.eq(now),
            (answer == Answer::Accept).then(|| subscription_grants::accepted_at.eq(now)),
        ))
        .execute(tx)?;
    Ok(())
}

fn locked(tx: &mut PgConnection, user: UserId, template: &str) -> Result<Option<Row>, Error> {
    Ok(subscription_grants::table
        .find((user.0, template))
        .select((
            subscription_grants::accepted_told,
            subscription_grants::accepted_pushed,
            subscription_grants::spent,
        ))
        .for_no_key_update()
        .first(tx)
        .optional()?)
}

fn stored(count: u32) -> Result<i32, Error> {
    i32::try_from(count).map_err(|error| Error::Bug(error.to_string()))
}

fn of_user(
    c: &mut PgConnection,
    templates: &Templates,
    user: UserId,
) -> Result<Vec<Subscription>, Error> {
    type Row = (String, i32, String, DateTime<Utc>);
    let rows: Vec<Row> = subscription_grants::table
        .filter(subscription_grants::user_id.eq(user.0))
        .select((
            subscription_grants::template_id,
            subscription_grants::sends_left,
            subscription_grants::answer,
            subscription_grants::answered_at,
        ))
        .load(c)?;
    let known: BTreeMap<_, _> = rows
        .into_iter()
        .map(|(template, left, answer, at)| (template, (left, answer, at)))
        .collect();
    let subscription = |(id, title, kinds): (&str, &str, Vec<Kind>)| {
        let grant = known.get(id);
        Subscription {
            template_id: id.to_owned(),
            title: title.to_owned(),
            kinds: kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
            sends_left: grant.map_or(0, |(left, ..)| u32::try_from(*left).unwrap_or(0)),
            answer: grant.and_then(|(_, answer, _)| Answer::from_name(answer)),
            answered_at: grant.map(|(.., at)| *at),
        }
    };
    Ok(templates.each().into_iter().map(subscription).collect())
}
