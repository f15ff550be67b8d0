//! At the till: a code or a card becomes a quote, which is good for this merchant, two minutes and
//! one purchase.
//!
//! A code is used up in the transaction that makes the quote: of two scans of the same code one
//! waits for the other's end, finds its nonce taken and is refused. A card is judged under a lock on
//! its row, and a wrong PIN is written down although the answer is a refusal.

mod card;
mod code;

pub use card::by_card;
pub(crate) use card::{record as record_refused_card, save as save_try};
pub use code::by_code;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::discount::{Buyer, Quote, price_quote};
use domain::id::{CardId, MerchantId, QuoteId, VillageId};
use domain::person::masked_name;
use domain::points::Fen;
use domain::policy::Permit;
use domain::rule_book::Star;
use uuid::Uuid;

use crate::accounts::BalanceRow;
use crate::audit::{self, Deed};
use crate::error::Error;
use crate::schema::{households, quotes, villagers};
use crate::{agreements, id};

/// A quote, as the till sees it.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// The village of the buyer.
    pub village: VillageId,
    /// The quote.
    pub quote: Quote,
    /// Whose account it is, masked: the head of the household, or the person.
    pub masked_name: Option<String>,
}

/// Whom a quote is for and who asks for it.
struct Scan<'a> {
    actor: &'a Actor,
    permit: Permit,
    merchant: MerchantId,
    village: VillageId,
    account: &'a BalanceRow,
    card: Option<(CardId, Fen)>,
}

/// Makes and keeps a quote.
fn quote_in_tx(
    tx: &mut PgConnection,
    scan: &Scan<'_>,
    now: DateTime<Utc>,
) -> Result<Quoted, Error> {
    let Scan { village, account, .. } = *scan;
    let star = u8::try_from(account.stars).ok().and_then(Star::new).unwrap_or(Star::NONE);
    let buyer = Buyer {
        account: domain::id::AccountId(account.id),
        star,
        card_ceiling: scan.card.map(|(_, ceiling)| ceiling),
    };
    let agreements = agreements::between(tx, village, scan.merchant)?;
    let quote = price_quote(id::new::<QuoteId>(), &agreements, buyer, now)?;
    diesel::insert_into(quotes::table)
        .values((
            quotes::village_id.eq(village.0),
            quotes::id.eq(quote.id.0),
            quotes::merchant_id.eq(quote.merchant.0),
            quotes::agreement_id.eq(quote.agreement.0),
            quotes::account_id.eq(quote.account.0),
            quotes::card_id.eq(scan.card.map(|(card, _)| card.0)),
            quotes::stars.eq(account.stars),
            quotes::discount_bp.eq(i16::try_from(quote.discount.get()).unwrap_or(i16::MAX)),
            quotes::account_daily_ceiling.eq(quote.account_daily_ceiling.get()),
            quotes::quoted_by.eq(scan.actor.user.0),
            quotes::quoted_at.eq(now),
            quotes::valid_until.eq(quote.valid_until),
        ))
        .execute(tx)?;
    audit::record_in_tx(
        tx,
        &Deed {
            village,
            at: now,
            user: Some(scan.actor.user),
            role: Some(scan.permit.role),
            action: "scan_create",
            subject: Some(quote.id.0),
            reason: None,
            detail: None,
        },
    )?;
    Ok(Quoted { village, quote, masked_name: name_in_tx(tx, village, account)? })
}

fn name_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    account: &BalanceRow,
) -> Result<Option<String>, Error> {
    let whose: Option<Uuid> = match account.villager_id {
        Some(villager) => Some(villager),
        None => households::table
            .find((village.0, account.household_id))
            .select(households::head_id)
            .first(tx)?,
    };
    let Some(whose) = whose else { return Ok(None) };
    let name: Option<String> =
        villagers::table.find((village.0, whose)).select(villagers::name).first(tx).optional()?;
    Ok(name.map(|name| masked_name(&name)))
}
