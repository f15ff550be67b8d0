//! What a list asks, and what was found of somebody.

use chrono::NaiveDate;
use domain::eligibility::{Conditions, PointsEarned, Reason, StarsHeld};
use domain::points::Points;
use domain::rule_book::Star;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::claims::a_day;
use crate::names::TrackName;
use crate::problem::{Door, Problem};

/// So many stars in each of the last ratings in effect.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"min": 4, "ratings": 2}))]
pub struct StarsHeldBody {
    /// At least so many.
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    min: u8,
    /// In each of so many ratings.
    #[validate(range(min = 1, max = 12))]
    #[schema(minimum = 1, maximum = 12)]
    ratings: u8,
}

/// So many points earned by awards in a time.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"min": "20", "from": "2026-01-01", "until": "2026-12-31"}))]
pub struct PointsEarnedBody {
    /// At least so many.
    #[schema(value_type = String, max_length = 14, example = "20")]
    min: Points,
    /// The first day.
    #[validate(custom(function = "a_day"))]
    from: NaiveDate,
    /// The last day, today at most.
    #[validate(custom(function = "a_day"))]
    until: NaiveDate,
}

impl From<StarsHeld> for StarsHeldBody {
    fn from(held: StarsHeld) -> Self {
        Self { min: held.min.get(), ratings: held.ratings }
    }
}

impl From<PointsEarned> for PointsEarnedBody {
    fn from(PointsEarned { min, from, until }: PointsEarned) -> Self {
        Self { min, from, until }
    }
}

/// What a list asks: stars, points, or both.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "stars": {"min": 4, "ratings": 2}, "points": null, "tracks": [], "no_veto": true,
    "no_direct_grade": true
}))]
pub struct ConditionsBody {
    /// Stars.
    #[validate(nested)]
    stars: Option<StarsHeldBody>,
    /// Points.
    #[validate(nested)]
    points: Option<PointsEarnedBody>,
    /// One of these tracks; everybody if it names none.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    tracks: Vec<TrackName>,
    /// That no veto stands.
    #[serde(default)]
    no_veto: bool,
    /// That no direct grade stands.
    #[serde(default)]
    no_direct_grade: bool,
}

impl ConditionsBody {
    /// The conditions as the domain knows them.
    ///
    /// # Errors
    /// `invalid` for more stars than there are.
    pub fn read(self) -> Result<Conditions, Problem> {
        let bad = || Problem::field(Door::Invalid, "conditions.stars.min", "须为1至5");
        let stars = self.stars.map(|held| {
            let min = Star::new(held.min).ok_or_else(bad)?;
            Ok::<_, Problem>(StarsHeld { min, ratings: held.ratings })
        });
        let points = self.points.map(|PointsEarnedBody { min, from, until }| PointsEarned {
            min,
            from,
            until,
        });
        Ok(Conditions {
            stars: stars.transpose()?,
            points,
            tracks: self.tracks.into_iter().map(Into::into).collect(),
            no_veto: self.no_veto,
            no_direct_grade: self.no_direct_grade,
        })
    }
}

impl From<Conditions> for ConditionsBody {
    fn from(asked: Conditions) -> Self {
        let Conditions { stars, points, tracks, no_veto, no_direct_grade } = asked;
        Self {
            stars: stars.map(Into::into),
            points: points.map(Into::into),
            tracks: tracks.into_iter().map(Into::into).collect(),
            no_veto,
            no_direct_grade,
        }
    }
}

/// One condition with what was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "condition", rename_all = "snake_case")]
#[schema(example = json!({
    "condition": "stars", "met": true, "asked": {"min": 4, "ratings": 2}, "had": [5, 4]
}))]
pub enum EligibilityReasonOut {
    /// Somebody there is rated: lives in the village, and has no open legal case.
    Rated {
        /// Whether it holds.
        met: bool,
    },
    /// Stars in each of the last ratings.
    Stars {
        /// Whether it holds.
        met: bool,
        /// What is asked.
        asked: StarsHeldBody,
        /// The stars of these ratings, the newest first.
        #[schema(max_items = 12)]
        had: Vec<u8>,
    },
    /// Points earned in a time.
    Points {
        /// Whether it holds.
        met: bool,
        /// What is asked.
        asked: PointsEarnedBody,
        /// What was earned.
        had: String,
    },
    /// One of these tracks.
    Track {
        /// Whether it holds.
        met: bool,
        /// What is asked.
        #[schema(max_items = 4)]
        asked: Vec<TrackName>,
    },
    /// No veto stands.
    NoVeto {
        /// Whether it holds.
        met: bool,
        /// Until when one does.
        until: Option<NaiveDate>,
    },
    /// No direct grade stands.
    NoDirectGrade {
        /// Whether it holds.
        met: bool,
        /// Until when one does.
        until: Option<NaiveDate>,
    },
}

impl From<Reason> for EligibilityReasonOut {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Rated { met } => Self::Rated { met },
            Reason::Stars { met, asked, had } => Self::Stars { met, asked: asked.into(), had },
            Reason::Points { met, asked, had } => {
                Self::Points { met, asked: asked.into(), had: had.to_string() }
            }
            Reason::Track { met, asked } => {
                Self::Track { met, asked: asked.into_iter().map(Into::into).collect() }
            }
            Reason::NoVeto { met, until } => Self::NoVeto { met, until },
            Reason::NoDirectGrade { met, until } => Self::NoDirectGrade { met, until },
        }
    }
}
