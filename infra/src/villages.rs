//! A village at a glance.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::{RuleBookId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::Subject;

use crate::db::Db;
use crate::error::Error;
use crate::places::{DivisionRow, division_in_tx};
use crate::rule_books;
use crate::schema::{households, villagers};

/// The book in force in a village.
#[derive(Clone, Debug)]
pub struct BookInForce {
    /// Its id.
    pub id: RuleBookId,
    /// The first of the village is 1.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// Who has an account.
    pub subject: Subject,
}

/// A village with what lies above it and what is in it.
#[derive(Clone, Debug)]
pub struct VillageSummary {
    /// The village.
    pub village: DivisionRow,
    /// The town it lies in.
    pub town: DivisionRow,
    /// The county it lies in.
    pub county: DivisionRow,
    /// How many households are on the roster.
    pub households: i64,
    /// How many people are on the roster, also those who moved away or died.
    pub villagers: i64,
    /// The book in force today.
    pub book: Option<BookInForce>,
}

/// A village at a glance.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<VillageSummary, Error> {
    let place = db.place(village)?;
    allows(actor, Action::VillageShow, &Target::village(place))?;
    db.read(|c| {
        let book = match db.book_on(c, village, day_of(now)) {
            Ok((id, book)) => Some(BookInForce {
                id,
                number: rule_books::number_of(c, village, id)?,
                name: book.name.clone(),
                subject: book.subject,
            }),
            Err(Error::Refused(Refusal::NoRuleBook { .. })) => None,
            Err(error) => return Err(error),
        };
        Ok(VillageSummary {
            village: division_in_tx(c, village.into())?,
            town: division_in_tx(c, place.town)?,
            county: division_in_tx(c, place.county)?,
            households: households::table
                .filter(households::village_id.eq(village.0))
                .count()
                .get_result(c)?,
            villagers: villagers::table
                .filter(villagers::village_id.eq(village.0))
                .count()
                .get_result(c)?,
            book,
        })
    })
}
