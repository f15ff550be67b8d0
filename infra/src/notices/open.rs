//! Opening notices: by a cadre, once a day by the program, or for a rating.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::calendar::{day_of, start_of};
use domain::claim::{Claim, State};
use domain::id::{FundStatementId, NoticeId, PayoutId, RatingId, UserId, VillageId};
use domain::notice::{self, LINES_MAX, NoticeKind};
use domain::policy::{Action, Target, allows};
use domain::rating;
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::NoticeRow;
use crate::audit::{self, Deed};
use crate::claims::{self, Event, Kept};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::messages::{self, Kind, Message};
use crate::schema::{claims as claims_table, notices};

/// Puts what is certified on a new notice, the oldest first, at most [`LINES_MAX`] claims.
///
/// # Errors
/// `nothing_to_publish`, `no_rule_book`, `forbidden`, `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<NoticeRow, Error> {
    let permit = allows(actor, Action::NoticeManage, &Target::village(db.place(village)?))?;
    let by = Some((actor.user, permit.role));
    db.write_once(once, now, |tx| {
        open_claims_in_tx(db, tx, village, by, now)?.ok_or(Refusal::NothingToPublish.into())
    })
}

/// Opens the notice of the day for a village, if one is due and something is certified.
///
/// # Errors
/// `no_rule_book`, [`Error::Unavailable`].
pub fn open_daily(
    db: &Db,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<Option<NoticeRow>, Error> {
    db.write(|tx| {
        let last: Option<DateTime<Utc>> = notices::table
            .filter(notices::village_id.eq(village.0))
            .filter(notices::kind.eq(NoticeKind::Claims.as_str()))
            .order(notices::number.desc())
            .select(notices::opens_at)
            .first(tx)
            .optional()?;
        if !notice::opens_daily(last, now) {
            return Ok(None);
        }
        open_claims_in_tx(db, tx, village, None, now)
    })
}

/// Villages with certified claims and no notice of claims opened today, at most so many; none while
/// it is too early for one.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn waiting(db: &Db, now: DateTime<Utc>, most: i64) -> Result<Vec<VillageId>, Error> {
    if !notice::opens_daily(None, now) {
        return Ok(Vec::new());
    }
    let opened_today = notices::table
        .filter(notices::kind.eq(NoticeKind::Claims.as_str()))
        .filter(notices::opens_at.ge(start_of(day_of(now))))
        .select(notices::village_id);
    let ids: Vec<Uuid> = db.read(|c| {
        Ok(claims_table::table
            .filter(claims_table::state.eq(State::Certified.as_str()))
            .filter(claims_table::village_id.ne_all(opened_today))
            .select(claims_table::village_id)
            .distinct()
            .limit(most)
            .load(c)?)
    })?;
    Ok(ids.into_iter().map(VillageId).collect())
}

/// What hangs on a notice besides claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hung {
    /// A rating.
    Rating(RatingId),
    /// A payout of that kind.
    Payout(NoticeKind, PayoutId),
    /// A statement of the fund.
    FundStatement(FundStatementId),
    /// A brake on issuance.
    Brake(Uuid),
}

/// Hangs something on the notice board for so many days. What becomes of it is the caller's part.
///
/// # Errors
/// [`Error::LostRace`] when another notice of the village opened at the same moment.
pub fn open_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    hung: Hung,
    days: u16,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<NoticeId, Error> {
    let kind = match hung {
        Hung::Rating(_) => NoticeKind::Rating,
        Hung::Payout(kind, _) => kind,
        Hung::FundStatement(_) => NoticeKind::FundStatement,
        Hung::Brake(_) => NoticeKind::Brake,
    };
    let row = NoticeRow {
        village_id: village.0,
        id: id::new(),
        kind: kind.as_str().to_owned(),
        number: next_number(tx, village)?,
        rating_id: if let Hung::Rating(id) = hung { Some(id.0) } else { None },
        payout_id: if let Hung::Payout(_, id) = hung { Some(id.0) } else { None },
        fund_statement_id: if let Hung::FundStatement(id) = hung { Some(id.0) } else { None },
        brake_id: if let Hung::Brake(id) = hung { Some(id) } else { None },
        opens_at: now,
        closes_at: rating::notice_closes_at(now, days),
        closed_at: None,
        opened_by: by.map(|user| user.0),
    };
    diesel::insert_into(notices::table).values(&row).execute(tx)?;
    Ok(NoticeId(row.id))
}

