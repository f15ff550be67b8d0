//! Selling on a quote: what the whole queue waits for. Two round trips: one query that reads all that
//! the decision needs, one call that writes all that came of it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::alliance::{AtSale, Standing};
use domain::calendar::day_of;
use domain::discount::{Agreement, Category, Offer, Purchase, Quote, Spent, Taken, sell as decide};
use domain::id::{AccountId, EntryId, HouseholdId, MerchantId, QuoteId, ShopId, VillageId};
use domain::ledger::{Balances, Entry, Sheet};
use domain::points::{BasisPoints, Fen};
use domain::policy::{Action, Permit};
use domain::refusal::Refusal;
use domain::rule_book::Star;
use uuid::Uuid;

use super::append::{Append, Appended, append};
use super::{Receipt, tell};
use crate::accounts::BalanceRow;
use crate::agreements::AgreementRow;
use crate::db::{Db, Turn};
use crate::error::Error;
use crate::idempotency::{Once, answer_of};
use crate::merchants::{STANDING, StandingRow, at_the_till, held_now, standing_of};
use crate::schema::{accounts, agreements, merchants, purchase_days, quotes, role_grants, shops};
use crate::{id, ledger};

/// What the till asks for.
#[derive(Clone, Copy, Debug)]
pub struct Sale {
    /// The merchant.
    pub merchant: MerchantId,
    /// The village that the quote names.
    pub village: VillageId,
    /// The quote.
    pub quote: QuoteId,
    /// The price.
    pub price: Fen,
    /// What is bought.
    pub category: Category,
}

/// Sells on a quote, once for each key. Nobody sells to their own household: who could would turn its
/// star credit into what the village owes their shop, alone.
///
/// Who acts is remembered for a while by every process, so that the read that the decision is made on
/// asks too whether they still stand at the shop.
///
/// # Errors
/// Those of [`domain::discount::sell`]; `own_household`, `merchant_closed`, `merchant_paused`,
/// `shop_closed`, `idempotency_in_flight`, `idempotency_mismatch`, `not_found`.
pub fn sell(
    db: &Db,
    actor: &Actor,
    sale: &Sale,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let permit = at_the_till(actor, Action::PurchaseCreate, sale.merchant)?;
    db.write_statement(|c, turn| {
        if turn == Turn::Again {
            lock_account(c, sale)?;
        }
        let sold = try_to_sell(c, actor, permit, sale, once, now);
        // A repeat finds its quote used, or the key. That is no refusal if it is the same request.
        match sold {
            Ok(Some(receipt)) => Ok(receipt),
            Ok(None) => answer_of(c, once)?.ok_or(Error::LostRace),
            Err(Error::Refused(refusal)) => answer_of(c, once)?.ok_or(Error::Refused(refusal)),
            Err(other) => Err(other),
        }
    })
}

fn lock_account(c: &mut PgConnection, sale: &Sale) -> Result<(), Error> {
    let account: Uuid =
        quotes::table.find((sale.village.0, sale.quote.0)).select(quotes::account_id).first(c)?;
    ledger::lock_in_tx(c, sale.village, &BTreeSet::from([AccountId(account)])).map(|_| ())
}

