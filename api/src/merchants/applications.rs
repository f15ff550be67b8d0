//! Asking to join the alliance.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::alliance::{Answer, ApplicationState};
use domain::id::{DivisionId, MerchantApplicationId};
use infra::merchants::applications::{self, ApplicationRow, Asked, Decision};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{MapPoint, MerchantIn, MerchantKind, TradeCategory};
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, filled};
use crate::pagination::{LIMIT_MAX, Page, PageQuery, twenty};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// What somebody asks who wants to join.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "merchant": {
        "division_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "王才才批发部",
        "address": "龙场乡街上20号", "phone": "0858-1234567", "category": "food"
    },
    "contact": "王才才", "text": "经营粮油批发十年,愿意为星级户让利。"
}))]
pub struct MerchantApplicationIn {
    /// What is to be registered, and which division is asked.
    #[validate(nested)]
    merchant: MerchantIn,
    /// Whom to ask for.
    #[validate(length(min = 1, max = 30), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 30)]
    contact: String,
    /// What they say for themselves.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    text: String,
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MerchantApplicationState {
    /// Waits for an answer.
    #[default]
    Open,
    /// The merchant is registered.
    Approved,
    /// It is not.
    Refused,
    /// The applicant took it back.
    Withdrawn,
}

impl From<ApplicationState> for MerchantApplicationState {
    fn from(state: ApplicationState) -> Self {
        match state {
            ApplicationState::Open => Self::Open,
            ApplicationState::Approved => Self::Approved,
            ApplicationState::Refused => Self::Refused,
            ApplicationState::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<MerchantApplicationState> for ApplicationState {
    fn from(name: MerchantApplicationState) -> Self {
        match name {
            MerchantApplicationState::Open => Self::Open,
            MerchantApplicationState::Approved => Self::Approved,
            MerchantApplicationState::Refused => Self::Refused,
            MerchantApplicationState::Withdrawn => Self::Withdrawn,
        }
    }
}

/// An application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "application_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f67",
    "division_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "王才才批发部",
    "kind": "offline", "category": "food", "address": "龙场乡街上20号", "phone": "0858-1234567",
    "hours": "", "link": null, "spot": null, "contact": "王才才",
    "text": "经营粮油批发十年,愿意为星级户让利。", "applied_at": "2026-10-12T10:00:00+08:00",
    "state": "open", "decided_at": null, "reason": null, "merchant_id": null
}))]
pub struct MerchantApplicationOut {
    /// Its id.
    application_id: Uuid,
    /// The division that is asked.
    division_id: Uuid,
    /// The name of the merchant.
    name: String,
    /// Whether it has a shop or is on the net.
    #[schema(inline)]
    kind: MerchantKind,
    /// What it sells most of.
    #[schema(inline)]
    category: TradeCategory,
    /// Where it is.
    address: String,
    /// Its phone.
    phone: String,
    /// When it is open, in words.
    hours: String,
    /// Where one on the net is found.
    link: Option<String>,
    /// Where it is on the map.
    spot: Option<MapPoint>,
    /// Whom to ask for.
    contact: String,
    /// What they say for themselves.
    text: String,
    /// When they asked.
    applied_at: String,
    /// Where it stands.
    #[schema(inline)]
    state: MerchantApplicationState,
    /// When it was decided or taken back.
    decided_at: Option<String>,
    /// Why it was decided so.
    reason: Option<String>,
    /// The merchant that came of it.
    merchant_id: Option<Uuid>,
}

impl MerchantApplicationOut {
    fn of(row: ApplicationRow) -> Result<Self, infra::error::Error> {
        let (asked, state) = (row.asked()?, row.state()?);
        Ok(Self {
            application_id: row.id,
            division_id: row.division_id,
            name: asked.facts.name,
            kind: asked.facts.kind.into(),
            category: asked.facts.category.into(),
            address: asked.facts.address,
            phone: asked.facts.phone,
            hours: asked.shop.hours,
            link: asked.facts.link,
            spot: asked.shop.spot.map(MapPoint::from),
            contact: row.contact,
            text: row.text,
            applied_at: crate::time::shown(row.applied_at),
            state: state.into(),
            decided_at: row.decided_at.map(crate::time::shown),
            reason: row.reason,
            merchant_id: row.merchant_id,
        })
    }

    fn page(rows: Vec<ApplicationRow>, limit: i64) -> Result<Page<Self>, Problem> {
        let items = rows.into_iter().map(Self::of).collect::<Result<Vec<_>, _>>()?;
        let cursor = |item: &Self| item.application_id.to_string();
        Ok(Page::from_one_more(items, limit, cursor, |item| item))
    }
}

