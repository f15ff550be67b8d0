//! Looking through purchases, from both sides.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{day_of, end_of, start_of};
use domain::discount::looking_through;
use domain::id::{HouseholdId, MerchantId, PurchaseId, ShopId, VillageId};
use domain::policy::{Action, Target};
use uuid::Uuid;

use super::Receipt;
use super::receipt::PurchaseRow;
use crate::db::Db;
use crate::error::Error;
use crate::merchants::at_the_till;
use crate::reading::Why;
use crate::schema::{accounts, merchants, purchases};

/// A purchase as its household sees it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// What it was.
    pub receipt: Receipt,
    /// Where.
    pub merchant_name: String,
}

/// A purchase as the merchant sees it: by clerks on its day, by owners on any.
///
/// # Errors
/// `not_found`.
pub fn show(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    village: VillageId,
    purchase: PurchaseId,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    at_the_till(actor, Action::PurchaseShow, merchant)?;
    db.read(|c| {
        let row: PurchaseRow = purchases::table
            .find((village.0, purchase.0))
            .filter(purchases::merchant_id.eq(merchant.0))
            .select(PurchaseRow::as_select())
            .first(c)?;
        at_the_till(actor, looking_through(day_of(row.made_at), day_of(now)), merchant)?;
        row.receipt()
    })
}

/// The purchases that a merchant made on a day, at all shops or at one, the newest first.
///
/// # Errors
/// `not_found`.
pub fn of_merchant(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    (day, shop): (Option<NaiveDate>, Option<ShopId>),
    before: Option<Uuid>,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Receipt>, Error> {
    let today = day_of(now);
    let day = day.unwrap_or(today);
    at_the_till(actor, looking_through(day, today), merchant)?;
    db.read(|c| {
        let mut query = purchases::table
            .filter(purchases::merchant_id.eq(merchant.0))
            .filter(purchases::made_at.ge(start_of(day)))
            .filter(purchases::made_at.lt(end_of(day)))
            .order(purchases::id.desc())
            .limit(limit)
            .select(PurchaseRow::as_select())
            .into_boxed();
        if let Some(shop) = shop {
            query = query.filter(purchases::shop_id.eq(shop.0));
        }
        if let Some(before) = before {
            query = query.filter(purchases::id.lt(before));
        }
        query.load(c)?.iter().map(PurchaseRow::receipt).collect()
    })
}

/// The purchases of a household, the newest first.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn of_household(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    household: HouseholdId,
    before: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<Listed>, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::StatementShow, &target, why)?;
    let rows: Vec<(PurchaseRow, String)> = db.read(|c| {
        let theirs = accounts::table
            .filter(accounts::village_id.eq(village.0))
            .filter(accounts::household_id.eq(household.0))
            .select(accounts::id);
        let mut query = purchases::table
            .inner_join(merchants::table.on(merchants::id.eq(purchases::merchant_id)))
            .filter(purchases::village_id.eq(village.0))
            .filter(purchases::account_id.eq_any(theirs))
            .order(purchases::id.desc())
            .limit(limit)
            .select((PurchaseRow::as_select(), merchants::name))
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(purchases::id.lt(before));
        }
        Ok(query.load(c)?)
    })?;
    rows.into_iter()
        .map(|(row, merchant_name)| Ok(Listed { receipt: row.receipt()?, merchant_name }))
        .collect()
}
