//! The star table (星级): from score to star, and what a star brings.

use serde::{Deserialize, Serialize};

use super::Threshold;
use crate::points::{BasisPoints, Fen, Points};

/// Zero to five stars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Star(u8);

impl Star {
    /// No star.
    pub const NONE: Self = Self(0);
    /// The most stars.
    pub const MAX: u8 = 5;

    /// Zero to five stars, else `None`.
    pub const fn new(stars: u8) -> Option<Self> {
        if stars <= Self::MAX { Some(Self(stars)) } else { None }
    }

    /// How many.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Star {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = u8::deserialize(deserializer)?;
        Self::new(raw).ok_or_else(|| serde::de::Error::custom("stars run from 0 to 5"))
    }
}

/// One row: from this score on there are so many stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StarRow {
    /// How many stars.
    pub stars: Star,
    /// The lower bound of the score.
    pub from: Points,
    /// Whether the bound itself is enough ("at least") or not ("above").
    pub inclusive: bool,
    /// Star credit granted when the rating takes effect, in fen.
    pub star_credit_fen: Fen,
    /// The share of a price that this star takes off, in basis points.
    pub discount_bp: BasisPoints,
}

/// The table, the most stars first. Who reaches no row has no star.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StarTable(pub Vec<StarRow>);

impl StarTable {
    /// The star for a score.
    pub fn star_for(&self, score: Points) -> Star {
        self.0.iter().find(|row| row.is_reached_by(score)).map_or(Star::NONE, |row| row.stars)
    }

    /// The star credit that a star brings.
    pub fn credit_for(&self, star: Star) -> Fen {
        self.row(star).map_or(Fen::ZERO, |row| row.star_credit_fen)
    }

    /// The discount that a star brings.
    pub fn discount_for(&self, star: Star) -> BasisPoints {
        self.row(star).map_or(BasisPoints::ZERO, |row| row.discount_bp)
    }

    fn row(&self, star: Star) -> Option<&StarRow> {
        self.0.iter().find(|row| row.stars == star)
    }
}

impl StarRow {
    /// Whether the score is enough for this row.
    pub fn is_reached_by(&self, score: Points) -> bool {
        self.threshold().is_reached_by(score)
    }

    /// From which score on it holds.
    pub const fn threshold(&self) -> Threshold {
        Threshold { from: self.from, inclusive: self.inclusive }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(stars: u8, from: i32, inclusive: bool) -> StarRow {
        StarRow {
            stars: Star::new(stars).unwrap(),
            from: Points::whole(from),
            inclusive,
            star_credit_fen: Fen::yuan(i32::from(stars) * 400),
            discount_bp: BasisPoints::new(u16::from(stars) * 200).unwrap(),
        }
    }

    #[test]
    fn wendengs_five_stars_begin_above_1060() {
        let table = StarTable(vec![row(5, 1060, false), row(4, 1040, false), row(1, 800, false)]);
        let star = |score: &str| table.star_for(score.parse().unwrap()).get();
        assert_eq!(star("1060.01"), 5);
        assert_eq!(star("1060"), 4);
        assert_eq!(star("800.01"), 1);
        assert_eq!(star("800"), 0);
    }

    #[test]
    fn an_inclusive_bound_is_enough_and_a_star_brings_credit_and_discount() {
        let table = StarTable(vec![row(5, 95, true), row(4, 90, true)]);
        assert_eq!(table.star_for("95".parse().unwrap()).get(), 5);
        assert_eq!(table.star_for("94.99".parse().unwrap()).get(), 4);
        assert_eq!(table.star_for("89.99".parse().unwrap()), Star::NONE);
        assert_eq!(table.credit_for(Star::new(4).unwrap()), Fen::yuan(1600));
        assert_eq!(table.discount_for(Star::new(5).unwrap()).get(), 1000);
        assert_eq!(table.discount_for(Star::NONE), BasisPoints::ZERO);
    }
}
