//! What the claims of an account come to once one of them fell or was put right.
//!
//! A claim that falls was never there: the highest that is left of its deed counts (section 4), what
//! was topped up on its hours, doubled because of it or cut because of it is reckoned without it.

use super::{Adjustment, Assessment, Claim};
use crate::id::ClaimId;
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::{Item, ItemKind, OPEN_ENDED, RuleBook};

impl Claim {
    /// The claim of the same deed that counts instead, if there is one.
    pub fn yields_to(&self) -> Option<ClaimId> {
        self.adjustments.iter().rev().find_map(|one| match one {
            Adjustment::YieldsTo { claim, .. } => Some(*claim),
            _ => None,
        })
    }

    /// Another claim of the same deed counts instead, which came later: see [`Claim::replaces`].
    #[must_use]
    pub fn give_way(mut self, to: ClaimId) -> Self {
        let points = if self.kind == ItemKind::DirectGrade {
            // What its repair would have taken from the score.
            self.after_cuts()
        } else {
            self.granted.unwrap_or_default()
        };
        self.granted = Some(Points::ZERO);
        self.adjustments.push(Adjustment::YieldsTo { claim: to, points });
        self
    }

    /// What its caps leave of its worth.
    fn after_cuts(&self) -> Points {
        let left = self.adjustments.iter().fold(self.worth(), |left, one| match one {
            Adjustment::Cut(cut) => left.minus(cut.points).unwrap_or_default(),
            _ => left,
        });
        left.max(Points::ZERO)
    }

    /// The claim with what it comes to.
    #[must_use]
    pub(super) fn reckoned(mut self, assessed: Assessment, item: &Item, book: &RuleBook) -> Self {
        // Until it is repaired a direct grade takes nothing from the score.
        let is_grade = self.kind == ItemKind::DirectGrade;
        let stands = is_grade && self.repaired_on.is_none();
        self.granted = Some(if stands { Points::ZERO } else { assessed.granted });
        self.adjustments = assessed.adjustments;
        if is_grade && !stands {
            // Its deduction counts from the day of the repair on.
            return self;
        }
        self.counts_until = if item.extends_until_corrected {
            // Once it was put right it has a last day, which does not hang on the amount.
            self.counts_until.or(Some(OPEN_ENDED))
        } else {
            let duration = item.duration_of(&self.measure);
            Some(duration.last_day(self.happened_on, assessed.granted, book.cycle))
        };
        self
    }
}

/// Reckons anew what each claim comes to: `claims` are all of one account that were certified and not
/// taken back, in the order in which they were certified, those that yield included. Answers them in
/// the same order with amounts, adjustments and last days as they are now; who calls compares and
/// reverses or posts the difference. State and version stay. What was corrected after an objection
/// keeps that worth; exclusivity and caps hold for it as for every other.
///
/// # Errors
/// `item_unknown` for a claim without its book; those of [`super::assess`].
pub fn reassess<'b>(
    claims: &[Claim],
    book_of: impl Fn(&Claim) -> Option<&'b RuleBook>,
) -> Result<Vec<Claim>, Refusal> {
    let mut again: Vec<Claim> = Vec::with_capacity(claims.len());
    for claim in claims {
        let book = book_of(claim).ok_or(Refusal::ItemUnknown)?;
        let item = book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)?;
        let others: Vec<_> = again.iter().map(Claim::counted).collect();
        let assessed = super::assess(claim, book, &others)?;
        let claim = claim.clone().reckoned(assessed, item, book);
        again = make_way(again, &claim);
        again.push(claim);
    }
    Ok(again)
}

/// The claims once those that a new one replaces gave way: to it, or to the one to which it yields.
pub fn make_way(claims: Vec<Claim>, new: &Claim) -> Vec<Claim> {
    let to = new.yields_to().unwrap_or(new.id);
    let gives_way = |claim: &Claim| new.replaces().any(|replaced| replaced == claim.id);
    claims
        .into_iter()
        .map(|claim| if gives_way(&claim) { claim.give_way(to) } else { claim })
        .collect()
}
