//! Comparing a file with the roster and writing what is new or changed, some thousand rows a
//! statement.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use domain::calendar::day_of;
use domain::id::{GridId, HouseholdId, VillageId, VillagerId};
use domain::import::BadLine;
use domain::person::IdNumber;
use domain::roster::{Keyed, Known, KnownHousehold, Plan, VillagerPlan, plan};
use uuid::Uuid;

use crate::accounts;
use crate::error::Error;
use crate::rule_books::subjects_from;
use crate::schema::{households, villagers};
use crate::secrets::{Lookup, Secrets};
use crate::villagers::{residence_of, tracks_of};

/// Rows in a statement, which takes at most 65,535 parameters; the widest row has 14.
const BATCH: usize = 4_000;

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = households)]
struct HouseholdRow {
    village_id: Uuid,
    id: Uuid,
    number: String,
    head_id: Option<Uuid>,
    grid_id: Option<Uuid>,
    recorded_at: DateTime<Utc>,
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = villagers)]
struct VillagerRow {
    village_id: Uuid,
    id: Uuid,
    household_id: Uuid,
    name: String,
    relation: String,
    id_number_encrypted: Option<Vec<u8>>,
    id_number_hash: Option<Vec<u8>>,
    name_and_tail_hash: Option<Vec<u8>>,
    phone_encrypted: Option<Vec<u8>>,
    phone_hash: Option<Vec<u8>>,
    born_on: Option<NaiveDate>,
    tracks: Vec<String>,
    residence: String,
    recorded_at: DateTime<Utc>,
}

