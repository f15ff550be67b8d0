//! What tests of the points store share: a store with goods, and people who redeem at it.

use chrono::Duration;
use diesel::RunQueryDsl;
use diesel::sql_types::{Date, Timestamptz, Uuid as SqlUuid};
use domain::calendar::day_of;
use domain::id::HouseholdId;
use domain::ledger::Purse;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ratings::db_entry;
use crate::shops::{db_count, text};
use crate::{Answer, Client, World};

/// A points store of the first village.
#[derive(Clone)]
pub struct Store {
    /// Its id.
    pub id: String,
    /// Its path, without an end.
    pub path: String,
    /// Who runs the village.
    pub admin: Client,
}

/// An object with some fields changed.
pub fn with(mut object: Value, changes: &Value) -> Value {
    for (field, value) in changes.as_object().expect("changes") {
        object[field] = value.clone();
    }
    object
}

/// What is said of oil: 30 points a bottle, nothing besides.
pub fn oil(world: &World, changes: &Value) -> Value {
    let goods = json!({
        "name": "菜籽油", "unit": "瓶", "text": "5升装", "category": "food", "price": "30",
        "market_price_fen": 6_800, "on_sale_from": day_of(world.clock.now()),
    });
    with(goods, changes)
}

impl Store {
    /// Opens one, run by the village, with some of its facts or its `merchant_id` changed.
    pub async fn open(world: &World, changes: Value) -> Self {
        let admin = world.sign_in("village-admin").await;
        let name = format!("积分超市{}", &Uuid::now_v7().simple().to_string()[20..]);
        let mut changes = changes;
        let merchant = changes.as_object_mut().expect("changes").remove("merchant_id");
        let facts = json!({
            "name": name, "address": "村委会一楼", "hours": "每周六上午", "phone": "0762-1234567",
        });
        let body = json!({"merchant_id": merchant, "store": with(facts, &changes)});
        let store = admin.post(&world.village("stores"), body).await.expect(201);
        let id = text(&store["store_id"]).to_owned();
        Self { path: world.village(&format!("stores/{id}")), id, admin }
    }

    /// A path of the store.
    pub fn at(&self, rest: &str) -> String {
        format!("{}/{rest}", self.path)
    }

    /// Puts goods into it, so many of them, and answers the id.
    pub async fn goods(&self, world: &World, changes: Value, stock: u32) -> String {
        let body = json!({"kind": "stock", "goods": oil(world, &changes)});
        let goods = self.admin.post(&self.at("goods"), body).await.expect(201);
        let id = text(&goods["goods_id"]).to_owned();
        if stock > 0 {
            self.keep(&id, json!({"task": "delivery", "quantity": stock})).await.expect(201);
        }
        id
    }

    /// Puts a service into it with a slot that begins in so many hours and lasts one, and answers both ids.
    pub async fn service(&self, world: &World, hours: i64, capacity: u32) -> (String, String) {
        let facts = json!({"name": "旋耕机", "unit": "小时", "category": "service"});
        let body = json!({"kind": "service", "goods": oil(world, &facts)});
        let goods = self.admin.post(&self.at("goods"), body).await.expect(201);
        let goods = text(&goods["goods_id"]).to_owned();
        let starts_at = world.clock.now() + Duration::hours(hours);
        let slot = json!({"starts_at": starts_at, "ends_at": starts_at + Duration::hours(1),
            "capacity": capacity, "place": "二组水田"});
        let path = world.village(&format!("goods/{goods}/slots"));
        let slot = self.admin.post(&path, slot).await.expect(201);
        (goods, text(&slot["slot_id"]).to_owned())
    }

    /// Writes down a delivery, a count or what is spoilt.
    pub async fn keep(&self, goods: &str, line: Value) -> Answer {
        self.admin.post(&self.at(&format!("goods/{goods}/stock-entries")), line).await
    }

    /// Somebody at the counter hands over for a code, and no cash.
    pub async fn hand_over(&self, keeper: &Client, redeemed: &Value) -> Answer {
        let body = json!({"proof": {"code": redeemed["code"]},
            "cash_taken_fen": redeemed["top_up_fen"]});
        keeper.post(&self.at("pickups"), body).await
    }
}

/// What can be redeemed and what waits, by the goods themselves.
pub async fn stock(world: &World, goods: &str) -> (i64, i64) {
    let admin = world.sign_in("village-admin").await;
    let shown = admin.get(&world.village(&format!("goods/{goods}"))).await.expect(200);
    let number = |field: &str| shown[field].as_i64().expect("a number");
    (number("stock"), number("reserved"))
}

