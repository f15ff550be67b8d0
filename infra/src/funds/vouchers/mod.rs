//! Vouchers: one person prepares, another one books or refuses; and how people read them.

mod read;

pub use read::{Documented, EntryRow, entries, list, show, with_photos};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::four_eyes::Hand;
use domain::fund::{PartyShown, Voucher, VoucherKind, VoucherState, document_known};
use domain::id::{FundAccountId, FundVoucherId, PhotoId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;

use super::{VoucherRow, accounts, book, next_number};
use crate::actors::villager_of;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::photos;
use crate::schema::fund_vouchers;

/// What somebody prepares.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it does; a correction is prepared by [`correct`].
    pub kind: VoucherKind,
    /// About which account.
    pub account: FundAccountId,
    /// For a transfer: the account that gets it.
    pub to: Option<FundAccountId>,
    /// How much.
    pub amount: Fen,
    /// Who gave or gets it.
    pub party: String,
    /// How the notice board names them.
    pub party_shown: PartyShown,
    /// What for.
    pub purpose: String,
    /// The number of its document.
    pub document: String,
    /// Photos of the document.
    pub photos: Vec<PhotoId>,
    /// The day on the document.
    pub happened_on: NaiveDate,
}

/// Prepares a voucher. It moves nothing until a second person books it.
///
/// # Errors
/// Those of [`Voucher::check`]; `fund_account_closed`, `photo_not_usable`, `forbidden`, `not_found`.
pub fn prepare(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    draft: &Draft,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<VoucherRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let row = VoucherRow {
            village_id: village.0,
            id: id::new(),
            number: next_number(tx, village)?,
            kind: draft.kind.as_str().to_owned(),
            account_id: draft.account.0,
            to_account_id: draft.to.map(|id| id.0),
            amount: draft.amount.get(),
            party: draft.party.clone(),
            party_shown: draft.party_shown.as_str().to_owned(),
            purpose: draft.purpose.clone(),
            document: draft.document.clone(),
            happened_on: draft.happened_on,
            settles_id: None,
            corrects_id: None,
            state: VoucherState::Prepared.as_str().to_owned(),
            made_by: actor.user.0,
            made_by_villager: villager_of(Hand::of(actor)),
            made_at: now,
            checked_by: None,
            checked_at: None,
            reason: None,
        };
        row.voucher()?.check(now)?;
        for account in [Some(draft.account), draft.to].into_iter().flatten() {
            if accounts::find(tx, village, account)?.closed_at.is_some() {
                return Err(Refusal::FundAccountClosed.into());
            }
        }
        diesel::insert_into(fund_vouchers::table).values(&row).execute(tx)?;
        photos::attach_in_tx(tx, village, actor.user, &draft.photos, row.id, now)?;
        record(tx, actor, permit, &row, "fund_voucher_create", None, now)?;
        Ok(row)
    })
}

/// Prepares the voucher that takes a booked one back.
///
/// # Errors
/// Those of [`Voucher::corrected_by`]; `forbidden`, `not_found`.
pub fn correct(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (voucher, reason): (FundVoucherId, &str),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<VoucherRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let wrong = lock(tx, village, voucher)?;
        let corrected = fund_vouchers::table
            .filter(fund_vouchers::village_id.eq(village.0))
            .filter(fund_vouchers::corrects_id.assume_not_null().eq(voucher.0))
            .filter(
                fund_vouchers::state
                    .eq_any([VoucherState::Prepared.as_str(), VoucherState::Booked.as_str()]),
            );
        let corrected: bool = diesel::select(diesel::dsl::exists(corrected)).get_result(tx)?;
        let right = wrong.voucher()?.corrected_by(id::new(), corrected, Hand::of(actor), now)?;
        let row = VoucherRow {
            id: right.id.0,
            number: next_number(tx, village)?,
            kind: right.kind.as_str().to_owned(),
            happened_on: right.happened_on,
            purpose: reason.to_owned(),
            corrects_id: Some(wrong.id),
            state: right.state.as_str().to_owned(),
            made_by: actor.user.0,
            made_by_villager: villager_of(Hand::of(actor)),
            made_at: now,
            checked_by: None,
            checked_at: None,
            reason: None,
            ..wrong
        };
        diesel::insert_into(fund_vouchers::table).values(&row).execute(tx)?;
        record(tx, actor, permit, &row, "fund_voucher_correct", None, now)?;
        Ok(row)
    })
}

