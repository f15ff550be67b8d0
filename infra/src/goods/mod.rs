//! What a points store offers: goods on the shelf and services in slots.
//!
//! Whoever changes what is agreed about goods holds their row and counts its version up; a redemption
//! that was decided by the older one is then decided again.

mod limits;
mod list;
mod slots;
pub(crate) mod stock;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::calendar::day_of;
use domain::id::{GoodsId, PhotoId, StoreId, VillageId};
use domain::points::{Fen, Points};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::store::{
    Category, GoodsKind, HouseholdLimit, LimitPeriod, Stock, Terms, pays_the_merchant,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::photos;
use crate::schema::goods;
use crate::{id, stores};

pub use list::{Filter, Heading, Shown, headings, list, show};
pub(crate) use slots::SlotRow;
pub use slots::{close as close_slot, list as slots, open as open_slot};
pub use stock::{Entry, Task, entries, keep};

/// Goods as they are stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = goods)]
pub(crate) struct GoodsRow {
    pub(crate) id: Uuid,
    pub(crate) store_id: Uuid,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) text: String,
    pub(crate) category: String,
    pub(crate) label: Option<String>,
    pub(crate) kind: String,
    pub(crate) price: i64,
    pub(crate) top_up: i64,
    pub(crate) market_price: i64,
    pub(crate) limit_count: Option<i32>,
    pub(crate) limit_period: Option<String>,
    pub(crate) on_sale_from: NaiveDate,
    pub(crate) on_sale_until: Option<NaiveDate>,
    pub(crate) stock: i32,
    pub(crate) reserved: i32,
    pub(crate) version: i32,
    pub(crate) withdrawn_at: Option<DateTime<Utc>>,
}

impl GoodsRow {
    /// What the audit log tells of them.
    fn said(&self) -> Value {
        json!({
            "name": self.name,
            "unit": self.unit,
            "text": self.text,
            "category": self.category,
            "label": self.label,
            "price": Points::from_hundredths(self.price),
            "top_up_fen": self.top_up,
            "market_price_fen": self.market_price,
            "limit_count": self.limit_count,
            "limit_period": self.limit_period,
            "on_sale_from": self.on_sale_from,
            "on_sale_until": self.on_sale_until,
        })
    }
}

fn unreadable() -> Error {
    Error::Bug("stored goods cannot be read".into())
}

impl GoodsRow {
    pub(crate) fn kind(&self) -> Result<GoodsKind, Error> {
        GoodsKind::from_name(&self.kind).ok_or_else(unreadable)
    }

    pub(crate) fn stock(&self) -> Result<Stock, Error> {
        let count = |n: i32| u32::try_from(n).map_err(|_| unreadable());
        Ok(Stock { available: count(self.stock)?, reserved: count(self.reserved)? })
    }

    pub(crate) fn terms(&self) -> Result<Terms, Error> {
        let limit = match (self.limit_count, &self.limit_period) {
            (Some(count), Some(period)) => Some(HouseholdLimit {
                count: u32::try_from(count).map_err(|_| unreadable())?,
                period: LimitPeriod::from_name(period).ok_or_else(unreadable)?,
            }),
            _ => None,
        };
        Ok(Terms {
            price: Points::from_hundredths(self.price),
            top_up: Fen::new(self.top_up),
            market_price: Fen::new(self.market_price),
            limit,
            from: self.on_sale_from,
            until: self.on_sale_until,
        })
    }
}

/// What a village says of goods.
#[derive(Clone, Debug)]
pub struct GoodsFacts {
    /// What it is.
    pub name: String,
    /// What one of it is: bottle, bag, hour.
    pub unit: String,
    /// More about it.
    pub text: String,
    /// What kind of thing it is.
    pub category: Category,
    /// The village's own word beside the category.
    pub label: Option<String>,
    /// What is agreed about it.
    pub terms: Terms,
    /// All pictures that it has from now on; whoever says this uploaded those that are new.
    pub photos: Vec<PhotoId>,
}

type TermColumns = (
    diesel::dsl::Eq<goods::name, String>,
    diesel::dsl::Eq<goods::unit, String>,
    diesel::dsl::Eq<goods::text, String>,
    diesel::dsl::Eq<goods::category, &'static str>,
    diesel::dsl::Eq<goods::label, Option<String>>,
    diesel::dsl::Eq<goods::price, i64>,
    diesel::dsl::Eq<goods::top_up, i64>,
    diesel::dsl::Eq<goods::market_price, i64>,
    diesel::dsl::Eq<goods::limit_count, Option<i32>>,
    diesel::dsl::Eq<goods::limit_period, Option<&'static str>>,
    diesel::dsl::Eq<goods::on_sale_from, NaiveDate>,
    diesel::dsl::Eq<goods::on_sale_until, Option<NaiveDate>>,
);

fn columns(facts: &GoodsFacts) -> TermColumns {
    let terms = &facts.terms;
    (
        goods::name.eq(facts.name.clone()),
        goods::unit.eq(facts.unit.clone()),
        goods::text.eq(facts.text.clone()),
        goods::category.eq(facts.category.as_str()),
        goods::label.eq(facts.label.clone()),
        goods::price.eq(terms.price.hundredths()),
        goods::top_up.eq(terms.top_up.get()),
        goods::market_price.eq(terms.market_price.get()),
        goods::limit_count
            .eq(terms.limit.map(|limit| i32::try_from(limit.count).unwrap_or(i32::MAX))),
        goods::limit_period.eq(terms.limit.map(|limit| limit.period.as_str())),
        goods::on_sale_from.eq(terms.from),
        goods::on_sale_until.eq(terms.until),
    )
}

