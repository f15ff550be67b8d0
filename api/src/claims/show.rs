//! One claim with everything that belongs to it.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::actor::Role;
use domain::claim::Via;
use domain::id::{ClaimId, VillageId};
use domain::person::masked_name;
use domain::rule_book::{Amount, OPEN_ENDED};
use infra::claims::{self, Happened, Shown};
use infra::duties::Named;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::ClaimLineOut;
use crate::adjustments::AdjustmentOut;
use crate::answers::Failures;
use crate::body::InPath;
use crate::duties::called;
use crate::names::{DutySourceName, PledgeOutcomeName};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A claim.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "kind": "award",
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "person_name": "王秀英",
    "item_code": "ENV-1", "item_name": "参加村组公共区域清扫", "happened_on": "2026-10-11",
    "state": "in_review", "stage_name": "民主评议", "due_at": "2026-10-20T00:00:00+08:00",
    "overdue": false, "asked_points": "4", "granted_points": null,
    "submitted_at": "2026-10-12T10:00:00+08:00", "changed_at": "2026-10-12T11:00:00+08:00",
    "rule_book_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63", "quantity": 4, "unit": "小时",
    "choice": null, "choice_name": null, "text": "和邻居清扫村口公路四小时",
    "via": {"kind": "own"}, "round": 1, "stages": ["民主评议", "村领导小组复核"], "adjustments": [],
    "duty": null, "cure": null, "notice_id": null, "posted_at": null,
    "evidence_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f64"],
    "events": [{
        "event": "submitted", "state": "submitted", "stage_name": "民主评议", "role": "villager",
        "name": "王*英", "reason": null, "at": "2026-10-12T10:00:00+08:00"
    }],
    "objections": 0, "objections_open": 0
}))]
pub struct ClaimOut {
    /// What lists show of it.
    #[serde(flatten)]
    line: ClaimLineOut,
    /// The book that judges it: the one in force on the day of the deed.
    rule_book_id: Uuid,
    /// How many units.
    quantity: Option<u32>,
    /// What is counted.
    unit: Option<String>,
    /// Which option.
    choice: Option<String>,
    /// What the option is called.
    choice_name: Option<String>,
    /// What was written about it.
    text: String,
    /// In which way it came.
    via: ViaOut,
    /// How often it was submitted.
    round: u16,
    /// The stages of review that it comes before, in their order.
    #[schema(max_items = 6)]
    stages: Vec<String>,
    /// How what was asked for became what counts, and why.
    #[schema(max_items = 100)]
    adjustments: Vec<AdjustmentOut>,
    /// Another claim of the same deed: of several only the highest counts.
    same_deed_as: Option<Uuid>,
    /// Who did it, where a relative is credited.
    doer_id: Option<Uuid>,
    /// The duty post or pledge under which it was made.
    duty: Option<ClaimDutyOut>,
    /// The claim of the same deed that counts instead.
    yields_to: Option<Uuid>,
    /// The day on which it was repaired.
    repaired_on: Option<NaiveDate>,
    /// The last day on which it counts; none as long as it is not put right, or not certified.
    counts_until: Option<NaiveDate>,
    /// For a deduction: how it is put right, and by when.
    cure: Option<CureOut>,
    /// The notice it is or was on.
    notice_id: Option<Uuid>,
    /// When it was first written to the ledger.
    posted_at: Option<String>,
    /// Its files, see `photo_show`.
    #[schema(max_items = 9)]
    evidence_ids: Vec<Uuid>,
    /// What happened to it, in order.
    #[schema(max_items = 500)]
    events: Vec<EventOut>,
    /// How many objections and appeals there were.
    objections: i64,
    /// How many of them wait for an answer.
    objections_open: i64,
}

/// In which way a claim came.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = ClaimVia)]
pub enum ViaOut {
    /// The person declared it.
    Own,
    /// A member of the household declared it.
    HouseholdMember,
    /// A cadre declared it for someone without a phone.
    Proxy {
        /// Who agreed.
        consented_by: String,
        /// How.
        consented_how: String,
        /// When.
        consented_on: NaiveDate,
    },
    /// A cadre declared it for all who took part in something.
    Activity {
        /// The activity.
        activity_id: Uuid,
        /// What it is called.
        title: String,
    },
    /// A cadre recorded a deduction.
    Recorded,
}

impl From<&Via> for ViaOut {
    fn from(via: &Via) -> Self {
        match via.clone() {
            Via::Own => Self::Own,
            Via::HouseholdMember => Self::HouseholdMember,
            Via::Proxy { consented_by, consented_how, consented_on } => {
                Self::Proxy { consented_by, consented_how, consented_on }
            }
            Via::Activity { activity, title } => Self::Activity { activity_id: activity.0, title },
            Via::Recorded => Self::Recorded,
        }
    }
}

