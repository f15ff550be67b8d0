//! A village's rule books: drafts that are edited, and adopted ones that never are.
//!
//! `book` of a row is the whole book, merged with the frame and manual above it; `layer` what the
//! village itself wrote, where that is another. When a layer above changes, the books of the villages
//! are merged anew and kept as rows of their own (`carrying`).

mod adopting;
pub mod carrying;
pub mod file;
pub(crate) mod lines;
mod shown;
pub mod simulate;

pub use adopting::{Adopting, record_adoption};
pub use lines::{VersionLine, list};
pub use shown::{Shown, in_force, show, written};

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RuleBookId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::{Layer, RuleBook, Subject};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::schema::rule_books;

/// Adopted books by id: they never change, so they are remembered for good.
#[derive(Default)]
pub struct BookCache(RwLock<HashMap<RuleBookId, Arc<RuleBook>>>);

/// A rule book as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = rule_books)]
pub struct RuleBookRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// The first of the village is 1.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// The whole book; a draft that is not whole by itself has none.
    pub book: Option<Value>,
    /// What the village wrote, where that is not the book.
    pub layer: Option<Value>,
    /// `draft` or `adopted`.
    pub state: String,
    /// The first day of an adopted book.
    pub in_force_from: Option<NaiveDate>,
    /// What the assembly resolved.
    pub resolution: Option<Value>,
    /// How many households signed the pledge.
    pub pledges: Option<Value>,
    /// The frame of the county with which an adopted book was merged.
    pub county_layer_id: Option<Uuid>,
    /// The manual of the town with which an adopted book was merged.
    pub town_layer_id: Option<Uuid>,
    /// The adopted book of which this is a new merge, since a layer above changed.
    pub carried_from: Option<Uuid>,
    /// Who wrote it.
    pub written_by: Uuid,
    /// When it was written last.
    pub written_at: DateTime<Utc>,
    /// Who recorded the adoption.
    pub adopted_by: Option<Uuid>,
    /// When the adoption was recorded.
    pub adopted_at: Option<DateTime<Utc>>,
}

/// What somebody writes as a draft.
#[derive(Clone, Debug)]
pub enum Text {
    /// A whole book.
    Whole(Box<RuleBook>),
    /// What it adds to the layers above.
    Layer(Box<Layer>),
}

impl Text {
    fn name(&self) -> &str {
        match self {
            Self::Whole(book) => &book.name,
            Self::Layer(layer) => &layer.name,
        }
    }

    /// For the columns `book` and `layer`.
    fn columns(&self) -> Result<(Option<Value>, Option<Value>), Error> {
        Ok(match self {
            Self::Whole(book) => (Some(as_json(book)?), None),
            Self::Layer(layer) => (None, Some(as_json(layer)?)),
        })
    }
}

impl RuleBookRow {
    /// The whole book, if there is one.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn book(&self) -> Result<Option<RuleBook>, Error> {
        self.book.as_ref().map(from_json).transpose()
    }

    /// What the village wrote.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn text(&self) -> Result<Layer, Error> {
        match (&self.layer, self.book()?) {
            (Some(layer), _) => from_json(layer),
            (None, Some(book)) => Ok(book.into()),
            (None, None) => Err(Error::Bug("a rule book without a text".into())),
        }
    }
}

pub(crate) fn from_json<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(value).map_err(|error| Error::Bug(error.to_string()))
}

pub(crate) fn as_json(value: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value).map_err(|error| Error::Bug(error.to_string()))
}

impl Db {
    /// An adopted book.
    ///
    /// # Errors
    /// `not_found`.
    pub fn book(
        &self,
        c: &mut PgConnection,
        village: VillageId,
        book: RuleBookId,
    ) -> Result<Arc<RuleBook>, Error> {
        if let Ok(known) = self.book_cache().0.read()
            && let Some(book) = known.get(&book)
        {
            return Ok(Arc::clone(book));
        }
        let row: RuleBookRow = rule_books::table
            .find((village.0, book.0))
            .select(RuleBookRow::as_select())
            .first(c)?;
        let read = row.book()?.ok_or(Refusal::NotFound)?;
        let read = Arc::new(read);
        if row.state == "adopted"
            && let Ok(mut known) = self.book_cache().0.write()
        {
            known.insert(book, Arc::clone(&read));
        }
        Ok(read)
    }

    /// The book in force in a village on a day.
    ///
    /// # Errors
    /// `no_rule_book`.
    pub fn book_on(
        &self,
        c: &mut PgConnection,
        village: VillageId,
        day: NaiveDate,
    ) -> Result<(RuleBookId, Arc<RuleBook>), Error> {
        let id: Option<Uuid> = rule_books::table
            .filter(rule_books::village_id.eq(village.0))
            .filter(rule_books::state.eq("adopted"))
            .filter(rule_books::in_force_from.le(day))
            .order((rule_books::in_force_from.desc(), rule_books::number.desc()))
            .select(rule_books::id)
            .first(c)
            .optional()?;
        let id = RuleBookId(id.ok_or(Refusal::NoRuleBook { day })?);
        Ok((id, self.book(c, village, id)?))
    }
}

