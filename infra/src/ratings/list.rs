//! The ratings of a village, and one of them with what its lines come to.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RatingId, RuleBookId, VillageId};
use domain::policy::{Action, Target};
use domain::rule_book::RuleBook;
use uuid::Uuid;

use super::row::{RatingRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{rating_lines, ratings, votes};

/// The most decisions that are shown with a rating, the oldest first.
const DECISIONS_MAX: i64 = 200;

/// The ratings of a village, the newest first, `before` an id.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<RatingRow>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::RatingShow, &target, why)?;
    db.read(|c| {
        let mut query = ratings::table
            .filter(ratings::village_id.eq(village.0))
            .order(ratings::id.desc())
            .limit(limit)
            .select(RatingRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(ratings::id.lt(before));
        }
        Ok(query.load(c)?)
    })
}

/// How many accounts have so many stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StarCount {
    /// How many stars.
    pub stars: i16,
    /// How many accounts.
    pub accounts: i64,
}

/// A decision that was given on a rating.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = votes)]
pub struct Given {
    /// At which stage, the first being 0.
    pub stage: i16,
    /// In which role.
    pub role: String,
    /// `approve`, `reject` or `return`.
    pub decision: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A rating with what its lines come to.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The rating.
    pub row: RatingRow,
    /// The book that judges it.
    pub book: Arc<RuleBook>,
    /// Accounts by stars, without those left out; only stars that somebody has.
    pub stars: Vec<StarCount>,
    /// Accounts that are left out.
    pub excluded: i64,
    /// What reviewers decided, the first 200, the oldest first.
    pub decisions: Vec<Given>,
}

/// One rating.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: RatingId,
    why: &Why,
) -> Result<Overview, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::RatingShow, &target, &why.about(id.0))?;
    db.read(|c| {
        let row = find(c, village, id)?;
        let book = db.book(c, village, RuleBookId(row.rule_book_id))?;
        let counts: Vec<(Option<String>, i16, i64)> = rating_lines::table
            .filter(rating_lines::village_id.eq(village.0))
            .filter(rating_lines::rating_id.eq(id.0))
            .group_by((rating_lines::excluded, rating_lines::stars))
            .select((rating_lines::excluded, rating_lines::stars, count_star()))
            .order(rating_lines::stars.desc())
            .load(c)?;
        let decisions = votes::table
            .filter(votes::village_id.eq(village.0))
            .filter(votes::subject_id.eq(id.0))
            .order((votes::at, votes::user_id))
            .limit(DECISIONS_MAX)
            .select(Given::as_select())
            .load(c)?;
        let (out, rated): (Vec<_>, Vec<_>) =
            counts.into_iter().partition(|(excluded, ..)| excluded.is_some());
        Ok(Overview {
            row,
            book,
            stars: rated
                .into_iter()
                .map(|(_, stars, accounts)| StarCount { stars, accounts })
                .collect(),
            excluded: out.iter().map(|(.., accounts)| accounts).sum(),
            decisions,
        })
    })
}
