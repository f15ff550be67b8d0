//! Links to a photo by its id.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{PhotoId, VillageId};
use infra::photos;
use uuid::Uuid;

use super::PhotoOut;
use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// Get links to a photo
///
/// For the households whose claims it supports, for whoever uploaded it, for officers and
/// supervisors. Photos of reports and lists come with what they belong to.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("photo_id" = Uuid, Path, description = "The photo."),
        ReadingHeader,
    ),
    responses((status = 200, description = "The photo.", body = PhotoOut), Failures)
)]
#[get("/villages/{village_id}/photos/{photo_id}")]
pub async fn photo_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<PhotoOut>, Problem> {
    let (village, id) = (VillageId(path.0.0), PhotoId(path.0.1));
    let why = reading.at(state.clock.now());
    let photo = state.run(move |db| photos::show(db, &acting.actor, village, id, &why)).await?;
    Ok(Json(PhotoOut::of(&state, village, &photo)))
}
