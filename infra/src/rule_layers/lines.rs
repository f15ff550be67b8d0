//! The list of a division's layers.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::DivisionId;
use domain::policy::{Action, Target, allows};
use domain::rule_book::VersionState;

use crate::db::Db;
use crate::error::Error;
use crate::places::division_in_tx;
use crate::rule_books::lines::{VersionLine, states, with_states};
use crate::schema::rule_layers;

/// The layers of a division, the newest first, `before` a number. What was issued is public; drafts
/// are listed for those who may read them.
///
/// # Errors
/// `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    before: Option<i32>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<(VersionLine, VersionState)>, Error> {
    db.read(|c| {
        let target = Target::division(division_in_tx(c, division)?.path());
        let mut query = rule_layers::table
            .filter(rule_layers::division_id.eq(division.0))
            .order(rule_layers::number.desc())
            .limit(limit)
            .select((
                rule_layers::id,
                rule_layers::number,
                rule_layers::name,
                rule_layers::state,
                rule_layers::in_force_from,
                rule_layers::written_at,
                rule_layers::adopted_at,
            ))
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(rule_layers::number.lt(before));
        }
        if allows(actor, Action::RuleLayerDraftShow, &target).is_err() {
            query = query.filter(rule_layers::state.eq("adopted"));
        }
        let lines = query.load(c)?;
        Ok(with_states(lines, &states_on(c, division, today)?))
    })
}

/// Where each issued layer of a division stands on a day, by its number.
pub(super) fn states_on(
    c: &mut PgConnection,
    division: DivisionId,
    day: NaiveDate,
) -> Result<HashMap<i32, VersionState>, Error> {
    let issued: Vec<(Option<NaiveDate>, i32)> = rule_layers::table
        .filter(rule_layers::division_id.eq(division.0))
        .filter(rule_layers::state.eq("adopted"))
        .order(rule_layers::number)
        .select((rule_layers::in_force_from, rule_layers::number))
        .load(c)?;
    Ok(states(issued, day))
}
