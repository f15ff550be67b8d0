//! Marks: direct grades and vetoes of posted claims.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::claim::{Claim, MarkKind};
use domain::id::{ClaimId, VillageId};
use domain::refusal::Refusal;

use crate::db::Db;
use crate::error::Error;
use crate::schema::marks;

/// Leaves the marks of claims that are posted now. One that was struck and holds again after all is
/// no longer struck.
///
/// # Errors
/// [`Error::Unavailable`]; `item_unknown` if a claim names an item that its book does not have.
pub(super) fn leave_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    claims: &[&Claim],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut rows = Vec::new();
    for claim in claims.iter().filter(|claim| claim.kind.is_adverse()) {
        let book = db.book(tx, village, claim.rule_book)?;
        let item = book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)?;
        let Some(mark) = claim.mark(item) else { continue };
        let stars = match mark.kind {
            MarkKind::DirectGrade(star) => Some(i16::from(star.get())),
            MarkKind::Veto => None,
        };
        rows.push((
            marks::village_id.eq(village.0),
            marks::claim_id.eq(claim.id.0),
            marks::account_id.eq(claim.account.0),
            marks::member_id.eq(claim.person.0),
            marks::kind.eq(mark.kind.as_str()),
            marks::stars.eq(stars),
            marks::from_day.eq(mark.from),
            marks::until_day.eq(mark.until),
            marks::recorded_at.eq(now),
        ));
    }
    for batch in rows.chunks(5_000) {
        diesel::insert_into(marks::table)
            .values(batch)
            .on_conflict((marks::village_id, marks::claim_id))
            .do_update()
            .set(marks::struck_at.eq(None::<DateTime<Utc>>))
            .execute(tx)?;
    }
    Ok(())
}

/// Takes back the mark of a claim that fell.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn strike_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    claim: ClaimId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(marks::table.find((village.0, claim.0)).filter(marks::struck_at.is_null()))
        .set(marks::struck_at.eq(now))
        .execute(tx)?;
    Ok(())
}
