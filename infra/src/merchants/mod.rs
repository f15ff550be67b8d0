//! Merchants: registered by a division, seen by those who have to do with them, closed in the end.

pub mod clerks;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::calendar::day_of;
use domain::discount::{Agreement, trades};
use domain::id::{DivisionId, MerchantId, VillageId};
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::agreements::AgreementRow;
use crate::audit::{self, Deed, NO_VILLAGE};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::{agreements, merchants};
use clerks::Invited;

/// A merchant as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = merchants)]
pub struct MerchantRow {
    /// Its id.
    pub id: Uuid,
    /// The division that registered it.
    pub division_id: Uuid,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its phone, as it wants it shown.
    pub phone: String,
    /// Who registered it.
    pub registered_by: Uuid,
    /// When.
    pub registered_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// A merchant to register.
#[derive(Clone, Debug)]
pub struct NewMerchant {
    /// For which division.
    pub division: DivisionId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Its phone, as it wants it shown.
    pub phone: String,
}

/// Registers a merchant, and invites its first owner.
///
/// # Errors
/// `already_exists` for a name that the division has, `forbidden`, `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    new: &NewMerchant,
    now: DateTime<Utc>,
) -> Result<(MerchantRow, Invited), Error> {
    let target = Target::division(db.division(new.division)?.path());
    let permit = allows(actor, Action::MerchantManage, &target)?;
    db.write(|tx| {
        let row = MerchantRow {
            id: id::new(),
            division_id: new.division.0,
            name: new.name.clone(),
            address: new.address.clone(),
            phone: new.phone.clone(),
            registered_by: actor.user.0,
            registered_at: now,
            closed_at: None,
        };
        diesel::insert_into(merchants::table).values(&row).execute(tx)?;
        let merchant = MerchantId(row.id);
        record(tx, actor, permit, merchant, "merchant_create", None, now)?;
        let invited = clerks::invite_in_tx(db, tx, actor, merchant, Role::MerchantOwner, now)?;
        Ok((row, invited))
    })
}

/// A merchant, and the role in which the actor sees it: its own people, or the division it is
/// registered with.
///
/// # Errors
/// `not_found`.
pub fn show(db: &Db, actor: &Actor, merchant: MerchantId) -> Result<MerchantRow, Error> {
    let row = db.read(|c| find(c, merchant))?;
    allows(actor, Action::MerchantShow, &target(db, &row)?)?;
    Ok(row)
}

pub(crate) fn find(c: &mut PgConnection, merchant: MerchantId) -> Result<MerchantRow, Error> {
    Ok(merchants::table.find(merchant.0).select(MerchantRow::as_select()).first(c)?)
}

fn target(db: &Db, row: &MerchantRow) -> Result<Target, Error> {
    let division = db.division(DivisionId(row.division_id))?;
    Ok(Target::merchant(MerchantId(row.id), division.path()))
}

/// Closes a merchant: from this moment it neither scans nor sells. Refunds go on.
///
/// # Errors
/// `merchant_closed` if it is closed already, `not_found`.
pub fn close(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<MerchantRow, Error> {
    let target = target(db, &db.read(|c| find(c, merchant))?)?;
    let permit = allows(actor, Action::MerchantManage, &target)?;
    db.write(|tx| {
        let mut row: MerchantRow = merchants::table
            .find(merchant.0)
            .select(MerchantRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        trades(row.closed_at)?;
        row.closed_at = Some(now);
        diesel::update(merchants::table.find(merchant.0))
            .set(merchants::closed_at.eq(now))
            .execute(tx)?;
        record(tx, actor, permit, merchant, "merchant_close", Some(reason), now)?;
        Ok(row)
    })
}

/// A shop where a village has a discount.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The shop.
    pub merchant: MerchantRow,
    /// What holds there.
    pub agreement: Agreement,
}

/// The shops that have an agreement with the village today, by the age of the agreement.
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
) -> Result<Vec<Shop>, Error> {
    allows(actor, Action::AgreementShow, &Target::village(db.place(village)?))?;
    let today: NaiveDate = day_of(now);
    let rows: Vec<(MerchantRow, AgreementRow)> = db.read(|c| {
        Ok(agreements::table
            .inner_join(merchants::table.on(merchants::id.eq(agreements::merchant_id)))
            .filter(agreements::village_id.eq(village.0))
            .filter(agreements::id.gt(after.unwrap_or(Uuid::nil())))
            .filter(agreements::from_day.le(today))
            .filter(agreements::until_day.is_null().or(agreements::until_day.ge(today)))
            .filter(merchants::closed_at.is_null())
            .order(agreements::id)
            .limit(limit)
            .select((MerchantRow::as_select(), AgreementRow::as_select()))
            .load(c)?)
    })?;
    rows.into_iter()
        .map(|(merchant, agreement)| Ok(Shop { merchant, agreement: agreement.agreement()? }))
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

/// Refuses a merchant that is closed.
///
/// # Errors
/// `merchant_closed`, `not_found`.
pub(crate) fn trading(c: &mut PgConnection, merchant: MerchantId) -> Result<(), Error> {
    let closed_at: Option<DateTime<Utc>> =
        merchants::table.find(merchant.0).select(merchants::closed_at).first(c)?;
    Ok(trades(closed_at)?)
}

fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    merchant: MerchantId,
    action: &str,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::record_in_tx(
        tx,
        &Deed {
            village: NO_VILLAGE,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action,
            subject: Some(merchant.0),
            reason,
            detail: None,
        },
    )
}

/// Checks that the actor may stand at the till of this merchant.
///
/// # Errors
/// `not_found`.
pub(crate) fn at_the_till(
    actor: &Actor,
    action: Action,
    merchant: MerchantId,
) -> Result<Permit, Refusal> {
    allows(actor, action, &Target::till(merchant))
}