/// Ask to join the alliance
///
/// Whoever signed in asks a village, town or county to register their merchant. The answer is a message
/// for who is on a village's roster, and stands in the list of one's own applications for everybody.
/// One application of a person and name is open at a time, and five of a person.
#[utoipa::path(
    tag = "merchant",
    request_body = MerchantApplicationIn,
    responses((status = 201, description = "It waits for an answer.", body = MerchantApplicationOut), Failures)
)]
#[post("/merchant-applications")]
pub async fn merchant_application_create(
    acting: Acting,
    state: Data<State>,
    body: Body<MerchantApplicationIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let MerchantApplicationIn { merchant, contact, text } = body.value;
    let asked = Asked { merchant: merchant.new_merchant()?, contact, text };
    let row = state.run(move |db| applications::apply(db, &acting.actor, &asked, now)).await?;
    Ok(HttpResponse::Created().json(MerchantApplicationOut::of(row)?))
}

/// One's own applications
#[utoipa::path(
    tag = "merchant",
    params(PageQuery),
    responses((status = 200, description = "The newest first.", body = Page<MerchantApplicationOut>), Failures)
)]
#[get("/merchant-applications")]
pub async fn merchant_application_mine_list(
    acting: Acting,
    state: Data<State>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<MerchantApplicationOut>>, Problem> {
    let (limit, before) = (query.0.limit, query.0.after()?);
    let rows =
        state.run(move |db| applications::mine(db, &acting.actor, before, limit + 1)).await?;
    Ok(Json(MerchantApplicationOut::page(rows, limit)?))
}

/// Take an application back
#[utoipa::path(
    tag = "merchant",
    params(("application_id" = Uuid, Path, description = "The application.")),
    responses((status = 200, description = "Taken back.", body = MerchantApplicationOut), Failures)
)]
#[post("/merchant-applications/{application_id}/withdrawal")]
pub async fn merchant_application_withdraw(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<MerchantApplicationOut>, Problem> {
    let (application, now) = (MerchantApplicationId(path.0), state.clock.now());
    let row =
        state.run(move |db| applications::withdraw(db, &acting.actor, application, now)).await?;
    Ok(Json(MerchantApplicationOut::of(row)?))
}

/// Which applications.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MerchantApplicationQuery {
    /// In which state.
    #[serde(default)]
    #[param(inline)]
    state: MerchantApplicationState,
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

/// What a division is asked
///
/// By those who run it; a supervisor gives a reason.
#[utoipa::path(
    tag = "admin",
    params(
        ("division_id" = Uuid, Path, description = "The village, town or county."),
        MerchantApplicationQuery, ReadingHeader,
    ),
    responses((status = 200, description = "The oldest first.", body = Page<MerchantApplicationOut>), Failures)
)]
#[get("/divisions/{division_id}/merchant-applications")]
pub async fn merchant_application_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<MerchantApplicationQuery>,
) -> Result<Json<Page<MerchantApplicationOut>>, Problem> {
    let MerchantApplicationQuery { state: wanted, limit, cursor } = query.0;
    let after = PageQuery { limit, cursor }.after()?;
    let (division, why) = (DivisionId(path.0), reading.at(state.clock.now()));
    let rows = state
        .run(move |db| {
            let page = (after, limit + 1);
            applications::list(db, &acting.actor, division, wanted.into(), page, &why)
        })
        .await?;
    Ok(Json(MerchantApplicationOut::page(rows, limit)?))
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MerchantApplicationAnswer {
    /// Register the merchant; the applicant becomes its owner.
    Approve,
    /// Do not.
    Refuse,
}

/// An answer to an application.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "refuse", "reason": "营业执照已过期"}))]
pub struct MerchantApplicationDecisionIn {
    /// Yes or no.
    #[schema(inline)]
    decision: MerchantApplicationAnswer,
    /// Why; needed for a no. The applicant is told.
    #[validate(length(min = 1, max = 500), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
}

impl MerchantApplicationDecisionIn {
    fn decision(self) -> Result<Decision, Problem> {
        let answer = match self.decision {
            MerchantApplicationAnswer::Approve => Answer::Approve,
            MerchantApplicationAnswer::Refuse => Answer::Refuse,
        };
        if answer == Answer::Refuse && self.reason.is_none() {
            return Err(Problem::field(Door::Invalid, "reason", "needed for a no"));
        }
        Ok(Decision { answer, reason: self.reason })
    }
}

/// Decide on an application
///
/// Approving registers the merchant with its first shop, and makes the applicant its owner, who invites
/// everybody else. Nobody decides on their own.
#[utoipa::path(
    tag = "admin",
    request_body = MerchantApplicationDecisionIn,
    params(
        ("division_id" = Uuid, Path, description = "The village, town or county."),
        ("application_id" = Uuid, Path, description = "The application."),
    ),
    responses((status = 201, description = "Decided.", body = MerchantApplicationOut), Failures)
)]
#[post("/divisions/{division_id}/merchant-applications/{application_id}/decisions")]
pub async fn merchant_application_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<MerchantApplicationDecisionIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let at = (DivisionId(path.0.0), MerchantApplicationId(path.0.1));
    let decision = body.value.decision()?;
    let row =
        state.run(move |db| applications::decide(db, &acting.actor, at, &decision, now)).await?;
    state.sessions.forget_all();
    Ok(HttpResponse::Created().json(MerchantApplicationOut::of(row)?))
}
