//! Computing a rating once more from the ledger, to show that it comes out the same.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RatingId, RuleBookId, VillageId, VillagerId};
use domain::policy::{Action, Target};
use domain::rating::{Effective, Line, MemberSum, Rating, rate_again};
use domain::rule_book::RuleBook;
use uuid::Uuid;

use super::row::{LineRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::rating_lines;
use crate::scores::{self, Counting};

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
            let rating = row.rating()?;
            let stored: Vec<LineRow> = rating_lines::table
                .filter(rating_lines::village_id.eq(village.0))
                .filter(rating_lines::rating_id.eq(id.0))
                .filter(rating_lines::state.ne("struck"))
                .order(rating_lines::account_id)
                .select(LineRow::as_select())
                .load(c)?;
            let mut counted = counted(c, &rating, &book, &stored)?;
            let mut differing = Vec::new();
            for line in &stored {
                let effective = counted.remove(&line.account_id).unwrap_or_default();
                let stored = line.line()?;
                let effective = as_it_was(effective, line);
                let computed = rate_again(&book, rating.cycle, &stored, effective)?;
                if computed != stored {
                    differing.push(Differing { stored, computed });
                }
            }
            Ok(Check { lines: stored.len(), differing })
        })
    })
}

/// What counts for each line: recorded until the rating was computed or, for a corrected line, until
/// it was corrected. Lines that were corrected at one moment are read together.
fn counted(
    c: &mut PgConnection,
    rating: &Rating,
    book: &RuleBook,
    lines: &[LineRow],
) -> Result<HashMap<Uuid, Effective>, Error> {
    let (village, on) = (rating.village, rating.cycle.last_day());
    let whole = Counting { village, on, as_of: rating.as_of, accounts: None };
    let mut counted = scores::effective(c, whole, book)?;
    let mut corrected: BTreeMap<DateTime<Utc>, Vec<Uuid>> = BTreeMap::new();
    for line in lines {
        if let Some(as_of) = line.corrected_as_of {
            corrected.entry(as_of).or_default().push(line.account_id);
        }
    }
    for (as_of, accounts) in corrected {
        for account in &accounts {
            counted.remove(account);
        }
        let which = Counting { village, on, as_of, accounts: Some(&accounts) };
        counted.extend(scores::effective(c, which, book)?);
    }
    Ok(counted)
}

/// What counts with the members who were rated then, and the head of then.
fn as_it_was(mut effective: Effective, line: &LineRow) -> Effective {
    effective.head = line.head_id.map(VillagerId);
    for id in line.rated_members.iter().flatten() {
        let member = VillagerId(*id);
        match effective.members.iter_mut().find(|one| one.member == member) {
            Some(one) => one.rated = true,
            None => {
                let one = MemberSum { member, rated: true, role_duty: 0, personal: 0 };
                effective.members.push(one);
            }
        }
    }
    effective
}
