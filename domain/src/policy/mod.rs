//! Who may do what: the one place that says so. `tests/golden/policy.txt` prints it.
//!
//! [`allows`] answers with the role that gave the right, so that it can be recorded, or with a
//! refusal: `not_found` where the actor may not even know that the thing exists (another village,
//! another household's claim), `forbidden` where they may.
//!
//! The table is in `actions`, who may grant which role in `grants`, which readings need a reason in
//! `reading`.

mod actions;
mod grants;
mod reading;

use crate::actor::{Actor, Grant, Role, Scope};
use crate::id::{HouseholdId, MerchantId};
use crate::place::{DivisionPath, Place};
use crate::refusal::Refusal;

pub use actions::{Action, Reach};
pub use grants::may_grant;
pub use reading::needs_reason;

use actions::Kind;

/// What an action is done to; nothing in it means the whole installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The village it belongs to.
    pub place: Option<Place>,
    /// The household it belongs to.
    pub household: Option<HouseholdId>,
    /// The merchant it belongs to.
    pub merchant: Option<MerchantId>,
    /// The division it belongs to, where that may be a town or county.
    pub division: Option<DivisionPath>,
}

impl Target {
    /// Something of a village.
    pub fn village(place: Place) -> Self {
        Self { place: Some(place), ..Self::default() }
    }

    /// Something of a household.
    pub fn household(place: Place, household: HouseholdId) -> Self {
        Self { place: Some(place), household: Some(household), ..Self::default() }
    }

    /// Something of a merchant that trades in this division.
    pub fn merchant(merchant: MerchantId, division: DivisionPath) -> Self {
        Self { merchant: Some(merchant), division: Some(division), ..Self::default() }
    }

    /// Something at the till of a merchant, which only its own people reach.
    pub fn till(merchant: MerchantId) -> Self {
        Self { merchant: Some(merchant), ..Self::default() }
    }

    /// What a merchant does with a village.
    pub fn merchant_at(merchant: MerchantId, place: Place) -> Self {
        Self { merchant: Some(merchant), place: Some(place), ..Self::default() }
    }

    /// Something of a division of any level.
    pub fn division(division: DivisionPath) -> Self {
        Self { division: Some(division), ..Self::default() }
    }
}

/// The proof that an actor may do something, with the role that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// The role in which they act.
    pub role: Role,
    /// Whether they act on their own household's things.
    pub own: bool,
}

/// Decides whether the actor may do this.
///
/// # Errors
/// `not_found` or `forbidden`, see the module.
pub fn allows(actor: &Actor, action: Action, target: &Target) -> Result<Permit, Refusal> {
    if let Some(permit) = permits(actor, action, target).next() {
        return Ok(permit);
    }
    let belongs = target.place.is_some_and(|place| actor.belongs_at(&place));
    let of_division = target.place.is_none() && target.merchant.is_none();
    Err(if action.kind() == Kind::Known && (belongs || of_division) {
        Refusal::Forbidden
    } else {
        Refusal::NotFound
    })
}

/// Every role in which the actor may do this, in the order of the rules.
pub fn permits(actor: &Actor, action: Action, target: &Target) -> impl Iterator<Item = Permit> {
    let target = *target;
    let own = target.household.is_some() && target.household == actor.household();
    let reached = move |&&(role, reach): &&(Role, Reach)| match reach {
        Reach::Household => {
            let at_home = target.place.is_none_or(|place| actor.holds_at(role, &place));
            at_home && own
        }
        Reach::Village => match (target.place, target.division) {
            (Some(place), _) => actor.holds_at(role, &place),
            (None, Some(division)) => holds_for_division(actor, role, division),
            (None, None) => false,
        },
        Reach::VillageStore => {
            target.merchant.is_none()
                && target.place.is_some_and(|place| actor.holds_at(role, &place))
        }
        Reach::Merchant => target.merchant.is_some_and(|merchant| actor.holds_for(role, merchant)),
        Reach::Platform => actor.grants.contains(&Grant { role, scope: Scope::Platform }),
    };
    action.rules().iter().filter(reached).map(move |&(role, _)| Permit { role, own })
}