/// Redeemable points for a household of the first village, by number, as a claim brings them.
pub fn earn(world: &World, household: u8, points: &str) {
    let now = world.clock.now();
    db_entry(world, world.demo.households[&household], Purse::Points, points, day_of(now), now);
}

/// The points of a household of the first village, as it sees them.
pub async fn points(world: &World, villager: &Client, household: u8) -> String {
    let home = world.demo.households[&household];
    let path = world.village(&format!("households/{home}/balance"));
    let balance = villager.get(&path).await.expect(200);
    text(&balance["accounts"][0]["points"]).to_owned()
}

/// Somebody redeems.
pub async fn redeem(world: &World, villager: &Client, goods: &str, quantity: u32) -> Answer {
    let body = json!({"goods_id": goods, "quantity": quantity});
    villager.post(&world.village("redemptions"), body).await
}

/// Somebody calls it off.
pub async fn cancel(world: &World, who: &Client, redeemed: &Value, reason: Option<&str>) -> Answer {
    let id = text(&redeemed["redemption_id"]);
    let path = world.village(&format!("redemptions/{id}/cancellation"));
    who.post(&path, json!({"reason": reason})).await
}

/// A veto against a household until so many days from now.
pub fn db_veto(world: &World, household: HouseholdId, days: i64) {
    let today = day_of(world.clock.now());
    diesel::sql_query(
        "INSERT INTO marks (village_id, claim_id, account_id, member_id, kind, from_day, until_day, \
             recorded_at) VALUES ($1, $2, $3, $3, 'veto', $4, $5, $6)",
    )
    .bind::<SqlUuid, _>(world.demo.village.0)
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<SqlUuid, _>(household.0)
    .bind::<Date, _>(today)
    .bind::<Date, _>(today + Duration::days(days))
    .bind::<Timestamptz, _>(world.clock.now())
    .execute(&mut world.connect())
    .expect("a veto");
}

/// Checks that the goods of the village hold what their entries say, that these follow one after the
/// other, and that reserved is what waits.
pub fn assert_stock_conserved(world: &World) {
    let differing = "SELECT count(*) AS n FROM goods AS g \
        CROSS JOIN LATERAL (SELECT coalesce(sum(e.stock), 0) AS stock, \
            coalesce(sum(e.reserved), 0) AS reserved, count(*) AS entries, \
            coalesce(bool_and(e.stock_after = s.stock AND e.reserved_after = s.reserved), true) AS running \
            FROM stock_entries AS e \
            CROSS JOIN LATERAL (SELECT sum(b.stock) AS stock, sum(b.reserved) AS reserved \
                FROM stock_entries AS b WHERE b.village_id = e.village_id \
                AND b.goods_id = e.goods_id AND b.version <= e.version) AS s \
            WHERE e.village_id = g.village_id AND e.goods_id = g.id) AS t \
        CROSS JOIN LATERAL (SELECT coalesce(sum(r.quantity), 0) AS waiting FROM redemptions AS r \
            WHERE r.village_id = g.village_id AND r.goods_id = g.id AND r.slot_id IS NULL \
            AND r.state = 'waiting') AS w \
        WHERE g.stock <> t.stock OR g.reserved <> t.reserved OR g.stock_version <> t.entries \
            OR NOT t.running OR g.reserved <> w.waiting";
    assert_eq!(db_count(world, differing), 0, "goods that do not hold what their entries say");
    let slots = "SELECT count(*) AS n FROM goods_slots AS s WHERE s.taken <> \
        (SELECT coalesce(sum(r.quantity), 0) FROM redemptions AS r WHERE r.village_id = s.village_id \
            AND r.slot_id = s.id AND r.state IN ('waiting', 'handed_over'))";
    assert_eq!(db_count(world, slots), 0, "slots that are not taken by redemptions");
    let counts = "SELECT count(*) AS n FROM goods_counts AS c WHERE c.count <> \
        (SELECT coalesce(sum(r.quantity), 0) FROM redemptions AS r WHERE r.village_id = c.village_id \
            AND r.goods_id = c.goods_id AND r.household_id = c.household_id \
            AND r.counted_in = c.period AND r.state IN ('waiting', 'handed_over'))";
    assert_eq!(db_count(world, counts), 0, "limits that do not count what stands");
}
