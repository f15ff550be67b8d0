//! The shops of a merchant, and at which of them a sale is made.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::alliance::{Stand, Stands, close_shop, shop_for};
use domain::calendar::day_of;
use domain::id::{MerchantId, ShopId};
use domain::policy::{Action, Permit, allows};
use domain::refusal::Refusal;
use domain::report::{Datum, Spot};
use uuid::Uuid;

use super::row::{STANDING, StandingRow, standing_of};
use super::{find, held_now, lock_in_tx, record, target};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::{merchants, role_grants, shops};

/// The most shops that are open at a time at one merchant.
pub const SHOPS_MAX: i64 = 100;

/// A shop as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = shops, treat_none_as_null = true)]
pub struct ShopRow {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub merchant_id: Uuid,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its phone.
    pub phone: String,
    /// When it is open, in words.
    pub hours: String,
    pub(super) latitude_e6: Option<i32>,
    pub(super) longitude_e6: Option<i32>,
    /// Since when it sells.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

impl ShopRow {
    /// Where it is on the map.
    pub fn spot(&self) -> Option<Spot> {
        Spot::new(Datum::Gcj02, self.latitude_e6?, self.longitude_e6?)
    }
}

/// What is known of a shop.
#[derive(Clone, Debug)]
pub struct NewShop {
    /// Its name, unlike all others of the merchant.
    pub name: String,
    /// Where it is; empty for one on the net.
    pub address: String,
    /// Its phone.
    pub phone: String,
    /// When it is open, in words.
    pub hours: String,
    /// Where it is on the map.
    pub spot: Option<Spot>,
}

impl NewShop {
    fn row(&self, id: Uuid, merchant: MerchantId, opened_at: DateTime<Utc>) -> ShopRow {
        ShopRow {
            id,
            merchant_id: merchant.0,
            name: self.name.clone(),
            address: self.address.clone(),
            phone: self.phone.clone(),
            hours: self.hours.clone(),
            latitude_e6: self.spot.map(Spot::latitude_e6),
            longitude_e6: self.spot.map(Spot::longitude_e6),
            opened_at,
            closed_at: None,
        }
    }
}

/// Writes a shop.
pub(super) fn open_in_tx(
    tx: &mut PgConnection,
    merchant: MerchantId,
    new: &NewShop,
    now: DateTime<Utc>,
) -> Result<ShopRow, Error> {
    let row = new.row(id::new(), merchant, now);
    diesel::insert_into(shops::table).values(&row).execute(tx)?;
    Ok(row)
}

/// Adds a shop.
///
/// # Errors
/// `already_exists` for a name that the merchant has, `shop_too_many`, `merchant_closed`, `forbidden`,
/// `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    new: &NewShop,
    now: DateTime<Utc>,
) -> Result<ShopRow, Error> {
    let permit = may_manage(db, actor, merchant)?;
    db.write(|tx| {
        lock_in_tx(tx, merchant)?.standing()?.is_open()?;
        let open = i64::try_from(open_of(tx, merchant)?.len()).unwrap_or(i64::MAX);
        if open >= SHOPS_MAX {
            return Err(Refusal::ShopTooMany { open_max: SHOPS_MAX }.into());
        }
        let row = open_in_tx(tx, merchant, new, now)?;
        record(tx, actor, permit, merchant, "shop_create", Some(&row.name), now)?;
        Ok(row)
    })
}

/// Changes what is known of a shop.
///
/// # Errors
/// `already_exists` for a name that the merchant has, `shop_closed`, `forbidden`, `not_found`.
pub fn update(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    shop: ShopId,
    new: &NewShop,
    now: DateTime<Utc>,
) -> Result<ShopRow, Error> {
    let permit = may_manage(db, actor, merchant)?;
    db.write(|tx| {
        let row = of_merchant_in_tx(tx, merchant, shop)?;
        if row.closed_at.is_some() {
            return Err(Refusal::ShopClosed.into());
        }
        let row = new.row(row.id, merchant, row.opened_at);
        diesel::update(shops::table.find(shop.0)).set(&row).execute(tx)?;
        record(tx, actor, permit, merchant, "shop_update", Some(&row.name), now)?;
        Ok(row)
    })
}

