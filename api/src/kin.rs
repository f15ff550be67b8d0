//! Declared kin (亲属), on whom nobody decides.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, post};
use domain::id::{VillageId, VillagerId};
use infra::kin::{self, KinLine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery};
use crate::names::KinName;
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A tie to declare.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kin_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "relation": "sibling"}))]
pub struct KinIn {
    /// Who.
    kin_id: Uuid,
    /// What they are to the villager.
    relation: KinName,
}

/// Somebody's kin.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kin_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "name": "李大山",
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "relation": "sibling",
    "recorded_at": "2026-10-12T10:00:00+08:00"
}))]
pub struct KinOut {
    /// Who.
    kin_id: Uuid,
    /// 姓名.
    name: String,
    /// In which household.
    household_id: Uuid,
    /// What they are to the villager.
    relation: KinName,
    /// When it was declared.
    recorded_at: String,
}

impl From<KinLine> for KinOut {
    fn from(line: KinLine) -> Self {
        Self {
            kin_id: line.kin.0,
            name: line.name,
            household_id: line.household.0,
            relation: line.relation.into(),
            recorded_at: crate::time::shown(line.recorded_at),
        }
    }
}

/// Declare kin
///
/// Both directions at once: who is a parent to one has them as a child.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("villager_id" = Uuid, Path, description = "The villager."),
    ),
    request_body = KinIn,
    responses((status = 201, description = "Declared."), Failures)
)]
#[post("/villages/{village_id}/villagers/{villager_id}/kin")]
pub async fn kin_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<KinIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (village, pair) =
        (VillageId(path.0.0), (VillagerId(path.0.1), VillagerId(body.value.kin_id)));
    let relation = body.value.relation.into();
    state.run(move |db| kin::create(db, &acting.actor, village, pair, relation, now)).await?;
    Ok(HttpResponse::Created().finish())
}

/// List the declared kin of a villager
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("villager_id" = Uuid, Path, description = "The villager."),
        PageQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "Kin.", body = Page<KinOut>), Failures)
)]
#[get("/villages/{village_id}/villagers/{villager_id}/kin")]
pub async fn kin_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<KinOut>>, Problem> {
    let (limit, after) = (query.0.limit, query.0.after::<Uuid>()?);
    let (village, villager) = (VillageId(path.0.0), VillagerId(path.0.1));
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| kin::list(db, &acting.actor, village, villager, after, limit + 1, &why))
        .await?;
    Ok(Json(Page::from_one_more(rows, limit, |row| row.kin.to_string(), KinOut::from)))
}

/// Take a declaration of kin back
///
/// Both directions at once.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("villager_id" = Uuid, Path, description = "The villager."),
        ("kin_id" = Uuid, Path, description = "Their kin."),
    ),
    responses((status = 204, description = "Taken back."), Failures)
)]
#[delete("/villages/{village_id}/villagers/{villager_id}/kin/{kin_id}")]
pub async fn kin_delete(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (village, villager, kin_id) = path.0;
    let pair = (VillagerId(villager), VillagerId(kin_id));
    state.run(move |db| kin::delete(db, &acting.actor, VillageId(village), pair, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
