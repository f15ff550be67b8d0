//! What people do with a statement: approve, take back, pay, close, agree, dispute, answer. What two people
//! do where it cannot go on by itself: [`super::cure`].

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::four_eyes::Hand;
use domain::fund::{PartyShown, VoucherKind};
use domain::id::{FundAccountId, FundVoucherId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Permit, allows};
use domain::refusal::Refusal;
use domain::settlement::{Closer, Party, State, Step, for_the_village};
use uuid::Uuid;

use super::calendar::hold_in_tx;
use super::list::{named, target_in};
use super::row::{SettlementRow, lock_in_tx, save_in_tx};
use super::sums::{self, Span};
use super::{cure, tell};
use crate::audit;
use crate::db::Db;
use crate::error::Error;
use crate::funds;
use crate::idempotency::Once;
use crate::schema::settlement_steps;

/// What somebody does.
#[derive(Clone, Debug)]
pub enum Act {
    /// Approves it.
    Approve,
    /// Takes the approval back, with the reason.
    TakeBack(String),
    /// Pays what is due out of the fund; of a store of the village, pays it in.
    Pay(Payment),
    /// Says that the money has arrived, or that none was due.
    Close,
    /// The party says that it is right.
    Agree,
    /// The party says what is wrong.
    Dispute(String),
    /// The village answers.
    Answer(String),
}

/// A payment.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The account of the fund.
    pub account: FundAccountId,
    /// The number of its document.
    pub document: String,
    /// The day on the document.
    pub on: NaiveDate,
}

impl Act {
    /// What the policy asks.
    const fn action(&self) -> Action {
        match self {
            Self::Approve | Self::TakeBack(_) | Self::Pay(_) | Self::Answer(_) => {
                Action::SettlementManage
            }
            Self::Close => Action::SettlementClose,
            Self::Dispute(_) | Self::Agree => Action::SettlementDispute,
        }
    }

    const fn step(&self) -> Step {
        match self {
            Self::Approve => Step::Approved,
            Self::TakeBack(_) => Step::TakenBack,
            Self::Pay(_) => Step::Paid,
            Self::Close => Step::Closed,
            Self::Agree => Step::Agreed,
            Self::Dispute(_) => Step::Disputed,
            Self::Answer(_) => Step::Answered,
        }
    }

    /// The name of the operation.
    const fn operation(&self) -> &'static str {
        match self {
            Self::Approve | Self::TakeBack(_) => "settlement_decide",
            Self::Pay(_) => "settlement_pay",
            Self::Close => "settlement_close",
            Self::Agree => "settlement_agree",
            Self::Dispute(_) => "settlement_dispute",
            Self::Answer(_) => "settlement_answer",
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::TakeBack(text) | Self::Dispute(text) | Self::Answer(text) => Some(text),
            Self::Approve | Self::Pay(_) | Self::Close | Self::Agree => None,
        }
    }
}

