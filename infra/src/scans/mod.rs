//! At the till: a code or a card becomes a quote, which is good for this merchant, two minutes and
//! one purchase.
//!
//! A code is used up in the transaction that makes the quote: of two scans of the same code one
//! waits for the other's end, finds its nonce taken and is refused. A card is judged under a lock on
//! its row, and a wrong PIN is written down although the answer is a refusal. A scan that is sent again
//! with its key gets the first answer: the same quote, or the same wrong PIN, which costs one try.
//!
//! Nobody scans for their own household: who could would turn its star credit into what the village
//! owes their shop, alone.

mod card;
mod code;

pub use card::by_card;
pub(crate) use card::{record as record_refused_card, save as save_try};
pub use code::by_code;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::{Bearer, Buyer, Category, Quote, price_quote};
use domain::id::{CardId, HouseholdId, MerchantId, QuoteId, ShopId, VillageId};
use domain::person::masked_name;
use domain::points::{BasisPoints, Fen};
use domain::policy::Permit;
use domain::rule_book::Star;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::BalanceRow;
use crate::audit::{self, Deed};
use crate::error::Error;
use crate::schema::{households, quotes, villagers};
use crate::{agreements, id};

/// A quote, as the till sees it. It is the answer that a repeat of the scan gets again, so it is stored
/// as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// The village of the buyer.
    pub village_id: Uuid,
    /// The quote.
    pub quote_id: Uuid,
    /// Where it was asked for.
    pub shop_id: Uuid,
    /// Whose account it is, masked: the head of the household, or the person.
    pub masked_name: Option<String>,
    /// The star that holds.
    pub stars: u8,
    /// What comes off which goods.
    pub offers: Vec<Offered>,
    /// Until when it can be sold on.
    pub valid_until: DateTime<Utc>,
}

/// What comes off some goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// Which.
    pub categories: Vec<Category>,
    /// The share of the price.
    pub discount: BasisPoints,
    /// Who bears it.
    pub bearer: Bearer,
    /// The highest price of one purchase.
    pub price_ceiling: Fen,
}

impl Quoted {
    fn of(village: VillageId, quote: &Quote, masked_name: Option<String>) -> Self {
        let told = quote.told().into_iter();
        let offers = told.map(|(categories, offer)| Offered {
            categories: categories.each().collect(),
            discount: offer.discount,
            bearer: offer.agreement.terms.bearer,
            price_ceiling: offer.agreement.terms.price_ceiling,
        });
        Self {
            village_id: village.0,
            quote_id: quote.id.0,
            shop_id: quote.shop.0,
            masked_name,
            stars: quote.star.get(),
            offers: offers.collect(),
            valid_until: quote.valid_until,
        }
    }
}

/// Where somebody scans.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// For which merchant.
    pub merchant: MerchantId,
    /// At which shop; without it the only one at which they stand.
    pub shop: Option<ShopId>,
}

/// Whom a quote is for and who asks for it.
struct Scan<'a> {
    actor: &'a Actor,
    permit: Permit,
    merchant: MerchantId,
    shop: ShopId,
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
    scan.actor.is_no_member_of(HouseholdId(account.household_id))?;
    let star = u8::try_from(account.stars).ok().and_then(Star::new).unwrap_or(Star::NONE);
    let buyer = Buyer {
        account: domain::id::AccountId(account.id),
        star,
        card_ceiling: scan.card.map(|(_, ceiling)| ceiling),
    };
    let agreements = agreements::in_force(tx, village, scan.merchant, day_of(now))?;
    let at = (scan.merchant, scan.shop);
    let quote = price_quote(id::new::<QuoteId>(), agreements, at, buyer, now)?;
    let offers = &quote.offers;
    let small = |bp: u16| i16::try_from(bp).unwrap_or(i16::MAX);
    let ids: Vec<Uuid> = offers.iter().map(|offer| offer.agreement.id.0).collect();
    let discounts: Vec<i16> = offers.iter().map(|offer| small(offer.discount.get())).collect();
    let ceilings: Vec<i64> = offers.iter().map(|offer| offer.account_daily_ceiling.get()).collect();
    diesel::insert_into(quotes::table)
        .values((
            quotes::village_id.eq(village.0),
            quotes::id.eq(quote.id.0),
            quotes::merchant_id.eq(quote.merchant.0),
            quotes::shop_id.eq(quote.shop.0),
            quotes::account_id.eq(quote.account.0),
            quotes::card_id.eq(scan.card.map(|(card, _)| card.0)),
            quotes::stars.eq(account.stars),
            quotes::agreement_ids.eq(ids),
            quotes::discounts_bp.eq(discounts),
            quotes::account_daily_ceilings.eq(ceilings),
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
    Ok(Quoted::of(village, &quote, name_in_tx(tx, village, account)?))
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
