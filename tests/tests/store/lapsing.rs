//! What nobody picks up lapses: once, whoever works and whatever is killed.

use std::time::Duration;

use actix_web::rt::time::sleep;
use actix_web::web::block;
use diesel::connection::SimpleConnection;
use domain::rule_book::PointsPolicy;
use infra::worker;
use serde_json::{Value, json};
use testing::World;
use testing::claims::db_book;
use testing::notices::{db_count, db_messages, db_run, tick};
use testing::shops::{assert_conserved, text};
use testing::store::{Store, assert_stock_conserved, earn, points, redeem, stock};

const DAY: u32 = 86_400;

fn policy(returns: bool) -> Value {
    json!({"policy": {"lapse_days": 30, "lapse_returns": returns, "cancel_days": null,
        "refund_days": 7}})
}

#[actix_web::test]
async fn after_thirty_days_it_lapses_and_the_household_is_told_three_days_before_and_then() {
    let world = World::new().await;
    let store = Store::open(&world, policy(true)).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(&world, &villager, &goods, 2).await.expect(201);
    world.clock.advance(26 * DAY);
    assert_eq!(tick(&world).await.lapsing, 0);
    world.clock.advance(2 * DAY);
    assert_eq!(tick(&world).await.lapsing, 1);
    assert_eq!(tick(&world).await.lapsing, 0);
    let told = db_messages(&world, "villager-son", "redemption_lapsing").await;
    assert_eq!((told.len(), &told[0]["lapse_returns"]), (1, &json!(true)));
    world.clock.advance(3 * DAY);
    let round = tick(&world).await;
    assert_eq!((round.lapsed, round.lapsing), (1, 0));
    assert_eq!(tick(&world).await.lapsed, 0);
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "100");
    assert_eq!(stock(&world, &goods).await, (5, 0));
    let path = world.village(&format!("redemptions/{}", text(&redeemed["redemption_id"])));
    let seen = villager.get(&path).await.expect(200);
    assert_eq!((&seen["state"], &seen["code"]), (&json!("lapsed"), &Value::Null));
    assert_eq!(db_messages(&world, "villager", "redemption_lapsed").await.len(), 1);
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &redeemed).await.expect_problem(422, "pickup_unknown");
    let messages = villager.get("/v1/me/messages").await.expect(200);
    let words = text(&messages["items"][0]["text"]);
    assert!(words.ends_with("兑换的菜籽油2瓶逾期未领取,已取消,退回60分。"), "{words}");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn where_the_store_says_so_points_do_not_return_and_the_policy_of_the_day_counts() {
    let world = World::new().await;
    let store = Store::open(&world, policy(false)).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 1).await.expect(201);
    let facts = json!({"name": "积分超市", "address": "街口", "hours": "周六", "phone": "1",
        "policy": policy(true)["policy"]});
    store.admin.put(&store.path, facts).await.expect(200);
    redeem(&world, &villager, &goods, 1).await.expect(201);
    world.clock.advance(32 * DAY);
    assert_eq!(tick(&world).await.lapsed, 2);
    let villager = world.sign_in("villager").await;
    // Of the one the points are gone, of the other they came back; both bottles are on the shelf.
    assert_eq!(points(&world, &villager, 1).await, "70");
    assert_eq!(stock(&world, &goods).await, (5, 0));
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn a_service_lapses_after_its_slot_and_gives_its_place_back() {
    let world = World::new().await;
    let store = Store::open(&world, policy(true)).await;
    let (service, slot) = store.service(&world, 40 * 24, 1).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let body = json!({"goods_id": service, "slot_id": slot, "quantity": 1});
    villager.post(&world.village("redemptions"), body).await.expect(201);
    world.clock.advance(60 * DAY);
    assert_eq!(tick(&world).await.lapsed, 0);
    world.clock.advance(12 * DAY);
    assert_eq!(tick(&world).await.lapsed, 1);
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "100");
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn points_that_come_back_with_a_lapse_after_their_year_is_over_have_run_out() {
    let world = World::new().await;
    db_book(&world, |book| book.points_policy = PointsPolicy::YearEndReset { grace_days: 0 });
    let today = domain::calendar::day_of(world.clock.now());
    let year = chrono::Datelike::year(&today);
    // In the last days of the year.
    let december = domain::calendar::start_of(format!("{year}-12-20").parse().unwrap());
    if world.clock.now() < december {
        world.advance_to(december);
    }
    let store = Store::open(&world, policy(true)).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 2).await.expect(201);
    tick(&world).await;
    world.advance_to(domain::calendar::start_of(format!("{}-01-10", year + 1).parse().unwrap()));
    assert_eq!(tick(&world).await.expired, 1);
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "0");
    world.clock.advance(31 * DAY);
    assert_eq!(tick(&world).await.lapsed, 1);
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "0");
    let messages = villager.get("/v1/me/messages").await.expect(200);
    let words = text(&messages["items"][0]["text"]);
    assert!(words.contains("其中已过兑换期限、不再保留的60分"), "{words}");
    assert_conserved(&world);
}

