//! Answering: by people who are not concerned and did not decide before; what follows for the claim
//! and the ledger happens in the same transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::claim::State;
use domain::id::{ClaimId, HouseholdId, ObjectionId, UserId, VillageId};
use domain::ledger::{Posting, Source};
use domain::objection::{self, LedgerEffect, Outcome, Verdict};
use domain::points::Points;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::{
    ObjectionRow, answer_line, answer_part, answer_statement, answered_before, find,
    hold_notice_in_tx, on_the_same_in_tx,
};
use crate::audit::{self, Deed};
use crate::claims::{self, Event, Kept};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::{self, Kind, Message};
use crate::schema::objections;
use crate::{id, ledger, notices, posting, villagers};

/// An answer that somebody gives.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What they decided.
    pub verdict: Verdict,
    /// For a correction of a claim: the right amount, above zero.
    pub points: Option<Points>,
    /// Why, in writing.
    pub text: String,
}

/// Answers an objection or appeal.
///
/// # Errors
/// `objection_answered`, `own_household`, `declared_kin`, `own_claim`, `stepped_aside`,
/// `own_objection`, `already_decided`, `correction_invalid`, `claim_state`, `rating_state`,
/// `reason_missing`, `not_found`.
pub fn answer(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, said): (ObjectionId, &Answer),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<ObjectionRow, Error> {
    let permit = allows(actor, Action::ObjectionAnswer, &Target::village(db.place(village)?))?;
    objection::says_why(&said.text)?;
    db.write_once(once, now, |tx| {
        let row = find(tx, village, id)?;
        hold_notice_in_tx(tx, village, row.notice_id)?;
        let answering = Answering { village, actor, role: permit.role, said, now };
        match (row.claim_id, row.payout_id, row.fund_statement_id) {
            (Some(claim), ..) => on_claim_in_tx(db, tx, &answering, id, ClaimId(claim))?,
            (None, Some(_), _) => answer_part::on_part_in_tx(db, tx, &answering, &row)?,
            (None, None, Some(_)) => answer_statement::in_tx(tx, &answering, &row)?,
            (None, None, None) => answer_line::on_line_in_tx(db, tx, &answering, &row)?,
        }
        find(tx, village, id)
    })
}

/// Who answers what, and when.
pub(super) struct Answering<'a> {
    pub(super) village: VillageId,
    pub(super) actor: &'a Actor,
    pub(super) role: Role,
    pub(super) said: &'a Answer,
    pub(super) now: DateTime<Utc>,
}

/// What was found of an objection once its subject was locked.
pub(super) struct Found {
    /// The objection.
    pub(super) row: ObjectionRow,
    /// Other open ones to the same thing.
    pub(super) others: Vec<ObjectionRow>,
}

/// Reads the objection with those to the same thing, which must be locked, and asks whether this
/// person may answer. `made_by` made the claim or rating.
pub(super) fn admitted_in_tx(
    tx: &mut PgConnection,
    answering: &Answering<'_>,
    id: ObjectionId,
    made_by: UserId,
) -> Result<Found, Error> {
    let (village, user) = (answering.village, answering.actor.user);
    let row = find(tx, village, id)?;
    if row.answered_at.is_some() {
        return Err(Refusal::ObjectionAnswered.into());
    }
    let all = on_the_same_in_tx(tx, &row)?;
    let subject = row.subject()?;
    let household = row.household_id.map(HouseholdId);
    let ties = villagers::ties(tx, village, answering.actor, household, made_by, subject)?;
    let voted = claims::votes_in_tx(tx, village, subject)?.iter().any(|vote| vote.user == user);
    let decided = voted || answered_before(&all, user, row.raised_at);
    let objected = all.iter().any(|other| other.raised_by == user.0);
    objection::may_answer(ties, objected, decided)?;
    let others = all.into_iter().filter(|o| o.id != row.id && o.answered_at.is_none()).collect();
    Ok(Found { row, others })
}

