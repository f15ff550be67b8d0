//! Raising an objection while a notice hangs, or an appeal, also after posting.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::calendar::day_of;
use domain::id::{
    AccountId, ClaimId, FundStatementId, HouseholdId, NoticeId, PayoutId, RatingId, UserId,
    VillageId,
};
use domain::notice;
use domain::objection::{self, ObjectionKind};
use domain::policy::{Action, Target, allows};
use domain::rating_line::LineState;
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::{ObjectionRow, hold_notice_in_tx};
use crate::audit::{self, Deed};
use crate::claims::{self, Event, Kept};
use crate::db::Db;
use crate::error::Error;
use crate::funds::statements;
use crate::id;
use crate::idempotency::Once;
use crate::messages::{self, Kind, Message};
use crate::schema::{objections, rating_lines};
use crate::{notices, payouts, villagers};

/// What is objected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A claim on the notice.
    Claim(ClaimId),
    /// The statement of the fund that hangs.
    FundStatement(FundStatementId),
    /// The line of an account in the rating or payout on the notice.
    Line(AccountId),
}

/// An objection that somebody makes.
#[derive(Clone, Debug)]
pub struct Complaint {
    /// The notice.
    pub notice: NoticeId,
    /// To what on it.
    pub subject: Subject,
    /// Why.
    pub text: String,
}

/// Objects to a line of a notice that hangs.
///
/// # Errors
/// `notice_closed`, `claim_state`, `rating_state`, `payout_state`, `fund_statement_state`,
/// `objection_open`, `reason_missing`, `forbidden`, `not_found`.
pub fn object(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    complaint: &Complaint,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<ObjectionRow, Error> {
    let permit = allows(actor, Action::ObjectionCreate, &Target::village(db.place(village)?))?;
    objection::says_why(&complaint.text)?;
    let by = (actor.user, permit.role);
    db.write_once(once, now, |tx| {
        let on = notices::hold_in_tx(tx, village, complaint.notice)?;
        let hangs = notice::takes_objections(on.closes_at, on.closed_at, now);
        if on.payout_id.is_none() {
            hangs.clone()?;
        }
        match (complaint.subject, on.rating_id, on.payout_id) {
            (Subject::Claim(claim), ..) => {
                let kept = claims::lock_in_tx(tx, village, claim)?;
                if kept.notice != Some(complaint.notice) {
                    return Err(Refusal::NotFound.into());
                }
                let kind = ObjectionKind::Objection;
                objection::raise(kind, &kept.claim, false, None, 0, now)?;
                about_claim_in_tx(db, tx, &kept, kind, &complaint.text, by, now)
            }
            (Subject::Line(account), Some(rating), _) => {
                let line = (RatingId(rating), account);
                about_line_in_tx(db, tx, village, line, complaint, by, now)
            }
            (Subject::Line(account), None, Some(payout)) => {
                let part = (PayoutId(payout), account);
                let who = (actor.household(), by);
                about_part_in_tx(db, tx, village, part, (complaint, hangs), who, now)
            }
            (Subject::FundStatement(statement), ..)
                if on.fund_statement_id == Some(statement.0) =>
            {
                about_statement_in_tx(db, tx, village, statement, complaint, by, now)
            }
            (Subject::Line(_) | Subject::FundStatement(_), ..) => Err(Refusal::NotFound.into()),
        }
    })
}

/// Appeals against a claim that concerns one's own household.
///
/// # Errors
/// `claim_state`, `appeal_too_late`, `objection_open`, `reason_missing`, `not_found`.
pub fn appeal(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (claim, text): (ClaimId, &str),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<ObjectionRow, Error> {
    let place = db.place(village)?;
    objection::says_why(text)?;
    db.write_once(once, now, |tx| {
        let kept = claims::find(tx, village, claim)?;
        let target = Target::household(place, kept.claim.household);
        let permit = allows(actor, Action::AppealCreate, &target)?;
        hold_notice_in_tx(tx, village, kept.notice.map(|id| id.0))?;
        let kept = claims::lock_in_tx(tx, village, claim)?;
        let book = db.book(tx, village, kept.claim.rule_book)?;
        let posted_on = kept.posted_at.map(day_of);
        let kind = ObjectionKind::Appeal;
        objection::raise(kind, &kept.claim, permit.own, posted_on, book.appeal_days_max, now)?;
        about_claim_in_tx(db, tx, &kept, kind, text, (actor.user, permit.role), now)
    })
}

fn about_claim_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    kept: &Kept,
    kind: ObjectionKind,
    text: &str,
    by: (UserId, Role),
    now: DateTime<Utc>,
) -> Result<ObjectionRow, Error> {
    let claim = &kept.claim;
    let row = ObjectionRow {
        claim_id: Some(claim.id.0),
        notice_id: kept.notice.map(|id| id.0),
        ..raised(db, tx, (claim.village, Some(claim.household)), kind, text, by.0, now)?
    };
    insert_in_tx(tx, &row, by, now)?;
    // The claim's history says that it happened and not who it was.
    let event = match kind {
        ObjectionKind::Objection => "objected",
        ObjectionKind::Appeal => "appealed",
    };
    let event = Event { event, user: None, role: None, reason: None, at: now };
    claims::record_in_tx(tx, &[claim], event)?;
    if kind == ObjectionKind::Objection {
        let mut data = notices::facts(db, tx, claim.village, claim)?;
        data["objection_id"] = json!(row.id);
        data["text"] = json!(text);
        let told = Message { to: claim.person, kind: Kind::ObjectionRaised, data };
        messages::leave_in_tx(tx, claim.village, &[told], now)?;
    }
    Ok(row)
}

fn about_line_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    (rating, account): (RatingId, AccountId),
    complaint: &Complaint,
    by: (UserId, Role),
    now: DateTime<Utc>,
) -> Result<ObjectionRow, Error> {
    let (household, state): (Uuid, String) = rating_lines::table
        .find((village.0, rating.0, account.0))
        .select((rating_lines::household_id, rating_lines::state))
        .for_no_key_update()
        .first(tx)?;
    let state = LineState::from_name(&state)
        .ok_or_else(|| Error::Bug(format!("a rating line that is {state}")))?;
    state.takes_objection()?;
    let kind = ObjectionKind::Objection;
    let concerned = (village, Some(HouseholdId(household)));
    let row = ObjectionRow {
        rating_id: Some(rating.0),
        account_id: Some(account.0),
        notice_id: Some(complaint.notice.0),
        ..raised(db, tx, concerned, kind, &complaint.text, by.0, now)?
    };
    insert_in_tx(tx, &row, by, now)?;
    let data = json!({
        "objection_id": row.id, "rating_id": rating, "account_id": account,
        "text": complaint.text,
    });
    tell_in_tx(tx, village, account, &data, now)?;
    Ok(row)
}

