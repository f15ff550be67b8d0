//! A merchant as it is stored.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::alliance::{Kind, MerchantFacts, Pause, PausedBy, Standing};
use domain::discount::Category;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::merchants;

/// A merchant as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = merchants)]
pub struct MerchantRow {
    /// Its id.
    pub id: Uuid,
    /// The division that registered it.
    pub division_id: Uuid,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its phone, as it wants it shown.
    pub phone: String,
    pub(super) kind: String,
    pub(super) category: String,
    /// Where an online one is found.
    pub link: Option<String>,
    /// Who registered it.
    pub registered_by: Uuid,
    /// When.
    pub registered_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    pub(super) paused_from: Option<NaiveDate>,
    pub(super) paused_until: Option<NaiveDate>,
    pub(super) paused_by: Option<String>,
    /// Why it is paused.
    pub paused_why: Option<String>,
}

/// The columns that say whether a merchant trades.
pub(crate) type StandingColumns =
    (merchants::closed_at, merchants::paused_from, merchants::paused_until, merchants::paused_by);

/// What they hold.
pub(crate) type StandingRow =
    (Option<DateTime<Utc>>, Option<NaiveDate>, Option<NaiveDate>, Option<String>);

pub(crate) const STANDING: StandingColumns =
    (merchants::closed_at, merchants::paused_from, merchants::paused_until, merchants::paused_by);

/// Whether a merchant trades, by its columns.
///
/// # Errors
/// [`Error::Bug`].
pub(crate) fn standing_of(row: &StandingRow) -> Result<Standing, Error> {
    let (closed_at, from, until, by) = row;
    let pause = match (from, by) {
        (Some(from), Some(by)) => {
            let by = PausedBy::from_name(by).ok_or_else(|| unreadable("pause"))?;
            Some(Pause { from: *from, until: *until, by })
        }
        _ => None,
    };
    Ok(Standing { closed_at: *closed_at, pause })
}

fn unreadable(what: &str) -> Error {
    Error::Bug(format!("a stored merchant has a {what} that cannot be read"))
}

/// A stored kind.
///
/// # Errors
/// [`Error::Bug`].
pub(super) fn kind_of(name: &str) -> Result<Kind, Error> {
    Kind::from_name(name).ok_or_else(|| unreadable("kind"))
}

/// A stored category.
///
/// # Errors
/// [`Error::Bug`].
pub(super) fn category_of(name: &str) -> Result<Category, Error> {
    Category::from_name(name).ok_or_else(|| unreadable("category"))
}

impl MerchantRow {
    /// What is known of it.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn facts(&self) -> Result<MerchantFacts, Error> {
        Ok(MerchantFacts {
            name: self.name.clone(),
            kind: kind_of(&self.kind)?,
            category: category_of(&self.category)?,
            address: self.address.clone(),
            phone: self.phone.clone(),
            link: self.link.clone(),
        })
    }

    /// Whether it trades.
    ///
    /// # Errors
    /// [`Error::Bug`].
    pub fn standing(&self) -> Result<Standing, Error> {
        let Self { closed_at, paused_from, paused_until, .. } = *self;
        standing_of(&(closed_at, paused_from, paused_until, self.paused_by.clone()))
    }
}
