//! The store's own ledger: what came, what went, and what was counted. Stock moves through the SQL
//! function `stock_move` only, and through `redemption_append`, where somebody redeems.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use domain::actor::Actor;
use domain::id::{GoodsId, RedemptionId, StoreId, UserId, VillageId};
use domain::policy::Action;
use domain::refusal::Refusal;
use domain::store::{GoodsKind, Move, StockKind};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{lock_in_tx, record_with};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::schema::stock_entries;
use crate::stores::counter;
use crate::{id, names};

diesel::define_sql_function! {
    /// See the migration that makes it.
    #[expect(clippy::too_many_arguments, reason = "columns of a table, as arrays")]
    fn stock_move(
        village: SqlUuid, kind: Text, entries: Array<SqlUuid>, goods: Array<SqlUuid>,
        stock: Array<Integer>, reserved: Array<Integer>, redemptions: Array<Nullable<SqlUuid>>,
        reason: Nullable<Text>, now: Timestamptz, by: Nullable<SqlUuid>
    ) -> BigInt;
}

/// Stock that moves for a reason of its own: the goods, how, and the redemption that it is for.
pub(crate) type Moved = (GoodsId, Move, Option<RedemptionId>);

/// Moves stock, all of it for the same reason.
///
/// # Errors
/// [`Error::LostRace`] if there is less than it takes.
pub(crate) fn move_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    moved: &[Moved],
    (reason, by): (Option<&str>, Option<UserId>),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some((_, first, _)) = moved.first() else { return Ok(()) };
    let small = |n: i64| i32::try_from(n).map_err(|_| Error::from(Refusal::AmountOutOfRange));
    let written: i64 = diesel::select(stock_move(
        village.0,
        first.kind.as_str(),
        moved.iter().map(|_| id::new::<Uuid>()).collect::<Vec<_>>(),
        moved.iter().map(|(goods, ..)| goods.0).collect::<Vec<_>>(),
        moved.iter().map(|(_, m, _)| small(m.stock)).collect::<Result<Vec<_>, _>>()?,
        moved.iter().map(|(_, m, _)| small(m.reserved)).collect::<Result<Vec<_>, _>>()?,
        moved.iter().map(|(.., redemption)| redemption.map(|id| id.0)).collect::<Vec<_>>(),
        reason,
        now,
        by.map(|user| user.0),
    ))
    .get_result(tx)?;
    if usize::try_from(written) == Ok(moved.len()) {
        Ok(())
    } else {
        Err(Error::Bug(format!("{} movements of stock, {written} written", moved.len())))
    }
}

/// What a keeper writes down.
#[derive(Clone, Debug)]
pub enum Task {
    /// So many came.
    Delivery {
        /// How many.
        quantity: u32,
        /// A note, such as the number of the delivery.
        note: Option<String>,
    },
    /// So many lie in the store, with those that wait to be picked up.
    Count {
        /// How many.
        counted: u32,
        /// Why it is not what the ledger says.
        reason: String,
    },
    /// So many are spoilt.
    WriteOff {
        /// How many.
        quantity: u32,
        /// Why.
        reason: String,
    },
}

