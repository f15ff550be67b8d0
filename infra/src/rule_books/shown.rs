//! A rule book as it is shown: with the layers above it, and what of it does not hold.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RuleBookId, VillageId};
use domain::place::{DivisionLevel, Place};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::{Fault, Merged, RuleBook, Stack, VersionState};

use uuid::Uuid;

use super::lines::states_on;
use super::{RuleBookRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::rule_layers::Above;
use crate::schema::rule_books;

/// A rule book with what it comes to.
#[derive(Clone, Debug)]
pub struct Shown {
    /// As it is stored; of a draft with the layers above that hold on the day it is looked at.
    pub row: RuleBookRow,
    /// Where it stands on that day.
    pub state: VersionState,
    /// The whole book, if the layers make one.
    pub book: Option<RuleBook>,
    /// What stands in the way of a draft; an adopted book has none.
    pub faults: Vec<Fault>,
    /// What of the village's own layer does not hold, and which layer brought in each item.
    pub merged: Merged,
    /// New merges of this book, for layers above that changed or will, with their first days.
    pub later: Vec<(Uuid, NaiveDate)>,
}

impl Shown {
    pub(super) fn of(
        c: &mut PgConnection,
        place: Place,
        mut row: RuleBookRow,
        today: NaiveDate,
    ) -> Result<Self, Error> {
        let above = Above::of(c, &[place])?;
        let text = row.text()?;
        let on = row.in_force_from.unwrap_or(today);
        let stack = if row.state == "draft" {
            (row.county_layer_id, row.town_layer_id) = above.ids_on(place, on);
            above.stack_on(place, on)
        } else {
            above.stack_of(row.county_layer_id, row.town_layer_id)
        };
        let stack = Stack { village: Some(&text), ..stack };
        let merged = stack.merge();
        let (book, faults) = match row.state.as_str() {
            "draft" => {
                let book = stack.whole_text().or_else(|| merged.book.clone());
                (book, stack.faults_of_village(&merged))
            }
            _ => (row.book()?, Vec::new()),
        };
        let state = if row.state == "draft" {
            VersionState::Draft
        } else {
            let states = states_on(c, place.village, today)?;
            states.get(&row.number).copied().unwrap_or(VersionState::Draft)
        };
        let later = rule_books::table
            .filter(rule_books::village_id.eq(place.village.0))
            .filter(rule_books::carried_from.eq(row.id))
            .order((rule_books::in_force_from, rule_books::number))
            .select((rule_books::id, rule_books::in_force_from.assume_not_null()))
            .load(c)?;
        Ok(Self { row, state, book, faults, merged, later })
    }

    /// The whole book.
    ///
    /// # Errors
    /// `rule_book_contradicts` with the settings that no layer states.
    pub fn whole(self) -> Result<RuleBook, Error> {
        let contradictions = self.merged.contradictions_of(DivisionLevel::Village);
        Ok(self.book.ok_or(Refusal::RuleBookContradicts { contradictions })?)
    }
}

/// One book, as it stands today. A draft is shown to those who may read drafts.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    book: RuleBookId,
    today: NaiveDate,
) -> Result<Shown, Error> {
    let place = db.place(village)?;
    let target = Target::village(place);
    allows(actor, Action::RuleBookShow, &target)?;
    db.read(|c| {
        let row = find(c, village, book)?;
        if row.state == "draft" {
            allows(actor, Action::RuleBookDraftShow, &target)?;
        }
        Shown::of(c, place, row, today)
    })
}

/// The book in force on a day.
///
/// # Errors
/// `no_rule_book`, `forbidden`, `not_found`.
pub fn in_force(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    day: NaiveDate,
    today: NaiveDate,
) -> Result<Shown, Error> {
    let place = db.place(village)?;
    allows(actor, Action::RuleBookShow, &Target::village(place))?;
    db.read(|c| {
        let (id, _) = db.book_on(c, village, day)?;
        let row = find(c, village, id)?;
        Shown::of(c, place, row, today)
    })
}

/// What a row comes to that was just written.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn written(db: &Db, row: RuleBookRow, today: NaiveDate) -> Result<Shown, Error> {
    let place = db.place(VillageId(row.village_id))?;
    db.read(|c| Shown::of(c, place, row.clone(), today))
}

/// The whole book of a row: an adopted one's, or what a draft would come to on a day.
pub(super) fn whole_on(
    c: &mut PgConnection,
    place: Place,
    id: RuleBookId,
    day: NaiveDate,
) -> Result<RuleBook, Error> {
    let row = find(c, place.village, id)?;
    Shown::of(c, place, row, day)?.whole()
}
