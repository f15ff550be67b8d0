//! A scan of the rotating code.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::VillageId;
use domain::policy::{Action, Permit};
use domain::refusal::Refusal;

use super::{At, Quoted, Scan, quote_in_tx};
use crate::accounts::BalanceRow;
use crate::codes::{self, Read};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::merchants::{at_the_till, at_which_shop};
use crate::schema::{accounts, used_codes};

/// Uses a code up and answers a quote, with a key once for each. A refusal leaves the code as it was.
///
/// # Errors
/// `code_invalid`, `code_expired`, `code_used`, `own_household`, `no_agreement`, `no_star`,
/// `merchant_closed`, `merchant_paused`, `shop_closed`, `shop_needed`, `idempotency_in_flight`,
/// `idempotency_mismatch`, `not_found`.
pub fn by_code(
    db: &Db,
    actor: &Actor,
    at: At,
    code: &str,
    once: Option<&Once>,
    now: DateTime<Utc>,
) -> Result<Quoted, Error> {
    let permit = at_the_till(actor, Action::PurchaseCreate, at.merchant)?;
    let Some(once) = once else {
        let code = codes::read_current(db.secrets(), code, now)?;
        return db.write(|tx| scan_in_tx(tx, actor, permit, at, &code, now));
    };
    db.write_once(once, now, |tx| {
        // Read in here: whoever asks again when the code is out of date still gets the quote.
        let code = codes::read_current(db.secrets(), code, now)?;
        scan_in_tx(tx, actor, permit, at, &code, now)
    })
}

fn scan_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    At { merchant, shop }: At,
    code: &Read,
    now: DateTime<Utc>,
) -> Result<Quoted, Error> {
    let shop = at_which_shop(tx, actor, merchant, shop, now)?;
    let account = account_of(tx, code.village, &code.alias)?;
    use_up(tx, code.village, &code.nonce, now)?;
    let (village, account) = (code.village, &account);
    let scan = Scan { actor, permit, merchant, shop, village, account, card: None };
    quote_in_tx(tx, &scan, now)
}

fn account_of(
    tx: &mut PgConnection,
    village: VillageId,
    alias: &[u8],
) -> Result<BalanceRow, Error> {
    let found: Option<BalanceRow> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::alias.eq(alias))
        .select(BalanceRow::as_select())
        .first(tx)
        .optional()?;
    found.ok_or_else(|| Refusal::CodeInvalid.into())
}

fn use_up(
    tx: &mut PgConnection,
    village: VillageId,
    nonce: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let written = diesel::insert_into(used_codes::table)
        .values((
            used_codes::village_id.eq(village.0),
            used_codes::nonce.eq(nonce),
            used_codes::used_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx)?;
    if written == 1 { Ok(()) } else { Err(Refusal::CodeUsed.into()) }
}
