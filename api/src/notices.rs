//! The notice board.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{NoticeId, VillageId};
use domain::points::Points;
use infra::notices::{self, BoardLine, ClaimLine, Listed, NoticeRow, RatingLine};
use infra::payouts::ShownLine;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::{InPath, InQuery, Key, KeyHeader};
use crate::funds::brakes::BrakeOut;
use crate::funds::statements::FundStatementOut;
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A public notice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": 12, "kind": "claims",
    "rating_id": null, "payout_id": null, "fund_statement_id": null, "brake_id": null,
    "opens_at": "2026-10-12T10:00:00+08:00", "closes_at": "2026-10-16T00:00:00+08:00", "closed_at": null, "lines": 37
}))]
pub struct NoticeOut {
    /// The notice.
    id: Uuid,
    /// The first of the village is 1.
    number: i32,
    /// `claims`, `rating`, `dividend`, `awards`, `fund_statement` or `brake`.
    #[schema(example = "claims")]
    kind: String,
    /// The rating that hangs, for that kind.
    rating_id: Option<Uuid>,
    /// The dividend or awards that hang, for those kinds.
    payout_id: Option<Uuid>,
    /// The statement of the fund that hangs, for that kind.
    fund_statement_id: Option<Uuid>,
    /// The brake on issuance that is announced, for that kind.
    brake_id: Option<Uuid>,
    /// Since when it hangs.
    opens_at: String,
    /// Until when it hangs and takes objections.
    closes_at: String,
    /// When what was undisputed took effect; none while it hangs.
    closed_at: Option<String>,
    /// How many lines it has.
    lines: i64,
}

impl NoticeOut {
    fn of(Listed { notice, lines }: Listed) -> Self {
        Self {
            id: notice.id,
            number: notice.number,
            kind: notice.kind,
            rating_id: notice.rating_id,
            payout_id: notice.payout_id,
            fund_statement_id: notice.fund_statement_id,
            brake_id: notice.brake_id,
            opens_at: shown(notice.opens_at),
            closes_at: shown(notice.closes_at),
            closed_at: notice.closed_at.map(shown),
            lines,
        }
    }
}

/// A notice that was just opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "number": 12,
    "opens_at": "2026-10-12T10:00:00+08:00", "closes_at": "2026-10-16T00:00:00+08:00"
}))]
pub struct NoticeOpenedOut {
    /// The notice.
    id: Uuid,
    /// The first of the village is 1.
    number: i32,
    /// Since when it hangs.
    opens_at: String,
    /// Until when it hangs and takes objections.
    closes_at: String,
}

impl From<NoticeRow> for NoticeOpenedOut {
    fn from(row: NoticeRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            opens_at: shown(row.opens_at),
            closes_at: shown(row.closes_at),
        }
    }
}

/// A line of a notice.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(example = json!({
    "kind": "claim", "claim_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "household_number": "001", "name": "王秀英", "item": "参加村组公共区域清扫",
    "item_kind": "award", "happened_on": "2026-10-10", "points": "2", "state": "on_notice",
    "disputed": false
}))]
pub enum NoticeLineOut {
    /// A claim or deduction.
    Claim(NoticeClaimLineOut),
    /// An account in a rating.
    Rating(NoticeRatingLineOut),
    /// An account in a dividend or awards.
    Payout(NoticePayoutLineOut),
    /// A statement of the fund; its lines stand at `fund_statement_show`.
    FundStatement(FundStatementOut),
    /// Less is issued from a day on (减少发放), since the fund holds too little.
    Brake(BrakeOut),
}

/// A claim or deduction as it hangs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "claim_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "household_number": "001",
    "name": "王秀英", "item": "参加村组公共区域清扫", "item_kind": "award",
    "happened_on": "2026-10-10", "points": "2", "state": "on_notice", "disputed": false
}))]
pub struct NoticeClaimLineOut {
    /// The claim.
    claim_id: Uuid,
    /// 户号.
    household_number: String,
    /// The person's name; masked for a deduction.
    name: String,
    /// The name of the item.
    item: String,
    /// `award` or `deduction`.
    #[schema(example = "award")]
    item_kind: &'static str,
    /// The day of the deed.
    happened_on: String,
    /// Points with their sign.
    points: String,
    /// Where the claim stands now: `on_notice`, `posted`, `disputed`, `overturned`, `reversed`.
    state: &'static str,
    /// Whether an objection to it is open (异议标注).
    disputed: bool,
}

/// An account in a rating as it hangs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "household_number": "001",
    "name": "王秀英", "score": "91.5", "stars": 4, "excluded": null, "state": "pending",
    "disputed": false
}))]
pub struct NoticeRatingLineOut {
    /// The account.
    account_id: Uuid,
    /// 户号.
    household_number: String,
    /// The head of the household, or the person whose account it is.
    name: Option<String>,
    /// The score of the cycle.
    score: String,
    /// The stars.
    #[schema(minimum = 0, maximum = 5)]
    stars: i16,
    /// Why there is no star whatever the score: `no_resident`.
    excluded: Option<String>,
    /// Where the line stands now: `pending`, `effective`, `disputed`, `struck`.
    state: &'static str,
    /// Whether an objection to it is open (异议标注).
    disputed: bool,
}

