//! Who may do what: the one place that says so. `tests/golden/policy.txt` prints it.
//!
//! [`allows`] answers with the role that gave the right, so that it can be recorded, or with a
//! refusal: `not_found` where the actor may not even know that the thing exists (another village,
//! another household's claim), `forbidden` where they may.

use crate::actor::{Actor, Grant, Role, Scope};
use crate::id::{HouseholdId, MerchantId};
use crate::place::{DivisionPath, Place};
use crate::refusal::Refusal;

use Reach::{Household, Merchant, Platform, Village};
use Role::{
    Collector, CountyOperator, GridWorker, MerchantClerk, MerchantOwner, PanelMember,
    PlatformAdmin, Supervisor, TownOfficer, VillageAdmin, Villager, WorkTeam,
};

/// How far a role reaches in an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The actor's own household.
    Household,
    /// Every village that the role covers.
    Village,
    /// The merchant that the role is for.
    Merchant,
    /// What belongs to the whole installation.
    Platform,
}

type Rules = &'static [(Role, Reach)];

/// Those who run a village and the divisions above it.
const ADMINS: Rules = &[(VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village)];
/// Those who serve a village.
const OFFICERS: Rules = &[
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
];
/// Everybody who belongs to a village or answers for it.
const EVERYBODY: Rules = &[
    (Villager, Village),
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (CountyOperator, Village),
    (Supervisor, Village),
];
/// A household's own things, and those who serve or supervise it.
const HOUSEHOLD_AND_OFFICERS: Rules = &[
    (Villager, Household),
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (Supervisor, Village),
];
/// A household's own account, and those who answer for it.
const HOUSEHOLD_AND_ADMINS: Rules = &[
    (Villager, Household),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (Supervisor, Village),
];

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $code:literal $kind:ident => $rules:expr;)*) => {
        /// What can be done to something in a village or at a merchant.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in the policy file and the audit log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Which roles may do it, and how far they reach.
            pub const fn rules(self) -> Rules {
                match self { $(Self::$name => $rules,)* }
            }

            const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }
        }
    };
}

/// Whether those who belong to the village may know that the thing exists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Known in the village: refused with `forbidden`.
    Known,
    /// Private to those concerned: refused with `not_found`.
    Private,
}

