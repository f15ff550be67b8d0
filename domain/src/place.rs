//! Where things are: divisions and the village with all that lies above it.

use serde::{Deserialize, Serialize};

use crate::id::{DivisionId, VillageId};

/// The level of a division (GB/T 2260 style codes: 6, 9 and 12 digits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DivisionLevel {
    /// County or district, six digits.
    County,
    /// Town or township, nine digits.
    Town,
    /// Village, twelve digits.
    Village,
}

impl DivisionLevel {
    /// The level whose codes have this many digits.
    pub fn of_code(code: &str) -> Option<Self> {
        if !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match code.len() {
            6 => Some(Self::County),
            9 => Some(Self::Town),
            12 => Some(Self::Village),
            _ => None,
        }
    }

    /// How many digits of a code name the division above.
    pub const fn parent_digits(self) -> Option<usize> {
        match self {
            Self::County => None,
            Self::Town => Some(6),
            Self::Village => Some(9),
        }
    }
}

/// A village and the divisions it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The county or district.
    pub county: DivisionId,
    /// The town.
    pub town: DivisionId,
    /// The village: the tenant.
    pub village: VillageId,
}

impl Place {
    /// Whether the village is this division or lies in it.
    pub fn lies_in(&self, division: DivisionId) -> bool {
        division == self.county || division == self.town || division.0 == self.village.0
    }
}

/// A division of any level with those above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DivisionPath {
    /// The county or district.
    pub county: DivisionId,
    /// The town, if it is or lies in one.
    pub town: Option<DivisionId>,
    /// The village, if it is one.
    pub village: Option<DivisionId>,
}

impl DivisionPath {
    /// Whether it is that division or lies in it.
    pub fn lies_in(&self, division: DivisionId) -> bool {
        division == self.county || Some(division) == self.town || Some(division) == self.village
    }

    /// Its level.
    pub const fn level(&self) -> DivisionLevel {
        match (self.town, self.village) {
            (_, Some(_)) => DivisionLevel::Village,
            (Some(_), None) => DivisionLevel::Town,
            (None, None) => DivisionLevel::County,
        }
    }
}

/// The size of a grid (Longwo's 大中小微), the largest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridLevel {
    /// 大网格.
    Large,
    /// 中网格.
    Medium,
    /// 小网格.
    Small,
    /// 微网格.
    Micro,
}
