//! The lower bound of a row in a table of stars or grades.

use crate::points::Points;

/// From which score on a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The bound.
    pub from: Points,
    /// Whether the bound itself is enough ("at least") or not ("above").
    pub inclusive: bool,
}

impl Threshold {
    /// Whether the score is enough.
    pub fn is_reached_by(self, score: Points) -> bool {
        if self.inclusive { score >= self.from } else { score > self.from }
    }

    /// How many points are missing: nothing once it is reached, and at least a hundredth before.
    pub fn missing(self, score: Points) -> Points {
        let beyond = i64::from(!self.inclusive);
        let needed = self.from.hundredths().saturating_add(beyond);
        Points::from_hundredths(needed.saturating_sub(score.hundredths()).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_1060_is_one_hundredth_further_than_from_1060_on() {
        let bound = |inclusive| Threshold { from: Points::whole(1060), inclusive };
        let at = Points::whole(1060);
        assert!(bound(true).is_reached_by(at) && !bound(false).is_reached_by(at));
        assert_eq!(bound(true).missing(at), Points::ZERO);
        assert_eq!(bound(false).missing(at), Points::from_hundredths(1));
        assert_eq!(bound(true).missing(Points::whole(1000)), Points::whole(60));
        assert_eq!(bound(true).missing(Points::whole(2000)), Points::ZERO);
    }
}
