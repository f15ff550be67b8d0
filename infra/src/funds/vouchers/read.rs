//! Vouchers and the book of an account as those who run the fund read them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Uuid as SqlUuid};
use domain::actor::Actor;
use domain::fund::{BESIDES_MAX, VoucherState};
use domain::id::{FundAccountId, FundVoucherId, VillageId};
use domain::policy::{Action, Target};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::funds::VoucherRow;
use crate::photos::{self, Photo};
use crate::reading::Why;
use crate::schema::{fund_accounts, fund_entries, fund_vouchers};

/// A voucher with the photos of its document.
#[derive(Clone, Debug)]
pub struct Documented {
    /// The voucher.
    pub voucher: VoucherRow,
    /// Its photos.
    pub photos: Vec<Photo>,
    /// Earlier vouchers of the same document number with their numbers, the newest first; as long as it waits.
    pub same_document: Vec<(FundVoucherId, i32)>,
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
    let mut earlier = earlier_in(c, village, &owners)?;
    let with = |voucher: VoucherRow| {
        let photos = photos.remove(&voucher.id).unwrap_or_default();
        let same_document = earlier.remove(&voucher.id).unwrap_or_default();
        Documented { voucher, photos, same_document }
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

#[derive(QueryableByName)]
struct Earlier {
    #[diesel(sql_type = SqlUuid)]
    voucher: Uuid,
    #[diesel(sql_type = SqlUuid)]
    earlier: Uuid,
    #[diesel(sql_type = Integer)]
    number: i32,
}

/// Of those of these vouchers that wait, the earlier ones of the same document that are booked or wait too:
/// at most [`BESIDES_MAX`], the newest first. What was taken back, and what takes back, uses no document.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn earlier_in(
    c: &mut PgConnection,
    village: VillageId,
    vouchers: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<(FundVoucherId, i32)>>, Error> {
    let rows: Vec<Earlier> = diesel::sql_query(
        "SELECT v.id AS voucher, e.id AS earlier, e.number FROM fund_vouchers v CROSS JOIN LATERAL ( \
             SELECT o.id, o.number FROM fund_vouchers o \
             WHERE o.village_id = v.village_id AND o.document = v.document AND o.number < v.number \
             AND o.kind <> 'correction' AND o.state IN ('prepared', 'booked') \
             AND NOT EXISTS (SELECT FROM fund_vouchers b WHERE b.village_id = o.village_id \
                 AND b.corrects_id = o.id AND b.state = 'booked') \
             ORDER BY o.number DESC LIMIT $3) e \
         WHERE v.village_id = $1 AND v.id = ANY($2) AND v.state = 'prepared' \
         AND v.kind <> 'correction' ORDER BY v.id, e.number DESC",
    )
    .bind::<SqlUuid, _>(village.0)
    .bind::<Array<SqlUuid>, _>(vouchers)
    .bind::<BigInt, _>(i64::try_from(BESIDES_MAX).unwrap_or(i64::MAX))
    .load(c)?;
    let mut found: BTreeMap<Uuid, Vec<(FundVoucherId, i32)>> = BTreeMap::new();
    for Earlier { voucher, earlier, number } in rows {
        found.entry(voucher).or_default().push((FundVoucherId(earlier), number));
    }
    Ok(found)
}
