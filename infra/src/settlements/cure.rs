//! What one person proposes and another decides, where a statement cannot go on by itself: that it is
//! settled by the ledger, or that a payment never arrived and goes back into the fund.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::four_eyes::Hand;
use domain::id::{FundVoucherId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Permit, allows};
use domain::refusal::Refusal;
use domain::settlement::{Cure, Proposal, Step, for_the_village, settle_net};
use serde_json::{Value, json};
use uuid::Uuid;

use super::calendar::hold_in_tx;
use super::decide::record_in_tx;
use super::list::target_in;
use super::reckon::{is_followed, ledger_net_in};
use super::row::{SettlementRow, lock_in_tx, save_in_tx, save_whole_in_tx};
use super::tell;
use crate::actors::{hand, villager_of};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::funds;
use crate::idempotency::Once;
use crate::schema::{settlement_proposals, settlement_steps};

/// Proposes a cure for a statement, with the reason.
///
/// # Errors
/// `settlement_state`, `settlement_proposed`, `own_merchant`, `forbidden`, `not_found`.
pub fn propose(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, Uuid),
    (cure, reason): (Cure, &str),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<SettlementRow, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut row = lock_in_tx(tx, village, id)?;
        let target = target_in(tx, place, &row)?;
        let permit = allows(actor, Action::SettlementManage, &target)?;
        for_the_village(actor, target.merchant)?;
        let waiting = waiting_in_tx(tx, &row)?.map(|(proposal, _)| proposal);
        let proposal = row.settlement()?.propose(cure, waiting.as_ref(), Hand::of(actor))?;
        diesel::insert_into(settlement_proposals::table)
            .values((
                settlement_proposals::village_id.eq(village.0),
                settlement_proposals::settlement_id.eq(id),
                settlement_proposals::cure.eq(proposal.cure.as_str()),
                settlement_proposals::by_user.eq(proposal.by.user.0),
                settlement_proposals::by_villager.eq(villager_of(proposal.by)),
                settlement_proposals::at.eq(now),
                settlement_proposals::reason.eq(reason),
            ))
            .execute(tx)?;
        save_in_tx(tx, &mut row)?;
        record_in_tx(tx, &row, (actor, permit), Step::Proposed, (Some(reason), None), now)?;
        let detail = json!({"cure": cure.as_str()});
        record(tx, &row, (actor, permit), ("settlement_propose", reason, detail), now)?;
        Ok(row)
    })
}

/// Decides what somebody else proposed: agrees, or says no with the reason.
///
/// # Errors
/// `settlement_not_proposed`, `settlement_state`, `checker_is_maker`, `own_merchant`; `settlement_followed`
/// if a later statement goes on from what this one carried on and that would change; of a payment that goes
/// back those of [`funds::return_in_tx`]; `forbidden`, `not_found`.
pub fn decide_proposal(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, Uuid),
    refused: Option<&str>,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<SettlementRow, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut row = lock_in_tx(tx, village, id)?;
        let target = target_in(tx, place, &row)?;
        let permit = allows(actor, Action::SettlementManage, &target)?;
        for_the_village(actor, target.merchant)?;
        let (proposal, reason) = waiting_in_tx(tx, &row)?.ok_or(Refusal::SettlementNotProposed)?;
        forget_in_tx(tx, &row)?;
        let deed = match (refused, proposal.cure) {
            (Some(why), _) => {
                proposal.decided_by(Hand::of(actor))?;
                save_in_tx(tx, &mut row)?;
                record_in_tx(tx, &row, (actor, permit), Step::Refused, (Some(why), None), now)?;
                (why.to_owned(), json!({"cure": proposal.cure.as_str(), "refused": true}))
            }
            (None, Cure::ByLedger) => {
                let detail = by_ledger_in_tx(tx, &mut row, &proposal, actor)?;
                let said = (Some(reason.as_str()), None);
                record_in_tx(tx, &row, (actor, permit), Step::ByLedger, said, now)?;
                tell::by_ledger_in_tx(tx, &row, &reason, now)?;
                (reason, detail)
            }
            (None, Cure::Returned) => {
                let voucher = back_in_tx(tx, &mut row, (&proposal, &reason), actor, now)?;
                let said = (Some(reason.as_str()), Some(voucher));
                record_in_tx(tx, &row, (actor, permit), Step::Returned, said, now)?;
                tell::returned_in_tx(tx, &row, &reason, now)?;
                (reason, json!({"cure": proposal.cure.as_str(), "voucher_id": voucher.0}))
            }
        };
        let (reason, detail) = deed;
        let deed = ("settlement_proposal_decide", reason.as_str(), detail);
        record(tx, &row, (actor, permit), deed, now)?;
        Ok(row)
    })
}

