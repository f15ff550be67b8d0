//! What can be reported in a village.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, put};
use domain::id::VillageId;
use domain::report::Category;
use infra::reports;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ReportKind;
use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::pagination::Page;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Something that can be reported.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"kind": "nuisance", "code": "garbage", "name": "乱倒垃圾"}))]
pub struct ReportCategoryOut {
    /// Good deed or nuisance.
    kind: ReportKind,
    /// The code, for `category`.
    code: String,
    /// What it is called.
    name: String,
}

impl From<Category> for ReportCategoryOut {
    fn from(category: Category) -> Self {
        Self { kind: category.kind.into(), code: category.code, name: category.name }
    }
}

/// Something that can be reported.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportCategoryIn {
    /// Good deed or nuisance.
    kind: ReportKind,
    /// The code, the only one of its kind.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32)]
    code: String,
    /// What it is called.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20)]
    name: String,
}

/// The whole list of a village, in the order in which it is shown.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"categories": [
    {"kind": "good_deed", "code": "help", "name": "助人为乐"},
    {"kind": "nuisance", "code": "garbage", "name": "乱倒垃圾"}
]}))]
pub struct ReportCategoriesIn {
    /// The categories; one of each kind at least.
    #[validate(length(min = 2, max = 60), nested)]
    #[schema(min_items = 2, max_items = 60)]
    categories: Vec<ReportCategoryIn>,
}

/// List what can be reported
///
/// The village's own list, or the one that comes with the program.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "The list.", body = Page<ReportCategoryOut>), Failures)
)]
#[get("/villages/{village_id}/report-categories")]
pub async fn report_category_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<Page<ReportCategoryOut>>, Problem> {
    let village = VillageId(path.0);
    let list = state.run(move |db| reports::categories(db, &acting.actor, village)).await?;
    Ok(Json(Page::whole(list.into_iter().map(ReportCategoryOut::from).collect())))
}

/// Change what can be reported
///
/// Replaces the whole list. Reports that were sent keep the names of their categories. Refused are
/// categories for what must not be reported on people: petitions, speech, belief, family planning,
/// health, poverty, kinship.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village.")),
    request_body = ReportCategoriesIn,
    responses((status = 204, description = "Changed."), Failures)
)]
#[put("/villages/{village_id}/report-categories")]
pub async fn report_category_update(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<ReportCategoriesIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let category =
        |one: ReportCategoryIn| Category { kind: one.kind.into(), code: one.code, name: one.name };
    let list: Vec<Category> = body.value.categories.into_iter().map(category).collect();
    state
        .run(move |db| reports::replace_categories(db, &acting.actor, village, &list, now))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
