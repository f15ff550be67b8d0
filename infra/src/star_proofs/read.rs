//! What a counter reads of a proof, by its token.

use std::cmp::Reverse;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::id::{StarProofId, VillageId};
use domain::person::{Residence, masked_name};
use domain::refusal::Refusal;
use domain::star_proof::{is_good, stands_for};
use uuid::Uuid;

use super::{ProofRow, ReadingRow};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::{
    accounts, divisions, households, rating_lines, ratings, star_proof_readings, star_proofs,
    villagers,
};
use crate::secrets::{Lookup, Secrets, same};
use crate::villagers::residence_of;

/// The code of a proof, for a QR.
pub fn token_of(db: &Db, village: VillageId, id: StarProofId) -> String {
    let body = [village.0.as_bytes().as_slice(), id.0.as_bytes()].concat();
    URL_SAFE_NO_PAD.encode([body, signature(db.secrets(), village.0, id.0)].concat())
}

fn signature(secrets: &Secrets, village: Uuid, id: Uuid) -> Vec<u8> {
    secrets.lookup(Lookup::StarProof, &format!("{village}/{id}"))
}

/// Where the proof of a token lies, if the token is one of ours.
fn place_of(secrets: &Secrets, token: &str) -> Option<(VillageId, StarProofId)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (village, rest) = bytes.split_at_checked(16)?;
    let (id, signed) = rest.split_at_checked(16)?;
    let (village, id) = (Uuid::from_slice(village).ok()?, Uuid::from_slice(id).ok()?);
    same(signed, &signature(secrets, village, id)).then_some((VillageId(village), StarProofId(id)))
}

/// What a counter sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The name of the village.
    pub village: String,
    /// What the household says that it is for.
    pub purpose: String,
    /// The star that holds now.
    pub stars: i16,
    /// The cycle in which it was earned; none if there never was one.
    pub cycle: Option<String>,
    /// The masked name, if the scope shows it.
    pub name: Option<String>,
    /// Cycle and stars of the last ratings in effect, the newest first, if the scope shows them.
    pub history: Vec<(String, i16)>,
    /// Until when the proof is good.
    pub valid_until: DateTime<Utc>,
}

/// Reads a proof by its token, and writes down that it was read. Whatever is wrong with the token, the
/// answer is the same; so it is for who died or moved away.
///
/// # Errors
/// `not_found`, `proof_used_up`.
pub fn read(db: &Db, token: &str, reader: &str, now: DateTime<Utc>) -> Result<Proven, Error> {
    let (village, id) = place_of(db.secrets(), token).ok_or(Refusal::NotFound)?;
    db.write(|tx| {
        let row: ProofRow = star_proofs::table
            .find((village.0, id.0))
            .select(ProofRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        let (villager, household) = shown_in(tx, &row)?;
        let residences = residences_in(tx, village, (villager, household))?;
        if !is_good(row.valid_until, row.revoked_at, now) || !stands_for(&residences) {
            return Err(Refusal::NotFound.into());
        }
        // Two readers at once follow each other, since the row is locked.
        let readings = row.read_once_more()?;
        diesel::update(star_proofs::table.find((village.0, id.0)))
            .set(star_proofs::readings.eq(readings))
            .execute(tx)?;
        let proven = proven(tx, &row)?;
        let reading = ReadingRow {
            village_id: village.0,
            id: id::new(),
            proof_id: id.0,
            reader: reader.to_owned(),
            stars: proven.stars,
            at: now,
        };
        diesel::insert_into(star_proof_readings::table).values(&reading).execute(tx)?;
        Ok(proven)
    })
}

/// Whose account a proof shows: of a person, if it is one, and of which household.
fn shown_in(c: &mut PgConnection, row: &ProofRow) -> Result<(Option<Uuid>, Uuid), Error> {
    Ok(accounts::table
        .find((row.village_id, row.account_id))
        .select((accounts::villager_id, accounts::household_id))
        .first(c)?)
}

fn residences_in(
    c: &mut PgConnection,
    village: VillageId,
    (villager, household): (Option<Uuid>, Uuid),
) -> Result<Vec<Residence>, Error> {
    let mut query = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .select(villagers::residence)
        .into_boxed();
    query = match villager {
        Some(villager) => query.filter(villagers::id.eq(villager)),
        None => query.filter(villagers::household_id.eq(household)),
    };
    let names: Vec<String> = query.load(c)?;
    names.iter().map(|name| residence_of(name)).collect()
}

fn proven(c: &mut PgConnection, row: &ProofRow) -> Result<Proven, Error> {
    let scope = row.scope()?;
    let village: String = divisions::table.find(row.village_id).select(divisions::name).first(c)?;
    let (stars, cycle, villager, head): (i16, Option<String>, Option<Uuid>, Option<Uuid>) =
        accounts::table
            .inner_join(
                households::table.on(households::village_id
                    .eq(accounts::village_id)
                    .and(households::id.eq(accounts::household_id))),
            )
            .filter(accounts::village_id.eq(row.village_id))
            .filter(accounts::id.eq(row.account_id))
            .select((
                accounts::stars,
                accounts::stars_cycle,
                accounts::villager_id,
                households::head_id,
            ))
            .first(c)?;
    let name = match villager.or(head).filter(|_| scope.shows_name()) {
        None => None,
        Some(person) => {
            let name: String =
                villagers::table.find((row.village_id, person)).select(villagers::name).first(c)?;
            Some(masked_name(&name))
        }
    };
    let mut history: Vec<(String, i16)> = ratings::table
        .inner_join(
            rating_lines::table.on(rating_lines::village_id
                .eq(ratings::village_id)
                .and(rating_lines::rating_id.eq(ratings::id))),
        )
        .filter(ratings::village_id.eq(row.village_id))
        .filter(ratings::effective_at.is_not_null())
        .filter(rating_lines::account_id.eq(row.account_id))
        .filter(rating_lines::state.eq("effective"))
        .select((ratings::cycle, rating_lines::stars))
        .load(c)?;
    // By the cycle: a rating that took effect late is no newer for it.
    history.sort_by_cached_key(|(cycle, _)| Reverse(last_day_of(cycle)));
    history.truncate(usize::from(scope.cycles()));
    Ok(Proven {
        village,
        purpose: row.purpose.clone(),
        stars,
        cycle,
        name,
        history,
        valid_until: row.valid_until,
    })
}

/// The last day of a cycle by its name; none for a name that is no cycle.
fn last_day_of(cycle: &str) -> Option<NaiveDate> {
    cycle.parse().ok().map(|cycle: Cycle| cycle.last_day())
}
