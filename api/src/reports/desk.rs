//! Triage: taking on, refusing, joining, dispatching, closing.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{GridId, HouseholdId, ReportId, VillageId, VillagerId};
use infra::reports::{self, Decision, Named};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ReportReceiptOut;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// What triage decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriageName {
    /// 受理: takes it on.
    Accept,
    /// 不予受理: with a reason.
    Refuse,
    /// 并案: the same as another report.
    Join,
}

/// A decision on a report.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "decision": "accept", "praised_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"
}))]
pub struct TriageIn {
    /// What.
    #[schema(inline)]
    decision: TriageName,
    /// Why; to refuse, and only then. Whoever sent the report reads it.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    reason: Option<String>,
    /// To join, and only then: the report that is dealt with.
    joined_to: Option<Uuid>,
    /// Of a good deed: the person praised.
    praised_id: Option<Uuid>,
    /// Of a good deed: others who can be recognised in text or photos. All are asked for consent.
    #[serde(default)]
    #[validate(length(max = 19))]
    #[schema(max_items = 19)]
    shown_ids: Vec<Uuid>,
    /// Of a good deed that names nobody: that nobody can be recognised, so that nobody is asked.
    #[serde(default)]
    nobody_shown: bool,
    /// Of a nuisance: the household that it seems to come from. It sees the report, and may comment.
    concerned_household_id: Option<Uuid>,
    /// The grid in which it lies.
    grid_id: Option<Uuid>,
}

impl TriageIn {
    fn decision(self) -> Result<Decision, Problem> {
        let wrong = |field, message| Err(Problem::field(Door::Invalid, field, message));
        let names = self.praised_id.is_some()
            || !self.shown_ids.is_empty()
            || self.nobody_shown
            || self.concerned_household_id.is_some()
            || self.grid_id.is_some();
        match (self.decision, self.reason, self.joined_to) {
            (TriageName::Accept, None, None) => Ok(Decision::Accept {
                named: Named {
                    praised: self.praised_id.map(VillagerId),
                    shown: self.shown_ids.into_iter().map(VillagerId).collect(),
                    concerned: self.concerned_household_id.map(HouseholdId),
                    nobody_shown: self.nobody_shown,
                },
                grid: self.grid_id.map(GridId),
            }),
            (TriageName::Refuse, Some(reason), None) if !names => Ok(Decision::Refuse { reason }),
            (TriageName::Join, None, Some(to)) if !names => Ok(Decision::Join { to: ReportId(to) }),
            (TriageName::Refuse, None, _) => wrong("reason", "needed to refuse"),
            (TriageName::Join, _, None) => wrong("joined_to", "needed to join"),
            _ => wrong("decision", "a field does not go with this decision"),
        }
    }
}

/// Take a report on, refuse it, or join it to another
///
/// Nobody does with a report of their own, or where their own household or kin is concerned. Taking
/// on a good deed says who can be recognised, or that nobody can: all of them are asked whether they
/// agree to be shown. A report is joined to another of its kind that somebody still deals with, and
/// what was joined to it goes along. Whoever sent the report is told.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = TriageIn,
    responses((status = 201, description = "Decided.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/triage")]
pub async fn report_triage(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<TriageIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let decision = body.value.decision()?;
    let receipt =
        state.run(move |db| reports::triage(db, &acting.actor, at, &decision, &once, now)).await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}

/// To whom a report is given.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "worker_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "working_days": 3, "note": "先联系户主"
}))]
pub struct DispatchIn {
    /// The villager who is grid worker.
    worker_id: Uuid,
    /// Within how many working days it is to be done.
    #[validate(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    working_days: u16,
    /// What there is to say to them.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    note: Option<String>,
}

/// Dispatch a report to a grid worker (派单)
///
/// Once it is taken on, again after it was reopened, and to another while one has it in hand. The
/// worker must be free: of another household than those concerned, and no kin; which of these it is,
/// is not said. The worker and whoever sent the report are told.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = DispatchIn,
    responses((status = 201, description = "Dispatched.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/dispatches")]
pub async fn report_dispatch(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<DispatchIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let DispatchIn { worker_id, working_days, note } = body.value;
    let receipt = state
        .run(move |db| {
            let to = (VillagerId(worker_id), working_days, note.as_deref());
            reports::dispatch(db, &acting.actor, at, to, &once, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}

/// Why something is done.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "已由镇里统一清运"}))]
pub struct ReportReasonIn {
    /// Why.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub(super) reason: String,
}

/// Close a report (销号)
///
/// With a reason, which whoever sent it reads.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = ReportReasonIn,
    responses((status = 201, description = "Closed.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/strikes")]
pub async fn report_strike(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ReportReasonIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason;
    let receipt =
        state.run(move |db| reports::strike(db, &acting.actor, at, &reason, &once, now)).await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}
