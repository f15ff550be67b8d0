//! The layers above villages.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::place::Place;
use domain::rule_book::{Layer, Stack, Timeline, Version, Versions};
use uuid::Uuid;

use super::RuleLayerRow;
use crate::error::Error;
use crate::schema::rule_layers;

/// An issued layer, read.
struct Held {
    id: Uuid,
    version: Version<Layer>,
}

/// All that was issued above some villages, by division and the oldest first.
#[derive(Default)]
pub struct Above(HashMap<Uuid, Vec<Held>>);

impl Above {
    /// What was issued above these villages.
    ///
    /// # Errors
    /// [`Error::Unavailable`], [`Error::Bug`] for a layer that cannot be read.
    pub fn of(c: &mut PgConnection, places: &[Place]) -> Result<Self, Error> {
        let mut divisions: Vec<Uuid> =
            places.iter().flat_map(|place| [place.county.0, place.town.0]).collect();
        divisions.sort_unstable();
        divisions.dedup();
        let rows: Vec<RuleLayerRow> = rule_layers::table
            .filter(rule_layers::division_id.eq_any(divisions))
            .filter(rule_layers::state.eq("adopted"))
            .order((rule_layers::division_id, rule_layers::in_force_from))
            .select(RuleLayerRow::as_select())
            .load(c)?;
        let mut above = Self::default();
        for row in rows {
            above.add(&row)?;
        }
        Ok(above)
    }

    /// Adds an issued layer that comes into force after those that are there of its division.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn add(&mut self, row: &RuleLayerRow) -> Result<(), Error> {
        let held = Held { id: row.id, version: row.version()? };
        self.0.entry(row.division_id).or_default().push(held);
        Ok(())
    }

    fn all(&self, division: Uuid) -> &[Held] {
        self.0.get(&division).map_or(&[], Vec::as_slice)
    }

    /// What of a division's layers holds on a day: the newest that has come into force by then.
    fn on(&self, division: Uuid, day: NaiveDate) -> Option<&Held> {
        let begun = |held: &&Held| held.version.in_force_from.is_some_and(|from| from <= day);
        self.all(division).iter().rev().find(begun)
    }

    /// What a village has above it on a day.
    pub fn stack_on(&self, place: Place, day: NaiveDate) -> Stack<'_> {
        let layer = |division| self.on(division, day).map(|held| &held.version.layer);
        Stack { county: layer(place.county.0), town: layer(place.town.0), village: None }
    }

    /// Which frame and which manual that is.
    pub fn ids_on(&self, place: Place, day: NaiveDate) -> (Option<Uuid>, Option<Uuid>) {
        let id = |division| self.on(division, day).map(|held| held.id);
        (id(place.county.0), id(place.town.0))
    }

    /// This frame and this manual.
    pub fn stack_of(&self, county: Option<Uuid>, town: Option<Uuid>) -> Stack<'_> {
        let layer = |id: Option<Uuid>| {
            let mut all = self.0.values().flatten();
            id.and_then(|id| all.find(|held| held.id == id)).map(|held| &held.version.layer)
        };
        Stack { county: layer(county), town: layer(town), village: None }
    }

    /// The newest layer of a division.
    pub fn newest(&self, division: Uuid) -> Option<Version<&Layer>> {
        let held = self.all(division).last()?;
        let Version { in_force_from, layer } = &held.version;
        Some(Version { in_force_from: *in_force_from, layer })
    }

    /// All versions of all layers of a village, with its own.
    pub fn timeline(&self, place: Place, village: Versions<Layer>) -> Timeline {
        let versions = |division| {
            let all = self.all(division).iter().map(|held| held.version.clone());
            all.collect::<Vec<_>>().into()
        };
        Timeline { county: versions(place.county.0), town: versions(place.town.0), village }
    }
}
