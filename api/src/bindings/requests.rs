//! What cadres do with sign-ins that matched nothing.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{UserId, VillageId, VillagerId};
use infra::binding::{self, Decision, RequestRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery};
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// Somebody who asks who they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "user_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "name": "陈桂芳", "note": "三组陈家老屋,手机换过号", "requested_at": "2026-10-12T10:00:00+08:00",
    "state": "waiting"
}))]
pub struct BindingRequestOut {
    /// Its id.
    id: Uuid,
    /// Who asks.
    user_id: Uuid,
    /// The name that they gave.
    name: String,
    /// What they wrote.
    note: String,
    /// When.
    requested_at: String,
    /// `waiting`, `accepted` or `refused`.
    state: String,
}

impl From<RequestRow> for BindingRequestOut {
    fn from(row: RequestRow) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            name: row.name,
            note: row.note,
            requested_at: crate::time::shown(row.requested_at),
            state: row.state,
        }
    }
}

/// List the requests that wait
///
/// Sign-ins that matched nothing on the roster, the longest waiting first.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader,
    ),
    responses((status = 200, description = "Those that wait.", body = Page<BindingRequestOut>), Failures)
)]
#[get("/villages/{village_id}/binding-requests")]
pub async fn binding_request_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<BindingRequestOut>>, Problem> {
    let (village, limit, after) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| binding::requests(db, &acting.actor, village, after, limit, &why))
        .await?;
    let cursor = |row: &RequestRow| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, BindingRequestOut::from)))
}

/// What a cadre says: either `accept` with the villager that it is, or `refuse` with the reason.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"accept": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"}))]
pub struct BindingDecisionIn {
    /// It is this villager.
    accept: Option<Uuid>,
    /// No, for this reason, which the user sees.
    #[validate(length(min = 2, max = 200))]
    #[schema(min_length = 2, max_length = 200)]
    refuse: Option<String>,
}

impl BindingDecisionIn {
    fn decision(self) -> Result<Decision, Problem> {
        match (self.accept, self.refuse) {
            (Some(villager), None) => Ok(Decision::Accept(VillagerId(villager))),
            (None, Some(reason)) => Ok(Decision::Refuse(reason)),
            (Some(_), Some(_)) | (None, None) => {
                Err(Problem::field(Door::Invalid, "accept", "either accept or refuse"))
            }
        }
    }
}

/// Decide on a request
///
/// Accepting binds the user to the villager. What the user asked of other villages is closed.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("request_id" = Uuid, Path, description = "The request."),
    ),
    request_body = BindingDecisionIn,
    responses((status = 201, description = "Decided.", body = BindingRequestOut), Failures)
)]
#[post("/villages/{village_id}/binding-requests/{request_id}/decisions")]
pub async fn binding_request_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<BindingDecisionIn>,
) -> Result<HttpResponse, Problem> {
    let ((village, request), now) = (path.0, state.clock.now());
    let decision = body.value.decision()?;
    let row = state
        .run(move |db| {
            binding::decide(db, &acting.actor, VillageId(village), request, &decision, now)
        })
        .await?;
    state.sessions.forget_user(UserId(row.user_id));
    Ok(HttpResponse::Created().json(BindingRequestOut::from(row)))
}
