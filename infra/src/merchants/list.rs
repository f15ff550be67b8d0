//! The merchants of a village: those with which it has an agreement, and those that it can agree with.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::Agreement;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use uuid::Uuid;

use super::MerchantRow;
use crate::agreements::AgreementRow;
use crate::db::Db;
use crate::error::Error;
use crate::schema::{agreements, merchants};

/// A merchant with which a village has a discount.
#[derive(Clone, Debug)]
pub struct Partner {
    /// The merchant.
    pub merchant: MerchantRow,
    /// What holds there.
    pub agreement: Agreement,
}

/// The merchants that have an agreement with the village today and trade, by the age of the agreement:
/// a line for each agreement.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn of_village(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    after: Option<Uuid>,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Partner>, Error> {
    allows(actor, Action::AgreementShow, &Target::village(db.place(village)?))?;
    let today: NaiveDate = day_of(now);
    let rows: Vec<(MerchantRow, AgreementRow)> = db.read(|c| {
        Ok(agreements::table
            .inner_join(merchants::table.on(merchants::id.eq(agreements::merchant_id)))
            .filter(agreements::village_id.eq(village.0))
            .filter(agreements::id.gt(after.unwrap_or(Uuid::nil())))
            .filter(agreements::from_day.le(today))
            .filter(agreements::until_day.is_null().or(agreements::until_day.ge(today)))
            .filter(trading_on(today))
            .order(agreements::id)
            .limit(limit)
            .select((MerchantRow::as_select(), AgreementRow::as_select()))
            .load(c)?)
    })?;
    rows.into_iter()
        .map(|(merchant, agreement)| Ok(Partner { merchant, agreement: agreement.agreement()? }))
        .collect()
}

/// The merchants that a village can make an agreement with, by age: those that it registered, and
/// those of its town and county, as long as they are open.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn candidates(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<MerchantRow>, Error> {
    let place = db.place(village)?;
    allows(actor, Action::MerchantCandidateShow, &Target::village(place))?;
    db.read(|c| {
        Ok(merchants::table
            .filter(merchants::division_id.eq_any([village.0, place.town.0, place.county.0]))
            .filter(merchants::id.gt(after.unwrap_or(Uuid::nil())))
            .filter(merchants::closed_at.is_null())
            .order(merchants::id)
            .limit(limit)
            .select(MerchantRow::as_select())
            .load(c)?)
    })
}

/// Merchants that are neither closed nor paused on a day.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn trading_on(day: NaiveDate) -> _ {
    let not_begun = merchants::paused_from.is_null().or(merchants::paused_from.gt(day));
    let over = merchants::paused_until.lt(day);
    merchants::closed_at.is_null().and(not_begun.or(over).assume_not_null())
}
