//! What WeChat pushes to us: answers about photos, and what people do with subscribe messages.
//!
//! [`Receiver`] checks that a push is WeChat's and for us, and reads it: plain or safe mode, JSON or
//! XML. It does nothing with it. In plain mode the signature does not cover the body, so that safe
//! mode is the one to use.
//!
//! A crate of its own, so that it can be fuzzed without a database: bytes in, a value out.
//!
//! Reading order: this file, `crypt` (signatures and AES), `xml`, `event`.

mod crypt;
mod event;
pub mod words;
mod xml;

#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;
use thiserror::Error;

pub use crypt::{AesKey, AesKeyInvalid};
pub use event::{MessageResult, PushEvent, SubscriptionChange, SubscriptionWay};

/// The largest push that is read, in bytes; WeChat's have less than four KiB.
pub const PUSH_BYTES_MAX: usize = 64 * 1024;

/// How WeChat's console is set: 明文模式 or 安全模式. In 兼容模式 pushes come both ways at once: safe.
#[derive(Debug, Clone)]
pub enum PushMode {
    /// The body as it is.
    Plain,
    /// The body encrypted.
    Safe(AesKey),
}

/// What a receiver has to be told. Its `Debug` shows no secret.
#[derive(Clone)]
pub struct PushSettings {
    /// The token (令牌) of the console.
    pub token: String,
    /// Our appid.
    pub appid: String,
    /// The mode.
    pub mode: PushMode,
}

impl fmt::Debug for PushSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushSettings")
            .field("appid", &self.appid)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// What the query of a push says of itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signed<'a> {
    /// Signature of token, time and nonce.
    pub signature: &'a str,
    /// When, in seconds.
    pub timestamp: &'a str,
    /// A random text.
    pub nonce: &'a str,
    /// Signature that covers the encrypted body too.
    pub msg_signature: &'a str,
}

/// Why a push is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PushError {
    /// The signature is not WeChat's.
    #[error("the signature does not fit")]
    Signature,
    /// It cannot be decrypted, or is for another app.
    #[error("it cannot be decrypted, or is for another app")]
    Sealed,
    /// It cannot be read as what it claims to be.
    #[error("it is neither JSON nor XML of WeChat's form")]
    Unreadable,
}

/// Checks and reads pushes.
#[derive(Debug, Clone)]
pub struct Receiver(PushSettings);

impl Receiver {
    /// A receiver for one mini-program.
    pub fn new(settings: PushSettings) -> Self {
        Self(settings)
    }

    /// Checks the question by which WeChat's console tries the address.
    ///
    /// # Errors
    /// [`PushError::Signature`].
    pub fn verify(&self, signed: Signed<'_>) -> Result<(), PushError> {
        let pieces = [self.0.token.as_str(), signed.timestamp, signed.nonce];
        if crypt::signed(&pieces, signed.signature) { Ok(()) } else { Err(PushError::Signature) }
    }

    /// Checks a push and reads it.
    ///
    /// # Errors
    /// See [`PushError`].
    pub fn open(&self, signed: Signed<'_>, body: &[u8]) -> Result<PushEvent, PushError> {
        let message = match &self.0.mode {
            PushMode::Plain => {
                self.verify(signed)?;
                read(body)?
            }
            PushMode::Safe(key) => read(&self.unseal(key, signed, body)?)?,
        };
        let foreign = message.get("appid").is_some_and(|appid| *appid != self.0.appid.as_str());
        if foreign { Err(PushError::Sealed) } else { Ok(event::of(&message)) }
    }

    fn unseal(&self, key: &AesKey, signed: Signed<'_>, body: &[u8]) -> Result<Vec<u8>, PushError> {
        let envelope = read(body)?;
        let sealed = envelope.get("Encrypt").and_then(Value::as_str);
        let sealed = sealed.ok_or(PushError::Signature)?;
        let pieces = [self.0.token.as_str(), signed.timestamp, signed.nonce, sealed];
        if !crypt::signed(&pieces, signed.msg_signature) {
            return Err(PushError::Signature);
        }
        let (message, appid) = key.decrypt(sealed).ok_or(PushError::Sealed)?;
        if appid == self.0.appid.as_bytes() { Ok(message) } else { Err(PushError::Sealed) }
    }
}

/// Reads JSON or XML, whatever the content type says: always an object.
fn read(body: &[u8]) -> Result<Value, PushError> {
    if body.len() > PUSH_BYTES_MAX {
        return Err(PushError::Unreadable);
    }
    let value = if body.trim_ascii_start().starts_with(b"<") {
        xml::read(body)
    } else {
        serde_json::from_slice(body).ok()
    };
    value.filter(Value::is_object).ok_or(PushError::Unreadable)
}