/// What a second person decides.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It is right: the money moves. With the earlier vouchers of the same document that they know of.
    Book(Vec<FundVoucherId>),
    /// It is not, and why.
    Refuse(String),
}

/// Books or refuses a voucher that somebody else prepared.
///
/// # Errors
/// `checker_is_maker`, `voucher_state`, `document_used`, those of [`domain::fund::book`], `forbidden`,
/// `not_found`.
pub fn decide(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (voucher, decision): (FundVoucherId, &Decision),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<VoucherRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let row = lock(tx, village, voucher)?;
        match decision {
            Decision::Book(besides) => {
                let booked = row.voucher()?.booked_by(Hand::of(actor))?;
                let earlier = read::earlier_in(tx, village, &[row.id])?.remove(&row.id);
                document_known(&earlier.unwrap_or_default(), besides)?;
                let row = save(tx, row, &booked, Some(actor), None, now)?;
                book::in_tx(tx, village, &booked, now)?;
                record(tx, actor, permit, &row, "fund_voucher_book", None, now)?;
                Ok(row)
            }
            Decision::Refuse(reason) => {
                let refused = row.voucher()?.refused_by(Hand::of(actor))?;
                let row = save(tx, row, &refused, Some(actor), Some(reason), now)?;
                record(tx, actor, permit, &row, "fund_voucher_refuse", Some(reason), now)?;
                Ok(row)
            }
        }
    })
}

/// Takes back a voucher that one prepared and that waits.
///
/// # Errors
/// `voucher_state`, `forbidden`, `not_found`.
pub fn withdraw(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (voucher, reason): (FundVoucherId, &str),
    now: DateTime<Utc>,
) -> Result<VoucherRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let row = lock(tx, village, voucher)?;
        let withdrawn = row.voucher()?.withdrawn_by(actor.user)?;
        let row = save(tx, row, &withdrawn, None, Some(reason), now)?;
        record(tx, actor, permit, &row, "fund_voucher_withdraw", Some(reason), now)?;
        Ok(row)
    })
}

fn lock(
    tx: &mut PgConnection,
    village: VillageId,
    voucher: FundVoucherId,
) -> Result<VoucherRow, Error> {
    Ok(fund_vouchers::table
        .find((village.0, voucher.0))
        .select(VoucherRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

fn save(
    tx: &mut PgConnection,
    row: VoucherRow,
    next: &Voucher,
    checker: Option<&Actor>,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<VoucherRow, Error> {
    let saved = VoucherRow {
        state: next.state.as_str().to_owned(),
        checked_by: checker.map(|actor| actor.user.0),
        checked_at: Some(now),
        reason: reason.map(str::to_owned),
        ..row
    };
    diesel::update(fund_vouchers::table.find((saved.village_id, saved.id)))
        .set((
            fund_vouchers::state.eq(&saved.state),
            fund_vouchers::checked_by.eq(saved.checked_by),
            fund_vouchers::checked_at.eq(saved.checked_at),
            fund_vouchers::reason.eq(&saved.reason),
        ))
        .execute(tx)?;
    Ok(saved)
}

fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    row: &VoucherRow,
    action: &str,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let deed = Deed {
        village: VillageId(row.village_id),
        at: now,
        user: Some(actor.user),
        role: Some(permit.role),
        action,
        subject: Some(row.id),
        reason,
        detail: Some(json!({"number": row.number, "kind": row.kind, "amount_fen": row.amount})),
    };
    audit::record_in_tx(tx, &deed)
}
