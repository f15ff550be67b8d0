//! Who fits for something else by stars and points: a loan, an award, a title (最美家庭), a recommendation
//! (后备人选, 参军, 入党 are proposed from such a base; who decides there decides there).
//!
//! A list only includes. Who does not fit stands nowhere, and why not is told to the household alone:
//! a low score has no consequence but the missing reward (safeguard 15.4). What everybody has a right
//! to is no purpose (15.2), and who does not want to be listed is not.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::day_of;
use crate::person::Track;
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::Star;
use crate::statutory::forbidden_use;

/// The most characters of a title.
pub const TITLE_CHARS_MAX: u64 = 60;
/// The most ratings that a list looks back on.
pub const RATINGS_MAX: u8 = 12;

names! {
    /// What a list is for.
    Purpose {
        /// 贷款授信: the credit union decides.
        Loan "loan",
        /// 表彰奖励.
        Award "award",
        /// 荣誉称号.
        Title "title",
        /// 推荐人选: a reference only.
        Recommendation "recommendation",
    }
}

/// So many stars in each of the last ratings in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StarsHeld {
    /// At least so many.
    pub min: Star,
    /// In each of so many ratings.
    pub ratings: u8,
}

/// So many points earned by awards in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsEarned {
    /// At least so many.
    pub min: Points,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
}

/// What a list asks. All of it holds for those who stand on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    /// Stars.
    pub stars: Option<StarsHeld>,
    /// Points.
    pub points: Option<PointsEarned>,
    /// One of these tracks, of the person or of somebody of the household; everybody if it names none.
    pub tracks: BTreeSet<Track>,
    /// No veto stands.
    pub no_veto: bool,
    /// No direct grade stands.
    pub no_direct_grade: bool,
}

/// What is known of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether somebody is rated there (section 8).
    pub rated: bool,
    /// The stars of its ratings in effect, the newest first.
    pub stars: Vec<u8>,
    /// The points that it earned in the time asked about.
    pub points: Points,
    /// The tracks of the person, or of the members of the household.
    pub tracks: BTreeSet<Track>,
    /// Until when a veto stands.
    pub veto_until: Option<NaiveDate>,
    /// Until when a direct grade stands.
    pub direct_grade_until: Option<NaiveDate>,
}

