//! PINs and codes: what the database keeps of them, and what guessing comes to.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use infra::secrets::sha256;
use serde_json::{Value, json};
use testing::World;
use testing::shops::{at_once, count, db_count, text};
use testing::store::{Store, earn, redeem};

/// In how many rows of all tables of the village's database a text stands.
fn rows_with(world: &World, needle: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Name {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let tables = "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'";
    let tables: Vec<Name> =
        diesel::sql_query(tables).load(&mut world.connect()).expect("the tables");
    let in_table = |table: Name| {
        let name = table.name;
        db_count(
            world,
            &format!("SELECT count(*) AS n FROM {name} WHERE {name}::text LIKE '%{needle}%'"),
        )
    };
    tables.into_iter().map(in_table).sum()
}

#[actix_web::test]
async fn a_code_stands_in_one_place_while_it_waits_and_nowhere_after_that() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    let (path, body) = (world.village("redemptions"), json!({"goods_id": goods, "quantity": 1}));
    let made = villager.post_with_key(&path, body.clone(), "once-and-again").await.expect(201);
    let (code, qr) = (text(&made["code"]), text(&made["qr"]));
    assert_eq!((rows_with(&world, code), rows_with(&world, qr)), (1, 0));
    let again = villager.post_with_key(&path, body.clone(), "once-and-again").await.expect(201);
    assert_eq!(made, again);
    store.hand_over(&keeper, &made).await.expect(201);
    assert_eq!((rows_with(&world, code), rows_with(&world, qr)), (0, 0));
    // A repeat is answered as the first time, but for a code that opens nothing any more.
    let late = villager.post_with_key(&path, body, "once-and-again").await.expect(201);
    assert_eq!(late["redemption_id"], made["redemption_id"]);
    assert_eq!((&late["code"], &late["qr"]), (&Value::Null, &Value::Null));
    // Nor is one left of what was called off.
    let other = redeem(&world, &villager, &goods, 1).await.expect(201);
    testing::store::cancel(&world, &villager, &other, None).await.expect(200);
    assert_eq!(rows_with(&world, text(&other["code"])), 0);
}

#[actix_web::test]
async fn what_is_kept_of_a_request_does_not_let_its_pin_be_guessed() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 3, "100");
    let admin = world.sign_in("village-admin").await;
    let card = json!({"household_id": world.demo.households[&3], "pin": "280415",
        "daily_ceiling_fen": 1_000_000});
    let card = admin.post(&world.village("cards"), card).await.expect(201);
    let keeper = world.sign_in("store-keeper").await;
    let body = json!({"card_number": card["number"], "pin": "280415",
        "order": {"goods_id": goods, "quantity": 1}});
    let path = store.at("card-redemptions");
    keeper.post_with_key(&path, body.clone(), "with-a-card").await.expect(201);
    let bytes = serde_json::to_vec(&body).expect("JSON");
    let guessed = sha256(&[format!("POST {path}\0").as_bytes(), &sha256(&bytes)].concat());
    let kept = diesel::sql_query("SELECT key FROM idempotency_keys WHERE request_hash = $1")
        .bind::<Binary, _>(guessed)
        .execute(&mut world.connect());
    assert_eq!(kept.expect("a query"), 0);
    assert_eq!(
        db_count(&world, "SELECT count(*) AS n FROM idempotency_keys WHERE key = 'with-a-card'"),
        1
    );
    // The hash still tells requests apart.
    let other = json!({"card_number": card["number"], "pin": "280416",
        "order": {"goods_id": goods, "quantity": 1}});
    let other = keeper.post_with_key(&path, other, "with-a-card").await;
    other.expect_problem(422, "idempotency_mismatch");
}

#[actix_web::test]
async fn of_fifty_wrong_codes_at_once_no_more_are_looked_up_than_may_be_wrong() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let keeper = world.sign_in("store-keeper").await;
    world.warm_up().await;
    let asked = (0..50_u32).map(|n| {
        let (keeper, path) = (keeper.clone(), store.at("pickup-lookups"));
        async move { keeper.post(&path, json!({"code": format!("{n:08}")})).await }
    });
    let answers = at_once(asked).await;
    assert_eq!(count(&answers, 422, "pickup_unknown"), 10);
    assert_eq!(count(&answers, 429, "pickup_tries_over"), 40);
    let recorded = "SELECT count(*) AS n FROM audit_log AS a JOIN stores AS s ON s.id = a.subject_id \
        WHERE a.action = 'pickup_refused' AND a.role = 'store_keeper'";
    assert_eq!(db_count(&world, recorded), 10);
}

#[actix_web::test]
async fn one_clerk_s_mistakes_do_not_stop_the_others() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
    let path = store.at("pickup-lookups");
    for n in 0..10_u32 {
        let wrong = keeper.post(&path, json!({"code": format!("{n:08}")})).await;
        wrong.expect_problem(422, "pickup_unknown");
    }
    store.hand_over(&keeper, &redeemed).await.expect_problem(429, "pickup_tries_over");
    store.hand_over(&store.admin, &redeemed).await.expect(201);
    // Many of them stop everybody.
    diesel::sql_query("UPDATE stores SET wrong_codes = 30, wrong_codes_since = $1")
        .bind::<diesel::sql_types::Timestamptz, _>(world.clock.now())
        .execute(&mut world.connect())
        .expect("wrong codes");
    let refused = store.admin.post(&path, json!({"code": "12345678"})).await;
    refused.expect_problem(429, "pickup_tries_over");
}
