//! Changing a check, with all checks of its subject locked; whoever owns the subject is told in the
//! same transaction when its standing changes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::content::{Check, Standing};
use domain::id::VillageId;
use uuid::Uuid;

use super::row::{CheckRow, find};
use super::settled;
use crate::error::Error;
use crate::schema::content_checks;

/// Locks the checks of a subject, in the order of their ids.
pub(super) fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    subject: Uuid,
) -> Result<Vec<CheckRow>, Error> {
    Ok(content_checks::table
        .filter(content_checks::village_id.eq(village.0))
        .filter(content_checks::subject_id.eq(subject))
        .order(content_checks::id)
        .for_update()
        .select(CheckRow::as_select())
        .load(tx)?)
}

/// The standing of a subject with these checks.
pub(super) fn standing(rows: &[CheckRow]) -> Result<Standing, Error> {
    let states: Vec<_> =
        rows.iter().map(|row| row.check().map(|check| check.state)).collect::<Result<_, _>>()?;
    Ok(Standing::of(states))
}

/// A check whose subject is locked.
pub(super) struct Locked {
    pub(super) row: CheckRow,
    pub(super) check: Check,
    all: Vec<CheckRow>,
}

impl Locked {
    /// Finds a check and locks its subject.
    pub(super) fn in_tx(
        tx: &mut PgConnection,
        village: VillageId,
        id: Uuid,
    ) -> Result<Self, Error> {
        let subject = find(tx, village, id)?.subject_id;
        let all = lock_in_tx(tx, village, subject)?;
        let row = all.iter().find(|row| row.id == id).cloned();
        let row = row.ok_or(diesel::NotFound)?;
        Ok(Self { check: row.check()?, row, all })
    }

    /// Writes what the check became by WeChat, or for want of it.
    pub(super) fn becomes_in_tx(
        mut self,
        tx: &mut PgConnection,
        check: Check,
        label: Option<i32>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        diesel::update(content_checks::table.find((self.row.village_id, self.row.id)))
            .set((
                content_checks::state.eq(check.state.as_str()),
                content_checks::held_for.eq(check.held_for.map(|why| why.as_str())),
                content_checks::label.eq(label),
                content_checks::heard_at.eq(now),
            ))
            .execute(tx)?;
        self.settle_in_tx(tx, check, now)
    }

    /// Tells the owner of the subject if its standing changed with this check.
    pub(super) fn settle_in_tx(
        &mut self,
        tx: &mut PgConnection,
        check: Check,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let before = standing(&self.all)?;
        for row in self.all.iter_mut().filter(|row| row.id == self.row.id) {
            check.state.as_str().clone_into(&mut row.state);
        }
        let after = standing(&self.all)?;
        let village = VillageId(self.row.village_id);
        settled::tell_in_tx(tx, village, self.row.subject()?, (before, after), now)
    }
}
