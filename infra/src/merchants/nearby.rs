//! What a villager finds: the shops where the stars of the village count, by distance.
//!
//! Postgres answers where the shops within a box around the villager are, of merchants that trade and
//! have an agreement in force with the village; the domain reckons how far each is, and orders them. What
//! has no place on the map comes by age, page by page. Only what a page shows is read as a whole, so that
//! it does not matter with how many the village agreed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::alliance::{Kind, Mark, Nearby, may_show_photos, page};
use domain::calendar::day_of;
use domain::discount::{Agreement, Category};
use domain::id::{MerchantId, PhotoId, ShopId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::report::{Datum, Spot};
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

/// The most shops within a distance whose places are looked at, 24 bytes each. Where there are more, a
/// shorter distance is asked for: what is nearest is never left out.
const NEAR_MAX: i64 = 20_000;

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
/// `shops_too_many_near`, `forbidden`, `not_found`.
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
        let places = places_of(c, village, search, (after, count), now)?;
        let near = page(places, search.here, after, count);
        let ids: Vec<Uuid> = near.iter().map(|near| near.shop.0).collect();
        let mut rows = rows_of(c, &ids)?;
        let merchants: BTreeSet<Uuid> = rows.values().map(|(merchant, _)| merchant.id).collect();
        let agreed = agreed(c, (village, &merchants), search.category, now)?;
        let mut photos = photos::of_in(c, village, &ids)?;
        let found = near.into_iter().filter_map(|Nearby { shop: ShopId(id), metres }| {
            let (merchant, shop) = rows.remove(&id)?;
            let agreements = agreed.get(&merchant.id).cloned().unwrap_or_default();
            let photos = photos.remove(&id).unwrap_or_default();
            Some(Nearby { shop: Found { merchant, shop, agreements, photos }, metres })
        });
        Ok(Page { shops: found.collect(), star: star_of(c, actor, village)? })
    })
}

/// Where a shop is.
type Located = (ShopId, Option<Spot>, ShopId);

/// Where the shops are among which the page lies.
fn places_of(
    c: &mut PgConnection,
    village: VillageId,
    search: Search,
    (after, count): (Option<Mark>, usize),
    now: DateTime<Utc>,
) -> Result<Vec<Located>, Error> {
    let mut places = match search.here {
        Some((here, within)) => within_box(c, village, search, here.bounds(within), now)?,
        None => Vec::new(),
    };
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let mut query = shops_of(village, search, now).order(shops::id).limit(count);
    if search.here.is_some() {
        query = query.filter(shops::latitude_e6.is_null());
    }
    if let Some(shop) = after.and_then(Mark::without_distance) {
        query = query.filter(shops::id.gt(shop.0));
    }
    let rest: Vec<Uuid> = query.select(shops::id).load(c)?;
    places.extend(rest.into_iter().map(|id| (ShopId(id), None, ShopId(id))));
    Ok(places)
}

fn within_box(
    c: &mut PgConnection,
    village: VillageId,
    search: Search,
    (lats, lngs): (RangeInclusive<i32>, RangeInclusive<i32>),
    now: DateTime<Utc>,
) -> Result<Vec<Located>, Error> {
    let rows: Vec<(Uuid, Option<i32>, Option<i32>)> = shops_of(village, search, now)
        .filter(shops::latitude_e6.between(*lats.start(), *lats.end()))
        .filter(shops::longitude_e6.between(*lngs.start(), *lngs.end()))
        .limit(NEAR_MAX + 1)
        .select((shops::id, shops::latitude_e6, shops::longitude_e6))
        .load(c)?;
    if rows.len() > usize::try_from(NEAR_MAX).unwrap_or(usize::MAX) {
        let shops_max = u32::try_from(NEAR_MAX).unwrap_or(u32::MAX);
        return Err(Refusal::ShopsTooManyNear { shops_max }.into());
    }
    let located = |(id, lat, lng): (Uuid, Option<i32>, Option<i32>)| {
        let spot = lat.zip(lng).and_then(|(lat, lng)| Spot::new(Datum::Gcj02, lat, lng));
        (ShopId(id), spot, ShopId(id))
    };
    Ok(rows.into_iter().map(located).collect())
}

