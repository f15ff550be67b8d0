//! The facts that an entry may point to.

use chrono::NaiveDate;

use super::List;
use crate::claim::{Claim, State};
use crate::content::Standing;
use crate::id::{AccountId, ClaimId, RatingId, ReportId};
use crate::refusal::Refusal;
use crate::report::{self, Kind};
use crate::rule_book::ItemKind;

/// What an entry points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A posted claim, an award or a deduction: its person is shown.
    Claim(ClaimId),
    /// The line of an account in a rating that took effect: its person is shown, or the head of its
    /// household.
    Rating(RatingId, AccountId),
    /// A good deed that somebody reported: the person praised is shown.
    Report(ReportId),
}

impl Fact {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim(_) => "claim",
            Self::Rating(..) => "rating",
            Self::Report(_) => "report",
        }
    }
}

/// Decides whether a claim is a fact for this list today: an award that counts, for praise; for a
/// warning a deduction that counts, that could be cured, whose time for that is over, and that was
/// not put right since.
///
/// `disputed` says that an objection or appeal to it is open.
///
/// # Errors
/// `listing_fact_unfit`; `listing_cure_open` while it can be cured, or if it never could.
pub fn claim_fits(
    list: List,
    claim: &Claim,
    disputed: bool,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if claim.state != State::Posted || disputed {
        return Err(Refusal::ListingFactUnfit);
    }
    match (list, claim.kind) {
        (List::Honor, ItemKind::Award) => Ok(()),
        (List::Warning, ItemKind::Deduction) if claim.repaired_on.is_none() => {
            match claim.cure_until {
                Some(until) if until < today => Ok(()),
                until => Err(Refusal::ListingCureOpen { until }),
            }
        }
        _ => Err(Refusal::ListingFactUnfit),
    }
}

/// Decides whether a line of a rating is a fact for this list: stars in effect are praise. That
/// somebody has few is nothing to warn of (section 15: a low score alone has no consequence).
///
/// `undisputed` says that no objection or appeal to it is open.
///
/// # Errors
/// `listing_fact_unfit`.
pub fn rating_fits(
    list: List,
    in_effect: bool,
    undisputed: bool,
    stars: u8,
) -> Result<(), Refusal> {
    if list == List::Honor && in_effect && undisputed && stars > 0 {
        Ok(())
    } else {
        Err(Refusal::ListingFactUnfit)
    }
}

/// Decides whether a report is a fact for this list: a good deed that triage took on and whose text
/// and photos passed the check. Once a claim was made of it the claim is the fact, so that what its
/// reviewers reject is not praised all the same. A nuisance is nothing to warn of by itself: see the
/// module.
///
/// # Errors
/// `listing_fact_unfit`.
pub fn report_fits(
    list: List,
    kind: Kind,
    state: report::State,
    standing: Standing,
    claimed: bool,
) -> Result<(), Refusal> {
    let seen = state.is_taken_on() && standing == Standing::Public;
    if list == List::Honor && kind == Kind::GoodDeed && seen && !claimed {
        Ok(())
    } else {
        Err(Refusal::ListingFactUnfit)
    }
}
