//! Four eyes (双人复核): what one person prepared, another one confirms, before money leaves the village or
//! points are paid out.
//!
//! The rule looks at who they are and not at their roles: somebody who holds two roles has two eyes. Nor does
//! a second account give anybody another pair: the villager to whom a user was bound counts as well, since
//! the roles of a villager go with whoever is bound to them.

use crate::actor::Actor;
use crate::id::{UserId, VillagerId};
use crate::refusal::Refusal;

/// Whose hand did something: the user, and the villager that they were bound to at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The user.
    pub user: UserId,
    /// The villager, if they were bound to one.
    pub villager: Option<VillagerId>,
}

impl Hand {
    /// The hand of who acts now.
    pub fn of(actor: &Actor) -> Self {
        Self { user: actor.user, villager: actor.membership.map(|bound| bound.villager) }
    }

    /// Whether both are the same person, as far as anybody can tell.
    fn is_of_same_person_as(self, other: Self) -> bool {
        let villager = self.villager.is_some() && self.villager == other.villager;
        self.user == other.user || villager
    }
}

/// Checks that whoever confirms is not who prepared: neither the same user nor the same villager.
///
/// # Errors
/// `checker_is_maker`.
pub fn checked_by(maker: Hand, checker: Hand) -> Result<(), Refusal> {
    if maker.is_of_same_person_as(checker) { Err(Refusal::CheckerIsMaker) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn hand(user: u128, villager: Option<u128>) -> Hand {
        let villager = villager.map(|n| VillagerId(Uuid::from_u128(n)));
        Hand { user: UserId(Uuid::from_u128(user)), villager }
    }

    #[test]
    fn nobody_confirms_what_they_prepared_themselves() {
        let [maker, checker] = [hand(1, Some(11)), hand(2, Some(12))];
        assert_eq!(checked_by(maker, checker), Ok(()));
        assert_eq!(checked_by(maker, maker), Err(Refusal::CheckerIsMaker));
        let unbound_since = hand(1, None);
        assert_eq!(checked_by(maker, unbound_since), Err(Refusal::CheckerIsMaker));
        let bound_to_another_since = hand(1, Some(12));
        assert_eq!(checked_by(maker, bound_to_another_since), Err(Refusal::CheckerIsMaker));
    }

    #[test]
    fn a_second_account_of_the_same_villager_is_no_second_person() {
        let maker = hand(1, Some(11));
        assert_eq!(checked_by(maker, hand(2, Some(11))), Err(Refusal::CheckerIsMaker));
        // Two officers without a binding are two people.
        assert_eq!(checked_by(hand(1, None), hand(2, None)), Ok(()));
    }
}
