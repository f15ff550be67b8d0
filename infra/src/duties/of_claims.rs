//! Duties as claims need them: those of the people concerned before a claim is made, and afterwards
//! the one under which it was made.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::claim::{Declared, Person};
use domain::duty::Outcome;
use domain::id::{ClaimId, DutyId, VillageId};
use domain::rule_book::Item;
use uuid::Uuid;

use super::row::{DutyRow, PostRow, Title};
use crate::error::Error;
use crate::schema::{claim_duties, duties, duty_posts};

/// The duty under which a claim was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub duty: DutyId,
    /// What it is called.
    pub title: Title,
    /// What became of a pledge.
    pub outcome: Option<Outcome>,
}

/// Gives people what they took on, if the item asks for a duty. Those that were not in force on the day
/// are left out already; whether one fits the domain says.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Bug`] for what this version cannot read.
pub(crate) fn load_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    item: Option<&Item>,
    day: NaiveDate,
    people: &mut [Person],
) -> Result<(), Error> {
    if item.is_none_or(|item| item.duty_source.is_none()) {
        return Ok(());
    }
    let not_over = duties::until_day
        .is_null()
        .or(duties::until_day.ge(day).assume_not_null())
        .and(duties::ended_on.is_null().or(duties::ended_on.ge(day).assume_not_null()));
    let rows: Vec<(DutyRow, Option<PostRow>)> = duties::table
        .left_join(
            duty_posts::table.on(duty_posts::village_id
                .eq(duties::village_id)
                .and(duties::post_id.eq(duty_posts::id.nullable()))),
        )
        .filter(duties::village_id.eq(village.0))
        .filter(duties::villager_id.eq_any(people.iter().map(|person| person.villager.0)))
        .filter(duties::from_day.le(day))
        .filter(not_over)
        .order(duties::id)
        .select((DutyRow::as_select(), Option::<PostRow>::as_select()))
        .load(tx)?;
    let mut by_villager: HashMap<Uuid, Vec<_>> = HashMap::new();
    for (row, post) in rows {
        by_villager.entry(row.villager_id).or_default().push(row.duty(post.as_ref())?);
    }
    for person in people {
        person.duties = by_villager.get(&person.villager.0).cloned().unwrap_or_default();
    }
    Ok(())
}

/// Writes under which duty each of these new claims was made, where one was.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn keep_of_claims_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    list: &[Declared],
) -> Result<(), Error> {
    let under = list.iter().filter_map(|one| Some((one.claim.id, one.duty?)));
    let rows: Vec<_> = under
        .map(|(claim, duty)| {
            (
                claim_duties::village_id.eq(village.0),
                claim_duties::claim_id.eq(claim.0),
                claim_duties::duty_id.eq(duty.0),
            )
        })
        .collect();
    for batch in rows.chunks(10_000) {
        diesel::insert_into(claim_duties::table).values(batch).execute(tx)?;
    }
    Ok(())
}

/// The duties under which claims were made; those that were made under none are left out.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Bug`] for what this version cannot read.
pub(crate) fn of_claims(
    c: &mut PgConnection,
    village: VillageId,
    claims: &[ClaimId],
) -> Result<HashMap<ClaimId, Named>, Error> {
    let rows: Vec<(Uuid, DutyRow, Option<PostRow>)> = claim_duties::table
        .inner_join(
            duties::table.on(duties::village_id
                .eq(claim_duties::village_id)
                .and(duties::id.eq(claim_duties::duty_id))),
        )
        .left_join(
            duty_posts::table.on(duty_posts::village_id
                .eq(duties::village_id)
                .and(duties::post_id.eq(duty_posts::id.nullable()))),
        )
        .filter(claim_duties::village_id.eq(village.0))
        .filter(claim_duties::claim_id.eq_any(claims.iter().map(|claim| claim.0)))
        .select((claim_duties::claim_id, DutyRow::as_select(), Option::<PostRow>::as_select()))
        .load(c)?;
    rows.into_iter()
        .map(|(claim, row, post)| {
            let title = row.title(post.as_ref())?;
            Ok((ClaimId(claim), Named { duty: DutyId(row.id), title, outcome: row.outcome()? }))
        })
        .collect()
}
