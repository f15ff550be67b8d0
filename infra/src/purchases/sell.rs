//! Selling on a quote: what the whole queue waits for. Two round trips: one query that reads all that
//! the decision needs, one call that writes all that came of it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::{Agreement, Purchase, Quote, Spent, sell as decide, trades};
use domain::id::{AccountId, AgreementId, EntryId, MerchantId, QuoteId, UserId, VillageId};
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
use crate::merchants::at_the_till;
use crate::schema::{accounts, agreements, merchants, purchase_days, quotes};
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
}

/// Sells on a quote, once for each key.
///
/// # Errors
/// Those of [`domain::discount::sell`]; `merchant_closed`, `idempotency_in_flight`,
/// `idempotency_mismatch`, `not_found`.
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
        let sold = try_to_sell(c, actor.user, permit, sale, once, now);
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
    user: UserId,
    permit: Permit,
    sale: &Sale,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Option<Receipt>, Error> {
    let found = load(c, sale, day_of(now))?;
    trades(found.closed_at)?;
    let credit = Fen::new(found.account.star_credit);
    let terms = &found.agreement.terms;
    let purchase = decide(id::new(), &found.quote, sale.price, terms, credit, found.spent, now)?;
    let entry = entry(&found.account, &purchase, now)?;
    let credit_left = entry.as_ref().map_or(credit, |entry| Fen::new(entry.balance_after));
    let receipt = receipt(sale, &found.quote, &purchase, credit_left);
    let appended = append(
        c,
        &Append {
            once,
            user,
            role: permit.role,
            village: sale.village,
            quote: &found.quote,
            account_version: found.account.version,
            merchant_ceiling: terms.merchant_daily_ceiling,
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

fn receipt(sale: &Sale, quote: &Quote, purchase: &Purchase, credit_left: Fen) -> Receipt {
    Receipt {
        purchase_id: purchase.id.0,
        village_id: sale.village.0,
        merchant_id: sale.merchant.0,
        price: purchase.price,
        discount: purchase.discount.amount,
        to_pay: purchase.to_pay(),
        credit_left,
        limited_by: purchase.discount.limited_by,
        bearer: purchase.bearer,
        stars: i16::from(quote.star.get()),
        discount_bp: i16::try_from(quote.discount.get()).unwrap_or(i16::MAX),
        state: purchase.state,
        made_at: purchase.made_at,
        confirm_until: purchase.confirm_until(),
        refunded_at: None,
    }
}

/// All that a sale is decided on.
struct Found {
    quote: Quote,
    agreement: Agreement,
    account: BalanceRow,
    merchant_name: String,
    closed_at: Option<DateTime<Utc>>,
    spent: Spent,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = quotes)]
struct QuoteRow {
    id: Uuid,
    merchant_id: Uuid,
    agreement_id: Uuid,
    account_id: Uuid,
    stars: i16,
    discount_bp: i16,
    account_daily_ceiling: i64,
    valid_until: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

impl QuoteRow {
    fn quote(&self) -> Result<Quote, Error> {
        let unreadable = || Error::Bug("a stored quote cannot be read".into());
        let star = u8::try_from(self.stars).ok().and_then(Star::new);
        let discount = u16::try_from(self.discount_bp).ok().and_then(BasisPoints::new);
        Ok(Quote {
            id: QuoteId(self.id),
            merchant: MerchantId(self.merchant_id),
            agreement: AgreementId(self.agreement_id),
            account: AccountId(self.account_id),
            star: star.ok_or_else(unreadable)?,
            discount: discount.ok_or_else(unreadable)?,
            account_daily_ceiling: Fen::new(self.account_daily_ceiling),
            valid_until: self.valid_until,
            used: self.used_at.is_some(),
        })
    }
}

/// A quote of another merchant is not found.
fn load(c: &mut PgConnection, sale: &Sale, today: NaiveDate) -> Result<Found, Error> {
    type Row = (
        QuoteRow,
        AgreementRow,
        BalanceRow,
        String,
        Option<DateTime<Utc>>,
        Option<i64>,
        Option<i64>,
    );
    let (by_account, by_merchant) =
        diesel::alias!(purchase_days as by_account, purchase_days as by_merchant);
    let (quote, agreement, account, merchant_name, closed_at, account_spent, merchant_spent): Row =
        quotes::table
            .inner_join(
                agreements::table.on(agreements::village_id
                    .eq(quotes::village_id)
                    .and(agreements::id.eq(quotes::agreement_id))),
            )
            .inner_join(
                accounts::table.on(accounts::village_id
                    .eq(quotes::village_id)
                    .and(accounts::id.eq(quotes::account_id))),
            )
            .inner_join(merchants::table.on(merchants::id.eq(quotes::merchant_id)))
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
                    .and(by_merchant.field(purchase_days::subject_id).eq(quotes::agreement_id))
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
                merchants::closed_at,
                by_account.field(purchase_days::discount).nullable(),
                by_merchant.field(purchase_days::discount).nullable(),
            ))
            .first(c)?;
    let fen = |spent: Option<i64>| spent.map_or(Fen::ZERO, Fen::new);
    Ok(Found {
        quote: quote.quote()?,
        agreement: agreement.agreement()?,
        account,
        merchant_name,
        closed_at,
        spent: Spent { by_account: fen(account_spent), by_merchant: fen(merchant_spent) },
    })
}
