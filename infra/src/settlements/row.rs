//! A statement as it is stored.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::four_eyes::Hand;
use domain::id::VillageId;
use domain::points::{Fen, Points};
use domain::refusal::Refusal;
use domain::settlement::{Balance, Dispute, Figures, Party, Settlement, Side, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::actors::{hand, villager_of};
use crate::error::Error;
use crate::id;
use crate::schema::settlements;

/// Who the users were that had a hand in a statement, as villagers, and who paid it: in one column, since a
/// table has 32 at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Hands {
    /// The villager to whom whoever had the month closed was bound.
    made: Option<Uuid>,
    /// The villager to whom the approver was bound.
    approved: Option<Uuid>,
    /// Who paid, and the villager they were bound to.
    paid: Option<(Uuid, Option<Uuid>)>,
}

impl Hands {
    fn stored(self) -> Option<Value> {
        Some(json!({"made": self.made, "approved": self.approved, "paid": self.paid}))
    }
}

/// A statement as it is stored. Amounts in fen, points in hundredths.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = settlements, treat_none_as_null = true, primary_key(village_id, id))]
#[expect(missing_docs, reason = "the columns of domain::settlement, two sides of seven each")]
pub struct SettlementRow {
    pub village_id: Uuid,
    pub id: Uuid,
    pub party: String,
    pub party_id: Uuid,
    pub month: String,
    pub sales_count: i64,
    pub sales_price: i64,
    pub sales_owed: i64,
    pub sales_given: i64,
    pub sales_cash: i64,
    pub sales_points: i64,
    pub sales_ledger: i64,
    pub refunds_count: i64,
    pub refunds_price: i64,
    pub refunds_owed: i64,
    pub refunds_given: i64,
    pub refunds_cash: i64,
    pub refunds_points: i64,
    pub refunds_ledger: i64,
    pub unequal: i64,
    pub ledger_net: Option<i64>,
    pub net: i64,
    pub carried_in: i64,
    pub due: i64,
    pub carried_out: i64,
    pub state: String,
    pub dispute: String,
    pub made_by: Option<Uuid>,
    pub made_at: DateTime<Utc>,
    pub approved_by: Option<Uuid>,
    pub hands: Option<Value>,
    pub version: i32,
}

fn unreadable(what: &str) -> Error {
    Error::Bug(format!("a stored statement has a {what} that cannot be read"))
}

impl SettlementRow {
    /// A new statement of a month.
    pub(super) fn new(
        (village, party, month): (Uuid, Party, Cycle),
        (figures, balance): (&Figures, &Balance),
        made_by: Option<Hand>,
        now: DateTime<Utc>,
    ) -> Self {
        let mut row = Self {
            village_id: village,
            id: id::new(),
            party: party.kind().to_owned(),
            party_id: party.id(),
            month: month.to_string(),
            sales_count: 0,
            sales_price: 0,
            sales_owed: 0,
            sales_given: 0,
            sales_cash: 0,
            sales_points: 0,
            sales_ledger: 0,
            refunds_count: 0,
            refunds_price: 0,
            refunds_owed: 0,
            refunds_given: 0,
            refunds_cash: 0,
            refunds_points: 0,
            refunds_ledger: 0,
            unequal: 0,
            ledger_net: None,
            net: 0,
            carried_in: 0,
            due: 0,
            carried_out: 0,
            state: State::Open.as_str().to_owned(),
            dispute: Dispute::None.as_str().to_owned(),
            made_by: made_by.map(|hand| hand.user.0),
            made_at: now,
            approved_by: None,
            hands: Hands { made: made_by.and_then(villager_of), ..Hands::default() }.stored(),
            version: 0,
        };
        row.reckoned(party, figures, balance);
        row
    }

    /// What it says, by these figures; it differs if the ledger says something else.
    pub(super) fn reckoned(&mut self, party: Party, figures: &Figures, balance: &Balance) {
        let Figures { sales, refunds, unequal } = figures;
        self.sales_count = sales.count;
        self.sales_price = sales.price.get();
        self.sales_owed = sales.owed.get();
        self.sales_given = sales.given.get();
        self.sales_cash = sales.cash.get();
        self.sales_points = sales.points.hundredths();
        self.sales_ledger = sales.ledger;
        self.refunds_count = refunds.count;
        self.refunds_price = refunds.price.get();
        self.refunds_owed = refunds.owed.get();
        self.refunds_given = refunds.given.get();
        self.refunds_cash = refunds.cash.get();
        self.refunds_points = refunds.points.hundredths();
        self.refunds_ledger = refunds.ledger;
        self.unequal = *unequal;
        self.ledger_net = None;
        self.comes_to(balance);
        let state = if figures.reconciled(party) { State::Open } else { State::Differs };
        self.state = state.as_str().to_owned();
    }

    /// It is settled by what the ledger says; what the till says stays beside it.
    pub(super) fn by_ledger(&mut self, balance: &Balance) {
        self.ledger_net = Some(balance.net.get());
        self.comes_to(balance);
    }

