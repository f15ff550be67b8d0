//! What changes about one villager.

use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use domain::id::{HouseholdId, VillageId, VillagerId};
use infra::residents::{self, Change, Move};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, filled};
use crate::names::{ResidenceName, TrackName};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What is recorded of a villager.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "residence": "resident", "tracks": ["party_member"],
    "move_to": {"household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "relation": "儿媳"},
    "reason": "2026年9月登记结婚"
}))]
pub struct VillagerIn {
    /// Where they stand.
    residence: ResidenceName,
    /// All tracks they have from now on.
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    tracks: Vec<TrackName>,
    /// The household they live in from now on, or their new place in the same one.
    #[validate(nested)]
    move_to: Option<MoveIn>,
    /// Why; it goes into the audit log.
    #[validate(length(max = 200), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// A place in a household.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveIn {
    /// The household, of the same village.
    household_id: Uuid,
    /// Relation to its head; 户主 for the head, which a household has one of.
    #[validate(length(max = 20), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 20)]
    relation: String,
}

impl From<VillagerIn> for Change {
    fn from(body: VillagerIn) -> Self {
        Self {
            residence: body.residence.into(),
            tracks: body.tracks.into_iter().map(Into::into).collect(),
            moves: body.move_to.map(|to| Move {
                household: HouseholdId(to.household_id),
                relation: to.relation.trim().to_owned(),
            }),
            reason: body.reason,
        }
    }
}

/// Change what is recorded of a villager
///
/// Who was the head of a household and leaves it, or gets another relation, leaves it without one:
/// name the next head with another request.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("villager_id" = Uuid, Path, description = "The villager."),
    ),
    request_body = VillagerIn,
    responses((status = 204, description = "Recorded."), Failures)
)]
#[put("/villages/{village_id}/villagers/{villager_id}")]
pub async fn villager_update(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<VillagerIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (village, villager) = (VillageId(path.0.0), VillagerId(path.0.1));
    let change = Change::from(body.value);
    state
        .run(move |db| residents::update(db, &acting.actor, village, villager, &change, now))
        .await?;
    // They may be signed in, and live in another household now.
    state.sessions.forget_all();
    Ok(HttpResponse::NoContent().finish())
}