/// An account in a dividend or awards as it hangs. A dividend shows every account, so that everybody can
/// add it up; awards show those who get one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "household_number": "001",
    "name": "王秀英", "points": "91.5", "rank": null, "fen": 36600, "title": null, "goods": null,
    "disputed": false
}))]
pub struct NoticePayoutLineOut {
    /// The account.
    account_id: Uuid,
    /// 户号.
    household_number: String,
    /// The head of the household, or the person whose account it is; masked for who has no part since it was
    /// struck, and for who is under 18.
    name: Option<String>,
    /// The points by which it is shared or ranked; `0` where deductions took more.
    points: String,
    /// The rank, for awards.
    rank: Option<i32>,
    /// Money, in fen.
    #[schema(minimum = 0)]
    fen: i64,
    /// The title of the prize.
    title: Option<String>,
    /// What is given besides money.
    goods: Option<String>,
    /// Whether an objection to it is open (异议标注).
    disputed: bool,
}

impl From<ShownLine> for NoticePayoutLineOut {
    fn from(line: ShownLine) -> Self {
        Self {
            account_id: line.row.account_id,
            household_number: line.household_number,
            name: line.name,
            points: Points::from_hundredths(line.row.points).to_string(),
            rank: line.row.rank,
            fen: line.row.fen,
            title: line.row.title,
            goods: line.row.goods,
            disputed: line.disputed,
        }
    }
}

impl From<BoardLine> for NoticeLineOut {
    fn from(line: BoardLine) -> Self {
        match line {
            BoardLine::Claim(line) => Self::Claim(line.into()),
            BoardLine::Rating(line) => Self::Rating(line.into()),
            BoardLine::Payout(line) => Self::Payout((*line).into()),
            BoardLine::FundStatement(stated) => Self::FundStatement((&*stated).into()),
            BoardLine::Brake(_, announced) => Self::Brake(announced.into()),
        }
    }
}

impl From<ClaimLine> for NoticeClaimLineOut {
    fn from(line: ClaimLine) -> Self {
        Self {
            claim_id: line.claim_id,
            household_number: line.household_number,
            name: line.name,
            item: line.item,
            item_kind: line.kind.as_str(),
            happened_on: line.happened_on.to_string(),
            points: line.points.to_string(),
            state: line.state.as_str(),
            disputed: line.disputed,
        }
    }
}

impl From<RatingLine> for NoticeRatingLineOut {
    fn from(line: RatingLine) -> Self {
        Self {
            account_id: line.account_id,
            household_number: line.household_number,
            name: line.name,
            score: line.score.to_string(),
            stars: line.stars,
            excluded: line.excluded,
            state: line.state.as_str(),
            disputed: line.disputed,
        }
    }
}

/// Open a notice
///
/// Hangs all certified claims and deductions, the oldest first, at most 10,000. It closes by itself
/// at the end of the last of the book's notice days; what is undisputed is then posted. The program
/// also opens one by itself each day from eight o'clock on, if something is certified. Those whose
/// claims hang get the message `claim_on_notice`.
#[utoipa::path(
    tag = "review",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "The notice hangs.", body = NoticeOpenedOut), Failures)
)]
#[post("/villages/{village_id}/notices")]
pub async fn notice_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, b"");
    let row = state.run(move |db| notices::create(db, &acting.actor, village, &once, now)).await?;
    Ok(HttpResponse::Created().json(NoticeOpenedOut::from(row)))
}

/// List notices
///
/// The newest first.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "The notices.", body = Page<NoticeOut>), Failures)
)]
#[get("/villages/{village_id}/notices")]
pub async fn notice_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    page: InQuery<PageQuery>,
) -> Result<Json<Page<NoticeOut>>, Problem> {
    let (village, limit, before) = (VillageId(path.0), page.0.limit, page.0.after()?);
    let rows =
        state.run(move |db| notices::list(db, &acting.actor, village, before, limit + 1)).await?;
    let cursor = |row: &Listed| row.notice.number.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, NoticeOut::of)))
}

/// Show a notice
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("notice_id" = Uuid, Path, description = "The notice."),
    ),
    responses((status = 200, description = "The notice.", body = NoticeOut), Failures)
)]
#[get("/villages/{village_id}/notices/{notice_id}")]
pub async fn notice_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<NoticeOut>, Problem> {
    let (village, notice) = (VillageId(path.0.0), NoticeId(path.0.1));
    let row = state.run(move |db| notices::show(db, &acting.actor, village, notice)).await?;
    Ok(Json(NoticeOut::of(row)))
}

/// List the lines of a notice
///
/// An award is shown with the person's name, a deduction with the name masked. Who objected is never
/// shown.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("notice_id" = Uuid, Path, description = "The notice."),
        PageQuery,
    ),
    responses((status = 200, description = "The lines.", body = Page<NoticeLineOut>), Failures)
)]
#[get("/villages/{village_id}/notices/{notice_id}/lines")]
pub async fn notice_line_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    page: InQuery<PageQuery>,
) -> Result<Json<Page<NoticeLineOut>>, Problem> {
    let (village, notice) = (VillageId(path.0.0), NoticeId(path.0.1));
    let (limit, after) = (page.0.limit, page.0.after()?);
    let rows = state
        .run(move |db| notices::lines(db, &acting.actor, village, notice, after, limit + 1))
        .await?;
    let cursor = |line: &BoardLine| line.cursor().to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, NoticeLineOut::from)))
}
