//! Asking those who are shown whether they agree, and taking their answer, as often as they change
//! their mind.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::{ReportId, VillageId, VillagerId};
use domain::refusal::Refusal;
use domain::report::party::Agrees;
use domain::report::{By, Consent, Event, Party};
use serde_json::json;

use super::case::{Case, Step, audit_in_tx, record_in_tx};
use super::row::{self, Kept};
use super::tell;
use crate::db::Db;
use crate::error::Error;
use crate::messages::Kind;
use crate::names;
use crate::schema::report_parties;
use crate::villagers;

/// Asks everybody who is shown and did not answer. Who cannot answer is asked through the members of
/// their household.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn ask_in_tx(
    tx: &mut PgConnection,
    kept: &Kept,
    parties: &[Party],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let village = kept.report.village;
    let open: Vec<&Party> = parties
        .iter()
        .filter(|party| party.part.is_shown() && party.consent == Consent::Asked)
        .collect();
    let called = names::of_villagers(
        tx,
        village,
        open.iter().filter_map(|party| party.villager).map(|id| id.0),
    )?;
    for party in open {
        let Some(person) = party.villager else { continue };
        let to = if party.answers {
            vec![person]
        } else {
            villagers::members(tx, village, party.household)?
        };
        let more = tell::with("person_name", json!(called.get(&person.0)));
        tell::villager_in_tx(tx, kept, &to, Kind::ShowingAsked, &more, now)?;
    }
    Ok(())
}

/// Takes the answer of somebody who is shown, or of a member of their household where they cannot
/// answer. It holds at once: whoever does not agree any more is out of the feed. The same answer again
/// leaves no trace.
///
/// # Errors
/// `not_found`, `showing_too_many`.
pub fn answer(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    (person, agrees): (Option<VillagerId>, Agrees),
    now: DateTime<Utc>,
) -> Result<Consent, Error> {
    let place = db.place(village)?;
    db.write(|tx| {
        let mut case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let oneself = actor.membership.map(|me| me.villager);
        let person = person.or(oneself).ok_or(Refusal::NotFound)?;
        let found = case.parties.iter_mut().find(|party| party.villager == Some(person));
        let party = found.ok_or(Refusal::NotFound)?;
        let today = answers_today(tx, (village, id), person, now)?;
        let so_many = usize::from(today.unsigned_abs());
        let answered = party.answered(actor, &place, agrees, so_many)?;
        if !case.kept.report.state.is_taken_on() {
            return Err(Refusal::NotFound.into());
        }
        if answered == *party {
            return Ok(answered.consent);
        }
        *party = answered;
        diesel::update(report_parties::table.find((village.0, id.0, person.0)))
            .set((
                report_parties::consent.eq(answered.consent.as_str()),
                report_parties::answered_at.eq(now),
                report_parties::answers.eq(today.saturating_add(1)),
            ))
            .execute(tx)?;
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let event = match agrees {
            Agrees::Yes => Event::ShowingAgreed,
            Agrees::No => Event::ShowingRefused,
        };
        let by = By::Shown;
        let step = Step { event, by, user: None, reason: None, at: now };
        record_in_tx(tx, (village, id, case.kept.report.state), step)?;
        audit_in_tx(tx, (village, id), "showing_consent", (actor, by), None, now)?;
        Ok(answered.consent)
    })
}

/// How often the answer of a person changed on this day.
fn answers_today(
    tx: &mut PgConnection,
    (village, report): (VillageId, ReportId),
    person: VillagerId,
    now: DateTime<Utc>,
) -> Result<i16, Error> {
    let (last, answers): (Option<DateTime<Utc>>, i16) = report_parties::table
        .find((village.0, report.0, person.0))
        .select((report_parties::answered_at, report_parties::answers))
        .first(tx)?;
    Ok(if last.is_some_and(|at| day_of(at) == day_of(now)) { answers } else { 0 })
}