/// Whether the actor holds the role for this division or one above it.
fn holds_for_division(actor: &Actor, role: Role, division: DivisionPath) -> bool {
    actor.grants.iter().any(|grant| {
        grant.role == role
            && match grant.scope {
                Scope::Platform => true,
                Scope::Division(scope) => division.lies_in(scope),
                Scope::Merchant(_) => false,
            }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Membership;
    use crate::id::{DivisionId, UserId, VillageId, VillagerId};
    use Role::{MerchantClerk, Supervisor, TownOfficer};
    use uuid::Uuid;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn place(village: u128) -> Place {
        Place {
            county: DivisionId(id(1)),
            town: DivisionId(id(2)),
            village: VillageId(id(village)),
        }
    }

    fn villager(village: u128, household: u128) -> Actor {
        Actor {
            user: UserId(id(9)),
            membership: Some(Membership {
                place: place(village),
                household: HouseholdId(id(household)),
                villager: VillagerId(id(household + 1)),
            }),
            grants: Vec::new(),
        }
    }

    fn officer(role: Role, scope: Scope) -> Actor {
        Actor { user: UserId(id(9)), membership: None, grants: vec![Grant { role, scope }] }
    }

    #[test]
    fn a_villager_sees_the_own_household_and_no_other() {
        let actor = villager(10, 100);
        let at = |village, household| Target::household(place(village), HouseholdId(id(household)));
        assert!(allows(&actor, Action::BalanceShow, &at(10, 100)).unwrap().own);
        assert_eq!(allows(&actor, Action::BalanceShow, &at(10, 200)), Err(Refusal::Forbidden));
        assert_eq!(allows(&actor, Action::ClaimShow, &at(10, 200)), Err(Refusal::NotFound));
        assert_eq!(allows(&actor, Action::BalanceShow, &at(11, 100)), Err(Refusal::NotFound));
    }

    #[test]
    fn a_role_for_a_town_covers_its_villages() {
        let actor = officer(TownOfficer, Scope::Division(DivisionId(id(2))));
        let permit = allows(&actor, Action::NoticeManage, &Target::village(place(10)));
        assert_eq!(permit.unwrap().role, TownOfficer);
        let elsewhere = officer(TownOfficer, Scope::Division(DivisionId(id(3))));
        let refused = allows(&elsewhere, Action::NoticeManage, &Target::village(place(10)));
        assert_eq!(refused, Err(Refusal::NotFound));
    }

    #[test]
    fn a_clerk_sells_for_the_own_merchant_only() {
        let actor = officer(MerchantClerk, Scope::Merchant(MerchantId(id(5))));
        let town = DivisionPath {
            county: DivisionId(id(1)),
            town: Some(DivisionId(id(2))),
            village: None,
        };
        let at = |merchant| Target::merchant(MerchantId(id(merchant)), town);
        assert!(allows(&actor, Action::PurchaseCreate, &at(5)).is_ok());
        assert_eq!(allows(&actor, Action::PurchaseCreate, &at(6)), Err(Refusal::NotFound));
        assert_eq!(allows(&actor, Action::MerchantStatementShow, &at(5)), Err(Refusal::NotFound));
    }

    #[test]
    fn the_keeper_of_the_village_does_not_work_at_the_counter_of_a_merchant() {
        let keeper = officer(Role::StoreKeeper, Scope::Division(DivisionId(id(10))));
        let of_village = Target::village(place(10));
        let of_merchant = Target { merchant: Some(MerchantId(id(5))), ..of_village };
        for action in [
            Action::StockManage,
            Action::StockShow,
            Action::CardRedemptionCreate,
            Action::PickupCreate,
            Action::StoreRedemptionShow,
            Action::RedemptionShow,
            Action::RedemptionCancel,
            Action::RedemptionRefund,
        ] {
            assert!(allows(&keeper, action, &of_village).is_ok(), "{}", action.as_str());
            assert!(allows(&keeper, action, &of_merchant).is_err(), "{}", action.as_str());
        }
        assert!(allows(&keeper, Action::StoreShow, &of_merchant).is_ok());
    }

    #[test]
    fn a_supervisor_changes_nothing() {
        let actor = officer(Supervisor, Scope::Division(DivisionId(id(1))));
        for action in Action::ALL {
            let may = allows(&actor, *action, &Target::village(place(10))).is_ok();
            let reads = action.as_str().ends_with("_show") || *action == Action::LedgerCheck;
            // Section 3: "writes nothing but findings".
            let reads = reads || *action == Action::PurchaseSignalFind;
            assert!(!may || reads, "{}", action.as_str());
        }
    }
}
