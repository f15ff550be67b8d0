//! A village at a glance.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::VillageId;
use infra::villages::{self, BookInForce, VillageSummary};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::InPath;
use crate::divisions::DivisionOut;
use crate::names::SubjectName;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A village at a glance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "village": {"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "code": "520204105201", "level": "village", "name": "云岭村"},
    "town": {"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "code": "520204105", "level": "town", "name": "龙场乡"},
    "county": {"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "code": "520204", "level": "county", "name": "水城区"},
    "household_count": 312, "villager_count": 1204,
    "rule_book": {"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63", "number": 2, "name": "龙场乡诚信积分管理办法", "subject": "household"}
}))]
pub struct VillageOut {
    /// The village.
    village: DivisionOut,
    /// The town it lies in.
    town: DivisionOut,
    /// The county it lies in.
    county: DivisionOut,
    /// How many households are on the roster.
    household_count: i64,
    /// How many people are on the roster, also those who moved away or died.
    villager_count: i64,
    /// The rule book in force today, if there is one.
    rule_book: Option<BookInForceOut>,
}

/// The rule book in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookInForceOut {
    /// Its id.
    id: Uuid,
    /// The first of the village is 1.
    number: i32,
    /// Its name.
    name: String,
    /// Who has an account.
    subject: SubjectName,
}

impl From<VillageSummary> for VillageOut {
    fn from(summary: VillageSummary) -> Self {
        let book = |book: BookInForce| BookInForceOut {
            id: book.id.0,
            number: book.number,
            name: book.name,
            subject: book.subject.into(),
        };
        Self {
            village: summary.village.into(),
            town: summary.town.into(),
            county: summary.county.into(),
            household_count: summary.households,
            villager_count: summary.villagers,
            rule_book: summary.book.map(book),
        }
    }
}

/// A village at a glance
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "The village.", body = VillageOut), Failures)
)]
#[get("/villages/{village_id}")]
pub async fn village_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<VillageOut>, Problem> {
    let now = state.clock.now();
    let summary =
        state.run(move |db| villages::show(db, &acting.actor, VillageId(path.0), now)).await?;
    Ok(Json(summary.into()))
}
