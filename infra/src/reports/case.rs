//! A report with what decisions about it need to know besides: who reported it, whom it is about,
//! and the kin of whoever acts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::calendar::day_of;
use domain::id::{ClaimId, HouseholdId, ReportId, UserId, VillageId, VillagerId};
use domain::person::{ACCOUNT_AGE_MIN, age_on};
use domain::report::{Bonds, By, Consent, Event, Part, Party, State};
use uuid::Uuid;

use super::row::{self, Kept};
use crate::audit::{self, Deed};
use crate::error::Error;
use crate::schema::{
    report_claims, report_events, report_parties, report_reporters, users, villagers,
};
use crate::{id, villagers as people};

/// Everything that a decision needs.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) kept: Kept,
    pub(super) reporter: UserId,
    pub(super) parties: Vec<Party>,
    pub(super) kin: Vec<HouseholdId>,
}

impl Case {
    /// The report, locked, with the rest.
    ///
    /// # Errors
    /// `not_found`.
    pub(super) fn lock_in_tx(
        tx: &mut PgConnection,
        actor: &Actor,
        village: VillageId,
        id: ReportId,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let kept = row::lock_in_tx(tx, village, id)?;
        Self::of(tx, actor, kept, now)
    }

    /// The report with the rest, as it is.
    ///
    /// # Errors
    /// `not_found`.
    pub(super) fn find(
        c: &mut PgConnection,
        actor: &Actor,
        village: VillageId,
        id: ReportId,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let kept = row::find(c, village, id)?;
        Self::of(c, actor, kept, now)
    }

    /// The report on which whoever sent `id` acts, locked, with the rest: that one, or the one that it
    /// was joined to. Its reporter is then who sent `id`.
    ///
    /// # Errors
    /// `not_found`.
    pub(super) fn lock_for_sender_in_tx(
        tx: &mut PgConnection,
        actor: &Actor,
        village: VillageId,
        id: ReportId,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let main = row::find(tx, village, id)?.report.joined_to.unwrap_or(id);
        let case = Self::lock_in_tx(tx, actor, village, main, now)?;
        // It was joined to another before it was locked: look again for which.
        match case.kept.report.joined_to {
            Some(_) => Err(Error::LostRace),
            None => Ok(Self { reporter: reporter(tx, village, id)?, ..case }),
        }
    }

    fn of(
        c: &mut PgConnection,
        actor: &Actor,
        kept: Kept,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let (village, id) = (kept.report.village, kept.report.id);
        Ok(Self {
            reporter: reporter(c, village, id)?,
            parties: parties(c, village, id, now)?,
            kin: kin(c, actor, village)?,
            kept,
        })
    }

    /// What can bind whoever acts.
    pub(super) fn bonds(&self) -> Bonds<'_> {
        Bonds { reporter: self.reporter, parties: &self.parties, kin: &self.kin }
    }
}

fn reporter(c: &mut PgConnection, village: VillageId, id: ReportId) -> Result<UserId, Error> {
    let user: Uuid = report_reporters::table
        .find((village.0, id.0))
        .select(report_reporters::user_id)
        .first(c)?;
    Ok(UserId(user))
}

/// The households in which declared kin of somebody live.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn kin(
    c: &mut PgConnection,
    actor: &Actor,
    village: VillageId,
) -> Result<Vec<HouseholdId>, Error> {
    match actor.membership.filter(|me| me.place.village == village) {
        Some(me) => people::kin_households(c, village, me.villager),
        None => Ok(Vec::new()),
    }
}

/// Whom a report is about.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn parties(
    c: &mut PgConnection,
    village: VillageId,
    id: ReportId,
    now: DateTime<Utc>,
) -> Result<Vec<Party>, Error> {
    Ok(parties_of(c, village, &[id.0], now)?.remove(&id.0).unwrap_or_default())
}

