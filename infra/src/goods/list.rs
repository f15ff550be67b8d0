//! Looking for goods: by words, by category, at one store or all of a village.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::{GoodsId, StoreId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::store::{Category, GoodsKind, Stock, Terms};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{GoodsRow, unreadable};
use crate::db::Db;
use crate::error::Error;
use crate::merchants::{STANDING, StandingRow, standing_of};
use crate::photos::{self, Photo};
use crate::schema::{goods, merchants, stores};
use crate::stores as shops;

/// The most words of a search that are looked for.
const WORDS_MAX: usize = 5;

/// Goods as people see them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// The id.
    pub id: GoodsId,
    /// Where they are.
    pub store: StoreId,
    /// What that is called.
    pub store_name: String,
    /// What it is.
    pub name: String,
    /// What one of it is.
    pub unit: String,
    /// More about it.
    pub text: String,
    /// What kind of thing it is.
    pub category: Category,
    /// The village's own word beside that.
    pub label: Option<String>,
    /// On the shelf or in slots.
    pub kind: GoodsKind,
    /// What is agreed about it.
    pub terms: Terms,
    /// What there is of it.
    pub stock: Stock,
    /// Whether somebody can redeem it today, as far as it is in stock.
    pub on_sale: bool,
    /// Pictures.
    pub photos: Vec<Photo>,
}

/// Which goods.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// At this store.
    pub store: Option<StoreId>,
    /// Of this category.
    pub category: Option<Category>,
    /// With this word of the village.
    pub label: Option<String>,
    /// On the shelf, or services.
    pub kind: Option<GoodsKind>,
    /// With all of these words in name, text or label.
    pub words: Option<String>,
    /// Also what cannot be redeemed today.
    pub all: bool,
    /// Before this one.
    pub before: Option<Uuid>,
}

type Row = (GoodsRow, String, Option<DateTime<Utc>>, Option<StandingRow>);

/// The goods of a village, the newest first.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    filter: &Filter,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Shown>, Error> {
    match filter.store {
        Some(store) => drop(shops::show(db, actor, village, store)?),
        None => drop(allows(actor, Action::StoreShow, &Target::village(db.place(village)?))?),
    }
    let today = day_of(now);
    db.read(|c| {
        let mut query = of_village(village).limit(limit).into_boxed();
        if !filter.all {
            query = query.filter(on_sale(today));
        }
        if let Some(store) = filter.store {
            query = query.filter(goods::store_id.eq(store.0));
        }
        if let Some(category) = filter.category {
            query = query.filter(goods::category.eq(category.as_str()));
        }
        if let Some(label) = &filter.label {
            query = query.filter(goods::label.eq(label.clone()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(goods::kind.eq(kind.as_str()));
        }
        if let Some(before) = filter.before {
            query = query.filter(goods::id.lt(before));
        }
        let words = filter.words.as_deref().unwrap_or_default();
        for word in words.split_whitespace().take(WORDS_MAX) {
            let pattern = like(word);
            query = query.filter(
                goods::name
                    .ilike(pattern.clone())
                    .or(goods::text.ilike(pattern.clone()))
                    .or(goods::label.ilike(pattern)),
            );
        }
        let rows: Vec<Row> = query
            .order(goods::id.desc())
            .select((GoodsRow::as_select(), stores::name, stores::closed_at, STANDING.nullable()))
            .load(c)?;
        shown(c, village, rows, today)
    })
}

/// The pattern that finds a word anywhere, whatever signs it has.
fn like(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[diesel::dsl::auto_type]
fn of_village(village: VillageId) -> _ {
    let village: Uuid = village.0;
    goods::table
        .inner_join(
            stores::table
                .on(stores::village_id.eq(goods::village_id).and(stores::id.eq(goods::store_id))),
        )
        .left_join(merchants::table.on(stores::merchant_id.eq(merchants::id.nullable())))
        .filter(goods::village_id.eq(village))
}

#[diesel::dsl::auto_type]
fn on_sale(today: NaiveDate) -> _ {
    goods::withdrawn_at
        .is_null()
        .and(stores::closed_at.is_null())
        .and(goods::on_sale_from.le(today))
        .and(goods::on_sale_until.is_null().or(goods::on_sale_until.ge(today)))
        // The merchant that runs the store trades, as far as one does.
        .and(merchants::closed_at.nullable().is_null())
        .and(
            merchants::paused_from
                .nullable()
                .is_null()
                .or(merchants::paused_from.nullable().gt(today))
                .or(merchants::paused_until.nullable().lt(today)),
        )
}

fn shown(
    c: &mut PgConnection,
    village: VillageId,
    rows: Vec<Row>,
    today: NaiveDate,
) -> Result<Vec<Shown>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|(row, ..)| row.id).collect();
    let mut photos = photos::of_in(c, village, &ids)?;
    rows.into_iter().map(|row| one(row, &mut photos, today)).collect()
}

