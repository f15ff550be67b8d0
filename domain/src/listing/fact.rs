//! The facts that an entry may point to.

use chrono::NaiveDate;

use super::List;
use crate::claim::{Claim, State};
use crate::id::{ClaimId, RatingId};
use crate::refusal::Refusal;
use crate::rule_book::ItemKind;

/// What an entry points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A posted claim: an award or a deduction.
    Claim(ClaimId),
    /// The line of the household in a rating that took effect.
    Rating(RatingId),
}

impl Fact {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim(_) => "claim",
            Self::Rating(_) => "rating",
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
/// # Errors
/// `listing_fact_unfit`.
pub fn rating_fits(list: List, in_effect: bool, stars: u8) -> Result<(), Refusal> {
    if list == List::Honor && in_effect && stars > 0 {
        Ok(())
    } else {
        Err(Refusal::ListingFactUnfit)
    }
}
