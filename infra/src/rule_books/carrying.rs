//! Layers that changed are carried down: the books of villages are merged anew and kept.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::id::{UserId, VillageId};
use domain::place::Place;
use domain::refusal::Refusal;
use domain::rule_book::{
    BrokenBook, Carried, Layer, RuleBook, Subject, Version, Versions, carry_down,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{RuleBookRow, as_json};
use crate::audit::{self, Deed};
use crate::error::Error;
use crate::rule_layers::Above;
use crate::schema::rule_books;
use crate::{accounts, id};

/// So many villages are read and merged at once, with all their books.
const VILLAGES_AT_ONCE: usize = 50;

/// A book that was merged anew.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CarriedTo {
    /// The village.
    pub village: VillageId,
    /// The new book; none if it was only planned.
    pub rule_book: Option<Uuid>,
    /// Its first day.
    pub in_force_from: NaiveDate,
    /// What of the village's own layer does not hold in it.
    pub contradictions: Vec<domain::rule_book::Contradiction>,
}

/// A village's adopted books, the oldest first.
struct Kept {
    place: Place,
    rows: Vec<RuleBookRow>,
}

impl Kept {
    fn of(c: &mut PgConnection, places: &[Place]) -> Result<Vec<Self>, Error> {
        let rows: Vec<RuleBookRow> = rule_books::table
            .filter(rule_books::village_id.eq_any(places.iter().map(|place| place.village.0)))
            .filter(rule_books::state.eq("adopted"))
            .order((rule_books::village_id, rule_books::in_force_from, rule_books::number))
            .select(RuleBookRow::as_select())
            .load(c)?;
        let mut by_village: HashMap<Uuid, Vec<RuleBookRow>> = HashMap::new();
        for row in rows {
            by_village.entry(row.village_id).or_default().push(row);
        }
        let of_place = |place: &Place| {
            Some(Self { place: *place, rows: by_village.remove(&place.village.0)? })
        };
        Ok(places.iter().filter_map(of_place).collect())
    }

    /// What the village itself adopted.
    fn own(&self) -> impl Iterator<Item = &RuleBookRow> {
        self.rows.iter().filter(|row| row.carried_from.is_none())
    }

    fn versions(&self) -> Result<Versions<Layer>, Error> {
        let version = |row: &RuleBookRow| {
            Ok(Version { in_force_from: row.in_force_from, layer: row.text()? })
        };
        Ok(self.own().map(version).collect::<Result<Vec<_>, Error>>()?.into())
    }

    /// The books by their first days; of several that begin on one day the newest.
    fn books(&self) -> Result<BTreeMap<NaiveDate, RuleBook>, Error> {
        let mut books = BTreeMap::new();
        for row in &self.rows {
            if let (Some(from), Some(book)) = (row.in_force_from, row.book()?) {
                books.insert(from, book);
            }
        }
        Ok(books)
    }

    fn carried(
        &self,
        above: &Above,
        from: NaiveDate,
    ) -> Result<Result<Vec<Carried>, BrokenBook>, Error> {
        let timeline = above.timeline(self.place, self.versions()?);
        Ok(carry_down(&timeline, &self.books()?, from).map_err(|(in_force_from, faults)| {
            BrokenBook { village: self.place.village, in_force_from, faults }
        }))
    }

    fn row(
        &self,
        above: &Above,
        carried: &Carried,
        number: i32,
        by: UserId,
        now: DateTime<Utc>,
    ) -> Result<RuleBookRow, Error> {
        let begun = |row: &&RuleBookRow| row.in_force_from <= Some(carried.in_force_from);
        let own = self.own().take_while(begun).last();
        let own =
            own.ok_or_else(|| Error::Bug("a book carried to a village without one".into()))?;
        let (county_layer_id, town_layer_id) = above.ids_on(self.place, carried.in_force_from);
        Ok(RuleBookRow {
            id: id::new(),
            number,
            name: carried.book.name.clone(),
            book: Some(as_json(&carried.book)?),
            layer: Some(as_json(&own.text()?)?),
            in_force_from: Some(carried.in_force_from),
            county_layer_id,
            town_layer_id,
            carried_from: Some(own.id),
            written_by: by.0,
            written_at: now,
            adopted_by: Some(by.0),
            adopted_at: Some(now),
            ..own.clone()
        })
    }
}

/// What would become of the books of villages from a day on; none of it is written.
///
/// # Errors
/// `rule_books_broken` with every village whose book would have faults.
pub fn plan(
    c: &mut PgConnection,
    above: &Above,
    places: &[Place],
    from: NaiveDate,
) -> Result<Vec<CarriedTo>, Error> {
    let mut plan = Vec::new();
    each(c, above, places, from, |_, kept, carried| {
        plan.extend(carried.into_iter().map(|one| told(kept.place, None, one)));
        Ok(())
    })?;
    Ok(plan)
}

/// Merges the books of villages anew from a day on and keeps those that changed, with the accounts
/// that they need. The villages are to be locked.
///
/// # Errors
/// As [`plan`]; then nothing of the transaction may stay.
pub fn carry_in_tx(
    tx: &mut PgConnection,
    above: &Above,
    places: &[Place],
    from: NaiveDate,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<CarriedTo>, Error> {
    let mut done = Vec::new();
    each(tx, above, places, from, |tx, kept, carried| {
        let village = kept.place.village;
        let newest: Option<i32> = rule_books::table
            .filter(rule_books::village_id.eq(village.0))
            .select(diesel::dsl::max(rule_books::number))
            .first(tx)?;
        let mut subjects: Vec<Subject> = carried.iter().map(|one| one.book.subject).collect();
        subjects.dedup();
        let mut rows = Vec::with_capacity(carried.len());
        for (number, one) in (newest.unwrap_or(0) + 1..).zip(carried) {
            let row = kept.row(above, &one, number, by, now)?;
            done.push(told(kept.place, Some(row.id), one));
            rows.push(row);
        }
        diesel::insert_into(rule_books::table).values(&rows).execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(by),
            role: None,
            action: "rule_book_carry",
            subject: rows.first().map(|row| row.id),
            reason: None,
            detail: Some(json!({
                "books": rows.iter().map(|row| (row.id, row.in_force_from)).collect::<Vec<_>>(),
            })),
        };
        audit::record_in_tx(tx, &deed)?;
        for subject in subjects {
            accounts::open_missing_in_tx(tx, village, subject, now)?;
        }
        Ok(())
    })?;
    Ok(done)
}

fn told(place: Place, rule_book: Option<Uuid>, carried: Carried) -> CarriedTo {
    let Carried { in_force_from, contradictions, .. } = carried;
    CarriedTo { village: place.village, rule_book, in_force_from, contradictions }
}

/// Goes through the villages that have something to carry, as long as none is broken.
fn each(
    c: &mut PgConnection,
    above: &Above,
    places: &[Place],
    from: NaiveDate,
    mut found: impl FnMut(&mut PgConnection, &Kept, Vec<Carried>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut broken = Vec::new();
    for places in places.chunks(VILLAGES_AT_ONCE) {
        for kept in Kept::of(c, places)? {
            match kept.carried(above, from)? {
                Err(one) => broken.push(one),
                Ok(carried) if carried.is_empty() || !broken.is_empty() => {}
                Ok(carried) => found(c, &kept, carried)?,
            }
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Refusal::RuleBooksBroken { villages: broken }.into())
    }
}
