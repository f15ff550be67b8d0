//! Public notices (公示): what is certified hangs on the board, anyone may object, and when the
//! time is over what is undisputed takes effect.

use chrono::{DateTime, Days, Utc};

use crate::calendar::{day_of, end_of};
use crate::claim::{Claim, State};
use crate::id::EntryId;
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
use crate::refusal::Refusal;
use crate::rule_book::{CountsFor, Item, ItemKind};

/// The most lines one notice holds; more go on the next.
pub const LINES_MAX: usize = 10_000;

/// When a notice of so many days that opens now will close: at the end of the last full day.
pub fn closes_at(opens_at: DateTime<Utc>, days: u16) -> DateTime<Utc> {
    let first = day_of(opens_at);
    end_of(first.checked_add_days(Days::new(u64::from(days))).unwrap_or(first))
}

/// What becomes of a claim when its notice closes.
///
/// # Errors
/// `claim_state` unless it hangs on the notice.
pub fn settle(mut claim: Claim, disputed: bool) -> Result<Claim, Refusal> {
    if claim.state != State::OnNotice {
        return Err(Refusal::ClaimState { state: claim.state });
    }
    if disputed {
        claim.state = State::Disputed;
        claim.version += 1;
        return Ok(claim);
    }
    post(claim)
}

/// Marks a claim as written to the ledger once more; [`postings`] says what to write.
///
/// # Errors
/// `claim_state` unless it is certified, on notice or disputed.
pub fn post(mut claim: Claim) -> Result<Claim, Refusal> {
    claim.state = claim.state.to(State::Posted)?;
    claim.postings += 1;
    claim.version += 1;
    Ok(claim)
}

/// What a posted claim moves: the score, and the redeemable purse if the item counts for it.
pub fn postings(claim: &Claim, item: &Item, mut new_id: impl FnMut() -> EntryId) -> Vec<Posting> {
    let amount = claim.signed().hundredths();
    let counter = match claim.kind {
        ItemKind::Award => Counter::Issue,
        ItemKind::Deduction => Counter::Forfeit,
    };
    let redeemable = Claim::counts_for(item, CountsFor::Points).then_some(Purse::Points);
    [Some(Purse::Score), redeemable]
        .into_iter()
        .flatten()
        .filter(|_| amount != 0)
        .map(|purse| Posting {
            id: new_id(),
            account: claim.account,
            purse,
            amount,
            counter,
            source: Source::Claim(claim.id),
            source_posting: claim.postings - 1,
            rule_book: Some(claim.rule_book),
            item_code: Some(claim.item_code.clone()),
            happened_on: claim.happened_on,
            reverses: None,
            shortfall: Shortfall::TakeWhatIsThere,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_of_three_days_hangs_for_three_whole_days() {
        let opens: DateTime<Utc> = "2026-10-12T02:00:00Z".parse().unwrap();
        assert_eq!(closes_at(opens, 3), end_of("2026-10-15".parse().unwrap()));
    }
}
