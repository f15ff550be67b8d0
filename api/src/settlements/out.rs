//! A statement as it is shown.

use domain::points::Points;
use domain::refusal::Refusal;
use domain::settlement::{DISPUTE_DAYS, Side};
use infra::error::Error;
use infra::settlements::{SettlementRow, Shown};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::time::shown;

/// With whom a village settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyKindName {
    /// A merchant, for discounts paid from star credit.
    Merchant,
    /// A points store that a merchant runs, for the worth of the goods.
    MerchantStore,
    /// A points store of the village, which hands in its cash.
    VillageStore,
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettlementStateName {
    /// Waits to be approved.
    Open,
    /// The ledger says something else: it cannot be approved before that is cleared up.
    Differs,
    /// May be paid.
    Approved,
    /// Paid.
    Paid,
    /// The money has arrived, or none was due.
    Closed,
}

impl SettlementStateName {
    /// The state as the domain knows it.
    pub(super) const fn state(self) -> domain::settlement::State {
        use domain::settlement::State;
        match self {
            Self::Open => State::Open,
            Self::Differs => State::Differs,
            Self::Approved => State::Approved,
            Self::Paid => State::Paid,
            Self::Closed => State::Closed,
        }
    }

    fn of(row: &SettlementRow) -> Result<Self, Error> {
        use domain::settlement::State;
        Ok(match row.state()? {
            State::Open => Self::Open,
            State::Differs => Self::Differs,
            State::Approved => Self::Approved,
            State::Paid => Self::Paid,
            State::Closed => Self::Closed,
        })
    }
}

/// What the party said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeName {
    /// Nothing.
    None,
    /// That it is wrong, and it waits for an answer.
    Raised,
    /// That it was wrong, and it was answered.
    Answered,
    /// That it is right.
    Agreed,
}

impl DisputeName {
    fn of(row: &SettlementRow) -> Result<Self, Error> {
        use domain::settlement::Dispute;
        Ok(match row.settlement()?.dispute {
            Dispute::None => Self::None,
            Dispute::Raised => Self::Raised,
            Dispute::Answered => Self::Answered,
            Dispute::Agreed => Self::Agreed,
        })
    }
}

/// So many purchases or redemptions, or refunds.
#[derive(Debug, Serialize, ToSchema)]
pub struct SideOut {
    /// How many.
    count: i64,
    /// What the goods cost; at a points store, what their points were worth and the cash besides.
    price_fen: i64,
    /// What the village owes for it; of refunds, what it owes less.
    owed_fen: i64,
    /// What the merchant gave off by itself.
    given_fen: i64,
    /// The cash that a points store took.
    cash_fen: i64,
    /// The points that were redeemed.
    #[schema(value_type = String, example = "0")]
    points: Points,
    /// What the ledger says, fen of star credit: to be equal to `owed_fen`. At a merchant only.
    ledger_fen: Option<i64>,
    /// What the ledger says, in points: to be equal to `points`. At a store only.
    #[schema(value_type = Option<String>)]
    ledger_points: Option<Points>,
}

impl SideOut {
    pub(super) fn of(side: &Side, kind: PartyKindName) -> Self {
        let of_merchant = kind == PartyKindName::Merchant;
        let points = Points::from_hundredths(side.ledger);
        Self {
            count: side.count,
            price_fen: side.price.get(),
            owed_fen: side.owed.get(),
            given_fen: side.given.get(),
            cash_fen: side.cash.get(),
            points: side.points,
            ledger_fen: of_merchant.then_some(side.ledger),
            ledger_points: (!of_merchant).then_some(points),
        }
    }
}

