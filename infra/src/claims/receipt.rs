//! What somebody is told who changed a claim.

use chrono::{DateTime, NaiveDate, Utc};
use domain::claim::{Adjustment, Claim, State};
use domain::id::ClaimId;
use domain::points::Points;
use domain::rule_book::RuleBook;
use serde::{Deserialize, Serialize};

/// Where a claim stands after a change. Stored as the answer to repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The claim.
    pub claim: ClaimId,
    /// Where it stands.
    pub state: State,
    /// The stage that looks at it, while it is under review.
    pub stage_name: Option<String>,
    /// Until when that stage should decide.
    pub due_at: Option<DateTime<Utc>>,
    /// The amount before caps.
    pub asked: Points,
    /// The amount that counts, once certified.
    pub granted: Option<Points>,
    /// How what was asked for became what counts.
    pub adjustments: Vec<Adjustment>,
    /// For a deduction: until when it can be put right.
    pub cure_until: Option<NaiveDate>,
}

impl Receipt {
    /// The receipt for a claim as it is now.
    pub(super) fn of(claim: &Claim, book: &RuleBook) -> Self {
        Self {
            claim: claim.id,
            state: claim.state,
            stage_name: stage_name(claim, book),
            due_at: claim.stage_due_at,
            asked: claim.asked,
            granted: claim.granted,
            adjustments: claim.adjustments.clone(),
            cure_until: claim.cure_until,
        }
    }
}

/// The name of the stage that looks at a claim, while one does.
pub(super) fn stage_name(claim: &Claim, book: &RuleBook) -> Option<String> {
    let stage = book.claim_way.stage(claim.stage).filter(|_| claim.state.is_under_review());
    stage.map(|stage| stage.name.clone())
}
