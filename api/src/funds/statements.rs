//! Statements of the village fund.

use std::collections::BTreeMap;

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::calendar::Cycle;
use domain::fund::{Figures, Line, NOTICE_DAYS};
use domain::id::{FundStatementId, VillageId};
use domain::points::Fen;
use infra::funds::statements::{self, Stated, StatementRow};
use serde::{Deserialize, Serialize};
use table_file::{Cell, Table};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::names::FundStatementStateName;
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader};
use crate::download::{TableFile, xlsx};
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A period to state.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"period": "2026-Q3"}))]
pub struct FundStatementIn {
    /// `2026`, `2026-H1`, `2026-Q3` or `2026-07`; it must be over.
    #[validate(length(min = 4, max = 7))]
    #[schema(min_length = 4, max_length = 7, pattern = "^[0-9]{4}(-(H[12]|Q[1-4]|[01][0-9]))?$")]
    period: String,
}

/// A line of a statement.
#[derive(Debug, Serialize, ToSchema)]
pub struct FundStatementLineOut {
    /// The number of its voucher.
    number: i32,
    /// The name of its kind, as vouchers have it.
    kind: String,
    /// The party as the board names it.
    party: String,
    /// What for.
    purpose: String,
    /// Below zero went out.
    amount_fen: i64,
}

impl From<Line> for FundStatementLineOut {
    fn from(line: Line) -> Self {
        let Line { number, kind, party, purpose, amount_fen } = line;
        Self { number, kind, party, purpose, amount_fen: amount_fen.get() }
    }
}

/// A statement without its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "period": "2026-Q3", "state": "on_notice",
    "opening_fen": 0, "came_in_fen": {"donation": 500_000, "appropriation": 5_000_000},
    "went_out_fen": {"payment": 120_000}, "closing_fen": 5_380_000, "held_fen": 5_380_000,
    "owed_fen": 2_982_000, "coverage_bp": 18_041, "drawn_at": "2026-10-12T10:00:00+08:00",
    "notice_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"
}))]
pub struct FundStatementOut {
    /// Its id.
    id: Uuid,
    /// The period.
    period: String,
    /// Where it stands.
    state: FundStatementStateName,
    /// What the fund held at the beginning of the period.
    opening_fen: i64,
    /// What came in, by kind of voucher.
    came_in_fen: BTreeMap<String, i64>,
    /// What went out, by kind of voucher.
    went_out_fen: BTreeMap<String, i64>,
    /// What the fund held at its end.
    closing_fen: i64,
    /// What the fund held when the statement was drawn up.
    held_fen: i64,
    /// What the village owed then.
    owed_fen: i64,
    /// How far the one covered the other, in basis points; none where nothing was owed.
    coverage_bp: Option<u64>,
    /// When it was drawn up.
    drawn_at: String,
    /// The notice on which it hangs or hung.
    notice_id: Option<Uuid>,
}

/// A statement with its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "statement": {
        "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "period": "2026-Q3", "state": "on_notice",
        "opening_fen": 0, "came_in_fen": {"donation": 500_000}, "went_out_fen": {},
        "closing_fen": 500_000, "held_fen": 500_000, "owed_fen": 298_200, "coverage_bp": 16_767,
        "drawn_at": "2026-10-12T10:00:00+08:00", "notice_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"
    },
    "lines": [{
        "number": 7, "kind": "donation", "party": "李*国", "purpose": "捐给积分超市进货",
        "amount_fen": 500_000
    }]
}))]
pub struct FundStatementWholeOut {
    /// The statement.
    statement: FundStatementOut,
    /// Every movement but transfers between accounts of the fund, in the order of vouchers.
    #[schema(max_items = 5000)]
    lines: Vec<FundStatementLineOut>,
}

impl From<&Stated> for FundStatementOut {
    fn from(stated: &Stated) -> Self {
        let Stated { row, state, figures } = stated;
        let sums = |sums: &BTreeMap<String, Fen>| {
            sums.iter().map(|(kind, fen)| (kind.clone(), fen.get())).collect()
        };
        Self {
            id: row.id,
            period: row.period.clone(),
            state: (*state).into(),
            opening_fen: figures.opening_fen.get(),
            came_in_fen: sums(&figures.came_in_fen),
            went_out_fen: sums(&figures.went_out_fen),
            closing_fen: figures.closing_fen.get(),
            held_fen: figures.held_fen.get(),
            owed_fen: figures.owed_fen.get(),
            coverage_bp: figures.coverage_bp,
            drawn_at: shown(row.drawn_at),
            notice_id: row.notice_id,
        }
    }
}

impl From<Stated> for FundStatementWholeOut {
    fn from(stated: Stated) -> Self {
        let statement = FundStatementOut::from(&stated);
        Self { statement, lines: stated.figures.lines.into_iter().map(Into::into).collect() }
    }
}

/// Draw up a statement of the fund
///
/// Of a period that is over, from the fund's book, frozen. It is seen by those who run the fund until a
/// second person puts it on the notice board. At most 5,000 lines; a fund that moves more is stated by
/// shorter periods.
#[utoipa::path(
    tag = "admin",
    request_body = FundStatementIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "Drawn up.", body = FundStatementWholeOut), Failures)
)]
#[post("/villages/{village_id}/fund/statements")]
pub async fn fund_statement_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<FundStatementIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let not_one = |_| Problem::field(Door::Invalid, "period", "须为期间,如2026-Q3、2026-07或2026");
    let period: Cycle = body.value.period.parse().map_err(not_one)?;
    let row = state
        .run(move |db| statements::draw(db, &acting.actor, village, period, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(FundStatementWholeOut::from(row.read()?)))
}

