//! Proofs of a star: made and taken back by a household, read by whoever has the token.
//!
//! The token is the village, the id of the proof, and a signature of both by the installation. So a
//! proof is found by its key, nobody can make one up, nothing of the token is stored, and a household
//! shows the same code again as long as it is good.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{AccountId, HouseholdId, StarProofId, VillageId};
use domain::person::masked_name;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::star_proof::{Scope, is_good, make};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::rule_books::as_json;
use crate::schema::{
    accounts, divisions, households, rating_lines, ratings, star_proof_readings, star_proofs,
    villagers,
};
use crate::secrets::{Lookup, Secrets, same};
use crate::statements::account_of;

/// A proof as it is stored.
#[derive(
    Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize, Deserialize,
)]
#[diesel(table_name = star_proofs)]
pub struct ProofRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub household_id: Uuid,
    /// The account whose star it shows.
    pub account_id: Uuid,
    /// What it is for.
    pub purpose: String,
    /// What it shows, as [`Scope`].
    pub scope: serde_json::Value,
    /// Who made it.
    pub made_by: Uuid,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Until when it is good.
    pub valid_until: DateTime<Utc>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ProofRow {
    /// What it shows.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn scope(&self) -> Result<Scope, Error> {
        serde_json::from_value(self.scope.clone())
            .map_err(|error| Error::Bug(format!("a proof of unknown scope: {error}")))
    }
}

/// A reading as it is stored.
#[derive(
    Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize, Deserialize,
)]
#[diesel(table_name = star_proof_readings)]
pub struct ReadingRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Of which proof.
    pub proof_id: Uuid,
    /// Who the reader says they are.
    pub reader: String,
    /// What was shown.
    pub stars: i16,
    /// When.
    pub at: DateTime<Utc>,
}

/// A proof that a household asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of which account; of the household's own, or the first of its persons', without one.
    pub account: Option<AccountId>,
    /// What it is for.
    pub purpose: String,
    /// What it shows.
    pub scope: Scope,
    /// For how many days it is good.
    pub days: u16,
}

/// Makes a proof.
///
/// # Errors
/// Those of [`make`]; `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (household, wanted): (HouseholdId, &Wanted),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<ProofRow, Error> {
    let target = Target::household(db.place(village)?, household);
    let permit = allows(actor, Action::StarProofOwn, &target)?;
    db.write_once(once, now, |tx| {
        // Two at once follow each other, so that neither is one too many.
        let _: Uuid = households::table
            .find((village.0, household.0))
            .select(households::id)
            .for_no_key_update()
            .first(tx)?;
        let account = account_of(tx, village, household, wanted.account)?;
        let account = account.ok_or(Refusal::NotFound)?.id;
        let good: i64 = star_proofs::table
            .filter(star_proofs::village_id.eq(village.0))
            .filter(star_proofs::household_id.eq(household.0))
            .filter(star_proofs::revoked_at.is_null())
            .filter(star_proofs::valid_until.gt(now))
            .count()
            .get_result(tx)?;
        let good = usize::try_from(good).unwrap_or(usize::MAX);
        let valid_until = make(&wanted.purpose, wanted.scope, wanted.days, good, now)?;
        let id: Uuid = id::new();
        let row = ProofRow {
            village_id: village.0,
            id,
            household_id: household.0,
            account_id: account,
            purpose: wanted.purpose.clone(),
            scope: as_json(&wanted.scope)?,
            made_by: actor.user.0,
            made_at: now,
            valid_until,
            revoked_at: None,
        };
        diesel::insert_into(star_proofs::table).values(&row).execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "star_proof_create",
            subject: Some(id),
            reason: None,
            detail: Some(json!({"scope": row.scope, "valid_until": valid_until})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(row)
    })
}

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

/// The proofs of a household, the newest first, before an id.
///
/// # Errors
/// `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    household: HouseholdId,
    (before, limit): (Option<Uuid>, i64),
) -> Result<Vec<ProofRow>, Error> {
    let target = Target::household(db.place(village)?, household);
    allows(actor, Action::StarProofOwn, &target)?;
    db.read(|c| {
        Ok(star_proofs::table
            .filter(star_proofs::village_id.eq(village.0))
            .filter(star_proofs::household_id.eq(household.0))
            .filter(star_proofs::id.lt(before.unwrap_or(Uuid::max())))
            .order(star_proofs::id.desc())
            .limit(limit)
            .select(ProofRow::as_select())
            .load(c)?)
    })
}

fn own(
    c: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
    id: StarProofId,
) -> Result<ProofRow, Error> {
    Ok(star_proofs::table
        .find((village.0, id.0))
        .filter(star_proofs::household_id.eq(household.0))
        .select(ProofRow::as_select())
        .first(c)?)
}

/// Takes a proof back: nobody reads it from now on. Doing it again changes nothing.
///
/// # Errors
/// `not_found`.
pub fn revoke(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (household, id): (HouseholdId, StarProofId),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let target = Target::household(db.place(village)?, household);
    let permit = allows(actor, Action::StarProofOwn, &target)?;
    db.write(|tx| {
        own(tx, village, household, id)?;
        let revoked = diesel::update(
            star_proofs::table.find((village.0, id.0)).filter(star_proofs::revoked_at.is_null()),
        )
        .set(star_proofs::revoked_at.eq(now))
        .execute(tx)?;
        if revoked == 0 {
            return Ok(());
        }
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "star_proof_revoke",
            subject: Some(id.0),
            reason: None,
            detail: None,
        };
        audit::record_in_tx(tx, &deed)
    })
}

/// Who read a proof, the newest first, before an id.
///
/// # Errors
/// `not_found`.
pub fn readings(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (household, id): (HouseholdId, StarProofId),
    (before, limit): (Option<Uuid>, i64),
) -> Result<Vec<ReadingRow>, Error> {
    let target = Target::household(db.place(village)?, household);
    allows(actor, Action::StarProofOwn, &target)?;
    db.read(|c| {
        own(c, village, household, id)?;
        Ok(star_proof_readings::table
            .filter(star_proof_readings::village_id.eq(village.0))
            .filter(star_proof_readings::proof_id.eq(id.0))
            .filter(star_proof_readings::id.lt(before.unwrap_or(Uuid::max())))
            .order(star_proof_readings::id.desc())
            .limit(limit)
            .select(ReadingRow::as_select())
            .load(c)?)
    })
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
/// answer is the same.
///
/// # Errors
/// `not_found`.
pub fn read(db: &Db, token: &str, reader: &str, now: DateTime<Utc>) -> Result<Proven, Error> {
    let (village, id) = place_of(db.secrets(), token).ok_or(Refusal::NotFound)?;
    db.write(|tx| {
        let row: ProofRow = star_proofs::table
            .find((village.0, id.0))
            .select(ProofRow::as_select())
            .for_share()
            .first(tx)?;
        if !is_good(row.valid_until, row.revoked_at, now) {
            return Err(Refusal::NotFound.into());
        }
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
    let history = ratings::table
        .inner_join(
            rating_lines::table.on(rating_lines::village_id
                .eq(ratings::village_id)
                .and(rating_lines::rating_id.eq(ratings::id))),
        )
        .filter(ratings::village_id.eq(row.village_id))
        .filter(ratings::effective_at.is_not_null())
        .filter(rating_lines::account_id.eq(row.account_id))
        .filter(rating_lines::state.eq("effective"))
        .order(ratings::effective_at.desc())
        .limit(i64::from(scope.cycles()))
        .select((ratings::cycle, rating_lines::stars))
        .load(c)?;
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
