//! What a household sees of its own ratings.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{HouseholdId, VillageId};
use domain::policy::{Action, Target};
use domain::rating::RatingState;
use uuid::Uuid;

use super::row::{LineRow, RatingRow};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{accounts, households, rating_lines, ratings};

/// A rating with the lines of one household.
#[derive(Clone, Debug)]
pub struct HouseholdRating {
    /// The rating.
    pub row: RatingRow,
    /// One line, or one for each person, with the person.
    pub lines: Vec<(LineRow, Option<Uuid>)>,
}

/// The ratings of a household that hung or hang on the notice board, the newest first, `before` an
/// id.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn of_household(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    household: HouseholdId,
    before: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<HouseholdRating>, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::BalanceShow, &target, why)?;
    let public: Vec<_> =
        RatingState::ALL.iter().filter(|state| state.is_public()).map(|s| s.as_str()).collect();
    db.read(|c| {
        let _: Uuid =
            households::table.find((village.0, household.0)).select(households::id).first(c)?;
        let mut query = ratings::table
            .filter(ratings::village_id.eq(village.0))
            .filter(ratings::state.eq_any(&public))
            .filter(diesel::dsl::exists(
                rating_lines::table
                    .filter(rating_lines::village_id.eq(village.0))
                    .filter(rating_lines::rating_id.eq(ratings::id))
                    .filter(rating_lines::household_id.eq(household.0)),
            ))
            .order(ratings::id.desc())
            .limit(limit)
            .select(RatingRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(ratings::id.lt(before));
        }
        let rows: Vec<RatingRow> = query.load(c)?;
        let mut lines: HashMap<Uuid, Vec<(LineRow, Option<Uuid>)>> = HashMap::new();
        for line in lines_of(c, village, household, &rows)? {
            lines.entry(line.0.rating_id).or_default().push(line);
        }
        Ok(rows
            .into_iter()
            .map(|row| {
                let lines = lines.remove(&row.id).unwrap_or_default();
                HouseholdRating { row, lines }
            })
            .collect())
    })
}

fn lines_of(
    c: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
    of: &[RatingRow],
) -> Result<Vec<(LineRow, Option<Uuid>)>, Error> {
    Ok(rating_lines::table
        .inner_join(
            accounts::table.on(accounts::village_id
                .eq(rating_lines::village_id)
                .and(accounts::id.eq(rating_lines::account_id))),
        )
        .filter(rating_lines::village_id.eq(village.0))
        .filter(rating_lines::household_id.eq(household.0))
        .filter(rating_lines::rating_id.eq_any(of.iter().map(|row| row.id).collect::<Vec<_>>()))
        .order(rating_lines::account_id)
        .select((LineRow::as_select(), accounts::villager_id))
        .load(c)?)
}
