//! The states of a rating.

use serde::{Deserialize, Serialize};

/// Where a rating stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingState {
    /// The stages of the book look at it.
    InReview,
    /// It hangs on the notice board.
    OnNotice,
    /// Its stars hold.
    Effective,
    /// A stage voted against it; the cycle can be computed again.
    Rejected,
}

impl RatingState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::InReview, Self::OnNotice, Self::Effective, Self::Rejected];

    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InReview => "in_review",
            Self::OnNotice => "on_notice",
            Self::Effective => "effective",
            Self::Rejected => "rejected",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether households see their line: from the moment it hangs on the notice board. What is
    /// still reviewed, or was rejected, is seen by those who work on it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::OnNotice | Self::Effective)
    }
}
