//! A rating and its lines as they are stored, and as the domain knows them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::id::{AccountId, ClaimId, HouseholdId, RatingId, VillageId};
use domain::person::Track;
use domain::points::Points;
use domain::rating::{Effective, Exclusion, Line, Rating, RatingState};
use domain::rule_book::{Grade, Star};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{rating_lines, ratings};

/// A rating as it is stored.
#[derive(
    Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize, Deserialize,
)]
#[diesel(table_name = ratings)]
pub struct RatingRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// The cycle, written `2026-Q3`.
    pub cycle: String,
    /// The book that judges: the one in force on the cycle's last day.
    pub rule_book_id: Uuid,
    /// As of when it was computed; entries recorded later do not count.
    pub as_of: DateTime<Utc>,
    /// Where it stands.
    pub state: String,
    /// The stage of review, the first being 0.
    pub stage: i16,
    /// Until when the stage should decide.
    pub stage_due_at: Option<DateTime<Utc>>,
    /// The notice it is or was on.
    pub notice_id: Option<Uuid>,
    /// Who had it computed.
    pub computed_by: Uuid,
    /// When its stars began to hold.
    pub effective_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// The line of an account as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = rating_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    /// The village.
    pub village_id: Uuid,
    /// The rating.
    pub rating_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// The household it belongs to.
    pub household_id: Uuid,
    /// Hundredths of a point.
    pub score: i64,
    /// How many stars.
    pub stars: i16,
    /// The track on which it is rated.
    pub track: Option<String>,
    /// The grade, on a track that has grades.
    pub grade: Option<String>,
    /// The claim of the direct grade that decided.
    pub direct_grade_id: Option<Uuid>,
    /// Why there is none whatever the score.
    pub excluded: Option<String>,
    /// Where the book looks at each member: who was rated.
    pub rated_members: Option<Vec<Uuid>>,
    /// Where the book looks at each member: who was the head.
    pub head_id: Option<Uuid>,
    /// `pending` until the notice closes; then `effective`, `disputed` or `struck`.
    pub state: String,
    /// As of when it was computed anew after an objection.
    pub corrected_as_of: Option<DateTime<Utc>>,
}

fn unreadable(what: &str) -> Error {
    Error::Bug(format!("a stored rating has a {what} that cannot be read"))
}

impl RatingRow {
    /// The rating as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn rating(&self) -> Result<Rating, Error> {
        Ok(Rating {
            id: RatingId(self.id),
            village: VillageId(self.village_id),
            cycle: self.cycle.parse::<Cycle>().map_err(|_| unreadable("cycle"))?,
            as_of: self.as_of,
            state: RatingState::from_name(&self.state).ok_or_else(|| unreadable("state"))?,
            stage: u8::try_from(self.stage).map_err(|_| unreadable("stage"))?,
            stage_due_at: self.stage_due_at,
            version: self.version,
        })
    }

    /// The same row after the domain changed the rating.
    #[must_use]
    pub fn changed(self, rating: &Rating) -> Self {
        Self {
            state: rating.state.as_str().to_owned(),
            stage: i16::from(rating.stage),
            stage_due_at: rating.stage_due_at,
            version: rating.version,
            ..self
        }
    }
}

impl LineRow {
    /// The line as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn line(&self) -> Result<Line, Error> {
        let excluded = self.excluded.as_deref();
        Ok(Line {
            account: AccountId(self.account_id),
            household: HouseholdId(self.household_id),
            score: Points::from_hundredths(self.score),
            star: u8::try_from(self.stars)
                .ok()
                .and_then(Star::new)
                .ok_or_else(|| unreadable("star"))?,
            track: self
                .track
                .as_deref()
                .map(|name| Track::from_name(name).ok_or_else(|| unreadable("track")))
                .transpose()?,
            grade: self
                .grade
                .as_deref()
                .map(|name| Grade::from_name(name).ok_or_else(|| unreadable("grade")))
                .transpose()?,
            direct_grade: self.direct_grade_id.map(ClaimId),
            excluded: excluded
                .map(|name| Exclusion::from_name(name).ok_or_else(|| unreadable("reason")))
                .transpose()?,
        })
    }

    /// The row of a line that was just computed from a standing.
    pub(crate) fn pending(rating: &Rating, line: &Line, effective: &Effective) -> Self {
        Self {
            village_id: rating.village.0,
            rating_id: rating.id.0,
            account_id: line.account.0,
            household_id: line.household.0,
            score: line.score.hundredths(),
            stars: i16::from(line.star.get()),
            track: line.track.map(|track| track.as_str().to_owned()),
            grade: line.grade.map(|grade| grade.as_str().to_owned()),
            direct_grade_id: line.direct_grade.map(|claim| claim.0),
            rated_members: rated_members(effective),
            head_id: effective.head.map(|head| head.0),
            excluded: line.excluded.map(|reason| reason.as_str().to_owned()),
            state: "pending".to_owned(),
            corrected_as_of: None,
        }
    }
}

/// The members who were rated, where the book looks at each.
pub fn rated_members(effective: &Effective) -> Option<Vec<Uuid>> {
    let rated = effective.members.iter().filter(|one| one.rated).map(|one| one.member.0);
    (!effective.members.is_empty()).then(|| rated.collect())
}

/// One rating.
///
/// # Errors
/// `not_found`.
pub fn find(c: &mut PgConnection, village: VillageId, id: RatingId) -> Result<RatingRow, Error> {
    Ok(ratings::table.find((village.0, id.0)).select(RatingRow::as_select()).first(c)?)
}

/// Writes a rating that the domain changed, unless somebody else changed it since it was read as
/// `version_before`.
///
/// # Errors
/// [`Error::LostRace`].
pub fn save_in_tx(
    tx: &mut PgConnection,
    row: &RatingRow,
    version_before: i32,
) -> Result<(), Error> {
    let written = diesel::update(
        ratings::table.find((row.village_id, row.id)).filter(ratings::version.eq(version_before)),
    )
    .set((
        ratings::state.eq(&row.state),
        ratings::stage.eq(row.stage),
        ratings::stage_due_at.eq(row.stage_due_at),
        ratings::notice_id.eq(row.notice_id),
        ratings::effective_at.eq(row.effective_at),
        ratings::version.eq(row.version),
    ))
    .execute(tx)?;
    if written == 1 { Ok(()) } else { Err(Error::LostRace) }
}
