//! Sending a message as a subscribe message. What is not sent is read in the list all the same.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::UserId;
use serde_json::Value;
use uuid::Uuid;

use super::facts::Told;
use super::templates::Templates;
use super::{Kind, subscriptions};
use crate::db::Db;
use crate::error::Error;
use crate::outbox::{Job, Means, Outcome};
use crate::schema::{messages, subscription_grants, users};
use crate::wechat::{MiniprogramState, SubscribeError, SubscribeMessage, WeChatError};

/// A message that can be sent.
struct Ready {
    user: UserId,
    openid: String,
    template: String,
    page: Option<String>,
    fields: Vec<(String, String)>,
    state: MiniprogramState,
}

/// Sends the message of a job, if the person still wants it and has not read it yet.
///
/// # Errors
/// [`Error::Unavailable`] when the database is away.
pub async fn deliver(means: Means<'_>, job: &Job) -> Result<Outcome, Error> {
    let Some(wechat) = means.wechat else { return Ok(Outcome::Done("no_wechat")) };
    let (templates, job, now) = (Arc::clone(means.templates), *job, means.now);
    let ready = match means.db.on_thread(move |db| prepare(db, &templates, &job)).await? {
        Ok(ready) => ready,
        Err(outcome) => return Ok(outcome),
    };
    let fields: Vec<(&str, &str)> =
        ready.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sent = wechat
        .subscribe_send(&SubscribeMessage {
            openid: &ready.openid,
            template_id: &ready.template,
            page: ready.page.as_deref(),
            data: &fields,
            state: ready.state,
        })
        .await;
    let (user, template) = (ready.user, ready.template);
    Ok(match sent {
        Ok(()) => Outcome::DoneWith(
            "sent",
            Box::new(move |tx| subscriptions::sent_in_tx(tx, user, &template)),
        ),
        Err(SubscribeError::NotAccepted) => Outcome::DoneWith(
            "not_accepted",
            Box::new(move |tx| subscriptions::emptied_in_tx(tx, user, &template, now)),
        ),
        Err(SubscribeError::WeChat(WeChatError::Other { errcode })) => {
            Outcome::Dead(format!("WeChat refuses the message with errcode {errcode}"))
        }
        Err(SubscribeError::WeChat(error)) => Outcome::Later(error.to_string()),
        Err(error) => Outcome::Dead(error.to_string()),
    })
}

/// Everything that is sent, or why nothing is.
fn prepare(db: &Db, templates: &Templates, job: &Job) -> Result<Result<Ready, Outcome>, Error> {
    type Row = (String, Value, DateTime<Utc>, Option<DateTime<Utc>>, Option<(Uuid, String)>);
    let over = |word| Ok(Err(Outcome::Done(word)));
    let row: Option<Row> = db.read(|c| {
        Ok(messages::table
            .left_join(
                users::table.on(users::village_id
                    .eq(messages::village_id.nullable())
                    .and(users::villager_id.eq(messages::villager_id.nullable()))),
            )
            .filter(messages::village_id.eq(job.village.0))
            .filter(messages::id.eq(job.subject))
            .select((
                messages::kind,
                messages::data,
                messages::sent_at,
                messages::read_at,
                (users::id, users::openid).nullable(),
            ))
            .first(c)
            .optional()?)
    })?;
    let Some((kind, data, sent_at, read_at, user)) = row else { return over("no_message") };
    // They know already; the send they agreed to is for another time.
    if read_at.is_some() {
        return over("already_read");
    }
    let Some((user, openid)) = user else { return over("not_signed_in") };
    let Some(kind) = Kind::from_name(&kind) else { return over("no_template") };
    let Some(template) = templates.of_kind(kind) else { return over("no_template") };
    let left: Option<i32> = db.read(|c| {
        Ok(subscription_grants::table
            .find((user, &template.id))
            .select(subscription_grants::sends_left)
            .first(c)
            .optional()?)
    })?;
    if left.unwrap_or(0) <= 0 {
        return over("not_granted");
    }
    let told = Told { id: job.subject, kind, data: &data, sent_at };
    let values = match template.values(&told) {
        Ok(values) => values,
        Err(why) => return Ok(Err(Outcome::Dead(why.to_string()))),
    };
    let text = |(field, value): &(domain::subscription::Field, domain::subscription::Value)| {
        (field.to_string(), value.as_str().to_owned())
    };
    Ok(Ok(Ready {
        user: UserId(user),
        openid,
        template: template.id.clone(),
        page: template.page(&told),
        fields: values.iter().map(text).collect(),
        state: templates.state,
    }))
}
