//! The merchant takes a purchase back: the ledger gets a reversal, never a change.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::refund as decide;
use domain::id::{AccountId, HouseholdId, MerchantId, PurchaseId, VillageId};
use domain::ledger::{Posting, Source};
use domain::points::Fen;
use domain::policy::Action;
use serde_json::json;

use super::receipt::PurchaseRow;
use super::tell::{self, Words};
use super::{Receipt, day};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::merchants::{self, at_the_till};
use crate::messages::tell_household_in_tx;
use crate::schema::{agreements, purchases};
use crate::{accounts, id, ledger};

/// What the till asks for.
#[derive(Clone, Debug)]
pub struct Refund {
    /// The merchant.
    pub merchant: MerchantId,
    /// The village that the receipt names.
    pub village: VillageId,
    /// The purchase.
    pub purchase: PurchaseId,
    /// Why.
    pub reason: String,
}

/// Takes a purchase back. Nobody does so for their own household.
///
/// # Errors
/// `purchase_state`, `refund_too_late`, `own_household`, `not_found`.
pub fn refund(
    db: &Db,
    actor: &Actor,
    asked: &Refund,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let Refund { merchant, village, purchase, .. } = *asked;
    let permit = at_the_till(actor, Action::PurchaseRefund, merchant)?;
    db.write_once(once, now, |tx| {
        merchants::still_there_in_tx(tx, actor.user, merchant, now)?;
        let mut row: PurchaseRow = purchases::table
            .find((village.0, purchase.0))
            .filter(purchases::merchant_id.eq(merchant.0))
            .select(PurchaseRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        let account = accounts::find(tx, village, AccountId(row.account_id))?;
        let household = HouseholdId(account.household_id);
        actor.is_no_member_of(household)?;
        let days_max: i16 = agreements::table
            .find((village.0, row.agreement_id))
            .select(agreements::refund_days_max)
            .first(tx)?;
        let days_max = u16::try_from(days_max).unwrap_or(0);
        let refunded = decide(row.purchase()?, days_max, now)?;
        let standing = ledger::standing_in_tx(tx, village, Source::Purchase(purchase))?;
        let postings = standing.iter().map(|e| Posting::reversing(e, id::new())).collect();
        ledger::post_in_tx(tx, village, postings, now, Some(actor.user))?;
        day::take_back_in_tx(tx, village, &row, day_of(row.completed_at.unwrap_or(row.made_at)))?;
        diesel::update(purchases::table.find((village.0, purchase.0)))
            .set((
                purchases::state.eq(refunded.state.as_str()),
                purchases::refunded_at.eq(now),
                purchases::refunded_by.eq(actor.user.0),
                purchases::refund_reason.eq(&asked.reason),
            ))
            .execute(tx)?;
        row.refunded_at = Some(now);
        let account = accounts::find(tx, village, AccountId(row.account_id))?;
        let receipt = row.receipt_of(&refunded, Fen::new(account.star_credit))?;
        let name = merchants::find(tx, merchant)?.name;
        let Words { kind, mut data } = tell::of_sale(&receipt, &name);
        data["reason"] = json!(asked.reason);
        tell_household_in_tx(tx, village, household, kind, &data, now)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "purchase_refund",
                subject: Some(purchase.0),
                reason: Some(&asked.reason),
                detail: None,
            },
        )?;
        Ok(receipt)
    })
}
