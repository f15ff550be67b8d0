//! Each part is handed out once, and what was put down by mistake is taken back by somebody else.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::claim::Ties;
use domain::four_eyes::Hand;
use domain::id::{AccountId, HouseholdId, PayoutId, UserId, VillageId};
use domain::payout::{self, HandOver};
use domain::policy::{Action, Target, allows};
use serde_json::json;
use uuid::Uuid;

use super::row::{HandoverRow, LineRow, PayoutRow, lock_in_tx};
use super::shown::{household_now, residence_of_account};
use super::tell;
use crate::actors::{hand, villager_of};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::schema::{payout_handovers, payout_lines};
use crate::villagers;

/// The handovers of parts that stand, by payout and account.
pub(super) fn standing(
    c: &mut PgConnection,
    village: VillageId,
    parts: &HashSet<(Uuid, Uuid)>,
) -> Result<HashMap<(Uuid, Uuid), HandoverRow>, Error> {
    let of_payouts: HashSet<Uuid> = parts.iter().map(|(payout, _)| *payout).collect();
    let of_accounts: HashSet<Uuid> = parts.iter().map(|(_, account)| *account).collect();
    let rows: Vec<HandoverRow> = payout_handovers::table
        .filter(payout_handovers::village_id.eq(village.0))
        .filter(payout_handovers::payout_id.eq_any(of_payouts))
        .filter(payout_handovers::account_id.eq_any(of_accounts))
        .order(payout_handovers::number)
        .select(HandoverRow::as_select())
        .load(c)?;
    let mut latest: HashMap<_, _> =
        rows.into_iter().map(|row| ((row.payout_id, row.account_id), row)).collect();
    latest.retain(|_, row| !row.reverses);
    Ok(latest)
}

/// How many parts of a payout are handed out.
pub(super) fn count(c: &mut PgConnection, village: VillageId, id: PayoutId) -> Result<i64, Error> {
    let rows: Vec<(bool, i64)> = payout_handovers::table
        .filter(payout_handovers::village_id.eq(village.0))
        .filter(payout_handovers::payout_id.eq(id.0))
        .group_by(payout_handovers::reverses)
        .select((payout_handovers::reverses, diesel::dsl::count_star()))
        .load(c)?;
    // Each that was taken back was put down before.
    Ok(rows.into_iter().map(|(reverses, count)| if reverses { -count } else { count }).sum())
}

/// A part that is looked at under the lock of its payout.
struct Part {
    payout: PayoutRow,
    line: LineRow,
    /// What binds whoever acts to the household of the reckoning, or to that of now.
    ties: Ties,
    /// The latest that was put down of it.
    latest: Option<HandoverRow>,
}

fn part_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    village: VillageId,
    (id, account): (PayoutId, AccountId),
) -> Result<Part, Error> {
    let payout = lock_in_tx(tx, village, id)?;
    let line: LineRow = payout_lines::table
        .find((village.0, id.0, payout.reckoning, account.0))
        .select(LineRow::as_select())
        .first(tx)?;
    let now = household_now(tx, village, account)?;
    let mut ties = Ties::default();
    for home in [HouseholdId(line.household_id), now] {
        // Nobody claimed a part: it is reckoned.
        let nobody = UserId(Uuid::nil());
        let found = villagers::ties(tx, village, actor, Some(home), nobody, id.0)?;
        ties.same_household |= found.same_household;
        ties.kin |= found.kin;
        ties.stepped_aside |= found.stepped_aside;
    }
    let latest: Option<HandoverRow> = payout_handovers::table
        .filter(payout_handovers::village_id.eq(village.0))
        .filter(payout_handovers::payout_id.eq(id.0))
        .filter(payout_handovers::account_id.eq(account.0))
        .order(payout_handovers::number.desc())
        .select(HandoverRow::as_select())
        .first(tx)
        .optional()?;
    Ok(Part { payout, line, ties, latest })
}

/// Marks a part as handed out, and tells whose it is.
///
/// # Errors
/// `payout_state`, `part_empty`, `part_handed_out`, `own_household`, `declared_kin`, `reason_missing`,
/// `forbidden`, `not_found`.
pub fn hand_out(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, account, said): (PayoutId, AccountId, &HandOver),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<HandoverRow, Error> {
    let permit = allows(actor, Action::PayoutHandOut, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let part = part_in_tx(tx, actor, village, (id, account))?;
        let stands = part.latest.as_ref().is_some_and(|row| !row.reverses);
        let residence = residence_of_account(tx, village, account)?;
        let (state, line) = (part.payout.state()?, part.line.line()?);
        payout::hand_over(state, &line, part.ties, stands, residence, said)?;
        let row = HandoverRow {
            village_id: village.0,
            payout_id: id.0,
            account_id: account.0,
            number: part.latest.as_ref().map_or(0, |row| row.number).saturating_add(1),
            reverses: false,
            how: said.how.as_str().to_owned(),
            received_by: said.received_by.clone(),
            note: said.note.clone(),
            handed_out_by: actor.user.0,
            handed_out_by_villager: villager_of(Hand::of(actor)),
            handed_out_at: now,
        };
        record_in_tx(tx, (&part, &row), permit.role, "payout_hand_out", now)?;
        Ok(row)
    })
}

/// Takes back that a part was handed out, which was put down by mistake, and tells whose it is. Then it waits
/// to be handed out again.
///
/// # Errors
/// `payout_state`, `part_not_handed_out`, `checker_is_maker`, `own_household`, `declared_kin`,
/// `reason_missing`, `forbidden`, `not_found`.
pub fn reverse_handover(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, account, reason): (PayoutId, AccountId, &str),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<HandoverRow, Error> {
    let permit = allows(actor, Action::PayoutHandOut, &Target::village(db.place(village)?))?;
    domain::objection::says_why(reason)?;
    db.write_once(once, now, |tx| {
        let part = part_in_tx(tx, actor, village, (id, account))?;
        let stands = part.latest.as_ref().filter(|row| !row.reverses);
        let by = stands.map(|row| hand(row.handed_out_by, row.handed_out_by_villager));
        payout::reverse(part.payout.state()?, by, part.ties, Hand::of(actor))?;
        let Some(stands) = stands else {
            return Err(Error::Bug("a handover that stands and is not there".into()));
        };
        let row = HandoverRow {
            number: stands.number.saturating_add(1),
            reverses: true,
            note: reason.to_owned(),
            handed_out_by: actor.user.0,
            handed_out_by_villager: villager_of(Hand::of(actor)),
            handed_out_at: now,
            ..stands.clone()
        };
        record_in_tx(tx, (&part, &row), permit.role, "payout_handover_reverse", now)?;
        Ok(row)
    })
}

fn record_in_tx(
    tx: &mut PgConnection,
    (part, row): (&Part, &HandoverRow),
    role: Role,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(payout_handovers::table).values(row).execute(tx)?;
    tell::handover_in_tx(tx, &part.payout, &part.line, row, now)?;
    let deed = Deed {
        village: VillageId(row.village_id),
        at: now,
        user: Some(UserId(row.handed_out_by)),
        role: Some(role),
        action,
        subject: Some(row.payout_id),
        reason: row.reverses.then_some(row.note.as_str()),
        detail: Some(json!({"account_id": row.account_id, "how": row.how, "fen": part.line.fen})),
    };
    audit::record_in_tx(tx, &deed)
}
