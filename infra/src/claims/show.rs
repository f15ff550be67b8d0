//! One claim with everything that belongs to it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::id::{ClaimId, PhotoId, VillageId};
use domain::policy::{Action, Permit, Target, allows};
use domain::rule_book::Item;
use uuid::Uuid;

use super::list::Listed;
use super::{files, find};
use crate::db::Db;
use crate::duties;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{claim_events, objections, users, villagers};

/// The most events of one claim that are shown, the first ones.
const EVENTS_MAX: i64 = 500;

/// A claim with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The claim, with its names.
    pub listed: Listed,
    /// The role in which it is looked at.
    pub permit: Permit,
    /// The item of its book.
    pub item: Option<Item>,
    /// The duty post or pledge under which it was made.
    pub duty: Option<duties::Named>,
    /// What the stages of the book are called, in their order.
    pub stages: Vec<String>,
    /// The names of those that the claim comes before.
    pub own_stages: Vec<String>,
    /// Its files.
    pub evidence: Vec<PhotoId>,
    /// What happened to it, in order.
    pub events: Vec<Happened>,
    /// How many objections and appeals there were.
    pub objections: i64,
    /// How many of them wait for an answer.
    pub objections_open: i64,
}

/// Something that happened to a claim.
#[derive(Clone, Debug)]
pub struct Happened {
    /// What.
    pub event: String,
    /// The state it led to.
    pub state: String,
    /// The stage at which it happened.
    pub stage: i16,
    /// In which role.
    pub role: Option<Role>,
    /// The name of whoever did it, if they are on the roster.
    pub name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// One claim, for its household, officers and supervisors.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    claim: ClaimId,
    why: &Why,
) -> Result<Shown, Error> {
    let place = db.place(village)?;
    let (shown, target) = db.read(|c| {
        let kept = find(c, village, claim)?;
        let target = Target::household(place, kept.claim.household);
        let permit = allows(actor, Action::ClaimShow, &target)?;
        let book = db.book(c, village, kept.claim.rule_book)?;
        let person_name = villagers::table
            .find((village.0, kept.claim.person.0))
            .select(villagers::name)
            .first(c)?;
        let answered: Vec<bool> = objections::table
            .filter(objections::village_id.eq(village.0))
            .filter(objections::claim_id.eq(claim.0))
            .select(objections::answered_at.is_not_null())
            .load(c)?;
        let open = answered.iter().filter(|done| !**done).count();
        let shown = Shown {
            permit,
            item: book.item(&kept.claim.item_code).cloned(),
            duty: duties::of_claims(c, village, &[claim])?.remove(&claim),
            stages: book.claim_way.stages.iter().map(|stage| stage.name.clone()).collect(),
            own_stages: {
                let level = book.item(&kept.claim.item_code).map(|item| item.level);
                let stages = book.claim_way.stages.iter();
                let own = stages.filter(|stage| level.is_none_or(|level| stage.looks_at(level)));
                own.map(|stage| stage.name.clone()).collect()
            },
            evidence: files::of_claim(c, village, claim)?,
            events: events(c, village, claim)?,
            objections: i64::try_from(answered.len()).unwrap_or(i64::MAX),
            objections_open: i64::try_from(open).unwrap_or(i64::MAX),
            listed: Listed::of(kept, person_name, &book, why.at),
        };
        Ok((shown, target))
    })?;
    let read = [(target, shown.permit)];
    db.record_reading(actor, Action::ClaimShow, &read, &why.about(claim.0))?;
    Ok(shown)
}

fn events(
    c: &mut PgConnection,
    village: VillageId,
    claim: ClaimId,
) -> Result<Vec<Happened>, Error> {
    type Row = (String, String, i16, Option<String>, Option<String>, Option<String>, DateTime<Utc>);
    let rows: Vec<(Uuid, Row)> = claim_events::table
        .left_join(users::table.on(claim_events::user_id.eq(users::id.nullable())))
        .left_join(
            villagers::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(claim_events::village_id.eq(village.0))
        .filter(claim_events::claim_id.eq(claim.0))
        .order(claim_events::id)
        .limit(EVENTS_MAX)
        .select((
            claim_events::id,
            (
                claim_events::event,
                claim_events::state,
                claim_events::stage,
                claim_events::role,
                villagers::name.nullable(),
                claim_events::reason,
                claim_events::at,
            ),
        ))
        .load(c)?;
    let happened = |(_, (event, state, stage, role, name, reason, at)): (Uuid, Row)| Happened {
        event,
        state,
        stage,
        role: role.as_deref().and_then(Role::from_name),
        name,
        reason,
        at,
    };
    Ok(rows.into_iter().map(happened).collect())
}
