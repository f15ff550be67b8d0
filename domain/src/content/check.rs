//! The check of one piece: what it becomes when WeChat answers, is silent, or cannot be asked.

/// How long WeChat may be silent before a person looks, in minutes: its answer about a photo comes
/// within 30.
pub const SILENCE_MINUTES: i64 = 30;
/// How long a check knows who made the piece and, if it is a text, how it read: long enough to answer
/// for a decision about it, in days.
pub const FORGOTTEN_AFTER_DAYS: i64 = 90;

names! {
    /// Where the check of a piece stands.
    State {
        /// WeChat was asked, or will be.
        Asked "asked",
        /// Waits for a person.
        Held "held",
        /// WeChat passed it.
        Passed "passed",
        /// A person released it.
        Released "released",
        /// A person refused it.
        Refused "refused",
    }
    /// Why a piece is held for a person.
    HeldFor {
        /// WeChat calls it risky.
        Risky "risky",
        /// WeChat wants a person to look.
        Review "review",
        /// WeChat did not answer in time.
        Silence "silence",
        /// WeChat could not do it: it did not get the photo, or refused the question.
        Failed "failed",
        /// WeChat's answer has no result that we know.
        Unreadable "unreadable",
        /// WeChat does not know the author, or not lately enough.
        AuthorUnknown "author_unknown",
        /// There is no WeChat to ask.
        NoWeChat "no_wechat",
    }
    /// What WeChat said of a piece.
    Answer {
        /// Nothing against it.
        Pass "pass",
        /// A person should look.
        Review "review",
        /// Something against it.
        Risky "risky",
        /// It could not do it.
        Failed "failed",
        /// Something without a result that we know.
        Unreadable "unreadable",
    }
}

impl State {
    /// Whether WeChat or a person has settled it.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Passed | Self::Released | Self::Refused)
    }
}

impl Answer {
    /// Why a person has to look, unless it passed.
    pub const fn held_for(self) -> Option<HeldFor> {
        match self {
            Self::Pass => None,
            Self::Review => Some(HeldFor::Review),
            Self::Risky => Some(HeldFor::Risky),
            Self::Failed => Some(HeldFor::Failed),
            Self::Unreadable => Some(HeldFor::Unreadable),
        }
    }
}

/// Where a check stands, and why it is held if it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// Where it stands.
    pub state: State,
    /// Why a person looks, or looked.
    pub held_for: Option<HeldFor>,
}

impl Check {
    /// A piece that nobody has looked at.
    pub const NEW: Self = Self { state: State::Asked, held_for: None };

    const PASSED: Self = Self { state: State::Passed, held_for: None };

    /// Held for a person.
    pub const fn held(why: HeldFor) -> Self {
        Self { state: State::Held, held_for: Some(why) }
    }

    /// What the check becomes by an answer of WeChat, whenever it comes: `None` where it changes
    /// nothing.
    ///
    /// A pass settles only what still waits for WeChat, be it late; it lifts no other reason to look.
    /// Something against it holds even what passed. What a person decided stays.
    pub fn heard(self, answer: Answer) -> Option<Self> {
        let waits = self.waits_for_wechat();
        let heard = match (self.state, answer.held_for()) {
            (State::Released | State::Refused, _) => return None,
            (State::Asked | State::Held, None) if waits => Self::PASSED,
            (State::Asked | State::Held, Some(why)) if waits => Self::held(why),
            (State::Passed | State::Held, Some(why @ (HeldFor::Risky | HeldFor::Review)))
                if self.held_for != Some(HeldFor::Risky) =>
            {
                Self::held(why)
            }
            _ => return None,
        };
        (heard != self).then_some(heard)
    }

    /// What the check becomes if WeChat cannot be asked about it, or was not heard in time.
    pub fn without_answer(self, why: HeldFor) -> Option<Self> {
        (self.state == State::Asked).then_some(Self::held(why))
    }

    /// Whether an answer of WeChat could still settle it: nobody looked yet, and nothing is known but
    /// that WeChat was silent.
    pub fn waits_for_wechat(self) -> bool {
        match self.state {
            State::Asked => true,
            State::Held => self.held_for == Some(HeldFor::Silence),
            State::Passed | State::Released | State::Refused => false,
        }
    }
}