/// Who has an account by the book in force on a day and by those that follow; a household, if there
/// is no book.
///
/// # Errors
/// [`Error::Bug`] for a subject that this version does not know.
pub fn subjects_from(
    c: &mut PgConnection,
    village: VillageId,
    day: NaiveDate,
) -> Result<Vec<Subject>, Error> {
    let adopted: Vec<(Option<NaiveDate>, Value)> = rule_books::table
        .filter(rule_books::village_id.eq(village.0))
        .filter(rule_books::state.eq("adopted"))
        .order((rule_books::in_force_from.desc(), rule_books::number.desc()))
        .select((
            rule_books::in_force_from,
            rule_books::book.assume_not_null().retrieve_as_object("subject"),
        ))
        .load(c)?;
    let still_to_come = adopted.iter().take_while(|(from, _)| *from > Some(day)).count();
    let mut subjects = adopted
        .into_iter()
        .take(still_to_come + 1)
        .map(|(_, name)| Subject::deserialize(name).map_err(|e| Error::Bug(e.to_string())))
        .collect::<Result<Vec<_>, Error>>()?;
    if subjects.is_empty() {
        subjects.push(Subject::Household);
    }
    Ok(subjects)
}

/// The number of a book.
///
/// # Errors
/// `not_found`.
pub fn number_of(c: &mut PgConnection, village: VillageId, id: RuleBookId) -> Result<i32, Error> {
    Ok(rule_books::table.find((village.0, id.0)).select(rule_books::number).first(c)?)
}

fn find(c: &mut PgConnection, village: VillageId, id: RuleBookId) -> Result<RuleBookRow, Error> {
    Ok(rule_books::table.find((village.0, id.0)).select(RuleBookRow::as_select()).first(c)?)
}

/// Writes a new draft. It may have faults; they are told, and stand in the way of its adoption.
///
/// # Errors
/// `forbidden`, `not_found`, and those of [`Db::write_once`].
pub fn draft(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    text: &Text,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<RuleBookRow, Error> {
    let permit = allows(actor, Action::RuleBookManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let newest: Option<i32> = rule_books::table
            .filter(rule_books::village_id.eq(village.0))
            .select(diesel::dsl::max(rule_books::number))
            .first(tx)?;
        let (book, layer) = text.columns()?;
        let row = RuleBookRow {
            village_id: village.0,
            id: id::new(),
            number: newest.unwrap_or(0) + 1,
            name: text.name().to_owned(),
            book,
            layer,
            state: "draft".to_owned(),
            in_force_from: None,
            resolution: None,
            pledges: None,
            county_layer_id: None,
            town_layer_id: None,
            carried_from: None,
            written_by: actor.user.0,
            written_at: now,
            adopted_by: None,
            adopted_at: None,
        };
        diesel::insert_into(rule_books::table).values(&row).execute(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "rule_book_create",
                subject: Some(row.id),
                reason: None,
                detail: None,
            },
        )?;
        Ok(row)
    })
}

/// Replaces the text of a draft.
///
/// # Errors
/// `rule_book_adopted`, `forbidden`, `not_found`.
pub fn rewrite(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: RuleBookId,
    text: &Text,
    now: DateTime<Utc>,
) -> Result<RuleBookRow, Error> {
    let permit = allows(actor, Action::RuleBookManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let mut row = lock_draft(tx, village, id)?;
        text.name().clone_into(&mut row.name);
        (row.book, row.layer) = text.columns()?;
        row.written_by = actor.user.0;
        row.written_at = now;
        diesel::update(rule_books::table.find((village.0, id.0)))
            .set((
                rule_books::name.eq(&row.name),
                rule_books::book.eq(&row.book),
                rule_books::layer.eq(&row.layer),
                rule_books::written_by.eq(row.written_by),
                rule_books::written_at.eq(now),
            ))
            .execute(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "rule_book_update",
                subject: Some(id.0),
                reason: None,
                detail: None,
            },
        )?;
        Ok(row)
    })
}

fn lock_draft(
    tx: &mut PgConnection,
    village: VillageId,
    id: RuleBookId,
) -> Result<RuleBookRow, Error> {
    let row: RuleBookRow = rule_books::table
        .find((village.0, id.0))
        .select(RuleBookRow::as_select())
        .for_update()
        .first(tx)?;
    if row.state == "adopted" { Err(Refusal::RuleBookAdopted.into()) } else { Ok(row) }
}
