//! A deduction that was put right in time is closed.

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use domain::actor::Actor;
use domain::id::{ClaimId, VillageId};
use domain::place::Place;
use domain::policy::{Action, Target, allows};
use serde_json::json;

use super::declare::item_of;
use super::review::ties;
use super::{Event, Receipt, find, record_in_tx, save_in_tx, tell};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::{posting, reports};

/// Closes a deduction that was put right, and tells those concerned.
///
/// # Errors
/// `forbidden`, `not_found`, and those of [`domain::claim::Claim::cure`].
pub fn cure(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    claim: ClaimId,
    reason: &str,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    allows(actor, Action::DeductionCreate, &Target::village(place))?;
    db.write_once(once, now, |tx| cure_in_tx(db, tx, (actor, &place), claim, reason, now))
}

/// Closes a deduction as part of something else, such as resolving a snapshot report. A report from
/// which it came ends with it.
///
/// # Errors
/// Those of [`cure`].
pub(crate) fn cure_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    (actor, place): (&Actor, &Place),
    claim: ClaimId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let village = place.village;
    let mut kept = find(tx, village, claim)?;
    let (book, version) = (db.book(tx, village, kept.claim.rule_book)?, kept.claim.version);
    let ties = ties(tx, actor, &kept.claim)?;
    let certified = kept.claim.state.counts_towards_caps();
    let (role, cured) = kept.claim.clone().cure(actor, place, ties, reason, now)?;
    kept.claim = cured;
    kept.changed_at = now;
    save_in_tx(tx, &kept, version)?;
    let claim = &kept.claim;
    if certified {
        // Others of the account may count less because of it, such as twice.
        let cause = (claim.account, claim.id);
        posting::reassess::in_tx(db, tx, village, cause, Vec::new(), now, Some(actor.user))?;
    }
    let user = Some(actor.user);
    let event = Event { event: "cured", user, role: Some(role), reason: Some(reason), at: now };
    record_in_tx(tx, &[claim], event)?;
    let item = item_of(claim, &book)?;
    let mut more = tell::More::new();
    more.insert("reason".into(), json!(reason));
    let to = tell::concerned(tx, claim)?;
    tell::tell_in_tx(tx, claim, item, Kind::DeductionCured, &to, more, now)?;
    let deed = Deed {
        village,
        at: now,
        user,
        role: Some(role),
        action: "claim_cure",
        subject: Some(claim.id.0),
        reason: Some(reason),
        detail: Some(json!({"state": claim.state})),
    };
    audit::record_in_tx(tx, &deed)?;
    reports::deduction_cured_in_tx(db, tx, (actor, role), claim, reason, now)?;
    Ok(Receipt::of(claim, &book))
}
