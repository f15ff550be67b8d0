//! Who stands at the till of a merchant, and what they may look through.

use chrono::NaiveDate;

use crate::actor::Role;
use crate::id::UserId;
use crate::policy::Action;
use crate::refusal::Refusal;

/// Checks that this is a role to which an owner may invite.
///
/// # Errors
/// `role_not_grantable`.
pub fn invite_to(role: Role) -> Result<(), Refusal> {
    match role {
        Role::MerchantOwner | Role::MerchantClerk => Ok(()),
        _ => Err(Refusal::RoleNotGrantable),
    }
}

/// Checks that an owner dismisses somebody else: a merchant never loses its last owner by its own
/// doing.
///
/// # Errors
/// `forbidden`.
pub fn dismiss(owner: UserId, clerk: UserId) -> Result<(), Refusal> {
    if owner == clerk { Err(Refusal::Forbidden) } else { Ok(()) }
}

/// What it takes to look through the purchases of a day: clerks see their day at the till, the
/// past is the owner's.
pub fn looking_through(day: NaiveDate, today: NaiveDate) -> Action {
    if day == today { Action::PurchaseShow } else { Action::MerchantStatementShow }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_owner_invites_to_the_till_and_nowhere_else() {
        let invited: Vec<_> = Role::ALL.iter().copied().filter(|r| invite_to(*r).is_ok()).collect();
        assert_eq!(invited, [Role::MerchantOwner, Role::MerchantClerk]);
    }

    #[test]
    fn nobody_dismisses_themselves() {
        let (owner, clerk) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        assert_eq!(dismiss(owner, clerk), Ok(()));
        assert_eq!(dismiss(owner, owner), Err(Refusal::Forbidden));
    }

    #[test]
    fn the_past_of_a_shop_is_its_owners() {
        let today: NaiveDate = "2026-10-20".parse().unwrap();
        assert_eq!(looking_through(today, today), Action::PurchaseShow);
        let yesterday = today.pred_opt().unwrap();
        assert_eq!(looking_through(yesterday, today), Action::MerchantStatementShow);
    }
}
