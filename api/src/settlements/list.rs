//! Looking at statements.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{MerchantId, VillageId};
use infra::settlements::{self, After, Asked, Line, LineKind, Shown, StepRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::SettlementOut;
use super::out::{SettlementStateName, month};
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::merchants::TradeCategory;
use crate::pagination::{Page, PageQuery, twenty};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// Which statements.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SettlementQuery {
    /// Of this month.
    #[validate(length(equal = 7))]
    #[param(min_length = 7, max_length = 7, example = "2026-10")]
    month: Option<String>,
    /// In this state.
    #[param(inline)]
    state: Option<SettlementStateName>,
    /// Of this merchant or points store.
    party_id: Option<Uuid>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

fn page(rows: Vec<Shown>, limit: i64) -> Result<Page<SettlementOut>, Problem> {
    let ids: Vec<Uuid> = rows.iter().map(|shown| shown.row.id).collect();
    let items = rows
        .into_iter()
        .map(SettlementOut::try_from)
        .collect::<Result<Vec<_>, _>>()
        .map_err(Problem::from)?;
    let both: Vec<_> = ids.into_iter().zip(items).collect();
    Ok(Page::from_one_more(both, limit, |(id, _)| id.to_string(), |(_, out)| out))
}

/// The statements of a village
///
/// The newest first. They are made when a month is over, for every merchant and points store that sold or
/// took something back in it. Supervisors say why they read.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."), SettlementQuery, ReadingHeader,
    ),
    responses((status = 200, description = "Statements.", body = Page<SettlementOut>), Failures)
)]
#[get("/villages/{village_id}/settlements")]
pub async fn settlement_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<SettlementQuery>,
) -> Result<Json<Page<SettlementOut>>, Problem> {
    let (village, query) = (VillageId(path.0), query.0);
    let limit = query.limit;
    let asked = Asked {
        month: query.month.as_deref().map(month).transpose()?,
        state: query.state.map(SettlementStateName::state),
        party: query.party_id,
        before: PageQuery { limit, cursor: query.cursor }.after()?,
    };
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| settlements::of_village(db, &acting.actor, village, &asked, limit, &why))
        .await?;
    Ok(Json(page(rows, limit)?))
}

/// The statements of a merchant
///
/// Of its shops and of the points stores that it runs, with all villages, the newest first.
#[utoipa::path(
    tag = "merchant",
    params(("merchant_id" = Uuid, Path, description = "The merchant."), PageQuery),
    responses((status = 200, description = "Statements.", body = Page<SettlementOut>), Failures)
)]
#[get("/merchants/{merchant_id}/settlements")]
pub async fn merchant_settlement_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<SettlementOut>>, Problem> {
    let (merchant, limit, before) = (MerchantId(path.0), query.0.limit, query.0.after()?);
    let rows = state
        .run(move |db| settlements::of_merchant(db, &acting.actor, merchant, before, limit))
        .await?;
    Ok(Json(page(rows, limit)?))
}

/// Something that somebody did with a statement.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementStepOut {
    /// `approved`, `taken_back`, `paid`, `closed`, `agreed`, `disputed`, `answered`, `reckoned`; `differed`
    /// where an approval found that the month is not what it was; `proposed`, `refused`, `by_ledger` and
    /// `returned` of what two people do where it cannot go on by itself.
    step: String,
    /// When.
    at: String,
    /// In which role.
    role: String,
    /// Who, where they are on a roster.
    by_name: Option<String>,
    /// What they wrote.
    text: Option<String>,
    /// Of a payment and of one that came back: the voucher in the fund.
    voucher_id: Option<Uuid>,
}

impl From<StepRow> for SettlementStepOut {
    fn from(row: StepRow) -> Self {
        Self {
            step: row.step,
            at: shown(row.at),
            role: row.role,
            by_name: row.by_name,
            text: row.text,
            voucher_id: row.voucher,
        }
    }
}

/// A statement with what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "settlement": {
        "settlement_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62",
        "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "village_name": "云岭村",
        "party": "merchant", "party_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
        "party_name": "亿家人诚信超市", "month": "2026-10",
        "sales": {"count": 1, "price_fen": 12_850, "owed_fen": 1_028, "given_fen": 0,
            "cash_fen": 0, "points": "0", "ledger_fen": 1_028, "ledger_points": null},
        "refunds": {"count": 0, "price_fen": 0, "owed_fen": 0, "given_fen": 0, "cash_fen": 0,
            "points": "0", "ledger_fen": 0, "ledger_points": null},
        "net_fen": 1_028, "carried_in_fen": 0, "due_fen": 1_028, "carried_out_fen": 0,
        "unequal_lines": 0, "reconciled": true, "ledger_net_fen": null, "state": "approved",
        "dispute": "none",
        "made_at": "2026-11-01T01:00:03+08:00", "dispute_until": "2026-11-16T01:00:03+08:00"
    },
    "steps": [{
        "step": "approved", "at": "2026-11-03T10:00:00+08:00", "role": "village_admin",
        "by_name": "刘振华", "text": null, "voucher_id": null
    }]
}))]
pub struct SettlementWholeOut {
    /// The statement.
    settlement: SettlementOut,
    /// What was done with it, in order.
    #[schema(max_items = 1000)]
    steps: Vec<SettlementStepOut>,
}

