//! A person decides about what is held.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::claim::Ties;
use domain::content::{Check, Verdict, may_decide, says_why};
use domain::id::{UserId, VillageId};
use domain::policy::{Action, Target, allows};
use serde_json::json;
use uuid::Uuid;

use super::change::Locked;
use super::list::{Shown, with_photos};
use super::row::{CheckRow, find};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::schema::content_checks;
use crate::villagers;

/// What somebody decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Whether others may see it.
    pub verdict: Verdict,
    /// Why: the author reads it.
    pub reason: String,
}

/// Decides about a check that is held, and tells its author.
///
/// # Errors
/// `not_found`, also for what their household or kin made; `content_not_held`, `own_content`,
/// `reason_missing`.
pub fn decide(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<Shown, Error> {
    let target = Target::village(db.place(village)?);
    let permit = allows(actor, Action::ContentCheckDecide, &target)?;
    says_why(&decision.reason)?;
    db.write(|tx| {
        let mut locked = Locked::in_tx(tx, village, id)?;
        // Forgotten: what WeChat found fault with long after it passed.
        if let Some(author) = locked.row.author_id {
            may_decide(ties(tx, village, actor, UserId(author), locked.row.subject_id)?)?;
        }
        let check = locked.check.decided(decision.verdict)?;
        write_in_tx(tx, &locked.row, check, (actor, permit.role), decision, now)?;
        locked.settle_in_tx(tx, check, now)?;
        tell_in_tx(tx, village, &locked.row, decision, now)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "content_check_decide",
            subject: Some(id),
            reason: Some(&decision.reason),
            detail: Some(json!({
                "verdict": decision.verdict.as_str(),
                "subject_kind": locked.row.subject_kind,
                "subject_id": locked.row.subject_id,
            })),
        };
        audit::record_in_tx(tx, &deed)?;
        let row = find(tx, village, id)?;
        let shown = with_photos(tx, village, vec![row])?.pop();
        shown.ok_or_else(|| diesel::NotFound.into())
    })
}

/// What binds who decides to the author. An author who is no villager here has no household.
fn ties(
    tx: &mut PgConnection,
    village: VillageId,
    actor: &Actor,
    author: UserId,
    subject: Uuid,
) -> Result<Ties, Error> {
    let Some(villager) = villagers::of_user(tx, village, author)? else {
        return Ok(Ties { claimed: author == actor.user, ..Ties::default() });
    };
    let household = villagers::person(tx, village, villager)?.household;
    villagers::ties(tx, village, actor, Some(household), author, subject)
}

fn write_in_tx(
    tx: &mut PgConnection,
    row: &CheckRow,
    check: Check,
    (actor, role): (&Actor, Role),
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(content_checks::table.find((row.village_id, row.id)))
        .set((
            content_checks::state.eq(check.state.as_str()),
            content_checks::decided_by.eq(actor.user.0),
            content_checks::decided_role.eq(role.as_str()),
            content_checks::decided_at.eq(now),
            content_checks::reason.eq(&decision.reason),
        ))
        .execute(tx)?;
    Ok(())
}

fn tell_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    row: &CheckRow,
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(author) = row.author_id else { return Ok(()) };
    let author = villagers::of_user(tx, village, UserId(author))?;
    let kind = match decision.verdict {
        Verdict::Release => Kind::ContentReleased,
        Verdict::Refuse => Kind::ContentRefused,
    };
    let piece = if row.scene.is_some() { "text" } else { "photo" };
    let data = json!({
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "piece": piece,
        "reason": decision.reason,
    });
    let told: Vec<_> =
        author.into_iter().map(|to| Message { to, kind, data: data.clone() }).collect();
    messages::leave_in_tx(tx, village, &told, now)
}
