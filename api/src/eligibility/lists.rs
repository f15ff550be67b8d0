//! Making lists, and what the village sees of them.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, post};
use domain::eligibility::TITLE_CHARS_MAX;
use domain::id::{EligibilityListId, VillageId};
use infra::eligibility::{self, ListRow, Plan, ShownEntry};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::conditions::{ConditionsBody, EligibilityReasonOut};
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::names::names;
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

names! {
    /// What a list is for.
    PurposeName = domain::eligibility::Purpose {
        /// 贷款授信: the credit union decides.
        Loan,
        /// 表彰奖励.
        Award,
        /// 荣誉称号.
        Title,
        /// 推荐人选: a reference only.
        Recommendation,
    }
}

/// A list to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "purpose": "title", "title": "最美家庭候选", "conditions": {
        "stars": {"min": 4, "ratings": 2}, "no_veto": true, "no_direct_grade": true
    }
}))]
pub struct EligibilityListIn {
    /// What it is for.
    #[schema(inline)]
    purpose: PurposeName,
    /// What people call it. What everybody has a right to (低保, 养老金, 医保, 入学 …) is refused.
    #[validate(length(max = TITLE_CHARS_MAX), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    title: String,
    /// What it asks.
    #[validate(nested)]
    conditions: ConditionsBody,
}

/// A list of who fits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "purpose": "title", "title": "最美家庭候选",
    "conditions": {
        "stars": {"min": 4, "ratings": 2}, "points": null, "tracks": [], "no_veto": true,
        "no_direct_grade": true
    },
    "as_of": "2027-01-10T09:00:00+08:00"
}))]
pub struct EligibilityListOut {
    /// Its id.
    id: Uuid,
    /// What it is for.
    #[schema(inline)]
    purpose: PurposeName,
    /// What people call it.
    title: String,
    /// What it asks.
    conditions: ConditionsBody,
    /// When it was computed.
    as_of: String,
}

impl EligibilityListOut {
    fn of(row: ListRow) -> Result<Self, Problem> {
        let purpose = row.purpose()?.into();
        Ok(Self {
            conditions: row.conditions()?.into(),
            id: row.id,
            purpose,
            title: row.title,
            as_of: shown(row.as_of),
        })
    }
}

/// Somebody who fits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "household_number": "001",
    "name": "王秀英", "reasons": [
        {"condition": "rated", "met": true},
        {"condition": "stars", "met": true, "asked": {"min": 4, "ratings": 2}, "had": [5, 4]}
    ]
}))]
pub struct EligibilityEntryOut {
    /// The account.
    account_id: Uuid,
    /// 户号.
    household_number: String,
    /// The person's name, or that of the head of the household.
    name: Option<String>,
    /// Why: every condition with what was found.
    #[schema(max_items = 6)]
    reasons: Vec<EligibilityReasonOut>,
}

impl From<ShownEntry> for EligibilityEntryOut {
    fn from(entry: ShownEntry) -> Self {
        Self {
            account_id: entry.account,
            household_number: entry.household_number,
            name: entry.name,
            reasons: entry.reasons.into_iter().map(Into::into).collect(),
        }
    }
}

/// Make a list of who fits (推荐名单)
///
/// Computed for the whole village from ratings in effect and posted points. Only who fits stands on it,
/// with the reasons; nobody is shown as left out. It decides nothing: a loan is the credit union's
/// matter, a title that of those who give it.
#[utoipa::path(
    tag = "admin",
    request_body = EligibilityListIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "Made.", body = EligibilityListOut), Failures)
)]
#[post("/villages/{village_id}/eligibility-lists")]
pub async fn eligibility_list_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<EligibilityListIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let EligibilityListIn { purpose, title, conditions } = body.value;
    let plan = Plan {
        purpose: purpose.into(),
        title: title.trim().to_owned(),
        conditions: conditions.read()?,
    };
    let row = state
        .run(move |db| eligibility::create(db, &acting.actor, village, &plan, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(EligibilityListOut::of(row)?))
}

/// List the lists of who fits
///
/// Those that have not ended, the newest first.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader),
    responses((status = 200, description = "The lists.", body = Page<EligibilityListOut>), Failures)
)]
#[get("/villages/{village_id}/eligibility-lists")]
pub async fn eligibility_list_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<EligibilityListOut>>, Problem> {
    let (village, limit, before) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| eligibility::list(db, &acting.actor, village, (before, limit + 1), &why))
        .await?;
    let lists = rows.into_iter().map(EligibilityListOut::of).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(Page::from_one_more(lists, limit, |list| list.id.to_string(), |list| list)))
}

/// List who fits
///
/// Without the households that do not want to be listed.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("eligibility_list_id" = Uuid, Path, description = "The list."),
        PageQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "Who fits.", body = Page<EligibilityEntryOut>), Failures)
)]
#[get("/villages/{village_id}/eligibility-lists/{eligibility_list_id}/entries")]
pub async fn eligibility_entry_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<EligibilityEntryOut>>, Problem> {
    let (village, id) = (VillageId(path.0.0), EligibilityListId(path.0.1));
    let (limit, after) = (query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| {
            eligibility::entries(db, &acting.actor, village, id, (after, limit + 1), &why)
        })
        .await?;
    let cursor = |entry: &ShownEntry| entry.account.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, EligibilityEntryOut::from)))
}

/// End a list of who fits
///
/// It is shown no more.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("eligibility_list_id" = Uuid, Path, description = "The list."),
    ),
    responses((status = 204, description = "Ended."), Failures)
)]
#[delete("/villages/{village_id}/eligibility-lists/{eligibility_list_id}")]
pub async fn eligibility_list_end(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (village, id) = (VillageId(path.0.0), EligibilityListId(path.0.1));
    let now = state.clock.now();
    state.run(move |db| eligibility::end(db, &acting.actor, village, id, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
