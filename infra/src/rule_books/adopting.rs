//! The villager assembly adopts a draft.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RuleBookId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::rule_book::{Layer, Pledges, Resolution, adopt_village_layer};

use super::{RuleBookRow, as_json, carrying, lock_draft};
use crate::accounts;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::places::lock_in_tx;
use crate::rule_layers::Above;
use crate::schema::{households, rule_books};

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
            &above.stack_on(place, in_force_from),
            &text,
            &resolution,
            pledges.as_ref(),
            in_force_from,
            newest,
            now,
        )?;
        let whole = Layer::from(book.clone());
        row.layer = if whole == text { None } else { Some(as_json(&text)?) };
        row.book = Some(as_json(&book)?);
        row.state = "adopted".to_owned();
        row.in_force_from = Some(in_force_from);
        row.resolution = Some(as_json(&resolution)?);
        row.pledges = pledges.as_ref().map(as_json).transpose()?;
        (row.county_layer_id, row.town_layer_id) = above.ids_on(place, in_force_from);
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
        carrying::carry_in_tx(tx, &above, &[place], in_force_from, actor.user, now)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "rule_book_adopt",
            subject: Some(id.0),
            reason: None,
            detail: row.resolution.clone(),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(row)
    })
}
