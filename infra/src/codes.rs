//! The rotating code of the mini-program: 48 bytes, signed, without personal data.
//!
//! version 1 | key id 1 | village 16 | alias of the account 8 | minute 4 | nonce 8 | signature 10
//!
//! The signature is over all that stands before it. It is written in base64url without padding: 64
//! letters. Whoever reads one checks the signature first, so that nothing in a forged code is
//! believed, not even its age.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::{CodeWindow, check_window};
use domain::id::{AccountId, VillageId};
use domain::refusal::Refusal;
use domain::rule_book::Subject;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::schema::accounts;
use crate::secrets::{CODE_MAC_BYTES, Secrets, random, same};

/// The layout that this version writes and reads.
const VERSION: u8 = 1;
/// The key that this version signs with.
const KEY_ID: u8 = 1;
/// How many bytes stand before the signature.
const BODY_BYTES: usize = 38;
/// How many letters a code has.
pub const CODE_CHARS: usize = (BODY_BYTES + CODE_MAC_BYTES) * 4 / 3;

/// A code as the mini-program shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What the QR holds.
    pub code: String,
    /// When to show the next one.
    pub valid_until: DateTime<Utc>,
}

/// What a genuine code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The village of the account.
    pub village: VillageId,
    /// What stands for the account there.
    pub alias: Vec<u8>,
    /// The minute it was made for.
    pub window: CodeWindow,
    /// What makes it unlike all others.
    pub nonce: Vec<u8>,
}

fn write(secrets: &Secrets, read: &Read) -> String {
    let body = [
        &[VERSION, KEY_ID],
        read.village.0.as_bytes().as_slice(),
        &read.alias,
        &read.window.0.to_be_bytes(),
        &read.nonce,
    ]
    .concat();
    let mac = secrets.code_mac(&body);
    URL_SAFE_NO_PAD.encode([body.as_slice(), &mac].concat())
}

/// Reads a code and checks its signature. Whether it is of this minute is for
/// [`check_window`] to say.
///
/// # Errors
/// `code_invalid`.
pub fn read(secrets: &Secrets, text: &str) -> Result<Read, Refusal> {
    const INVALID: Refusal = Refusal::CodeInvalid;
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| INVALID)?;
    let (body, mac) = bytes.split_at_checked(BODY_BYTES).ok_or(INVALID)?;
    if !same(mac, &secrets.code_mac(body)) {
        return Err(INVALID);
    }
    let part = |from: usize, to: usize| body.get(from..to).ok_or(INVALID);
    if part(0, 2)? != [VERSION, KEY_ID] {
        return Err(INVALID);
    }
    let window = <[u8; 4]>::try_from(part(26, 30)?).map_err(|_| INVALID)?;
    Ok(Read {
        village: VillageId(Uuid::from_slice(part(2, 18)?).map_err(|_| INVALID)?),
        alias: part(18, 26)?.to_vec(),
        window: CodeWindow(u32::from_be_bytes(window)),
        nonce: part(30, 38)?.to_vec(),
    })
}

/// Reads a code that may be used now.
///
/// # Errors
/// `code_invalid`, `code_expired`.
pub fn read_current(secrets: &Secrets, text: &str, now: DateTime<Utc>) -> Result<Read, Refusal> {
    let read = read(secrets, text)?;
    check_window(read.window, now)?;
    Ok(read)
}

/// A fresh code for the account of the actor: that of the household or their own, as the village's
/// book in force says.
///
/// # Errors
/// `not_bound`, `no_rule_book`, `not_found` where there is no account.
pub fn show(db: &Db, actor: &Actor, now: DateTime<Utc>) -> Result<Shown, Error> {
    let membership = actor.membership.ok_or(Refusal::NotBound)?;
    let village = membership.place.village;
    let alias: Vec<u8> = db.read(|c| {
        let (_, book) = db.book_on(c, village, day_of(now))?;
        let account: AccountId = match book.subject {
            Subject::Household => membership.household.into(),
            Subject::Person => membership.villager.into(),
        };
        Ok(accounts::table.find((village.0, account.0)).select(accounts::alias).first(c)?)
    })?;
    let window = CodeWindow::at(now);
    let nonce = random::<8>()?.to_vec();
    let code = write(db.secrets(), &Read { village, alias, window, nonce });
    Ok(Shown { code, valid_until: window.ends_at() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(master: &str) -> Secrets {
        Secrets::new(master).unwrap()
    }

    fn code() -> Read {
        Read {
            village: VillageId(Uuid::from_u128(0x0193_2d5a)),
            alias: vec![1; 8],
            window: CodeWindow(29_000_000),
            nonce: vec![2; 8],
        }
    }

    #[test]
    fn a_code_is_read_as_it_was_written() {
        let ours = secrets("0123456789abcdef0123456789abcdef");
        let text = write(&ours, &code());
        assert_eq!(text.len(), CODE_CHARS);
        assert_eq!(read(&ours, &text), Ok(code()));
    }

    #[test]
    fn a_code_with_any_altered_bit_is_refused() {
        let ours = secrets("0123456789abcdef0123456789abcdef");
        let bytes = URL_SAFE_NO_PAD.decode(write(&ours, &code())).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut altered = bytes.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let text = URL_SAFE_NO_PAD.encode(altered);
            assert_eq!(read(&ours, &text), Err(Refusal::CodeInvalid), "bit {bit}");
        }
    }

    #[test]
    fn a_code_of_another_installation_or_no_code_at_all_is_refused() {
        let ours = secrets("0123456789abcdef0123456789abcdef");
        let theirs = secrets("0123456789abcdef0123456789abcdeX");
        let text = write(&theirs, &code());
        for bad in [text.as_str(), "", "AAAA", "https://example.org/pay?to=me", "二维码"] {
            assert_eq!(read(&ours, bad), Err(Refusal::CodeInvalid), "{bad}");
        }
    }
}
