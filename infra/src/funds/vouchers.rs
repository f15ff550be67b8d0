//! Vouchers: one person prepares, another one books or refuses.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::fund::{PartyShown, Voucher, VoucherKind, VoucherState};
use domain::id::{FundAccountId, FundVoucherId, PhotoId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::{VoucherRow, accounts, book, next_number};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::photos::{self, Photo};
use crate::reading::Why;
use crate::schema::{fund_accounts, fund_entries, fund_vouchers};

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
        let right = wrong.voucher()?.corrected_by(id::new(), corrected, actor.user, now)?;
        let row = VoucherRow {
            id: right.id.0,
            number: next_number(tx, village)?,
            kind: right.kind.as_str().to_owned(),
            happened_on: right.happened_on,
            purpose: reason.to_owned(),
            corrects_id: Some(wrong.id),
            state: right.state.as_str().to_owned(),
            made_by: actor.user.0,
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
    /// It is right: the money moves.
    Book,
    /// It is not, and why.
    Refuse(String),
}

/// Books or refuses a voucher that somebody else prepared.
///
/// # Errors
/// `checker_is_maker`, `voucher_state`, those of [`domain::fund::book`], `forbidden`, `not_found`.
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
            Decision::Book => {
                let booked = row.voucher()?.booked_by(actor.user)?;
                let row = save(tx, row, &booked, Some(actor), None, now)?;
                book::in_tx(tx, village, &booked, now)?;
                record(tx, actor, permit, &row, "fund_voucher_book", None, now)?;
                Ok(row)
            }
            Decision::Refuse(reason) => {
                let refused = row.voucher()?.refused_by(actor.user)?;
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

/// A voucher with the photos of its document.
#[derive(Clone, Debug)]
pub struct Documented {
    /// The voucher.
    pub voucher: VoucherRow,
    /// Its photos.
    pub photos: Vec<Photo>,
}

/// The vouchers of a village before a number, the newest first; of one state if asked for.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (state, before): (Option<VoucherState>, Option<i32>),
    limit: i64,
    why: &Why,
) -> Result<Vec<Documented>, Error> {
    db.allows_reading(actor, Action::FundBookShow, &Target::village(db.place(village)?), why)?;
    db.read(|c| {
        let mut query = fund_vouchers::table
            .filter(fund_vouchers::village_id.eq(village.0))
            .filter(fund_vouchers::number.lt(before.unwrap_or(i32::MAX)))
            .order(fund_vouchers::number.desc())
            .limit(limit)
            .select(VoucherRow::as_select())
            .into_boxed();
        if let Some(state) = state {
            query = query.filter(fund_vouchers::state.eq(state.as_str()));
        }
        let rows = query.load(c)?;
        documented(c, village, rows)
    })
}

/// One voucher.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    voucher: FundVoucherId,
    why: &Why,
) -> Result<Documented, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::FundBookShow, &target, &why.about(voucher.0))?;
    db.read(|c| {
        let row = fund_vouchers::table
            .find((village.0, voucher.0))
            .select(VoucherRow::as_select())
            .first(c)?;
        documented(c, village, vec![row])?.pop().ok_or_else(|| Refusal::NotFound.into())
    })
}

/// What is told of vouchers that were just written, with the photos of their documents.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn with_photos(db: &Db, row: VoucherRow) -> Result<Documented, Error> {
    db.read(|c| {
        documented(c, VillageId(row.village_id), vec![row.clone()])?
            .pop()
            .ok_or_else(|| Refusal::NotFound.into())
    })
}

fn documented(
    c: &mut PgConnection,
    village: VillageId,
    rows: Vec<VoucherRow>,
) -> Result<Vec<Documented>, Error> {
    let owners: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut photos: BTreeMap<Uuid, Vec<Photo>> = photos::of_in(c, village, &owners)?;
    let with = |voucher: VoucherRow| {
        let photos = photos.remove(&voucher.id).unwrap_or_default();
        Documented { voucher, photos }
    };
    Ok(rows.into_iter().map(with).collect())
}

/// An entry of an account of the fund, with the number of its voucher.
#[derive(Clone, Debug, Queryable)]
pub struct EntryRow {
    /// How many entries the account has with it.
    pub account_version: i64,
    /// Its voucher.
    pub voucher_id: Uuid,
    /// The number of its voucher.
    pub voucher_number: i32,
    /// In fen; below zero went out.
    pub amount: i64,
    /// What the account held after it, in fen.
    pub balance_after: i64,
    /// When it was booked.
    pub recorded_at: DateTime<Utc>,
}

/// The entries of an account before a version of it, the newest first.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn entries(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (account, before): (FundAccountId, Option<i64>),
    limit: i64,
    why: &Why,
) -> Result<Vec<EntryRow>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::FundBookShow, &target, &why.about(account.0))?;
    db.read(|c| {
        let _: Uuid =
            fund_accounts::table.find((village.0, account.0)).select(fund_accounts::id).first(c)?;
        Ok(fund_entries::table
            .inner_join(
                fund_vouchers::table.on(fund_vouchers::village_id
                    .eq(fund_entries::village_id)
                    .and(fund_vouchers::id.eq(fund_entries::voucher_id))),
            )
            .filter(fund_entries::village_id.eq(village.0))
            .filter(fund_entries::account_id.eq(account.0))
            .filter(fund_entries::account_version.lt(before.unwrap_or(i64::MAX)))
            .order(fund_entries::account_version.desc())
            .limit(limit)
            .select((
                fund_entries::account_version,
                fund_entries::voucher_id,
                fund_vouchers::number,
                fund_entries::amount,
                fund_entries::balance_after,
                fund_entries::recorded_at,
            ))
            .load(c)?)
    })
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
