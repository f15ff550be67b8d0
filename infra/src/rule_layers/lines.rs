//! The list of a division's layers.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::DivisionId;
use domain::policy::{Action, Target, allows};
use domain::rule_book::VersionState;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::places::division_in_tx;
use crate::rule_books::lines::states;
use crate::schema::rule_layers;

/// A layer without its text.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = rule_layers)]
pub struct RuleLayerLine {
    /// Its id.
    pub id: Uuid,
    /// The first of the division is 1.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// `draft` or `adopted`.
    pub state: String,
    /// The first day of an adopted layer.
    pub in_force_from: Option<NaiveDate>,
    /// When it was written last.
    pub written_at: DateTime<Utc>,
    /// When the order was recorded.
    pub adopted_at: Option<DateTime<Utc>>,
}

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
) -> Result<Vec<(RuleLayerLine, VersionState)>, Error> {
    db.read(|c| {
        let target = Target::division(division_in_tx(c, division)?.path());
        let mut query = rule_layers::table
            .filter(rule_layers::division_id.eq(division.0))
            .order(rule_layers::number.desc())
            .limit(limit)
            .select(RuleLayerLine::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(rule_layers::number.lt(before));
        }
        if allows(actor, Action::RuleLayerDraftShow, &target).is_err() {
            query = query.filter(rule_layers::state.eq("adopted"));
        }
        let lines: Vec<RuleLayerLine> = query.load(c)?;
        let states = states_on(c, division, today)?;
        let stands = |number| states.get(&number).copied().unwrap_or(VersionState::Draft);
        let stood = |line: RuleLayerLine| {
            let state = stands(line.number);
            (line, state)
        };
        Ok(lines.into_iter().map(stood).collect())
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
