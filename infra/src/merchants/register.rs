//! Registering a merchant, with its first shop.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::alliance::MerchantFacts;
use domain::id::{DivisionId, MerchantId};
use domain::policy::{Action, Target, allows};

use super::clerks::{self, Invited};
use super::shops::{NewShop, ShopRow, open_in_tx};
use super::{MerchantRow, record};
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
