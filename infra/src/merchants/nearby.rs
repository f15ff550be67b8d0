//! What a villager finds: the shops where the stars of the village count, by distance.
//!
//! Postgres answers the shops within a box around the villager (and those without a place on the map),
//! of merchants that trade and have an agreement in force with the village; the domain reckons how far
//! each is, and orders them. A village agrees with some hundred shops, so that all of the box fit into
//! memory.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::alliance::{Kind, Mark, Nearby, may_show_photos, page};
use domain::calendar::day_of;
use domain::discount::{Agreement, Category};
use domain::id::{MerchantId, PhotoId, ShopId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::report::Spot;
use domain::rule_book::Star;
use uuid::Uuid;

use super::MerchantRow;
use super::list::trading_on;
use super::shops::ShopRow;
use crate::agreements::AgreementRow;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::photos::{self, Photo};
use crate::schema::{accounts, agreements, merchants, shops};

/// The most agreements, and the most shops, that are looked at.
const LOOKED_AT_MAX: i64 = 2_000;

/// What a villager looks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search {
    /// Where they are, and how far away a shop may be, in metres.
    pub here: Option<(Spot, u32)>,
    /// Goods for which something is off.
    pub category: Option<Category>,
    /// Only shops to go to, or only those on the net.
    pub kind: Option<Kind>,
}

/// A shop with what is off there.
#[derive(Clone, Debug)]
pub struct Found {
    /// The merchant.
    pub merchant: MerchantRow,
    /// The shop.
    pub shop: ShopRow,
    /// The agreements that are in force today, the most specific first.
    pub agreements: Vec<Agreement>,
    /// What the village photographed of the shop.
    pub photos: Vec<Photo>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Page {
    /// The shops, one more than asked for if there are more.
    pub shops: Vec<Nearby<Found>>,
    /// The star of whoever looks, if their household has an account here.
    pub star: Option<Star>,
}

/// The shops where the stars of a village count, the nearest first.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn find(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    search: Search,
    (after, count): (Option<Mark>, usize),
    now: DateTime<Utc>,
) -> Result<Page, Error> {
    allows(actor, Action::AgreementShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let agreed = agreed(c, village, search.category, now)?;
        let rows = shops_of(c, &agreed, search, now)?;
        let found = rows.into_iter().map(|(merchant, shop)| {
            let agreements = agreed.get(&merchant.id).cloned().unwrap_or_default();
            let (id, spot) = (ShopId(shop.id), shop.spot());
            (id, spot, Found { merchant, shop, agreements, photos: Vec::new() })
        });
        let mut shops = page(found.collect(), search.here, after, count);
        let ids: Vec<Uuid> = shops.iter().map(|near| near.shop.shop.id).collect();
        let mut photos = photos::of_in(c, village, &ids)?;
        for near in &mut shops {
            near.shop.photos = photos.remove(&near.shop.shop.id).unwrap_or_default();
        }
        Ok(Page { shops, star: star_of(c, actor, village)? })
    })
}

/// The agreements of the village that are in force today, for such goods, by merchant.
fn agreed(
    c: &mut PgConnection,
    village: VillageId,
    category: Option<Category>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<Uuid, Vec<Agreement>>, Error> {
    let today = day_of(now);
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::village_id.eq(village.0))
        .filter(agreements::from_day.le(today))
        .filter(agreements::until_day.is_null().or(agreements::until_day.ge(today)))
        .order(agreements::id)
        .limit(LOOKED_AT_MAX)
        .select(AgreementRow::as_select())
        .load(c)?;
    let mut by_merchant: BTreeMap<Uuid, Vec<Agreement>> = BTreeMap::new();
    for row in rows {
        let agreement = row.agreement()?;
        if category.is_none_or(|category| agreement.terms.categories.contains(category)) {
            by_merchant.entry(agreement.merchant.0).or_default().push(agreement);
        }
    }
    for list in by_merchant.values_mut() {
        list.sort_by_key(|agreement| std::cmp::Reverse(agreement.terms.rank()));
    }
    Ok(by_merchant)
}

fn shops_of(
    c: &mut PgConnection,
    agreed: &BTreeMap<Uuid, Vec<Agreement>>,
    search: Search,
    now: DateTime<Utc>,
) -> Result<Vec<(MerchantRow, ShopRow)>, Error> {
    let mut query = shops::table
        .inner_join(merchants::table.on(merchants::id.eq(shops::merchant_id)))
        .filter(shops::merchant_id.eq_any(agreed.keys().copied()))
        .filter(shops::closed_at.is_null())
        .filter(trading_on(day_of(now)))
        .order(shops::id)
        .limit(LOOKED_AT_MAX)
        .select((MerchantRow::as_select(), ShopRow::as_select()))
        .into_boxed();
    if let Some((here, within)) = search.here {
        let (lats, lngs) = here.bounds(within);
        let inside = shops::latitude_e6
            .between(*lats.start(), *lats.end())
            .and(shops::longitude_e6.between(*lngs.start(), *lngs.end()));
        query = query.filter(shops::latitude_e6.is_null().or(inside.assume_not_null()));
    }
    if let Some(kind) = search.kind {
        query = query.filter(merchants::kind.eq(kind.as_str()));
    }
    Ok(query.load(c)?)
}

/// The best star of whoever looks: their own, or that of their household.
fn star_of(c: &mut PgConnection, actor: &Actor, village: VillageId) -> Result<Option<Star>, Error> {
    let Some(me) = actor.membership.filter(|me| me.place.village == village) else {
        return Ok(None);
    };
    let stars: Option<i16> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::household_id.eq(me.household.0))
        .filter(accounts::villager_id.is_null().or(accounts::villager_id.eq(me.villager.0)))
        .order(accounts::stars.desc())
        .select(accounts::stars)
        .first(c)
        .optional()?;
    Ok(stars.and_then(|stars| u8::try_from(stars).ok()).and_then(Star::new))
}

/// Adds photos of a shop, as the village took them: who looks for a shop sees them.
///
/// # Errors
/// `photos_needed` for more than there can be, `photo_not_usable`, `forbidden`; `not_found` for a shop with whose merchant the village never agreed.
pub fn add_photos(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    shop: ShopId,
    list: &[PhotoId],
    now: DateTime<Utc>,
) -> Result<Vec<Photo>, Error> {
    let permit = allows(actor, Action::AgreementManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let merchant: Uuid = shops::table
            .inner_join(agreements::table.on(agreements::merchant_id.eq(shops::merchant_id)))
            .filter(shops::id.eq(shop.0))
            .filter(agreements::village_id.eq(village.0))
            .select(shops::merchant_id)
            .first(tx)?;
        // Held, so that of two who add at once the second counts what the first added.
        super::shops::of_merchant_in_tx(tx, MerchantId(merchant), shop)?;
        let there = photos::of_in(tx, village, &[shop.0])?.remove(&shop.0).unwrap_or_default();
        may_show_photos(there.len(), list.len())?;
        photos::attach_in_tx(tx, village, actor.user, list, shop.0, now)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "shop_photo_add",
                subject: Some(shop.0),
                reason: None,
                detail: Some(serde_json::json!({"merchant_id": merchant})),
            },
        )?;
        Ok(photos::of_in(tx, village, &[shop.0])?.remove(&shop.0).unwrap_or_default())
    })
}
