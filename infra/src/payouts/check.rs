//! Reckoning a payout once more from the ledger, to show that it comes out the same.

use domain::actor::Actor;
use domain::id::{PayoutId, VillageId};
use domain::payout::{self, Candidate, Line};
use domain::points::Points;
use domain::policy::{Action, Target};
use uuid::Uuid;

use super::candidates::{Asked, counted};
use super::row::{find, lines_of};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;

/// A line that does not come out the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// As it is stored.
    pub stored: Line,
    /// As it comes out now.
    pub computed: Line,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How many lines were reckoned again.
    pub lines: usize,
    /// Those that differ, in their order.
    pub differing: Vec<Differing>,
}

/// Reckons every line once more as of the moment at which it was reckoned. Who was left out stays so:
/// the ledger does not know who lived in the village then.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn check(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: PayoutId,
    why: &Why,
) -> Result<Check, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::PayoutShow, &target, &why.about(id.0))?;
    db.read(|c| {
        c.build_transaction().repeatable_read().read_only().run(|c| {
            let row = find(c, village, id)?;
            let terms = row.terms()?;
            let stored = lines_of(c, &row)?;
            let period = (row.from_day, row.until_day);
            let asked = Asked { village, terms: &terms, period, as_of: row.as_of };
            let accounts: Vec<Uuid> = stored.iter().map(|line| line.of.account.0).collect();
            let points = counted(db, c, &asked, Some(&accounts))?;
            let candidates = stored
                .iter()
                .map(|line| Candidate {
                    points: points.get(&line.of.account.0).copied().unwrap_or(Points::ZERO),
                    ..line.of
                })
                .collect();
            let computed = payout::lines(&terms, candidates)?;
            let lines = stored.len();
            let differing = stored
                .into_iter()
                .zip(computed)
                .filter(|(stored, computed)| stored != computed)
                .map(|(stored, computed)| Differing { stored, computed })
                .collect();
            Ok(Check { lines, differing })
        })
    })
}
