//! The money leaves the fund once, and with it the points that it is paid for.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::four_eyes::Hand;
use domain::fund::{PartyShown, VoucherKind};
use domain::id::{FundAccountId, PayoutId, UserId, VillageId};
use domain::payout;
use domain::points::Fen;
use domain::policy::{Action, Target, allows};
use uuid::Uuid;

use super::row::{PayoutRow, lines_of, lock_in_tx, save_in_tx};
use super::steps::Step;
use super::used::use_up_in_tx;
use crate::actors::hand;
use crate::db::Db;
use crate::error::Error;
use crate::funds::{Settlement, settle_in_tx};
use crate::idempotency::Once;
use crate::schema::objections;

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

/// Has the money of a payout that holds leave the fund, by somebody who neither prepared it nor answered an
/// objection to it. The points that it is paid for are used up in the same transaction, if the terms say so.
///
/// # Errors
/// `payout_state`, `checker_is_maker`, `already_decided`, `fund_account_needed`, those of [`settle_in_tx`], `forbidden`,
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
        let answered = answered_by(tx, &row)?;
        let maker = hand(row.made_by, row.made_by_villager);
        let state = payout::pay(row.state()?, maker, &answered, Hand::of(actor))?;
        let account = payout::out_of(Fen::new(row.total), paying.fund_account)?;
        let voucher = account
            .map(|account| {
                let settlement = settlement(&row, account, &paying.document, actor, now);
                settle_in_tx(tx, village, &settlement, now)
            })
            .transpose()?;
        let lines = lines_of(tx, &row)?;
        use_up_in_tx(db, tx, &row, &lines, (now, actor.user))?;
        let row = PayoutRow {
            fund_short: 0,
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

/// Who answered objections to a payout.
fn answered_by(tx: &mut PgConnection, row: &PayoutRow) -> Result<Vec<UserId>, Error> {
    let users: Vec<Option<Uuid>> = objections::table
        .filter(objections::village_id.eq(row.village_id))
        .filter(objections::payout_id.eq(row.id))
        .filter(objections::answered_by.is_not_null())
        .select(objections::answered_by)
        .load(tx)?;
    Ok(users.into_iter().flatten().map(UserId).collect())
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
