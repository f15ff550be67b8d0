//! What the village sees of a list, and what a household learns of itself.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::eligibility::{Reason, fits};
use domain::id::{EligibilityListId, HouseholdId, VillageId};
use domain::policy::{Action, Target, allows};
use uuid::Uuid;

use super::ListRow;
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{
    accounts, eligibility_entries, eligibility_findings, eligibility_lists, households,
    unlisted_households, villagers,
};

/// Somebody who stands on a list.
#[derive(Clone, Debug)]
pub struct ShownEntry {
    /// The account.
    pub account: Uuid,
    /// The number of the household.
    pub household_number: String,
    /// The name of the person, or of the head of the household.
    pub name: Option<String>,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// The lists of a village that have not ended, the newest first, before an id.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (before, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<ListRow>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::EligibilityShow, &target, why)?;
    db.read(|c| {
        Ok(eligibility_lists::table
            .filter(eligibility_lists::village_id.eq(village.0))
            .filter(eligibility_lists::ended_at.is_null())
            .filter(eligibility_lists::id.lt(before.unwrap_or(Uuid::max())))
            .order(eligibility_lists::id.desc())
            .limit(limit)
            .select(ListRow::as_select())
            .load(c)?)
    })
}

fn find(c: &mut PgConnection, village: VillageId, id: EligibilityListId) -> Result<ListRow, Error> {
    Ok(eligibility_lists::table
        .find((village.0, id.0))
        .filter(eligibility_lists::ended_at.is_null())
        .select(ListRow::as_select())
        .first(c)?)
}

/// Who stands on a list, after an account; without the households that do not want to.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn entries(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: EligibilityListId,
    (after, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<ShownEntry>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::EligibilityShow, &target, &why.about(id.0))?;
    let unlisted = unlisted_households::table
        .filter(unlisted_households::village_id.eq(eligibility_entries::village_id))
        .filter(unlisted_households::household_id.eq(eligibility_entries::household_id));
    let rows: Vec<(Uuid, String, Option<String>, serde_json::Value)> = db.read(|c| {
        find(c, village, id)?;
        Ok(eligibility_entries::table
            .inner_join(
                accounts::table.on(accounts::village_id
                    .eq(eligibility_entries::village_id)
                    .and(accounts::id.eq(eligibility_entries::account_id))),
            )
            .inner_join(
                households::table.on(households::village_id
                    .eq(eligibility_entries::village_id)
                    .and(households::id.eq(eligibility_entries::household_id))),
            )
            .left_join(
                villagers::table.on(villagers::village_id.eq(eligibility_entries::village_id).and(
                    villagers::id.nullable().eq(accounts::villager_id).or(accounts::villager_id
                        .is_null()
                        .and(villagers::id.nullable().eq(households::head_id))),
                )),
            )
            .filter(eligibility_entries::village_id.eq(village.0))
            .filter(eligibility_entries::list_id.eq(id.0))
            .filter(eligibility_entries::account_id.gt(after.unwrap_or(Uuid::nil())))
            .filter(not(exists(unlisted)))
            .order(eligibility_entries::account_id)
            .limit(limit)
            .select((
                eligibility_entries::account_id,
                households::number,
                villagers::name.nullable(),
                eligibility_entries::reasons,
            ))
            .load(c)?)
    })?;
    rows.into_iter()
        .map(|(account, household_number, name, reasons)| {
            Ok(ShownEntry { account, household_number, name, reasons: read(reasons)? })
        })
        .collect()
}

/// The most accounts of a household that are explained.
pub const EXPLAINED_MAX: i64 = 100;

/// What a household learns of itself.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Whether it wants to stand on no such list.
    pub unlisted: bool,
    /// Each of its accounts that was looked at: whether it fitted, and every condition with what was found.
    pub accounts: Vec<(Uuid, bool, Vec<Reason>)>,
}

/// Why the own household stands on a list or not, as it was found when the list was made: what was struck or
/// earned since changes nothing. Nobody else learns why somebody does not.
///
/// # Errors
/// `not_found`.
pub fn explain(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, household): (EligibilityListId, HouseholdId),
) -> Result<Explained, Error> {
    let target = Target::household(db.place(village)?, household);
    allows(actor, Action::EligibilityOwn, &target)?;
    db.read(|c| {
        find(c, village, id)?;
        let mine: Vec<Uuid> = accounts::table
            .filter(accounts::village_id.eq(village.0))
            .filter(accounts::household_id.eq(household.0))
            .order(accounts::id)
            .limit(EXPLAINED_MAX)
            .select(accounts::id)
            .load(c)?;
        let listed: Vec<(Uuid, serde_json::Value)> = eligibility_entries::table
            .filter(eligibility_entries::village_id.eq(village.0))
            .filter(eligibility_entries::list_id.eq(id.0))
            .filter(eligibility_entries::account_id.eq_any(&mine))
            .select((eligibility_entries::account_id, eligibility_entries::reasons))
            .load(c)?;
        let others: Vec<(Uuid, serde_json::Value)> = eligibility_findings::table
            .filter(eligibility_findings::village_id.eq(village.0))
            .filter(eligibility_findings::list_id.eq(id.0))
            .filter(eligibility_findings::account_id.eq_any(&mine))
            .select((eligibility_findings::account_id, eligibility_findings::reasons))
            .load(c)?;
        let wish = unlisted_households::table.find((village.0, household.0));
        let unlisted = diesel::select(exists(wish)).get_result(c)?;
        let mut explained = listed
            .into_iter()
            .chain(others)
            .map(|(account, reasons)| {
                let reasons = read(reasons)?;
                Ok((account, fits(&reasons), reasons))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        explained.sort_unstable_by_key(|(account, ..)| *account);
        Ok(Explained { unlisted, accounts: explained })
    })
}

fn read(reasons: serde_json::Value) -> Result<Vec<Reason>, Error> {
    serde_json::from_value(reasons)
        .map_err(|error| Error::Bug(format!("reasons that cannot be read: {error}")))
}
