//! Where a file is: the SHA-256 of its bytes.

use std::fmt;

use domain::id::VillageId;
use serde::{Deserialize, Serialize};

use crate::secrets::sha256;

/// The SHA-256 of a file's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Address([u8; 32]);

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = &'static str;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        Self::from_hex(&digits).ok_or("no address of a file")
    }
}

impl Address {
    /// The address of these bytes.
    pub fn of(file: &[u8]) -> Self {
        let mut address = [0; 32];
        address.iter_mut().zip(sha256(file)).for_each(|(to, from)| *to = from);
        Self(address)
    }

    /// From the 32 bytes of the hash.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// From 64 lowercase hexadecimal digits: there is one way to write an address.
    pub fn from_hex(digits: &str) -> Option<Self> {
        let address = Self::from_bytes(&hex::decode(digits).ok()?)?;
        (address.to_string() == digits).then_some(address)
    }

    /// The 32 bytes of the hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its key in the store.
    pub(super) fn key(&self, village: VillageId) -> String {
        let digits = self.to_string();
        let folder = digits.get(..2).unwrap_or_default();
        format!("photos/{village}/{folder}/{digits}.jpg")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_in_one_way() {
        let address = Address::of(b"");
        let digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(address.to_string(), digits);
        assert_eq!(Address::from_hex(digits), Some(address));
        for other in ["", "e3", &digits.to_uppercase(), &format!("{digits}00"), &"x".repeat(64)] {
            assert_eq!(Address::from_hex(other), None, "{other}");
        }
        let village = VillageId(uuid::Uuid::nil());
        assert_eq!(address.key(village), format!("photos/{village}/e3/{digits}.jpg"));
    }
}
