//! Households and who is in them.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{HouseholdId, VillageId};
use infra::households::{self, HouseholdDetail, HouseholdLine, Member};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A household in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": "001", "head_name": "王秀英",
    "grid_id": null, "grid_name": null, "member_count": 3
}))]
pub struct HouseholdLineOut {
    /// Its id.
    id: Uuid,
    /// 户号.
    number: String,
    /// The name of its head.
    head_name: Option<String>,
    /// The grid it lies in.
    grid_id: Option<Uuid>,
    /// The name of that grid.
    grid_name: Option<String>,
    /// How many people are in it, also those who moved away or died.
    member_count: i64,
}

impl From<HouseholdLine> for HouseholdLineOut {
    fn from(line: HouseholdLine) -> Self {
        Self {
            id: line.id,
            number: line.number,
            head_name: line.head_name,
            grid_id: line.grid_id,
            grid_name: line.grid_name,
            member_count: line.members,
        }
    }
}

/// List the households of a village
#[utoipa::path(
    tag = "review",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader),
    responses((status = 200, description = "Households by number.", body = Page<HouseholdLineOut>), Failures)
)]
#[get("/villages/{village_id}/households")]
pub async fn household_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<HouseholdLineOut>>, Problem> {
    let why = reading.at(state.clock.now());
    let PageQuery { limit, cursor } = query.0;
    let rows = state
        .run(move |db| {
            let village = VillageId(path.0);
            households::list(db, &acting.actor, village, cursor.as_deref(), limit + 1, &why)
        })
        .await?;
    Ok(Json(Page::from_one_more(rows, limit, |row| row.number.clone(), HouseholdLineOut::from)))
}

/// A household with its members.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": "001", "grid_id": null, "grid_name": null,
    "members": [{
        "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "name": "王秀英", "relation": "户主",
        "is_head": true, "id_number_masked": "5****************X", "phone_masked": "139****0001",
        "age": 58, "tracks": ["party_member"], "residence": "resident"
    }]
}))]
pub struct HouseholdOut {
    /// Its id.
    id: Uuid,
    /// 户号.
    number: String,
    /// The grid it lies in.
    grid_id: Option<Uuid>,
    /// The name of that grid.
    grid_name: Option<String>,
    /// Its members, the head first.
    #[schema(max_items = 20_000)]
    members: Vec<MemberOut>,
}

/// A member of a household.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberOut {
    /// Who.
    id: Uuid,
    /// 姓名.
    name: String,
    /// 与户主关系.
    relation: String,
    /// Whether they are the head.
    is_head: bool,
    /// First and last character of the identity number.
    id_number_masked: Option<String>,
    /// The first three and last four digits of the phone number.
    phone_masked: Option<String>,
    /// Whole years of age today.
    age: Option<u32>,
    /// `party_member`, `representative`, `volunteer`, `elder`.
    #[schema(max_items = 4)]
    tracks: Vec<String>,
    /// `resident`, `student`, `moved_away`, `deceased` or `open_legal_case`.
    residence: String,
}

impl From<Member> for MemberOut {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            name: member.name,
            relation: member.relation,
            is_head: member.is_head,
            id_number_masked: member.id_number_masked,
            phone_masked: member.phone_masked,
            age: member.age,
            tracks: member.tracks,
            residence: member.residence,
        }
    }
}

impl From<HouseholdDetail> for HouseholdOut {
    fn from(household: HouseholdDetail) -> Self {
        Self {
            id: household.id,
            number: household.number,
            grid_id: household.grid_id,
            grid_name: household.grid_name,
            members: household.members.into_iter().map(MemberOut::from).collect(),
        }
    }
}

/// A household with its members
///
/// Identity numbers and phones are masked, birthdays shown as ages.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        ReadingHeader,
    ),
    responses((status = 200, description = "The household.", body = HouseholdOut), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}")]
pub async fn household_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<HouseholdOut>, Problem> {
    let why = reading.at(state.clock.now());
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let found =
        state.run(move |db| households::show(db, &acting.actor, village, household, &why)).await?;
    Ok(Json(found.into()))
}