/// More redemptions than one batch takes, each of 10 points, of households that nobody signed in for.
async fn many_redemptions(world: &World, store: &Store, goods: &str) {
    let now = world.clock.now().to_rfc3339();
    for statement in [
        "INSERT INTO households (village_id, id, number, recorded_at) \
         SELECT 'VILLAGE', gen_random_uuid(), 'X' || n, 'NOW' FROM generate_series(1, 450) AS n",
        "INSERT INTO accounts (village_id, id, household_id, points, version, alias) \
         SELECT village_id, id, id, 0, 2, decode(md5(number), 'hex') FROM households \
         WHERE number LIKE 'X%'",
        "INSERT INTO entries (village_id, id, account_id, account_version, purse, amount, \
             balance_after, counter, source, source_id, source_posting, happened_on, recorded_at) \
         SELECT village_id, gen_random_uuid(), id, 1, 2, 1000, 1000, 1, 1, gen_random_uuid(), 0, \
             'NOW', 'NOW' FROM households WHERE number LIKE 'X%'",
        "INSERT INTO redemptions (village_id, id, store_id, goods_id, account_id, household_id, \
             goods_name, unit, quantity, points, top_up, worth, state, code, lapse_returns, refund_days, \
             lapses_at, tell_at, cancel_until, redeemed_by, redeemed_at) \
         SELECT village_id, gen_random_uuid(), 'STORE', 'GOODS', id, id, '盐', '袋', 1, 1000, 0, 0, \
             'waiting', substr(number, 2), true, 7, timestamptz 'NOW' + interval '30 days', \
             timestamptz 'NOW' + interval '27 days', timestamptz 'NOW' + interval '30 days', id, 'NOW' \
         FROM households WHERE number LIKE 'X%'",
        "INSERT INTO entries (village_id, id, account_id, account_version, purse, amount, \
             balance_after, counter, source, source_id, source_posting, happened_on, recorded_at) \
         SELECT village_id, gen_random_uuid(), account_id, 2, 2, -1000, 0, 4, 5, id, 0, 'NOW', 'NOW' \
         FROM redemptions",
        "SELECT stock_move('VILLAGE', 'reserved', array_agg(gen_random_uuid()), array_agg(goods_id), \
             array_agg(-1), array_agg(1), array_agg(id), NULL, 'NOW', NULL) FROM redemptions",
    ] {
        let statement = statement
            .replace("VILLAGE", &world.demo.village.to_string())
            .replace("STORE", &store.id)
            .replace("GOODS", goods)
            .replace("NOW", &now);
        db_run(world, statement).await;
    }
}

const LAPSED: &str = "SELECT count(*) FROM redemptions WHERE state = 'lapsed'";
const RETURNED: &str = "SELECT count(*) FROM entries WHERE counter = 6 AND source = 5";
const BACK: &str = "SELECT count(*) FROM stock_entries WHERE kind = 'returned'";
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND wait_event_type = 'Lock'";