actions! {
    /// See a village's name and settings.
    VillageShow "village_show" Known => EVERYBODY;
    /// See the grids of a village.
    GridShow "grid_show" Known => EVERYBODY;
    /// Draw grids.
    GridManage "grid_manage" Known => ADMINS;
    /// See the roster: names, and masked numbers.
    RosterShow "roster_show" Known => &[
        (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
        (TownOfficer, Village), (Supervisor, Village),
    ];
    /// Import the roster.
    RosterImport "roster_import" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// See a household and its members.
    HouseholdShow "household_show" Known => HOUSEHOLD_AND_OFFICERS;
    /// Change a villager's status or kin.
    VillagerManage "villager_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Decide on sign-ins that match nothing, and print invitation codes.
    BindingManage "binding_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// See who holds which role.
    RoleShow "role_show" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (Supervisor, Village), (PlatformAdmin, Village),
    ];
    /// Grant and end roles of a village.
    RoleManage "role_manage" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (PlatformAdmin, Village),
    ];
    /// Read the rule book.
    RuleBookShow "rule_book_show" Known => EVERYBODY;
    /// Write a draft and record its adoption.
    RuleBookManage "rule_book_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Upload evidence.
    EvidenceUpload "evidence_upload" Known => &[
        (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
        (VillageAdmin, Village),
    ];
    /// Look at evidence.
    EvidenceShow "evidence_show" Private => HOUSEHOLD_AND_OFFICERS;
    /// Declare a deed for one's own household.
    ClaimCreate "claim_create" Known => &[(Villager, Household)];
    /// Declare a deed for someone else: by proxy, or for an activity.
    ClaimCreateForOthers "claim_create_for_others" Known => &[
        (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
    ];
    /// Record a deduction.
    DeductionCreate "deduction_create" Known => &[
        (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
    ];
    /// Look at a claim.
    ClaimShow "claim_show" Private => HOUSEHOLD_AND_OFFICERS;
    /// Resubmit or withdraw a claim.
    ClaimChange "claim_change" Private => &[
        (Villager, Household), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
        (VillageAdmin, Village),
    ];
    /// Review a claim; which role at which stage is the rule book's matter.
    ClaimReview "claim_review" Private => OFFICERS;
    /// Read the notice board.
    NoticeShow "notice_show" Known => EVERYBODY;
    /// Put what is certified on the notice board.
    NoticeManage "notice_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Object to what hangs on the notice board.
    ObjectionCreate "objection_create" Known => &[(Villager, Village)];
    /// Appeal against what concerns one's own household.
    AppealCreate "appeal_create" Private => &[(Villager, Household)];
    /// See the objections that one raised, and those that concern the own household.
    ObjectionOwnShow "objection_own_show" Known => &[(Villager, Village)];
    /// See objections and appeals.
    ObjectionShow "objection_show" Private => &[
        (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
        (Supervisor, Village),
    ];
    /// Answer an objection or appeal; those who decided before are kept out.
    ObjectionAnswer "objection_answer" Private => &[
        (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// See the balance and stars of a household.
    BalanceShow "balance_show" Known => HOUSEHOLD_AND_ADMINS;
    /// See the entries of a household.
    StatementShow "statement_show" Known => HOUSEHOLD_AND_ADMINS;
    /// Compare balances with entries.
    LedgerCheck "ledger_check" Known => &[
        (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
        (Supervisor, Village),
    ];
    /// Look at the rating of a whole village while it is worked on.
    RatingShow "rating_show" Known => OFFICERS_AND_SUPERVISOR;
    /// Compute a rating.
    RatingManage "rating_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// Review a rating; which role at which stage is the rule book's matter.
    RatingReview "rating_review" Known => OFFICERS;
    /// See the agreements of a village with merchants.
    AgreementShow "agreement_show" Known => EVERYBODY;
    /// Make and end agreements.
    AgreementManage "agreement_manage" Known => ADMINS;
    /// Issue cards.
    CardManage "card_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    /// See cards, without their numbers.
    CardShow "card_show" Known => &[
        (Villager, Household), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Block a card: a household blocks the one it lost.
    CardBlock "card_block" Private => &[
        (Villager, Household), (VillageAdmin, Village), (TownOfficer, Village),
    ];
    /// Confirm a purchase of one's own household.
    PurchaseConfirm "purchase_confirm" Private => &[(Villager, Household)];
    /// See a merchant's data.
    MerchantShow "merchant_show" Private => &[
        (MerchantOwner, Merchant), (MerchantClerk, Merchant), (VillageAdmin, Village),
        (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
    ];
    /// Register a merchant and close it.
    MerchantManage "merchant_manage" Known => ADMINS;
    /// Invite and dismiss clerks.
    ClerkManage "clerk_manage" Private => &[(MerchantOwner, Merchant)];
    /// Scan codes and sell.
    PurchaseCreate "purchase_create" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
    /// See a purchase, and those of the day, at the till.
    PurchaseShow "purchase_show" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
    /// Refund a purchase.
    PurchaseRefund "purchase_refund" Private => &[(MerchantOwner, Merchant), (MerchantClerk, Merchant)];
    /// See purchases and statements of a merchant.
    MerchantStatementShow "merchant_statement_show" Private => &[
        (MerchantOwner, Merchant), (VillageAdmin, Village), (TownOfficer, Village),
        (CountyOperator, Village), (Supervisor, Village),
    ];
    /// Read the audit log of a village.
    AuditShow "audit_show" Known => &[(VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village)];
    /// Import divisions.
    DivisionManage "division_manage" Known => &[(CountyOperator, Village), (PlatformAdmin, Village)];
    /// Change the holiday table.
    HolidayManage "holiday_manage" Known => &[(PlatformAdmin, Platform)];
}

const OFFICERS_AND_SUPERVISOR: Rules = &[
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (CountyOperator, Village),
    (Supervisor, Village),
];

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
        Household => {
            let at_home = target.place.is_none_or(|place| actor.holds_at(role, &place));
            at_home && own
        }
        Village => match (target.place, target.division) {
            (Some(place), _) => actor.holds_at(role, &place),
            (None, Some(division)) => holds_for_division(actor, role, division),
            (None, None) => false,
        },
        Merchant => target.merchant.is_some_and(|merchant| actor.holds_for(role, merchant)),
        Platform => actor.grants.contains(&Grant { role, scope: Scope::Platform }),
    };
    action.rules().iter().filter(reached).map(move |&(role, _)| Permit { role, own })
}

/// Whether who reads in this role has to say why, so that it can be recorded.
///
/// A supervisor does for everything that tells of persons (section 3: "with the reason recorded");
/// officers of towns and counties for the data of a household, which is not their daily work.
/// Reading one's own household is done as `Villager` and never needs a reason.
pub const fn needs_reason(role: Role, action: Action) -> bool {
    use Action::{
        AuditShow, BalanceShow, ClaimShow, EvidenceShow, HouseholdShow, MerchantStatementShow,
        ObjectionShow, RatingShow, RosterShow, StatementShow,
    };
    let of_household = matches!(action, BalanceShow | HouseholdShow | StatementShow);
    let of_persons = matches!(
        action,
        AuditShow
            | ClaimShow
            | EvidenceShow
            | MerchantStatementShow
            | ObjectionShow
            | RatingShow
            | RosterShow
    );
    match role {
        Supervisor => of_household || of_persons,
        TownOfficer | CountyOperator => of_household,
        _ => false,
    }
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

/// Whether a holder of `granting` may grant `granted`.
///
/// Each level grants the roles below it: a village its own helpers, a town the village's
/// administrators, a county the towns' officers and the supervisors (nobody appoints who
/// supervises them), the platform the counties' operators. Merchants' roles come by invitation of
/// their owner.
pub const fn may_grant(granting: Role, granted: Role) -> bool {
    match granted {
        Collector | GridWorker | WorkTeam | PanelMember | Role::StoreKeeper => {
            matches!(granting, VillageAdmin | TownOfficer)
        }
        VillageAdmin => matches!(granting, TownOfficer | CountyOperator),
        TownOfficer | Supervisor => matches!(granting, CountyOperator | PlatformAdmin),
        CountyOperator | PlatformAdmin => matches!(granting, PlatformAdmin),
        Villager | MerchantOwner | MerchantClerk => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Membership;
    use crate::id::{DivisionId, UserId, VillageId, VillagerId};
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
    fn a_supervisor_changes_nothing() {
        let actor = officer(Supervisor, Scope::Division(DivisionId(id(1))));
        for action in Action::ALL {
            let may = allows(&actor, *action, &Target::village(place(10))).is_ok();
            let reads = action.as_str().ends_with("_show") || *action == Action::LedgerCheck;
            assert!(!may || reads, "{}", action.as_str());
        }
    }

    #[test]
    fn supervisors_say_why_they_read_of_persons_and_villagers_never_do() {
        assert!(needs_reason(Supervisor, Action::ClaimShow));
        assert!(needs_reason(Supervisor, Action::BalanceShow));
        assert!(!needs_reason(Supervisor, Action::NoticeShow));
        assert!(needs_reason(TownOfficer, Action::BalanceShow));
        // Town officers review claims every day.
        assert!(!needs_reason(TownOfficer, Action::ClaimShow));
        assert!(Action::ALL.iter().all(|action| !needs_reason(Villager, *action)));
        // Only reading is recorded this way; a change is recorded anyway.
        for action in Action::ALL {
            let asked = Role::ALL.into_iter().any(|role| needs_reason(role, *action));
            assert!(!asked || action.as_str().ends_with("_show"), "{}", action.as_str());
        }
    }

    #[test]
    fn nobody_grants_the_role_they_hold_but_the_platform() {
        for role in Role::ALL {
            assert!(role == PlatformAdmin || !may_grant(role, role), "{}", role.as_str());
        }
    }
}
