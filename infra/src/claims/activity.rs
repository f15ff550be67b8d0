//! A cadre declares a collective activity: one deed, many people, all or nothing.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::claim::{Via, declare_for_many};
use domain::id::{ActivityId, ClaimId, VillageId, VillagerId};
use domain::points::Points;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::declare::{Deed, item_of, keep_in_tx};
use super::draft::draft;
use super::{receipt, tell};
use crate::audit::{self, Deed as AuditDeed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::{duties, id, messages, villagers};

/// What many took part in.
#[derive(Clone, Debug)]
pub struct Activity {
    /// What people call it.
    pub title: String,
    /// Who took part.
    pub people: Vec<VillagerId>,
    /// The deed, the same for all of them.
    pub deed: Deed,
}

/// What became of it. Stored as the answer to repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityReceipt {
    /// The activity.
    pub activity: ActivityId,
    /// The claims with their people, in the order of the request.
    pub claims: Vec<(ClaimId, VillagerId)>,
    /// The amount for each, before caps.
    pub asked: Points,
    /// The stage that looks at them.
    pub stage_name: Option<String>,
    /// Until when it should decide.
    pub due_at: Option<DateTime<Utc>>,
}

/// Declares an activity for all who took part.
///
/// # Errors
/// `forbidden`, `not_found`, and those of [`declare_for_many`].
pub fn create_activity(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    activity: &Activity,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<ActivityReceipt, Error> {
    let place = db.place(village)?;
    let permit = allows(actor, Action::ClaimCreateForOthers, &Target::village(place))?;
    db.write_once(once, now, |tx| {
        let number: ActivityId = id::new();
        let via = Via::Activity { activity: number, title: activity.title.clone() };
        let draft = draft(tx, actor, &place, via, &activity.deed, None, now)?;
        let mut roster = villagers::persons(tx, village, &activity.people)?;
        let (book_id, book) = db.book_on(tx, village, draft.happened_on)?;
        let (item, day) = (book.item(&draft.item_code), draft.happened_on);
        duties::load_in_tx(tx, village, item, day, &mut roster)?;
        let calendar = db.calendar(tx)?;
        let people = &activity.people;
        let book_of_day = (book_id, &*book);
        let declared =
            declare_for_many(&draft, people, &roster, book_of_day, &calendar, now, id::new)?;
        keep_in_tx(tx, &declared, &draft.files, permit.role, now)?;
        let claims: Vec<_> = declared.into_iter().map(|one| one.claim).collect();
        let first = claims.first().ok_or(Refusal::PersonNotEligible)?;
        let item = item_of(first, &book)?;
        let mut more = tell::More::new();
        more.insert("activity_title".into(), json!(activity.title));
        let told: Vec<_> = claims
            .iter()
            .map(|claim| {
                tell::message(claim, item, Kind::ClaimDeclared, claim.person, more.clone())
            })
            .collect();
        messages::leave_in_tx(tx, village, &told, now)?;
        let deed = AuditDeed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "activity_claim_create",
            subject: Some(number.0),
            reason: None,
            detail: Some(json!({"people": claims.len(), "item_code": first.item_code})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(ActivityReceipt {
            activity: number,
            asked: first.asked,
            stage_name: receipt::stage_name(first, &book),
            due_at: first.stage_due_at,
            claims: claims.iter().map(|claim| (claim.id, claim.person)).collect(),
        })
    })
}
