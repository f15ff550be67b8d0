//! Keys, and what is done with them: encryption at rest, keyed hashes for look-up, signatures of
//! rotating codes, random tokens. All keys come from one master secret (HKDF-SHA-256, RFC 5869), so
//! that an installation has one thing to keep safe.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{digest, hkdf, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Error;

/// The shortest master secret that is accepted, in bytes.
pub const MASTER_BYTES_MIN: usize = 32;

/// How many bytes of a code's signature are kept: 80 bits (domain.md, section 9).
pub const CODE_MAC_BYTES: usize = 10;

/// The keys of an installation.
#[derive(Clone)]
pub struct Secrets(Arc<Keys>);

struct Keys {
    encryption: RandomizedNonceKey,
    lookup: hmac::Key,
    code: hmac::Key,
    link: hmac::Key,
    token: [u8; 32],
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// What a keyed hash is for; hashes of different kinds never match.
#[derive(Clone, Copy, Debug)]
pub enum Lookup {
    /// A whole identity number.
    IdNumber,
    /// A name with the last six of the identity number.
    NameAndTail,
    /// A phone number.
    Phone,
    /// The number printed on a card.
    Card,
    /// An invitation code.
    Invitation,
    /// The proof of a star.
    StarProof,
    /// What a till sent with a card: of a body with a PIN, a plain hash could be tried out.
    CardRequest,
}

impl Lookup {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::IdNumber => b"id_number",
            Self::NameAndTail => b"name_and_tail",
            Self::Phone => b"phone",
            Self::Card => b"card",
            Self::Invitation => b"invitation",
            Self::StarProof => b"star_proof",
            Self::CardRequest => b"card_request",
        }
    }
}

impl Secrets {
    /// Derives the keys.
    ///
    /// # Errors
    /// [`Error::Bug`] for a master secret that is too short; settings check that first.
    pub fn new(master: &str) -> Result<Self, Error> {
        if master.len() < MASTER_BYTES_MIN {
            return Err(Error::Bug("the master secret is too short".into()));
        }
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"xiangyue").extract(master.as_bytes());
        let derive = |label: &[u8]| -> Result<[u8; 32], Error> {
            let mut key = [0; 32];
            root.expand(&[label], hkdf::HKDF_SHA256)
                .and_then(|okm| okm.fill(&mut key))
                .map_err(|_| Error::Bug("cannot derive a key".into()))?;
            Ok(key)
        };
        Ok(Self(Arc::new(Keys {
            encryption: RandomizedNonceKey::new(&AES_256_GCM, &derive(b"encryption")?)
                .map_err(|_| Error::Bug("cannot make the encryption key".into()))?,
            lookup: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"lookup")?),
            code: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"code")?),
            link: hmac::Key::new(hmac::HMAC_SHA256, &derive(b"link")?),
            token: derive(b"token")?,
        })))
    }

    /// The key with which our own access tokens are signed.
    pub fn token_key(&self) -> &[u8] {
        &self.0.token
    }

    /// Encrypts a text for storage: nonce, then ciphertext with its tag.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn encrypt(&self, text: &str) -> Result<Vec<u8>, Error> {
        let mut sealed = text.as_bytes().to_vec();
        let nonce = self
            .0
            .encryption
            .seal_in_place_append_tag(Aad::empty(), &mut sealed)
            .map_err(|_| Error::Bug("cannot encrypt".into()))?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// Decrypts what [`Self::encrypt`] made.
    ///
    /// # Errors
    /// [`Error::Bug`] if it was altered or made with another key.
    pub fn decrypt(&self, stored: &[u8]) -> Result<String, Error> {
        let broken = || Error::Bug("cannot decrypt: altered, or another master secret".into());
        let (nonce, sealed) = stored.split_at_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut sealed = sealed.to_vec();
        let plain = self
            .0
            .encryption
            .open_in_place(nonce, Aad::empty(), &mut sealed)
            .map_err(|_| broken())?;
        String::from_utf8(plain.to_vec()).map_err(|_| broken())
    }

    /// A keyed hash by which something secret is found again.
    pub fn lookup(&self, kind: Lookup, text: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.0.lookup);
        context.update(kind.label());
        context.update(&[0]);
        context.update(text.as_bytes());
        context.sign().as_ref().to_vec()
    }

    /// The signature of a rotating code, cut to [`CODE_MAC_BYTES`].
    pub fn code_mac(&self, body: &[u8]) -> [u8; CODE_MAC_BYTES] {
        let tag = hmac::sign(&self.0.code, body);
        std::array::from_fn(|i| tag.as_ref().get(i).copied().unwrap_or_default())
    }

    /// The signature of a link to a file.
    pub fn sign_link(&self, body: &[u8]) -> Vec<u8> {
        hmac::sign(&self.0.link, body).as_ref().to_vec()
    }

    /// Whether it is the signature of that link, in a time that does not tell where it differs.
    pub fn is_link(&self, body: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.0.link, body, signature).is_ok()
    }
}

/// Whether two byte strings are the same, in a time that does not tell where they differ.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// SHA-256 of what comes piece by piece.
pub struct Sha256(digest::Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }
}

impl Sha256 {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The hash of all pieces.
    pub fn finish(self) -> Vec<u8> {
        self.0.finish().as_ref().to_vec()
    }
}

/// Random bytes from the operating system.
///
/// # Errors
/// [`Error::Bug`] if the system has none.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Error::Bug("no random numbers".into()))?;
    Ok(bytes)
}

/// A random token of 256 bits in URL-safe letters.
///
/// # Errors
/// [`Error::Bug`] if the system has no random numbers.
pub fn random_token() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// A random number of so many decimal digits, each as likely as the others.
///
/// # Errors
/// [`Error::Bug`] if the system has no random numbers.
pub fn random_digits(count: usize) -> Result<String, Error> {
    let mut digits = String::with_capacity(count);
    while digits.len() < count {
        let [byte] = random::<1>()?;
        // 250 is the largest multiple of ten in a byte: above it, draw again.
        if byte < 250 {
            digits.push(char::from(b'0' + byte % 10));
        }
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(master: &str) -> Secrets {
        Secrets::new(master).unwrap()
    }

    #[test]
    fn what_is_encrypted_is_read_with_the_same_master_secret_only() {
        let ours = secrets("0123456789abcdef0123456789abcdef");
        let stored = ours.encrypt("11010519491231002X").unwrap();
        assert_eq!(ours.decrypt(&stored).unwrap(), "11010519491231002X");
        assert_ne!(stored, ours.encrypt("11010519491231002X").unwrap());
        assert!(secrets("0123456789abcdef0123456789abcdeX").decrypt(&stored).is_err());
        let mut altered = stored;
        altered[20] ^= 1;
        assert!(ours.decrypt(&altered).is_err());
        assert!(ours.decrypt(&[1, 2, 3]).is_err());
    }

    #[test]
    fn hashes_of_different_kinds_never_match() {
        let ours = secrets("0123456789abcdef0123456789abcdef");
        assert_ne!(ours.lookup(Lookup::Phone, "1"), ours.lookup(Lookup::Card, "1"));
        assert_eq!(ours.lookup(Lookup::Phone, "1"), ours.lookup(Lookup::Phone, "1"));
    }

    #[test]
    fn a_short_master_secret_is_refused_and_none_is_printed() {
        assert!(Secrets::new("short").is_err());
        assert_eq!(format!("{:?}", secrets("0123456789abcdef0123456789abcdef")), "Secrets(..)");
    }
}