/// What the ledger says is due, and both figures for the record.
fn by_ledger_in_tx(
    tx: &mut PgConnection,
    row: &mut SettlementRow,
    proposal: &Proposal,
    actor: &Actor,
) -> Result<Value, Error> {
    hold_in_tx(tx, row.village())?;
    let net = ledger_net_in(tx, row)?;
    let balance = settle_net(row.party()?, net, Fen::new(row.carried_in))?;
    let after = row.settlement()?.cured(proposal, Hand::of(actor), balance.due)?;
    if balance.carried_out.get() != row.carried_out && is_followed(tx, row)? {
        return Err(Refusal::SettlementFollowed.into());
    }
    let by_till = row.net;
    row.by_ledger(&balance);
    row.stands(&after);
    save_whole_in_tx(tx, row)?;
    Ok(json!({
        "cure": proposal.cure.as_str(), "till_net_fen": by_till, "ledger_net_fen": row.net,
        "due_fen": row.due,
    }))
}

/// The money goes back: a voucher that says which one it takes back.
fn back_in_tx(
    tx: &mut PgConnection,
    row: &mut SettlementRow,
    (proposal, reason): (&Proposal, &str),
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<FundVoucherId, Error> {
    let after = row.settlement()?.cured(proposal, Hand::of(actor), Fen::new(row.due))?;
    let paid: Option<Uuid> = settlement_steps::table
        .filter(settlement_steps::village_id.eq(row.village_id))
        .filter(settlement_steps::settlement_id.eq(row.id))
        .filter(settlement_steps::step.eq(Step::Paid.as_str()))
        .order(settlement_steps::version.desc())
        .select(settlement_steps::voucher_id)
        .first(tx)?;
    let paid = paid.ok_or_else(|| Error::Bug("a statement that nothing paid".into()))?;
    let back = funds::Return {
        voucher: FundVoucherId(paid),
        reason: reason.to_owned(),
        made_by: proposal.by,
        checked_by: Hand::of(actor),
    };
    let voucher = funds::return_in_tx(tx, row.village(), &back, now)?;
    row.stands(&after);
    save_in_tx(tx, row)?;
    Ok(voucher)
}

/// The proposal that waits, with its reason.
fn waiting_in_tx(
    tx: &mut PgConnection,
    row: &SettlementRow,
) -> Result<Option<(Proposal, String)>, Error> {
    let found: Option<(String, Uuid, Option<Uuid>, String)> = settlement_proposals::table
        .find((row.village_id, row.id))
        .select((
            settlement_proposals::cure,
            settlement_proposals::by_user,
            settlement_proposals::by_villager,
            settlement_proposals::reason,
        ))
        .first(tx)
        .optional()?;
    found
        .map(|(cure, by, villager, reason)| {
            let cure = Cure::from_name(&cure).ok_or_else(|| {
                Error::Bug(format!("a stored proposal of the unknown cure {cure}"))
            })?;
            Ok((Proposal { cure, by: hand(by, villager) }, reason))
        })
        .transpose()
}

/// Nothing is proposed any more.
pub(super) fn forget_in_tx(tx: &mut PgConnection, row: &SettlementRow) -> Result<(), Error> {
    diesel::delete(settlement_proposals::table.find((row.village_id, row.id))).execute(tx)?;
    Ok(())
}

fn record(
    tx: &mut PgConnection,
    row: &SettlementRow,
    (actor, permit): (&Actor, Permit),
    (action, reason, detail): (&str, &str, Value),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::record_in_tx(
        tx,
        &Deed {
            village: row.village(),
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action,
            subject: Some(row.id),
            reason: Some(reason),
            detail: Some(detail),
        },
    )
}
