//! Reckoning a payout from the ledger: the first time, and anew after an objection.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::four_eyes::Hand;
use domain::id::{AccountId, PayoutId, VillageId};
use domain::payout::{self, LeftOut, Line, State, Terms};
use domain::points::Fen;
use domain::policy::{Action, Target, allows};
use serde_json::json;
use uuid::Uuid;

use super::candidates::{Asked, hold_in_tx, of_accounts};
use super::row::{LineRow, PayoutRow, lines_of, save_in_tx};
use crate::actors::villager_of;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::rule_books::as_json;
use crate::schema::{payout_lines, payouts};

/// A payout that somebody prepares.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What people call it.
    pub title: String,
    /// The first and the last day of its period.
    pub period: (NaiveDate, NaiveDate),
    /// By which terms.
    pub terms: Terms,
}

/// What reckoning came to.
struct Reckoned {
    as_of: DateTime<Utc>,
    lines: Vec<Line>,
    total: Fen,
}

/// Reckons a payout for the whole village and keeps it as a draft.
///
/// # Errors
/// Those of [`Terms::check`] and [`payout::lines`]; `rating_not_effective`, `no_rule_book`,
/// `forbidden`, `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    draft: &Draft,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<PayoutRow, Error> {
    let permit = allows(actor, Action::PayoutManage, &Target::village(db.place(village)?))?;
    draft.terms.check(draft.period, now)?;
    db.write_once(once, now, |tx| {
        let reckoned = reckon_in_tx(db, tx, village, draft.period, &draft.terms, &[], now)?;
        let row = PayoutRow {
            village_id: village.0,
            id: id::new(),
            kind: draft.terms.kind().as_str().to_owned(),
            title: draft.title.clone(),
            from_day: draft.period.0,
            until_day: draft.period.1,
            terms: as_json(&draft.terms)?,
            as_of: reckoned.as_of,
            state: State::Draft.as_str().to_owned(),
            total: reckoned.total.get(),
            resolution: None,
            notice_days: None,
            notice_id: None,
            renewed: false,
            made_by: actor.user.0,
            made_by_villager: villager_of(Hand::of(actor)),
            made_at: now,
            effective_at: None,
            fund_account_id: None,
            document: None,
            fund_voucher_id: None,
            paid_by: None,
            paid_at: None,
            withdrawn_reason: None,
            version: 1,
        };
        diesel::insert_into(payouts::table).values(&row).execute(tx)?;
        let count = reckoned.lines.len();
        write_lines_in_tx(tx, village, PayoutId(row.id), reckoned.lines)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "payout_create",
            subject: Some(row.id),
            reason: None,
            detail: Some(json!({"kind": row.kind, "total_fen": row.total, "lines": count})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(row)
    })
}

/// Reckons a payout once more as of now, which must be locked and its notice held; whose line fell
/// before, and `struck` besides, has no part. Answers `None` if nothing changed.
///
/// # Errors
/// As [`create`].
pub(crate) fn reckon_anew_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    row: PayoutRow,
    struck: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<Option<PayoutRow>, Error> {
    let (village, id) = (VillageId(row.village_id), PayoutId(row.id));
    let before = lines_of(tx, village, id)?;
    let fell = before.iter().filter(|line| line.left_out.as_deref() == Some("struck"));
    let out: Vec<Uuid> = fell.map(|line| line.account_id).chain(struck.map(|id| id.0)).collect();
    let period = (row.from_day, row.until_day);
    let reckoned = reckon_in_tx(db, tx, village, period, &row.terms()?, &out, now)?;
    let stored = before.iter().map(LineRow::line).collect::<Result<Vec<_>, Error>>()?;
    if stored == reckoned.lines {
        return Ok(None);
    }
    diesel::delete(
        payout_lines::table
            .filter(payout_lines::village_id.eq(village.0))
            .filter(payout_lines::payout_id.eq(id.0)),
    )
    .execute(tx)?;
    write_lines_in_tx(tx, village, id, reckoned.lines)?;
    let row =
        PayoutRow { as_of: reckoned.as_of, total: reckoned.total.get(), renewed: true, ..row };
    save_in_tx(tx, row).map(Some)
}

fn reckon_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    period: (NaiveDate, NaiveDate),
    terms: &Terms,
    struck: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Reckoned, Error> {
    let (_, book) = db.book_on(tx, village, period.1)?;
    let (as_of, held) = hold_in_tx(tx, village, book.subject, now)?;
    let asked = Asked { village, terms, period, as_of };
    let mut candidates = of_accounts(db, tx, &asked, &held)?;
    for one in candidates.iter_mut().filter(|one| struck.contains(&one.account.0)) {
        one.left_out = Some(LeftOut::Struck);
    }
    let lines = payout::lines(terms, candidates)?;
    let total = payout::total(&lines)?;
    Ok(Reckoned { as_of, lines, total })
}

fn write_lines_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: PayoutId,
    lines: Vec<Line>,
) -> Result<(), Error> {
    let rows: Vec<LineRow> =
        (1..).zip(lines).map(|(place, line)| LineRow::of(village, id, place, line)).collect();
    diesel::copy_from(payout_lines::table).from_insertable(&rows).execute(tx)?;
    Ok(())
}
