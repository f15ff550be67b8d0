//! A higher claim of the same deed stands in the ledger instead of a lower one (section 4: "a higher
//! one that arrives later replaces the lower by a reversal"). It does so from the moment in which the
//! higher one is posted, and until that one falls.

use std::collections::BTreeMap;

use super::{Claim, State};
use crate::id::ClaimId;
use crate::refusal::Refusal;

impl Claim {
    /// Another claim stands in the ledger instead. Answers whether what this one had posted is to be
    /// reversed. What is still on its way learns it when it would be posted.
    ///
    /// # Errors
    /// `claim_state` for what was taken back already.
    pub fn replace(mut self, by: ClaimId) -> Result<(Self, bool), Refusal> {
        let posted = self.state == State::Posted;
        if posted {
            self.state = self.state.to(State::Replaced)?;
        } else if !self.state.counts_towards_caps() {
            return Err(Refusal::ClaimState { state: self.state });
        }
        self.replaced_by = Some(by);
        self.version += 1;
        Ok((self, posted))
    }
}

/// Marks those of one batch that others of it replace. `posts` says which of them will be posted.
pub fn mark_replaced(batch: &mut [Claim], posts: impl Fn(&Claim) -> bool) {
    let replaced: BTreeMap<ClaimId, ClaimId> = batch
        .iter()
        .filter(|claim| posts(claim) && claim.replaced_by.is_none())
        .flat_map(|claim| claim.replaces().map(|lower| (lower, claim.id)))
        .collect();
    for claim in batch {
        if let Some(by) = replaced.get(&claim.id) {
            claim.replaced_by = Some(*by);
        }
    }
}

/// A claim whose higher one fell: it counts again, and is posted anew if it was. Answers whether it
/// is to be posted.
///
/// # Errors
/// `claim_state`.
pub fn restored(mut claim: Claim) -> Result<(Claim, bool), Refusal> {
    let posts = claim.state == State::Replaced;
    if posts {
        claim.state = claim.state.to(State::Posted)?;
        claim.postings += 1;
    }
    claim.replaced_by = None;
    claim.version += 1;
    Ok((claim, posts))
}
