//! The outbox: what is to be told to WeChat. Written in the transaction of the change it comes from
//! ([`put_in_tx`]), delivered by the worker of any process ([`round()`]).
//!
//! Delivery is in four steps: `lease` takes some jobs in a short transaction, so that no other
//! process sees them for a while; each is begun in one of its own, if it is still ours, which holds it
//! anew and counts the attempt; WeChat is called outside any transaction; `record` writes what came of
//! it, together with what the outcome changes elsewhere. A process may be killed anywhere: before the
//! lease ends nobody else tries, afterwards somebody does. So WeChat is asked at least once, never for
//! a change that was rolled back, and twice only where a process died, or stood still for longer than
//! a lease, between WeChat's answer and its record.
//!
//! What fails is tried again as `domain::delivery` says, and is dead in the end, also where it is the
//! program that fails or dies of it: shown by `dead` to those who run the installation, who may have
//! it tried once more.
//!
//! Absent: who is told what (`messages`), what is checked (`content`). Each kind of job has one
//! function that answers an [`Outcome`].

mod dead;
mod lease;
mod record;
mod round;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::VillageId;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::messages::templates::Templates;
use crate::photos::Links;
use crate::schema::outbox;
use crate::wechat::Client;

pub use dead::{Letter, Standing, list, retry};
pub use record::forget_old;
pub use round::{Delivered, round};

/// What kind of thing is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobKind {
    /// A message of `messages`, sent as a subscribe message. The subject is the message.
    SubscribeMessage,
    /// A text to be checked by WeChat. The subject is the check.
    TextCheck,
    /// A photo to be checked by WeChat. The subject is the check.
    PhotoCheck,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::SubscribeMessage, Self::TextCheck, Self::PhotoCheck];

    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SubscribeMessage => "subscribe_message",
            Self::TextCheck => "text_check",
            Self::PhotoCheck => "photo_check",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A job that this process has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// The village it belongs to.
    pub village: VillageId,
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub kind: JobKind,
    /// To what.
    pub subject: Uuid,
    /// When it was put into the outbox.
    pub put_at: DateTime<Utc>,
    /// Which attempt this is, from one.
    pub attempts: u16,
    /// The taking that holds it.
    pub lease: Uuid,
}

/// What an outcome changes besides the outbox, in the same transaction. May run more than once, each
/// time in a transaction of its own of which one is kept.
pub type Effect = Box<dyn FnMut(&mut PgConnection) -> Result<(), Error> + Send>;

/// What came of an attempt. The words are kept and shown to operators: no personal data in them.
pub enum Outcome {
    /// It is over, with this word for the record: delivered, or found not to be needed.
    Done(&'static str),
    /// It is over, and this is recorded with it.
    DoneWith(&'static str, Effect),
    /// It did not work this time: try again later.
    Later(String),
    /// It cannot work unless somebody does something.
    Dead(String),
}

/// What deliverers work with.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The database.
    pub db: &'a Db,
    /// WeChat; none where people are reached by other ways.
    pub wechat: Option<&'a Client>,
    /// Where WeChat can fetch photos; none where it cannot, or cannot tell what it thinks of them.
    pub photo_links: Option<&'a Links>,
    /// Which template each kind of message is sent with.
    pub templates: &'a Arc<Templates>,
    /// What time it is.
    pub now: DateTime<Utc>,
}

/// Puts jobs into the outbox, to be delivered as soon as the transaction is committed.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn put_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    jobs: &[(JobKind, Uuid)],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    /// Rows of one statement: Postgres counts its parameters in 16 bits.
    const ROWS_MAX: usize = 1_000;
    for some in jobs.chunks(ROWS_MAX) {
        let rows: Vec<_> = some
            .iter()
            .map(|(kind, subject)| {
                (
                    outbox::village_id.eq(village.0),
                    outbox::id.eq(id::new::<Uuid>()),
                    outbox::kind.eq(kind.as_str()),
                    outbox::subject_id.eq(*subject),
                    outbox::put_at.eq(now),
                    outbox::due_at.eq(now),
                )
            })
            .collect();
        diesel::insert_into(outbox::table).values(rows).execute(tx)?;
    }
    Ok(())
}
