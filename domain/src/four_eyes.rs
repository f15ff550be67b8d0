//! Four eyes (双人复核): what one person prepared, another one confirms, before money leaves the village or
//! points are paid out.
//!
//! The rule looks at who they are and not at their roles: somebody who holds two roles has two eyes.

use crate::id::UserId;
use crate::refusal::Refusal;

/// Checks that whoever confirms is not who prepared.
///
/// # Errors
/// `checker_is_maker`.
pub fn checked_by(made_by: UserId, checker: UserId) -> Result<(), Refusal> {
    if made_by == checker { Err(Refusal::CheckerIsMaker) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn nobody_confirms_what_they_prepared_themselves() {
        let [maker, checker] = [1, 2].map(|n| UserId(Uuid::from_u128(n)));
        assert_eq!(checked_by(maker, checker), Ok(()));
        assert_eq!(checked_by(maker, maker), Err(Refusal::CheckerIsMaker));
    }
}
