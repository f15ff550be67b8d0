//! The household confirms a purchase that waits.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::Basis;
use domain::four_eyes::{Hand, checked_by};
use domain::id::{AccountId, HouseholdId, MerchantId, PurchaseId, ShopId, VillageId};
use domain::points::{BasisPoints, Fen};
use domain::policy::{Action, Target, allows};

use super::receipt::PurchaseRow;
use super::tell::{self, Words};
use super::{Receipt, day};
use crate::actors::hand;
use crate::agreements::AgreementRow;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::tell_household_in_tx;
use crate::schema::{agreements, purchases};
use crate::{accounts, id, ledger, merchants};

/// Confirms a purchase: now it moves star credit. Whoever sold it does not confirm it, also not one who
/// came to belong to the household since.
///
/// # Errors
/// `purchase_state`, `merchant_closed`, `merchant_paused`, `shop_closed`, `checker_is_maker`, `not_found`.
pub fn confirm(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    purchase: PurchaseId,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let row: PurchaseRow = purchases::table
            .find((village.0, purchase.0))
            .select(PurchaseRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        // Locked before it is read, so that the credit it shows is the credit there is.
        ledger::lock_in_tx(tx, village, &BTreeSet::from([AccountId(row.account_id)]))?;
        let account = accounts::find(tx, village, AccountId(row.account_id))?;
        let household = HouseholdId(account.household_id);
        let permit = allows(actor, Action::PurchaseConfirm, &Target::household(place, household))?;
        // Of who sold, only the user is stored; who lives with the household could not sell to it.
        checked_by(hand(row.sold_by, None), Hand::of(actor))?;
        let merchant = merchants::find(tx, MerchantId(row.merchant_id))?;
        let today = day_of(now);
        merchant.standing()?.trades_on(today)?;
        merchants::is_open_in_tx(tx, ShopId(row.shop_id))?;
        let agreement = agreements::table
            .find((village.0, row.agreement_id))
            .select(AgreementRow::as_select())
            .first(tx)?
            .agreement()?;
        let share = u16::try_from(row.discount_bp).ok().and_then(BasisPoints::new);
        let basis = Basis {
            terms: &agreement.terms,
            share: share.unwrap_or(BasisPoints::ZERO),
            account_daily_ceiling: Fen::new(row.account_daily_ceiling),
            credit_left: Fen::new(account.star_credit),
            spent: day::spent_in_tx(tx, &row, today)?,
        };
        let bought = row.purchase()?.confirm(&basis, now)?;
        let postings = bought.posting(id::new(), now).into_iter().collect();
        let entries = ledger::post_in_tx(tx, village, postings, now, Some(actor.user))?;
        day::add_in_tx(tx, &row, &agreement, today, bought.discount.amount)?;
        let entry = entries.first();
        let credit_left = Fen::new(entry.map_or(account.star_credit, |e| e.balance_after));
        diesel::update(purchases::table.find((village.0, purchase.0)))
            .set((
                purchases::state.eq(bought.state.as_str()),
                purchases::discount.eq(bought.discount.amount.get()),
                purchases::limited_by.eq(bought.discount.limited_by.map(|limit| limit.as_str())),
                purchases::credit_left.eq(credit_left.get()),
                purchases::entry_id.eq(entry.map(|entry| entry.posting.id.0)),
                purchases::completed_at.eq(now),
            ))
            .execute(tx)?;
        let receipt = row.receipt_of(&bought, credit_left)?;
        let Words { kind, data } = tell::of_sale(&receipt, &merchant.name);
        tell_household_in_tx(tx, village, household, kind, &data, now)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "purchase_confirm",
                subject: Some(purchase.0),
                reason: None,
                detail: None,
            },
        )?;
        Ok(receipt)
    })
}
