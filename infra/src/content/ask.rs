//! Asking WeChat: the deliverers of the outbox for checks of texts and photos.
//!
//! A check is asked about at least once as long as an answer could still settle it. What WeChat will
//! not do however often it is asked (it does not know the author, its answer has no result) is held
//! for a person at once; what may pass (it is busy, our token is refused) is tried again, while
//! [`super::hold_silent`] sees to it that nobody waits longer than they should.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::content::{Answer, Check, HeldFor, SILENCE_MINUTES, Scene, State, parts};
use domain::id::VillageId;
use uuid::Uuid;

use super::change::Locked;
use super::hear::{Said, asked_in_tx, told_in_tx};
use super::row::{CheckRow, find};
use crate::error::Error;
use crate::outbox::{Job, Means, Outcome};
use crate::photos::{Address, Links};
use crate::schema::{content_checks, photos, users};
use crate::wechat::{CheckError, Client, MediaCheck, TextCheck, Trouble, WeChatError};

/// Asks WeChat about a text.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn deliver_text(means: Means<'_>, job: &Job) -> Result<Outcome, Error> {
    let asking = match begin(means, job).await? {
        Ok(asking) => asking,
        Err(outcome) => return Ok(outcome),
    };
    let Some(wechat) = means.wechat else { return Ok(held(means, job, HeldFor::NoWeChat)) };
    let text = asking.row.text.clone().unwrap_or_default();
    let scene = asking.row.scene()?.unwrap_or(Scene::Forum);
    match ask(wechat, &asking.openid, scene, &text).await {
        Ok(told) => {
            let (village, id, now) = (job.village, job.subject, means.now);
            let word = if told.answer == Answer::Pass { "passed" } else { "held" };
            Ok(Outcome::DoneWith(
                word,
                Box::new(move |tx| {
                    let said = (told.answer, told.label);
                    told_in_tx(tx, village, id, said, &told.traces, now).map(drop)
                }),
            ))
        }
        Err(error) => Ok(failed(means, job, &error)),
    }
}

/// Asks WeChat to look at a photo. Its answer comes to the push endpoint.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn deliver_photo(means: Means<'_>, job: &Job) -> Result<Outcome, Error> {
    let asking = match begin(means, job).await? {
        Ok(asking) => asking,
        Err(outcome) => return Ok(outcome),
    };
    // Without an address to fetch it from, or one to answer at, there is nobody to ask.
    let (Some(wechat), Some(links)) = (means.wechat, means.photo_links) else {
        return Ok(held(means, job, HeldFor::NoWeChat));
    };
    let Some(link) = link(means, job, &asking.row, links).await? else {
        return Ok(held(means, job, HeldFor::Failed));
    };
    let media = MediaCheck { openid: &asking.openid, scene: Scene::Forum, media_url: &link };
    match wechat.media_check(&media).await {
        Ok(trace_id) => {
            let (village, id, now) = (job.village, job.subject, means.now);
            Ok(Outcome::DoneWith(
                "asked",
                Box::new(move |tx| {
                    wait_in_tx(tx, village, id, now)?;
                    asked_in_tx(tx, village, id, &trace_id, now)
                }),
            ))
        }
        Err(error) => Ok(failed(means, job, &error)),
    }
}

/// What WeChat is asked about, and in whose name.
struct Asking {
    row: CheckRow,
    openid: String,
}

/// Loads what to ask, or says why there is nothing to ask.
async fn begin(means: Means<'_>, job: &Job) -> Result<Result<Asking, Outcome>, Error> {
    let (village, id) = (job.village, job.subject);
    let found = means.db.on_thread(move |db| {
        db.read(|c| {
            let row = find(c, village, id)?;
            let author = users::table.filter(users::id.nullable().eq(row.author_id));
            let openid: Option<String> = author.select(users::openid).first(c).optional()?;
            Ok((row, openid))
        })
    });
    let (row, openid) = found.await?;
    if !row.check()?.waits_for_wechat() {
        return Ok(Err(Outcome::Done("settled")));
    }
    match openid.filter(|openid| !openid.is_empty()) {
        Some(openid) => Ok(Ok(Asking { row, openid })),
        None => Ok(Err(held(means, job, HeldFor::AuthorUnknown))),
    }
}

/// What WeChat said of all parts of a text.
struct Told {
    answer: Answer,
    label: Option<i32>,
    traces: Vec<Said>,
}

/// Asks about part after part, until one does not pass.
async fn ask(wechat: &Client, openid: &str, scene: Scene, text: &str) -> Result<Told, CheckError> {
    let mut told = Told { answer: Answer::Pass, label: None, traces: Vec::new() };
    for content in parts(text) {
        let check = TextCheck { openid, scene, content, title: None, nickname: None };
        let checked = wechat.text_check(&check).await?;
        (told.answer, told.label) = (checked.answer, checked.label);
        told.traces.extend(checked.trace_id.map(|trace_id| Said {
            trace_id,
            answer: checked.answer,
            label: checked.label,
        }));
        if checked.answer != Answer::Pass {
            break;
        }
    }
    Ok(told)
}

/// Where WeChat can fetch a photo; nothing if it is gone.
async fn link(
    means: Means<'_>,
    job: &Job,
    row: &CheckRow,
    links: &Links,
) -> Result<Option<String>, Error> {
    let (village, photo) = (job.village, row.photo_id.unwrap_or_default());
    let sha256: Option<Vec<u8>> = means
        .db
        .on_thread(move |db| {
            db.read(|c| {
                Ok(photos::table
                    .find((village.0, photo))
                    .select(photos::sha256)
                    .first(c)
                    .optional()?)
            })
        })
        .await?;
    let file = sha256.as_deref().and_then(Address::from_bytes);
    Ok(file.map(|file| links.link(village, file, means.now)))
}

/// WeChat's time to answer begins anew with the question.
fn wait_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(content_checks::table.find((village.0, id)))
        .filter(content_checks::state.eq(State::Asked.as_str()))
        .set(content_checks::answer_until.eq(now + Duration::minutes(SILENCE_MINUTES)))
        .execute(tx)?;
    Ok(())
}

/// What becomes of a check that could not be asked about.
fn failed(means: Means<'_>, job: &Job, error: &CheckError) -> Outcome {
    use WeChatError as W;
    let why = match error {
        CheckError::AuthorUnknown { .. } => HeldFor::AuthorUnknown,
        CheckError::WeChat(W::Busy(Trouble::Malformed | Trouble::TooLong)) => HeldFor::Unreadable,
        CheckError::WeChat(
            W::Busy(_) | W::RateLimited | W::Configuration { .. } | W::TokenStore(_),
        ) => return Outcome::Later(error.to_string()),
        CheckError::WeChat(_) => HeldFor::Failed,
    };
    held(means, job, why)
}

/// Held for a person, if WeChat is still waited for when it is recorded.
fn held(means: Means<'_>, job: &Job, why: HeldFor) -> Outcome {
    let (village, id, now) = (job.village, job.subject, means.now);
    Outcome::DoneWith(
        "held",
        Box::new(move |tx| {
            let locked = Locked::in_tx(tx, village, id)?;
            let held: Option<Check> = locked.check.without_answer(why);
            let label = locked.row.label;
            held.map_or(Ok(()), |check| locked.becomes_in_tx(tx, check, label, now))
        }),
    )
}
