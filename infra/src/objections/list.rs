//! Reading objections: all of a village for those who answer or supervise, one's own for everybody.

use std::fmt;
use std::str::FromStr;

use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{ObjectionId, VillageId};
use domain::objection::may_see;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use uuid::Uuid;

use super::{ObjectionRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::objections;

/// Where a page ended in a list that has the open ones first, the oldest at the top, and then the
/// answered ones, the newest at the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// Among the open ones.
    Open(Uuid),
    /// Among the answered ones.
    Answered(Uuid),
}

impl Cursor {
    /// The place of an objection in the list.
    pub fn of(row: &ObjectionRow) -> Self {
        if row.answered_at.is_some() { Self::Answered(row.id) } else { Self::Open(row.id) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(id) => write!(f, "open.{id}"),
            Self::Answered(id) => write!(f, "answered.{id}"),
        }
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (state, id) = text.split_once('.').ok_or(())?;
        let id = id.parse().map_err(|_| ())?;
        match state {
            "open" => Ok(Self::Open(id)),
            "answered" => Ok(Self::Answered(id)),
            _ => Err(()),
        }
    }
}

/// Everything raised in a village: open ones first.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    after: Option<Cursor>,
    limit: i64,
    why: &Why,
) -> Result<Vec<ObjectionRow>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::ObjectionShow, &target, why)?;
    db.read(|c| {
        let mut rows = match after {
            Some(Cursor::Answered(_)) => Vec::new(),
            Some(Cursor::Open(id)) => open(c, village, id, limit)?,
            None => open(c, village, Uuid::nil(), limit)?,
        };
        let left = limit - i64::try_from(rows.len()).unwrap_or(limit);
        if left > 0 {
            let before = match after {
                Some(Cursor::Answered(id)) => id,
                _ => Uuid::max(),
            };
            rows.extend(answered(c, village, before, left)?);
        }
        Ok(rows)
    })
}

fn open(
    c: &mut PgConnection,
    village: VillageId,
    after: Uuid,
    limit: i64,
) -> Result<Vec<ObjectionRow>, Error> {
    Ok(objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::answered_at.is_null())
        .filter(objections::id.gt(after))
        .order(objections::id)
        .limit(limit)
        .select(ObjectionRow::as_select())
        .load(c)?)
}

fn answered(
    c: &mut PgConnection,
    village: VillageId,
    before: Uuid,
    limit: i64,
) -> Result<Vec<ObjectionRow>, Error> {
    Ok(objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::answered_at.is_not_null())
        .filter(objections::id.lt(before))
        .order(objections::id.desc())
        .limit(limit)
        .select(ObjectionRow::as_select())
        .load(c)?)
}

/// What one raised, and what concerns the own household; the newest first, before an id.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn mine(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ObjectionRow>, Error> {
    allows(actor, Action::ObjectionOwnShow, &Target::village(db.place(village)?))?;
    let household = actor.household().ok_or(Refusal::NotFound)?;
    db.read(|c| {
        Ok(objections::table
            .filter(objections::village_id.eq(village.0))
            .filter(
                objections::raised_by
                    .eq(actor.user.0)
                    .or(objections::household_id.assume_not_null().eq(household.0)),
            )
            .filter(objections::id.lt(before.unwrap_or(Uuid::max())))
            .order(objections::id.desc())
            .limit(limit)
            .select(ObjectionRow::as_select())
            .load(c)?)
    })
}

/// One objection, for those who answer or supervise, who raised it and the household concerned.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: ObjectionId,
    why: &Why,
) -> Result<ObjectionRow, Error> {
    let target = Target::village(db.place(village)?);
    let by_role = allows(actor, Action::ObjectionShow, &target);
    let lives_here = allows(actor, Action::ObjectionOwnShow, &target).is_ok();
    let row = db.read(|c| find(c, village, id))?;
    let raised = lives_here && row.raised_by == actor.user.0;
    let concerned =
        lives_here && actor.household().is_some_and(|home| Some(home.0) == row.household_id);
    if let Some(permit) = may_see(by_role, raised, concerned)? {
        db.record_reading(actor, Action::ObjectionShow, &[(target, permit)], &why.about(id.0))?;
    }
    Ok(row)
}
