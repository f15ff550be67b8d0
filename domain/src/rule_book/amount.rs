//! How much a deed is worth.

use serde::{Deserialize, Serialize};

use super::{CumulativeTiers, Duration, MarginalTiers, Tier};
use crate::points::Points;
use crate::refusal::Refusal;

/// The amount of an item. All amounts are above zero; the item's kind gives the sign. A new kind of
/// amount is a variant here, an arm in [`Amount::of`] and [`Amount::most`], and one in the check of
/// drafts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Amount {
    /// Always the same.
    Fixed {
        /// The points.
        points: Points,
    },
    /// So much for each unit, up to a maximum.
    PerUnit {
        /// What is counted: an hour, a yuan, a person-time.
        unit: String,
        /// So many whole units bring the points once.
        #[serde(default = "one")]
        each: u32,
        /// The points for each of them.
        points: Points,
        /// The most that one claim can bring.
        points_max: Points,
    },
    /// One of several, such as by the level that issued an award.
    Choice {
        /// What can be chosen.
        options: Vec<ChoiceOption>,
    },
    /// Quantities that add up over time.
    CumulativeTiers(CumulativeTiers),
    /// One quantity in slices.
    MarginalTiers(MarginalTiers),
    /// The panel fills in the points.
    Range {
        /// The least.
        points_min: Points,
        /// The most.
        points_max: Points,
    },
}

const fn one() -> u32 {
    1
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    /// Stable code within the item.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The points.
    pub points: Points,
    /// How long it counts, where options differ; else as long as the item says.
    #[serde(default)]
    pub duration: Option<Duration>,
}

/// What a claim states so that its amount can be reckoned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// How many units, for an amount by units or tiers.
    pub quantity: Option<u32>,
    /// Which option, for a choice.
    pub choice: Option<String>,
}

/// What an amount asks a claim to state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// A quantity.
    Quantity,
    /// An option.
    Choice,
}

impl Amount {
    /// The most units that one claim may state.
    pub const QUANTITY_MAX: u32 = 10_000_000;

    /// What a claim for it has to state.
    pub const fn asks(&self) -> Asks {
        match self {
            Self::Fixed { .. } | Self::Range { .. } => Asks::Nothing,
            Self::PerUnit { .. } | Self::CumulativeTiers(_) | Self::MarginalTiers(_) => {
                Asks::Quantity
            }
            Self::Choice { .. } => Asks::Choice,
        }
    }

    /// The points for a claim with this measure, taken by itself: before what adds up with others
    /// and before caps; never below zero. For a range it is the most that the panel can fill in.
    ///
    /// # Errors
    /// `quantity_invalid` and `choice_invalid` when the measure does not fit the amount.
    pub fn of(&self, measure: &Measure) -> Result<Points, Refusal> {
        let asks = self.asks();
        if asks != Asks::Choice && measure.choice.is_some() {
            return Err(Refusal::ChoiceInvalid);
        }
        let quantity = match (asks, measure.quantity) {
            (Asks::Quantity, Some(count)) if (1..=Self::QUANTITY_MAX).contains(&count) => count,
            (Asks::Quantity, _) => {
                return Err(Refusal::QuantityInvalid { quantity_max: Some(Self::QUANTITY_MAX) });
            }
            (_, Some(_)) => return Err(Refusal::QuantityInvalid { quantity_max: None }),
            (_, None) => 0,
        };
        match self {
            Self::Fixed { points } => Ok(*points),
            Self::PerUnit { each, points, points_max, .. } => {
                let times = quantity.checked_div(*each).unwrap_or(0);
                Ok(points.times(times).map_or(*points_max, |sum| sum.min(*points_max)))
            }
            Self::Choice { .. } => {
                self.option(measure).map(|option| option.points).ok_or(Refusal::ChoiceInvalid)
            }
            Self::CumulativeTiers(cumulative) => Ok(Tier::reached(&cumulative.tiers, quantity)),
            Self::MarginalTiers(marginal) => Ok(marginal.of(quantity)),
            Self::Range { points_max, .. } => Ok(*points_max),
        }
    }

