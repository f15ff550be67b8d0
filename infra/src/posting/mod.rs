//! From posted claims to the ledger: what the domain says each one moves, in one call of the door; the
//! marks that some of them leave ([`marks`]), the lower claims of the same deed that give way to them
//! ([`give_way`]), and what the others of an account come to when one fell ([`reassess`]).

mod give_way;
mod marks;
pub mod reassess;

pub use marks::vetoes;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::claim::Claim;
use domain::id::{UserId, VillageId};
use domain::ledger::{Entry, Posting};
use domain::notice;
use domain::refusal::Refusal;

use crate::db::Db;
use crate::error::Error;
use crate::funds::brakes;
use crate::{id, ledger};

/// What claims move that the domain has just marked as posted (or corrected).
///
/// # Errors
/// [`Error::Unavailable`]; `item_unknown` if a claim names an item that its book does not have.
pub fn of_claims(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    claims: &[&Claim],
) -> Result<Vec<Posting>, Error> {
    let mut postings = Vec::with_capacity(claims.len() * 2);
    // A deed looks at the brake of its day, so that the oldest one says how far back to ask.
    let brakes = match claims.iter().map(|claim| claim.happened_on).min() {
        Some(oldest) => brakes::of_in(c, village, oldest)?,
        None => Vec::new(),
    };
    for claim in claims {
        let book = db.book(c, village, claim.rule_book)?;
        let item = book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)?;
        postings.extend(notice::postings(claim, item, &brakes, id::new));
    }
    Ok(postings)
}

/// Writes claims to the ledger that the domain has just marked as posted, with their marks, and takes
/// back what gives way to them. Saving the claims themselves is the caller's part of the same transaction,
/// and comes before.
///
/// # Errors
/// Those of [`ledger::post_in_tx`].
pub fn post_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    claims: &[&Claim],
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<Vec<Entry>, Error> {
    // All accounts at once, in their order: marks and entries would else lock them one set after the
    // other, and a rating that is computed meanwhile could meet them half way.
    let touched = claims.iter().map(|claim| claim.account).collect();
    ledger::lock_in_tx(tx, village, &touched)?;
    let given = give_way::in_tx(db, tx, village, claims, now, by)?;
    let standing: Vec<&Claim> =
        claims.iter().copied().filter(|claim| !given.claims.contains(&claim.id)).collect();
    let mut postings = given.reversals;
    postings.extend(of_claims(db, tx, village, &standing)?);
    marks::leave_in_tx(db, tx, village, &standing, now)?;
    // What gives comes before what takes (domain::objection::movements): else what a lower deed gave and
    // was spent already would be given twice.
    postings.sort_by_key(|posting| posting.amount < 0);
    ledger::post_in_tx(tx, village, postings, now, by)
}
