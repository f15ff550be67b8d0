//! Certifying: what a claim comes to among the deeds of its account that count already.

use diesel::prelude::*;
use domain::claim::{Claim, Counted, State};
use domain::refusal::Refusal;
use domain::rule_book::{Item, RuleBook};

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
    let item = book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)?;
    let others = counted_in_tx(tx, &claim, item, book)?;
    Ok(claim.certify(book, &others)?)
}

/// The deeds of the same account that count already and bear on the claim: by the items that do, in
/// the longest period that matters or still effective; and the claims of the same deed.
fn counted_in_tx(
    tx: &mut PgConnection,
    claim: &Claim,
    item: &Item,
    book: &RuleBook,
) -> Result<Vec<Counted>, Error> {
    let (first, last) = book.days_bearing_on(item, claim.happened_on);
    let counting = State::ALL.iter().filter(|state| state.counts_towards_caps());
    let by_item = claims::item_code.eq_any(book.bearing_on(item)).and(
        claims::happened_on
            .between(first, last)
            .or(claims::counts_until.ge(claim.happened_on).assume_not_null()),
    );
    let deed = claim.deed.unwrap_or(claim.id).0;
    let of_deed = claims::id.eq(deed).or(claims::deed_id.eq(deed).assume_not_null());
    let rows: Vec<ClaimRow> = claims::table
        .filter(claims::village_id.eq(claim.village.0))
        .filter(claims::account_id.eq(claim.account.0))
        .filter(claims::id.ne(claim.id.0))
        .filter(claims::state.eq_any(counting.map(|state| state.as_str())))
        .filter(by_item.or(of_deed))
        .order(claims::id)
        .select(ClaimRow::as_select())
        .load(tx)?;
    rows.into_iter().map(|row| Ok(row.kept()?.claim.counted())).collect()
}
