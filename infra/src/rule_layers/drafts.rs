//! Drafts of frames and manuals.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::id::{DivisionId, RuleLayerId, VillageId};
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::Layer;
use serde_json::json;

use super::RuleLayerRow;
use crate::audit::{self, Deed, NO_VILLAGE};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::places::{DivisionRow, lock_in_tx};
use crate::rule_books::as_json;
use crate::schema::rule_layers;

/// A county or town, and that the actor may write its layer.
pub(super) fn may_manage(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
) -> Result<(DivisionRow, Permit), Error> {
    let row = db.division(division)?;
    // A village has a rule book, and no layer of this kind.
    if row.level == "village" {
        return Err(Refusal::NotFound.into());
    }
    let permit = allows(actor, Action::RuleLayerManage, &Target::division(row.path()))?;
    Ok((row, permit))
}

/// Something that was done with a layer.
pub(super) fn recorded(
    tx: &mut PgConnection,
    row: &RuleLayerRow,
    (user, role): (&Actor, Role),
    action: &str,
    detail: serde_json::Value,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let deed = Deed {
        village: NO_VILLAGE,
        at,
        user: Some(user.user),
        role: Some(role),
        action,
        subject: Some(row.id),
        reason: None,
        detail: Some(detail),
    };
    audit::record_in_tx(tx, &deed)
}

/// Writes a new draft. It may have faults; they are told, and stand in the way of its order.
///
/// # Errors
/// `forbidden`, `not_found`, and those of [`Db::write_once`].
pub fn draft(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    layer: &Layer,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<RuleLayerRow, Error> {
    let (_, permit) = may_manage(db, actor, division)?;
    db.write_once(once, now, |tx| {
        lock_in_tx(tx, VillageId(division.0))?;
        let newest: Option<i32> = rule_layers::table
            .filter(rule_layers::division_id.eq(division.0))
            .select(diesel::dsl::max(rule_layers::number))
            .first(tx)?;
        let row = RuleLayerRow {
            division_id: division.0,
            id: id::new(),
            number: newest.unwrap_or(0) + 1,
            name: layer.name.clone(),
            layer: as_json(layer)?,
            state: "draft".to_owned(),
            in_force_from: None,
            issued_by_order: None,
            written_by: actor.user.0,
            written_at: now,
            adopted_by: None,
            adopted_at: None,
        };
        diesel::insert_into(rule_layers::table).values(&row).execute(tx)?;
        let detail = json!({"division_id": division, "number": row.number});
        recorded(tx, &row, (actor, permit.role), "rule_layer_create", detail, now)?;
        Ok(row)
    })
}

/// Replaces the text of a draft.
///
/// # Errors
/// `rule_book_adopted`, `forbidden`, `not_found`.
pub fn rewrite(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    id: RuleLayerId,
    layer: &Layer,
    now: DateTime<Utc>,
) -> Result<RuleLayerRow, Error> {
    let (_, permit) = may_manage(db, actor, division)?;
    db.write(|tx| {
        let mut row = lock_draft(tx, division, id)?;
        row.name.clone_from(&layer.name);
        row.layer = as_json(layer)?;
        row.written_by = actor.user.0;
        row.written_at = now;
        diesel::update(rule_layers::table.find((division.0, id.0)))
            .set((
                rule_layers::name.eq(&row.name),
                rule_layers::layer.eq(&row.layer),
                rule_layers::written_by.eq(row.written_by),
                rule_layers::written_at.eq(now),
            ))
            .execute(tx)?;
        let detail = json!({"division_id": division, "number": row.number});
        recorded(tx, &row, (actor, permit.role), "rule_layer_update", detail, now)?;
        Ok(row)
    })
}

pub(super) fn lock_draft(
    tx: &mut PgConnection,
    division: DivisionId,
    id: RuleLayerId,
) -> Result<RuleLayerRow, Error> {
    let row: RuleLayerRow = rule_layers::table
        .find((division.0, id.0))
        .select(RuleLayerRow::as_select())
        .for_update()
        .first(tx)?;
    if row.state == "adopted" { Err(Refusal::RuleBookAdopted.into()) } else { Ok(row) }
}
