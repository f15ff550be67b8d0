//! One report.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use domain::id::{ReportId, VillageId};
use domain::report::View;
use infra::reports::{self, Happened, Shown, ShownParty};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::names::DatumName;
use super::{ReportKind, ReportState};
use crate::answers::Failures;
use crate::body::InPath;
use crate::photos::PhotoOut;
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A report, as whoever looks sees it. Who sent it is no part of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "seen_as": "reporter", "kind": "nuisance",
    "category": "garbage", "category_name": "乱倒垃圾",
    "spot": {"latitude_e6": 26_541_234, "longitude_e6": 104_712_345, "datum": "gcj02"},
    "place": "村口小桥边", "text": "桥下倒了一堆建筑垃圾", "photos": [], "standing": "public",
    "in_feed": false, "state": "dispatched", "due_at": "2026-10-16T00:00:00+08:00",
    "overdue": false, "urged_at": null, "joined_to": null, "grid_id": null, "worker_name": null,
    "parties": [], "claim_id": null, "events": [{
        "event": "submitted", "state": "submitted", "by": "reporter", "name": null,
        "reason": null, "at": "2026-10-12T10:00:00+08:00"
    }], "submitted_at": "2026-10-12T10:00:00+08:00"
}))]
pub struct ReportOut {
    /// The report.
    id: Uuid,
    /// As what one looks at it: `reporter`, `desk`, `worker`, `party` or `above`.
    #[schema(example = "desk")]
    seen_as: &'static str,
    /// Good deed or nuisance.
    kind: ReportKind,
    /// The code of its category.
    category: String,
    /// What that was called.
    #[schema(example = "乱倒垃圾")]
    category_name: String,
    /// Where, exactly.
    spot: SpotOut,
    /// Where, in words; none while one may not see it.
    place: Option<String>,
    /// What was seen; none while one may not see it.
    text: Option<String>,
    /// Its photos; none while one may not see them.
    #[schema(max_items = 9)]
    photos: Vec<PhotoOut>,
    /// `waiting` for the check of text and photos, `public` or `refused`.
    #[schema(example = "public")]
    standing: &'static str,
    /// Whether everybody in the village sees it among the good deeds.
    in_feed: bool,
    /// Where it stands.
    state: ReportState,
    /// By when somebody should have acted.
    due_at: Option<String>,
    /// Whether that is past.
    overdue: bool,
    /// When somebody urged last.
    urged_at: Option<String>,
    /// The report that it was joined to.
    joined_to: Option<Uuid>,
    /// The grid in which triage put it.
    grid_id: Option<Uuid>,
    /// The grid worker's name, for triage and who supervises.
    worker_name: Option<String>,
    /// Whom it is about: for those who deal with it all of them, else one's own household.
    #[schema(max_items = 20)]
    parties: Vec<ReportPartyOut>,
    /// The claim or deduction that came of it, for those who deal with it.
    claim_id: Option<Uuid>,
    /// What happened to it, in order.
    #[schema(max_items = 500)]
    events: Vec<ReportEventOut>,
    /// When it was sent.
    submitted_at: String,
}

/// A point on the ground.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpotOut {
    /// Millionths of a degree to the north.
    latitude_e6: i32,
    /// Millionths of a degree to the east.
    longitude_e6: i32,
    /// The system.
    #[schema(inline)]
    datum: DatumName,
}

/// Somebody whom a report is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportPartyOut {
    /// `praised`, `shown` or `concerned`.
    #[schema(example = "praised")]
    part: &'static str,
    /// Who; none for a household as a whole.
    person_id: Option<Uuid>,
    /// What they are called.
    person_name: Option<String>,
    /// The household.
    household_id: Uuid,
    /// Whether they agree to be shown: `asked`, `agreed`, `refused`; none for a household concerned.
    consent: Option<&'static str>,
}

impl From<ShownParty> for ReportPartyOut {
    fn from(shown: ShownParty) -> Self {
        let party = shown.party;
        Self {
            part: party.part.as_str(),
            person_id: party.villager.map(|id| id.0),
            person_name: shown.name,
            household_id: party.household.0,
            consent: party.part.is_shown().then_some(party.consent.as_str()),
        }
    }
}

/// Something that happened to a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportEventOut {
    /// What: `submitted`, `accepted`, `dispatched`, `resolved`, `reporter_seen` …
    #[schema(example = "dispatched")]
    event: String,
    /// The state it led to.
    #[schema(example = "dispatched")]
    state: String,
    /// In which part somebody did it: `reporter`, `shown`, `program`, or a role.
    #[schema(example = "village_admin")]
    by: String,
    /// The name of an officer, for triage and who supervises.
    name: Option<String>,
    /// Why.
    reason: Option<String>,
    /// When.
    at: String,
}

impl From<Happened> for ReportEventOut {
    fn from(event: Happened) -> Self {
        Self {
            event: event.event,
            state: event.state,
            by: event.by,
            name: event.name,
            reason: event.reason,
            at: shown(event.at),
        }
    }
}

const fn seen_as(view: View) -> &'static str {
    match view {
        View::Reporter => "reporter",
        View::Desk(_) => "desk",
        View::Worker(_) => "worker",
        View::Party(..) => "party",
        View::Above(_) => "above",
    }
}

impl ReportOut {
    fn of(state: &State, village: VillageId, of: Shown, now: DateTime<Utc>) -> Self {
        let (kept, readable) = (of.kept, of.readable);
        let (in_feed, report) = (kept.shown_at.is_some(), kept.report);
        Self {
            overdue: report.is_overdue(now),
            id: report.id.0,
            seen_as: seen_as(of.view),
            kind: report.kind.into(),
            category: report.category,
            category_name: kept.category_name,
            spot: SpotOut {
                latitude_e6: report.spot.latitude_e6(),
                longitude_e6: report.spot.longitude_e6(),
                datum: report.spot.datum().into(),
            },
            place: Some(report.place).filter(|_| readable),
            text: Some(report.text).filter(|_| readable),
            photos: of.photos.iter().map(|one| PhotoOut::of(state, village, one)).collect(),
            standing: kept.standing.as_str(),
            in_feed,
            state: report.state.into(),
            due_at: report.due_at.map(shown),
            urged_at: kept.urged_at.map(shown),
            joined_to: report.joined_to.map(|id| id.0),
            grid_id: kept.grid.map(|id| id.0),
            worker_name: of.worker_name,
            parties: of.parties.into_iter().map(ReportPartyOut::from).collect(),
            claim_id: of.claim.map(|id| id.0),
            events: of.events.into_iter().map(ReportEventOut::from).collect(),
            submitted_at: shown(report.submitted_at),
        }
    }
}

/// Show a report
///
/// To whoever sent it, to those whom it is about once it passed the check, to the grid worker who has
/// it in hand, to triage and to who supervises. Nobody but officers is named in its timeline, and they
/// only to triage and who supervises.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        ReadingHeader,
    ),
    responses((status = 200, description = "The report.", body = ReportOut), Failures)
)]
#[get("/villages/{village_id}/reports/{report_id}")]
pub async fn report_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<ReportOut>, Problem> {
    let (village, id) = (VillageId(path.0.0), ReportId(path.0.1));
    let now = state.clock.now();
    let why = reading.at(now);
    let of = state.run(move |db| reports::show(db, &acting.actor, (village, id), &why)).await?;
    Ok(Json(ReportOut::of(&state, village, of, now)))
}
