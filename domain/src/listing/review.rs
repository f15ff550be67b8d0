//! The panel's decision about an entry.

use std::collections::BTreeSet;

use super::{EntryState, ListEntry};
use crate::actor::Role;
use crate::claim::{Ballot, Decision};
use crate::refusal::Refusal;
use crate::rule_book::{Majority, ReviewRole, RuleBook, Stage, Tally, Way};

/// The panel where a book has none (ours): three members, by majority.
const QUORUM: u8 = 3;
/// Within how many working days it decides (ours).
const WORKING_DAYS: u16 = 10;

/// The way of an entry: the stage at which the panel reviews claims by the book in force; where no
/// panel does, three panel members by majority.
pub fn panel_way(book: &RuleBook) -> Way {
    let panel = |stage: &&Stage| stage.role == ReviewRole::PanelMember;
    let stage = book.claim_way.stages.iter().find(panel).cloned().unwrap_or_else(|| Stage {
        name: "评议".to_owned(),
        role: ReviewRole::PanelMember,
        quorum: QUORUM,
        majority: Majority::Simple,
        working_days_max: WORKING_DAYS,
        levels: BTreeSet::new(),
    });
    Way { stages: vec![stage], notice_days: 0, notice_every: None }
}

impl ListEntry {
    /// Counts a panel member's vote. To send it back is to be against it.
    ///
    /// # Errors
    /// `listing_state` once it is decided, and those of [`Ballot::cast`]: own household, declared
    /// kin, own proposal, no panel member, voted before, no reason against.
    pub fn decide(mut self, way: &Way, ballot: &Ballot<'_>) -> Result<(Role, Self), Refusal> {
        if self.state != EntryState::Proposed {
            return Err(Refusal::ListingState);
        }
        let (role, tally) = ballot.cast(way, 0, 1)?;
        self.state = match (ballot.decision, tally) {
            (Decision::Return, _) | (_, Tally::Rejected) => EntryState::Rejected,
            (_, Tally::Passed) => EntryState::Approved,
            (_, Tally::Open) => EntryState::Proposed,
        };
        Ok((role, self))
    }
}
