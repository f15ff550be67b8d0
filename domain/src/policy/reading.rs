//! Which readings need a reason.

use super::Action;
use crate::actor::Role;

/// Whether who reads in this role has to say why, so that it can be recorded.
///
/// A supervisor does for everything that tells of persons (section 3: "with the reason recorded");
/// officers of towns and counties for the data of a household, which is not their daily work, and for
/// warnings and lists of who fits, which are the village's own (section 12: "village only").
/// Reading one's own household is done as `Villager` and never needs a reason.
pub const fn needs_reason(role: Role, action: Action) -> bool {
    use Action::{
        AuditShow, BalanceShow, BindingShow, CardShow, ClaimShow, ContentCheckShow, DutyPostShow,
        DutyShow, EligibilityShow, FundBookShow, HouseholdShow, ListEntryListShow, ListEntryShow,
        MerchantStatementShow, ObjectionShow, PayoutShow, PhotoShow, PurchaseSignalShow,
        RatingShow, RedemptionShow, ReportListShow, ReportShow, RosterShow, SettlementShow,
        StatementShow, StoreRedemptionShow, WarningListShow,
    };
    let of_household = matches!(action, BalanceShow | HouseholdShow | StatementShow);
    let of_persons = matches!(
        action,
        AuditShow
            | BindingShow
            | CardShow
            | ClaimShow
            | ContentCheckShow
            | DutyPostShow
            | DutyShow
            | FundBookShow
            | EligibilityShow
            | ListEntryListShow
            | ListEntryShow
            | PhotoShow
            | PurchaseSignalShow
            | MerchantStatementShow
            | ObjectionShow
            | PayoutShow
            | RatingShow
            | RedemptionShow
            | StoreRedemptionShow
            | ReportListShow
            | ReportShow
            | RosterShow
            | SettlementShow
            | WarningListShow
    );
    match role {
        Role::Supervisor => of_household || of_persons,
        Role::TownOfficer | Role::CountyOperator => {
            of_household || matches!(action, EligibilityShow | WarningListShow)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Supervisor, TownOfficer, Villager};

    #[test]
    fn supervisors_say_why_they_read_of_persons_and_villagers_never_do() {
        assert!(needs_reason(Supervisor, Action::ClaimShow));
        assert!(needs_reason(Supervisor, Action::BalanceShow));
        assert!(!needs_reason(Supervisor, Action::NoticeShow));
        assert!(needs_reason(TownOfficer, Action::BalanceShow));
        assert!(needs_reason(TownOfficer, Action::WarningListShow));
        // Town officers review claims every day.
        assert!(!needs_reason(TownOfficer, Action::ClaimShow));
        assert!(Action::ALL.iter().all(|action| !needs_reason(Villager, *action)));
        // Only reading is recorded this way; a change is recorded anyway.
        for action in Action::ALL {
            let asked = Role::ALL.into_iter().any(|role| needs_reason(role, *action));
            assert!(!asked || action.as_str().ends_with("_show"), "{}", action.as_str());
        }
    }
}
