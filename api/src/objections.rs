//! Objections to what hangs on the board, appeals, and their answers.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use domain::id::{AccountId, ClaimId, FundStatementId, NoticeId, ObjectionId, UserId, VillageId};
use domain::objection::{TEXT_CHARS_MAX, Verdict};
use domain::points::Points;
use infra::objections::{self, Answer, Complaint, Cursor, ObjectionRow, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader};
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// An objection to a line of a notice.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "claim_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "text": "那天他不在村里。"
}))]
pub struct ObjectionIn {
    /// The claim, on a notice of claims.
    claim_id: Option<Uuid>,
    /// The account, on a notice of a rating, a dividend or awards.
    account_id: Option<Uuid>,
    /// The statement, on a notice of the fund. One of the three.
    fund_statement_id: Option<Uuid>,
    /// Why.
    #[validate(length(min = 1, max = TEXT_CHARS_MAX))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

impl ObjectionIn {
    fn subject(&self) -> Result<Subject, Problem> {
        match (self.claim_id, self.account_id, self.fund_statement_id) {
            (Some(claim), None, None) => Ok(Subject::Claim(ClaimId(claim))),
            (None, Some(account), None) => Ok(Subject::Line(AccountId(account))),
            (None, None, Some(statement)) => Ok(Subject::FundStatement(FundStatementId(statement))),
            _ => {
                let message = "exactly one of claim_id, account_id and fund_statement_id";
                Err(Problem::field(Door::Invalid, "claim_id", message))
            }
        }
    }
}

/// An appeal.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "claim_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "text": "垃圾不是我家倒的,有邻居作证。"
}))]
pub struct AppealIn {
    /// The claim or deduction.
    claim_id: Uuid,
    /// Why.
    #[validate(length(min = 1, max = TEXT_CHARS_MAX))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// What was decided.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictIn {
    /// The result stands.
    Upheld,
    /// The result is replaced: a claim by the amount in `points`, the line of a rating by reckoning
    /// it again from the ledger, somebody's part in a dividend or awards by reckoning all of them.
    Corrected,
    /// The result falls.
    Struck,
}

/// An answer in writing.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "outcome": "corrected", "points": "1", "text": "经核实只参加了一小时。"
}))]
pub struct AnswerIn {
    /// What was decided.
    outcome: VerdictIn,
    /// For the correction of a claim, and only then: the right amount, above zero; the item gives
    /// the sign.
    #[schema(value_type = Option<String>, max_length = 14, example = "1")]
    points: Option<Points>,
    /// Why.
    #[validate(length(min = 1, max = TEXT_CHARS_MAX))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// An objection or appeal. Who raised it is shown to nobody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "kind": "objection", "mine": false,
    "claim_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "rating_id": null, "payout_id": null,
    "fund_statement_id": null, "account_id": null, "notice_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "text": "那天他不在村里。",
    "raised_at": "2026-10-13T09:20:00+08:00", "due_at": "2026-10-23T00:00:00+08:00",
    "overdue": false, "urged_at": null, "answered_at": "2026-10-14T15:00:00+08:00",
    "answered_role": "village_admin", "outcome": "corrected", "corrected_points": "1",
    "answer": "经核实只参加了一小时。"
}))]
pub struct ObjectionOut {
    /// The objection.
    id: Uuid,
    /// `objection` or `appeal`.
    #[schema(example = "objection")]
    kind: String,
    /// Whether the one who asks raised it.
    mine: bool,
    /// The claim it is about.
    claim_id: Option<Uuid>,
    /// Or the rating.
    rating_id: Option<Uuid>,
    /// Or the dividend or awards.
    payout_id: Option<Uuid>,
    /// Or the statement of the fund.
    fund_statement_id: Option<Uuid>,
    /// And the account in it.
    account_id: Option<Uuid>,
    /// The notice on which it hangs or hung.
    notice_id: Option<Uuid>,
    /// Why it was raised.
    #[schema(max_length = 1000)]
    text: String,
    /// When.
    raised_at: String,
    /// Until when it is to be answered: the end of the seventh working day.
    due_at: String,
    /// Whether it is open for longer than that.
    overdue: bool,
    /// When those who can answer were urged.
    urged_at: Option<String>,
    /// When it was answered; none while it is open.
    answered_at: Option<String>,
    /// In which role.
    answered_role: Option<String>,
    /// `upheld`, `corrected` or `struck`.
    outcome: Option<String>,
    /// The right amount after the correction of a claim.
    corrected_points: Option<String>,
    /// The answer in writing.
    #[schema(max_length = 1000)]
    answer: Option<String>,
}

impl ObjectionOut {
    fn of(row: ObjectionRow, user: UserId, now: DateTime<Utc>) -> Self {
        Self {
            id: row.id,
            mine: row.raised_by == user.0,
            overdue: row.is_overdue(now),
            kind: row.kind,
            claim_id: row.claim_id,
            rating_id: row.rating_id,
            payout_id: row.payout_id,
            fund_statement_id: row.fund_statement_id,
            account_id: row.account_id,
            notice_id: row.notice_id,
            text: row.text,
            raised_at: shown(row.raised_at),
            due_at: shown(row.due_at),
            urged_at: row.urged_at.map(shown),
            answered_at: row.answered_at.map(shown),
            answered_role: row.answered_role,
            outcome: row.outcome,
            corrected_points: row.corrected.map(|p| Points::from_hundredths(p).to_string()),
            answer: row.answer,
        }
    }
}

