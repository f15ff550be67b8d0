//! The money leaves the fund once, and each part is handed out once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::four_eyes::Hand;
use domain::fund::{PartyShown, VoucherKind};
use domain::id::{AccountId, FundAccountId, PayoutId, VillageId};
use domain::payout::{self, HandOver};
use domain::points::Fen;
use domain::policy::{Action, Target, allows};
use serde_json::json;

use super::row::{HandoverRow, LineRow, PayoutRow, lock_in_tx, save_in_tx};
use super::shown::{receivers, residence_of_account};
use super::steps::Step;
use crate::actors::hand;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::funds::{Settlement, settle_in_tx};
use crate::idempotency::Once;
use crate::messages::{self, Kind, Message};
use crate::schema::{payout_handovers, payout_lines};

/// Who gets what a payout pays, as the fund names them.
const ON_THE_LIST: &str = "发放名单所列各户";

/// By which document, out of which account of the fund.
#[derive(Clone, Debug)]
pub struct Paying {
    /// The account of the fund; none where nothing but goods is given.
    pub fund_account: Option<FundAccountId>,
    /// The number of the document.
    pub document: String,
}

/// Has the money of a payout that holds leave the fund, by somebody who did not prepare it.
///
/// # Errors
/// `payout_state`, `checker_is_maker`, `fund_account_needed`, those of [`settle_in_tx`], `forbidden`,
/// `not_found`.
pub fn pay(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, paying): (PayoutId, &Paying),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<PayoutRow, Error> {
    let permit = allows(actor, Action::PayoutPay, &Target::village(db.place(village)?))?;
    let step = Step { village, actor, role: permit.role, now };
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, village, id)?;
        let state =
            payout::pay(row.state()?, hand(row.made_by, row.made_by_villager), Hand::of(actor))?;
        let account = payout::out_of(Fen::new(row.total), paying.fund_account)?;
        let voucher = account
            .map(|account| {
                let settlement = settlement(&row, account, &paying.document, actor, now);
                settle_in_tx(tx, village, &settlement, now)
            })
            .transpose()?;
        let row = PayoutRow {
            fund_account_id: account.map(|id| id.0),
            fund_voucher_id: voucher.map(|id| id.0),
            document: Some(paying.document.clone()),
            paid_by: Some(actor.user.0),
            paid_at: Some(now),
            ..row.to(state)
        };
        let row = save_in_tx(tx, row)?;
        step.record_in_tx(tx, "payout_pay", &row, None)?;
        Ok(row)
    })
}

/// The payment that settles a payout: to the households of the pay list, which no voucher names.
fn settlement(
    row: &PayoutRow,
    account: FundAccountId,
    document: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Settlement {
    Settlement {
        kind: VoucherKind::Payment,
        account,
        amount: Fen::new(row.total),
        party: ON_THE_LIST.to_owned(),
        party_shown: PartyShown::Named,
        purpose: row.title.clone(),
        document: document.to_owned(),
        happened_on: day_of(now),
        settles: row.id,
        made_by: hand(row.made_by, row.made_by_villager),
        checked_by: Hand::of(actor),
    }
}

/// Marks a part as handed out, and tells whose it is.
///
/// # Errors
/// `payout_state`, `part_empty`, `part_handed_out`, `own_household`, `reason_missing`, `forbidden`,
/// `not_found`.
pub fn hand_out(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, account, said): (PayoutId, AccountId, &HandOver),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<HandoverRow, Error> {
    let permit = allows(actor, Action::PayoutHandOut, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let payout = lock_in_tx(tx, village, id)?;
        let line: LineRow = payout_lines::table
            .find((village.0, id.0, account.0))
            .select(LineRow::as_select())
            .first(tx)?;
        let own = actor.household().is_some_and(|home| home.0 == line.household_id);
        let residence = residence_of_account(tx, village, account)?;
        payout::hand_over(payout.state()?, &line.line()?, own, residence, said)?;
        let row = HandoverRow {
            village_id: village.0,
            payout_id: id.0,
            account_id: account.0,
            how: said.how.as_str().to_owned(),
            received_by: said.received_by.clone(),
            note: said.note.clone(),
            handed_out_by: actor.user.0,
            handed_out_at: now,
        };
        diesel::insert_into(payout_handovers::table).values(&row).execute(tx)?;
        let data = json!({
            "payout_id": id, "payout_title": payout.title, "fen": line.fen,
            "prize_title": line.title, "goods": line.goods, "how": row.how,
            "received_by": row.received_by,
        });
        let told: Vec<Message> = receivers(tx, village, &[account.0])?
            .into_values()
            .map(|to| Message { to, kind: Kind::PartHandedOut, data: data.clone() })
            .collect();
        messages::leave_in_tx(tx, village, &told, now)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "payout_hand_out",
            subject: Some(id.0),
            reason: None,
            detail: Some(json!({"account_id": account, "how": row.how, "fen": line.fen})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(row)
    })
}