/// Decides and writes; answers none if the key was used before.
fn try_to_sell(
    c: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    sale: &Sale,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Option<Receipt>, Error> {
    let found = load(c, actor, sale, now)?;
    found.at_sale.may_sell()?;
    actor.is_no_member_of(HouseholdId(found.account.household_id))?;
    found.standing.trades_on(day_of(now))?;
    let credit = Fen::new(found.account.star_credit);
    let taken = found.quote.take(sale.category, now)?;
    let spent = Spent {
        by_account: found.by_account,
        by_merchant: found.by_merchant.get(taken.index).copied().unwrap_or(Fen::ZERO),
    };
    let purchase = decide(id::new(), taken, sale.price, credit, spent, now)?;
    let entry = entry(&found.account, &purchase, now)?;
    let credit_left = entry.as_ref().map_or(credit, |entry| Fen::new(entry.balance_after));
    let receipt = receipt(sale, taken, &purchase, credit_left);
    let appended = append(
        c,
        &Append {
            once,
            user: actor.user,
            role: permit.role,
            village: sale.village,
            taken,
            account_version: found.account.version,
            purchase: &purchase,
            entry: entry.as_ref(),
            receipt: &receipt,
            message: tell::of_sale(&receipt, &found.merchant_name),
            now,
        },
    )?;
    match appended {
        Appended::Done => Ok(Some(receipt)),
        Appended::Replay => Ok(None),
        Appended::InFlight => Err(Refusal::IdempotencyInFlight.into()),
    }
}

fn entry(
    account: &BalanceRow,
    purchase: &Purchase,
    now: DateTime<Utc>,
) -> Result<Option<Entry>, Refusal> {
    let Some(posting) = purchase.posting(id::new::<EntryId>(), now) else { return Ok(None) };
    let balances = Balances {
        score: account.score,
        points: account.points,
        star_credit: account.star_credit,
        version: account.version,
    };
    let mut sheet = Sheet([(posting.account, balances)].into());
    Ok(sheet.post(vec![posting])?.into_iter().next())
}

fn receipt(sale: &Sale, taken: Taken<'_>, purchase: &Purchase, credit_left: Fen) -> Receipt {
    Receipt {
        purchase_id: purchase.id.0,
        village_id: sale.village.0,
        merchant_id: sale.merchant.0,
        shop_id: taken.quote.shop.0,
        category: taken.category,
        price: purchase.price,
        discount: purchase.discount.amount,
        to_pay: purchase.to_pay(),
        credit_left,
        limited_by: purchase.discount.limited_by,
        bearer: purchase.bearer,
        stars: i16::from(taken.quote.star.get()),
        discount_bp: i16::try_from(taken.offer.discount.get()).unwrap_or(i16::MAX),
        state: purchase.state,
        made_at: purchase.made_at,
        confirm_until: purchase.confirm_until(),
        refunded_at: None,
    }
}

/// All that a sale is decided on.
struct Found {
    quote: Quote,
    account: BalanceRow,
    merchant_name: String,
    standing: Standing,
    at_sale: AtSale,
    by_account: Fen,
    /// Under the agreement of each offer.
    by_merchant: Vec<Fen>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = quotes)]
