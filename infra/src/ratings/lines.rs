//! The lines of a rating in the order of their rank, a page at a time, with names for officers.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RatingId, VillageId};
use domain::policy::{Action, Target};
use domain::rating::{Line, ranked};
use uuid::Uuid;

use super::row::{LineRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{accounts, households, rating_lines, villagers};

/// A line with its rank and whose it is.
#[derive(Clone, Debug)]
pub struct ShownLine {
    /// Its place among all lines, the first being 0: where the next page goes on.
    pub index: usize,
    /// The rank within the village; none if left out.
    pub rank: Option<usize>,
    /// The line.
    pub row: LineRow,
    /// The number of the household.
    pub household_number: String,
    /// The villager it is for, where each person has an account.
    pub villager: Option<Uuid>,
    /// Their name, or that of the head of the household; none for a household without a head.
    pub name: Option<String>,
}

/// Up to `limit` lines after the first `from`.
///
/// Ranks need all lines: a village has some thousands at most, which are read by their key.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn lines(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: RatingId,
    from: usize,
    limit: usize,
    why: &Why,
) -> Result<Vec<ShownLine>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::RatingShow, &target, &why.about(id.0))?;
    db.read(|c| {
        find(c, village, id)?;
        let rows: Vec<LineRow> = rating_lines::table
            .filter(rating_lines::village_id.eq(village.0))
            .filter(rating_lines::rating_id.eq(id.0))
            .select(LineRow::as_select())
            .load(c)?;
        let known = rows
            .into_iter()
            .map(|row| Ok((row.line()?, row)))
            .collect::<Result<Vec<(Line, LineRow)>, Error>>()?;
        let page: Vec<_> = ranked(known, |(line, _)| *line)
            .into_iter()
            .enumerate()
            .skip(from)
            .take(limit)
            .collect();
        let whose = whose(c, village, page.iter().map(|(_, (_, (line, _)))| line.account.0))?;
        Ok(page
            .into_iter()
            .map(|(index, (rank, (line, row)))| {
                let (household_number, villager, name) =
                    whose.get(&line.account.0).cloned().unwrap_or_default();
                ShownLine { index, rank, row, household_number, villager, name }
            })
            .collect())
    })
}

type Whose = (String, Option<Uuid>, Option<String>);

/// Whose accounts these are: household number, villager and name.
fn whose(
    c: &mut PgConnection,
    village: VillageId,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Whose>, Error> {
    let found: Vec<(Uuid, Option<Uuid>, String, Option<Uuid>)> = accounts::table
        .inner_join(
            households::table.on(households::village_id
                .eq(accounts::village_id)
                .and(households::id.eq(accounts::household_id))),
        )
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::id.eq_any(ids.collect::<Vec<_>>()))
        .select((accounts::id, accounts::villager_id, households::number, households::head_id))
        .load(c)?;
    let wanted: Vec<Uuid> =
        found.iter().filter_map(|(_, villager, _, head)| villager.or(*head)).collect();
    let names: HashMap<Uuid, String> = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::id.eq_any(wanted))
        .select((villagers::id, villagers::name))
        .load(c)?
        .into_iter()
        .collect();
    Ok(found
        .into_iter()
        .map(|(account, villager, number, head)| {
            let name = villager.or(head).and_then(|id| names.get(&id).cloned());
            (account, (number, villager, name))
        })
        .collect())
}