/// While it hangs by anybody; once `hangs` says no, by the household whose part it is, until it is paid.
fn about_part_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    (id, account): (PayoutId, AccountId),
    (complaint, hangs): (&Complaint, Result<(), Refusal>),
    (home, by): (Option<HouseholdId>, (UserId, Role)),
    now: DateTime<Utc>,
) -> Result<ObjectionRow, Error> {
    let payout = payouts::lock_in_tx(tx, village, id)?;
    let household = payouts::whose_line_in_tx(tx, village, (id, payout.reckoning), account)?;
    let concerned = home == Some(household) && payout.notice_id == Some(complaint.notice.0);
    if !concerned {
        hangs?;
    }
    let state = payout.state()?;
    state.takes_objection(concerned)?;
    let title = payout.title.clone();
    if state == domain::payout::State::Effective {
        payouts::save_in_tx(tx, payout.to(domain::payout::State::Disputed))?;
    }
    let kind = ObjectionKind::Objection;
    let row = ObjectionRow {
        payout_id: Some(id.0),
        account_id: Some(account.0),
        notice_id: Some(complaint.notice.0),
        ..raised(db, tx, (village, Some(household)), kind, &complaint.text, by.0, now)?
    };
    insert_in_tx(tx, &row, by, now)?;
    let data = json!({
        "objection_id": row.id, "payout_id": id, "account_id": account, "payout_title": title,
        "text": complaint.text,
    });
    tell_in_tx(tx, village, account, &data, now)?;
    Ok(row)
}

/// Whoever drew the statement up is told; it concerns no household.
fn about_statement_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    id: FundStatementId,
    complaint: &Complaint,
    by: (UserId, Role),
    now: DateTime<Utc>,
) -> Result<ObjectionRow, Error> {
    let statement = statements::lock_in_tx(tx, village, id)?;
    statement.state()?.takes_objection()?;
    let row = ObjectionRow {
        fund_statement_id: Some(id.0),
        notice_id: Some(complaint.notice.0),
        ..raised(db, tx, (village, None), ObjectionKind::Objection, &complaint.text, by.0, now)?
    };
    insert_in_tx(tx, &row, by, now)?;
    let data = json!({
        "objection_id": row.id, "fund_statement_id": id, "period": statement.period,
        "text": complaint.text,
    });
    let told: Vec<Message> = villagers::of_user(tx, village, UserId(statement.drawn_by))?
        .into_iter()
        .map(|to| Message { to, kind: Kind::ObjectionRaised, data: data.clone() })
        .collect();
    messages::leave_in_tx(tx, village, &told, now)?;
    Ok(row)
}

/// Tells whose account it is, or who heads its household.
fn tell_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    account: AccountId,
    data: &serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let told: Vec<Message> = payouts::receivers(tx, village, &[account.0])?
        .into_values()
        .map(|to| Message { to, kind: Kind::ObjectionRaised, data: data.clone() })
        .collect();
    messages::leave_in_tx(tx, village, &told, now)
}

/// What is the same for all, with nothing filled in that says what it is about.
fn raised(
    db: &Db,
    tx: &mut PgConnection,
    (village, household): (VillageId, Option<HouseholdId>),
    kind: ObjectionKind,
    text: &str,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<ObjectionRow, Error> {
    Ok(ObjectionRow {
        village_id: village.0,
        id: id::new(),
        kind: kind.as_str().to_owned(),
        household_id: household.map(|id| id.0),
        claim_id: None,
        rating_id: None,
        payout_id: None,
        fund_statement_id: None,
        account_id: None,
        notice_id: None,
        raised_by: by.0,
        raised_at: now,
        text: text.to_owned(),
        due_at: objection::due_at(&*db.calendar(tx)?, now),
        urged_at: None,
        answered_by: None,
        answered_role: None,
        answered_at: None,
        outcome: None,
        corrected: None,
        answer: None,
    })
}

fn insert_in_tx(
    tx: &mut PgConnection,
    row: &ObjectionRow,
    (user, role): (UserId, Role),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(objections::table).values(row).execute(tx)?;
    let deed = Deed {
        village: VillageId(row.village_id),
        at: now,
        user: Some(user),
        role: Some(role),
        action: if row.kind == "appeal" { "appeal_create" } else { "objection_create" },
        subject: Some(row.id),
        reason: None,
        detail: Some(json!({"claim_id": row.claim_id, "account_id": row.account_id})),
    };
    audit::record_in_tx(tx, &deed)
}
