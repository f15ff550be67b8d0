//! A household and its one head (户主).

use crate::id::{HouseholdId, VillagerId};
use crate::refusal::Refusal;
use crate::roster::HEAD;

/// A household with its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Household {
    /// Which.
    pub id: HouseholdId,
    /// Its head; none for a while when the head left and nobody was named.
    pub head: Option<VillagerId>,
}

/// The households after somebody came into `to` from `from`, which may be the same, as `relation`
/// to its head. Who was the head and is not any more leaves the household without one.
///
/// # Errors
/// `head_taken` if they come as head and there is another.
pub fn settle(
    who: VillagerId,
    from: Household,
    to: Household,
    relation: &str,
) -> Result<(Household, Household), Refusal> {
    let without = |household: Household| Household {
        head: household.head.filter(|head| *head != who),
        ..household
    };
    let (from, mut to) = (without(from), without(to));
    if relation == HEAD {
        if to.head.is_some() {
            return Err(Refusal::HeadTaken);
        }
        to.head = Some(who);
    }
    Ok((if from.id == to.id { to } else { from }, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn home(n: u128, head: Option<u128>) -> Household {
        let id = HouseholdId(Uuid::from_u128(n));
        Household { id, head: head.map(|n| VillagerId(Uuid::from_u128(n))) }
    }

    fn who(n: u128) -> VillagerId {
        VillagerId(Uuid::from_u128(n))
    }

    #[test]
    fn a_daughter_who_marries_leaves_her_household_as_it_was() {
        let settled = settle(who(2), home(10, Some(1)), home(20, Some(9)), "儿媳");
        assert_eq!(settled, Ok((home(10, Some(1)), home(20, Some(9)))));
    }

    #[test]
    fn a_head_who_leaves_leaves_the_household_without_a_head() {
        let settled = settle(who(1), home(10, Some(1)), home(20, None), HEAD);
        assert_eq!(settled, Ok((home(10, None), home(20, Some(1)))));
    }

    #[test]
    fn a_household_changes_its_head_in_two_steps() {
        let house = home(10, Some(1));
        assert_eq!(settle(who(2), house, house, HEAD), Err(Refusal::HeadTaken));
        let (_, house) = settle(who(1), house, house, "父").unwrap();
        assert_eq!(house, home(10, None));
        let (same, house) = settle(who(2), house, house, HEAD).unwrap();
        assert_eq!((same, house), (home(10, Some(2)), home(10, Some(2))));
    }
}