/// Does one of these with a statement of a village.
///
/// # Errors
/// Those of [`domain::settlement::Settlement`]; of a payment also those of
/// [`crate::funds::settle_in_tx`]; `own_merchant`, `forbidden`, `not_found`. An approval that finds the month
/// changed is refused with `settlement_differs`, and that it differs is kept.
pub fn decide(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, Uuid),
    act: &Act,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<SettlementRow, Error> {
    let place = db.place(village)?;
    let row = db.write_once(once, now, |tx| {
        let mut row = lock_in_tx(tx, village, id)?;
        let target = target_in(tx, place, &row)?;
        let permit = allows(actor, act.action(), &target)?;
        if !speaks_for_the_party(act, permit) {
            for_the_village(actor, target.merchant)?;
        }
        let before = row.settlement()?;
        let after = match act {
            Act::Approve => before.approve(Hand::of(actor), is_unchanged(tx, &row)?)?,
            Act::TakeBack(_) => before.take_back()?,
            Act::Pay(_) => before.pay(Hand::of(actor), now)?,
            Act::Close if speaks_for_the_party(act, permit) => {
                before.close(Closer::Party(Hand::of(actor)), now)?
            }
            Act::Close => before.close(Closer::Village(Hand::of(actor)), now)?,
            Act::Agree => before.agree()?,
            Act::Dispute(_) => before.dispute(now)?,
            Act::Answer(_) => before.answer()?,
        };
        let voucher = match act {
            Act::Pay(payment) => Some(pay_in_tx(tx, &row, payment, Hand::of(actor), now)?),
            _ => None,
        };
        if matches!(act, Act::Close) {
            // The money came: nobody takes it back any more.
            cure::forget_in_tx(tx, &row)?;
        }
        let found_changed = matches!(act, Act::Approve) && after.state == State::Differs;
        let step = if found_changed { Step::Differed } else { act.step() };
        row.stands(&after);
        save_in_tx(tx, &mut row)?;
        record_in_tx(tx, &row, (actor, permit), step, (act.text(), voucher), now)?;
        audit::record_in_tx(
            tx,
            &audit::Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: act.operation(),
                subject: Some(id),
                reason: act.text(),
                detail: found_changed.then(|| serde_json::json!({"state": row.state})),
            },
        )?;
        if found_changed {
            tell::differing_in_tx(tx, &row, now)?;
        } else {
            tell::decided_in_tx(tx, &row, act, now)?;
        }
        Ok(row)
    })?;
    if matches!(act, Act::Approve) && row.state()? == State::Differs {
        return Err(Refusal::SettlementDiffers.into());
    }
    Ok(row)
}

/// Whether it is the owner of the party who speaks, and not the village.
fn speaks_for_the_party(act: &Act, permit: Permit) -> bool {
    match act {
        Act::Agree | Act::Dispute(_) => true,
        Act::Close => permit.role == Role::MerchantOwner,
        Act::Approve | Act::TakeBack(_) | Act::Pay(_) | Act::Answer(_) => false,
    }
}

/// Whether till and ledger still say of the month what the statement says. Nothing should be able to change
/// a month that is closed; that nothing did is seen here, before anybody pays for it.
fn is_unchanged(tx: &mut PgConnection, row: &SettlementRow) -> Result<bool, Error> {
    hold_in_tx(tx, row.village())?;
    let sums = sums::of_villages(tx, &[row.village_id], Span::of(row.month()?))?;
    let now = sums.get(&(row.village_id, row.party()?)).copied().unwrap_or_default();
    Ok(now == row.figures())
}

/// What was done, as a step of the statement with its new version.
pub(super) fn record_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
    (actor, permit): (&Actor, Permit),
    step: Step,
    (text, voucher): (Option<&str>, Option<FundVoucherId>),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(settlement_steps::table)
        .values((
            settlement_steps::village_id.eq(row.village_id),
            settlement_steps::settlement_id.eq(row.id),
            settlement_steps::version.eq(row.version),
            settlement_steps::step.eq(step.as_str()),
            settlement_steps::by_user.eq(actor.user.0),
            settlement_steps::role.eq(permit.role.as_str()),
            settlement_steps::at.eq(now),
            settlement_steps::text.eq(text),
            settlement_steps::voucher_id.eq(voucher.map(|voucher| voucher.0)),
        ))
        .execute(tx)?;
    Ok(())
}

/// The money goes through the fund: prepared by who approved, booked by who pays.
fn pay_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
    payment: &Payment,
    payer: Hand,
    now: DateTime<Utc>,
) -> Result<FundVoucherId, Error> {
    let approved_by = row.settlement()?.approved_by.ok_or(Refusal::Forbidden)?;
    let shown = named(tx, vec![row.clone()])?.pop().ok_or(Refusal::NotFound)?;
    let kind = match row.party()? {
        Party::Merchant(_) | Party::MerchantStore(_) => VoucherKind::Payment,
        Party::VillageStore(_) => VoucherKind::Takings,
    };
    let settlement = funds::Settlement {
        kind,
        account: payment.account,
        amount: Fen::new(row.due),
        party: shown.party.name,
        party_shown: PartyShown::Named,
        purpose: format!("{}对账单", row.month),
        document: payment.document.clone(),
        happened_on: payment.on,
        settles: row.id,
        made_by: approved_by,
        checked_by: payer,
    };
    funds::settle_in_tx(tx, row.village(), &settlement, now)
}
