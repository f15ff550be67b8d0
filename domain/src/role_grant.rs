//! Granting and ending roles: by whom, for what kind of place, for how long.

use chrono::{DateTime, Utc};

use crate::actor::{Actor, Role};
use crate::place::DivisionLevel;
use crate::policy::{Action, Permit, Target, allows, may_grant, permits};
use crate::refusal::Refusal;

/// How long a role is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// From when on.
    pub begins_at: DateTime<Utc>,
    /// Until when, this moment not included; none for until further notice.
    pub ends_at: Option<DateTime<Utc>>,
}

impl Term {
    /// A term that begins now or later: what was held in the past is not rewritten, so a beginning
    /// in the past counts as now.
    ///
    /// # Errors
    /// `term_empty` if it ends before it begins.
    pub fn new(
        begins_at: Option<DateTime<Utc>>,
        ends_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let begins_at = begins_at.map_or(now, |begins_at| begins_at.max(now));
        if ends_at.is_some_and(|ends_at| ends_at <= begins_at) {
            return Err(Refusal::TermEmpty);
        }
        Ok(Self { begins_at, ends_at })
    }

    /// Whether the two have a moment in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.ends_at.is_none_or(|end| other.begins_at < end)
            && other.ends_at.is_none_or(|end| self.begins_at < end)
    }
}

/// A role as it was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// For how long.
    pub term: Term,
    /// When somebody ended it, if somebody did.
    pub ended_at: Option<DateTime<Utc>>,
}

names! {
    /// Whether a role is held.
    Standing {
        /// Not yet.
        Planned "planned",
        /// Now.
        Held "held",
        /// No more: its term is over, or somebody ended it.
        Over "over",
    }
}

impl Granted {
    /// Whether it is held now.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        let over = self.term.ends_at.is_some_and(|end| end <= now);
        if over || self.ended_at.is_some() {
            Standing::Over
        } else if self.term.begins_at > now {
            Standing::Planned
        } else {
            Standing::Held
        }
    }

    /// Whether it can be ended.
    ///
    /// # Errors
    /// `role_over`.
    pub fn end(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.standing(now) == Standing::Over { Err(Refusal::RoleOver) } else { Ok(()) }
    }
}

/// Whether a role is one for divisions of this level.
///
/// Helpers serve a village or all villages of a town; supervisors any division; administrators
/// the level that they are named for.
pub const fn fits_level(role: Role, level: DivisionLevel) -> bool {
    use DivisionLevel::{County, Town, Village};
    match role {
        Role::Collector
        | Role::GridWorker
        | Role::WorkTeam
        | Role::PanelMember
        | Role::StoreKeeper => matches!(level, Village | Town),
        Role::VillageAdmin => matches!(level, Village),
        Role::TownOfficer => matches!(level, Town),
        Role::CountyOperator => matches!(level, County),
        Role::Supervisor => true,
        Role::Villager | Role::MerchantOwner | Role::MerchantClerk | Role::PlatformAdmin => false,
    }
}

