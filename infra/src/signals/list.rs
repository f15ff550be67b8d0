//! What supervisors read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{DivisionId, VillageId};
use domain::policy::{Action, Target};
use domain::signal::{Finding, SignalKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::names;
use crate::reading::Why;
use crate::schema::{accounts, divisions, households, merchants, purchase_signals};

/// A signal as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = purchase_signals)]
pub struct SignalRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// The day of the purchases.
    pub day: NaiveDate,
    /// What is odd.
    pub kind: String,
    /// Whose purchases.
    pub account_id: Uuid,
    /// Where.
    pub merchant_id: Uuid,
    /// How many.
    pub count: i64,
    /// From how many on it is a signal.
    pub line: i16,
    /// What all purchases of the day cost there, in fen.
    pub price: i64,
    /// What came off, in fen.
    pub discount: i64,
    /// When the day was looked through.
    pub made_at: DateTime<Utc>,
    /// What the supervisor found.
    pub finding: Option<String>,
    /// In words.
    pub found_text: Option<String>,
    /// Who.
    pub found_by: Option<Uuid>,
    /// When.
    pub found_at: Option<DateTime<Utc>>,
}

impl SignalRow {
    /// What is odd.
    ///
    /// # Errors
    /// [`Error::Bug`] for a kind that this version does not know.
    pub fn kind(&self) -> Result<SignalKind, Error> {
        SignalKind::from_name(&self.kind)
            .ok_or_else(|| Error::Bug("a stored signal of an unknown kind".into()))
    }

    /// What the supervisor found, if anything was written.
    pub fn finding(&self) -> Option<Finding> {
        self.finding.as_deref().and_then(Finding::from_name)
    }
}

/// A signal with its names.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The signal.
    pub row: SignalRow,
    /// The number of the household.
    pub household_number: String,
    /// The household.
    pub household_id: Uuid,
    /// The merchant.
    pub merchant_name: String,
    /// Who wrote the finding, where they are on a roster.
    pub found_by_name: Option<String>,
}

/// The signals of a village, the newest first, `before` an id; one more than `limit`. With `open`, those
/// of which nothing is written yet, or the others.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (open, before): (Option<bool>, Option<Uuid>),
    limit: i64,
    why: &Why,
) -> Result<Vec<Listed>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::PurchaseSignalShow, &target, why)?;
    of_villages(db, &[village.0], (open, before), limit)
}

/// A signal with the village whose household bought.
#[derive(Clone, Debug)]
pub struct InVillage {
    /// The name of the village.
    pub village_name: String,
    /// The signal.
    pub listed: Listed,
}

/// The signals of all villages of a division, as [`list`]: for who supervises many. The reading is recorded
/// for the division, and for each village of which something is shown.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn of_division(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    (open, before): (Option<bool>, Option<Uuid>),
    limit: i64,
    why: &Why,
) -> Result<Vec<InVillage>, Error> {
    let row = db.division(division)?;
    let target = row.place().map_or_else(|| Target::division(row.path()), Target::village);
    let permit = db.allows_reading(actor, Action::PurchaseSignalShow, &target, why)?;
    let villages: BTreeMap<Uuid, String> = db.read(|c| {
        let all: Vec<(Uuid, String)> = divisions::table
            .filter(divisions::level.eq("village"))
            .filter(divisions::county_id.eq(row.county_id))
            .filter(
                divisions::county_id
                    .eq(division.0)
                    .or(divisions::town_id.eq(division.0).assume_not_null())
                    .or(divisions::id.eq(division.0)),
            )
            .select((divisions::id, divisions::name))
            .load(c)?;
        Ok(all.into_iter().collect())
    })?;
    let ids: Vec<Uuid> = villages.keys().copied().collect();
    let found = of_villages(db, &ids, (open, before), limit)?;
    if row.place().is_none() {
        let shown: BTreeSet<Uuid> = found.iter().map(|listed| listed.row.village_id).collect();
        let read = shown
            .into_iter()
            .map(|village| Ok((Target::village(db.place(VillageId(village))?), permit)))
            .collect::<Result<Vec<_>, Error>>()?;
        db.record_reading(actor, Action::PurchaseSignalShow, &read, why)?;
    }
    let named = |listed: Listed| InVillage {
        village_name: villages.get(&listed.row.village_id).cloned().unwrap_or_default(),
        listed,
    };
    Ok(found.into_iter().map(named).collect())
}

fn of_villages(
    db: &Db,
    villages: &[Uuid],
    (open, before): (Option<bool>, Option<Uuid>),
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    let rows: Vec<(SignalRow, String, Uuid, String)> = db.read(|c| {
        let mut query = purchase_signals::table
            .inner_join(
                accounts::table.on(accounts::village_id
                    .eq(purchase_signals::village_id)
                    .and(accounts::id.eq(purchase_signals::account_id))),
            )
            .inner_join(
                households::table.on(households::village_id
                    .eq(accounts::village_id)
                    .and(households::id.eq(accounts::household_id))),
            )
            .inner_join(merchants::table.on(merchants::id.eq(purchase_signals::merchant_id)))
            .filter(purchase_signals::village_id.eq_any(villages))
            .order(purchase_signals::id.desc())
            .limit(limit.saturating_add(1))
            .select((SignalRow::as_select(), households::number, households::id, merchants::name))
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(purchase_signals::id.lt(before));
        }
        query = match open {
            Some(true) => query.filter(purchase_signals::finding.is_null()),
            Some(false) => query.filter(purchase_signals::finding.is_not_null()),
            None => query,
        };
        Ok(query.load(c)?)
    })?;
    let known =
        db.read(|c| names::of_users(c, rows.iter().filter_map(|(row, ..)| row.found_by)))?;
    let listed = |(row, household_number, household_id, merchant_name): (SignalRow, _, _, _)| {
        let found_by_name = row.found_by.and_then(|user| known.get(&user)).cloned();
        Listed { row, household_number, household_id, merchant_name, found_by_name }
    };
    Ok(rows.into_iter().map(listed).collect())
}
