//! Simulation (试算): a draft run over a cycle that is over. Who would have which star, what would
//! change, which items nobody used, and what it would cost the fund: star credit, and redeemable points
//! at their exchange value.
//!
//! The deeds are those that were posted; what the draft would have drawn out of people is not known.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Cycle;
use crate::claim::{Claim, reassess};
use crate::points::{Fen, Points};
use crate::rating::{Effective, Line, ScoreEntry, Standing, counts_in, ratable_kind, rate};
use crate::refusal::Refusal;
use crate::rule_book::{Amount, CountsFor, ItemKind, RuleBook};

/// What is known of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// By the book of the cycle, with what counted.
    pub before: Standing,
    /// By the draft; what counts is reckoned anew from the claims.
    pub after: Standing,
    /// Its posted claims in the order in which they were certified.
    pub claims: Vec<Claim>,
}

/// An account by the book of the cycle and by the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// By the book.
    pub before: Line,
    /// By the draft.
    pub after: Line,
}

/// What a book issues in the cycle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Issued {
    /// By awards.
    pub awarded: Points,
    /// Taken by deductions, above zero.
    pub deducted: Points,
    /// Star credit for the stars.
    pub star_credit: Fen,
    /// Of what awards gave, what can be redeemed.
    pub redeemable: Points,
    /// What that is worth, where the book gives points an exchange value.
    pub redeemable_worth: Option<Fen>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simulation {
    /// Account by account, in the order in which they were given.
    pub outcomes: Vec<Outcome>,
    /// By the book of the cycle.
    pub before: Issued,
    /// By the draft.
    pub after: Issued,
    /// Items of the draft that no claim of the cycle used.
    pub unused: Vec<String>,
    /// How many claims the draft has no room for, by item: it has no such item, or one that asks for
    /// something else.
    pub dropped: BTreeMap<String, usize>,
}

/// Runs a draft over a cycle.
///
/// # Errors
/// `simulation_subject` if the two do not rate the same accounts; `cycle_wrong_kind`;
/// `amount_out_of_range`.
pub fn simulate(
    book: &RuleBook,
    draft: &RuleBook,
    cycle: Cycle,
    accounts: Vec<Played>,
) -> Result<Simulation, Refusal> {
    ratable_kind(book, cycle)?;
    ratable_kind(draft, cycle)?;
    if book.subject != draft.subject {
        return Err(Refusal::SimulationSubject);
    }
    let mut simulation = Simulation::default();
    let mut used = BTreeSet::new();
    for account in accounts {
        let before = rate(book, cycle, &account.before)?;
        for claim in account.claims.iter().filter(|claim| counts(claim, cycle)) {
            simulation.before.add(claim, book)?;
        }
        let mut played = Vec::with_capacity(account.claims.len());
        for claim in account.claims {
            let code = claim.item_code.clone();
            let of_cycle = cycle.contains(claim.happened_on);
            match by_draft(claim, draft) {
                Some(claim) => {
                    if of_cycle {
                        used.insert(code);
                    }
                    played.push(claim);
                }
                None if of_cycle => *simulation.dropped.entry(code).or_default() += 1,
                None => {}
            }
        }
        let played = reassess(&played, |_| Some(draft))?;
        for claim in played.iter().filter(|claim| counts(claim, cycle)) {
            simulation.after.add(claim, draft)?;
        }
        let entries: Vec<_> = played.iter().filter_map(|claim| entry(claim, draft)).collect();
        let known = account.after.effective;
        let members = known.members.into_iter().map(|mut one| {
            (one.personal, one.role_duty) = (0, 0);
            one
        });
        let empty = Effective {
            entries_sum: 0,
            role_duty_sum: 0,
            members: members.collect(),
            head: known.head,
            marks: known.marks,
        };
        let effective = empty.summed(draft.subject, cycle, &entries)?;
        let after = rate(draft, cycle, &Standing { effective, ..account.after })?;
        simulation.before.grant(book, &before)?;
        simulation.after.grant(draft, &after)?;
        simulation.outcomes.push(Outcome { before, after });
    }
    for (issued, book) in [(&mut simulation.before, book), (&mut simulation.after, draft)] {
        issued.redeemable_worth = book.worth_of(issued.redeemable)?;
    }
    let codes = draft.items.iter().map(|item| item.code.clone());
    simulation.unused = codes.filter(|code| !used.contains(code)).collect();
    Ok(simulation)
}

fn counts(claim: &Claim, cycle: Cycle) -> bool {
    claim.counts_until.is_some_and(|until| counts_in(claim.counts_from(), until, cycle))
}

/// The claim as somebody would have declared it by the draft, if its item is there and asks for the
/// same. What the panel filled in stays as far as the draft's range lets it.
fn by_draft(mut claim: Claim, draft: &RuleBook) -> Option<Claim> {
    let item = draft.item(&claim.item_code)?;
    if item.kind.is_adverse() != claim.kind.is_adverse() {
        return None;
    }
    claim.asked = match &item.amount {
        Amount::Range { points_min, points_max } if claim.measure == Default::default() => {
            claim.asked.clamp(*points_min, (*points_max).max(*points_min))
        }
        amount => amount.of(&claim.measure).ok()?,
    };
    claim.kind = item.kind;
    Some(claim)
}

/// What a claim leaves in the score.
fn entry(claim: &Claim, draft: &RuleBook) -> Option<ScoreEntry> {
    let item = draft.item(&claim.item_code)?;
    let granted = claim.granted.filter(|points| points.is_positive())?;
    Some(ScoreEntry {
        entry: None,
        amount: item.signed(granted),
        happened_on: claim.counts_from(),
        counts_until: claim.counts_until?,
        part: item.part,
        member: Some(claim.person),
        reverses: None,
        claim: None,
    })
}

impl Issued {
    fn add(&mut self, claim: &Claim, book: &RuleBook) -> Result<(), Refusal> {
        let granted = claim.granted.unwrap_or_default();
        let redeemable = book
            .item(&claim.item_code)
            .is_some_and(|item| Claim::counts_for(item, CountsFor::Points));
        if redeemable && claim.kind == ItemKind::Award {
            self.redeemable = self.redeemable.plus(granted).ok_or(Refusal::AmountOutOfRange)?;
        }
        let side =
            if claim.kind == ItemKind::Award { &mut self.awarded } else { &mut self.deducted };
        *side = side.plus(granted).ok_or(Refusal::AmountOutOfRange)?;
        Ok(())
    }

    fn grant(&mut self, book: &RuleBook, line: &Line) -> Result<(), Refusal> {
        let credit = book.stars.credit_for(line.star);
        self.star_credit = self.star_credit.plus(credit).ok_or(Refusal::AmountOutOfRange)?;
        Ok(())
    }
}
