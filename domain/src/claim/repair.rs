//! Credit repair (信用修复): what goes on until it is put right ends, once a cadre saw that it was.
//!
//! A direct grade stands until then and is replaced by the fixed deduction of its item (60 in
//! Wendeng's village book). The deduction counts from the day of the repair on, for as long as the
//! item says: before that day the grade held, and a cycle is never burdened with both. A deduction that
//! is extended until it is put right gets the day on which it ends.
//!
//! Before it is posted, a fault is cured instead ([`Claim::cure`]).

use chrono::{DateTime, NaiveDate, Utc};

use super::{Adjustment, Claim, State, Ties};
use crate::actor::{Actor, Role};
use crate::calendar::day_of;
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::rating::GradeMark;
use crate::refusal::Refusal;
use crate::rule_book::{Item, ItemKind, RuleBook};

/// A claim that was repaired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The claim, still posted.
    pub claim: Claim,
    /// Whether it is to be written to the ledger now, as [`crate::notice::postings`] says: the
    /// deduction that replaces a direct grade.
    pub posts: bool,
}

impl Claim {
    /// Ends a posted fault that was put right, by the book that judged it. A cadre who may record
    /// deductions says so, with what they saw; nobody does for their own household or kin. Answers the
    /// role in which they act.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `own_household`, `declared_kin`, `reason_missing`; `claim_state`
    /// unless it is posted; `not_repairable` for anything else than a direct grade that counts or a
    /// deduction that goes on until it is put right, and for what was repaired already.
    pub fn repair(
        mut self,
        book: &RuleBook,
        actor: &Actor,
        place: &Place,
        ties: Ties,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(Role, Repair), Refusal> {
        let permit = allows(actor, Action::DeductionCreate, &Target::village(*place))?;
        // Who recorded it knows best whether it was put right.
        Ties { claimed: false, stepped_aside: false, ..ties }.free()?;
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        if self.state != State::Posted {
            return Err(Refusal::ClaimState { state: self.state });
        }
        let item = book.item(&self.item_code).ok_or(Refusal::ItemUnknown)?;
        let today = day_of(now);
        let duration = item.duration_of(&self.measure);
        let replaced = self.grade_mark(item).is_some_and(|mark| mark.repaired_on.is_none());
        let extended = self.kind != ItemKind::DirectGrade
            && self.kind.is_adverse()
            && item.extends_until_corrected
            && self.repaired_on.is_none();
        self.counts_until = Some(if replaced {
            self.granted = Some(self.asked);
            self.postings += 1;
            duration.last_day(today, self.asked, book.cycle)
        } else if extended {
            let granted = self.granted.unwrap_or_default();
            let last_day = duration.last_day(self.happened_on, granted, book.cycle);
            duration.last_day_corrected(last_day, today, book.cycle)
        } else {
            return Err(Refusal::NotRepairable);
        });
        self.repaired_on = Some(today);
        self.version += 1;
        Ok((permit.role, Repair { claim: self, posts: replaced }))
    }

    /// The direct grade that it is for a rating, if it is one: posted, by an item that sets a star, and
    /// not yielding to another claim of the same deed.
    pub fn grade_mark(&self, item: &Item) -> Option<GradeMark> {
        let yields = self.adjustments.iter().any(|one| matches!(one, Adjustment::YieldsTo { .. }));
        let marks = self.kind == ItemKind::DirectGrade && self.state == State::Posted && !yields;
        item.grade.filter(|_| marks).map(|star| GradeMark {
            claim: self.id,
            star,
            since: self.happened_on,
            repaired_on: self.repaired_on,
        })
    }

    /// From which day on its points count: that of the deed, or of the repair of a direct grade.
    pub fn counts_from(&self) -> NaiveDate {
        let repaired = self.repaired_on.filter(|_| self.kind == ItemKind::DirectGrade);
        repaired.unwrap_or(self.happened_on)
    }
}

#[cfg(test)]
mod tests;
