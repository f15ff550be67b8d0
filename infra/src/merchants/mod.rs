//! Merchants: registered by a division or at their own asking, seen by those who have to do with them,
//! paused for a time, closed in the end.
//!
//! [`register`] makes one with its first shop, [`applications`] are how one asks for that, [`shops`] are
//! where it sells, [`clerks`] who sells, [`nearby`] what a villager finds.

pub mod applications;
pub mod clerks;
mod list;
pub mod nearby;
mod pause;
mod register;
mod row;
pub mod shops;

pub use list::{Partner, candidates, of_village};
pub use pause::{PauseAsk, close, pause, resume};
pub use register::{NewMerchant, Registered, create, update};
pub use row::MerchantRow;
pub(crate) use row::{STANDING, StandingRow, standing_of};
pub(crate) use shops::{at_which_shop, is_open_in_tx};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{DivisionId, MerchantId, UserId};
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::audit::{self, Deed, NO_VILLAGE};
use crate::db::Db;
use crate::error::Error;
use crate::schema::{merchants, role_grants};

/// A merchant, as its own people and the division see it that it is registered with.
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

/// Holds a merchant, so that who else changes it or agrees with it waits.
pub(crate) fn lock_in_tx(
    tx: &mut PgConnection,
    merchant: MerchantId,
) -> Result<MerchantRow, Error> {
    let row = merchants::table.find(merchant.0).select(MerchantRow::as_select());
    Ok(row.for_no_key_update().first(tx)?)
}

fn target(db: &Db, row: &MerchantRow) -> Result<Target, Error> {
    let division = db.division(DivisionId(row.division_id))?;
    Ok(Target::merchant(MerchantId(row.id), division.path()))
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

/// The grants that somebody holds at this moment.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn held_now(user: Uuid, now: DateTime<Utc>) -> _ {
    let theirs = role_grants::user_id.eq(user).assume_not_null();
    let begun = role_grants::begins_at.le(now);
    let not_over = role_grants::ends_at.is_null().or(role_grants::ends_at.gt(now));
    let running = begun.and(not_over.assume_not_null());
    theirs.and(role_grants::ended_at.is_null()).and(running)
}

/// Checks that somebody still holds a role at the merchant, whatever a process remembers of them.
///
/// # Errors
/// `not_found`.
pub(crate) fn still_there_in_tx(
    tx: &mut PgConnection,
    user: UserId,
    merchant: MerchantId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let held = role_grants::table
        .filter(held_now(user.0, now))
        .filter(role_grants::merchant_id.eq(merchant.0))
        .select(role_grants::id);
    let there: Option<Uuid> = held.first(tx).optional()?;
    there.map(|_| ()).ok_or_else(|| Refusal::NotFound.into())
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
