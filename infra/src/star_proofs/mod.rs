//! Proofs of a star: made and taken back by a household, read by whoever has the token.
//!
//! The token is the village, the id of the proof, and a signature of both by the installation. So a
//! proof is found by its key, nobody can make one up, nothing of the token is stored, and a household
//! shows the same code again as long as it is good.

mod read;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::{AccountId, HouseholdId, StarProofId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::star_proof::{Scope, is_good, make, read_once_more, whose};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::rule_books::as_json;
use crate::schema::{accounts, households, star_proof_readings, star_proofs};

pub use read::{Proven, read, token_of};

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
    /// How often it can be read.
    pub readings_max: i16,
    /// How often it was.
    pub readings: i16,
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

    /// Whether it can be read: it is in time, was not taken back and not used up.
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        is_good(self.valid_until, self.revoked_at, now) && self.read_once_more().is_ok()
    }

    fn read_once_more(&self) -> Result<i16, Error> {
        let unsigned = |n: i16| u16::try_from(n).map_err(|_| Error::Bug("readings below 0".into()));
        let readings = read_once_more(unsigned(self.readings)?, unsigned(self.readings_max)?)?;
        i16::try_from(readings).map_err(|_| Error::Bug("too many readings".into()))
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
    /// Of which account, which is the only one that may be: see [`whose`].
    pub account: Option<AccountId>,
    /// What it is for.
    pub purpose: String,
    /// What it shows.
    pub scope: Scope,
    /// For how many days it is good.
    pub days: u16,
    /// How often it can be read.
    pub readings_max: u16,
}

/// Makes a proof.
///
/// # Errors
/// Those of [`make`]; `not_found` for another account than [`whose`] says, `no_rule_book`.
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
        let account = own_account(db, tx, actor, (village, household), now)?;
        if wanted.account.is_some_and(|wanted| wanted.0 != account) {
            return Err(Refusal::NotFound.into());
        }
        let good: i64 = star_proofs::table
            .filter(star_proofs::village_id.eq(village.0))
            .filter(star_proofs::account_id.eq_any(all_accounts(village, household)))
            .filter(star_proofs::revoked_at.is_null())
            .filter(star_proofs::valid_until.gt(now))
            .filter(star_proofs::readings.lt(star_proofs::readings_max))
            .count()
            .get_result(tx)?;
        let good = usize::try_from(good).unwrap_or(usize::MAX);
        let limits = (wanted.days, wanted.readings_max);
        let valid_until = make(&wanted.purpose, wanted.scope, limits, good, now)?;
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
            readings_max: i16::try_from(wanted.readings_max)
                .map_err(|_| Error::Bug("too many readings".into()))?,
            readings: 0,
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
            detail: Some(json!({
                "scope": row.scope, "valid_until": valid_until, "readings_max": row.readings_max,
            })),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(row)
    })
}

/// The accounts of a household, to be looked for among.
#[diesel::dsl::auto_type]
fn all_accounts(village: VillageId, household: HouseholdId) -> _ {
    let (village, household): (Uuid, Uuid) = (village.0, household.0);
    accounts::table
        .filter(accounts::village_id.eq(village))
        .filter(accounts::household_id.eq(household))
        .select(accounts::id)
}

/// The account whose star somebody can show, by the book of the day.
fn own_account(
    db: &Db,
    tx: &mut PgConnection,
    actor: &Actor,
    (village, household): (VillageId, HouseholdId),
    now: DateTime<Utc>,
) -> Result<Uuid, Error> {
    let oneself = actor.membership.ok_or(Refusal::NotFound)?.villager;
    let (_, book) = db.book_on(tx, village, day_of(now))?;
    let of = all_accounts(village, household);
    Ok(match whose(book.subject, oneself) {
        None => of.filter(accounts::villager_id.is_null()).first(tx)?,
        Some(one) => of.filter(accounts::villager_id.eq(one.0)).first(tx)?,
    })
}

/// Whose proofs somebody sees: those of the household, and their own; not those of others who live there.
fn accounts_of(
    c: &mut PgConnection,
    actor: &Actor,
    village: VillageId,
    household: HouseholdId,
) -> Result<Vec<Uuid>, Error> {
    let oneself = actor.membership.map(|bound| bound.villager.0);
    let rows: Vec<(Uuid, Option<Uuid>)> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::household_id.eq(household.0))
        .select((accounts::id, accounts::villager_id))
        .load(c)?;
    let mine = rows.into_iter().filter(|(_, person)| person.is_none() || *person == oneself);
    Ok(mine.map(|(account, _)| account).collect())
}

/// The proofs of a household, the newest first, before an id: those of its own account and of whoever asks.
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
        let mine = accounts_of(c, actor, village, household)?;
        Ok(star_proofs::table
            .filter(star_proofs::village_id.eq(village.0))
            .filter(star_proofs::account_id.eq_any(mine))
            .filter(star_proofs::id.lt(before.unwrap_or(Uuid::max())))
            .order(star_proofs::id.desc())
            .limit(limit)
            .select(ProofRow::as_select())
            .load(c)?)
    })
}

fn own(
    c: &mut PgConnection,
    actor: &Actor,
    (village, household, id): (VillageId, HouseholdId, StarProofId),
) -> Result<ProofRow, Error> {
    let mine = accounts_of(c, actor, village, household)?;
    Ok(star_proofs::table
        .find((village.0, id.0))
        .filter(star_proofs::account_id.eq_any(mine))
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
        own(tx, actor, (village, household, id))?;
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
        own(c, actor, (village, household, id))?;
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