fn one(
    (row, store_name, closed_at, merchant): Row,
    photos: &mut BTreeMap<Uuid, Vec<Photo>>,
    today: NaiveDate,
) -> Result<Shown, Error> {
    let terms = row.terms()?;
    let merchant = merchant.as_ref().map(standing_of).transpose()?.unwrap_or_default();
    let trades = closed_at.is_none() && merchant.trades_on(today).is_ok();
    Ok(Shown {
        id: GoodsId(row.id),
        store: StoreId(row.store_id),
        store_name,
        category: Category::from_name(&row.category).ok_or_else(unreadable)?,
        kind: row.kind()?,
        stock: row.stock()?,
        on_sale: row.withdrawn_at.is_none() && trades && terms.hold_on(today),
        terms,
        photos: photos.remove(&row.id).unwrap_or_default(),
        name: row.name,
        unit: row.unit,
        text: row.text,
        label: row.label,
    })
}

/// Goods, whether they can be redeemed or not.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(
    db: &Db,
    actor: &Actor,
    (village, goods_id): (VillageId, GoodsId),
    now: DateTime<Utc>,
) -> Result<Shown, Error> {
    let store = db.read(|c| {
        let row = super::find(c, village, goods_id)?;
        shops::find(c, village, StoreId(row.store_id))
    })?;
    allows(actor, Action::StoreShow, &store.target(db.place(village)?))?;
    db.read(|c| shown_in(c, village, goods_id, now))
}

/// Goods as they are now.
pub(super) fn shown_in(
    c: &mut PgConnection,
    village: VillageId,
    goods_id: GoodsId,
    now: DateTime<Utc>,
) -> Result<Shown, Error> {
    let row: Row = of_village(village)
        .filter(goods::id.eq(goods_id.0))
        .select((GoodsRow::as_select(), stores::name, stores::closed_at, STANDING.nullable()))
        .first(c)?;
    one(row, &mut photos::of_in(c, village, &[goods_id.0])?, day_of(now))
}

/// A category with a word of the village, and how many goods of it are on sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The category.
    pub category: Category,
    /// The village's own word, if those goods have one.
    pub label: Option<String>,
    /// How many.
    pub goods: i64,
}

/// Under what goods are on sale today, in the order of the categories.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn headings(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<Vec<Heading>, Error> {
    const HEADINGS_MAX: i64 = 100;
    allows(actor, Action::GoodsHeadingShow, &Target::village(db.place(village)?))?;
    let rows: Vec<(String, Option<String>, i64)> = db.read(|c| {
        Ok(of_village(village)
            .filter(on_sale(day_of(now)))
            .group_by((goods::category, goods::label))
            .order((count_star().desc(), goods::category, goods::label))
            .limit(HEADINGS_MAX)
            .select((goods::category, goods::label, count_star()))
            .load(c)?)
    })?;
    let mut headings = rows
        .into_iter()
        .map(|(category, label, goods)| {
            let category = Category::from_name(&category).ok_or_else(unreadable)?;
            Ok(Heading { category, label, goods })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    headings.sort_by(|a, b| (a.category, &a.label).cmp(&(b.category, &b.label)));
    Ok(headings)
}
