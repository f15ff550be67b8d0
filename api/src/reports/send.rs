//! Sending a report.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{PhotoId, VillageId};
use infra::reports::{self, NewReport};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{ReportKind, ReportReceiptOut, SpotIn};
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// What somebody reports.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "nuisance", "category": "garbage",
    "spot": {"latitude_e6": 26_541_234, "longitude_e6": 104_712_345}, "place": "村口小桥边",
    "text": "桥下倒了一堆建筑垃圾", "photo_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"]
}))]
pub struct ReportIn {
    /// Good deed or nuisance.
    kind: ReportKind,
    /// The code of one of the village's categories of that kind.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32)]
    category: String,
    /// Where, exactly.
    #[validate(nested)]
    spot: SpotIn,
    /// Where, in words.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    place: String,
    /// What was seen: facts.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
    /// Photos from `photo_upload`, uploaded by whoever reports and not used before; each once.
    #[validate(length(max = 9))]
    #[schema(min_items = 1, max_items = 9)]
    photo_ids: Vec<Uuid>,
}

/// The photos of a body, each once.
///
/// # Errors
/// `invalid` if one stands twice.
pub(super) fn photos(ids: Vec<Uuid>) -> Result<Vec<PhotoId>, Problem> {
    let once: std::collections::BTreeSet<_> = ids.iter().collect();
    if once.len() < ids.len() {
        return Err(Problem::field(Door::Invalid, "photo_ids", "a photo stands twice"));
    }
    Ok(ids.into_iter().map(PhotoId).collect())
}

/// Report a good deed or a nuisance (随手拍)
///
/// Ask `report_nearby` first. Text and photos are checked before anybody sees them who does not have
/// to deal with them. Who reported it is shown to nobody but triage, and every look is recorded: not
/// in the report, its timeline, messages, comments, the audit log or a claim that comes of it. One
/// person sends 10 a day at most, and none again while one's own of the same category within 50 m is
/// open.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = ReportIn,
    responses((status = 201, description = "Sent.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports")]
pub async fn report_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<ReportIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let ReportIn { kind, category, spot, place, text, photo_ids } = body.value;
    let (spot, photos) = (spot.try_into()?, photos(photo_ids)?);
    let new = NewReport { kind: kind.into(), category, spot, place, text, photos };
    let receipt =
        state.run(move |db| reports::create(db, &acting.actor, village, &new, &once, now)).await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}
