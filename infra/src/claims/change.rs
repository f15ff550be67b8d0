//! Resubmitting and withdrawing a claim, and reviewers who step aside.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::claim::Claim;
use domain::id::{ClaimId, PhotoId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::rule_book::{ItemKind, RuleBook};

use super::declare::item_of;
use super::{Event, Kept, Receipt, files, find, record_in_tx, save_in_tx, tell, votes_in_tx};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::messages::Kind;
use crate::schema::recusals;

/// Sends a returned claim back to its first stage, with another text or further files.
///
/// # Errors
/// Those of [`Claim::changed_by`] and [`Claim::resubmit`].
pub fn resubmit(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    claim: ClaimId,
    text: Option<&str>,
    evidence: &[PhotoId],
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write(|tx| {
        let kept = find(tx, village, claim)?;
        let role = kept.claim.changed_by(actor, &place)?;
        let book = db.book(tx, village, kept.claim.rule_book)?;
        let calendar = db.calendar(tx)?;
        let there = files::of_claim(tx, village, claim)?;
        let mut further = files::find(tx, village, evidence)?;
        further.retain(|file| !there.contains(&file.id));
        let files = (further.as_slice(), there.len());
        let text = text.map(str::to_owned);
        let version = kept.claim.version;
        let resubmitted = kept.claim.clone().resubmit(text, files, actor, &book, &calendar, now)?;
        let deed = resubmitted.via.deed(claim);
        files::link_in_tx(tx, village, deed, &[claim], &further, now)?;
        let kept = Kept { claim: resubmitted, ..kept };
        changed_in_tx(
            tx,
            kept,
            version,
            (actor, role),
            ("resubmitted", "claim_resubmit"),
            &book,
            now,
        )
    })
}

/// Takes a claim back. The person is told if it was a deduction.
///
/// # Errors
/// Those of [`Claim::changed_by`] and [`Claim::withdraw`].
pub fn withdraw(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    claim: ClaimId,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write(|tx| {
        let kept = find(tx, village, claim)?;
        let role = kept.claim.changed_by(actor, &place)?;
        let book = db.book(tx, village, kept.claim.rule_book)?;
        let version = kept.claim.version;
        let withdrawn = kept.claim.clone().withdraw()?;
        if withdrawn.kind == ItemKind::Deduction {
            let to = tell::concerned(tx, &withdrawn)?;
            let item = item_of(&withdrawn, &book)?;
            let more = tell::More::new();
            tell::tell_in_tx(tx, &withdrawn, item, Kind::DeductionWithdrawn, &to, more, now)?;
        }
        let kept = Kept { claim: withdrawn, ..kept };
        changed_in_tx(tx, kept, version, (actor, role), ("withdrawn", "claim_withdraw"), &book, now)
    })
}

/// Saves a changed claim, with its event and the audit log.
fn changed_in_tx(
    tx: &mut PgConnection,
    mut kept: Kept,
    version_before: i32,
    (actor, role): (&Actor, Role),
    (event, action): (&'static str, &'static str),
    book: &RuleBook,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    kept.changed_at = now;
    save_in_tx(tx, &kept, version_before)?;
    let event = Event { event, user: Some(actor.user), role: Some(role), reason: None, at: now };
    record_in_tx(tx, &[&kept.claim], event)?;
    let deed = Deed {
        village: kept.claim.village,
        at: now,
        user: Some(actor.user),
        role: Some(role),
        action,
        subject: Some(kept.claim.id.0),
        reason: None,
        detail: None,
    };
    audit::record_in_tx(tx, &deed)?;
    Ok(Receipt::of(&kept.claim, book))
}

/// Lets a reviewer step aside from a claim.
///
/// # Errors
/// `not_found`, `already_exists` the second time, and those of [`Claim::step_aside`].
pub fn recuse(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    claim: ClaimId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let place = db.place(village)?;
    allows(actor, Action::ClaimReview, &Target::village(place))?;
    db.write(|tx| {
        let claim: Claim = find(tx, village, claim)?.claim;
        let book = db.book(tx, village, claim.rule_book)?;
        let votes = votes_in_tx(tx, village, claim.id.0)?;
        let role = claim.step_aside(&book, actor, &place, &votes, reason)?;
        diesel::insert_into(recusals::table)
            .values((
                recusals::village_id.eq(village.0),
                recusals::subject_id.eq(claim.id.0),
                recusals::user_id.eq(actor.user.0),
                recusals::reason.eq(reason),
                recusals::at.eq(now),
            ))
            .execute(tx)?;
        let (user, role) = (Some(actor.user), Some(role));
        let event = Event { event: "recused", user, role, reason: Some(reason), at: now };
        record_in_tx(tx, &[&claim], event)?;
        let deed = Deed {
            village,
            at: now,
            user,
            role,
            action: "claim_recuse",
            subject: Some(claim.id.0),
            reason: Some(reason),
            detail: None,
        };
        audit::record_in_tx(tx, &deed)
    })
}