/// Decides whether the actor may grant or end the role for this division, in whichever of their
/// roles allows it.
///
/// # Errors
/// `not_found` or `forbidden` by the policy; `role_not_grantable`.
pub fn may_manage(
    actor: &Actor,
    role: Role,
    target: &Target,
    level: DivisionLevel,
) -> Result<Permit, Refusal> {
    allows(actor, Action::RoleManage, target)?;
    if !fits_level(role, level) {
        return Err(Refusal::RoleNotGrantable);
    }
    permits(actor, Action::RoleManage, target)
        .find(|permit| may_grant(permit.role, role))
        .ok_or(Refusal::RoleNotGrantable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::{Grant, Scope};
    use crate::id::{DivisionId, UserId, VillageId};
    use crate::place::{DivisionPath, Place};
    use chrono::Duration;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        "2026-10-20T02:00:00Z".parse().unwrap()
    }

    fn days(count: i64) -> Option<DateTime<Utc>> {
        Some(now() + Duration::days(count))
    }

    fn division(n: u128) -> DivisionId {
        DivisionId(Uuid::from_u128(n))
    }

    fn officer(roles: &[(Role, Scope)]) -> Actor {
        let grants = roles.iter().map(|&(role, scope)| Grant { role, scope }).collect();
        Actor { user: UserId(Uuid::from_u128(9)), membership: None, grants }
    }

    fn village() -> Target {
        Target::village(Place {
            county: division(1),
            town: division(2),
            village: VillageId(Uuid::from_u128(3)),
        })
    }

    #[test]
    fn a_term_ends_after_it_begins_and_does_not_reach_back() {
        let term = Term::new(days(-5), days(1), now()).unwrap();
        assert_eq!(term.begins_at, now());
        assert_eq!(Term::new(None, days(0), now()), Err(Refusal::TermEmpty));
        assert_eq!(Term::new(days(3), days(2), now()), Err(Refusal::TermEmpty));
        assert!(Term::new(days(3), None, now()).is_ok());
    }

    #[test]
    fn terms_that_follow_each_other_do_not_overlap() {
        let term = |from, until| Term { begins_at: now() + Duration::days(from), ends_at: until };
        let first = term(0, days(10));
        assert!(!first.overlaps(&term(10, None)));
        assert!(first.overlaps(&term(9, None)));
        assert!(term(5, None).overlaps(&first));
        assert!(!term(10, days(20)).overlaps(&first));
    }

    #[test]
    fn a_role_is_planned_then_held_then_over() {
        let term = Term::new(days(1), days(2), now()).unwrap();
        let granted = Granted { term, ended_at: None };
        assert_eq!(granted.standing(now()), Standing::Planned);
        assert_eq!(granted.standing(now() + Duration::days(1)), Standing::Held);
        assert_eq!(granted.standing(now() + Duration::days(2)), Standing::Over);
        assert_eq!(granted.end(now()), Ok(()));
        let ended = Granted { ended_at: Some(now()), ..granted };
        assert_eq!(ended.end(now()), Err(Refusal::RoleOver));
    }

    #[test]
    fn one_grants_what_any_of_the_own_roles_allows() {
        let admin = (Role::VillageAdmin, Scope::Division(division(3)));
        let operator = (Role::CountyOperator, Scope::Division(division(1)));
        let may = |roles: &[_], role| {
            may_manage(&officer(roles), role, &village(), DivisionLevel::Village)
        };
        assert!(may(&[admin], Role::PanelMember).is_ok());
        assert_eq!(may(&[admin], Role::VillageAdmin), Err(Refusal::RoleNotGrantable));
        let both = may(&[admin, operator], Role::VillageAdmin).unwrap();
        assert_eq!(both.role, Role::CountyOperator);
        assert_eq!(may(&[operator], Role::PanelMember), Err(Refusal::RoleNotGrantable));
    }

    #[test]
    fn a_role_is_granted_for_its_own_kind_of_place() {
        let operator = officer(&[(Role::CountyOperator, Scope::Division(division(1)))]);
        let town = DivisionPath { county: division(1), town: Some(division(2)), village: None };
        let at = |role, level| may_manage(&operator, role, &Target::division(town), level);
        assert!(at(Role::TownOfficer, DivisionLevel::Town).is_ok());
        assert_eq!(at(Role::VillageAdmin, DivisionLevel::Town), Err(Refusal::RoleNotGrantable));
        for role in [Role::Villager, Role::MerchantClerk, Role::MerchantOwner, Role::PlatformAdmin]
        {
            assert_eq!(at(role, DivisionLevel::Town), Err(Refusal::RoleNotGrantable));
        }
    }

    #[test]
    fn the_platform_appoints_county_operators() {
        let platform = officer(&[(Role::PlatformAdmin, Scope::Platform)]);
        let county = DivisionPath { county: division(1), town: None, village: None };
        let target = Target::division(county);
        let permit =
            may_manage(&platform, Role::CountyOperator, &target, DivisionLevel::County).unwrap();
        assert_eq!(permit.role, Role::PlatformAdmin);
        let county = officer(&[(Role::CountyOperator, Scope::Division(division(1)))]);
        let refused = may_manage(&county, Role::CountyOperator, &target, DivisionLevel::County);
        assert_eq!(refused, Err(Refusal::RoleNotGrantable));
    }
}
