//! Amounts in tiers: cumulative ones, where a sum that grows over time reaches one step after the
//! other (hours of service), and marginal ones, where one large quantity is cut into slices that
//! each have their own rate (a donation).

use serde::{Deserialize, Serialize};

use super::{CapPeriod, CapScope};
use crate::points::Points;

/// Hours, days or times that add up: reaching a tier tops up to its points.
///
/// Items with the same `tally` add up together and have one table, so that a village may put a tier
/// below those of its county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CumulativeTiers {
    /// What is counted: an hour.
    pub unit: String,
    /// What adds up together; the item's own code without it.
    #[serde(default)]
    pub tally: Option<String>,
    /// Whose quantities add up.
    pub per: CapScope,
    /// Over which period they add up, by the day of the deed.
    pub period: CapPeriod,
    /// The steps, each from a larger sum on.
    pub tiers: Vec<Tier>,
}

/// A step of [`CumulativeTiers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// From this sum on.
    pub from: u32,
    /// What all of it is worth then.
    pub points: Points,
}

impl Tier {
    /// What a sum is worth by the steps of one tally, in any order: the most of those it reached.
    pub fn reached<'a>(tiers: impl IntoIterator<Item = &'a Self>, sum: u32) -> Points {
        let reached = tiers.into_iter().filter(|tier| tier.from <= sum);
        reached.map(|tier| tier.points).max().unwrap_or_default()
    }
}

/// One quantity cut into slices, each with a rate and a maximum of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarginalTiers {
    /// What is counted: a yuan.
    pub unit: String,
    /// The slices, from the lowest up; each begins where the one before ends.
    pub tiers: Vec<Slice>,
}

/// A slice of [`MarginalTiers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// The last unit of the slice; without it the slice has no end.
    #[serde(default)]
    pub up_to: Option<u32>,
    /// So many whole units bring the points once; what is left over brings nothing.
    pub each: u32,
    /// The points for each of them.
    pub points: Points,
    /// The most that the slice brings.
    pub points_max: Points,
}

impl MarginalTiers {
    /// What a quantity is worth.
    pub fn of(&self, quantity: u32) -> Points {
        let (mut begins_after, mut sum) = (0_u32, Points::ZERO);
        for slice in &self.tiers {
            let ends = slice.up_to.unwrap_or(u32::MAX).min(quantity);
            let times = ends.saturating_sub(begins_after).checked_div(slice.each).unwrap_or(0);
            let points = slice.points.times(times).unwrap_or(slice.points_max);
            sum = sum.plus(points.min(slice.points_max)).unwrap_or(Points::MAX);
            begins_after = slice.up_to.unwrap_or(u32::MAX);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wendengs_hours_reach_a_step_and_keep_it_until_the_next() {
        let hours: Vec<_> = [(4, 1), (10, 2), (20, 5), (300, 50)]
            .map(|(from, points)| Tier { from, points: Points::whole(points) })
            .into();
        for (sum, points) in [(0, 0), (3, 0), (4, 1), (9, 1), (10, 2), (299, 5), (300, 50)] {
            assert_eq!(Tier::reached(&hours, sum), Points::whole(points), "{sum}");
        }
    }

    #[test]
    fn wendengs_donations_go_through_all_slices() {
        let slice = |up_to, each| Slice {
            up_to,
            each,
            points: Points::whole(1),
            points_max: Points::whole(10),
        };
        let donation = MarginalTiers {
            unit: "元".into(),
            tiers: vec![
                slice(Some(1_000), 100),
                slice(Some(5_000), 400),
                slice(Some(10_000), 500),
                slice(None, 1_000),
            ],
        };
        for (yuan, points) in [
            (99, 0),
            (100, 1),
            (1_000, 10),
            (1_399, 10),
            (1_400, 11),
            (5_000, 20),
            (5_500, 21),
            (10_000, 30),
            (20_000, 40),
            (4_000_000, 40),
        ] {
            assert_eq!(donation.of(yuan), Points::whole(points), "{yuan} yuan");
        }
    }
}
