//! Roles for divisions: granting, listing, ending.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use domain::actor::Role;
use domain::id::{DivisionId, UserId, VillagerId};
use infra::role_grants::{self, Ask, GrantRow, To};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader};
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// A role to grant.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "role": "panel_member", "villager_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "ends_at": "2027-12-31T23:59:59+08:00", "reason": "村民代表大会推选"
}))]
pub struct RoleGrantIn {
    /// The role.
    #[schema(schema_with = crate::roles::schema)]
    role: Role,
    /// To a villager of the village, also one who has not signed in yet. Either this or `user_id`.
    villager_id: Option<Uuid>,
    /// To a user, also one who is on no roster: `user_id` in their `me_show`.
    user_id: Option<Uuid>,
    /// From when on; now if absent or past.
    begins_at: Option<DateTime<Utc>>,
    /// Until when; until further notice if absent.
    ends_at: Option<DateTime<Utc>>,
    /// Why, for the record and for the holder.
    #[validate(length(min = 2, max = 200))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

impl RoleGrantIn {
    fn ask(self) -> Result<Ask, Problem> {
        let to = match (self.villager_id, self.user_id) {
            (Some(villager), None) => To::Villager(VillagerId(villager)),
            (None, Some(user)) => To::User(UserId(user)),
            (Some(_), Some(_)) | (None, None) => {
                let message = "either villager_id or user_id";
                return Err(Problem::field(Door::Invalid, "villager_id", message));
            }
        };
        let Self { role, begins_at, ends_at, reason, .. } = self;
        Ok(Ask { role, to, begins_at, ends_at, reason })
    }
}

/// A role that was granted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "role": "panel_member", "user_id": null,
    "villager_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "name": "周德福",
    "begins_at": "2026-10-12T10:00:00+08:00", "ends_at": "2027-12-31T23:59:59+08:00",
    "standing": "held", "reason": "村民代表大会推选",
    "granted_by": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "granted_at": "2026-10-12T10:00:00+08:00",
    "ended_by": null, "ended_at": null
}))]
pub struct RoleGrantOut {
    /// Its id.
    id: Uuid,
    /// The role.
    #[schema(schema_with = crate::roles::schema)]
    role: String,
    /// The user it was granted to, if it was granted to a user.
    user_id: Option<Uuid>,
    /// The villager it was granted to, if it was granted to a villager.
    villager_id: Option<Uuid>,
    /// Who holds it, if they are on a roster.
    name: Option<String>,
    /// From when on.
    begins_at: String,
    /// Until when.
    ends_at: Option<String>,
    /// `planned`, `held` or `over`.
    #[schema(example = "held")]
    standing: &'static str,
    /// Why it was granted.
    reason: String,
    /// The user who granted it.
    granted_by: Option<Uuid>,
    /// When.
    granted_at: String,
    /// The user who ended it before its term.
    ended_by: Option<Uuid>,
    /// When.
    ended_at: Option<String>,
}

impl RoleGrantOut {
    fn of(row: GrantRow, now: DateTime<Utc>) -> Self {
        Self {
            standing: row.standing(now).as_str(),
            id: row.id,
            role: row.role,
            user_id: row.user_id,
            villager_id: row.villager_id,
            name: row.name,
            begins_at: crate::time::shown(row.begins_at),
            ends_at: row.ends_at.map(crate::time::shown),
            reason: row.reason,
            granted_by: row.granted_by,
            granted_at: crate::time::shown(row.granted_at),
            ended_by: row.ended_by,
            ended_at: row.ended_at.map(crate::time::shown),
        }
    }
}

/// Grant a role
///
/// Each level grants the roles below it: a village its helpers, a town the villages' administrators,
/// a county the towns' officers and the supervisors, the platform the counties' operators. Roles at
/// a merchant come by its owner's invitation.
#[utoipa::path(
    tag = "admin",
    params(("division_id" = Uuid, Path, description = "The county, town or village."), KeyHeader),
    request_body = RoleGrantIn,
    responses((status = 201, description = "Granted.", body = RoleGrantOut), Failures)
)]
#[post("/divisions/{division_id}/role-grants")]
pub async fn role_grant_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<RoleGrantIn>,
) -> Result<HttpResponse, Problem> {
    let (division, now) = (DivisionId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let ask = body.value.ask()?;
    let row = state
        .run(move |db| role_grants::create(db, &acting.actor, division, &ask, &once, now))
        .await?;
    state.sessions.forget_all();
    Ok(HttpResponse::Created().json(RoleGrantOut::of(row, now)))
}

/// List the roles of a division
///
/// Those granted for this division itself, over ones included, the newest first.
#[utoipa::path(
    tag = "admin",
    params(
        ("division_id" = Uuid, Path, description = "The county, town or village."),
        PageQuery,
    ),
    responses((status = 200, description = "The roles.", body = Page<RoleGrantOut>), Failures)
)]
#[get("/divisions/{division_id}/role-grants")]
pub async fn role_grant_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<RoleGrantOut>>, Problem> {
    let (division, now) = (DivisionId(path.0), state.clock.now());
    let (limit, before) = (query.0.limit, query.0.after()?);
    let rows =
        state.run(move |db| role_grants::list(db, &acting.actor, division, before, limit)).await?;
    let cursor = |row: &GrantRow| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, |row| RoleGrantOut::of(row, now))))
}

/// Why a role is ended.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "任期未满,本人辞去"}))]
pub struct RoleEndIn {
    /// The reason, for the record and for the holder.
    #[validate(length(min = 2, max = 200))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

/// End a role
///
/// From this moment on. Whoever may grant a role may end it.
#[utoipa::path(
    tag = "admin",
    params(
        ("division_id" = Uuid, Path, description = "The county, town or village."),
        ("grant_id" = Uuid, Path, description = "The grant."),
    ),
    request_body = RoleEndIn,
    responses((status = 201, description = "Ended.", body = RoleGrantOut), Failures)
)]
#[post("/divisions/{division_id}/role-grants/{grant_id}/end")]
pub async fn role_grant_end(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<RoleEndIn>,
) -> Result<HttpResponse, Problem> {
    let ((division, grant), now) = (path.0, state.clock.now());
    let row = state
        .run(move |db| {
            let (division, reason) = (DivisionId(division), &body.value.reason);
            role_grants::end(db, &acting.actor, division, grant, reason, now)
        })
        .await?;
    state.sessions.forget_all();
    Ok(HttpResponse::Created().json(RoleGrantOut::of(row, now)))
}
