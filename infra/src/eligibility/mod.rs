//! Lists of who fits for something, computed from ratings in effect and posted points, and what a
//! household learns of itself.

mod facts;
mod show;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::eligibility::{self, Conditions, Purpose, Reason};
use domain::id::{AccountId, EligibilityListId, HouseholdId, VillageId};
use domain::policy::{Action, Target, allows};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

pub use show::{Explained, ShownEntry, entries, explain, list};

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::ledger;
use crate::rule_books::as_json;
use crate::schema::{
    accounts, eligibility_entries, eligibility_findings, eligibility_lists, unlisted_households,
};

/// A list as it is stored.
#[derive(
    Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize, Deserialize,
)]
#[diesel(table_name = eligibility_lists)]
pub struct ListRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub purpose: String,
    /// What people call it.
    pub title: String,
    /// What it asks, as [`Conditions`].
    pub conditions: serde_json::Value,
    /// As of when it was computed.
    pub as_of: DateTime<Utc>,
    /// Who made it.
    pub made_by: Uuid,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

impl ListRow {
    /// What it is for.
    ///
    /// # Errors
    /// [`Error::Bug`] for a name that this version does not know.
    pub fn purpose(&self) -> Result<Purpose, Error> {
        Purpose::from_name(&self.purpose)
            .ok_or_else(|| Error::Bug(format!("a list for {}", self.purpose)))
    }

    /// What it asks.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn conditions(&self) -> Result<Conditions, Error> {
        serde_json::from_value(self.conditions.clone())
            .map_err(|error| Error::Bug(format!("a list that asks what cannot be read: {error}")))
    }
}

/// What was found of an account that does not stand on a list.
#[derive(Insertable)]
#[diesel(table_name = eligibility_findings, treat_none_as_default_value = false)]
struct NewFinding {
    village_id: Uuid,
    list_id: Uuid,
    account_id: Uuid,
    reasons: serde_json::Value,
}

#[derive(Insertable)]
#[diesel(table_name = eligibility_entries, treat_none_as_default_value = false)]
struct NewEntry {
    village_id: Uuid,
    list_id: Uuid,
    account_id: Uuid,
    household_id: Uuid,
    reasons: serde_json::Value,
}

/// A list that somebody makes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it is for.
    pub purpose: Purpose,
    /// What people call it.
    pub title: String,
    /// What it asks.
    pub conditions: Conditions,
}

/// Computes a list for the whole village and keeps those who fit, each with the reasons; apart from it, for
/// their households alone, what was found of the others.
///
/// # Errors
/// Those of [`eligibility::check`]; `no_rule_book`, `forbidden`, `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    plan: &Plan,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<ListRow, Error> {
    let permit = allows(actor, Action::EligibilityManage, &Target::village(db.place(village)?))?;
    eligibility::check(&plan.title, &plan.conditions, now)?;
    db.write_once(once, now, |tx| {
        let as_of = hold_in_tx(tx, village, now)?;
        let row = ListRow {
            village_id: village.0,
            id: id::new(),
            purpose: plan.purpose.as_str().to_owned(),
            title: plan.title.clone(),
            conditions: as_json(&plan.conditions)?,
            as_of,
            made_by: actor.user.0,
            ended_at: None,
        };
        diesel::insert_into(eligibility_lists::table).values(&row).execute(tx)?;
        let asked = facts::Asked { village, conditions: &plan.conditions, as_of };
        let (mut entries, mut findings) = (Vec::new(), Vec::new());
        for (account, household, found) in facts::of_village(db, tx, &asked, day_of(as_of))? {
            let reasons: Vec<Reason> = eligibility::reasons(&plan.conditions, &found);
            if eligibility::fits(&reasons) {
                entries.push(NewEntry {
                    village_id: village.0,
                    list_id: row.id,
                    account_id: account,
                    household_id: household,
                    reasons: as_json(&reasons)?,
                });
            } else {
                findings.push(NewFinding {
                    village_id: village.0,
                    list_id: row.id,
                    account_id: account,
                    reasons: as_json(&reasons)?,
                });
            }
        }
        diesel::copy_from(eligibility_entries::table).from_insertable(&entries).execute(tx)?;
        diesel::copy_from(eligibility_findings::table).from_insertable(&findings).execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "eligibility_list_create",
            subject: Some(row.id),
            reason: None,
            detail: Some(json!({"purpose": row.purpose, "entries": entries.len()})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(row)
    })
}

/// Holds every account of a village, so that nothing is recorded of it meanwhile; answers the moment as of
/// which they are looked at.
fn hold_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Error> {
    let all: Vec<Uuid> =
        accounts::table.filter(accounts::village_id.eq(village.0)).select(accounts::id).load(tx)?;
    ledger::moment_in_tx(tx, village, &all.into_iter().map(AccountId).collect(), now)
}

/// Ends a list: it is shown no more, and stays in the books.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn end(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: EligibilityListId,
    now: DateTime<Utc>,
) -> Result<ListRow, Error> {
    let permit = allows(actor, Action::EligibilityManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let row: ListRow = eligibility_lists::table
            .find((village.0, id.0))
            .select(ListRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        if row.ended_at.is_some() {
            return Ok(row);
        }
        diesel::update(eligibility_lists::table.find((village.0, id.0)))
            .set(eligibility_lists::ended_at.eq(now))
            .execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "eligibility_list_end",
            subject: Some(id.0),
            reason: None,
            detail: None,
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(ListRow { ended_at: Some(now), ..row })
    })
}

/// Whether a household wants to stand on such lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It does, as everybody does who said nothing.
    Listed,
    /// It does not.
    Unlisted,
}

/// Records that a household wants to stand on no such list, or does again. It holds at once, for every
/// list.
///
/// # Errors
/// `not_found`.
pub fn wish(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (household, wish): (HouseholdId, Wish),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let target = Target::household(db.place(village)?, household);
    let permit = allows(actor, Action::EligibilityOwn, &target)?;
    db.write(|tx| {
        let written = match wish {
            Wish::Unlisted => diesel::insert_into(unlisted_households::table)
                .values((
                    unlisted_households::village_id.eq(village.0),
                    unlisted_households::household_id.eq(household.0),
                    unlisted_households::asked_by.eq(actor.user.0),
                    unlisted_households::asked_at.eq(now),
                ))
                .on_conflict_do_nothing()
                .execute(tx)?,
            Wish::Listed => {
                diesel::delete(unlisted_households::table.find((village.0, household.0)))
                    .execute(tx)?
            }
        };
        if written == 0 {
            return Ok(());
        }
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: match wish {
                Wish::Unlisted => "unlisting_set",
                Wish::Listed => "unlisting_end",
            },
            subject: Some(household.0),
            reason: None,
            detail: None,
        };
        audit::record_in_tx(tx, &deed)
    })
}
