//! The monthly statement of a merchant.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::calendar::Cycle;
use domain::id::{MerchantId, VillageId};
use domain::points::Fen;
use domain::refusal::Refusal;
use domain::settlement::{Party, Side};
use infra::merchant_statements::{self, VillageMonth};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// Which villages.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StatementQuery {
    /// This village only; else all that one may see.
    village_id: Option<Uuid>,
}

/// So many purchases or refunds.
#[derive(Debug, Serialize, ToSchema)]
pub struct SumOut {
    /// How many.
    count: i64,
    /// What the goods cost.
    price_fen: i64,
    /// What came off.
    discount_fen: i64,
}

impl TryFrom<Side> for SumOut {
    type Error = Refusal;

    fn try_from(side: Side) -> Result<Self, Refusal> {
        let discount = side.owed.plus(side.given).ok_or(Refusal::AmountOutOfRange)?;
        Ok(Self { count: side.count, price_fen: side.price.get(), discount_fen: discount.get() })
    }
}

/// A month with one village.
#[derive(Debug, Serialize, ToSchema)]
pub struct VillageStatementOut {
    /// The village.
    village_id: Uuid,
    /// Its name.
    village_name: String,
    /// Purchases completed in the month.
    purchases: SumOut,
    /// Refunds made in the month, whenever the purchase was.
    refunds: SumOut,
    /// What was paid from star credit, by the purchases.
    offset_fen: i64,
    /// What was given back to star credit, by the purchases.
    refunded_fen: i64,
    /// What the village owes the merchant: `offset_fen` less `refunded_fen`.
    net_fen: i64,
    /// What was paid from star credit, by the ledger.
    ledger_offset_fen: i64,
    /// What was given back to star credit, by the ledger.
    ledger_refunded_fen: i64,
    /// What the village owes, by the ledger.
    ledger_net_fen: i64,
    /// Whether both say the same, to the fen. If not, nobody pays before it is cleared up.
    reconciled: bool,
}

impl VillageStatementOut {
    fn of(merchant: MerchantId, line: VillageMonth) -> Result<Self, Refusal> {
        let (party, month) = (Party::Merchant(merchant), line.month);
        let ledger_net = month.sales.ledger.checked_sub(month.refunds.ledger);
        Ok(Self {
            village_id: line.village.0,
            village_name: line.name,
            purchases: month.sales.try_into()?,
            refunds: month.refunds.try_into()?,
            offset_fen: month.sales.owed.get(),
            refunded_fen: month.refunds.owed.get(),
            net_fen: month.net(party)?.get(),
            ledger_offset_fen: month.sales.ledger,
            ledger_refunded_fen: month.refunds.ledger,
            ledger_net_fen: ledger_net.ok_or(Refusal::AmountOutOfRange)?,
            reconciled: month.reconciled(party),
        })
    }
}

/// A month of a merchant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "month": "2026-10", "net_fen": 1_028,
    "reconciled": true,
    "villages": [{
        "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "village_name": "云岭村",
        "purchases": {"count": 1, "price_fen": 12_850, "discount_fen": 1_028},
        "refunds": {"count": 0, "price_fen": 0, "discount_fen": 0},
        "offset_fen": 1_028, "refunded_fen": 0, "net_fen": 1_028, "ledger_offset_fen": 1_028,
        "ledger_refunded_fen": 0, "ledger_net_fen": 1_028, "reconciled": true
    }]
}))]
pub struct StatementOut {
    /// The merchant.
    merchant_id: Uuid,
    /// The month.
    #[schema(example = "2026-10")]
    month: String,
    /// What all these villages owe together.
    net_fen: i64,
    /// Whether every line is reconciled.
    reconciled: bool,
    /// Village by village: all that ever had an agreement with the merchant.
    #[schema(max_items = 10_000)]
    villages: Vec<VillageStatementOut>,
}

/// Monthly statement of a merchant
///
/// From the purchases and again from the ledger, so that both can be compared. A refund counts in
/// the month in which it is made. Cadres see the line of their village.
#[utoipa::path(
    tag = "merchant",
    params(
        ("merchant_id" = Uuid, Path, description = "The merchant."),
        (
            "month" = String, Path, description = "The month.", min_length = 7, max_length = 7,
            example = "2026-10"
        ),
        StatementQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The statement.", body = StatementOut), Failures)
)]
#[get("/merchants/{merchant_id}/statements/{month}")]
pub async fn merchant_statement_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, String)>,
    query: InQuery<StatementQuery>,
) -> Result<Json<StatementOut>, Problem> {
    let (merchant, village) = (MerchantId(path.0.0), query.0.village_id.map(VillageId));
    let month: Cycle = path.0.1.parse().map_err(|_| Problem::door(Door::BadPath))?;
    let why = reading.at(state.clock.now());
    let lines = state
        .run(move |db| merchant_statements::show(db, &acting.actor, merchant, month, village, &why))
        .await?;
    let of_village = |line| VillageStatementOut::of(merchant, line);
    let villages: Vec<_> = lines.into_iter().map(of_village).collect::<Result<_, _>>()?;
    let net = villages.iter().try_fold(Fen::ZERO, |net, line| net.plus(Fen::new(line.net_fen)));
    Ok(Json(StatementOut {
        merchant_id: merchant.0,
        month: month.to_string(),
        net_fen: net.ok_or(Refusal::AmountOutOfRange)?.get(),
        reconciled: villages.iter().all(|line| line.reconciled),
        villages,
    }))
}
