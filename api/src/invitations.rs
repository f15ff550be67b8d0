//! Printed codes that bind to a villager. Who redeems one calls `binding_create`.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{VillageId, VillagerId};
use infra::invitations::{self, Printed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// For whom.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"villager_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"}))]
pub struct InvitationIn {
    /// The villager.
    villager_id: Uuid,
}

/// A code to print.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "code": "7KXM4GRT9W",
    "expires_at": "2026-11-11T10:00:00+08:00"
}))]
pub struct InvitationOut {
    /// The invitation.
    id: Uuid,
    /// Ten letters and digits that nobody mistakes for each other. Shown this once.
    code: String,
    /// Until when it is good.
    expires_at: String,
}

impl From<Printed> for InvitationOut {
    fn from(printed: Printed) -> Self {
        Self {
            id: printed.id,
            code: printed.code,
            expires_at: crate::time::shown(printed.expires_at),
        }
    }
}

/// Print an invitation code
///
/// For a villager without a phone on the roster. The code binds whoever enters it, once, within 30
/// days; only a hash of it is kept. Printing another makes the one before void, so a code that was
/// lost is harmless.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village.")),
    request_body = InvitationIn,
    responses((status = 201, description = "The code.", body = InvitationOut), Failures)
)]
#[post("/villages/{village_id}/invitations")]
pub async fn invitation_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<InvitationIn>,
) -> Result<HttpResponse, Problem> {
    let (village, villager) = (VillageId(path.0), VillagerId(body.value.villager_id));
    let now = state.clock.now();
    let printed =
        state.run(move |db| invitations::create(db, &acting.actor, village, villager, now)).await?;
    Ok(HttpResponse::Created().json(InvitationOut::from(printed)))
}
