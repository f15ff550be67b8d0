//! Invitations: printed codes that bind to a villager or grant a role, once. Only a keyed hash of a
//! code is stored, so a code that was lost is replaced by printing another.

mod code;

pub use code::CODE_CHARS;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role, Scope};
use domain::binding::{ADMIN_INVITATION_DAYS, Invitation, Method, may_bind};
use domain::calendar::day_of;
use domain::id::{UserId, VillageId, VillagerId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::role_grant::Term;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed, NO_VILLAGE};
use crate::binding::{self, By};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::role_grants::{self, Holder, NewGrant, columns_of, scope_of};
use crate::schema::invitations;
use crate::secrets::{Lookup, Secrets};

/// A code to print. It is nowhere else.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The invitation.
    pub id: Uuid,
    /// Ten letters and digits.
    pub code: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// An invitation to a role, to be made by a use case that has asked the policy.
#[derive(Clone, Copy, Debug)]
pub struct RoleInvitation {
    /// The role.
    pub role: Role,
    /// For what.
    pub scope: Scope,
    /// By whom; none for the operator of the installation.
    pub created_by: Option<UserId>,
    /// Until when it is good: [`Invitation::good_until`] unless there is a reason.
    pub expires_at: DateTime<Utc>,
}

/// What a code did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The user is bound to the villager it was for.
    Bound,
    /// The user holds a role.
    Role(Role),
}

/// Prints a code for a villager. An earlier one that was not used is void from now on.
///
/// # Errors
/// `not_found`, `forbidden`, `villager_taken`, `too_young`.
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    villager: VillagerId,
    now: DateTime<Utc>,
) -> Result<Printed, Error> {
    let permit = allows(actor, Action::BindingManage, &Target::village(db.place(village)?))?;
    let (id, code, expires_at) = (id::new(), code::new()?, Invitation::good_until(now));
    db.write(|tx| {
        let found = binding::candidate(tx, village, villager)?;
        may_bind(&found.candidate, day_of(now))?;
        diesel::update(invitations::table)
            .filter(invitations::village_id.eq(village.0))
            .filter(invitations::villager_id.eq(villager.0))
            .filter(invitations::used_at.is_null())
            .filter(invitations::expires_at.gt(now))
            .set(invitations::expires_at.eq(now))
            .execute(tx)?;
        diesel::insert_into(invitations::table)
            .values((
                invitations::id.eq(id),
                invitations::code_hash.eq(db.secrets().lookup(Lookup::Invitation, &code)),
                invitations::village_id.eq(village.0),
                invitations::villager_id.eq(villager.0),
                invitations::created_by.eq(actor.user.0),
                invitations::created_at.eq(now),
                invitations::expires_at.eq(expires_at),
            ))
            .execute(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "invitation_create",
                subject: Some(villager.0),
                reason: None,
                detail: Some(json!({"invitation_id": id})),
            },
        )?;
        Ok(Printed { id, code: code.clone(), expires_at })
    })
}

/// Prints a code for a role. The caller has asked the policy, and records it as its own deed.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn create_role_in_tx(
    tx: &mut PgConnection,
    secrets: &Secrets,
    invitation: &RoleInvitation,
    now: DateTime<Utc>,
) -> Result<Printed, Error> {
    let (id, code): (Uuid, _) = (id::new(), code::new()?);
    let (division, merchant) = columns_of(invitation.scope);
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(id),
            invitations::code_hash.eq(secrets.lookup(Lookup::Invitation, &code)),
            invitations::role.eq(invitation.role.as_str()),
            invitations::division_id.eq(division),
            invitations::merchant_id.eq(merchant),
            invitations::created_by.eq(invitation.created_by.map(|user| user.0)),
            invitations::created_at.eq(now),
            invitations::expires_at.eq(invitation.expires_at),
        ))
        .execute(tx)?;
    Ok(Printed { id, code, expires_at: invitation.expires_at })
}

