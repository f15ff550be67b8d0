//! Where things are: divisions and the village with all that lies above it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::actor::Actor;
use crate::id::{DivisionId, VillageId};
use crate::policy::{Action, Permit, Target, allows};
use crate::refusal::Refusal;

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

names! {
    /// The size of a grid (Longwo's 大中小微), the largest first.
    GridLevel {
        /// 大网格.
        Large "large",
        /// 中网格.
        Medium "medium",
        /// 小网格.
        Small "small",
        /// 微网格.
        Micro "micro",
    }
}

impl GridLevel {
    /// Decides whether a grid of this level may lie in that one. Levels may be left out: a hamlet
    /// can be a small grid right under the village's large one (Jinping).
    ///
    /// # Errors
    /// `grid_not_smaller`.
    pub fn may_lie_in(self, parent: Self) -> Result<(), Refusal> {
        if self > parent { Ok(()) } else { Err(Refusal::GridNotSmaller) }
    }
}

/// Decides whether the actor may import divisions with these codes: the platform anywhere, a
/// county's operator inside the own county. `counties` are those that are known, by code. A code
/// that is none is left to the check of the lines.
///
/// # Errors
/// `forbidden`, if one of them is elsewhere.
pub fn may_import<'a>(
    actor: &Actor,
    codes: impl Iterator<Item = &'a str>,
    counties: &BTreeMap<String, DivisionId>,
) -> Result<Permit, Refusal> {
    let of_county = |code: &'a str| DivisionLevel::of_code(code).and_then(|_| code.get(..6));
    let touched: BTreeSet<&str> = codes.filter_map(of_county).collect();
    let allowed = |county: DivisionId| {
        let path = DivisionPath { county, town: None, village: None };
        allows(actor, Action::DivisionManage, &Target::division(path))
    };
    // A county that is not known yet is nobody's own.
    let nobodys = DivisionId(Uuid::nil());
    let ids: BTreeSet<DivisionId> =
        touched.iter().map(|code| counties.get(*code).copied().unwrap_or(nobodys)).collect();
    let mut permit = None;
    for county in ids {
        permit = Some(allowed(county)?);
    }
    permit.map_or_else(|| allowed(nobodys), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Grant, Role, Scope};
    use crate::id::UserId;

    #[test]
    fn grids_get_smaller_downwards() {
        assert_eq!(GridLevel::Small.may_lie_in(GridLevel::Large), Ok(()));
        for wrong in [GridLevel::Small, GridLevel::Medium, GridLevel::Large] {
            assert_eq!(wrong.may_lie_in(GridLevel::Small), Err(Refusal::GridNotSmaller));
        }
    }

    #[test]
    fn a_countys_operator_imports_inside_the_own_county_only() {
        let own = DivisionId(Uuid::from_u128(1));
        let counties = BTreeMap::from([
            ("520204".to_owned(), own),
            ("520203".to_owned(), DivisionId(Uuid::from_u128(2))),
        ]);
        let actor = |role, scope| Actor {
            user: UserId(Uuid::from_u128(9)),
            membership: None,
            grants: vec![Grant { role, scope }],
        };
        let operator = actor(Role::CountyOperator, Scope::Division(own));
        let may = |actor: &Actor, codes: &[&str]| {
            may_import(actor, codes.iter().copied(), &counties).map(|permit| permit.role)
        };
        assert_eq!(may(&operator, &["520204", "520204105"]), Ok(Role::CountyOperator));
        assert_eq!(may(&operator, &["520204105", "520203001"]), Err(Refusal::Forbidden));
        assert_eq!(may(&operator, &["110101"]), Err(Refusal::Forbidden));
        assert_eq!(may(&operator, &["县"]), Err(Refusal::Forbidden));
        let platform = actor(Role::PlatformAdmin, Scope::Platform);
        assert_eq!(may(&platform, &["110101", "520203001"]), Ok(Role::PlatformAdmin));
        assert_eq!(may(&platform, &[]), Ok(Role::PlatformAdmin));
        let town = actor(Role::TownOfficer, Scope::Division(own));
        assert_eq!(may(&town, &["520204105"]), Err(Refusal::Forbidden));
    }
}