/// Object to a line of a notice
///
/// For every villager, while the notice hangs. The line carries a dispute flag from now on; if the
/// objection is open when the notice closes, the line waits for the answer and the rest takes
/// effect.
#[utoipa::path(
    tag = "mini-program",
    request_body = ObjectionIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("notice_id" = Uuid, Path, description = "The notice."),
        KeyHeader,
    ),
    responses((status = 201, description = "Raised.", body = ObjectionOut), Failures)
)]
#[post("/villages/{village_id}/notices/{notice_id}/objections")]
pub async fn objection_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ObjectionIn>,
) -> Result<HttpResponse, Problem> {
    let (village, notice) = (VillageId(path.0.0), NoticeId(path.0.1));
    let (user, now) = (acting.actor.user, state.clock.now());
    let once = key.once(user, &body.hash);
    let subject = body.value.subject()?;
    let complaint = Complaint { notice, subject, text: body.value.text };
    let row = state
        .run(move |db| objections::object(db, &acting.actor, village, &complaint, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ObjectionOut::of(row, user, now)))
}

/// Appeal against what concerns the own household
///
/// While it hangs or is disputed, and after posting for as many days as the rule book says.
#[utoipa::path(
    tag = "mini-program",
    request_body = AppealIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "Raised.", body = ObjectionOut), Failures)
)]
#[post("/villages/{village_id}/appeals")]
pub async fn appeal_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<AppealIn>,
) -> Result<HttpResponse, Problem> {
    let (village, user, now) = (VillageId(path.0), acting.actor.user, state.clock.now());
    let once = key.once(user, &body.hash);
    let AppealIn { claim_id, text } = body.value;
    let row = state
        .run(move |db| {
            let about = (ClaimId(claim_id), text.as_str());
            objections::appeal(db, &acting.actor, village, about, &once, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(ObjectionOut::of(row, user, now)))
}

/// List objections and appeals
///
/// Open ones first, the oldest at the top; then the answered ones, the newest at the top.
#[utoipa::path(
    tag = "review",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader),
    responses((status = 200, description = "The objections.", body = Page<ObjectionOut>), Failures)
)]
#[get("/villages/{village_id}/objections")]
pub async fn objection_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    page: InQuery<PageQuery>,
) -> Result<Json<Page<ObjectionOut>>, Problem> {
    let (village, user, now) = (VillageId(path.0), acting.actor.user, state.clock.now());
    let (limit, after) = (page.0.limit, page.0.after::<Cursor>()?);
    let why = reading.at(now);
    let rows = state
        .run(move |db| objections::list(db, &acting.actor, village, after, limit + 1, &why))
        .await?;
    let cursor = |row: &ObjectionRow| Cursor::of(row).to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, |row| ObjectionOut::of(row, user, now))))
}

/// List one's own objections
///
/// What one raised, and what was raised about the own household; the newest first.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "The objections.", body = Page<ObjectionOut>), Failures)
)]
#[get("/villages/{village_id}/objections/mine")]
pub async fn objection_mine_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    page: InQuery<PageQuery>,
) -> Result<Json<Page<ObjectionOut>>, Problem> {
    let (village, user, now) = (VillageId(path.0), acting.actor.user, state.clock.now());
    let (limit, before) = (page.0.limit, page.0.after()?);
    let rows = state
        .run(move |db| objections::mine(db, &acting.actor, village, before, limit + 1))
        .await?;
    let cursor = |row: &ObjectionRow| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, |row| ObjectionOut::of(row, user, now))))
}

/// Show an objection
///
/// To those who answer or supervise, to who raised it, and to the household concerned.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("objection_id" = Uuid, Path, description = "The objection."),
        ReadingHeader,
    ),
    responses((status = 200, description = "The objection.", body = ObjectionOut), Failures)
)]
#[get("/villages/{village_id}/objections/{objection_id}")]
pub async fn objection_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<ObjectionOut>, Problem> {
    let (village, id) = (VillageId(path.0.0), ObjectionId(path.0.1));
    let (user, now) = (acting.actor.user, state.clock.now());
    let why = reading.at(now);
    let row = state.run(move |db| objections::show(db, &acting.actor, village, id, &why)).await?;
    Ok(Json(ObjectionOut::of(row, user, now)))
}

/// Answer an objection or appeal
///
/// By people who did not decide on it before, are neither of the household nor kin, and did not
/// object themselves. A posted claim that is corrected or struck is reversed in the ledger, with a
/// new entry for the right amount, in the same step. When a claim is struck, other open objections
/// to it are answered alike. A dividend or awards that were reckoned anew hang once more for as many
/// days, since everybody's part moved.
#[utoipa::path(
    tag = "review",
    request_body = AnswerIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("objection_id" = Uuid, Path, description = "The objection."),
        KeyHeader,
    ),
    responses((status = 201, description = "Answered.", body = ObjectionOut), Failures)
)]
#[post("/villages/{village_id}/objections/{objection_id}/answers")]
pub async fn objection_answer(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<AnswerIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id) = (VillageId(path.0.0), ObjectionId(path.0.1));
    let (user, now) = (acting.actor.user, state.clock.now());
    let once = key.once(user, &body.hash);
    let AnswerIn { outcome, points, text } = body.value;
    let verdict = match outcome {
        VerdictIn::Upheld => Verdict::Upheld,
        VerdictIn::Corrected => Verdict::Corrected,
        VerdictIn::Struck => Verdict::Struck,
    };
    let said = Answer { verdict, points, text };
    let row = state
        .run(move |db| objections::answer(db, &acting.actor, village, (id, &said), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ObjectionOut::of(row, user, now)))
}