/// What the points of a price are worth by the book in force; none where it does not say, or there is none.
pub(crate) fn worth_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    price: Points,
    day: NaiveDate,
) -> Result<Option<Fen>, Error> {
    match db.book_on(tx, village, day) {
        Ok((_, book)) => Ok(book.worth_of(price)?),
        Err(Error::Refused(Refusal::NoRuleBook { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts goods or a service into a store. Answers them as they were put, also to a repeat.
///
/// # Errors
/// Those of [`Terms::check`] and [`pays_the_merchant`]; `store_closed`, `photo_not_usable`, `forbidden`, `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    (village, store): (VillageId, StoreId),
    (kind, facts): (GoodsKind, &GoodsFacts),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Shown, Error> {
    let permit = allows(actor, Action::StoreManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let store_row = stores::find(tx, village, store)?;
        if store_row.closed_at.is_some() {
            return Err(Refusal::StoreClosed.into());
        }
        let worth = worth_in_tx(db, tx, village, facts.terms.price, day_of(now))?;
        pays_the_merchant(store_row.merchant_id.is_some(), worth)?;
        facts.terms.check(worth)?;
        let made: GoodsId = id::new();
        diesel::insert_into(goods::table)
            .values((
                goods::village_id.eq(village.0),
                goods::id.eq(made.0),
                goods::store_id.eq(store.0),
                goods::kind.eq(kind.as_str()),
                goods::made_by.eq(actor.user.0),
                goods::made_at.eq(now),
                columns(facts),
            ))
            .execute(tx)?;
        photos::attach_in_tx(tx, village, actor.user, &facts.photos, made.0, now)?;
        record(tx, actor, permit.role, (village, made), "goods_create", now)?;
        list::shown_in(tx, village, made, now)
    })
}

/// Changes what is said of goods. Redemptions that were made stay as they are.
///
/// # Errors
/// Those of [`Terms::check`] and [`pays_the_merchant`]; `goods_withdrawn`, `photo_not_usable`, `forbidden`,
/// `not_found`.
pub fn change(
    db: &Db,
    actor: &Actor,
    (village, goods_id): (VillageId, GoodsId),
    facts: &GoodsFacts,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::StoreManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let period = |terms: &Terms| terms.limit.map(|limit| limit.period);
        let seen = find(tx, village, goods_id)?.terms()?;
        let counts_anew = period(&seen) != period(&facts.terms);
        if counts_anew {
            limits::lock_in_tx(tx, village, goods_id, period(&facts.terms), now)?;
        }
        let row = lock_in_tx(tx, village, goods_id)?;
        let before = row.terms()?;
        if period(&before) != period(&seen) {
            return Err(Error::LostRace);
        }
        if row.withdrawn_at.is_some() {
            return Err(Refusal::GoodsWithdrawn.into());
        }
        let store = stores::find(tx, village, StoreId(row.store_id))?;
        let worth = worth_in_tx(db, tx, village, facts.terms.price, day_of(now))?;
        pays_the_merchant(store.merchant_id.is_some(), worth)?;
        facts.terms.check(worth)?;
        let after: GoodsRow = diesel::update(goods::table.find((village.0, goods_id.0)))
            .set((columns(facts), goods::version.eq(goods::version + 1)))
            .returning(GoodsRow::as_returning())
            .get_result(tx)?;
        if counts_anew {
            limits::count_anew_in_tx(tx, village, goods_id, period(&facts.terms), now)?;
        }
        photos::replace_in_tx(tx, village, actor.user, &facts.photos, goods_id.0, now)?;
        let detail = audit::changes(&row.said(), &after.said());
        let said = ("goods_update", None, Some(detail));
        record_with(tx, actor, permit.role, (village, goods_id), said, now)
    })
}

/// Withdraws goods: nobody redeems them any more. What waits is handed over. Once withdrawn they stay so.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn withdraw(
    db: &Db,
    actor: &Actor,
    (village, goods_id): (VillageId, GoodsId),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::StoreManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        if lock_in_tx(tx, village, goods_id)?.withdrawn_at.is_some() {
            return Ok(());
        }
        diesel::update(goods::table.find((village.0, goods_id.0)))
            .set((goods::withdrawn_at.eq(now), goods::version.eq(goods::version + 1)))
            .execute(tx)?;
        record(tx, actor, permit.role, (village, goods_id), "goods_withdraw", now)
    })
}

pub(crate) fn find(
    c: &mut PgConnection,
    village: VillageId,
    goods_id: GoodsId,
) -> Result<GoodsRow, Error> {
    Ok(goods::table.find((village.0, goods_id.0)).select(GoodsRow::as_select()).first(c)?)
}

fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    goods_id: GoodsId,
) -> Result<GoodsRow, Error> {
    Ok(goods::table
        .find((village.0, goods_id.0))
        .select(GoodsRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    role: Role,
    (village, goods_id): (VillageId, GoodsId),
    action: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    record_with(tx, actor, role, (village, goods_id), (action, None, None), now)
}

fn record_with(
    tx: &mut PgConnection,
    actor: &Actor,
    role: Role,
    (village, goods_id): (VillageId, GoodsId),
    (action, reason, detail): (&str, Option<&str>, Option<Value>),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::record_in_tx(
        tx,
        &Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(role),
            action,
            subject: Some(goods_id.0),
            reason,
            detail,
        },
    )
}