fn on_claim_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    answering: &Answering<'_>,
    id: ObjectionId,
    claim: ClaimId,
) -> Result<(), Error> {
    let Answering { village, said, now, .. } = *answering;
    let kept = claims::lock_in_tx(tx, village, claim)?;
    let found = admitted_in_tx(tx, answering, id, kept.claim.claimed_by)?;
    let outcome = said.verdict.on_claim(said.points)?;
    let version = kept.claim.version;
    let (claim, effect) = objection::answer(kept.claim, outcome, !found.others.is_empty())?;
    let posts = matches!(effect, LedgerEffect::Post);
    let posted_at = kept.posted_at.or((posts && claim.state == State::Posted).then_some(now));
    let kept = Kept { claim, posted_at, changed_at: now, ..kept };
    claims::save_in_tx(tx, &kept, version)?;
    let moved = move_in_tx(db, tx, answering, &kept, effect)?;
    let event = Event {
        event: match said.verdict {
            Verdict::Upheld => "objection_upheld",
            Verdict::Corrected => "objection_corrected",
            Verdict::Struck => "objection_struck",
        },
        user: Some(answering.actor.user),
        role: Some(answering.role),
        reason: Some(&said.text),
        at: now,
    };
    claims::record_in_tx(tx, &[&kept.claim], event)?;
    if outcome != Outcome::Upheld {
        // Others of the account may have counted less because of it.
        let cause = (kept.claim.account, kept.claim.id);
        let by = Some(answering.actor.user);
        posting::reassess::in_tx(db, tx, village, cause, moved, now, by)?;
    }
    let data = notices::facts(db, tx, village, &kept.claim)?;
    let closes_all = outcome == Outcome::Struck;
    finish_in_tx(tx, answering, &found, closes_all, &data)
}

/// Writes what is posted for the first time. What an answer reverses is handed back, to be written with
/// what others of the account gain by it.
fn move_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    answering: &Answering<'_>,
    kept: &Kept,
    effect: LedgerEffect,
) -> Result<Vec<Posting>, Error> {
    if effect == LedgerEffect::None {
        return Ok(Vec::new());
    }
    let village = answering.village;
    let (now, by) = (answering.now, Some(answering.actor.user));
    if effect == LedgerEffect::Post {
        posting::post_in_tx(db, tx, village, &[&kept.claim], now, by)?;
        return Ok(Vec::new());
    }
    let standing = ledger::standing_in_tx(tx, village, Source::Claim(kept.claim.id))?;
    let fresh = posting::of_claims(db, tx, village, &[&kept.claim])?;
    Ok(objection::movements(effect, &standing, fresh, id::new))
}

/// Writes the answer to the objection, and to the others alike if what they are about fell; tells
/// those who raised them and the household concerned.
pub(super) fn finish_in_tx(
    tx: &mut PgConnection,
    answering: &Answering<'_>,
    found: &Found,
    closes_all: bool,
    facts: &serde_json::Value,
) -> Result<(), Error> {
    let Answering { village, said, now, .. } = *answering;
    let others = if closes_all { found.others.as_slice() } else { &[] };
    let closed: Vec<&ObjectionRow> = std::iter::once(&found.row).chain(others).collect();
    let written = diesel::update(
        objections::table
            .filter(objections::village_id.eq(village.0))
            .filter(objections::id.eq_any(closed.iter().map(|row| row.id)))
            .filter(objections::answered_at.is_null()),
    )
    .set((
        objections::answered_by.eq(answering.actor.user.0),
        objections::answered_role.eq(answering.role.as_str()),
        objections::answered_at.eq(now),
        objections::outcome.eq(said.verdict.as_str()),
        objections::corrected.eq(said.points.map(Points::hundredths)),
        objections::answer.eq(&said.text),
    ))
    .execute(tx)?;
    if written != closed.len() {
        return Err(Error::LostRace);
    }
    tell_in_tx(tx, answering, &closed, facts)?;
    let ids: Vec<Uuid> = closed.iter().map(|row| row.id).collect();
    let deed = Deed {
        village,
        at: now,
        user: Some(answering.actor.user),
        role: Some(answering.role),
        action: "objection_answer",
        subject: Some(found.row.id),
        reason: None,
        detail: Some(json!({"outcome": said.verdict.as_str(), "closed": ids})),
    };
    audit::record_in_tx(tx, &deed)
}

fn tell_in_tx(
    tx: &mut PgConnection,
    answering: &Answering<'_>,
    closed: &[&ObjectionRow],
    facts: &serde_json::Value,
) -> Result<(), Error> {
    let Answering { village, said, now, .. } = *answering;
    let mut told = Vec::new();
    for row in closed {
        let mut people: BTreeSet<_> = match row.household_id {
            Some(household) => {
                villagers::members(tx, village, HouseholdId(household))?.into_iter().collect()
            }
            None => BTreeSet::new(),
        };
        people.extend(villagers::of_user(tx, village, UserId(row.raised_by))?);
        let mut data = facts.clone();
        data["objection_id"] = json!(row.id);
        data["outcome"] = json!(said.verdict.as_str());
        data["corrected"] = json!(said.points);
        data["answer"] = json!(said.text);
        told.extend(people.into_iter().map(|to| Message {
            to,
            kind: Kind::ObjectionAnswered,
            data: data.clone(),
        }));
    }
    messages::leave_in_tx(tx, village, &told, now)
}
