//! Registering a merchant, with its first shop.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::alliance::MerchantFacts;
use domain::id::{DivisionId, MerchantId};
use domain::policy::{Action, Target, allows};
use serde_json::{Value, json};

use super::clerks::{self, Invited};
use super::shops::{NewShop, ShopRow, open_in_tx};
use super::{MerchantRow, find, lock_in_tx, record, target};
use crate::audit::{self, Deed, NO_VILLAGE};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::merchants;

/// A merchant to register.
#[derive(Clone, Debug)]
pub struct NewMerchant {
    /// For which division.
    pub division: DivisionId,
    /// What is known of it.
    pub facts: MerchantFacts,
    /// Its first shop.
    pub shop: NewShop,
}

/// A merchant that was just registered.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The merchant.
    pub merchant: MerchantRow,
    /// Its first shop.
    pub shop: ShopRow,
    /// For its first owner.
    pub invited: Invited,
}

/// Registers a merchant, and invites its first owner.
///
/// # Errors
/// `already_exists` for a name that the division has, `merchant_address_missing`, `forbidden`,
/// `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    new: &NewMerchant,
    now: DateTime<Utc>,
) -> Result<Registered, Error> {
    let target = Target::division(db.division(new.division)?.path());
    let permit = allows(actor, Action::MerchantManage, &target)?;
    db.write(|tx| {
        let (row, shop) = register_in_tx(tx, actor, new, now)?;
        let merchant = MerchantId(row.id);
        record(tx, actor, permit, merchant, "merchant_create", None, now)?;
        let invited = clerks::invite_in_tx(db, tx, actor, merchant, Role::MerchantOwner, now)?;
        Ok(Registered { merchant: row, shop, invited })
    })
}

/// Writes a merchant and its first shop.
pub(super) fn register_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    new: &NewMerchant,
    now: DateTime<Utc>,
) -> Result<(MerchantRow, ShopRow), Error> {
    new.facts.check()?;
    let facts = &new.facts;
    let row = MerchantRow {
        id: id::new(),
        division_id: new.division.0,
        name: facts.name.clone(),
        address: facts.address.clone(),
        phone: facts.phone.clone(),
        kind: facts.kind.as_str().to_owned(),
        category: facts.category.as_str().to_owned(),
        link: facts.link.clone(),
        registered_by: actor.user.0,
        registered_at: now,
        closed_at: None,
        paused_from: None,
        paused_until: None,
        paused_by: None,
        paused_why: None,
    };
    diesel::insert_into(merchants::table).values(&row).execute(tx)?;
    let shop = open_in_tx(tx, MerchantId(row.id), &new.shop, now)?;
    Ok((row, shop))
}

/// Changes what is known of a merchant, as it was registered; its shops have facts of their own.
///
/// # Errors
/// `already_exists` for a name that the division has, `merchant_address_missing`, `merchant_closed`,
/// `forbidden`, `not_found`.
pub fn update(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    facts: &MerchantFacts,
    now: DateTime<Utc>,
) -> Result<MerchantRow, Error> {
    let target = target(db, &db.read(|c| find(c, merchant))?)?;
    let permit = allows(actor, Action::MerchantManage, &target)?;
    facts.check()?;
    db.write(|tx| {
        let before = lock_in_tx(tx, merchant)?;
        before.standing()?.is_open()?;
        let row = MerchantRow {
            name: facts.name.clone(),
            address: facts.address.clone(),
            phone: facts.phone.clone(),
            kind: facts.kind.as_str().to_owned(),
            category: facts.category.as_str().to_owned(),
            link: facts.link.clone(),
            ..before.clone()
        };
        diesel::update(merchants::table.find(merchant.0))
            .set((
                merchants::name.eq(&row.name),
                merchants::address.eq(&row.address),
                merchants::phone.eq(&row.phone),
                merchants::kind.eq(&row.kind),
                merchants::category.eq(&row.category),
                merchants::link.eq(&row.link),
            ))
            .execute(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village: NO_VILLAGE,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "merchant_update",
                subject: Some(merchant.0),
                reason: None,
                detail: Some(json!({"before": told(&before), "after": told(&row)})),
            },
        )?;
        Ok(row)
    })
}

/// What an audit row keeps of a merchant's facts.
fn told(row: &MerchantRow) -> Value {
    json!({
        "name": row.name, "kind": row.kind, "category": row.category, "address": row.address,
        "phone": row.phone, "link": row.link,
    })
}