/// That so many redemptions lapsed, each once and with all that belongs to it.
async fn so_many_lapsed(world: &World, many: i64) {
    for sql in [LAPSED, RETURNED, BACK] {
        assert_eq!(db_count(world, sql).await, many, "{sql}");
    }
    assert_conserved(world);
    assert_stock_conserved(world);
}

#[actix_web::test]
async fn a_worker_killed_in_the_middle_of_a_lapse_is_followed_by_one_that_finishes_it_the_same() {
    let world = World::new().await;
    let store = Store::open(&world, policy(true)).await;
    let goods = store.goods(&world, json!({}), 500).await;
    many_redemptions(&world, &store, &goods).await;
    world.clock.advance(31 * DAY);
    // Somebody holds the account of one that lapses last, so that the worker stops in its third batch,
    // where accounts are locked already and nothing is written.
    let mut holder = world.connect();
    holder
        .batch_execute(
            "BEGIN; UPDATE redemptions SET lapses_at = lapses_at + interval '1 second' \
                 WHERE code = '450'; COMMIT; \
             BEGIN; SELECT 1 FROM accounts WHERE id = \
                 (SELECT account_id FROM redemptions WHERE code = '450') FOR UPDATE",
        )
        .expect("a lock");
    let (db, now) = (world.db.clone(), world.clock.now());
    let killed = actix_web::rt::spawn(block(move || worker::tick(&db, now)));
    // It tries once more on another connection.
    for _ in 0..2 {
        for _ in 0..200 {
            if db_count(&world, WAITING).await == 1 {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        // Another worker leaves what is held alone.
        assert_eq!(tick(&world).await.lapsed, 0);
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        db_run(&world, kill.into()).await;
        sleep(Duration::from_millis(100)).await;
    }
    let killed = killed.await.unwrap().unwrap();
    assert_eq!(killed.failures.len(), 1, "{:?}", killed.failures);
    so_many_lapsed(&world, 400).await;
    holder.batch_execute("ROLLBACK").unwrap();
    assert_eq!(tick(&world).await.lapsed, 50);
    so_many_lapsed(&world, 450).await;
    assert_eq!(stock(&world, &goods).await, (500, 0));
}

#[actix_web::test]
async fn many_workers_at_once_let_each_redemption_lapse_once() {
    let world = World::new().await;
    let store = Store::open(&world, policy(true)).await;
    let goods = store.goods(&world, json!({}), 500).await;
    many_redemptions(&world, &store, &goods).await;
    world.clock.advance(31 * DAY);
    let rounds = futures_util::future::join_all((0..6).map(|_| tick(&world))).await;
    let lapsed: usize = rounds.iter().map(|ticked| ticked.lapsed).sum();
    assert_eq!(lapsed + tick(&world).await.lapsed, 450);
    so_many_lapsed(&world, 450).await;
}

#[actix_web::test]
async fn what_is_picked_up_while_it_lapses_is_one_of_the_two() {
    let world = World::new().await;
    let store = Store::open(&world, policy(true)).await;
    let goods = store.goods(&world, json!({}), 30).await;
    earn(&world, 1, "900");
    let villager = world.sign_in("villager").await;
    let mut waiting = Vec::new();
    for _ in 0..12 {
        waiting.push(redeem(&world, &villager, &goods, 1).await.expect(201));
    }
    world.clock.advance(31 * DAY);
    let keeper = world.sign_in("store-keeper").await;
    world.warm_up().await;
    let picked = futures_util::future::join_all(
        waiting.iter().map(|redeemed| store.hand_over(&keeper, redeemed)),
    );
    let (answers, round) = futures_util::future::join(picked, tick(&world)).await;
    let handed = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
    let fine = |code: &str| {
        ["", "redemption_state", "pickup_unknown", "pickup_tries_over"].contains(&code)
    };
    assert!(answers.iter().all(|answer| fine(answer.code())), "{answers:#?}");
    let lapsed = round.lapsed + tick(&world).await.lapsed;
    assert_eq!(handed + lapsed, 12);
    assert_conserved(&world);
    assert_stock_conserved(&world);
}
