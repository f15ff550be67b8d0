//! Accounts: who has one, what it holds, and the alias under which it appears in codes.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::{AccountId, HouseholdId, VillageId, VillagerId};
use domain::person::ACCOUNT_AGE_MIN;
use domain::policy::{Action, Target};
use domain::rule_book::Subject;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{accounts, households, villagers};
use crate::secrets::random;
use crate::{expiries, settlements};

/// What an account holds.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct BalanceRow {
    /// The account.
    pub id: Uuid,
    /// The household it belongs to.
    pub household_id: Uuid,
    /// The villager it is for, where each person has one.
    pub villager_id: Option<Uuid>,
    /// Hundredths of a point.
    pub score: i64,
    /// Hundredths of a point.
    pub points: i64,
    /// Fen.
    pub star_credit: i64,
    /// How many entries it has.
    pub version: i64,
    /// The star that holds.
    pub stars: i16,
    /// The cycle in which it was earned.
    pub stars_cycle: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = accounts)]
struct NewAccount {
    village_id: Uuid,
    id: Uuid,
    household_id: Uuid,
    villager_id: Option<Uuid>,
    alias: Vec<u8>,
}

/// Opens the accounts that a book with this subject needs and the village does not have. An account
/// is never closed: what it holds stays. From then on the village has years whose points may run out.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn open_missing_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    subject: Subject,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let missing: Vec<(Uuid, Uuid, Option<Uuid>)> = match subject {
        Subject::Household => households::table
            .left_join(
                accounts::table.on(accounts::village_id
                    .eq(households::village_id)
                    .and(accounts::id.eq(households::id))),
            )
            .filter(households::village_id.eq(village.0))
            .filter(accounts::id.nullable().is_null())
            .select((
                households::id,
                households::id,
                None::<Uuid>.into_sql::<diesel::sql_types::Nullable<diesel::sql_types::Uuid>>(),
            ))
            .load(tx)?,
        Subject::Person => villagers::table
            .left_join(accounts::table.on(
                accounts::village_id.eq(villagers::village_id).and(accounts::id.eq(villagers::id)),
            ))
            .filter(villagers::village_id.eq(village.0))
            .filter(villagers::born_on.is_null().or(villagers::born_on.le(born_by(now))))
            .filter(accounts::id.nullable().is_null())
            .select((villagers::id, villagers::household_id, villagers::id.nullable()))
            .load(tx)?,
    };
    let rows = missing
        .into_iter()
        .map(|(id, household_id, villager_id)| {
            let alias = random::<8>()?.to_vec();
            Ok(NewAccount { village_id: village.0, id, household_id, villager_id, alias })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    for batch in rows.chunks(10_000) {
        diesel::insert_into(accounts::table).values(batch).execute(tx)?;
    }
    expiries::begin_in_tx(tx, village, day_of(now).year())?;
    settlements::begin_in_tx(tx, village, now)?;
    Ok(rows.len())
}

/// Opens those of these accounts that the village does not have: a household that joined lately, a
/// child that turned 14.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn open_for_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    wanted: &[(AccountId, HouseholdId, Option<VillagerId>)],
) -> Result<(), Error> {
    let there: Vec<Uuid> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::id.eq_any(wanted.iter().map(|(id, ..)| id.0)))
        .select(accounts::id)
        .load(tx)?;
    let rows = wanted
        .iter()
        .filter(|(id, ..)| !there.contains(&id.0))
        .map(|(id, household, villager)| {
            Ok(NewAccount {
                village_id: village.0,
                id: id.0,
                household_id: household.0,
                villager_id: villager.map(|id| id.0),
                alias: random::<8>()?.to_vec(),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    // Two people of one household stand twice in the list, and somebody may be faster.
    diesel::insert_into(accounts::table).values(rows).on_conflict_do_nothing().execute(tx)?;
    Ok(())
}

/// Lets the accounts of people follow them into the household they live in now.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn follow_in_tx(tx: &mut PgConnection, village: VillageId) -> Result<usize, Error> {
    let done = diesel::sql_query(
        "UPDATE accounts SET household_id = villagers.household_id FROM villagers \
         WHERE accounts.village_id = $1 AND villagers.village_id = $1 \
         AND accounts.villager_id = villagers.id \
         AND accounts.household_id <> villagers.household_id",
    )
    .bind::<diesel::sql_types::Uuid, _>(village.0)
    .execute(tx)?;
    Ok(done)
}

/// The last day of birth of those who are old enough for an account.
fn born_by(now: DateTime<Utc>) -> NaiveDate {
    let today = day_of(now);
    today.checked_sub_months(Months::new(ACCOUNT_AGE_MIN * 12)).unwrap_or(today)
}

/// What the accounts of a household hold: one, or one for each person.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn balances(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    household: HouseholdId,
    why: &Why,
) -> Result<Vec<BalanceRow>, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::BalanceShow, &target, why)?;
    db.read(|c| {
        let rows: Vec<BalanceRow> = accounts::table
            .filter(accounts::village_id.eq(village.0))
            .filter(accounts::household_id.eq(household.0))
            .order(accounts::id)
            .select(BalanceRow::as_select())
            .load(c)?;
        if rows.is_empty() {
            // No account: either there is no such household, or no book opened accounts yet.
            let _: Uuid =
                households::table.find((village.0, household.0)).select(households::id).first(c)?;
        }
        Ok(rows)
    })
}

/// One account with its household.
///
/// # Errors
/// `not_found`.
pub fn find(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
) -> Result<BalanceRow, Error> {
    Ok(accounts::table.find((village.0, account.0)).select(BalanceRow::as_select()).first(c)?)
}

/// Those whose points an account holds: the person, or the members of the household.
#[diesel::dsl::auto_type]
pub(crate) fn holders(village: VillageId) -> _ {
    let village: Uuid = village.0;
    villagers::table
        .filter(villagers::village_id.eq(village))
        .filter(villagers::household_id.eq(accounts::household_id))
        .filter(
            accounts::villager_id.is_null().or(accounts::villager_id.eq(villagers::id.nullable())),
        )
}
