//! What an answer says to who asked.

use std::fmt;

use domain::refusal::Refusal;

use crate::Answer;

/// What an answer says to who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They may: it was done, or a rule stands against it that has nothing to do with who asks.
    Yes,
    /// They have to sign in (401).
    SignIn,
    /// They may not, and are told so (403).
    No,
    /// They may not know that it exists (404).
    Hidden,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Yes => "yes",
            Self::SignIn => "sign in",
            Self::No => "no",
            Self::Hidden => "hidden",
        })
    }
}

impl Verdict {
    /// Reads an answer.
    ///
    /// # Errors
    /// What is wrong with the request or the program: a body that was never looked at for its right,
    /// an address that does not exist, too many requests, or a 5xx.
    pub fn of(answer: &Answer) -> Result<Self, String> {
        let told = || Err(format!("{} {:#}", answer.status, answer.body));
        match (answer.status.as_u16(), answer.code()) {
            (200..=299, _) => Ok(Self::Yes),
            (401, "sign_in_needed") => Ok(Self::SignIn),
            (403, _) => Ok(Self::No),
            (404, "not_found") => Ok(Self::Hidden),
            // A "no" of the domain; those of the door mean that the fixture is wrong.
            (409 | 422, code) if Refusal::CODES.contains(&code) => Ok(Self::Yes),
            _ => told(),
        }
    }
}