/// The open shops of merchants that trade and have an agreement with the village that is in force today,
/// for such goods.
fn shops_of<'a>(
    village: VillageId,
    search: Search,
    now: DateTime<Utc>,
) -> shops::BoxedQuery<'a, Pg> {
    let today = day_of(now);
    let trading = merchants::table.filter(trading_on(today));
    let partners = agreements::table
        .filter(agreements::village_id.eq(village.0))
        .filter(agreements::from_day.le(today))
        .filter(agreements::until_day.is_null().or(agreements::until_day.ge(today)));
    let open = shops::table.filter(shops::closed_at.is_null()).into_boxed();
    let open = match search.kind {
        None => open.filter(shops::merchant_id.eq_any(trading.select(merchants::id))),
        Some(kind) => {
            let such = trading.filter(merchants::kind.eq(kind.as_str()));
            open.filter(shops::merchant_id.eq_any(such.select(merchants::id)))
        }
    };
    match search.category {
        None => open.filter(shops::merchant_id.eq_any(partners.select(agreements::merchant_id))),
        Some(category) => {
            let name = vec![category.as_str().to_owned()];
            let for_it = agreements::categories
                .eq(Vec::<String>::new())
                .or(agreements::categories.contains(name));
            let partners = partners.filter(for_it).select(agreements::merchant_id);
            open.filter(shops::merchant_id.eq_any(partners))
        }
    }
}

fn rows_of(
    c: &mut PgConnection,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, (MerchantRow, ShopRow)>, Error> {
    let rows: Vec<(MerchantRow, ShopRow)> = shops::table
        .inner_join(merchants::table.on(merchants::id.eq(shops::merchant_id)))
        .filter(shops::id.eq_any(ids))
        .select((MerchantRow::as_select(), ShopRow::as_select()))
        .load(c)?;
    Ok(rows.into_iter().map(|row| (row.1.id, row)).collect())
}

/// The agreements of the village with these merchants that are in force today, for such goods.
fn agreed(
    c: &mut PgConnection,
    (village, merchants): (VillageId, &BTreeSet<Uuid>),
    category: Option<Category>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<Uuid, Vec<Agreement>>, Error> {
    let today = day_of(now);
    let rows: Vec<AgreementRow> = agreements::table
        .filter(agreements::merchant_id.eq_any(merchants))
        .filter(agreements::village_id.eq(village.0))
        .filter(agreements::from_day.le(today))
        .filter(agreements::until_day.is_null().or(agreements::until_day.ge(today)))
        .order(agreements::id)
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
/// `photos_needed` for more than there can be, `photo_not_usable`, `forbidden`; `not_found` for a shop with
/// whose merchant the village never agreed.
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

/// Removes a photo of a shop from what a village shows: by the owner of the shop, or by those who make the
/// village's agreements.
///
/// # Errors
/// `forbidden`; `not_found` for a photo that is not of that shop.
pub fn remove_photo(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (shop, photo): (ShopId, PhotoId),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let place = db.place(village)?;
    db.write(|tx| {
        let merchant: Option<Uuid> =
            shops::table.find(shop.0).select(shops::merchant_id).first(tx).optional()?;
        // Of a shop that there is not, only those of the village are told so.
        let target = merchant.map_or_else(
            || Target::village(place),
            |merchant| Target::merchant_at(MerchantId(merchant), place),
        );
        let permit = allows(actor, Action::ShopPhotoRemove, &target)?;
        photos::remove_in_tx(tx, village, (shop.0, photo), now)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "shop_photo_remove",
                subject: Some(shop.0),
                reason: None,
                detail: Some(serde_json::json!({"merchant_id": merchant, "photo_id": photo.0})),
            },
        )
    })
}
