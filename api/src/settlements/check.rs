//! Reconciliation: till, ledger and statement say the same, to the fen.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::VillageId;
use domain::settlement::{Difference, Party};
use infra::settlements::{self, CheckedParty};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::SettlementReceiptOut;
use super::out::{PartyKindName, SideOut, month};
use crate::answers::Failures;
use crate::body::{InPath, InQuery, Key, KeyHeader};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// Which month.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MonthQuery {
    /// The month; also one that is not over.
    #[validate(length(equal = 7))]
    #[param(min_length = 7, max_length = 7, example = "2026-10")]
    month: String,
}

/// A purchase or refund of which till and ledger say different things. Fen at a merchant, hundredths of
/// points at a points store.
#[derive(Debug, Serialize, ToSchema)]
pub struct DifferenceOut {
    /// The purchase or redemption.
    of_id: Uuid,
    /// Whether it is its refund.
    refund: bool,
    /// What the till says; none if it knows nothing of it in this month.
    till: Option<i64>,
    /// What the ledger says; none if it knows nothing of it in this month.
    ledger: Option<i64>,
}

impl From<Difference> for DifferenceOut {
    fn from(found: Difference) -> Self {
        let Difference { of, refund, till, ledger } = found;
        Self { of_id: of, refund, till, ledger }
    }
}

/// A merchant or points store, compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedPartyOut {
    /// Of which kind.
    party: PartyKindName,
    /// Which.
    party_id: Uuid,
    /// Its name.
    party_name: String,
    /// What till and ledger say now of what was sold.
    sales: SideOut,
    /// And of what was refunded.
    refunds: SideOut,
    /// Its statement, once there is one.
    settlement_id: Option<Uuid>,
    /// What that says is owed for the month.
    settlement_net_fen: Option<i64>,
    /// Whether all of them say the same.
    agrees: bool,
    /// The lines of which till and ledger differ; of the first 20 parties that do, 100 each.
    #[schema(max_items = 100)]
    differences: Vec<DifferenceOut>,
    /// At a points store: whether its own ledger says that as many goods left the shelf as were handed
    /// over.
    stock_agrees: Option<bool>,
}

impl From<CheckedParty> for CheckedPartyOut {
    fn from(checked: CheckedParty) -> Self {
        let kind = match checked.party {
            Party::Merchant(_) => PartyKindName::Merchant,
            Party::MerchantStore(_) => PartyKindName::MerchantStore,
            Party::VillageStore(_) => PartyKindName::VillageStore,
        };
        Self {
            party: kind,
            party_id: checked.party.id(),
            party_name: checked.name,
            sales: SideOut::of(&checked.now.sales, kind),
            refunds: SideOut::of(&checked.now.refunds, kind),
            settlement_id: checked.statement.as_ref().map(|row| row.id),
            settlement_net_fen: checked.statement.as_ref().map(|row| row.net),
            agrees: checked.agrees,
            differences: checked.differences.into_iter().map(DifferenceOut::from).collect(),
            stock_agrees: checked.stock_agrees,
        }
    }
}

/// A month of a village, compared.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"month": "2026-10", "agrees": true, "parties": [], "orphan_entry_ids": []}))]
pub struct SettlementCheckOut {
    /// The month.
    month: String,
    /// Whether tills, ledger and statements say the same of everybody, to the fen.
    agrees: bool,
    /// Every merchant and points store of the month.
    #[schema(max_items = 10_000)]
    parties: Vec<CheckedPartyOut>,
    /// Entries of the ledger that say they are of a purchase or redemption that nobody knows.
    #[schema(max_items = 100)]
    orphan_entry_ids: Vec<Uuid>,
}

/// Compare a month
///
/// The purchases and redemptions of a month, the entries of the ledger and the statements, reckoned anew
/// from where they are kept. Supervisors say why they read.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."), MonthQuery, ReadingHeader,
    ),
    responses((status = 200, description = "Compared.", body = SettlementCheckOut), Failures)
)]
#[get("/villages/{village_id}/settlements/check")]
pub async fn settlement_check(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<MonthQuery>,
) -> Result<Json<SettlementCheckOut>, Problem> {
    let (village, month) = (VillageId(path.0), month(&query.0.month)?);
    let why = reading.at(state.clock.now());
    let checked =
        state.run(move |db| settlements::check(db, &acting.actor, village, month, &why)).await?;
    Ok(Json(SettlementCheckOut {
        month: month.to_string(),
        agrees: checked.agrees,
        parties: checked.parties.into_iter().map(CheckedPartyOut::from).collect(),
        orphan_entry_ids: checked.orphans,
    }))
}

/// Reckon a statement anew
///
/// From till and ledger, after what differed was cleared up; before it is approved. One that a later
/// statement goes on from keeps what it carried on.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    responses((status = 201, description = "Reckoned.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/reckonings")]
pub async fn settlement_reckon(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &[]);
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row = state.run(move |db| settlements::reckon(db, &acting.actor, at, &once, now)).await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}