/// Prints the code that makes whoever redeems it an administrator of the installation: how a new
/// one gets its first. Good for [`ADMIN_INVITATION_DAYS`].
///
/// # Errors
/// [`Error::Unavailable`].
pub fn create_platform_admin(db: &Db, now: DateTime<Utc>) -> Result<Printed, Error> {
    let invitation = RoleInvitation {
        role: Role::PlatformAdmin,
        scope: Scope::Platform,
        created_by: None,
        expires_at: now + Duration::days(ADMIN_INVITATION_DAYS),
    };
    db.write(|tx| {
        let printed = create_role_in_tx(tx, db.secrets(), &invitation, now)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village: NO_VILLAGE,
                at: now,
                user: None,
                role: None,
                action: "platform_admin_invite",
                subject: Some(printed.id),
                reason: None,
                detail: None,
            },
        )?;
        Ok(printed)
    })
}

type Row = (
    Uuid,
    DateTime<Utc>,
    Option<DateTime<Utc>>,
    Option<Uuid>,
    Option<Uuid>,
    Option<String>,
    Option<Uuid>,
    Option<Uuid>,
    Option<Uuid>,
);

/// Uses a code up: binds the user, or grants the role. Whatever goes wrong, the code stays good.
///
/// # Errors
/// `invitation_invalid`; `already_bound`, `villager_taken`, `too_young`; `already_exists` for a
/// role that the user holds.
pub fn redeem(db: &Db, user: UserId, typed: &str, now: DateTime<Utc>) -> Result<Redeemed, Error> {
    let invalid = || Error::Refused(Refusal::InvitationInvalid);
    let code = code::read(typed).ok_or_else(invalid)?;
    let hash = db.secrets().lookup(Lookup::Invitation, &code);
    db.write(|tx| {
        let row: Option<Row> = invitations::table
            .filter(invitations::code_hash.eq(&hash))
            .select((
                invitations::id,
                invitations::expires_at,
                invitations::used_at,
                invitations::village_id,
                invitations::villager_id,
                invitations::role,
                invitations::division_id,
                invitations::merchant_id,
                invitations::created_by,
            ))
            .first(tx)
            .optional()?;
        let (id, expires_at, used_at, village, villager, role, division, merchant, created_by) =
            row.ok_or_else(invalid)?;
        Invitation { expires_at, used: used_at.is_some() }.redeem(now)?;
        use_up_in_tx(tx, id, user, now)?;
        match (village, villager, role.as_deref().and_then(Role::from_name)) {
            (Some(village), Some(villager), None) => {
                let to = (VillageId(village), VillagerId(villager));
                bind_in_tx(tx, user, to, now)?;
                Ok(Redeemed::Bound)
            }
            (_, None, Some(role)) => {
                let grant = NewGrant {
                    role,
                    scope: scope_of(division, merchant),
                    holder: Holder::User(user),
                    term: Term::new(None, None, now)?,
                    reason: "invitation",
                    granted_by: created_by.map(UserId),
                };
                grant_in_tx(tx, user, &grant, now)?;
                Ok(Redeemed::Role(role))
            }
            _ => Err(Error::Bug(format!("invitation {id} is for nothing"))),
        }
    })
}

fn use_up_in_tx(
    tx: &mut PgConnection,
    id: Uuid,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let used = diesel::update(invitations::table.find(id))
        .filter(invitations::used_at.is_null())
        .set((invitations::used_by.eq(user.0), invitations::used_at.eq(now)))
        .execute(tx)?;
    if used == 1 { Ok(()) } else { Err(Error::LostRace) }
}

fn bind_in_tx(
    tx: &mut PgConnection,
    user: UserId,
    (village, villager): (VillageId, VillagerId),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    binding::check_unbound_in_tx(tx, user)?;
    let found = binding::candidate(tx, village, villager)?;
    may_bind(&found.candidate, day_of(now))?;
    let by = By { user, role: None };
    binding::bind_in_tx(tx, user, &found.candidate, Method::Invitation, by, now)
}

fn grant_in_tx(
    tx: &mut PgConnection,
    user: UserId,
    grant: &NewGrant<'_>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let id = role_grants::insert_in_tx(tx, grant, now)?;
    let village = match grant.scope {
        Scope::Division(division) => role_grants::village_of(tx, division)?,
        Scope::Merchant(_) | Scope::Platform => NO_VILLAGE,
    };
    audit::record_in_tx(
        tx,
        &Deed {
            village,
            at: now,
            user: Some(user),
            role: None,
            action: "invitation_redeem",
            subject: Some(id),
            reason: None,
            detail: Some(json!({"role": grant.role.as_str()})),
        },
    )
}
