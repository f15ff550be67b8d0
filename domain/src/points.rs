//! Exact amounts: points in hundredths, money in fen, shares in basis points.
//!
//! Nothing here is a floating-point number, and nothing wraps: an operation that would leave the
//! range answers `None`, so that a sum too large is a refusal and never a wrong figure.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Points, counted in hundredths of a point (0.1 point is 10). Written `"12.5"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);
    /// The largest amount accepted at the door: ten thousand million points.
    pub const MAX: Self = Self(1_000_000_000_000);

    /// Points from hundredths of a point.
    pub const fn from_hundredths(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// Whole points.
    pub const fn whole(points: i32) -> Self {
        // An i32 times 100 always fits.
        Self(points as i64 * 100)
    }

    /// The amount in hundredths of a point.
    pub const fn hundredths(self) -> i64 {
        self.0
    }

    /// The sum, or `None` when it leaves the range.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` when it leaves the range.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The amount taken `count` times, or `None` when it leaves the range.
    pub fn times(self, count: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(count)).map(Self)
    }

    /// The same amount with the other sign.
    pub const fn negated(self) -> Self {
        Self(-self.0)
    }

    /// Whether this is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            r if r % 10 == 0 => write!(f, "{sign}{whole}.{}", r / 10),
            r => write!(f, "{sign}{whole}.{r:02}"),
        }
    }
}

/// Why a text is not an amount of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPoints;

impl fmt::Display for NotPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not points: a decimal with at most two places, such as 12.5")
    }
}

impl std::error::Error for NotPoints {}

impl FromStr for Points {
    type Err = NotPoints;

    fn from_str(text: &str) -> Result<Self, NotPoints> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(places) || places.len() > 2 || whole.len() > 10 {
            return Err(NotPoints);
        }
        let whole: i64 = whole.parse().map_err(|_| NotPoints)?;
        let rest: i64 = places.parse().map_err(|_| NotPoints)?;
        let hundredths = whole * 100 + if places.len() == 1 { rest * 10 } else { rest };
        if hundredths > Self::MAX.0 {
            return Err(NotPoints);
        }
        Ok(Self(if negative { -hundredths } else { hundredths }))
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Money in fen (hundredths of a yuan).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(i64);

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Money from fen.
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// Whole yuan.
    pub const fn yuan(yuan: i32) -> Self {
        // An i32 times 100 always fits.
        Self(yuan as i64 * 100)
    }

    /// The amount in fen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or `None` when it leaves the range.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` when it leaves the range.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// What is left of a ceiling after this much was used: never below zero.
    pub fn left_of(self, ceiling: Self) -> Self {
        Self(ceiling.0.saturating_sub(self.0).max(0))
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (yuan, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        write!(f, "{sign}{yuan}.{rest:02}")
    }
}

/// A share in ten-thousandths: 800 is 8 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct BasisPoints(u16);

impl BasisPoints {
    /// No share.
    pub const ZERO: Self = Self(0);

    /// A share of at most the whole (10,000), else `None`.
    pub const fn new(basis_points: u16) -> Option<Self> {
        if basis_points <= 10_000 { Some(Self(basis_points)) } else { None }
    }

    /// The share in ten-thousandths.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// This share of a price, rounded down to the fen: `floor(price × basis points ÷ 10,000)`.
    pub fn of(self, price: Fen) -> Fen {
        let exact = i128::from(price.0) * i128::from(self.0);
        // A share of at most the whole is never larger than the price, so it fits.
        Fen(i64::try_from(exact.div_euclid(10_000)).unwrap_or(i64::MAX))
    }
}

impl<'de> Deserialize<'de> for BasisPoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = u16::deserialize(deserializer)?;
        Self::new(raw).ok_or_else(|| de::Error::custom("basis points run from 0 to 10000"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn four_stars_on_128_yuan_50_are_10_yuan_28() {
        let eight_percent = BasisPoints::new(800).unwrap();
        assert_eq!(eight_percent.of(Fen::new(12_850)), Fen::new(1_028));
    }

    #[test]
    fn points_are_read_with_at_most_two_places() {
        assert_eq!("0.1".parse(), Ok(Points::from_hundredths(10)));
        assert_eq!("-2.05".parse(), Ok(Points::from_hundredths(-205)));
        assert_eq!("1060.01".parse(), Ok(Points::from_hundredths(106_001)));
        for bad in ["", "-", "1.", ".5", "1.234", "1e3", "+1", " 1", "１", "99999999999", "--1"] {
            assert_eq!(bad.parse::<Points>(), Err(NotPoints), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn points_survive_being_written_and_read(h in -1_000_000_000_000_i64..=1_000_000_000_000) {
            let points = Points::from_hundredths(h);
            prop_assert_eq!(points.to_string().parse::<Points>(), Ok(points));
        }

        #[test]
        fn a_share_is_rounded_down_and_loses_less_than_a_fen(
            price in 0_i64..=i64::MAX,
            bp in 0_u16..=10_000,
        ) {
            let share = i128::from(BasisPoints::new(bp).unwrap().of(Fen::new(price)).get());
            let exact = i128::from(price) * i128::from(bp);
            prop_assert!(share * 10_000 <= exact);
            prop_assert!(exact - share * 10_000 < 10_000);
        }
    }
}