/// For how long a statement hangs.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days": 7}))]
pub struct FundPublicationIn {
    /// For how many whole days.
    #[validate(range(min = *NOTICE_DAYS.start(), max = *NOTICE_DAYS.end()))]
    #[schema(minimum = 1, maximum = 60)]
    days: u16,
}

/// Put a statement of the fund on the notice board
///
/// By somebody else than whoever drew it up. Anybody in the village may object to it while it hangs; when
/// the time is over it stands, or waits for the answer.
#[utoipa::path(
    tag = "admin",
    request_body = FundPublicationIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_statement_id" = Uuid, Path, description = "The statement."),
        KeyHeader,
    ),
    responses((status = 201, description = "It hangs.", body = FundStatementOut), Failures)
)]
#[post("/villages/{village_id}/fund/statements/{fund_statement_id}/publication")]
pub async fn fund_statement_publish(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<FundPublicationIn>,
) -> Result<HttpResponse, Problem> {
    let (village, statement) = (VillageId(path.0.0), FundStatementId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let about = (statement, body.value.days);
    let row = state
        .run(move |db| statements::publish(db, &acting.actor, village, about, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(FundStatementOut::from(&row.read()?)))
}

/// Throw away a statement that does not hang yet
///
/// The period can be stated again.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_statement_id" = Uuid, Path, description = "The statement."),
    ),
    responses((status = 200, description = "Thrown away.", body = FundStatementOut), Failures)
)]
#[post("/villages/{village_id}/fund/statements/{fund_statement_id}/discarding")]
pub async fn fund_statement_discard(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<FundStatementOut>, Problem> {
    let (village, statement) = (VillageId(path.0.0), FundStatementId(path.0.1));
    let now = state.clock.now();
    let row = state
        .run(move |db| statements::discard(db, &acting.actor, village, statement, now))
        .await?;
    Ok(Json(FundStatementOut::from(&row.read()?)))
}

/// The statements of the fund
///
/// Those that hang or hung, for everybody in the village; those that were just drawn up or struck too for
/// those who run the fund.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "The newest first.", body = Page<FundStatementOut>), Failures)
)]
#[get("/villages/{village_id}/fund/statements")]
pub async fn fund_statement_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<FundStatementOut>>, Problem> {
    let (village, limit, before) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let rows = state
        .run(move |db| statements::list(db, &acting.actor, village, before, limit + 1))
        .await?;
    let read: Vec<Stated> = rows.into_iter().map(StatementRow::read).collect::<Result<_, _>>()?;
    let cursor = |stated: &Stated| stated.row.id.to_string();
    Ok(Json(Page::from_one_more(read, limit, cursor, |stated| FundStatementOut::from(&stated))))
}

/// A statement of the fund, line by line
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_statement_id" = Uuid, Path, description = "The statement."),
    ),
    responses((status = 200, description = "The statement.", body = FundStatementWholeOut), Failures)
)]
#[get("/villages/{village_id}/fund/statements/{fund_statement_id}")]
pub async fn fund_statement_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<FundStatementWholeOut>, Problem> {
    let (village, statement) = (VillageId(path.0.0), FundStatementId(path.0.1));
    let row = state.run(move |db| statements::show(db, &acting.actor, village, statement)).await?;
    Ok(Json(row.read()?.into()))
}

/// A statement of the fund as a workbook
///
/// For printing and hanging up: what the notice board shows, no more.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_statement_id" = Uuid, Path, description = "The statement."),
    ),
    responses(
        (status = 200, description = "XLSX.", body = TableFile,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Failures,
    )
)]
#[get("/villages/{village_id}/fund/statements/{fund_statement_id}/file")]
pub async fn fund_statement_export(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (village, statement) = (VillageId(path.0.0), FundStatementId(path.0.1));
    let row = state.run(move |db| statements::show(db, &acting.actor, village, statement)).await?;
    let Stated { row, figures, .. } = row.read()?;
    let name = format!("基金收支公示-{}", row.period);
    xlsx(&format!("fund-{}", row.period), &name, &[table(&row.period, &figures)])
}

/// The statement as the village reads it on its wall.
fn table(period: &str, figures: &Figures) -> Table {
    let coverage = figures.coverage_bp.map_or_else(
        || "无应付款".to_owned(),
        |share| format!("{}.{:02}%", share / 100, share % 100),
    );
    let line = |line: &Line| {
        vec![
            Cell::Count(i64::from(line.number)),
            Cell::text(kind_zh(&line.kind)),
            Cell::text(&line.party),
            Cell::text(&line.purpose),
            Cell::Fen(line.amount_fen),
        ]
    };
    Table {
        name: "收支公示".to_owned(),
        notes: vec![
            format!("信用基金收支公示:{period}"),
            format!("期初结余{}元,期末结余{}元", figures.opening_fen, figures.closing_fen),
            format!("编制时结余{}元,应付{}元,保障率{coverage}", figures.held_fen, figures.owed_fen),
        ],
        columns: ["凭证号", "类别", "对方", "事由", "金额(元)"].map(str::to_owned).to_vec(),
        rows: figures.lines.iter().map(line).collect(),
        totals: vec![
            Cell::Empty,
            Cell::text("本期净额"),
            Cell::Empty,
            Cell::Empty,
            Cell::Fen(Fen::new(figures.closing_fen.get() - figures.opening_fen.get())),
        ],
    }
}

fn kind_zh(kind: &str) -> &str {
    use domain::fund::VoucherKind as K;
    match K::from_name(kind) {
        Some(K::Donation) => "捐赠",
        Some(K::Appropriation) => "拨款",
        Some(K::Income) => "集体收入",
        Some(K::Takings) => "超市收款",
        Some(K::Payment) => "支出",
        Some(K::Transfer) => "划转",
        Some(K::Correction) => "冲正",
        None => kind,
    }
}
