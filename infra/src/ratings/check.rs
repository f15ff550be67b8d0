//! Computing a rating once more from the ledger, to show that it comes out the same.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RatingId, RuleBookId, VillageId};
use domain::ledger::Purse;
use domain::policy::{Action, Target};
use domain::rating::{Line, Rating, rate_again};
use uuid::Uuid;

use super::row::{LineRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::ledger::sum_exact;
use crate::reading::Why;
use crate::schema::{entries, rating_lines};

/// A line that does not come out the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differing {
    /// As it is stored.
    pub stored: Line,
    /// As it comes out now.
    pub computed: Line,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How many lines were computed again.
    pub lines: usize,
    /// Those that differ, in the order of their accounts.
    pub differing: Vec<Differing>,
}

/// Computes every line once more as of the moment at which it was computed. Lines that an objection
/// struck are left out: they no longer say what the ledger says.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn check(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: RatingId,
    why: &Why,
) -> Result<Check, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::RatingShow, &target, &why.about(id.0))?;
    db.read(|c| {
        c.build_transaction().repeatable_read().read_only().run(|c| {
            let row = find(c, village, id)?;
            let book = db.book(c, village, RuleBookId(row.rule_book_id))?;
            let sums = sums(c, &row.rating()?)?;
            let stored: Vec<LineRow> = rating_lines::table
                .filter(rating_lines::village_id.eq(village.0))
                .filter(rating_lines::rating_id.eq(id.0))
                .filter(rating_lines::state.ne("struck"))
                .order(rating_lines::account_id)
                .select(LineRow::as_select())
                .load(c)?;
            let mut differing = Vec::new();
            for line in &stored {
                let sum = sums.get(&line.account_id).copied().unwrap_or(0);
                let stored = line.line()?;
                let computed = rate_again(&book, &stored, sum)?;
                if computed != stored {
                    differing.push(Differing { stored, computed });
                }
            }
            Ok(Check { lines: stored.len(), differing })
        })
    })
}

/// The sum of the entries that each line counts: of the cycle, recorded until the rating was
/// computed or, for a corrected line, until it was corrected.
fn sums(c: &mut PgConnection, rating: &Rating) -> Result<HashMap<Uuid, i64>, Error> {
    let until_computed =
        rating_lines::corrected_as_of.is_null().and(entries::recorded_at.le(rating.as_of));
    let until_corrected =
        entries::recorded_at.nullable().le(rating_lines::corrected_as_of).assume_not_null();
    let sums: Vec<(Uuid, i64)> = entries::table
        .inner_join(
            rating_lines::table.on(rating_lines::village_id
                .eq(entries::village_id)
                .and(rating_lines::account_id.eq(entries::account_id))),
        )
        .filter(rating_lines::village_id.eq(rating.village.0))
        .filter(rating_lines::rating_id.eq(rating.id.0))
        .filter(entries::village_id.eq(rating.village.0))
        .filter(entries::purse.eq(Purse::Score.code()))
        .filter(entries::happened_on.ge(rating.cycle.first_day()))
        .filter(entries::happened_on.lt(rating.cycle.next_first_day()))
        .filter(until_computed.or(until_corrected))
        .group_by(entries::account_id)
        .select((entries::account_id, sum_exact(entries::amount)))
        .load(c)?;
    Ok(sums.into_iter().collect())
}
