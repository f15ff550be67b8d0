//! How many messages a person has agreed to: each accept gives one send (一次性订阅).
//!
//! The same tap is told twice, by the mini-program and by WeChat's push, and either may be lost or
//! not set up. So the larger of the two counts holds. Too high a figure heals at the next send:
//! WeChat says that the person has not accepted (43101), and what was left is nothing. Both tellers
//! then begin again from the same figure, so that one which had lost some does not lag for good.

/// The most accepts that are counted of a person and template. Nobody taps that often; a client that
/// says so is wrong.
pub const ACCEPTED_MAX: u32 = 1_000;

names! {
    /// What a person answered when they were asked for a template, in the words of
    /// `wx.requestSubscribeMessage`.
    Answer {
        /// One more send.
        Accept "accept",
        /// None for this time; what was agreed before stays.
        Reject "reject",
        /// WeChat has closed the template.
        Ban "ban",
        /// WeChat left it out, since another of the same title was asked for.
        Filter "filter",
    }
}

/// Who told of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Teller {
    /// The mini-program.
    MiniProgram,
    /// WeChat.
    Push,
}

/// What has been agreed of one template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Accepts told by the mini-program.
    pub told: u32,
    /// Accepts told by WeChat.
    pub pushed: u32,
    /// Sends that were made, or that WeChat does not grant any more.
    pub spent: u32,
}

impl Count {
    /// How many sends are left.
    pub fn left(self) -> u32 {
        self.told.max(self.pushed).saturating_sub(self.spent)
    }

    /// The count after an answer.
    #[must_use]
    pub fn answered(self, answer: Answer, teller: Teller) -> Self {
        let one = u32::from(answer == Answer::Accept && self.left() < ACCEPTED_MAX);
        match teller {
            Teller::MiniProgram => Self { told: self.told.saturating_add(one), ..self },
            Teller::Push => Self { pushed: self.pushed.saturating_add(one), ..self },
        }
    }

    /// The count after a send.
    #[must_use]
    pub fn sent(self) -> Self {
        Self { spent: self.spent.saturating_add(1).min(self.told.max(self.pushed)), ..self }
    }

    /// The count after WeChat said that nothing is granted, or the person turned the template off.
    #[must_use]
    pub fn emptied(self) -> Self {
        let all = self.told.max(self.pushed);
        Self { told: all, pushed: all, spent: all }
    }
}
