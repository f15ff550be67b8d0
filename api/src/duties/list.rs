//! What people took on, and laying it down.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use domain::id::{DutyId, HouseholdId, VillageId};
use infra::duties::{self, Filter, Listed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{DutyReceiptOut, called};
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader};
use crate::claims::a_day;
use crate::names::{DutySourceName, PledgeOutcomeName};
use crate::pagination::{LIMIT_MAX, Page, PageQuery, twenty};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// Which duties.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DutyQuery {
    /// Of this household. A villager without another role gets the own household's anyway.
    household_id: Option<Uuid>,
    /// Posts or pledges only.
    #[param(inline)]
    source: Option<DutySourceName>,
    /// Pledges only whose period is over and of which nobody has confirmed what became.
    #[serde(default)]
    #[param(default = false)]
    waiting_for_outcome: bool,
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

/// What somebody took on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "source": "pledge", "words": "红色先锋契约(2026)",
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "person_name": "王秀英",
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "text": "带头清理房前屋后",
    "from": "2026-10-12", "until": "2026-12-31", "ended": false, "ended_why": null,
    "consent": null, "outcome": null, "recorded_at": "2026-10-12T10:00:00+08:00"
}))]
pub struct DutyOut {
    /// Its id.
    id: Uuid,
    /// A post that is held, or a pledge.
    source: DutySourceName,
    /// What it is called.
    words: String,
    /// Who.
    person_id: Uuid,
    /// 姓名.
    person_name: String,
    /// In which household they live.
    household_id: Uuid,
    /// What is promised, or what the holder of the post does.
    text: String,
    /// The first day.
    from: NaiveDate,
    /// The last day, which still counts; none as long as nobody set one.
    until: Option<NaiveDate>,
    /// Whether it was laid down or taken back before its time.
    ended: bool,
    /// Why.
    ended_why: Option<String>,
    /// Who agreed, where somebody else recorded it.
    consent: Option<DutyConsentOut>,
    /// What became of a pledge.
    outcome: Option<DutyOutcomeOut>,
    /// When it was recorded.
    recorded_at: String,
}

/// That somebody agreed.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyConsentOut {
    /// Who.
    consented_by: String,
    /// How.
    consented_how: String,
    /// When.
    consented_on: NaiveDate,
}

/// What became of a pledge.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyOutcomeOut {
    /// Whether it was kept.
    outcome: PledgeOutcomeName,
    /// Why.
    reason: String,
    /// When that was confirmed.
    confirmed_at: String,
}

impl From<Listed> for DutyOut {
    fn from(listed: Listed) -> Self {
        let Listed { duty, what, person_name, household } = listed;
        Self {
            id: duty.id.0,
            source: what.title.source().into(),
            words: called(&what.title),
            person_id: duty.villager.0,
            person_name,
            household_id: household.0,
            text: what.text,
            from: duty.from,
            until: duty.last_day(),
            ended: duty.ended_on.is_some(),
            ended_why: what.ended_why,
            consent: what.consent.map(|consent| DutyConsentOut {
                consented_by: consent.by,
                consented_how: consent.how,
                consented_on: consent.on,
            }),
            outcome: what.outcome.map(|(outcome, reason, at)| DutyOutcomeOut {
                outcome: outcome.into(),
                reason,
                confirmed_at: shown(at),
            }),
            recorded_at: shown(what.recorded_at),
        }
    }
}

/// List what people took on
///
/// Posts that are or were held, and pledges with what became of them. Villagers see their own
/// household's, officers the village's; the newest first.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), DutyQuery, ReadingHeader),
    responses((status = 200, description = "A page of duties.", body = Page<DutyOut>), Failures)
)]
#[get("/villages/{village_id}/duties")]
pub async fn duty_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<DutyQuery>,
) -> Result<Json<Page<DutyOut>>, Problem> {
    let (village, query) = (VillageId(path.0), query.0);
    let why = reading.at(state.clock.now());
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let (before, limit) = (page.after::<Uuid>()?, page.limit);
    let filter = Filter {
        household: query.household_id.map(HouseholdId),
        source: query.source.map(Into::into),
        waiting_for_outcome: query.waiting_for_outcome,
    };
    let rows = state
        .run(move |db| duties::list(db, &acting.actor, village, filter, (before, limit + 1), &why))
        .await?;
    Ok(Json(Page::from_one_more(rows, limit, |row| row.duty.id.to_string(), DutyOut::from)))
}

/// The end of a duty.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"on": "2026-10-31", "reason": "外出务工"}))]
pub struct DutyEndIn {
    /// The last day, today if none is said; not in the past.
    #[validate(custom(function = "a_day"))]
    on: Option<NaiveDate>,
    /// Why; needed from whoever ends the duty of another.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    reason: String,
}

/// Lay a duty down, or end it
///
/// Whoever holds a post steps back, whoever pledged withdraws, without giving a reason; a cadre of the
/// village does so with one, and the person is told. What was done up to the last day can be claimed
/// afterwards, and what it brought stays.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("duty_id" = Uuid, Path, description = "The duty."),
        KeyHeader,
    ),
    request_body = DutyEndIn,
    responses((status = 201, description = "Ended.", body = DutyReceiptOut), Failures)
)]
#[post("/villages/{village_id}/duties/{duty_id}/ending")]
pub async fn duty_end(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<DutyEndIn>,
) -> Result<HttpResponse, Problem> {
    let (village, duty) = (VillageId(path.0.0), DutyId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let DutyEndIn { on, reason } = body.value;
    let receipt = state
        .run(move |db| duties::end(db, &acting.actor, village, duty, (on, &reason), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(DutyReceiptOut::from(receipt)))
}
