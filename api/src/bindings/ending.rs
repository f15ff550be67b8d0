//! Undoing a wrong binding.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{VillageId, VillagerId};
use infra::binding;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Why a binding is undone.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "同名,认领错了人"}))]
pub struct UnbindingIn {
    /// The reason, which is recorded.
    #[validate(length(min = 2, max = 200))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

/// Undo a binding
///
/// The user is nobody on the roster from now on, and stays signed in; roles that the villager holds
/// are theirs no more. The villager can be bound to another user. Nobody undoes their own: a colleague does.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("villager_id" = Uuid, Path, description = "The villager."),
    ),
    request_body = UnbindingIn,
    responses((status = 204, description = "Undone."), Failures)
)]
#[post("/villages/{village_id}/villagers/{villager_id}/unbinding")]
pub async fn binding_end(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<UnbindingIn>,
) -> Result<HttpResponse, Problem> {
    let ((village, villager), now) = (path.0, state.clock.now());
    let user = state
        .run(move |db| {
            let (village, villager) = (VillageId(village), VillagerId(villager));
            binding::end(db, &acting.actor, village, villager, &body.value.reason, now)
        })
        .await?;
    state.sessions.forget_user(user);
    Ok(HttpResponse::NoContent().finish())
}
