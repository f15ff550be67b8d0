//! What becomes of redeemable points (可用积分) when the year ends: kept, cleared (清零) or carried
//! over (结转). [`crate::lots`] applies it, [`crate::expiry`] says when: the policy of the book in force
//! on 31 December is that of the whole year.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::points::BasisPoints;

/// What becomes of the points of a calendar year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PointsPolicy {
    /// They never run out.
    #[default]
    Never,
    /// What is not redeemed in time is gone.
    YearEndReset {
        /// So many days of the next year are still in time: 31 is until the end of January.
        #[serde(default)]
        grace_days: u16,
    },
    /// A share of what is left on 31 December is carried over, the rest is gone. The share is rounded
    /// down to the hundredth of a point.
    CarryOver {
        /// The share that is carried over.
        share_bp: BasisPoints,
    },
}

impl PointsPolicy {
    /// The last day on which the points of that year can be redeemed in full; none if they never run
    /// out.
    pub fn last_day(self, year: i32) -> Option<NaiveDate> {
        let end = NaiveDate::from_ymd_opt(year, 12, 31);
        match self {
            Self::Never => None,
            Self::YearEndReset { grace_days } => {
                end?.checked_add_days(Days::new(u64::from(grace_days)))
            }
            Self::CarryOver { .. } => end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_years_points_can_be_claimed_until_the_day_that_the_village_set() {
        let reset = PointsPolicy::YearEndReset { grace_days: 31 };
        assert_eq!(reset.last_day(2026), Some("2027-01-31".parse().unwrap()));
        assert_eq!(PointsPolicy::Never.last_day(2026), None);
        let share_bp = BasisPoints::new(5_000).unwrap();
        let part = PointsPolicy::CarryOver { share_bp };
        assert_eq!(part.last_day(2026), Some("2026-12-31".parse().unwrap()));
    }
}
