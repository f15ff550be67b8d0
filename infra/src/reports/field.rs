//! The grid worker says that it is done.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::content::Scene;
use domain::id::{PhotoId, ReportId, VillageId};
use domain::refusal::Refusal;
use domain::report::{By, Event};

use super::case::{self, Case, Step, audit_in_tx, record_in_tx};
use super::comments::{Words, keep_in_tx};
use super::create::Receipt;
use super::row;
use crate::claims;
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;

/// How a report was resolved.
#[derive(Clone, Debug)]
pub struct Resolution {
    /// What was done.
    pub text: String,
    /// What it looks like now, each photo once.
    pub photos: Vec<PhotoId>,
    /// Whether the person to whom a deduction was proposed put it right in time: the deduction ends.
    pub cured: bool,
}

/// Says that a report is done. Words and photos are checked like a comment; then whoever sent the
/// report is told ([`super::tell_resolved`]).
///
/// # Errors
/// Those of [`domain::report::Report::resolve`]; `photo_not_usable`; `not_curable` where no deduction
/// was proposed, and those of [`domain::claim::Claim::cure`].
pub fn resolve(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    resolution: &Resolution,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let said = (resolution.text.as_str(), resolution.photos.len());
        let report = case.kept.report.clone();
        let (role, moved) = report.resolve(actor, &place, case.bonds(), said)?;
        case.kept.becomes(moved);
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let by = By::Role(role);
        let event = if resolution.cured { Event::Cured } else { Event::Resolved };
        let step = Step { event, by, user: Some(actor.user), reason: None, at: now };
        let event = record_in_tx(tx, (village, id, case.kept.report.state), step)?;
        let words = Words {
            event: Some(event),
            by,
            text: &resolution.text,
            photos: &resolution.photos,
            scene: Scene::Comment,
        };
        keep_in_tx(tx, actor, (village, id), words, now)?;
        if resolution.cured {
            let claim = case::claim_of(tx, village, id)?.ok_or(Refusal::NotCurable)?;
            claims::cure_in_tx(db, tx, (actor, &place), claim, &resolution.text, now)?;
        }
        audit_in_tx(tx, (village, id), "report_resolve", (actor, by), None, now)?;
        Ok(Receipt::of(&case.kept.report))
    })
}
