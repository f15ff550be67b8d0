//! A cadre records a deduction, and the person is told at once.

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use domain::actor::Actor;
use domain::claim::{Via, declare};
use domain::id::{VillageId, VillagerId};
use domain::place::Place;
use domain::policy::{Action, Target, allows};
use serde_json::json;

use super::declare::{Deed, item_of, keep_in_tx};
use super::draft::draft;
use super::{Receipt, tell};
use crate::audit::{self, Deed as AuditDeed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::{duties, villagers};

/// A fault that is recorded.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Whose.
    pub person: VillagerId,
    /// What.
    pub deed: Deed,
}

/// Records a deduction. The person and the head of the household get a message with the item, the
/// points, the way to cure it and by when.
///
/// # Errors
/// `forbidden`, `not_found`, and those of [`declare`].
pub fn deduct(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    fault: &Fault,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    allows(actor, Action::DeductionCreate, &Target::village(place))?;
    db.write_once(once, now, |tx| deduct_in_tx(db, tx, (actor, &place), fault, now))
}

/// Records a deduction as part of something else, such as from a snapshot report.
///
/// # Errors
/// Those of [`deduct`].
pub(crate) fn deduct_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    (actor, place): (&Actor, &Place),
    fault: &Fault,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let permit = allows(actor, Action::DeductionCreate, &Target::village(*place))?;
    let village = place.village;
    let mut person = villagers::person(tx, village, fault.person)?;
    let draft = draft(tx, actor, place, Via::Recorded, &fault.deed, Some(&person), now)?;
    let (book_id, book) = db.book_on(tx, village, draft.happened_on)?;
    let (item, day) = (book.item(&draft.item_code), draft.happened_on);
    duties::load_in_tx(tx, village, item, day, std::slice::from_mut(&mut person))?;
    let calendar = db.calendar(tx)?;
    let files = draft.files.clone();
    let declared = declare(draft, &person, book_id, &book, &calendar, now)?;
    keep_in_tx(tx, std::slice::from_ref(&declared), &files, permit.role, now)?;
    let claim = declared.claim;
    let item = item_of(&claim, &book)?;
    let mut more = tell::More::new();
    more.insert("text".into(), json!(claim.text));
    more.insert("cure".into(), json!(item.cure));
    more.insert("cure_until".into(), json!(claim.cure_until));
    let to = tell::concerned(tx, &claim)?;
    tell::tell_in_tx(tx, &claim, item, Kind::DeductionRecorded, &to, more, now)?;
    if let Some(second) = claim.second_recorder {
        let more = tell::More::new();
        tell::tell_in_tx(tx, &claim, item, Kind::SecondRecorderNamed, &[second], more, now)?;
    }
    let deed = AuditDeed {
        village,
        at: now,
        user: Some(actor.user),
        role: Some(permit.role),
        action: "deduction_create",
        subject: Some(claim.id.0),
        reason: None,
        detail: Some(json!({"item_code": claim.item_code})),
    };
    audit::record_in_tx(tx, &deed)?;
    Ok(Receipt::of(&claim, &book))
}
