//! A claim (申报): from a declared deed, or a recorded fault, to certified points.
//!
//! [`declare`] makes one and [`declare_for_many`] one for each who took part, [`Claim::decide`]
//! counts a reviewer's vote, [`Claim::certify`] applies the caps; [`Claim::resubmit`] and
//! [`Claim::withdraw`] belong to the claimant, [`Claim::cure`] closes a deduction that was put right in
//! time, [`Claim::repair`] ends what goes on until it is put right, [`reassess`] says what the others
//! come to when one falls.
//! What happens on the notice board is in [`crate::notice`], what happens after an objection in
//! [`crate::objection`]. Every function takes the claim as it is and gives the claim as it becomes,
//! or a [`Refusal`]; none changes anything by itself.

mod activity;
mod assess;
mod change;
mod cure;
mod declare;
mod mark;
#[cfg(test)]
mod period_tests;
mod reassess;
mod repair;
mod review;
mod state;
#[cfg(test)]
mod tests;

pub use activity::{PEOPLE_MAX, TITLE_CHARS_MAX, declare_for_many};
pub use assess::{Adjustment, Assessment, Counted, assess};
pub use declare::{
    Declared, Doer, Draft, EvidenceFile, Person, Recorder, SameDeed, Via, declare, second_recorder,
};
pub use mark::{Mark, MarkKind, suspended_until};
pub use reassess::{make_way, reassess};
pub use repair::Repair;
pub use review::{Ballot, Decision, Progress, Ties, Vote};
pub use state::State;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ClaimId, HouseholdId, RuleBookId, UserId, VillageId, VillagerId};
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::{CountsFor, Cut, Item, ItemKind, Measure, OPEN_ENDED, RuleBook};

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its id.
    pub id: ClaimId,
    /// The village.
    pub village: VillageId,
    /// The household it is for.
    pub household: HouseholdId,
    /// The person who did it.
    pub person: VillagerId,
    /// The account it counts on.
    pub account: AccountId,
    /// The book that judges it: the one in force on the day of the deed.
    pub rule_book: RuleBookId,
    /// The item of that book.
    pub item_code: String,
    /// Award or deduction.
    pub kind: ItemKind,
    /// Units or choice.
    pub measure: Measure,
    /// The day of the deed.
    pub happened_on: NaiveDate,
    /// What was written about it.
    pub text: String,
    /// Who made the claim.
    pub claimed_by: UserId,
    /// In which way.
    pub via: Via,
    /// The second recorder, for items that need two.
    pub second_recorder: Option<VillagerId>,
    /// Where it stands.
    pub state: State,
    /// The stage of review, the first being 0.
    pub stage: u8,
    /// How often it was submitted: 1 at first, more after each return.
    pub round: u16,
    /// Until when the stage should decide.
    pub stage_due_at: Option<DateTime<Utc>>,
    /// The amount by the item, before caps; never below zero.
    pub asked: Points,
    /// The amount that counts, after caps; set when it is certified.
    pub granted: Option<Points>,
    /// How what was asked for became what counts.
    pub adjustments: Vec<Adjustment>,
    /// The claim that was first of the same deed, if several are of one.
    pub deed: Option<ClaimId>,
    /// Who did it, where a relative is credited: the person is the relative then.
    pub doer: Option<VillagerId>,
    /// The last day on which it counts; set when it is certified.
    pub counts_until: Option<NaiveDate>,
    /// For a deduction: until when it can be put right.
    pub cure_until: Option<NaiveDate>,
    /// When it was repaired: a direct grade, or a deduction that goes on until it is put right.
    #[serde(default)]
    pub repaired_on: Option<NaiveDate>,
    /// How often it was written to the ledger: more than once after a correction.
    pub postings: i16,
    /// Counts the changes, so that two at once cannot both win.
    pub version: i32,
}

impl Claim {
    /// The most files of evidence.
    pub const FILES_MAX: usize = 9;
    /// The longest text, in characters.
    pub const TEXT_CHARS_MAX: usize = 1_000;

    /// The points as they go into the ledger: below zero for a deduction.
    pub fn signed(&self) -> Points {
        let granted = self.granted.unwrap_or_default();
        if self.kind.is_adverse() { granted.negated() } else { granted }
    }

    /// Whether its points are added to this purse too.
    pub fn counts_for(item: &Item, purse: CountsFor) -> bool {
        item.counts_for.contains(&purse)
    }

    /// Whether its stage should have decided by now.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.state.is_under_review() && self.stage_due_at.is_some_and(|due| due < now)
    }

    /// Certifies a claim that passed its last stage, among the deeds of its account that count
    /// already ([`assess`]).
    ///
    /// # Errors
    /// Those of [`assess`].
    pub fn certify(mut self, book: &RuleBook, others: &[Counted]) -> Result<Self, Refusal> {
        let item = book.item(&self.item_code).ok_or(Refusal::ItemUnknown)?;
        let assessed = assess(&self, book, others)?;
        self = self.reckoned(assessed, item, book);
        self.state = State::Certified;
        self.stage_due_at = None;
        Ok(self)
    }

    /// What it is worth before exclusivity and caps.
    pub fn worth(&self) -> Points {
        let mut worth = self.asked;
        for adjustment in &self.adjustments {
            match adjustment {
                Adjustment::ToppedUp { .. } => worth = adjustment.topped_up().unwrap_or_default(),
                Adjustment::Corrected { points } => worth = *points,
                Adjustment::Doubled { points, .. } => {
                    worth = worth.plus(*points).unwrap_or(Points::MAX);
                }
                _ => {}
            }
        }
        worth
    }

    /// What caps cut, in the order of the book.
    pub fn cuts(&self) -> impl Iterator<Item = &Cut> {
        self.adjustments.iter().filter_map(|one| match one {
            Adjustment::Cut(cut) => Some(cut),
            _ => None,
        })
    }

    /// The claims of the same deed that it counts instead of.
    pub fn replaces(&self) -> impl Iterator<Item = ClaimId> {
        self.adjustments.iter().filter_map(|one| match one {
            Adjustment::Replaces { claim, .. } => Some(*claim),
            _ => None,
        })
    }

    /// As the deeds of its account see it once it counts.
    pub fn counted(&self) -> Counted {
        Counted {
            claim: self.id,
            item_code: self.item_code.clone(),
            kind: self.kind,
            person: self.person,
            happened_on: self.happened_on,
            counts_until: self.counts_until.unwrap_or(OPEN_ENDED),
            quantity: self.measure.quantity,
            worth: self.worth(),
            topped_up: self.adjustments.iter().find_map(Adjustment::topped_up).unwrap_or_default(),
            granted: self.granted.unwrap_or_default(),
            yields: self.yields_to().is_some(),
            deed: self.deed,
        }
    }
}