    /// What it counts, if it counts anything.
    pub fn unit(&self) -> Option<&str> {
        match self {
            Self::PerUnit { unit, .. } => Some(unit),
            Self::CumulativeTiers(tiers) => Some(&tiers.unit),
            Self::MarginalTiers(tiers) => Some(&tiers.unit),
            Self::Fixed { .. } | Self::Choice { .. } | Self::Range { .. } => None,
        }
    }

    /// The most that one claim can bring, before caps.
    pub fn most(&self) -> Points {
        match self {
            Self::Fixed { points } => *points,
            Self::PerUnit { points_max, .. } | Self::Range { points_max, .. } => *points_max,
            Self::Choice { options } => options.iter().map(|o| o.points).max().unwrap_or_default(),
            Self::CumulativeTiers(cumulative) => Tier::reached(&cumulative.tiers, u32::MAX),
            Self::MarginalTiers(marginal) => {
                let slices = marginal.tiers.iter();
                slices.fold(Points::ZERO, |sum, slice| {
                    sum.plus(slice.points_max).unwrap_or(Points::MAX)
                })
            }
        }
    }

    /// The option that a claim chose.
    pub fn option(&self, measure: &Measure) -> Option<&ChoiceOption> {
        let Self::Choice { options } = self else { return None };
        let code = measure.choice.as_deref()?;
        options.iter().find(|option| option.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(count: u32) -> Measure {
        Measure { quantity: Some(count), choice: None }
    }

    #[test]
    fn units_count_up_to_the_maximum() {
        let hours = Amount::PerUnit {
            unit: "小时".into(),
            each: 1,
            points: Points::from_hundredths(50),
            points_max: Points::whole(3),
        };
        assert_eq!(hours.of(&quantity(1)), Ok(Points::from_hundredths(50)));
        assert_eq!(hours.of(&quantity(6)), Ok(Points::whole(3)));
        assert_eq!(hours.of(&quantity(7)), Ok(Points::whole(3)));
        assert_eq!(hours.most(), Points::whole(3));
        for wrong in [Measure::default(), quantity(0), quantity(Amount::QUANTITY_MAX + 1)] {
            assert!(matches!(hours.of(&wrong), Err(Refusal::QuantityInvalid { .. })));
        }
    }

    #[test]
    fn a_choice_needs_an_option_that_exists() {
        let award = Amount::Choice {
            options: vec![ChoiceOption {
                code: "county".into(),
                name: "县级".into(),
                points: Points::whole(20),
                duration: None,
            }],
        };
        let choose = |code: &str| Measure { quantity: None, choice: Some(code.into()) };
        assert_eq!(award.of(&choose("county")), Ok(Points::whole(20)));
        assert_eq!(award.of(&choose("nation")), Err(Refusal::ChoiceInvalid));
        assert_eq!(award.of(&Measure::default()), Err(Refusal::ChoiceInvalid));
    }

    #[test]
    fn part_of_a_unit_brings_nothing() {
        // Wendeng: 0.1 for every 10 yuan, below 100 yuan.
        let small = Amount::PerUnit {
            unit: "元".into(),
            each: 10,
            points: Points::from_hundredths(10),
            points_max: Points::from_hundredths(90),
        };
        for (yuan, hundredths) in [(9, 0), (10, 10), (19, 10), (99, 90), (120, 90)] {
            assert_eq!(small.of(&quantity(yuan)), Ok(Points::from_hundredths(hundredths)));
        }
    }

    #[test]
    fn a_range_asks_for_its_most_until_the_panel_fills_it_in() {
        let range = Amount::Range { points_min: Points::whole(1), points_max: Points::whole(5) };
        assert_eq!(range.of(&Measure::default()), Ok(Points::whole(5)));
        assert!(range.of(&quantity(2)).is_err());
    }

    #[test]
    fn a_fixed_amount_takes_no_measure() {
        let fixed = Amount::Fixed { points: Points::whole(2) };
        assert_eq!(fixed.of(&Measure::default()), Ok(Points::whole(2)));
        assert!(fixed.of(&quantity(2)).is_err());
    }
}