fn next_number(tx: &mut PgConnection, village: VillageId) -> Result<i32, Error> {
    let last: Option<i32> = notices::table
        .filter(notices::village_id.eq(village.0))
        .select(diesel::dsl::max(notices::number))
        .get_result(tx)?;
    Ok(last.unwrap_or(0) + 1)
}

fn open_claims_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    by: Option<(UserId, Role)>,
    now: DateTime<Utc>,
) -> Result<Option<NoticeRow>, Error> {
    let waiting = claims::certified_in_tx(tx, village, LINES_MAX)?;
    let mut ready = Vec::with_capacity(waiting.len());
    for kept in waiting {
        // Each waits as long as the book that judges it says. Adopted books are remembered.
        let way = &db.book(tx, village, kept.claim.rule_book)?.claim_way;
        if notice::is_ready_by(way, &kept.claim, now) {
            ready.push(kept);
        }
    }
    let waiting = ready;
    if waiting.is_empty() {
        return Ok(None);
    }
    // The claims may be judged by different books; for how long they hang is today's matter.
    let (_, book) = db.book_on(tx, village, day_of(now))?;
    let row = NoticeRow {
        village_id: village.0,
        id: id::new(),
        kind: NoticeKind::Claims.as_str().to_owned(),
        number: next_number(tx, village)?,
        rating_id: None,
        payout_id: None,
        fund_statement_id: None,
        brake_id: None,
        opens_at: now,
        closes_at: notice::closes_at(now, book.claim_way.notice_days),
        closed_at: None,
        opened_by: by.map(|(user, _)| user.0),
    };
    diesel::insert_into(notices::table).values(&row).execute(tx)?;
    let hung = waiting
        .into_iter()
        .map(|kept| {
            let (version, on) = (kept.claim.version, Some(NoticeId(row.id)));
            Ok((Kept { claim: notice::hang(kept.claim)?, notice: on, ..kept }, version))
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    claims::save_all_in_tx(tx, village, NoticeId(row.id), &hung, now)?;
    let list: Vec<&Claim> = hung.iter().map(|(kept, _)| &kept.claim).collect();
    let (user, role) = (by.map(|(user, _)| user), by.map(|(_, role)| role));
    let event = Event { event: "on_notice", user, role, reason: None, at: now };
    claims::record_in_tx(tx, &list, event)?;
    let mut told = Vec::with_capacity(list.len());
    for claim in &list {
        let mut data = facts(db, tx, village, claim)?;
        data["notice_id"] = json!(row.id);
        data["notice_number"] = json!(row.number);
        data["closes_at"] = json!(row.closes_at);
        told.push(Message { to: claim.person, kind: Kind::ClaimOnNotice, data });
    }
    messages::leave_in_tx(tx, village, &told, now)?;
    let books: BTreeSet<_> = list.iter().map(|claim| claim.rule_book).collect();
    let deed = Deed {
        village,
        at: now,
        user,
        role,
        action: "notice_create",
        subject: Some(row.id),
        reason: None,
        detail: Some(json!({"number": row.number, "lines": list.len(), "books": books.len()})),
    };
    audit::record_in_tx(tx, &deed)?;
    Ok(Some(row))
}

/// What messages about a claim say: which one, the item's name, the points with their sign.
pub(crate) fn facts(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    claim: &Claim,
) -> Result<serde_json::Value, Error> {
    let book = db.book(c, village, claim.rule_book)?;
    let item = book.item(&claim.item_code).map_or(claim.item_code.as_str(), |item| &item.name);
    Ok(json!({
        "claim_id": claim.id, "kind": claim.kind, "item_name": item, "points": claim.signed(),
        "happened_on": claim.happened_on,
    }))
}
