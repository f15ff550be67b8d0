//! A draft run over a cycle: what the store knows of it, for the domain to play.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{Cycle, day_of};
use domain::claim::Claim;
use domain::id::{RuleBookId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::simulation::{Played, Simulation, simulate};
use uuid::Uuid;

use super::shown::whole_on;
use crate::claims;
use crate::db::Db;
use crate::error::Error;
use crate::scores::{self, Counting};

/// What a simulation came to, with the numbers of the households.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// The outcomes.
    pub simulation: Simulation,
    /// The number of each household, by its id.
    pub numbers: HashMap<Uuid, String>,
}

/// Runs a draft, or a book that was adopted, over a cycle that is over.
///
/// # Errors
/// Those of [`simulate`]; `cycle_not_over`, `no_rule_book`, `forbidden`, `not_found`.
pub fn run(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    draft: RuleBookId,
    cycle: Cycle,
    now: DateTime<Utc>,
) -> Result<Simulated, Error> {
    let place = db.place(village)?;
    allows(actor, Action::RuleBookManage, &Target::village(place))?;
    if !cycle.is_over(now) {
        return Err(Refusal::CycleNotOver { ends_on: cycle.last_day() }.into());
    }
    db.read(|c| {
        c.build_transaction().repeatable_read().read_only().run(|c| {
            let draft = whole_on(c, place, draft, day_of(now))?;
            let (_, book) = db.book_on(c, village, cycle.last_day())?;
            let which = Counting { village, on: cycle.last_day(), as_of: now, accounts: None };
            let before = scores::standings(c, which, &book)?;
            let after = scores::standings(c, which, &draft)?;
            let mut by_account: HashMap<Uuid, Vec<Claim>> = HashMap::new();
            for claim in claims::posted_between(c, village, bearing_from(cycle), cycle)? {
                by_account.entry(claim.account.0).or_default().push(claim);
            }
            let mut after: HashMap<_, _> =
                after.into_iter().map(|one| (one.account, one)).collect();
            let accounts = before
                .into_iter()
                .map(|before| Played {
                    after: after.remove(&before.account).unwrap_or_else(|| before.clone()),
                    claims: by_account.remove(&before.account.0).unwrap_or_default(),
                    before,
                })
                .collect();
            let simulation = simulate(&book, &draft, cycle, accounts)?;
            Ok(Simulated { simulation, numbers: numbers(c, village)? })
        })
    })
}

/// The first day of the deeds that bear on a cycle besides those that still count in it: caps and
/// tiers look at a year at most.
fn bearing_from(cycle: Cycle) -> NaiveDate {
    let first = cycle.first_day();
    NaiveDate::from_ymd_opt(first.year(), 1, 1).unwrap_or(first)
}

fn numbers(c: &mut PgConnection, village: VillageId) -> Result<HashMap<Uuid, String>, Error> {
    use crate::schema::households;
    let rows: Vec<(Uuid, String)> = households::table
        .filter(households::village_id.eq(village.0))
        .select((households::id, households::number))
        .load(c)?;
    Ok(rows.into_iter().collect())
}
