//! Which readings need a reason.

use super::Action;
use crate::actor::Role;

/// Whether who reads in this role has to say why, so that it can be recorded.
///
/// A supervisor does for everything that tells of persons (section 3: "with the reason recorded");
/// officers of towns and counties for the data of a household, which is not their daily work, and for
/// warnings and lists of who fits, which are the village's own (section 12: "village only"). What a
/// household redeems is its data wherever it is listed.
/// Reading one's own household is done as `Villager` and never needs a reason.
pub const fn needs_reason(role: Role, action: Action) -> bool {
    use Action as A;
    let of_household = matches!(action, A::BalanceShow | A::HouseholdShow | A::StatementShow);
    let of_persons = matches!(
        action,
        A::AuditShow
            | A::BindingShow
            | A::CardShow
            | A::ClaimShow
            | A::ContentCheckShow
            | A::DutyPostShow
            | A::DutyShow
            | A::EligibilityShow
            | A::FundBookShow
            | A::ListEntryListShow
            | A::ListEntryShow
            | A::MerchantApplicationShow
            | A::MerchantStatementShow
            | A::ObjectionShow
            | A::PayoutShow
            | A::PhotoShow
            | A::PurchaseSignalShow
            | A::RatingShow
            | A::RedemptionShow
            | A::ReportListShow
            | A::ReportShow
            | A::RosterShow
            | A::SettlementListShow
            | A::SettlementShow
            | A::StoreRedemptionShow
            | A::WarningListShow
    );
    match role {
        Role::Supervisor => of_household || of_persons,
        Role::TownOfficer | Role::CountyOperator => {
            let of_redeeming = matches!(action, A::RedemptionShow | A::StoreRedemptionShow);
            of_household
                || of_redeeming
                || matches!(action, A::EligibilityShow | A::WarningListShow)
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
        assert!(needs_reason(TownOfficer, Action::StatementShow));
        assert!(needs_reason(TownOfficer, Action::RedemptionShow));
        assert!(needs_reason(TownOfficer, Action::StoreRedemptionShow));
        // Town officers review claims every day.
        assert!(!needs_reason(TownOfficer, Action::ClaimShow));
        assert!(Action::ALL.iter().all(|action| !needs_reason(Villager, *action)));
        // Only reading is recorded this way; a change is recorded anyway.
        for action in Action::ALL {
            let asked = Role::ALL.iter().any(|role| needs_reason(*role, *action));
            assert!(!asked || action.as_str().ends_with("_show"), "{}", action.as_str());
        }
    }
}
