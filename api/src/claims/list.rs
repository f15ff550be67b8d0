//! Lists of claims.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::id::{HouseholdId, VillageId};
use domain::rule_book::ItemKind;
use infra::claims::{self, Filter, Listed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::ClaimState;
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{LIMIT_MAX, Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// Which claims.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ClaimQuery {
    /// Of this household. A villager without another role gets the own household's anyway.
    household_id: Option<Uuid>,
    /// In this state.
    #[param(inline)]
    state: Option<ClaimState>,
    /// `mine`: what waits for one's own vote, the oldest first.
    #[param(inline)]
    queue: Option<QueueName>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

const fn twenty() -> i64 {
    20
}

/// Which queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueName {
    /// Claims at a stage of one's role, not voted on yet, of nobody to whom one is tied.
    Mine,
}

/// What an item does to the score.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KindName {
    /// 加分.
    Award,
    /// 扣分.
    Deduction,
    /// 直接判级.
    DirectGrade,
    /// 一票否决.
    Veto,
}

impl From<ItemKind> for KindName {
    fn from(kind: ItemKind) -> Self {
        match kind {
            ItemKind::Award => Self::Award,
            ItemKind::Deduction => Self::Deduction,
            ItemKind::DirectGrade => Self::DirectGrade,
            ItemKind::Veto => Self::Veto,
        }
    }
}

/// A claim in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "kind": "award",
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "person_name": "王秀英",
    "item_code": "ENV-1", "item_name": "参加村组公共区域清扫", "happened_on": "2026-10-11",
    "state": "in_review", "stage_name": "民主评议", "due_at": "2026-10-20T00:00:00+08:00",
    "overdue": false, "asked_points": "4", "granted_points": null,
    "submitted_at": "2026-10-12T10:00:00+08:00", "changed_at": "2026-10-12T10:00:00+08:00"
}))]
pub struct ClaimLineOut {
    /// The claim.
    id: Uuid,
    /// Award or deduction.
    kind: KindName,
    /// The household it is for.
    household_id: Uuid,
    /// The person it is for.
    person_id: Uuid,
    /// What they are called.
    person_name: String,
    /// The item.
    item_code: String,
    /// What it is called.
    item_name: String,
    /// The day of the deed.
    happened_on: NaiveDate,
    /// Where it stands.
    state: ClaimState,
    /// The stage that looks at it, while it is under review.
    stage_name: Option<String>,
    /// Until when that stage should decide.
    due_at: Option<String>,
    /// Whether that time has passed.
    overdue: bool,
    /// The points before caps. A deduction's points are above zero too.
    asked_points: String,
    /// The points that count; once it is certified.
    granted_points: Option<String>,
    /// When it was made.
    submitted_at: String,
    /// When it changed last.
    changed_at: String,
}

impl From<Listed> for ClaimLineOut {
    fn from(listed: Listed) -> Self {
        let (kept, claim) = (&listed.kept, &listed.kept.claim);
        Self {
            id: claim.id.0,
            kind: claim.kind.into(),
            household_id: claim.household.0,
            person_id: claim.person.0,
            item_code: claim.item_code.clone(),
            happened_on: claim.happened_on,
            state: claim.state.into(),
            due_at: claim.stage_due_at.map(shown),
            overdue: listed.is_overdue,
            asked_points: claim.asked.to_string(),
            granted_points: claim.granted.map(|points| points.to_string()),
            submitted_at: shown(kept.submitted_at),
            changed_at: shown(kept.changed_at),
            person_name: listed.person_name,
            item_name: listed.item_name,
            stage_name: listed.stage_name,
        }
    }
}

/// List claims
///
/// Villagers see their own household's, officers the village's; the newest first. With
/// `queue=mine`: what waits for one's own vote, the oldest first, `overdue` once its time has passed.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), ClaimQuery, ReadingHeader),
    responses((status = 200, description = "A page of claims.", body = Page<ClaimLineOut>), Failures)
)]
#[get("/villages/{village_id}/claims")]
pub async fn claim_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<ClaimQuery>,
) -> Result<Json<Page<ClaimLineOut>>, Problem> {
    let (village, query) = (VillageId(path.0), query.0);
    let why = reading.at(state.clock.now());
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let (after, limit) = (page.after::<Uuid>()?, page.limit);
    let filter = Filter {
        household: query.household_id.map(HouseholdId),
        state: query.state.map(Into::into),
        waiting_for_me: query.queue.is_some(),
    };
    let rows = state
        .run(move |db| claims::list(db, &acting.actor, village, filter, (after, limit), &why))
        .await?;
    let cursor = |row: &Listed| row.kept.claim.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, ClaimLineOut::from)))
}
