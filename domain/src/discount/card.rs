//! The printed card for people without a phone: a random number and a PIN with five tries.

use crate::id::{AccountId, CardId};
use crate::refusal::Refusal;

/// How many wrong PINs block a card.
pub const PIN_TRIES: u8 = 5;

/// A card as the store knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its id.
    pub id: CardId,
    /// Whose account it shows.
    pub account: AccountId,
    /// How many wrong PINs are left.
    pub tries_left: u8,
    /// Whether it was blocked: lost, or too many tries.
    pub blocked: bool,
}

/// What a try with a PIN does to the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardCheck {
    /// The tries left after it.
    pub tries_left: u8,
    /// The answer to who tried.
    pub refused: Option<CardRefusal>,
}

/// Why a card was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardRefusal {
    /// The PIN is wrong.
    WrongPin,
    /// The card is blocked.
    Blocked,
}

impl CardCheck {
    /// The answer as a refusal, if it is one.
    ///
    /// # Errors
    /// `card_refused` with the tries left, `card_blocked`.
    pub const fn into_result(self) -> Result<(), Refusal> {
        match self.refused {
            None => Ok(()),
            Some(CardRefusal::WrongPin) => {
                Err(Refusal::CardRefused { tries_left: Some(self.tries_left) })
            }
            Some(CardRefusal::Blocked) => Err(Refusal::CardBlocked),
        }
    }
}

impl Card {
    /// Judges a try. A right PIN gives all tries back; the fifth wrong one blocks the card.
    pub const fn check(&self, pin_is_right: bool) -> CardCheck {
        if self.blocked || self.tries_left == 0 {
            return CardCheck { tries_left: self.tries_left, refused: Some(CardRefusal::Blocked) };
        }
        if pin_is_right {
            return CardCheck { tries_left: PIN_TRIES, refused: None };
        }
        let tries_left = self.tries_left - 1;
        let refused = if tries_left == 0 { CardRefusal::Blocked } else { CardRefusal::WrongPin };
        CardCheck { tries_left, refused: Some(refused) }
    }
}

/// Whether a PIN has six digits that are not all the same and not a run such as 123456.
pub fn pin_is_well_formed(pin: &str) -> bool {
    let bytes = pin.as_bytes();
    let steps = || bytes.windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0]));
    bytes.len() == 6
        && bytes.iter().all(u8::is_ascii_digit)
        && ![-1, 0, 1].into_iter().any(|step| steps().all(|s| s == step))
}

/// Checks a PIN that somebody chose.
///
/// # Errors
/// `pin_invalid`.
pub fn check_pin(pin: &str) -> Result<(), Refusal> {
    if pin_is_well_formed(pin) { Ok(()) } else { Err(Refusal::PinInvalid) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_fifth_wrong_pin_blocks_the_card_even_for_the_right_one() {
        let id = Uuid::from_u128(1);
        let mut card =
            Card { id: CardId(id), account: AccountId(id), tries_left: PIN_TRIES, blocked: false };
        for left in [4, 3, 2, 1] {
            let check = card.check(false);
            assert_eq!(check.into_result(), Err(Refusal::CardRefused { tries_left: Some(left) }));
            card.tries_left = check.tries_left;
        }
        let last = card.check(false);
        assert_eq!(last.into_result(), Err(Refusal::CardBlocked));
        card.tries_left = last.tries_left;
        assert_eq!(card.check(true).into_result(), Err(Refusal::CardBlocked));
    }

    #[test]
    fn a_right_pin_gives_the_tries_back() {
        let id = Uuid::from_u128(1);
        let card = Card { id: CardId(id), account: AccountId(id), tries_left: 2, blocked: false };
        assert_eq!(card.check(true), CardCheck { tries_left: PIN_TRIES, refused: None });
    }

    #[test]
    fn a_pin_that_anyone_would_guess_is_not_well_formed() {
        assert!(pin_is_well_formed("280415"));
        for bad in ["000000", "123456", "654321", "12345", "1234567", "12a456", "２80415"] {
            assert!(!pin_is_well_formed(bad), "{bad}");
        }
    }
}
