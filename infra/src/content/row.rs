//! A check as it is stored.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::content::{Check, HeldFor, Scene, State, Subject, SubjectKind};
use domain::id::VillageId;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::content_checks;

/// A check.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = content_checks)]
pub struct CheckRow {
    /// Its village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// What kind of thing the piece belongs to: the name of a [`SubjectKind`].
    pub subject_kind: String,
    /// Which thing.
    pub subject_id: Uuid,
    /// Who wrote or uploaded it, until that is forgotten. Not for any answer of the API: a reporter's
    /// name is kept apart.
    pub author_id: Option<Uuid>,
    /// Where a text will stand, if it is one: the name of a [`Scene`].
    pub scene: Option<String>,
    /// The text, if it is one, until it is forgotten.
    pub text: Option<String>,
    /// The photo, if it is one.
    pub photo_id: Option<Uuid>,
    /// The name of a [`State`].
    pub state: String,
    /// Why a person looks: the name of a [`HeldFor`].
    pub held_for: Option<String>,
    /// WeChat's label.
    pub label: Option<i32>,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// When a person decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why they decided so.
    pub reason: Option<String>,
}

impl CheckRow {
    /// Where it stands.
    ///
    /// # Errors
    /// [`Error::Bug`] for what this version does not know.
    pub fn check(&self) -> Result<Check, Error> {
        let unknown = || Error::Bug(format!("unknown state of a check: {}", self.state));
        let why = |name: &String| HeldFor::from_name(name).ok_or_else(unknown);
        Ok(Check {
            state: State::from_name(&self.state).ok_or_else(unknown)?,
            held_for: self.held_for.as_ref().map(why).transpose()?,
        })
    }

    /// What it belongs to.
    ///
    /// # Errors
    /// [`Error::Bug`] for a kind that this version does not know.
    pub fn subject(&self) -> Result<Subject, Error> {
        let kind = SubjectKind::from_name(&self.subject_kind)
            .ok_or_else(|| Error::Bug(format!("unknown subject {}", self.subject_kind)))?;
        Ok(Subject { kind, id: self.subject_id })
    }

    /// Where a text will stand.
    ///
    /// # Errors
    /// [`Error::Bug`] for one that this version does not know.
    pub fn scene(&self) -> Result<Option<Scene>, Error> {
        let known = |name: &String| {
            Scene::from_name(name).ok_or_else(|| Error::Bug(format!("unknown scene {name}")))
        };
        self.scene.as_ref().map(known).transpose()
    }
}

/// One check.
///
/// # Errors
/// `not_found`.
pub(super) fn find(c: &mut PgConnection, village: VillageId, id: Uuid) -> Result<CheckRow, Error> {
    Ok(content_checks::table.find((village.0, id)).select(CheckRow::as_select()).first(c)?)
}
