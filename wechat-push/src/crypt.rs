//! WeChat's signatures and its way of encrypting.
//!
//! A message is wrapped as 16 random bytes, its length, itself, the appid; padded to 32 bytes by
//! PKCS#7 and encrypted with AES-256-CBC, whose first vector is the first half of the key.

use std::fmt;

use aws_lc_rs::cipher::{AES_256, DecryptingKey, DecryptionContext, UnboundCipherKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::iv::FixedLength;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use thiserror::Error;

/// Characters of a key in WeChat's console.
const KEY_CHARS: usize = 43;
const KEY_BYTES: usize = 32;
const RANDOM_BYTES: usize = 16;
const LENGTH_BYTES: usize = 4;
const PADDED_TO_BYTES: usize = 32;

/// WeChat makes keys of 43 random characters, whose last two bits fit into no byte.
const KEYS: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The key (消息加密密钥, EncodingAESKey) of the console. Its `Debug` does not show it.
#[derive(Clone)]
pub struct AesKey([u8; KEY_BYTES]);

impl fmt::Debug for AesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AesKey(…)")
    }
}

/// The text is no such key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the key has other than 43 letters and digits")]
pub struct AesKeyInvalid;

impl AesKey {
    /// Reads the key as the console shows it: 43 letters and digits.
    ///
    /// # Errors
    /// [`AesKeyInvalid`].
    pub fn new(text: &str) -> Result<Self, AesKeyInvalid> {
        if text.len() != KEY_CHARS {
            return Err(AesKeyInvalid);
        }
        let bytes = KEYS.decode(format!("{text}=")).map_err(|_| AesKeyInvalid)?;
        Ok(Self(bytes.try_into().map_err(|_| AesKeyInvalid)?))
    }

    /// The message and the appid in what is sealed, if it can be opened.
    pub(super) fn decrypt(&self, sealed: &str) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut bytes = base64::engine::general_purpose::STANDARD.decode(sealed.trim()).ok()?;
        let iv: [u8; RANDOM_BYTES] = self.0.get(..RANDOM_BYTES)?.try_into().ok()?;
        let key = UnboundCipherKey::new(&AES_256, &self.0).ok()?;
        let context = DecryptionContext::Iv128(FixedLength::from(iv));
        let plain = DecryptingKey::cbc(key).ok()?.decrypt(&mut bytes, context).ok()?;
        unwrap(unpadded(plain)?)
    }
}

/// Without the padding: 1 to 32 bytes that say how many they are.
fn unpadded(bytes: &[u8]) -> Option<&[u8]> {
    let last = *bytes.last()?;
    let padding = usize::from(last);
    if !(1..=PADDED_TO_BYTES).contains(&padding) {
        return None;
    }
    let (inner, padded) = bytes.split_at_checked(bytes.len().checked_sub(padding)?)?;
    padded.iter().all(|byte| *byte == last).then_some(inner)
}

/// The message and the appid.
fn unwrap(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (_random, rest) = bytes.split_at_checked(RANDOM_BYTES)?;
    let (length, rest) = rest.split_at_checked(LENGTH_BYTES)?;
    let length = u32::from_be_bytes(length.try_into().ok()?);
    let (message, appid) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((message.to_vec(), appid.to_vec()))
}

/// Whether this is the signature of the pieces: SHA-1 of all of them, sorted and put together.
/// Compared in constant time.
pub(super) fn signed(pieces: &[&str], signature: &str) -> bool {
    verify_slices_are_equal(signature_of(pieces).as_bytes(), signature.as_bytes()).is_ok()
}

fn signature_of(pieces: &[&str]) -> String {
    let mut sorted = pieces.to_vec();
    sorted.sort_unstable();
    hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, sorted.concat().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_bits_that_fit_into_no_byte_are_keys() {
        assert!(AesKey::new(&"A".repeat(43)).is_ok());
        assert!(AesKey::new("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").is_ok());
        assert!(AesKey::new("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFz").is_ok());
        for bad in ["", "short", &"A".repeat(42), &"A".repeat(44), &"-".repeat(43)] {
            assert_eq!(AesKey::new(bad).err(), Some(AesKeyInvalid), "{bad}");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        assert_eq!(format!("{:?}", AesKey::new(&"A".repeat(43)).unwrap()), "AesKey(…)");
    }

    #[test]
    fn padding_is_1_to_32_bytes_that_say_how_many_they_are() {
        assert_eq!(unpadded(&[7, 7, 2, 2]), Some(&[7, 7][..]));
        assert_eq!(unpadded(&[32; 32]), Some(&[][..]));
        for bad in [&[][..], &[0], &[33; 33], &[7, 1, 2], &[2], &[9, 9, 9, 9, 9, 9, 9, 9]] {
            assert_eq!(unpadded(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn lengths_that_lead_outside_open_nothing() {
        let mut bytes = vec![0; 16];
        bytes.extend(u32::MAX.to_be_bytes());
        bytes.extend(b"{}wx1");
        assert_eq!(unwrap(&bytes), None);
        assert_eq!(unwrap(&[0; 19]), None);
        bytes[16..20].copy_from_slice(&2_u32.to_be_bytes());
        assert_eq!(unwrap(&bytes), Some((b"{}".to_vec(), b"wx1".to_vec())));
    }
}
