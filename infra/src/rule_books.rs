//! A village's rule books: drafts that are edited, and adopted ones that never are.

pub mod file;
mod lines;
pub mod simulate;

pub use lines::{RuleBookLine, list};

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RuleBookId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::{Resolution, RuleBook, Subject, adopt};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::places::lock_in_tx;
use crate::schema::rule_books;
use crate::{accounts, id};

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
    /// The book.
    pub book: serde_json::Value,
    /// `draft` or `adopted`.
    pub state: String,
    /// The first day of an adopted book.
    pub in_force_from: Option<NaiveDate>,
    /// What the assembly resolved.
    pub resolution: Option<serde_json::Value>,
    /// Who wrote it.
    pub written_by: Uuid,
    /// When it was written last.
    pub written_at: DateTime<Utc>,
    /// Who recorded the adoption.
    pub adopted_by: Option<Uuid>,
    /// When the adoption was recorded.
    pub adopted_at: Option<DateTime<Utc>>,
}

impl RuleBookRow {
    /// The book as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] if it cannot be read.
    pub fn book(&self) -> Result<RuleBook, Error> {
        RuleBook::deserialize(&self.book).map_err(|error| Error::Bug(error.to_string()))
    }
}

fn as_json(book: &impl Serialize) -> Result<serde_json::Value, Error> {
    serde_json::to_value(book).map_err(|error| Error::Bug(error.to_string()))
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
        let read = Arc::new(row.book()?);
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
            .order(rule_books::in_force_from.desc())
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
    let adopted: Vec<(Option<NaiveDate>, serde_json::Value)> = rule_books::table
        .filter(rule_books::village_id.eq(village.0))
        .filter(rule_books::state.eq("adopted"))
        .order(rule_books::in_force_from.desc())
        .select((rule_books::in_force_from, rule_books::book.retrieve_as_object("subject")))
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

/// One book. A draft is shown to those who may read drafts.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    book: RuleBookId,
) -> Result<RuleBookRow, Error> {
    let target = Target::village(db.place(village)?);
    allows(actor, Action::RuleBookShow, &target)?;
    db.read(|c| {
        let row = find(c, village, book)?;
        if row.state == "draft" {
            allows(actor, Action::RuleBookDraftShow, &target)?;
        }
        Ok(row)
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
) -> Result<RuleBookRow, Error> {
    allows(actor, Action::RuleBookShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let (id, _) = db.book_on(c, village, day)?;
        find(c, village, id)
    })
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
    book: &RuleBook,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<RuleBookRow, Error> {
    let permit = allows(actor, Action::RuleBookManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let newest: Option<i32> = rule_books::table
            .filter(rule_books::village_id.eq(village.0))
            .select(diesel::dsl::max(rule_books::number))
            .first(tx)?;
        let row = RuleBookRow {
            village_id: village.0,
            id: id::new(),
            number: newest.unwrap_or(0) + 1,
            name: book.name.clone(),
            book: as_json(book)?,
            state: "draft".to_owned(),
            in_force_from: None,
            resolution: None,
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
    book: &RuleBook,
    now: DateTime<Utc>,
) -> Result<RuleBookRow, Error> {
    let permit = allows(actor, Action::RuleBookManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let mut row = lock_draft(tx, village, id)?;
        row.name.clone_from(&book.name);
        row.book = as_json(book)?;
        row.written_by = actor.user.0;
        row.written_at = now;
        diesel::update(rule_books::table.find((village.0, id.0)))
            .set((
                rule_books::name.eq(&row.name),
                rule_books::book.eq(&row.book),
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

/// Records that the villager assembly adopted a draft, and opens the accounts it needs.
///
/// # Errors
/// Those of [`adopt`] and [`Db::write_once`]; `rule_book_adopted`, `forbidden`, `not_found`.
#[expect(
    clippy::too_many_arguments,
    reason = "who, where, what, how often, when: none goes with another"
)]
pub fn record_adoption(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: RuleBookId,
    resolution: &Resolution,
    in_force_from: NaiveDate,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<RuleBookRow, Error> {
    let permit = allows(actor, Action::RuleBookManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        // Two books adopted at once follow each other too.
        lock_in_tx(tx, village)?;
        let mut row = lock_draft(tx, village, id)?;
        let newest: Option<NaiveDate> = rule_books::table
            .filter(rule_books::village_id.eq(village.0))
            .select(diesel::dsl::max(rule_books::in_force_from))
            .first(tx)?;
        let book = row.book()?;
        adopt(&book, resolution, in_force_from, newest, now)?;
        row.state = "adopted".to_owned();
        row.in_force_from = Some(in_force_from);
        row.resolution = Some(as_json(resolution)?);
        row.adopted_by = Some(actor.user.0);
        row.adopted_at = Some(now);
        diesel::update(rule_books::table.find((village.0, id.0)))
            .set((
                rule_books::state.eq(&row.state),
                rule_books::in_force_from.eq(row.in_force_from),
                rule_books::resolution.eq(&row.resolution),
                rule_books::adopted_by.eq(row.adopted_by),
                rule_books::adopted_at.eq(row.adopted_at),
            ))
            .execute(tx)?;
        accounts::open_missing_in_tx(tx, village, book.subject, now)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "rule_book_adopt",
                subject: Some(id.0),
                reason: None,
                detail: row.resolution.clone(),
            },
        )?;
        Ok(row)
    })
}
