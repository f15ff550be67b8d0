//! The good deeds that everybody in the village may see, the newest first. Whether a report is one of
//! them was decided when it last changed (`reports.shown_at`), so that the feed only reads: three
//! typed statements, each by an index.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use domain::report::Part;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::photos::{self, Photo};
use crate::schema::{report_parties, reports, villagers};

/// A good deed.
#[derive(Clone, Debug)]
pub struct GoodDeed {
    /// The report.
    pub id: Uuid,
    /// What its category was called.
    pub category_name: String,
    /// Where, in words.
    pub place: String,
    /// What was seen.
    pub text: String,
    /// The person praised, who agreed to be shown; none where nobody is named.
    pub praised: Option<String>,
    /// When it was seen.
    pub submitted_at: DateTime<Utc>,
    /// Since when it is shown.
    pub shown_at: DateTime<Utc>,
    /// Its photos.
    pub photos: Vec<Photo>,
}

/// Where a page of the feed begins: after this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    shown_at: DateTime<Utc>,
    id: Uuid,
}

impl Cursor {
    /// The cursor behind a good deed.
    pub const fn of(deed: &GoodDeed) -> Self {
        Self { shown_at: deed.shown_at, id: deed.id }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.shown_at.timestamp_micros(), self.id.simple())
    }
}

/// Why a text is no cursor of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (micros, id) = text.split_once('.').ok_or(NotACursor)?;
        let micros: i64 = micros.parse().map_err(|_| NotACursor)?;
        let shown_at = DateTime::from_timestamp_micros(micros).ok_or(NotACursor)?;
        Ok(Self { shown_at, id: id.parse().map_err(|_| NotACursor)? })
    }
}

type Row = (Uuid, String, String, String, DateTime<Utc>, DateTime<Utc>);

/// A page of the feed, `after` a cursor; one more than `limit`.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn feed(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<GoodDeed>, Error> {
    allows(actor, Action::GoodDeedShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let rows = match after {
            None => first(c, village, limit)?,
            Some(after) => behind(c, village, after, limit)?,
        };
        let ids: Vec<Uuid> = rows.iter().map(|row| row.0).collect();
        let mut photos = photos::of_in(c, village, &ids)?;
        let mut praised = praised(c, village, &ids)?;
        let deed = |(id, category_name, place, text, submitted_at, shown_at)| GoodDeed {
            photos: photos.remove(&id).unwrap_or_default(),
            praised: praised.remove(&id),
            id,
            category_name,
            place,
            text,
            submitted_at,
            shown_at,
        };
        Ok(rows.into_iter().map(deed).collect())
    })
}

fn first(c: &mut PgConnection, village: VillageId, limit: i64) -> Result<Vec<Row>, Error> {
    Ok(reports::table
        .filter(reports::village_id.eq(village.0))
        .filter(reports::shown_at.is_not_null())
        .order((reports::shown_at.desc(), reports::id.desc()))
        .limit(limit.saturating_add(1))
        .select((
            reports::id,
            reports::category_name,
            reports::place,
            reports::text,
            reports::submitted_at,
            reports::shown_at.assume_not_null(),
        ))
        .load(c)?)
}

fn behind(
    c: &mut PgConnection,
    village: VillageId,
    after: Cursor,
    limit: i64,
) -> Result<Vec<Row>, Error> {
    let earlier = reports::shown_at.lt(after.shown_at).assume_not_null();
    let same = reports::shown_at.eq(after.shown_at).assume_not_null().and(reports::id.lt(after.id));
    Ok(reports::table
        .filter(reports::village_id.eq(village.0))
        // The first says to the index where to begin, the second leaves out those of the same moment.
        .filter(reports::shown_at.le(after.shown_at))
        .filter(earlier.or(same))
        .order((reports::shown_at.desc(), reports::id.desc()))
        .limit(limit.saturating_add(1))
        .select((
            reports::id,
            reports::category_name,
            reports::place,
            reports::text,
            reports::submitted_at,
            reports::shown_at.assume_not_null(),
        ))
        .load(c)?)
}

/// The names of the people praised.
fn praised(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, String>, Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let person = villagers::table.on(villagers::village_id
        .eq(report_parties::village_id)
        .and(villagers::id.nullable().eq(report_parties::villager_id)));
    let rows: Vec<(Uuid, String)> = report_parties::table
        .inner_join(person)
        .filter(report_parties::village_id.eq(village.0))
        .filter(report_parties::report_id.eq_any(ids))
        .filter(report_parties::part.eq(Part::Praised.as_str()))
        .select((report_parties::report_id, villagers::name))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_read_as_they_are_written() {
        let shown_at = "2026-10-12T02:00:00.123456Z".parse().unwrap();
        let cursor = Cursor { shown_at, id: Uuid::from_u128(7) };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        assert!(cursor.to_string().len() <= 64);
        for bad in ["", "1", "x.y", "1.2", "99999999999999999999.0"] {
            assert_eq!(bad.parse::<Cursor>(), Err(NotACursor), "{bad}");
        }
    }
}
