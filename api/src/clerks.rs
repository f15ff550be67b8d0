//! Who stands at a merchant's till.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::actor::Role;
use domain::id::{MerchantId, ShopId, UserId};
use domain::person::masked_name;
use infra::merchants::clerks::{self, Clerk, Invited};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery};
use crate::merchants::ReasonIn;
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A role at a merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TillRole {
    /// Owns it: invites and dismisses, sees statements.
    MerchantOwner,
    /// Scans, sells and refunds.
    MerchantClerk,
}

impl From<TillRole> for Role {
    fn from(role: TillRole) -> Self {
        match role {
            TillRole::MerchantOwner => Self::MerchantOwner,
            TillRole::MerchantClerk => Self::MerchantClerk,
        }
    }
}

impl From<Role> for TillRole {
    fn from(role: Role) -> Self {
        if role == Role::MerchantOwner { Self::MerchantOwner } else { Self::MerchantClerk }
    }
}

/// Whom to invite.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "merchant_clerk"}))]
pub struct ClerkInvitationIn {
    /// To which role.
    role: TillRole,
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "H7KQ2MXW4R", "role": "merchant_clerk", "expires_at": "2026-11-11T10:00:00+08:00"
}))]
pub struct ClerkInvitationOut {
    /// To type in once, after signing in. It is told only here.
    code: String,
    /// To which role.
    role: TillRole,
    /// Until when it is good.
    expires_at: String,
}

impl From<Invited> for ClerkInvitationOut {
    fn from(invited: Invited) -> Self {
        Self {
            code: invited.code,
            role: invited.role.into(),
            expires_at: crate::time::shown(invited.expires_at),
        }
    }
}

/// Invite a clerk
#[utoipa::path(
    tag = "merchant",
    request_body = ClerkInvitationIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant.")),
    responses((status = 201, description = "Invited.", body = ClerkInvitationOut), Failures)
)]
#[post("/merchants/{merchant_id}/clerk-invitations")]
pub async fn clerk_invite(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<ClerkInvitationIn>,
) -> Result<HttpResponse, Problem> {
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let role = body.value.role.into();
    let invited =
        state.run(move |db| clerks::invite(db, &acting.actor, merchant, role, now)).await?;
    Ok(HttpResponse::Created().json(ClerkInvitationOut::from(invited)))
}

/// Somebody at the till.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "user_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "role": "merchant_clerk",
    "shop_id": null, "masked_name": "王*", "since": "2026-10-12T10:00:00+08:00"
}))]
pub struct ClerkOut {
    /// The user.
    user_id: Uuid,
    /// Owner or clerk.
    role: TillRole,
    /// At which shop they stand; none: at all of them.
    shop_id: Option<Uuid>,
    /// The masked name, if they are on a village's roster.
    masked_name: Option<String>,
    /// Since when.
    since: String,
}

impl From<Clerk> for ClerkOut {
    fn from(clerk: Clerk) -> Self {
        Self {
            user_id: clerk.user.0,
            role: clerk.role.into(),
            shop_id: clerk.shop.map(|shop| shop.0),
            masked_name: clerk.name.as_deref().map(masked_name),
            since: crate::time::shown(clerk.since),
        }
    }
}

/// Who stands at the till
#[utoipa::path(
    tag = "merchant",
    params(("merchant_id" = Uuid, Path, description = "The merchant."), PageQuery),
    responses((status = 200, description = "Owners and clerks, the first who came first.", body = Page<ClerkOut>), Failures)
)]
#[get("/merchants/{merchant_id}/clerks")]
pub async fn clerk_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<ClerkOut>>, Problem> {
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let (limit, after) = (query.0.limit, query.0.after()?);
    let rows =
        state.run(move |db| clerks::list(db, &acting.actor, merchant, (after, limit), now)).await?;
    let cursor = |clerk: &Clerk| clerk.grant.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, ClerkOut::from)))
}

/// Dismiss a clerk
///
/// Ends all roles of that user at the merchant, at once. Nobody dismisses themselves.
#[utoipa::path(
    tag = "merchant",
    request_body = ReasonIn,
    params(
        ("merchant_id" = Uuid, Path, description = "The merchant."),
        ("user_id" = Uuid, Path, description = "The user."),
    ),
    responses((status = 204, description = "Dismissed."), Failures)
)]
#[post("/merchants/{merchant_id}/clerks/{user_id}/dismissal")]
pub async fn clerk_dismiss(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ReasonIn>,
) -> Result<HttpResponse, Problem> {
    let (merchant, clerk, now) = (MerchantId(path.0.0), UserId(path.0.1), state.clock.now());
    state
        .run(move |db| clerks::dismiss(db, &acting.actor, merchant, clerk, &body.value.reason, now))
        .await?;
    state.sessions.forget_all();
    Ok(HttpResponse::NoContent().finish())
}

/// Where a clerk stands.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"shop_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66"}))]
pub struct ClerkShopIn {
    /// The shop; none: at all of them.
    shop_id: Option<Uuid>,
}

/// Assign a clerk to a shop
///
/// From this moment the clerk scans and sells there only, and need not name the shop. Owners stand at
/// all shops.
#[utoipa::path(
    tag = "merchant",
    request_body = ClerkShopIn,
    params(
        ("merchant_id" = Uuid, Path, description = "The merchant."),
        ("user_id" = Uuid, Path, description = "The clerk."),
    ),
    responses((status = 204, description = "Assigned."), Failures)
)]
#[post("/merchants/{merchant_id}/clerks/{user_id}/shop")]
pub async fn clerk_assign(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ClerkShopIn>,
) -> Result<HttpResponse, Problem> {
    let (merchant, clerk, now) = (MerchantId(path.0.0), UserId(path.0.1), state.clock.now());
    let shop = body.value.shop_id.map(ShopId);
    state.run(move |db| clerks::assign(db, &acting.actor, merchant, clerk, shop, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