struct QuoteRow {
    id: Uuid,
    merchant_id: Uuid,
    shop_id: Uuid,
    account_id: Uuid,
    stars: i16,
    agreement_ids: Vec<Uuid>,
    discounts_bp: Vec<i16>,
    account_daily_ceilings: Vec<i64>,
    valid_until: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

fn unreadable() -> Error {
    Error::Bug("a stored quote cannot be read".into())
}

impl QuoteRow {
    /// The quote with its offers in the order in which they were told, and what was given under each
    /// of their agreements today.
    fn quote(&self, mut agreements: Vec<(Agreement, Fen)>) -> Result<(Quote, Vec<Fen>), Error> {
        let (mut offers, mut given) = (Vec::new(), Vec::new());
        let figures = self.discounts_bp.iter().zip(&self.account_daily_ceilings);
        for (id, (bp, ceiling)) in self.agreement_ids.iter().zip(figures) {
            let place = agreements.iter().position(|(agreement, _)| agreement.id.0 == *id);
            let (agreement, spent) = agreements.swap_remove(place.ok_or_else(unreadable)?);
            let discount = u16::try_from(*bp).ok().and_then(BasisPoints::new);
            offers.push(Offer {
                agreement,
                discount: discount.ok_or_else(unreadable)?,
                account_daily_ceiling: Fen::new(*ceiling),
            });
            given.push(spent);
        }
        let star = u8::try_from(self.stars).ok().and_then(Star::new);
        let quote = Quote {
            id: QuoteId(self.id),
            merchant: MerchantId(self.merchant_id),
            shop: ShopId(self.shop_id),
            account: AccountId(self.account_id),
            star: star.ok_or_else(unreadable)?,
            offers,
            valid_until: self.valid_until,
            used: self.used_at.is_some(),
        };
        Ok((quote, given))
    }
}

diesel::define_sql_function! {
    /// Postgres' own: equal to one of the array.
    #[sql_name = "any"]
    fn any_of(ids: diesel::sql_types::Array<diesel::sql_types::Uuid>) -> diesel::sql_types::Uuid;
}

/// A row for each offer of the quote; hardly ever more than one. A quote of another merchant is not
/// found.
fn load(
    c: &mut PgConnection,
    actor: &Actor,
    sale: &Sale,
    now: DateTime<Utc>,
) -> Result<Found, Error> {
    /// Whether who sells stands there, and since when the shop is closed.
    type There = (bool, Option<Uuid>, Option<DateTime<Utc>>);
    type Row =
        (QuoteRow, AgreementRow, BalanceRow, String, StandingRow, There, Option<i64>, Option<i64>);
    let today: NaiveDate = day_of(now);
    let stands_there = diesel::dsl::exists(
        role_grants::table
            .filter(held_now(actor.user.0, now))
            .filter(role_grants::merchant_id.eq(quotes::merchant_id.nullable()))
            .filter(
                role_grants::shop_id
                    .is_null()
                    .or(role_grants::shop_id.eq(quotes::shop_id.nullable()).assume_not_null()),
            ),
    );
    let (by_account, by_merchant) =
        diesel::alias!(purchase_days as by_account, purchase_days as by_merchant);
    let mut rows: Vec<Row> = quotes::table
        .inner_join(
            agreements::table.on(agreements::village_id
                .eq(quotes::village_id)
                .and(agreements::id.eq(any_of(quotes::agreement_ids)))),
        )
        .inner_join(accounts::table.on(
            accounts::village_id.eq(quotes::village_id).and(accounts::id.eq(quotes::account_id)),
        ))
        .inner_join(merchants::table.on(merchants::id.eq(quotes::merchant_id)))
        .left_join(shops::table.on(shops::id.eq(quotes::shop_id)))
        .left_join(
            by_account.on(by_account
                .field(purchase_days::village_id)
                .eq(quotes::village_id)
                .and(by_account.field(purchase_days::subject_id).eq(quotes::account_id))
                .and(by_account.field(purchase_days::day).eq(today))),
        )
        .left_join(
            by_merchant.on(by_merchant
                .field(purchase_days::village_id)
                .eq(quotes::village_id)
                .and(by_merchant.field(purchase_days::subject_id).eq(agreements::id))
                .and(by_merchant.field(purchase_days::day).eq(today))),
        )
        .filter(quotes::village_id.eq(sale.village.0))
        .filter(quotes::id.eq(sale.quote.0))
        .filter(quotes::merchant_id.eq(sale.merchant.0))
        .select((
            QuoteRow::as_select(),
            AgreementRow::as_select(),
            BalanceRow::as_select(),
            merchants::name,
            STANDING,
            (stands_there, shops::id.nullable(), shops::closed_at.nullable()),
            by_account.field(purchase_days::discount).nullable(),
            by_merchant.field(purchase_days::discount).nullable(),
        ))
        .load(c)?;
    let fen = |spent: Option<i64>| spent.map_or(Fen::ZERO, Fen::new);
    let agreements: Vec<(Agreement, Fen)> = rows
        .iter()
        .map(|row| Ok((row.1.clone().agreement()?, fen(row.7))))
        .collect::<Result<_, Error>>()?;
    let (quote, _, account, merchant_name, standing, there, by_account, _) =
        rows.pop().ok_or(Refusal::NotFound)?;
    let (quote, by_merchant) = quote.quote(agreements)?;
    let standing = standing_of(&standing)?;
    let (stands_there, shop, closed_at) = there;
    let at_sale = AtSale { stands_there, is_open: shop.is_some() && closed_at.is_none() };
    let by_account = fen(by_account);
    Ok(Found { quote, account, merchant_name, standing, at_sale, by_account, by_merchant })
}
