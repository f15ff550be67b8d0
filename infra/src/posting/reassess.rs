//! A claim fell, or counts another amount: what the others of its account come to is reckoned anew,
//! and the differences are written to the ledger by reversals and new entries.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::claim::{Claim, State, reassess};
use domain::id::{AccountId, ClaimId, UserId, VillageId};
use domain::ledger::{Posting, Source};
use domain::rule_book::RuleBook;
use uuid::Uuid;

use super::{marks, of_claims};
use crate::claims::{self, Event, Kept};
use crate::db::Db;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::{id, ledger, notices};

/// Reckons the claims of an account anew after `cause` fell or was corrected, and writes what came of
/// it, together with `first`, which is what became of `cause` itself: all that gives before all that takes.
///
/// # Errors
/// Those of [`reassess`] and [`ledger::post_in_tx`].
pub fn in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    (account, cause): (AccountId, ClaimId),
    first: Vec<Posting>,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<(), Error> {
    // Nobody certifies another claim of the account meanwhile.
    ledger::lock_in_tx(tx, village, &[account].into())?;
    marks::strike_if_fallen_in_tx(tx, village, cause, now)?;
    let before = claims::counting_in_tx(tx, village, account)?;
    let mut books: HashMap<Uuid, Arc<RuleBook>> = HashMap::new();
    for kept in &before {
        let id = kept.claim.rule_book;
        books.insert(id.0, db.book(tx, village, id)?);
    }
    let list: Vec<Claim> = before.iter().map(|kept| kept.claim.clone()).collect();
    let after = reassess(&list, |claim| books.get(&claim.rule_book.0).map(|book| &**book))?;
    let mut postings = first;
    for (kept, mut claim) in before.into_iter().zip(after) {
        if claim == kept.claim {
            continue;
        }
        let version = kept.claim.version;
        claim.version += 1;
        let counts = |claim: &Claim| (claim.granted, claim.counts_until);
        if claim.state == State::Posted && counts(&claim) != counts(&kept.claim) {
            let standing = ledger::standing_in_tx(tx, village, Source::Claim(claim.id))?;
            postings.extend(standing.iter().map(|entry| Posting::reversing(entry, id::new())));
            claim.postings += 1;
            postings.extend(of_claims(db, tx, village, &[&claim])?);
        }
        let told = claim.granted != kept.claim.granted;
        let kept = Kept { claim, changed_at: now, ..kept };
        claims::save_in_tx(tx, &kept, version)?;
        if kept.claim.state == State::Posted {
            marks::follow_in_tx(db, tx, village, &kept.claim, now)?;
        }
        if told {
            tell_in_tx(db, tx, &kept.claim, now, by)?;
        }
    }
    // What gives comes before what takes (domain::objection::movements).
    postings.sort_by_key(|posting| posting.amount < 0);
    ledger::post_in_tx(tx, village, postings, now, by)?;
    Ok(())
}

fn tell_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    claim: &Claim,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<(), Error> {
    let event = Event { event: "reassessed", user: by, role: None, reason: None, at: now };
    claims::record_in_tx(tx, &[claim], event)?;
    let data = notices::facts(db, tx, claim.village, claim)?;
    let told = Message { to: claim.person, kind: Kind::ClaimReassessed, data };
    messages::leave_in_tx(tx, claim.village, &[told], now)
}