/// A statement of a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "settlement_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62",
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "village_name": "云岭村",
    "party": "merchant", "party_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "party_name": "亿家人诚信超市", "month": "2026-10",
    "sales": {"count": 2, "price_fen": 15_350, "owed_fen": 1_228, "given_fen": 0, "cash_fen": 0,
        "points": "0", "ledger_fen": 1_228, "ledger_points": null},
    "refunds": {"count": 1, "price_fen": 2_500, "owed_fen": 200, "given_fen": 0, "cash_fen": 0,
        "points": "0", "ledger_fen": 200, "ledger_points": null},
    "net_fen": 1_028, "carried_in_fen": 0, "due_fen": 1_028, "carried_out_fen": 0,
    "unequal_lines": 0, "reconciled": true, "ledger_net_fen": null, "state": "open", "dispute": "none",
    "made_at": "2026-11-01T01:00:03+08:00", "dispute_until": "2026-11-16T01:00:03+08:00"
}))]
pub struct SettlementOut {
    /// Its id.
    settlement_id: Uuid,
    /// The village.
    village_id: Uuid,
    /// Its name.
    village_name: String,
    /// With whom.
    party: PartyKindName,
    /// The merchant or points store.
    party_id: Uuid,
    /// Its name.
    party_name: String,
    /// The month.
    #[schema(example = "2026-10")]
    month: String,
    /// What was bought, or handed over, in the month.
    sales: SideOut,
    /// What was refunded in the month, whenever it was bought.
    refunds: SideOut,
    /// What the month alone comes to; below zero, what the party owes.
    net_fen: i64,
    /// What earlier months left.
    carried_in_fen: i64,
    /// What is to be paid: to the party; by a store of the village, into the fund.
    due_fen: i64,
    /// What is left for the next month.
    carried_out_fen: i64,
    /// So many lines and entries that do not match.
    unequal_lines: i64,
    /// Whether the ledger says the same, to the fen and line by line.
    reconciled: bool,
    /// Where it does not, and two people settled the month by the ledger: what that says, which is
    /// `net_fen`. What the till says stays in `sales` and `refunds`.
    ledger_net_fen: Option<i64>,
    /// Where it stands.
    state: SettlementStateName,
    /// What the party said of it.
    dispute: DisputeName,
    /// When it was made.
    made_at: String,
    /// Until when the party can dispute it, as long as it is not paid; before that it is paid only if the
    /// party agreed.
    dispute_until: String,
}

pub(super) fn party_kind(row: &SettlementRow) -> Result<PartyKindName, Error> {
    use domain::settlement::Party;
    Ok(match row.party()? {
        Party::Merchant(_) => PartyKindName::Merchant,
        Party::MerchantStore(_) => PartyKindName::MerchantStore,
        Party::VillageStore(_) => PartyKindName::VillageStore,
    })
}

impl TryFrom<Shown> for SettlementOut {
    type Error = Error;

    fn try_from(Shown { row, party, village_name }: Shown) -> Result<Self, Error> {
        let kind = party_kind(&row)?;
        let (figures, settlement) = (row.figures(), row.settlement()?);
        Ok(Self {
            settlement_id: row.id,
            village_id: row.village_id,
            village_name,
            party: kind,
            party_id: row.party_id,
            party_name: party.name,
            month: row.month.clone(),
            sales: SideOut::of(&figures.sales, kind),
            refunds: SideOut::of(&figures.refunds, kind),
            net_fen: row.net,
            carried_in_fen: row.carried_in,
            due_fen: row.due,
            carried_out_fen: row.carried_out,
            unequal_lines: figures.unequal,
            reconciled: figures.reconciled(row.party()?),
            ledger_net_fen: row.ledger_net,
            state: SettlementStateName::of(&row)?,
            dispute: DisputeName::of(&row)?,
            made_at: shown(row.made_at),
            dispute_until: shown(settlement.dispute_until()),
        })
    }
}

/// Where a statement stands after it was changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "settlement_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "month": "2026-10",
    "due_fen": 1_028, "state": "approved", "dispute": "none"
}))]
pub struct SettlementReceiptOut {
    /// Its id.
    settlement_id: Uuid,
    /// The month.
    #[schema(example = "2026-10")]
    month: String,
    /// What is, or was, to be paid.
    due_fen: i64,
    /// Where it stands.
    state: SettlementStateName,
    /// What the party said of it.
    dispute: DisputeName,
}

impl TryFrom<SettlementRow> for SettlementReceiptOut {
    type Error = Error;

    fn try_from(row: SettlementRow) -> Result<Self, Error> {
        Ok(Self {
            settlement_id: row.id,
            month: row.month.clone(),
            due_fen: row.due,
            state: SettlementStateName::of(&row)?,
            dispute: DisputeName::of(&row)?,
        })
    }
}

const _: () = assert!(DISPUTE_DAYS == 15, "the description of settlement_dispute says 15");

/// A month as it stands in a request: `2026-10`.
pub(super) fn month(text: &str) -> Result<domain::calendar::Cycle, Refusal> {
    text.parse().map_err(|_| Refusal::CycleWrongKind)
}
