//! A reviewer votes. The vote that passes the last stage certifies the claim, and where the book
//! knows no notice posts it, all in one transaction.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::claim::{Ballot, Claim, Decision, Progress, State, Ties};
use domain::id::{ClaimId, VillageId};
use domain::notice;
use domain::points::Points;
use domain::policy::{Action, Target, allows};
use domain::rule_book::Item;
use serde_json::json;

use super::certify::certify_in_tx;
use super::declare::item_of;
use super::{Event, Receipt, find, record_in_tx, save_in_tx, tell, votes_in_tx};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::votes;
use crate::{posting, villagers};

/// What a reviewer says.
#[derive(Clone, Debug)]
pub struct Said {
    /// For, against, or back to the claimant.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// The points that they fill in, where the item leaves that to the panel.
    pub points: Option<Points>,
}

impl Said {
    const fn as_str(&self) -> &'static str {
        match self.decision {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
            Decision::Return => "return",
        }
    }
}

/// Counts a vote on a claim.
///
/// # Errors
/// `not_found`, and those of [`Claim::decide`].
pub fn decide(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    claim: ClaimId,
    said: &Said,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    allows(actor, Action::ClaimReview, &Target::village(place))?;
    db.write_once(once, now, |tx| {
        let mut kept = find(tx, village, claim)?;
        let before = kept.claim.clone();
        let book = db.book(tx, village, before.rule_book)?;
        let item = item_of(&before, &book)?;
        let ballot = Ballot {
            actor,
            place: &place,
            ties: ties(tx, actor, &before)?,
            votes: &votes_in_tx(tx, village, claim.0)?,
            decision: said.decision,
            reason: &said.reason,
            points: said.points,
        };
        let calendar = db.calendar(tx)?;
        let (role, progress) = before.clone().decide(&book, &ballot, &calendar, now)?;
        vote_in_tx(tx, actor, role, &before, said, now)?;
        let (claim, told) = match progress {
            Progress::UnderReview(claim) => (claim, None),
            Progress::Returned(claim) => (claim, Some(Kind::ClaimReturned)),
            Progress::Rejected(claim) => (claim, Some(Kind::ClaimRejected)),
            Progress::Passed(claim) => {
                let certified = certify_in_tx(tx, claim, &book)?;
                if book.claim_way.notice_days == 0
                    && notice::is_ready_by(&book.claim_way, &certified, now)
                {
                    let posted = notice::post(certified)?;
                    let by = Some(actor.user);
                    posting::post_in_tx(db, tx, village, &[&posted], now, by)?;
                    kept.posted_at = Some(now);
                    (posted, Some(Kind::ClaimPosted))
                } else {
                    (certified, Some(Kind::ClaimCertified))
                }
            }
        };
        kept.claim = claim;
        kept.changed_at = now;
        save_in_tx(tx, &kept, before.version)?;
        let claim = &kept.claim;
        let event = Event {
            event: said.as_str(),
            user: Some(actor.user),
            role: Some(role),
            reason: Some(said.reason.as_str()).filter(|reason| !reason.trim().is_empty()),
            at: now,
        };
        events_in_tx(tx, &before, claim, event)?;
        if let Some(kind) = told {
            tell_in_tx(tx, claim, item, kind, said, now)?;
        }
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(role),
            action: "claim_decide",
            subject: Some(claim.id.0),
            reason: event.reason,
            detail: Some(json!({"decision": said.as_str(), "state": claim.state})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(Receipt::of(claim, &book))
    })
}

/// What binds an actor to a claim.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn ties(tx: &mut PgConnection, actor: &Actor, claim: &Claim) -> Result<Ties, Error> {
    let by = claim.claimed_by;
    let ties = villagers::ties(tx, claim.village, actor, Some(claim.household), by, claim.id.0)?;
    Ok(Ties { claimed: claim.is_made_by(actor), ..ties })
}

fn vote_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    role: Role,
    claim: &Claim,
    said: &Said,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let round = i16::try_from(claim.round).map_err(|_| Error::Bug("too many rounds".into()))?;
    diesel::insert_into(votes::table)
        .values((
            votes::village_id.eq(claim.village.0),
            votes::subject_id.eq(claim.id.0),
            votes::round.eq(round),
            votes::user_id.eq(actor.user.0),
            votes::stage.eq(i16::from(claim.stage)),
            votes::role.eq(role.as_str()),
            votes::decision.eq(said.as_str()),
            votes::reason.eq(&said.reason),
            votes::points.eq(said.points.map(Points::hundredths)),
            votes::at.eq(now),
        ))
        .execute(tx)?;
    Ok(())
}

/// The vote as an event of the stage at which it was given, then what it led to.
fn events_in_tx(
    tx: &mut PgConnection,
    before: &Claim,
    after: &Claim,
    vote: Event<'_>,
) -> Result<(), Error> {
    let certified = after.granted.is_some();
    let state = if certified { State::InReview } else { after.state };
    let voted = Claim { state, stage: before.stage, ..after.clone() };
    record_in_tx(tx, &[&voted], vote)?;
    if certified {
        let claim = Claim { state: State::Certified, ..after.clone() };
        record_in_tx(tx, &[&claim], Event { event: "certified", reason: None, ..vote })?;
    }
    if after.state == State::Posted {
        record_in_tx(tx, &[after], Event { event: "posted", reason: None, ..vote })?;
    }
    Ok(())
}

fn tell_in_tx(
    tx: &mut PgConnection,
    claim: &Claim,
    item: &Item,
    kind: Kind,
    said: &Said,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut more = tell::More::new();
    more.insert("reason".into(), json!(said.reason));
    more.insert("cut".into(), json!(claim.cuts().next().is_some()));
    // What is asked back concerns whoever can answer.
    let to = match (kind, claim.via.is_villagers()) {
        (Kind::ClaimReturned, false) => tell::claimant(tx, claim)?.into_iter().collect(),
        _ => tell::everybody(tx, claim)?,
    };
    tell::tell_in_tx(tx, claim, item, kind, &to, more, now)
}