/// What the file changes in the village, or the lines that stand against it.
pub(super) fn planned(
    c: &mut PgConnection,
    village: VillageId,
    keyed: &[Keyed<'_>],
) -> Result<Result<Plan, Vec<BadLine>>, Error> {
    Ok(plan(keyed, &known_households(c, village)?, &known(c, village)?))
}

fn known_households(
    c: &mut PgConnection,
    village: VillageId,
) -> Result<Vec<KnownHousehold>, Error> {
    let rows: Vec<(Uuid, String, Option<Uuid>, Option<Uuid>)> = households::table
        .filter(households::village_id.eq(village.0))
        .order(households::id)
        .select((households::id, households::number, households::head_id, households::grid_id))
        .load(c)?;
    let known = rows.into_iter().map(|(id, number, head, grid)| KnownHousehold {
        id: HouseholdId(id),
        number,
        head: head.map(VillagerId),
        grid: grid.map(GridId),
    });
    Ok(known.collect())
}

fn known(c: &mut PgConnection, village: VillageId) -> Result<Vec<Known>, Error> {
    type Found =
        (Uuid, Uuid, String, String, Option<Vec<u8>>, Option<Vec<u8>>, Vec<String>, String);
    let rows: Vec<Found> = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .order(villagers::id)
        .select((
            villagers::id,
            villagers::household_id,
            villagers::name,
            villagers::relation,
            villagers::id_number_hash,
            villagers::phone_hash,
            villagers::tracks,
            villagers::residence,
        ))
        .load(c)?;
    rows.into_iter()
        .map(|(id, household, name, relation, id_key, phone_key, tracks, residence)| {
            Ok(Known {
                villager: VillagerId(id),
                household: HouseholdId(household),
                name,
                relation,
                id_key,
                phone_key,
                tracks: tracks_of(&tracks)?,
                residence: residence_of(&residence)?,
            })
        })
        .collect()
}

/// Writes a plan, and opens the accounts that the new people or households need.
pub(super) fn write_in_tx(
    tx: &mut PgConnection,
    secrets: &Secrets,
    village: VillageId,
    plan: &Plan,
    keyed: &[Keyed<'_>],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    write_households(tx, village, plan, now)?;
    for batch in plan.villagers.chunks(BATCH) {
        write_villagers(tx, secrets, village, batch, keyed, now)?;
    }
    accounts::follow_in_tx(tx, village)?;
    for subject in subjects_from(tx, village, day_of(now))? {
        accounts::open_missing_in_tx(tx, village, subject, now)?;
    }
    Ok(())
}

fn write_households(
    tx: &mut PgConnection,
    village: VillageId,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let rows: Vec<HouseholdRow> = plan
        .households
        .iter()
        .map(|planned| HouseholdRow {
            village_id: village.0,
            id: planned.household.id.0,
            number: planned.household.number.clone(),
            head_id: planned.household.head.map(|head| head.0),
            grid_id: planned.household.grid.map(|grid| grid.0),
            recorded_at: now,
        })
        .collect();
    for batch in rows.chunks(BATCH) {
        diesel::insert_into(households::table)
            .values(batch)
            .on_conflict((households::village_id, households::id))
            .do_update()
            .set((
                households::head_id.eq(excluded(households::head_id)),
                households::grid_id.eq(excluded(households::grid_id)),
            ))
            .execute(tx)?;
    }
    Ok(())
}

fn write_villagers(
    tx: &mut PgConnection,
    secrets: &Secrets,
    village: VillageId,
    batch: &[VillagerPlan],
    keyed: &[Keyed<'_>],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    // What the file does not say of a known person stays as it is.
    let changed = batch.iter().filter(|planned| !planned.is_new).map(|planned| planned.villager.0);
    let before: Vec<VillagerRow> = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::id.eq_any(changed))
        .select(VillagerRow::as_select())
        .load(tx)?;
    let mut before: HashMap<Uuid, VillagerRow> =
        before.into_iter().map(|row| (row.id, row)).collect();
    let rows = batch
        .iter()
        .filter_map(|planned| Some((planned, keyed.get(planned.entry)?)))
        .map(|(planned, keyed)| {
            let row = before.remove(&planned.villager.0);
            row_of(secrets, village, planned, keyed, row, now)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    diesel::insert_into(villagers::table)
        .values(&rows)
        .on_conflict((villagers::village_id, villagers::id))
        .do_update()
        .set((
            villagers::household_id.eq(excluded(villagers::household_id)),
            villagers::name.eq(excluded(villagers::name)),
            villagers::relation.eq(excluded(villagers::relation)),
            villagers::id_number_encrypted.eq(excluded(villagers::id_number_encrypted)),
            villagers::id_number_hash.eq(excluded(villagers::id_number_hash)),
            villagers::name_and_tail_hash.eq(excluded(villagers::name_and_tail_hash)),
            villagers::phone_encrypted.eq(excluded(villagers::phone_encrypted)),
            villagers::phone_hash.eq(excluded(villagers::phone_hash)),
            villagers::born_on.eq(excluded(villagers::born_on)),
            villagers::tracks.eq(excluded(villagers::tracks)),
            villagers::residence.eq(excluded(villagers::residence)),
        ))
        .execute(tx)?;
    Ok(())
}

fn row_of(
    secrets: &Secrets,
    village: VillageId,
    planned: &VillagerPlan,
    keyed: &Keyed<'_>,
    before: Option<VillagerRow>,
    now: DateTime<Utc>,
) -> Result<VillagerRow, Error> {
    let entry = keyed.entry;
    let mut row = before.unwrap_or_else(|| VillagerRow {
        village_id: village.0,
        id: planned.villager.0,
        household_id: planned.household.0,
        name: String::new(),
        relation: String::new(),
        id_number_encrypted: None,
        id_number_hash: None,
        name_and_tail_hash: None,
        phone_encrypted: None,
        phone_hash: None,
        born_on: None,
        tracks: Vec::new(),
        residence: String::new(),
        recorded_at: now,
    });
    row.household_id = planned.household.0;
    row.name.clone_from(&entry.name);
    row.relation.clone_from(&entry.relation);
    row.tracks = planned.tracks.iter().map(|track| track.as_str().to_owned()).collect();
    planned.residence.as_str().clone_into(&mut row.residence);
    if let Some(number) = &entry.id_number {
        row.id_number_encrypted = Some(secrets.encrypt(number.expose())?);
        row.id_number_hash.clone_from(&keyed.id_key);
        row.name_and_tail_hash = Some(name_and_tail(secrets, &entry.name, number));
        row.born_on = Some(number.born_on());
    }
    if let Some(phone) = &entry.phone {
        row.phone_encrypted = Some(secrets.encrypt(phone.expose())?);
        row.phone_hash.clone_from(&keyed.phone_key);
    }
    Ok(row)
}

fn name_and_tail(secrets: &Secrets, name: &str, number: &IdNumber) -> Vec<u8> {
    secrets.lookup(Lookup::NameAndTail, &format!("{name}|{}", number.last_six()))
}