/// A statement
///
/// With every step that was taken with it. The owner of the merchant sees it too.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), ReadingHeader,
    ),
    responses((status = 200, description = "The statement.", body = SettlementWholeOut), Failures)
)]
#[get("/villages/{village_id}/settlements/{settlement_id}")]
pub async fn settlement_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<SettlementWholeOut>, Problem> {
    let (village, id) = (VillageId(path.0.0), path.0.1);
    let why = reading.at(state.clock.now());
    let (shown, steps) =
        state.run(move |db| settlements::show(db, &acting.actor, village, id, &why)).await?;
    Ok(Json(SettlementWholeOut {
        settlement: shown.try_into()?,
        steps: steps.into_iter().map(SettlementStepOut::from).collect(),
    }))
}

/// What a line of a statement is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettlementLineName {
    /// A purchase, or goods that were handed over.
    Sale,
    /// A refund.
    Refund,
}

/// A line of a statement. Whose purchase it was stands in the ledger, at the entry.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "at": "2026-10-12T10:00:30+08:00", "kind": "sale",
    "of_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f65", "goods": null, "category": "food",
    "discount_bp": 800, "price_fen": 12_850, "owed_fen": 1_028, "given_fen": 0, "cash_fen": 0, "points": "0",
    "entry_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66"
}))]
pub struct SettlementLineOut {
    /// When the ledger recorded it.
    at: String,
    /// What it is.
    #[schema(inline)]
    kind: SettlementLineName,
    /// The purchase or redemption.
    of_id: Uuid,
    /// What goods and how many, at a points store.
    goods: Option<String>,
    /// Of which category the goods were, at a merchant: by it the agreement was found.
    category: Option<TradeCategory>,
    /// At a merchant: which share of the price comes off, in basis points, as far as no ceiling was reached.
    #[schema(minimum = 0, maximum = 10_000)]
    discount_bp: Option<u16>,
    /// What the goods cost.
    price_fen: i64,
    /// What the village owes for it; of a refund, what it owes less.
    owed_fen: i64,
    /// What the merchant gave.
    given_fen: i64,
    /// The cash that a points store took.
    cash_fen: i64,
    /// The points that were redeemed.
    points: String,
    /// The entry of the ledger that says so; none where nothing moved.
    entry_id: Option<Uuid>,
}

impl From<Line> for SettlementLineOut {
    fn from(line: Line) -> Self {
        Self {
            at: shown(line.at),
            kind: match line.kind {
                LineKind::Sale => SettlementLineName::Sale,
                LineKind::Refund => SettlementLineName::Refund,
            },
            of_id: line.of,
            goods: line.goods,
            category: line.category.map(TradeCategory::from),
            discount_bp: line.share.map(domain::points::BasisPoints::get),
            price_fen: line.price.get(),
            owed_fen: line.owed.get(),
            given_fen: line.given.get(),
            cash_fen: line.cash.get(),
            points: line.points.to_string(),
            entry_id: line.entry,
        }
    }
}

/// The lines of a statement
///
/// Every purchase or redemption of the month and every refund, in the order of their time, each with the
/// entry of the ledger to which it is traced. They add up to the statement.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), PageQuery, ReadingHeader,
    ),
    responses((status = 200, description = "Lines.", body = Page<SettlementLineOut>), Failures)
)]
#[get("/villages/{village_id}/settlements/{settlement_id}/lines")]
pub async fn settlement_line_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<SettlementLineOut>>, Problem> {
    let at = (VillageId(path.0.0), path.0.1);
    let limit = query.0.limit;
    let bad = || Problem::field(Door::BadQuery, "cursor", "not a cursor of this list");
    let after: Option<After> =
        query.0.cursor.as_deref().map(|text| text.parse().map_err(|()| bad())).transpose()?;
    let why = reading.at(state.clock.now());
    let lines =
        state.run(move |db| settlements::lines(db, &acting.actor, at, after, limit, &why)).await?;
    let cursor = |line: &Line| After::from(line).to_string();
    Ok(Json(Page::from_one_more(lines, limit, cursor, SettlementLineOut::from)))
}
