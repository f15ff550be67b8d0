//! Marks: direct grades and vetoes of posted claims.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::claim::{Claim, Mark, MarkKind, State};
use domain::id::{AccountId, ClaimId, VillageId};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::ledger;
use crate::schema::{claims, marks};

/// Leaves the marks of claims that are posted now. One that stands already is left as it is; one that was
/// struck and holds again is recorded anew.
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
    let mut left = Vec::new();
    for claim in claims.iter().filter(|claim| claim.kind.is_adverse()) {
        let book = db.book(tx, village, claim.rule_book)?;
        let item = book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)?;
        let Some(mark) = claim.mark(item) else { continue };
        left.push((claim, mark));
    }
    if left.is_empty() {
        return Ok(());
    }
    let accounts = left.iter().map(|(claim, _)| claim.account).collect();
    let recorded_at = ledger::moment_in_tx(tx, village, &accounts, now)?;
    let mut rows = Vec::with_capacity(left.len());
    for (claim, mark) in left {
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
            marks::recorded_at.eq(recorded_at),
        ));
    }
    for batch in rows.chunks(5_000) {
        diesel::insert_into(marks::table).values(batch).on_conflict_do_nothing().execute(tx)?;
    }
    Ok(())
}

/// Takes back the mark of a claim that no longer leaves one.
pub(super) fn strike_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    claim: ClaimId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let standing = || {
        marks::table
            .filter(marks::village_id.eq(village.0))
            .filter(marks::claim_id.eq(claim.0))
            .filter(marks::struck_at.is_null())
    };
    let account: Option<Uuid> = standing().select(marks::account_id).first(tx).optional()?;
    let Some(account) = account else { return Ok(()) };
    let struck_at = ledger::moment_in_tx(tx, village, &[AccountId(account)].into(), now)?;
    diesel::update(standing()).set(marks::struck_at.eq(struck_at)).execute(tx)?;
    Ok(())
}

/// The vetoes that stand against an account, by claim.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn vetoes(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
) -> Result<Vec<(ClaimId, Mark)>, Error> {
    let rows: Vec<(Uuid, NaiveDate, NaiveDate)> = marks::table
        .filter(marks::village_id.eq(village.0))
        .filter(marks::account_id.eq(account.0))
        .filter(marks::stars.is_null())
        .filter(marks::struck_at.is_null())
        .order(marks::claim_id)
        .select((marks::claim_id, marks::from_day, marks::until_day))
        .load(c)?;
    let mark = |(claim, from, until)| (ClaimId(claim), Mark { kind: MarkKind::Veto, from, until });
    Ok(rows.into_iter().map(mark).collect())
}

/// Takes back the mark of a claim that is no longer posted.
pub(super) fn strike_if_fallen_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    claim: ClaimId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let state: String = claims::table.find((village.0, claim.0)).select(claims::state).first(tx)?;
    if state == State::Posted.as_str() { Ok(()) } else { strike_in_tx(tx, village, claim, now) }
}

/// Leaves or takes back the mark of a posted claim that was reckoned anew.
pub(super) fn follow_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    claim: &Claim,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let book = db.book(tx, village, claim.rule_book)?;
    let item = book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)?;
    match claim.mark(item) {
        Some(_) => leave_in_tx(db, tx, village, &[claim], now),
        None => strike_in_tx(tx, village, claim.id, now),
    }
}