/// Closes a shop. Its clerks sell nowhere until the owner assigns them anew.
///
/// # Errors
/// Those of [`domain::alliance::close_shop`]; `forbidden`, `not_found`.
pub fn close(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    shop: ShopId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<ShopRow, Error> {
    let permit = may_manage(db, actor, merchant)?;
    db.write(|tx| {
        lock_in_tx(tx, merchant)?;
        let mut row = of_merchant_in_tx(tx, merchant, shop)?;
        close_shop(shop, &open_of(tx, merchant)?)?;
        row.closed_at = Some(now);
        diesel::update(shops::table.find(shop.0)).set(shops::closed_at.eq(now)).execute(tx)?;
        record(tx, actor, permit, merchant, "shop_close", Some(reason), now)?;
        Ok(row)
    })
}

/// The shops of a merchant, the oldest first; closed ones too.
///
/// # Errors
/// `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ShopRow>, Error> {
    super::show(db, actor, merchant)?;
    db.read(|c| {
        Ok(shops::table
            .filter(shops::merchant_id.eq(merchant.0))
            .filter(shops::id.gt(after.unwrap_or(Uuid::nil())))
            .order(shops::id)
            .limit(limit)
            .select(ShopRow::as_select())
            .load(c)?)
    })
}

fn may_manage(db: &Db, actor: &Actor, merchant: MerchantId) -> Result<Permit, Error> {
    let target = target(db, &db.read(|c| find(c, merchant))?)?;
    Ok(allows(actor, Action::MerchantManage, &target)?)
}

/// A shop of this merchant; that of another is not found.
pub(super) fn of_merchant_in_tx(
    tx: &mut PgConnection,
    merchant: MerchantId,
    shop: ShopId,
) -> Result<ShopRow, Error> {
    Ok(shops::table
        .find(shop.0)
        .filter(shops::merchant_id.eq(merchant.0))
        .select(ShopRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

/// Checks that a shop still sells.
///
/// # Errors
/// `shop_closed`.
pub(crate) fn is_open_in_tx(tx: &mut PgConnection, shop: ShopId) -> Result<(), Error> {
    let open = shops::table.find(shop.0).filter(shops::closed_at.is_null()).select(shops::id);
    let open: Option<Uuid> = open.first(tx).optional()?;
    open.map(|_| ()).ok_or_else(|| Refusal::ShopClosed.into())
}

fn open_of(tx: &mut PgConnection, merchant: MerchantId) -> Result<Vec<ShopId>, Error> {
    let ids: Vec<Uuid> = shops::table
        .filter(shops::merchant_id.eq(merchant.0))
        .filter(shops::closed_at.is_null())
        .select(shops::id)
        .load(tx)?;
    Ok(ids.into_iter().map(ShopId).collect())
}

/// At which shop somebody sells now, if the merchant trades. One query: a queue waits.
///
/// # Errors
/// Those of [`shop_for`]; `merchant_closed`, `merchant_paused`.
pub(crate) fn at_which_shop(
    c: &mut PgConnection,
    actor: &Actor,
    merchant: MerchantId,
    named: Option<ShopId>,
    now: DateTime<Utc>,
) -> Result<ShopId, Error> {
    type Row = (StandingRow, Option<Uuid>, Option<Uuid>, Option<Uuid>);
    let today: NaiveDate = day_of(now);
    let rows: Vec<Row> = merchants::table
        .left_join(
            shops::table.on(shops::merchant_id.eq(merchants::id).and(shops::closed_at.is_null())),
        )
        .left_join(role_grants::table.on(
            role_grants::merchant_id.eq(merchants::id.nullable()).and(held_now(actor.user.0, now)),
        ))
        .filter(merchants::id.eq(merchant.0))
        .order(shops::id)
        .select((
            STANDING,
            shops::id.nullable(),
            role_grants::id.nullable(),
            role_grants::shop_id.nullable(),
        ))
        .load(c)?;
    let (standing, ..) = rows.first().ok_or(Refusal::NotFound)?;
    standing_of(standing)?.trades_on(today)?;
    let mut open: Vec<ShopId> = rows.iter().filter_map(|row| row.1).map(ShopId).collect();
    open.dedup();
    let stands: Vec<Stand> = rows
        .iter()
        .filter(|row| row.2.is_some())
        .map(|row| row.3.map_or(Stand::Everywhere, |shop| Stand::At(ShopId(shop))))
        .collect();
    Ok(shop_for(Stands { open: &open, stands: &stands }, named)?)
}
