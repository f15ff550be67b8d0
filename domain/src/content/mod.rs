//! Content checks: no text and no photo is shown to others before WeChat's content security passed
//! it or a person released it (section 11; safeguards, section 15).
//!
//! A thing that people make (a report, a comment: a [`Subject`]) has pieces, each with a check of its
//! own. WeChat is asked first. What it calls risky or in need of review, what it does not answer,
//! what it cannot read and what it is never asked is held for a person. Nothing passes by default.

mod check;
mod decision;
mod parts;

#[cfg(test)]
mod tests;

use uuid::Uuid;

pub use check::{Answer, Check, FORGOTTEN_AFTER_DAYS, HeldFor, SILENCE_MINUTES, State};
pub use decision::{Verdict, may_decide, says_why};
pub use parts::{PART_CHARS_MAX, PART_OVERLAP_CHARS, parts};

names! {
    /// What kind of thing a piece belongs to. Each kind has an owner who is told when its standing
    /// changes.
    SubjectKind {
        /// A snapshot report (随手拍).
        Report "report",
        /// A comment of somebody concerned.
        Comment "comment",
        /// A praise or another entry of a list that others see.
        Praise "praise",
    }
    /// Where a text will stand: WeChat judges by it.
    Scene {
        /// 资料: a name or a description of somebody.
        Profile "profile",
        /// 评论.
        Comment "comment",
        /// 论坛: what all of the village may read.
        Forum "forum",
        /// 社交日志.
        SocialLog "social_log",
    }
}

/// The thing that a piece belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Uuid,
}

names! {
    /// Whether others may see a thing.
    Standing {
        /// A piece of it is not settled: only its author and those who decide may see it.
        Waiting "waiting",
        /// Every piece passed or was released.
        Public "public",
        /// A person refused a piece.
        Refused "refused",
    }
}

impl Standing {
    /// The standing of a thing whose pieces are in these states. Without any piece it waits: nothing
    /// is public by default.
    pub fn of(states: impl IntoIterator<Item = State>) -> Self {
        let mut standing = None;
        for state in states {
            standing = Some(match (standing, state) {
                (Some(Self::Refused), _) | (_, State::Refused) => Self::Refused,
                (Some(Self::Waiting), _) | (_, State::Asked | State::Held) => Self::Waiting,
                (_, State::Passed | State::Released) => Self::Public,
            });
        }
        standing.unwrap_or(Self::Waiting)
    }
}
