//! Accounts of the village fund.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{FundAccountId, VillageId};
use infra::funds::{AccountRow, accounts, vouchers};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// An account of the fund to open.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "信用基金专户"}))]
pub struct FundAccountIn {
    /// What it is called; no other account of the village has the name.
    #[validate(length(max = 40), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 40)]
    name: String,
}

/// An account of the fund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "信用基金专户", "balance_fen": 5_000_000,
    "opened_at": "2026-10-12T10:00:00+08:00", "closed_at": null
}))]
pub struct FundAccountOut {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// What it holds.
    balance_fen: i64,
    /// When it was opened.
    opened_at: String,
    /// When it was closed.
    closed_at: Option<String>,
}

impl From<AccountRow> for FundAccountOut {
    fn from(row: AccountRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            balance_fen: row.balance,
            opened_at: shown(row.opened_at),
            closed_at: row.closed_at.map(shown),
        }
    }
}

/// Open an account of the fund
///
/// At most 50 are open at once.
#[utoipa::path(
    tag = "admin",
    request_body = FundAccountIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "Opened.", body = FundAccountOut), Failures)
)]
#[post("/villages/{village_id}/fund/accounts")]
pub async fn fund_account_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<FundAccountIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let name = body.value.name.trim().to_owned();
    let row =
        state.run(move |db| accounts::open(db, &acting.actor, village, &name, &once, now)).await?;
    Ok(HttpResponse::Created().json(FundAccountOut::from(row)))
}

/// Close an account of the fund
///
/// It must hold nothing, and no voucher about it may wait. What it held stays readable.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_account_id" = Uuid, Path, description = "The account of the fund."),
    ),
    responses((status = 200, description = "Closed.", body = FundAccountOut), Failures)
)]
#[post("/villages/{village_id}/fund/accounts/{fund_account_id}/closing")]
pub async fn fund_account_close(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<FundAccountOut>, Problem> {
    let (village, account) = (VillageId(path.0.0), FundAccountId(path.0.1));
    let now = state.clock.now();
    let row =
        state.run(move |db| accounts::close(db, &acting.actor, village, account, now)).await?;
    Ok(Json(row.into()))
}

/// The accounts of the fund
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader),
    responses((status = 200, description = "The first opened first; closed ones too.", body = Page<FundAccountOut>), Failures)
)]
#[get("/villages/{village_id}/fund/accounts")]
pub async fn fund_account_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<FundAccountOut>>, Problem> {
    let (village, limit, after) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| accounts::list(db, &acting.actor, village, after, limit + 1, &why))
        .await?;
    Ok(Json(Page::from_one_more(rows, limit, |row| row.id.to_string(), FundAccountOut::from)))
}

/// An entry in the book of an account of the fund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account_version": 2, "voucher_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "voucher_number": 7,
    "amount_fen": -120_000, "balance_after_fen": 4_880_000,
    "recorded_at": "2026-10-13T09:00:00+08:00"
}))]
pub struct FundEntryOut {
    /// Its number in the account; the first is 1.
    account_version: i64,
    /// Its voucher.
    voucher_id: Uuid,
    /// The number of its voucher.
    voucher_number: i32,
    /// Below zero went out.
    amount_fen: i64,
    /// What the account held after it.
    balance_after_fen: i64,
    /// When it was booked.
    recorded_at: String,
}

impl From<vouchers::EntryRow> for FundEntryOut {
    fn from(row: vouchers::EntryRow) -> Self {
        Self {
            account_version: row.account_version,
            voucher_id: row.voucher_id,
            voucher_number: row.voucher_number,
            amount_fen: row.amount,
            balance_after_fen: row.balance_after,
            recorded_at: shown(row.recorded_at),
        }
    }
}

/// The book of an account of the fund
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("fund_account_id" = Uuid, Path, description = "The account of the fund."),
        PageQuery, ReadingHeader,
    ),
    responses((status = 200, description = "Its entries, the newest first.", body = Page<FundEntryOut>), Failures)
)]
#[get("/villages/{village_id}/fund/accounts/{fund_account_id}/entries")]
pub async fn fund_entry_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<FundEntryOut>>, Problem> {
    let (village, account) = (VillageId(path.0.0), FundAccountId(path.0.1));
    let (limit, before) = (query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| {
            vouchers::entries(db, &acting.actor, village, (account, before), limit + 1, &why)
        })
        .await?;
    let cursor = |row: &vouchers::EntryRow| row.account_version.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, FundEntryOut::from)))
}
