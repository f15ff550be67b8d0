//! Posts and duties as they are stored, and as the domain knows them.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::duty::{Colour, Consent, Duty, DutyPost, Outcome, TakenOn};
use domain::id::{DutyId, DutyPostId, UserId, VillageId, VillagerId};
use domain::rule_book::DutySource;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{duties, duty_posts};
use crate::villagers::tracks_of;

fn unreadable(what: &str) -> Error {
    Error::Bug(format!("a stored duty has a {what} that cannot be read"))
}

/// A post as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = duty_posts)]
pub(super) struct PostRow {
    pub(super) village_id: Uuid,
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) tracks: Vec<String>,
    pub(super) item_codes: Vec<String>,
    pub(super) opened_on: NaiveDate,
    pub(super) closed_on: Option<NaiveDate>,
    pub(super) opened_by: Uuid,
    pub(super) recorded_at: DateTime<Utc>,
}

impl PostRow {
    /// The post as the domain knows it.
    pub(super) fn post(&self) -> Result<DutyPost, Error> {
        Ok(DutyPost {
            id: DutyPostId(self.id),
            tracks: tracks_of(&self.tracks)?,
            items: self.item_codes.iter().cloned().collect(),
            opened_on: self.opened_on,
            closed_on: self.closed_on,
        })
    }
}

/// A duty as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = duties)]
pub(super) struct DutyRow {
    pub(super) village_id: Uuid,
    pub(super) id: Uuid,
    pub(super) villager_id: Uuid,
    pub(super) source: String,
    pub(super) post_id: Option<Uuid>,
    pub(super) colour: Option<String>,
    pub(super) period: Option<String>,
    pub(super) text: String,
    pub(super) from_day: NaiveDate,
    pub(super) until_day: Option<NaiveDate>,
    pub(super) ended_on: Option<NaiveDate>,
    pub(super) consent: Option<Value>,
    pub(super) recorded_by: Uuid,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) ended_why: Option<String>,
    pub(super) outcome: Option<String>,
    pub(super) outcome_why: Option<String>,
    pub(super) outcome_at: Option<DateTime<Utc>>,
}

/// The name of a post, or the colour and period of a pledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Title {
    /// What a duty post is called.
    Post(String),
    /// The colour and period of a pledge.
    Pledge(Colour, Cycle),
}

impl Title {
    /// What an item calls it.
    pub const fn source(&self) -> DutySource {
        match self {
            Self::Post(_) => DutySource::DutyPost,
            Self::Pledge(..) => DutySource::Pledge,
        }
    }

    /// What a message says of it.
    pub(super) fn told(&self) -> Value {
        match self {
            Self::Post(name) => json!({"post_name": name}),
            Self::Pledge(colour, period) => {
                json!({"colour": colour.as_str(), "period": period.to_string()})
            }
        }
    }
}

/// What was written down with a duty.
#[derive(Clone, Debug)]
pub struct What {
    /// What it is called.
    pub title: Title,
    /// What is promised, or what the holder does.
    pub text: String,
    /// Who agreed, where somebody else recorded it.
    pub consent: Option<Consent>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Why it was ended.
    pub ended_why: Option<String>,
    /// What became of a pledge, and why.
    pub outcome: Option<(Outcome, String, DateTime<Utc>)>,
}

impl DutyRow {
    /// A new duty, with what was written down of it.
    pub(super) fn new(
        village: VillageId,
        duty: &Duty,
        (post, period): (Option<DutyPostId>, Option<Cycle>),
        (text, consent): (&str, Option<&Consent>),
        (by, now): (UserId, DateTime<Utc>),
    ) -> Result<Self, Error> {
        let colour = match &duty.of {
            TakenOn::Post { .. } => None,
            TakenOn::Pledge { colour } => Some(colour.as_str().to_owned()),
        };
        let consent = consent.map(serde_json::to_value).transpose();
        Ok(Self {
            village_id: village.0,
            id: duty.id.0,
            villager_id: duty.villager.0,
            source: duty.of.source().as_str().to_owned(),
            post_id: post.map(|post| post.0),
            colour,
            period: period.map(|period| period.to_string()),
            text: text.to_owned(),
            from_day: duty.from,
            until_day: duty.until,
            ended_on: duty.ended_on,
            consent: consent.map_err(|error| Error::Bug(error.to_string()))?,
            recorded_by: by.0,
            recorded_at: now,
            ended_why: None,
            outcome: None,
            outcome_why: None,
            outcome_at: None,
        })
    }

    /// Reads it, with the post that is held.
    pub(super) fn duty(&self, post: Option<&PostRow>) -> Result<Duty, Error> {
        let of = match DutySource::from_name(&self.source).ok_or_else(|| unreadable("source"))? {
            DutySource::DutyPost => {
                let items: BTreeSet<_> = post
                    .filter(|post| self.post_id == Some(post.id))
                    .map(|post| post.item_codes.iter().cloned().collect())
                    .ok_or_else(|| unreadable("post"))?;
                TakenOn::Post { items }
            }
            DutySource::Pledge => TakenOn::Pledge { colour: self.colour()? },
        };
        Ok(Duty {
            id: DutyId(self.id),
            villager: VillagerId(self.villager_id),
            of,
            from: self.from_day,
            until: self.until_day.or(post.and_then(|post| post.closed_on)),
            ended_on: self.ended_on,
        })
    }

    fn colour(&self) -> Result<Colour, Error> {
        let name = self.colour.as_deref().and_then(Colour::from_name);
        name.ok_or_else(|| unreadable("colour"))
    }

    pub(super) fn title(&self, post: Option<&PostRow>) -> Result<Title, Error> {
        if let Some(post) = post {
            return Ok(Title::Post(post.name.clone()));
        }
        let period = self.period.as_deref().and_then(|text| text.parse().ok());
        Ok(Title::Pledge(self.colour()?, period.ok_or_else(|| unreadable("period"))?))
    }

    pub(super) fn outcome(&self) -> Result<Option<Outcome>, Error> {
        let read = |name| Outcome::from_name(name).ok_or_else(|| unreadable("outcome"));
        self.outcome.as_deref().map(read).transpose()
    }

    pub(super) fn what(self, post: Option<&PostRow>) -> Result<What, Error> {
        let consent = self.consent.as_ref().map(Consent::deserialize).transpose();
        let (why, at) = (self.outcome_why.clone(), self.outcome_at);
        Ok(What {
            title: self.title(post)?,
            outcome: self
                .outcome()?
                .zip(at)
                .map(|(outcome, at)| (outcome, why.unwrap_or_default(), at)),
            text: post.map_or(self.text, |post| post.description.clone()),
            consent: consent.map_err(|_| unreadable("consent"))?,
            recorded_at: self.recorded_at,
            ended_why: self.ended_why,
        })
    }
}

type WithPost = (DutyRow, Option<PostRow>);

/// One duty with its post, locked until the transaction ends.
///
/// # Errors
/// `not_found`.
pub(super) fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: DutyId,
) -> Result<WithPost, Error> {
    let row: DutyRow = duties::table
        .find((village.0, id.0))
        .select(DutyRow::as_select())
        .for_no_key_update()
        .first(tx)?;
    let post = match row.post_id {
        Some(post) => {
            Some(duty_posts::table.find((village.0, post)).select(PostRow::as_select()).first(tx)?)
        }
        None => None,
    };
    Ok((row, post))
}