    fn comes_to(&mut self, balance: &Balance) {
        self.net = balance.net.get();
        self.carried_in = balance.carried_in.get();
        self.due = balance.due.get();
        self.carried_out = balance.carried_out.get();
    }

    /// The village.
    pub fn village(&self) -> VillageId {
        VillageId(self.village_id)
    }

    /// With whom.
    ///
    /// # Errors
    /// [`Error::Bug`] for a kind that this version does not know.
    pub fn party(&self) -> Result<Party, Error> {
        Party::from_kind(&self.party, self.party_id).ok_or_else(|| unreadable("party"))
    }

    /// The month.
    ///
    /// # Errors
    /// [`Error::Bug`] for what is none.
    pub fn month(&self) -> Result<Cycle, Error> {
        self.month.parse().map_err(|_| unreadable("month"))
    }

    /// Where it stands.
    ///
    /// # Errors
    /// [`Error::Bug`] for a state that this version does not know.
    pub fn state(&self) -> Result<State, Error> {
        State::from_name(&self.state).ok_or_else(|| unreadable("state"))
    }

    /// What it says.
    pub fn figures(&self) -> Figures {
        Figures {
            sales: Side {
                count: self.sales_count,
                price: Fen::new(self.sales_price),
                owed: Fen::new(self.sales_owed),
                given: Fen::new(self.sales_given),
                cash: Fen::new(self.sales_cash),
                points: Points::from_hundredths(self.sales_points),
                ledger: self.sales_ledger,
            },
            refunds: Side {
                count: self.refunds_count,
                price: Fen::new(self.refunds_price),
                owed: Fen::new(self.refunds_owed),
                given: Fen::new(self.refunds_given),
                cash: Fen::new(self.refunds_cash),
                points: Points::from_hundredths(self.refunds_points),
                ledger: self.refunds_ledger,
            },
            unequal: self.unequal,
        }
    }

    /// The statement as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] for what this version does not know.
    pub fn settlement(&self) -> Result<Settlement, Error> {
        let hands: Option<Hands> = self
            .hands
            .clone()
            .map(serde_json::from_value)
            .transpose()
            .map_err(|_| unreadable("hand"))?;
        let hands = hands.unwrap_or_default();
        Ok(Settlement {
            party: self.party()?,
            state: self.state()?,
            due: Fen::new(self.due),
            made_by: self.made_by.map(|user| hand(user, hands.made)),
            made_at: self.made_at,
            approved_by: self.approved_by.map(|user| hand(user, hands.approved)),
            paid_by: hands.paid.map(|(user, villager)| hand(user, villager)),
            dispute: Dispute::from_name(&self.dispute).ok_or_else(|| unreadable("dispute"))?,
        })
    }

    /// Where it stands now.
    pub(super) fn stands(&mut self, now: &Settlement) {
        self.state = now.state.as_str().to_owned();
        self.dispute = now.dispute.as_str().to_owned();
        self.approved_by = now.approved_by.map(|hand| hand.user.0);
        let hands = Hands {
            made: now.made_by.and_then(villager_of),
            approved: now.approved_by.and_then(villager_of),
            paid: now.paid_by.map(|payer| (payer.user.0, villager_of(payer))),
        };
        self.hands = hands.stored();
    }
}

/// A statement of a village, locked until the transaction ends.
pub(super) fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: Uuid,
) -> Result<SettlementRow, Error> {
    Ok(settlements::table
        .find((village.0, id))
        .select(SettlementRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

/// A statement of a village.
pub(super) fn find(
    c: &mut PgConnection,
    village: VillageId,
    id: Uuid,
) -> Result<SettlementRow, Error> {
    Ok(settlements::table.find((village.0, id)).select(SettlementRow::as_select()).first(c)?)
}

/// Writes where a statement stands, if nobody else changed it, and counts the change.
pub(super) fn save_in_tx(tx: &mut PgConnection, row: &mut SettlementRow) -> Result<(), Error> {
    let before = row.version;
    row.version = before.checked_add(1).ok_or(Refusal::AmountOutOfRange)?;
    let saved = diesel::update(settlements::table.find((row.village_id, row.id)))
        .filter(settlements::version.eq(before))
        .set((
            settlements::state.eq(&row.state),
            settlements::dispute.eq(&row.dispute),
            settlements::approved_by.eq(row.approved_by),
            settlements::hands.eq(&row.hands),
            settlements::version.eq(row.version),
        ))
        .execute(tx)?;
    if saved == 1 { Ok(()) } else { Err(Error::LostRace) }
}

/// As [`save_in_tx`], with what it says too: for one that nobody has approved.
pub(super) fn save_whole_in_tx(
    tx: &mut PgConnection,
    row: &mut SettlementRow,
) -> Result<(), Error> {
    let before = row.version;
    row.version = before.checked_add(1).ok_or(Refusal::AmountOutOfRange)?;
    let saved = diesel::update(settlements::table.find((row.village_id, row.id)))
        .filter(settlements::version.eq(before))
        .set(&*row)
        .execute(tx)?;
    if saved == 1 { Ok(()) } else { Err(Error::LostRace) }
}
