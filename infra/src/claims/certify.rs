//! Certifying: what a claim comes to among the deeds of its account that count already.

use diesel::prelude::*;
use domain::claim::{Claim, Counted, State};
use domain::rule_book::RuleBook;

use super::row::ClaimRow;
use crate::error::Error;
use crate::ledger;
use crate::schema::claims;

/// Certifies under the lock of the account, so that two claims of one household cannot both use what
/// is left of a cap.
///
/// # Errors
/// Those of [`Claim::certify`].
pub(super) fn certify_in_tx(
    tx: &mut PgConnection,
    claim: Claim,
    book: &RuleBook,
) -> Result<Claim, Error> {
    ledger::lock_in_tx(tx, claim.village, &[claim.account].into())?;
    let others = counted_in_tx(tx, &claim)?;
    Ok(claim.certify(book, &others)?)
}

/// The other deeds of the account that count already. All of them: which bear on the claim is for the
/// domain to say, and one deed may be linked to the next in ways that no query sees.
fn counted_in_tx(tx: &mut PgConnection, claim: &Claim) -> Result<Vec<Counted>, Error> {
    let counting = State::ALL.iter().filter(|state| state.counts_towards_caps());
    let rows: Vec<ClaimRow> = claims::table
        .filter(claims::village_id.eq(claim.village.0))
        .filter(claims::account_id.eq(claim.account.0))
        .filter(claims::id.ne(claim.id.0))
        .filter(claims::state.eq_any(counting.map(|state| state.as_str())))
        .order(claims::id)
        .select(ClaimRow::as_select())
        .load(tx)?;
    rows.into_iter().map(|row| Ok(row.kept()?.claim.counted())).collect()
}
