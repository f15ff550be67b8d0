//! The entries of an account one by one, as an explanation needs them, and their sums.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::score::HouseholdBasis;
use super::{Effective, MemberSum, counts_in};
use crate::calendar::Cycle;
use crate::claim::{Adjustment, Claim};
use crate::id::{ClaimId, EntryId, RuleBookId, VillagerId};
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::{ItemKind, Measure, ScorePart, Subject};

/// What an explanation says of the claim behind an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFacts {
    /// The claim.
    pub claim: ClaimId,
    /// The book that judged it, which names the item.
    pub rule_book: RuleBookId,
    /// The item of that book.
    pub item_code: String,
    /// What that does to the score.
    pub kind: ItemKind,
    /// Units or choice.
    pub measure: Measure,
    /// The amount by the item.
    pub asked: Points,
    /// How it became what counts: tiers, doubling, exclusivity, caps.
    pub adjustments: Vec<Adjustment>,
}

impl From<&Claim> for ClaimFacts {
    fn from(claim: &Claim) -> Self {
        Self {
            claim: claim.id,
            rule_book: claim.rule_book,
            item_code: claim.item_code.clone(),
            kind: claim.kind,
            measure: claim.measure.clone(),
            asked: claim.asked,
            adjustments: claim.adjustments.clone(),
        }
    }
}

/// An entry of the score purse, or a posted claim that came to nothing and left none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreEntry {
    /// The entry; none for a claim that came to nothing.
    pub entry: Option<EntryId>,
    /// How much, with its sign.
    pub amount: Points,
    /// The day of the deed.
    pub happened_on: NaiveDate,
    /// The last day on which it counts. A reversal has that of the entry which it takes back.
    pub counts_until: NaiveDate,
    /// Which part of the score it is of.
    pub part: ScorePart,
    /// Whose deed it was; none if it belongs to the household as a whole.
    pub member: Option<VillagerId>,
    /// The entry that it takes back.
    pub reverses: Option<EntryId>,
    /// The claim behind it.
    pub claim: Option<ClaimFacts>,
}

/// What becomes of an entry in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryEffect {
    /// It counts.
    Counts,
    /// The deed lies after the cycle.
    NotYet,
    /// It ran out before the cycle ended and is archived.
    RanOut,
    /// It is role duty, and the account is on no track that counts it.
    NoTrack,
    /// The member is left out of ratings.
    MemberNotRated,
    /// The household is rated by its head, and this is another member's.
    NotTheHead,
}

impl ScoreEntry {
    /// What becomes of it. `on_track` says whether the account is on a track; `rated` are the members
    /// whom ratings do not leave out.
    pub(super) fn effect(
        &self,
        cycle: Cycle,
        on_track: bool,
        basis: HouseholdBasis,
        rated: impl Fn(VillagerId) -> bool,
    ) -> EntryEffect {
        if self.happened_on > cycle.last_day() {
            return EntryEffect::NotYet;
        }
        if !counts_in(self.happened_on, self.counts_until, cycle) {
            return EntryEffect::RanOut;
        }
        if self.part == ScorePart::RoleDuty && !on_track {
            return EntryEffect::NoTrack;
        }
        match (self.member, basis) {
            (Some(member), basis) if basis.takes(member, rated(member)) => EntryEffect::Counts,
            (Some(_), HouseholdBasis::Head { .. }) => EntryEffect::NotTheHead,
            (Some(_), _) => EntryEffect::MemberNotRated,
            (None, _) => EntryEffect::Counts,
        }
    }
}

impl Effective {
    /// The same account with its sums taken from entries: each member's own for households, and
    /// everything together for a person. Who is no member any more is one who is not rated.
    ///
    /// # Errors
    /// `amount_out_of_range`.
    pub fn summed(
        self,
        subject: Subject,
        cycle: Cycle,
        entries: &[ScoreEntry],
    ) -> Result<Self, Refusal> {
        let (mut whole, mut members) = ([0_i64; 2], BTreeMap::new());
        for member in &self.members {
            members.insert(member.member, (member.rated, [0_i64; 2]));
        }
        let counting =
            entries.iter().filter(|one| counts_in(one.happened_on, one.counts_until, cycle));
        for entry in counting {
            let [personal, role_duty] = match entry.member.filter(|_| subject == Subject::Household)
            {
                Some(member) => &mut members.entry(member).or_insert((false, [0; 2])).1,
                None => &mut whole,
            };
            let sum = match entry.part {
                ScorePart::PersonalCredit => personal,
                ScorePart::RoleDuty => role_duty,
            };
            *sum = sum.checked_add(entry.amount.hundredths()).ok_or(Refusal::AmountOutOfRange)?;
        }
        let [entries_sum, role_duty_sum] = whole;
        let members = members
            .into_iter()
            .map(|(member, (rated, [personal, role_duty]))| MemberSum {
                member,
                rated,
                role_duty,
                personal,
            })
            .collect();
        Ok(Self { entries_sum, role_duty_sum, members, ..self })
    }
}
