//! Reckoning a payout from the ledger: the first time, when it is hung, and anew after an objection. No
//! reckoning replaces another: each keeps its lines.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::four_eyes::Hand;
use domain::id::{AccountId, VillageId};
use domain::payout::{self, LeftOut, Line, State, Terms};
use domain::points::Fen;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::candidates::{Asked, hold_in_tx, of_accounts, unsettled};
use super::row::{LineRow, PayoutRow, ReckoningRow, lines_of, save_in_tx};
use super::tell;
use crate::actors::villager_of;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::rule_books::as_json;
use crate::schema::{fund_accounts, payout_lines, payout_reckonings, payouts};

/// A payout that somebody prepares.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What people call it.
    pub title: String,
    /// The first and the last day of its period.
    pub period: (NaiveDate, NaiveDate),
    /// By which terms.
    pub terms: Terms,
    /// Payouts of the kind for days of the period besides which it is meant to be.
    pub besides: Vec<Uuid>,
}

/// What reckoning came to.
struct Reckoned {
    as_of: DateTime<Utc>,
    lines: Vec<Line>,
    total: Fen,
    unsettled: i32,
}

/// Reckons a payout for the whole village and keeps it as a draft.
///
/// # Errors
/// Those of [`Terms::check`], [`payout::check_title`], [`payout::lines`] and [`payout::total`];
/// `payout_overlaps`, `accounts_mixed`, `rating_not_effective`, `rating_outside_period`, `rating_disputed`,
/// `no_rule_book`, `forbidden`, `not_found`.
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
    payout::check_title(&draft.title)?;
    db.write_once(once, now, |tx| {
        // Holds every account, so that of two who prepare the same at once the second sees the first.
        let reckoned = reckon_in_tx(db, tx, village, draft.period, &draft.terms, &[], now)?;
        refuse_overlap_in_tx(tx, village, draft)?;
        let row = PayoutRow {
            village_id: village.0,
            id: id::new(),
            kind: draft.terms.kind().as_str().to_owned(),
            title: draft.title.clone(),
            from_day: draft.period.0,
            until_day: draft.period.1,
            terms: as_json(&draft.terms)?,
            reckoning: 1,
            as_of: reckoned.as_of,
            state: State::Draft.as_str().to_owned(),
            total: reckoned.total.get(),
            unsettled_claims: reckoned.unsettled,
            fund_short: fund_short(tx, village, reckoned.total)?.get(),
            resolution: None,
            voted_reckoning: None,
            notice_days: None,
            notice_id: None,
            published_by: None,
            published_by_villager: None,
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
        write_reckoning_in_tx(tx, &row, reckoned.lines, now)?;
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

/// Refuses a second payout of the kind for days of the period, unless it is meant to be one.
fn refuse_overlap_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    draft: &Draft,
) -> Result<(), Error> {
    let (from, until) = draft.period;
    let found: Option<(Uuid, String)> = payouts::table
        .filter(payouts::village_id.eq(village.0))
        .filter(payouts::kind.eq(draft.terms.kind().as_str()))
        .filter(payouts::state.ne(State::Withdrawn.as_str()))
        .filter(payouts::from_day.le(until))
        .filter(payouts::until_day.ge(from))
        .filter(payouts::id.ne_all(&draft.besides))
        .order(payouts::id.desc())
        .select((payouts::id, payouts::title))
        .first(tx)
        .optional()?;
    match found {
        None => Ok(()),
        Some((payout, title)) => Err(Refusal::PayoutOverlaps { payout, title }.into()),
    }
}

/// By how much the fullest open account of the fund falls short of a total, which is paid out of one.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn fund_short(
    c: &mut PgConnection,
    village: VillageId,
    total: Fen,
) -> Result<Fen, Error> {
    let most: Option<i64> = fund_accounts::table
        .filter(fund_accounts::village_id.eq(village.0))
        .filter(fund_accounts::closed_at.is_null())
        .select(diesel::dsl::max(fund_accounts::balance))
        .first(c)?;
    Ok(payout::short_by(total, Fen::new(most.unwrap_or(0))))
}

/// What became of a payout that was reckoned once more.
pub(crate) struct Anew {
    /// The payout, with the new reckoning if there is one.
    pub(crate) row: PayoutRow,
    /// Whether a line is not what it was.
    pub(crate) changed: bool,
}

/// Reckons a payout once more as of now, which must be locked and its notice held; whose line fell
/// before, and `struck` besides, has no part. If nothing changed its reckoning stays. If more came out than
/// the assembly voted for, it is a draft again and its notice is taken down. Whose part fell since it hung
/// is told.
///
/// # Errors
/// As [`create`].
pub(crate) fn reckon_anew_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    row: PayoutRow,
    struck: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<Anew, Error> {
    let village = VillageId(row.village_id);
    let before = lines_of(tx, &row)?;
    let fell = before.iter().filter(|line| line.of.left_out == Some(LeftOut::Struck));
    let out: Vec<Uuid> = fell.map(|line| line.of.account.0).chain(struck.map(|id| id.0)).collect();
    let period = (row.from_day, row.until_day);
    let reckoned = reckon_in_tx(db, tx, village, period, &row.terms()?, &out, now)?;
    let row = PayoutRow {
        unsettled_claims: reckoned.unsettled,
        fund_short: fund_short(tx, village, reckoned.total)?.get(),
        ..row
    };
    if before == reckoned.lines {
        return Ok(Anew { row, changed: false });
    }
    let hung = row.state()?.is_public();
    let row = PayoutRow {
        reckoning: row.reckoning.saturating_add(1),
        as_of: reckoned.as_of,
        total: reckoned.total.get(),
        renewed: true,
        ..row
    };
    let lowered = payout::lowered(&before, &reckoned.lines);
    if hung {
        tell::lowered_in_tx(tx, &row, &lowered, now)?;
    }
    write_reckoning_in_tx(tx, &row, reckoned.lines, now)?;
    let voted = voted_total(tx, &row)?;
    let row = if payout::needs_new_vote(reckoned.total, voted) {
        super::settle::take_down_in_tx(tx, &row, now)?;
        PayoutRow {
            resolution: None,
            voted_reckoning: None,
            notice_id: None,
            published_by: None,
            published_by_villager: None,
            renewed: false,
            ..row.to(State::Draft)
        }
    } else {
        row
    };
    Ok(Anew { row: save_in_tx(tx, row)?, changed: true })
}

/// About which total the assembly voted.
fn voted_total(tx: &mut PgConnection, row: &PayoutRow) -> Result<Option<Fen>, Error> {
    let Some(number) = row.voted_reckoning else { return Ok(None) };
    let total: Option<i64> = payout_reckonings::table
        .find((row.village_id, row.id, number))
        .select(payout_reckonings::total)
        .first(tx)
        .optional()?;
    Ok(total.map(Fen::new))
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
    let unsettled = unsettled(db, tx, &asked)?;
    Ok(Reckoned { as_of, lines, total, unsettled })
}

/// Keeps the present reckoning of a payout with its lines.
fn write_reckoning_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    lines: Vec<Line>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let reckoning = ReckoningRow {
        village_id: row.village_id,
        payout_id: row.id,
        number: row.reckoning,
        as_of: row.as_of,
        total: row.total,
        reckoned_at: now,
    };
    diesel::insert_into(payout_reckonings::table).values(&reckoning).execute(tx)?;
    let rows: Vec<LineRow> =
        (1..).zip(lines).map(|(place, line)| LineRow::of(row, place, line)).collect();
    diesel::copy_from(payout_lines::table).from_insertable(&rows).execute(tx)?;
    Ok(())
}