/// Writes down a delivery, a count or what is spoilt. A count that agrees with the ledger leaves no entry,
/// but is recorded. Answers so many of the entries as they are after it, the newest first; to a repeat, those
/// that were there then.
///
/// # Errors
/// `stock_too_low`, `service_without_stock`, `forbidden`, `not_found`.
pub fn keep(
    db: &Db,
    actor: &Actor,
    (village, store, goods): (VillageId, StoreId, GoodsId),
    (task, limit): (&Task, i64),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Vec<Entry>, Error> {
    let (_, permit) = counter(db, actor, Action::StockManage, (village, store))?;
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, village, goods)?;
        if row.store_id != store.0 {
            return Err(Refusal::NotFound.into());
        }
        if row.kind()? != GoodsKind::Stock {
            return Err(Refusal::ServiceWithoutStock.into());
        }
        let stock = row.stock()?;
        let (moved, reason) = match task {
            Task::Delivery { quantity, note } => (Some(Move::delivery(*quantity)), note.as_deref()),
            Task::Count { counted, reason } => (stock.counted(*counted)?, Some(reason.as_str())),
            Task::WriteOff { quantity, reason } => {
                (Some(Move::write_off(*quantity)), Some(reason.as_str()))
            }
        };
        let detail = match moved {
            Some(moved) => {
                stock.after(moved)?;
                move_in_tx(tx, village, &[(goods, moved, None)], (reason, Some(actor.user)), now)?;
                None
            }
            None => Some(json!({"agrees": true, "stock": row.stock, "reserved": row.reserved})),
        };
        let said = ("stock_entry_create", reason, detail);
        record_with(tx, actor, permit.role, (village, goods), said, now)?;
        entries_in(tx, (village, store, goods), None, limit)
    })
}

/// An entry of a store's ledger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// How many entries of the goods there are with it.
    pub version: i64,
    /// Why.
    pub kind: StockKind,
    /// What it added to what can be redeemed.
    pub stock: i32,
    /// What it added to what waits.
    pub reserved: i32,
    /// What could be redeemed after it.
    pub stock_after: i32,
    /// What waited after it.
    pub reserved_after: i32,
    /// The redemption that it is for.
    pub redemption: Option<RedemptionId>,
    /// Why, in words.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who of the village wrote it; none for the household that redeemed, and the program.
    pub by: Option<String>,
}

type Row = (
    (Uuid, i64, String, i32, i32, i32, i32),
    (Option<Uuid>, Option<String>, DateTime<Utc>, Option<Uuid>),
);

/// The entries of goods, the newest first, before one of that version.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn entries(
    db: &Db,
    actor: &Actor,
    (village, store, goods): (VillageId, StoreId, GoodsId),
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    counter(db, actor, Action::StockShow, (village, store))?;
    db.read(|c| entries_in(c, (village, store, goods), before, limit))
}

fn entries_in(
    c: &mut PgConnection,
    (village, store, goods): (VillageId, StoreId, GoodsId),
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    if super::find(c, village, goods)?.store_id != store.0 {
        return Err(Refusal::NotFound.into());
    }
    let rows: Vec<Row> = stock_entries::table
        .filter(stock_entries::village_id.eq(village.0))
        .filter(stock_entries::goods_id.eq(goods.0))
        .filter(stock_entries::version.lt(before.unwrap_or(i64::MAX)))
        .order(stock_entries::version.desc())
        .limit(limit)
        .select((
            (
                stock_entries::id,
                stock_entries::version,
                stock_entries::kind,
                stock_entries::stock,
                stock_entries::reserved,
                stock_entries::stock_after,
                stock_entries::reserved_after,
            ),
            (
                stock_entries::redemption_id,
                stock_entries::reason,
                stock_entries::at,
                stock_entries::by_user,
            ),
        ))
        .load(c)?;
    // Who redeemed is told by the redemption, to those who may see it.
    let named =
        |kind: &str| kind != StockKind::Reserved.as_str() && kind != StockKind::Returned.as_str();
    let users = rows.iter().filter(|(row, _)| named(&row.2)).filter_map(|(_, (.., by))| *by);
    let names = names::of_users(c, users)?;
    rows.into_iter()
        .map(|((id, version, kind, stock, reserved, stock_after, reserved_after), rest)| {
            let (redemption, reason, at, by) = rest;
            Ok(Entry {
                id,
                version,
                kind: StockKind::from_name(&kind)
                    .ok_or_else(|| Error::Bug("an entry of stock of an unknown kind".into()))?,
                stock,
                reserved,
                stock_after,
                reserved_after,
                redemption: redemption.map(RedemptionId),
                reason,
                at,
                by: by.filter(|_| named(&kind)).and_then(|user| names.get(&user).cloned()),
            })
        })
        .collect()
}
