//! Doing what WeChat pushes, once each: WeChat repeats a push that it thinks was not taken.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::subscription::grants::Answer;

use crate::content::{self, Heard};
use crate::db::Db;
use crate::error::Error;
use crate::messages::subscriptions::{self, Change};
use crate::schema::wechat_pushes;
use crate::wechat::{PushEvent, SubscriptionChange, SubscriptionWay};

/// How long a push is remembered: WeChat repeats it for less than a minute.
const REMEMBERED_DAYS: i64 = 1;
/// Pushes forgotten in one round, at most.
const FORGOTTEN_MAX: i64 = 5_000;

/// What came of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It was done.
    Done,
    /// It was done before.
    Repeated,
    /// There is nothing to do.
    Ignored,
}

/// Does what a push says.
///
/// # Errors
/// [`Error::Unavailable`]: WeChat pushes it again.
pub fn receive(db: &Db, event: &PushEvent, now: DateTime<Utc>) -> Result<Received, Error> {
    match event {
        PushEvent::MediaChecked { trace_id, answer, label } => {
            let heard =
                db.write(|tx| content::heard_in_tx(tx, trace_id, (*answer, *label), now))?;
            tracing::info!(trace_id, answer = answer.as_str(), ?heard, "WeChat looked at a photo");
            Ok(match heard {
                Heard::Repeated => Received::Repeated,
                Heard::Counted | Heard::Recorded | Heard::Unasked => Received::Done,
            })
        }
        PushEvent::SubscriptionChanged { openid, way, changes, id } => once(db, id, now, |tx| {
            let changes: Vec<_> =
                changes.iter().filter_map(|change| changed(*way, change)).collect();
            subscriptions::changed_in_tx(tx, openid, &changes, now)
        }),
        PushEvent::MessageSent { results, .. } => {
            // Whether WeChat delivered it: that it was sent is known and recorded since it was.
            for result in results.iter().filter(|result| result.error_code != 0) {
                let (template, code) = (&result.template_id, result.error_code);
                tracing::info!(
                    template,
                    code,
                    msg_id = result.msg_id,
                    "a message was not delivered"
                );
            }
            Ok(Received::Ignored)
        }
        PushEvent::Other => Ok(Received::Ignored),
    }
}

fn changed(way: SubscriptionWay, change: &SubscriptionChange) -> Option<(String, Change)> {
    let said = match (way, change.accepted) {
        (SubscriptionWay::Popup, true) => Change::Answered(Answer::Accept),
        (SubscriptionWay::Popup, false) => Change::Answered(Answer::Reject),
        (SubscriptionWay::Settings, false) => Change::TurnedOff,
        // Turned on again: good for no message before the next pop-up.
        (SubscriptionWay::Settings, true) => return None,
    };
    Some((change.template_id.clone(), said))
}

/// Does something in the transaction in which the push is remembered.
fn once(
    db: &Db,
    id: &[u8],
    now: DateTime<Utc>,
    mut work: impl FnMut(&mut PgConnection) -> Result<(), Error>,
) -> Result<Received, Error> {
    db.write(|tx| {
        let new = diesel::insert_into(wechat_pushes::table)
            .values((wechat_pushes::hash.eq(id), wechat_pushes::received_at.eq(now)))
            .on_conflict_do_nothing()
            .execute(tx)?;
        if new == 0 {
            return Ok(Received::Repeated);
        }
        work(tx)?;
        Ok(Received::Done)
    })
}

/// Forgets pushes that WeChat no longer repeats. Answers how many.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn forget_old(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let until = now - Duration::days(REMEMBERED_DAYS);
    db.write(|tx| {
        let last: Option<DateTime<Utc>> = wechat_pushes::table
            .filter(wechat_pushes::received_at.lt(until))
            .order(wechat_pushes::received_at)
            .offset(FORGOTTEN_MAX)
            .select(wechat_pushes::received_at)
            .first(tx)
            .optional()?;
        let old = wechat_pushes::table.filter(wechat_pushes::received_at.lt(last.unwrap_or(until)));
        Ok(diesel::delete(old).execute(tx)?)
    })
}