/// Whom several reports are about. Reports that are about nobody are left out.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn parties_of(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<BTreeMap<Uuid, Vec<Party>>, Error> {
    type Row = (Uuid, Option<Uuid>, Uuid, Option<Uuid>, String, String);
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let person = villagers::village_id
        .eq(report_parties::village_id)
        .and(villagers::id.nullable().eq(report_parties::villager_id));
    let rows: Vec<Row> = report_parties::table
        .left_join(villagers::table.on(person))
        .filter(report_parties::village_id.eq(village.0))
        .filter(report_parties::report_id.eq_any(ids))
        .order((report_parties::report_id, report_parties::party_id))
        .select((
            report_parties::report_id,
            report_parties::villager_id,
            report_parties::household_id,
            villagers::household_id.nullable(),
            report_parties::part,
            report_parties::consent,
        ))
        .load(c)?;
    let named: Vec<VillagerId> = rows.iter().filter_map(|row| row.1).map(VillagerId).collect();
    let answering = answering(c, village, &named, now)?;
    let mut found: BTreeMap<Uuid, Vec<Party>> = BTreeMap::new();
    for (report, villager, household, lives_in, part, consent) in rows {
        let unreadable = || Error::Bug("a stored party of a report cannot be read".into());
        let villager = villager.map(VillagerId);
        found.entry(report).or_default().push(Party {
            answers: villager.is_some_and(|id| answering.contains(&id)),
            villager,
            // Who moved takes their rights with them.
            household: HouseholdId(lives_in.unwrap_or(household)),
            part: Part::from_name(&part).ok_or_else(unreadable)?,
            consent: Consent::from_name(&consent).ok_or_else(unreadable)?,
        });
    }
    Ok(found)
}

/// Which of these people can answer for themselves: signed in once, and no child.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn answering(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[VillagerId],
    now: DateTime<Utc>,
) -> Result<BTreeSet<VillagerId>, Error> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<(Uuid, Option<NaiveDate>)> = villagers::table
        .inner_join(
            users::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::id.eq_any(ids.iter().map(|id| id.0)))
        .select((villagers::id, villagers::born_on))
        .load(c)?;
    let today = day_of(now);
    let grown = |born: NaiveDate| age_on(born, today) >= ACCOUNT_AGE_MIN;
    let able = rows.into_iter().filter(|(_, born)| born.is_none_or(grown));
    Ok(able.map(|(id, _)| VillagerId(id)).collect())
}

/// Something that somebody did to a report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    pub(super) event: Event,
    /// In which part. Whoever acts in a role is named; the others are not.
    pub(super) by: By,
    pub(super) user: Option<UserId>,
    pub(super) reason: Option<&'a str>,
    pub(super) at: DateTime<Utc>,
}

/// Records a step in the timeline.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn record_in_tx(
    tx: &mut PgConnection,
    (village, report, state): (VillageId, ReportId, State),
    step: Step<'_>,
) -> Result<Uuid, Error> {
    let event: Uuid = id::new();
    let named = step.user.filter(|_| matches!(step.by, By::Role(_)));
    diesel::insert_into(report_events::table)
        .values((
            report_events::village_id.eq(village.0),
            report_events::id.eq(event),
            report_events::report_id.eq(report.0),
            report_events::event.eq(step.event.as_str()),
            report_events::state.eq(state.as_str()),
            report_events::by_part.eq(step.by.as_str()),
            report_events::user_id.eq(named.map(|user| user.0)),
            report_events::reason.eq(step.reason),
            report_events::at.eq(step.at),
        ))
        .execute(tx)?;
    Ok(event)
}

/// Records a deed on a report in the audit log. What whoever reported it does stands there without
/// their name, or the log would say who reported it.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn audit_in_tx(
    tx: &mut PgConnection,
    (village, report): (VillageId, ReportId),
    action: &'static str,
    (actor, by): (&Actor, By),
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (user, role) = match by {
        By::Reporter | By::AlsoReported => (None, Role::Villager),
        By::Role(role) => (Some(actor.user), role),
        By::Shown | By::Concerned | By::Program => (Some(actor.user), Role::Villager),
    };
    let deed = Deed {
        village,
        at: now,
        user,
        role: Some(role),
        action,
        subject: Some(report.0),
        reason,
        detail: None,
    };
    audit::record_in_tx(tx, &deed)
}

/// The claim or deduction that came of a report.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn claim_of(
    c: &mut PgConnection,
    village: VillageId,
    report: ReportId,
) -> Result<Option<ClaimId>, Error> {
    let found: Option<Uuid> = report_claims::table
        .find((village.0, report.0))
        .select(report_claims::claim_id)
        .first(c)
        .optional()?;
    Ok(found.map(ClaimId))
}