/// One condition with what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "condition", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reason {
    /// Somebody is rated there.
    Rated {
        /// Whether it holds.
        met: bool,
    },
    /// Stars in each of the last ratings.
    Stars {
        /// Whether it holds.
        met: bool,
        /// What is asked.
        asked: StarsHeld,
        /// The stars of these ratings, the newest first.
        had: Vec<u8>,
    },
    /// Points earned in a time.
    Points {
        /// Whether it holds.
        met: bool,
        /// What is asked.
        asked: PointsEarned,
        /// What was earned.
        had: Points,
    },
    /// A track.
    Track {
        /// Whether it holds.
        met: bool,
        /// One of these is asked.
        asked: BTreeSet<Track>,
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

impl Reason {
    /// Whether the condition holds.
    pub const fn met(&self) -> bool {
        match self {
            Self::Rated { met }
            | Self::Stars { met, .. }
            | Self::Points { met, .. }
            | Self::Track { met, .. }
            | Self::NoVeto { met, .. }
            | Self::NoDirectGrade { met, .. } => *met,
        }
    }
}

/// Decides whether a list can be made for this purpose and with these conditions.
///
/// # Errors
/// `purpose_forbidden` with the word; `conditions_invalid` if it asks for neither stars nor points, or
/// for a time that is empty or to come.
pub fn check(title: &str, conditions: &Conditions, now: DateTime<Utc>) -> Result<(), Refusal> {
    if let Some(word) = forbidden_use(title) {
        return Err(Refusal::PurposeForbidden { word });
    }
    let merit = conditions.stars.is_some() || conditions.points.is_some();
    let stars = conditions
        .stars
        .is_none_or(|asked| (1..=RATINGS_MAX).contains(&asked.ratings) && asked.min > Star::NONE);
    let points = conditions.points.is_none_or(|asked| {
        asked.min.is_positive() && asked.from <= asked.until && asked.until <= day_of(now)
    });
    if merit && stars && points { Ok(()) } else { Err(Refusal::ConditionsInvalid) }
}

/// Every condition with what was found of an account, in the order of [`Conditions`].
pub fn reasons(conditions: &Conditions, facts: &Facts) -> Vec<Reason> {
    let rated = Some(Reason::Rated { met: facts.rated });
    let stars = conditions.stars.map(|asked| {
        let had: Vec<u8> = facts.stars.iter().copied().take(usize::from(asked.ratings)).collect();
        let enough = had.len() == usize::from(asked.ratings);
        let met = enough && had.iter().all(|stars| *stars >= asked.min.get());
        Reason::Stars { met, asked, had }
    });
    let points = conditions.points.map(|asked| Reason::Points {
        met: facts.points >= asked.min,
        asked,
        had: facts.points,
    });
    let track = (!conditions.tracks.is_empty()).then(|| Reason::Track {
        met: !conditions.tracks.is_disjoint(&facts.tracks),
        asked: conditions.tracks.clone(),
    });
    let no_veto = conditions
        .no_veto
        .then_some(Reason::NoVeto { met: facts.veto_until.is_none(), until: facts.veto_until });
    let no_direct_grade = conditions.no_direct_grade.then_some(Reason::NoDirectGrade {
        met: facts.direct_grade_until.is_none(),
        until: facts.direct_grade_until,
    });
    [rated, stars, points, track, no_veto, no_direct_grade].into_iter().flatten().collect()
}

/// Whether somebody of whom this was found stands on the list.
pub fn fits(reasons: &[Reason]) -> bool {
    reasons.iter().all(Reason::met)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions() -> Conditions {
        Conditions {
            stars: Some(StarsHeld { min: Star::new(4).unwrap(), ratings: 2 }),
            points: None,
            tracks: BTreeSet::new(),
            no_veto: true,
            no_direct_grade: true,
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-12-31T04:00:00Z".parse().unwrap()
    }

    #[test]
    fn no_list_is_for_what_everybody_has_a_right_to() {
        for title in
            ["低保户评定", "帮扶低保对象名单", "子女入学优先", "住院报销优先", "养老金发放"]
        {
            let refused = check(title, &conditions(), now());
            assert!(matches!(refused, Err(Refusal::PurposeForbidden { .. })), "{title}");
        }
        for title in
            ["最美家庭", "信用社贷款推荐", "村后备干部人选", "参军推荐", "入党积极分子推荐"]
        {
            assert_eq!(check(title, &conditions(), now()), Ok(()), "{title}");
        }
    }

    #[test]
    fn a_list_asks_for_stars_or_points() {
        let nothing = Conditions { stars: None, ..conditions() };
        assert_eq!(check("最美家庭", &nothing, now()), Err(Refusal::ConditionsInvalid));
        let zero = StarsHeld { min: Star::NONE, ratings: 1 };
        let anybody = Conditions { stars: Some(zero), ..conditions() };
        assert_eq!(check("最美家庭", &anybody, now()), Err(Refusal::ConditionsInvalid));
    }

    #[test]
    fn who_had_the_stars_in_each_of_the_last_ratings_fits_and_the_reasons_say_so() {
        let facts = |stars: &[u8]| Facts { rated: true, stars: stars.to_vec(), ..Facts::default() };
        assert!(fits(&reasons(&conditions(), &facts(&[4, 5, 1]))));
        assert!(!fits(&reasons(&conditions(), &facts(&[5, 3]))), "one of them had too few");
        assert!(!fits(&reasons(&conditions(), &facts(&[5]))), "there were not as many ratings");
        let vetoed = Facts { veto_until: Some(NaiveDate::default()), ..facts(&[5, 5]) };
        let found = reasons(&conditions(), &vetoed);
        let unmet: Vec<_> = found.iter().filter(|reason| !reason.met()).collect();
        let until = Some(NaiveDate::default());
        assert_eq!(unmet, [&Reason::NoVeto { met: false, until }]);
    }
}
