//! What time and the world do to an entry.

use chrono::{DateTime, Utc};

use super::{Ending, EntryState, List, ListEntry};
use crate::calendar::day_of;

/// What an entry stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Whether its fact still stands.
    pub fact_stands: bool,
    /// Whether its person may still be shown ([`super::may_be_shown`]).
    pub person_fit: bool,
}

impl ListEntry {
    /// Why it ends by itself now, if it does. An objection to a warning that nobody answered ends
    /// nothing: it is not shown meanwhile, and others have to judge it.
    pub fn ends(&self, ground: Ground, now: DateTime<Utc>) -> Option<Ending> {
        if !matches!(self.state, EntryState::Proposed | EntryState::Approved) {
            None
        } else if self.shown_until.is_some_and(|until| until < day_of(now)) {
            Some(Ending::Expired)
        } else if self.list == List::Honor && self.removal_due_at.is_some_and(|due| due <= now) {
            Some(Ending::RemovalOverdue)
        } else if !ground.fact_stands {
            Some(Ending::FactGone)
        } else if !ground.person_fit {
            Some(Ending::PersonUnfit)
        } else {
            None
        }
    }
}
