//! A county or town issues its layer by an order, and the books of its villages are merged with it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{DivisionId, RuleLayerId, VillageId};
use domain::place::Place;
use domain::rule_book::{Layer, Order, adopt_county_frame, adopt_town_manual};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::drafts::{lock_draft, may_manage, recorded};
use super::{Above, RuleLayerRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::places::DivisionRow;
use crate::rule_books::as_json;
use crate::rule_books::carrying::{self, CarriedTo};
use crate::schema::{divisions, rule_layers};

/// What is recorded of an order.
#[derive(Clone, Debug)]
pub struct Issuing {
    /// The order.
    pub order: Order,
    /// The first day of the layer.
    pub in_force_from: NaiveDate,
}

/// A layer that was issued, and the books that came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Issued {
    /// The layer.
    pub row: RuleLayerRow,
    /// The books that were merged anew.
    pub carried: Vec<CarriedTo>,
}

/// Records the order that issues a draft, and merges the books of all villages below with it.
///
/// # Errors
/// Those of [`adopt_county_frame`] and [`adopt_town_manual`]; `rule_books_broken`,
/// `rule_book_adopted`, `forbidden`, `not_found`, and those of [`Db::write_once`].
pub fn issue(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    id: RuleLayerId,
    issuing: &Issuing,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Issued, Error> {
    let (place, permit) = may_manage(db, actor, division)?;
    db.write_once(once, now, |tx| {
        lock_in_tx(tx, &place)?;
        let mut row = lock_draft(tx, division, id)?;
        let (mut above, villages) = decided(tx, &place, &row.layer()?, issuing, now)?;
        row.state = "adopted".to_owned();
        row.in_force_from = Some(issuing.in_force_from);
        row.issued_by_order = Some(as_json(&issuing.order)?);
        row.adopted_by = Some(actor.user.0);
        row.adopted_at = Some(now);
        diesel::update(rule_layers::table.find((division.0, id.0)))
            .set((
                rule_layers::state.eq(&row.state),
                rule_layers::in_force_from.eq(row.in_force_from),
                rule_layers::issued_by_order.eq(&row.issued_by_order),
                rule_layers::adopted_by.eq(row.adopted_by),
                rule_layers::adopted_at.eq(row.adopted_at),
            ))
            .execute(tx)?;
        above.add(&row)?;
        let from = issuing.in_force_from;
        let carried = carrying::carry_in_tx(tx, &above, &villages, from, actor.user, now)?;
        let detail = json!({
            "division_id": division, "number": row.number, "order": row.issued_by_order,
            "books": carried.len(),
        });
        recorded(tx, &row, (actor, permit.role), "rule_layer_issue", detail, now)?;
        Ok(Issued { row, carried })
    })
}

/// What [`issue`] would do; nothing is changed.
///
/// # Errors
/// As of [`issue`].
pub fn try_issue(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    id: RuleLayerId,
    issuing: &Issuing,
    now: DateTime<Utc>,
) -> Result<Issued, Error> {
    let (place, _) = may_manage(db, actor, division)?;
    db.read(|c| {
        c.build_transaction().repeatable_read().read_only().run(|c| {
            let mut row = find(c, division, id)?;
            if row.state == "adopted" {
                return Err(domain::refusal::Refusal::RuleBookAdopted.into());
            }
            let (mut above, villages) = decided(c, &place, &row.layer()?, issuing, now)?;
            row.in_force_from = Some(issuing.in_force_from);
            above.add(&row)?;
            let carried = carrying::plan(c, &above, &villages, issuing.in_force_from)?;
            Ok(Issued { row, carried })
        })
    })
}

/// Holds back who adopts a book or issues a layer anywhere below: towns and the county before villages,
/// in the order of ids. Who adopts a book holds those above it first, also in a village that is imported
/// meanwhile.
fn lock_in_tx(tx: &mut PgConnection, place: &DivisionRow) -> Result<(), Error> {
    let _: Vec<Uuid> = divisions::table
        .filter(divisions::county_id.eq(place.county_id))
        .filter(
            divisions::id
                .eq(place.id)
                .or(divisions::town_id.eq(place.id).assume_not_null())
                .or(divisions::county_id.eq(place.id)),
        )
        .order((divisions::level.eq("village"), divisions::id))
        .select(divisions::id)
        .for_no_key_update()
        .load(tx)?;
    Ok(())
}

/// Lets the domain decide on the order; answers what was issued above the villages so far, and them.
fn decided(
    c: &mut PgConnection,
    place: &DivisionRow,
    draft: &Layer,
    issuing: &Issuing,
    now: DateTime<Utc>,
) -> Result<(Above, Vec<Place>), Error> {
    let rows: Vec<DivisionRow> = divisions::table
        .filter(divisions::county_id.eq(place.county_id))
        .filter(divisions::level.eq("village"))
        .order(divisions::id)
        .select(DivisionRow::as_select())
        .load(c)?;
    let below = rows.iter().filter(|row| row.path().lies_in(DivisionId(place.id)));
    let villages: Vec<Place> = below.filter_map(DivisionRow::place).collect();
    // With the place itself, which may have no village yet.
    let town = place.town_id.unwrap_or(place.id);
    let itself = Place {
        county: DivisionId(place.county_id),
        town: DivisionId(town),
        village: VillageId(place.id),
    };
    let above = Above::of(c, &[villages.as_slice(), &[itself]].concat())?;
    let Issuing { order, in_force_from } = issuing;
    let newest = above.newest(place.id);
    if place.town_id.is_some() {
        let county = above.stack_on(itself, *in_force_from).county;
        adopt_town_manual(county, draft, newest.as_ref(), order, *in_force_from, now)?;
    } else {
        adopt_county_frame(draft, newest.as_ref(), order, *in_force_from, now)?;
    }
    Ok((above, villages))
}
