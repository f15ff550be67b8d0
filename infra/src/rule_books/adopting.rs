//! The villager assembly adopts a draft.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RuleBookId, VillageId};
use domain::place::Place;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::{
    Layer, Pledges, Resolution, adopt_village_layer, faults_of_change, looked_at_on,
};
use serde_json::json;
use uuid::Uuid;

use super::{RuleBookRow, as_json, carrying, lock_draft};
use crate::accounts;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::places::lock_in_tx;
use crate::rule_layers::Above;
use crate::schema::{divisions, households, rule_books};

/// What is recorded of an adoption.
#[derive(Clone, Copy, Debug)]
pub struct Adopting {
    /// What the assembly resolved.
    pub resolution: Resolution,
    /// How many households signed the pledge, if that was counted.
    pub households_signed: Option<u32>,
    /// The first day of the book.
    pub in_force_from: NaiveDate,
}

/// Records that the villager assembly adopted a draft, and opens the accounts it needs. Where frames
/// and manuals to come change the book later, it is merged with them too.
///
/// # Errors
/// Those of [`adopt_village_layer`] and [`Db::write_once`]; `rule_book_adopted`, `forbidden`,
/// `not_found`.
pub fn record_adoption(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: RuleBookId,
    adopting: Adopting,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<RuleBookRow, Error> {
    let place = db.place(village)?;
    let permit = allows(actor, Action::RuleBookManage, &Target::village(place))?;
    let Adopting { resolution, in_force_from, .. } = adopting;
    db.write_once(once, now, |tx| {
        // Two books adopted at once follow each other too, and no frame is issued meanwhile.
        // Those above are held before the village, as who issues a frame holds them.
        hold_above_in_tx(tx, place)?;
        lock_in_tx(tx, village)?;
        let mut row = lock_draft(tx, village, id)?;
        let newest: Option<NaiveDate> = rule_books::table
            .filter(rule_books::village_id.eq(village.0))
            .filter(rule_books::carried_from.is_null())
            .select(diesel::dsl::max(rule_books::in_force_from))
            .first(tx)?;
        let above = Above::of(tx, &[place])?;
        let text = row.text()?;
        let pledges = match adopting.households_signed {
            None => None,
            Some(households_signed) => {
                let total: i64 = households::table
                    .filter(households::village_id.eq(village.0))
                    .count()
                    .get_result(tx)?;
                let households_total = u32::try_from(total).unwrap_or(u32::MAX);
                Some(Pledges { households_signed, households_total })
            }
        };
        let book = adopt_village_layer(
            &above.stack_on(place, looked_at_on(in_force_from, now)),
            &text,
            &resolution,
            pledges.as_ref(),
            in_force_from,
            newest,
            now,
        )?;
        let eve = in_force_from.pred_opt().unwrap_or(in_force_from);
        let before = match db.book_on(tx, village, eve) {
            Ok((_, before)) => Some(before),
            Err(Error::Refused(Refusal::NoRuleBook { .. })) => None,
            Err(error) => return Err(error),
        };
        if let Some(before) = before {
            let faults = faults_of_change(&before, &book, in_force_from);
            if !faults.is_empty() {
                return Err(Refusal::RuleBookInvalid { faults }.into());
            }
        }
        let whole = Layer::from(book.clone());
        row.layer = if whole == text { None } else { Some(as_json(&text)?) };
        row.book = Some(as_json(&book)?);
        row.state = "adopted".to_owned();
        row.in_force_from = Some(in_force_from);
        row.resolution = Some(as_json(&resolution)?);
        row.pledges = pledges.as_ref().map(as_json).transpose()?;
        (row.county_layer_id, row.town_layer_id) =
            above.ids_on(place, looked_at_on(in_force_from, now));
        row.adopted_by = Some(actor.user.0);
        row.adopted_at = Some(now);
        diesel::update(rule_books::table.find((village.0, id.0)))
            .set((
                rule_books::book.eq(&row.book),
                rule_books::layer.eq(&row.layer),
                rule_books::state.eq(&row.state),
                rule_books::in_force_from.eq(row.in_force_from),
                rule_books::resolution.eq(&row.resolution),
                rule_books::pledges.eq(&row.pledges),
                rule_books::county_layer_id.eq(row.county_layer_id),
                rule_books::town_layer_id.eq(row.town_layer_id),
                rule_books::adopted_by.eq(row.adopted_by),
                rule_books::adopted_at.eq(row.adopted_at),
            ))
            .execute(tx)?;
        accounts::open_missing_in_tx(tx, village, book.subject, now)?;
        let from = looked_at_on(in_force_from, now);
        let carried = carrying::carry_in_tx(tx, &above, &[place], from, actor.user, now)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "rule_book_adopt",
            subject: Some(id.0),
            reason: None,
            detail: Some(json!({
                "resolution": row.resolution, "pledges": row.pledges,
                "merged_later": carried.iter().map(|one| one.rule_book).collect::<Vec<_>>(),
            })),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(row)
    })
}

/// Lets nobody issue a frame or manual above a village until the transaction ends, in the order of
/// ids. Adoptions do not hinder each other.
fn hold_above_in_tx(tx: &mut PgConnection, place: Place) -> Result<(), Error> {
    let _: Vec<Uuid> = divisions::table
        .filter(divisions::id.eq_any([place.county.0, place.town.0]))
        .order(divisions::id)
        .select(divisions::id)
        .for_share()
        .load(tx)?;
    Ok(())
}
