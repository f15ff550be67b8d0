//! How much a deed is worth.

use serde::{Deserialize, Serialize};

use crate::points::Points;
use crate::refusal::Refusal;

/// The amount of an item. All amounts are above zero; the item's kind gives the sign.
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
        /// What is counted: an hour, 100 yuan, a person-time.
        unit: String,
        /// The points for one unit.
        points: Points,
        /// The most that one claim can bring.
        points_max: Points,
    },
    /// One of several, such as by the level that issued an award.
    Choice {
        /// What can be chosen.
        options: Vec<ChoiceOption>,
    },
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
}

/// What a claim states so that its amount can be reckoned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// How many units, for an amount per unit.
    pub quantity: Option<u32>,
    /// Which option, for a choice.
    pub choice: Option<String>,
}

impl Amount {
    /// The most units that one claim may state.
    pub const QUANTITY_MAX: u32 = 100_000;

    /// The points for a claim with this measure, before caps; never below zero.
    ///
    /// # Errors
    /// `quantity_invalid` and `choice_invalid` when the measure does not fit the amount.
    pub fn of(&self, measure: &Measure) -> Result<Points, Refusal> {
        let no_quantity = Refusal::QuantityInvalid { quantity_max: None };
        match (self, measure.quantity, measure.choice.as_deref()) {
            (Self::Fixed { points }, None, None) => Ok(*points),
            (Self::Fixed { .. } | Self::Choice { .. }, Some(_), _) => Err(no_quantity),
            (Self::Fixed { .. } | Self::PerUnit { .. }, _, Some(_)) => Err(Refusal::ChoiceInvalid),
            (Self::PerUnit { points, points_max, .. }, quantity, None) => match quantity {
                Some(count) if (1..=Self::QUANTITY_MAX).contains(&count) => {
                    Ok(points.times(count).map_or(*points_max, |sum| sum.min(*points_max)))
                }
                _ => Err(Refusal::QuantityInvalid { quantity_max: Some(Self::QUANTITY_MAX) }),
            },
            (Self::Choice { options }, None, Some(code)) => options
                .iter()
                .find(|option| option.code == code)
                .map(|option| option.points)
                .ok_or(Refusal::ChoiceInvalid),
            (Self::Choice { .. }, None, None) => Err(Refusal::ChoiceInvalid),
        }
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
            points: Points::from_hundredths(50),
            points_max: Points::whole(3),
        };
        assert_eq!(hours.of(&quantity(1)), Ok(Points::from_hundredths(50)));
        assert_eq!(hours.of(&quantity(6)), Ok(Points::whole(3)));
        assert_eq!(hours.of(&quantity(7)), Ok(Points::whole(3)));
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
            }],
        };
        let choose = |code: &str| Measure { quantity: None, choice: Some(code.into()) };
        assert_eq!(award.of(&choose("county")), Ok(Points::whole(20)));
        assert_eq!(award.of(&choose("nation")), Err(Refusal::ChoiceInvalid));
        assert_eq!(award.of(&Measure::default()), Err(Refusal::ChoiceInvalid));
    }

    #[test]
    fn a_fixed_amount_takes_no_measure() {
        let fixed = Amount::Fixed { points: Points::whole(2) };
        assert_eq!(fixed.of(&Measure::default()), Ok(Points::whole(2)));
        assert!(fixed.of(&quantity(2)).is_err());
    }
}
