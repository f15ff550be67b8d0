//! Grades (等次): what party members and villager representatives get where villagers get stars
//! (Wendeng: 优秀, 合格, 基本合格, 不合格).

use serde::{Deserialize, Serialize};

use super::{Star, Threshold};
use crate::points::Points;

names! {
    /// A grade, the best first.
    Grade {
        /// 优秀.
        Excellent "excellent",
        /// 合格.
        Qualified "qualified",
        /// 基本合格.
        BasicallyQualified "basically_qualified",
        /// 不合格.
        Unqualified "unqualified",
    }
}

/// One row: from this score on it is this grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeRow {
    /// Which grade.
    pub grade: Grade,
    /// The lower bound of the score.
    pub from: Points,
    /// Whether the bound itself is enough ("at least") or not ("above").
    pub inclusive: bool,
    /// The star that goes with it, for star credit and at the shops. Wendeng publishes none: those
    /// who are graded have no star there.
    #[serde(default)]
    pub stars: Star,
}

impl GradeRow {
    /// From which score on it holds.
    pub const fn threshold(&self) -> Threshold {
        Threshold { from: self.from, inclusive: self.inclusive }
    }
}

/// The table, the best grade first. Who reaches no row is unqualified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GradeTable(pub Vec<GradeRow>);

impl GradeTable {
    /// Whether there are no grades: then the track gives stars as for everybody.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The grade for a score.
    pub fn grade_for(&self, score: Points) -> Grade {
        let reached = self.0.iter().find(|row| row.threshold().is_reached_by(score));
        reached.map_or(Grade::Unqualified, |row| row.grade)
    }

    /// The star that goes with a grade.
    pub fn star_of(&self, grade: Grade) -> Star {
        let row = self.0.iter().find(|row| row.grade == grade);
        row.map_or(Star::NONE, |row| row.stars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reaches_no_row_is_unqualified() {
        let row = |grade, from, inclusive, stars| GradeRow {
            grade,
            from: Points::whole(from),
            inclusive,
            stars: Star::new(stars).unwrap(),
        };
        let table = GradeTable(vec![
            row(Grade::Excellent, 90, true, 5),
            row(Grade::Qualified, 75, true, 0),
            row(Grade::BasicallyQualified, 60, false, 0),
        ]);
        let grade = |score: &str| table.grade_for(score.parse().unwrap());
        assert_eq!(grade("90"), Grade::Excellent);
        assert_eq!(grade("89.99"), Grade::Qualified);
        assert_eq!(grade("60.01"), Grade::BasicallyQualified);
        assert_eq!(grade("60"), Grade::Unqualified);
        assert_eq!(table.star_of(Grade::Excellent).get(), 5);
        assert_eq!(table.star_of(Grade::Unqualified), Star::NONE);
        for &grade in Grade::ALL {
            assert_eq!(Grade::from_name(grade.as_str()), Some(grade));
        }
    }
}