/// The duty under which a claim was made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimDuty, example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f65", "source": "duty_post",
    "words": "岗位:环境卫生岗", "outcome": null
}))]
pub struct ClaimDutyOut {
    /// See `duty_list`.
    id: Uuid,
    /// A post that was held, or a pledge.
    source: DutySourceName,
    /// What it is called.
    words: String,
    /// What became of a pledge, once that was confirmed.
    outcome: Option<PledgeOutcomeName>,
}

impl From<Named> for ClaimDutyOut {
    fn from(named: Named) -> Self {
        Self {
            id: named.duty.0,
            source: named.title.source().into(),
            words: called(&named.title),
            outcome: named.outcome.map(Into::into),
        }
    }
}

/// How a deduction is put right.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimCure, example = json!({"how": "清理干净后告知网格员复查", "until": "2026-10-18"}))]
pub struct CureOut {
    /// In words.
    how: Option<String>,
    /// The last day.
    until: NaiveDate,
}

/// Something that happened to a claim.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimEvent, example = json!({
    "event": "approve", "state": "in_review", "stage_name": "民主评议", "role": "panel_member",
    "name": null, "reason": "情况属实", "at": "2026-10-12T11:00:00+08:00"
}))]
pub struct EventOut {
    /// What: `submitted`, `approve`, `reject`, `return`, `resubmitted`, `recused`, `certified`,
    /// `on_notice`, `posted`, `withdrawn`, `cured` and others.
    event: String,
    /// The state it led to.
    state: String,
    /// The stage at which it happened.
    stage_name: Option<String>,
    /// In which role somebody did it; none for the program itself.
    role: Option<String>,
    /// Their masked name. Villagers do not see who reviewed or recorded.
    name: Option<String>,
    /// Why. Villagers do not see why somebody stepped aside.
    reason: Option<String>,
    /// When.
    at: String,
}

impl EventOut {
    fn of(happened: Happened, stages: &[String], to_villager: bool) -> Self {
        let hides_name = to_villager && happened.role != Some(Role::Villager);
        let hides_reason = to_villager && happened.event == "recused";
        Self {
            stage_name: usize::try_from(happened.stage).ok().and_then(|n| stages.get(n).cloned()),
            role: happened.role.map(|role| role.as_str().to_owned()),
            name: happened.name.filter(|_| !hides_name).map(|name| masked_name(&name)),
            reason: happened.reason.filter(|_| !hides_reason),
            event: happened.event,
            state: happened.state,
            at: shown(happened.at),
        }
    }
}

impl From<Shown> for ClaimOut {
    fn from(found: Shown) -> Self {
        let to_villager = found.permit.role == Role::Villager;
        let kept = &found.listed.kept;
        let (claim, item) = (&kept.claim, found.item.as_ref());
        let amount = item.map(|item| &item.amount);
        Self {
            rule_book_id: claim.rule_book.0,
            quantity: claim.measure.quantity,
            unit: amount.and_then(Amount::unit).map(str::to_owned),
            choice: claim.measure.choice.clone(),
            choice_name: amount
                .and_then(|amount| amount.option(&claim.measure))
                .map(|option| option.name.clone()),
            text: claim.text.clone(),
            via: (&claim.via).into(),
            round: claim.round,
            adjustments: claim.adjustments.iter().map(AdjustmentOut::from).collect(),
            same_deed_as: claim.deed.map(|id| id.0),
            doer_id: claim.doer.map(|id| id.0),
            duty: found.duty.map(Into::into),
            yields_to: claim.yields_to().map(|id| id.0),
            repaired_on: claim.repaired_on,
            counts_until: claim.counts_until.filter(|day| *day != OPEN_ENDED),
            cure: claim
                .cure_until
                .map(|until| CureOut { how: item.and_then(|item| item.cure.clone()), until }),
            notice_id: kept.notice.map(|id| id.0),
            posted_at: kept.posted_at.map(shown),
            evidence_ids: found.evidence.iter().map(|id| id.0).collect(),
            events: found
                .events
                .into_iter()
                .map(|event| EventOut::of(event, &found.stages, to_villager))
                .collect(),
            stages: found.own_stages,
            objections: found.objections,
            objections_open: found.objections_open,
            line: found.listed.into(),
        }
    }
}

/// See a claim
///
/// With what was asked and granted, what caps cut and why, its files and everything that happened.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("claim_id" = Uuid, Path, description = "The claim."),
        ReadingHeader,
    ),
    responses((status = 200, description = "The claim.", body = ClaimOut), Failures)
)]
#[get("/villages/{village_id}/claims/{claim_id}")]
pub async fn claim_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<ClaimOut>, Problem> {
    let (village, claim) = (VillageId(path.0.0), ClaimId(path.0.1));
    let why = reading.at(state.clock.now());
    let found = state.run(move |db| claims::show(db, &acting.actor, village, claim, &why)).await?;
    Ok(Json(found.into()))
}
