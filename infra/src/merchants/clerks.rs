//! Who stands at a merchant's till: invited by the owner with a code, dismissed by the owner.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role, Scope};
use domain::binding::Invitation;
use domain::discount::{dismiss as dismissal, invite_to};
use domain::id::{MerchantId, ShopId, UserId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use uuid::Uuid;

use super::{find, record, shops};
use crate::db::Db;
use crate::error::Error;
use crate::invitations::{self, RoleInvitation};
use crate::schema::{role_grants, users, villagers};

/// An invitation: the code is told once and stored only as a hash.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The code.
    pub code: String,
    /// To which role.
    pub role: Role,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Writes an invitation to a role at a merchant.
pub(super) fn invite_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    actor: &Actor,
    merchant: MerchantId,
    role: Role,
    now: DateTime<Utc>,
) -> Result<Invited, Error> {
    let invitation = RoleInvitation {
        role,
        scope: Scope::Merchant(merchant),
        created_by: Some(actor.user),
        expires_at: Invitation::good_until(now),
    };
    let printed = invitations::create_role_in_tx(tx, db.secrets(), &invitation, now)?;
    Ok(Invited { code: printed.code, role, expires_at: printed.expires_at })
}

/// Invites a clerk or another owner.
///
/// # Errors
/// `role_not_grantable` for any other role, `merchant_closed`, `not_found`.
pub fn invite(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    role: Role,
    now: DateTime<Utc>,
) -> Result<Invited, Error> {
    let permit = allows(actor, Action::ClerkManage, &Target::till(merchant))?;
    invite_to(role)?;
    db.write(|tx| {
        find(tx, merchant)?.standing()?.is_open()?;
        record(tx, actor, permit, merchant, "clerk_invite", Some(role.as_str()), now)?;
        invite_in_tx(db, tx, actor, merchant, role, now)
    })
}

/// Somebody at the till.
#[derive(Clone, Debug)]
pub struct Clerk {
    /// The grant by which they do.
    pub grant: Uuid,
    /// The user.
    pub user: UserId,
    /// Owner or clerk.
    pub role: Role,
    /// At which shop they stand; none: at all of them.
    pub shop: Option<ShopId>,
    /// Their name, where they are on a village's roster.
    pub name: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Who stands at the till now, the first who came first, `after` a grant; one more than `limit`.
///
/// # Errors
/// `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    (after, limit): (Option<Uuid>, i64),
    now: DateTime<Utc>,
) -> Result<Vec<Clerk>, Error> {
    type Row = (Uuid, Uuid, String, Option<Uuid>, DateTime<Utc>, Option<String>);
    allows(actor, Action::ClerkManage, &Target::till(merchant))?;
    let rows: Vec<Row> = db.read(|c| {
        Ok(role_grants::table
            .inner_join(users::table.on(role_grants::user_id.eq(users::id.nullable())))
            .left_join(
                villagers::table.on(users::village_id
                    .eq(villagers::village_id.nullable())
                    .and(users::villager_id.eq(villagers::id.nullable()))),
            )
            .filter(role_grants::merchant_id.eq(merchant.0))
            .filter(role_grants::ended_at.is_null())
            .filter(role_grants::ends_at.is_null().or(role_grants::ends_at.gt(now)))
            .filter(role_grants::id.gt(after.unwrap_or(Uuid::nil())))
            .order(role_grants::id)
            .limit(limit.saturating_add(1))
            .select((
                role_grants::id,
                users::id,
                role_grants::role,
                role_grants::shop_id,
                role_grants::begins_at,
                villagers::name.nullable(),
            ))
            .load(c)?)
    })?;
    rows.into_iter()
        .map(|(grant, user, role, shop, since, name)| {
            let role =
                Role::from_name(&role).ok_or_else(|| Error::Bug(format!("unknown role {role}")))?;
            Ok(Clerk { grant, user: UserId(user), role, shop: shop.map(ShopId), name, since })
        })
        .collect()
}

/// Ends all roles that somebody holds at the merchant.
///
/// # Errors
/// `forbidden` for oneself, `not_found` for somebody without a role there.
pub fn dismiss(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    clerk: UserId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::ClerkManage, &Target::till(merchant))?;
    dismissal(actor.user, clerk)?;
    db.write(|tx| {
        let ended = diesel::update(
            role_grants::table
                .filter(role_grants::merchant_id.eq(merchant.0))
                .filter(role_grants::user_id.eq(clerk.0))
                .filter(role_grants::ended_at.is_null()),
        )
        .set((role_grants::ended_at.eq(now), role_grants::ended_by.eq(actor.user.0)))
        .execute(tx)?;
        if ended == 0 {
            return Err(Refusal::NotFound.into());
        }
        record(tx, actor, permit, merchant, "clerk_dismiss", Some(reason), now)
    })
}

/// Says at which shop somebody stands; none: at all of them. Owners stand everywhere.
///
/// # Errors
/// `shop_closed`; `not_found` for somebody who is no clerk there, or a shop of another merchant.
pub fn assign(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    clerk: UserId,
    shop: Option<ShopId>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::ClerkManage, &Target::till(merchant))?;
    db.write(|tx| {
        let shop = shop.map(|shop| shops::of_merchant_in_tx(tx, merchant, shop)).transpose()?;
        if shop.as_ref().is_some_and(|shop| shop.closed_at.is_some()) {
            return Err(Refusal::ShopClosed.into());
        }
        let assigned = diesel::update(
            role_grants::table
                .filter(role_grants::merchant_id.eq(merchant.0))
                .filter(role_grants::user_id.eq(clerk.0))
                .filter(role_grants::role.eq(Role::MerchantClerk.as_str()))
                .filter(role_grants::ended_at.is_null()),
        )
        .set(role_grants::shop_id.eq(shop.as_ref().map(|shop| shop.id)))
        .execute(tx)?;
        if assigned == 0 {
            return Err(Refusal::NotFound.into());
        }
        let name = shop.as_ref().map(|shop| shop.name.as_str());
        record(tx, actor, permit, merchant, "clerk_assign", name, now)
    })
}
