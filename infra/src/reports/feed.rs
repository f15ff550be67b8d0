//! The good deeds that everybody in the village may see, the newest first. Whether a report is one of
//! them was decided when it last changed (`reports.shown_at`), so that the feed only reads: three
//! typed statements, each by an index.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use domain::report::Part;
use domain::report::party::{is_named, without_name};
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
    /// The person praised, who agreed to be shown; none where nobody is named, as no child is.
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
    now: DateTime<Utc>,
) -> Result<Vec<GoodDeed>, Error> {
    allows(actor, Action::GoodDeedShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let rows = match after {
            None => first(c, village, limit)?,
            Some(after) => behind(c, village, after, limit)?,
        };
        let ids: Vec<Uuid> = rows.iter().map(|row| row.0).collect();
        let mut photos = photos::of_in(c, village, &ids)?;
        let mut people = people(c, village, &ids, day_of(now))?;
        let deed = |(id, category_name, place, text, submitted_at, shown_at)| {
            let People { praised, unnamed } = people.remove(&id).unwrap_or_default();
            let clear =
                |text: String| unnamed.iter().fold(text, |text, name| without_name(&text, name));
            GoodDeed {
                photos: photos.remove(&id).unwrap_or_default(),
                praised,
                id,
                category_name,
                place: clear(place),
                text: clear(text),
                submitted_at,
                shown_at,
            }
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

/// The people in a good deed.
#[derive(Debug, Default)]
struct People {
    /// Who is praised, where they are named.
    praised: Option<String>,
    /// The names that do not stand there.
    unnamed: Vec<String>,
}

/// The people in good deeds, by deed.
fn people(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<BTreeMap<Uuid, People>, Error> {
    type Row = (Uuid, String, String, Option<NaiveDate>);
    let mut found: BTreeMap<Uuid, People> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let person = villagers::table.on(villagers::village_id
        .eq(report_parties::village_id)
        .and(villagers::id.nullable().eq(report_parties::villager_id)));
    let rows: Vec<Row> = report_parties::table
        .inner_join(person)
        .filter(report_parties::village_id.eq(village.0))
        .filter(report_parties::report_id.eq_any(ids))
        .select((
            report_parties::report_id,
            report_parties::part,
            villagers::name,
            villagers::born_on,
        ))
        .load(c)?;
    for (report, part, name, born_on) in rows {
        let people = found.entry(report).or_default();
        if !is_named(born_on, today) {
            people.unnamed.push(name);
        } else if part == Part::Praised.as_str() {
            people.praised = Some(name);
        }
    }
    Ok(found)
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
