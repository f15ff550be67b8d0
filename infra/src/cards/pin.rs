//! PINs: argon2id, with a salt each, as a PHC string.
//!
//! A hash takes 19 MiB and some tens of milliseconds, on purpose. Only one is made at a time in each
//! process, so that a flood of tries cannot take the memory of everybody else.

use std::sync::{LazyLock, Mutex, PoisonError};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};

use crate::error::Error;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The hash that a PIN is compared with when there is no card, so that the time does not tell.
static NO_CARD: LazyLock<String> = LazyLock::new(|| hash("no card").unwrap_or_default());

/// The hash to store.
///
/// # Errors
/// [`Error::Bug`] if the system has no random numbers.
pub(super) fn hash(pin: &str) -> Result<String, Error> {
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let hash = Argon2::default()
        .hash_password(pin.as_bytes())
        .map_err(|error| Error::Bug(format!("cannot hash a PIN: {error}")))?;
    Ok(hash.to_string())
}

/// Whether the PIN is the one behind the hash. Without a hash it is not, after the same time.
///
/// # Errors
/// [`Error::Bug`] if the hash cannot be read.
pub(crate) fn is_right(pin: &str, stored: Option<&str>) -> Result<bool, Error> {
    let text = stored.unwrap_or_else(|| NO_CARD.as_str());
    let hash = PasswordHash::new(text)
        .map_err(|error| Error::Bug(format!("cannot read the hash of a PIN: {error}")))?;
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let right = Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok();
    Ok(right && stored.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_known_by_its_hash_and_no_two_hashes_are_alike() {
        let stored = hash("280415").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(is_right("280415", Some(&stored)).unwrap());
        assert!(!is_right("280416", Some(&stored)).unwrap());
        assert_ne!(stored, hash("280415").unwrap());
    }

    #[test]
    fn without_a_card_no_pin_is_right() {
        assert!(!is_right("280415", None).unwrap());
        assert!(!is_right("no card", None).unwrap());
    }
}
