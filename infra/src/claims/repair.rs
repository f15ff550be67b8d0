//! Credit repair: what goes on until it is put right ends.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::{ClaimId, VillageId};
use domain::policy::{Action, Target, allows};
use serde_json::json;

use super::declare::item_of;
use super::review::ties;
use super::{Event, Receipt, lock_in_tx, record_in_tx, save_in_tx, tell};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::repairs;
use crate::{ledger, posting};

/// Repairs a posted direct grade, or a deduction that goes on until it is put right, and tells those
/// concerned.
///
/// # Errors
/// `forbidden`, `not_found`, and those of [`domain::claim::Claim::repair`].
pub fn repair(
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
    db.write_once(once, now, |tx| {
        let mut kept = lock_in_tx(tx, village, claim)?;
        let (book, version) = (db.book(tx, village, kept.claim.rule_book)?, kept.claim.version);
        let ties = ties(tx, actor, &kept.claim)?;
        let before = kept.claim.clone();
        let (role, repair) = before.repair(&book, actor, &place, ties, reason, now)?;
        kept.claim = repair.claim;
        kept.changed_at = now;
        save_in_tx(tx, &kept, version)?;
        let claim = &kept.claim;
        let (user, role) = (Some(actor.user), Some(role));
        let event = Event { event: "repaired", user, role, reason: Some(reason), at: now };
        record_in_tx(tx, &[claim], event)?;
        let recorded_at = ledger::moment_in_tx(tx, village, &[claim.account].into(), now)?;
        diesel::insert_into(repairs::table)
            .values((
                repairs::village_id.eq(village.0),
                repairs::claim_id.eq(claim.id.0),
                repairs::repaired_on.eq(claim.repaired_on.unwrap_or_else(|| day_of(now))),
                repairs::counts_until.eq(claim.counts_until.unwrap_or_else(|| day_of(now))),
                repairs::reason.eq(reason),
                repairs::recorded_by.eq(actor.user.0),
                repairs::recorded_at.eq(recorded_at),
            ))
            .execute(tx)?;
        if repair.posts {
            let postings = posting::of_claims(db, tx, village, &[claim])?;
            ledger::post_in_tx(tx, village, postings, now, user)?;
        }
        let item = item_of(claim, &book)?;
        let mut more = tell::More::new();
        more.insert("reason".into(), json!(reason));
        more.insert("counts_until".into(), json!(claim.counts_until));
        let to = tell::concerned(tx, claim)?;
        tell::tell_in_tx(tx, claim, item, Kind::ClaimRepaired, &to, more, now)?;
        let deed = Deed {
            village,
            at: now,
            user,
            role,
            action: "claim_repair",
            subject: Some(claim.id.0),
            reason: Some(reason),
            detail: Some(json!({"counts_until": claim.counts_until})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(Receipt::of(claim, &book))
    })
}
