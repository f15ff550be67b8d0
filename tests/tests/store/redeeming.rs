//! A household redeems, looks, and changes its mind.

use serde_json::{Value, json};
use testing::World;
use testing::notices::db_messages;
use testing::shops::{assert_conserved, db_count, text};
use testing::store::{Store, assert_stock_conserved, cancel, db_veto, earn, points, redeem, stock};

#[actix_web::test]
async fn in_one_step_points_are_taken_and_goods_are_kept_and_the_household_is_told() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({"top_up_fen": 150}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let done = redeem(&world, &villager, &goods, 2).await.expect(201);
    assert_eq!((&done["points"], &done["top_up_fen"]), (&json!("60"), &json!(300)));
    assert_eq!((&done["state"], &done["quantity"]), (&json!("waiting"), &json!(2)));
    assert_eq!(text(&done["code"]).len(), 8);
    assert_eq!(points(&world, &villager, 1).await, "40");
    assert_eq!(stock(&world, &goods).await, (3, 2));
    for who in ["villager", "villager-son"] {
        let told = db_messages(&world, who, "redemption_made").await;
        assert_eq!((told.len(), &told[0]["goods_name"]), (1, &json!("菜籽油")));
        assert!(!told[0].to_string().contains(text(&done["code"])));
    }
    let messages = villager.get("/v1/me/messages").await.expect(200);
    let words = text(&messages["items"][0]["text"]);
    assert!(words.contains("兑换的菜籽油2瓶已为您留好,用60分"), "{words}");
    let home = world.demo.households[&1];
    let statement = villager.get(&world.village(&format!("households/{home}/statement"))).await;
    let entry = statement.expect(200)["items"][0].clone();
    assert_eq!(entry["source"], "redemption");
    let words = text(&entry["words"]);
    assert!(words.contains("兑换菜籽油2瓶:可用积分-60分,余40分。"), "{words}");
    let audited = "SELECT count(*) AS n FROM audit_log WHERE action = 'redemption_create'";
    assert_eq!(db_count(&world, audited), 1);
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn code_and_qr_are_shown_to_the_household_only_and_only_while_it_waits() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let done = redeem(&world, &villager, &goods, 1).await.expect(201);
    let path = world.village(&format!("redemptions/{}", text(&done["redemption_id"])));
    let son = world.sign_in("villager-son").await;
    assert_eq!(son.get(&path).await.expect(200), done);
    let home = world.demo.households[&1];
    let list = world.village(&format!("households/{home}/redemptions"));
    assert_eq!(son.get(&list).await.expect(200)["items"][0], done);
    let of_store = store.at("redemptions");
    let hidden = |seen: &Value| {
        assert_eq!((&seen["code"], &seen["qr"]), (&Value::Null, &Value::Null));
    };
    let keeper = world.sign_in("store-keeper").await;
    hidden(&keeper.get(&path).await.expect(200));
    let page = keeper.get(&of_store).await.expect(200);
    hidden(&page["items"][0]);
    assert_eq!(page["items"][0]["masked_name"], "王*英");
    hidden(&store.admin.get(&list).await.expect(200)["items"][0]);
    let neighbour = world.sign_in("neighbour").await;
    neighbour.get(&path).await.expect_problem(404, "not_found");
    neighbour.get(&list).await.expect_problem(403, "forbidden");
    neighbour.get(&of_store).await.expect_problem(403, "forbidden");
    store.hand_over(&keeper, &done).await.expect(201);
    hidden(&villager.get(&path).await.expect(200));
    let waiting = keeper.get(&format!("{of_store}?state=waiting")).await.expect(200);
    assert_eq!(waiting["items"], json!([]));
}

#[actix_web::test]
async fn who_may_not_redeem_is_told_why_and_nothing_moves() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 3).await;
    let villager = world.sign_in("villager").await;
    earn(&world, 1, "45.5");
    let little = redeem(&world, &villager, &goods, 2).await.expect_problem(422, "points_missing");
    assert!(text(&little["detail"]).contains("可用45.5分,还差14.5分"), "{little}");
    earn(&world, 1, "200");
    redeem(&world, &villager, &goods, 4).await.expect_problem(409, "sold_out");
    redeem(&world, &villager, &goods, 0).await.expect_problem(422, "invalid");
    let nothing = uuid::Uuid::now_v7().to_string();
    redeem(&world, &villager, &nothing, 1).await.expect_problem(404, "not_found");
    let stranger = world.newcomer().await;
    redeem(&world, &stranger, &goods, 1).await.expect_problem(403, "not_bound");
    let later = store.goods(&world, json!({"on_sale_from": "2090-01-01"}), 3).await;
    redeem(&world, &villager, &later, 1).await.expect_problem(422, "goods_not_on_sale");
    // A child alone does not redeem: the household has nobody else on the roster.
    let today = domain::calendar::day_of(world.clock.now());
    for key in ["villager", "villager-son"] {
        world.db_born_on(key, today - chrono::Duration::days(13 * 365));
    }
    redeem(&world, &villager, &goods, 1).await.expect_problem(422, "too_young");
    world.db_born_on("villager-son", "1992-08-03".parse().unwrap());
    let closed = store.admin.post(&store.at("closing"), json!({})).await.expect(200);
    assert!(closed["closed_at"].is_string());
    redeem(&world, &villager, &goods, 1).await.expect_problem(409, "store_closed");
    assert_eq!(points(&world, &villager, 1).await, "245.5");
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM redemptions"), 0);
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn a_veto_suspends_redemption_until_its_last_day_and_what_waits_is_still_handed_over() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 3).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let before = redeem(&world, &villager, &goods, 1).await.expect(201);
    db_veto(&world, world.demo.households[&1], 10);
    let refused = redeem(&world, &villager, &goods, 1).await;
    let refused = refused.expect_problem(403, "redemption_suspended");
    let until = domain::calendar::day_of(world.clock.now()) + chrono::Duration::days(10);
    assert!(text(&refused["detail"]).contains(&until.to_string()), "{refused}");
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &before).await.expect(201);
    world.clock.advance(11 * 86_400);
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 1).await.expect(201);
}

#[actix_web::test]
async fn the_same_key_redeems_once_and_answers_the_same() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 1).await;
    earn(&world, 1, "30");
    let villager = world.sign_in("villager").await;
    let (path, body) = (world.village("redemptions"), json!({"goods_id": goods, "quantity": 1}));
    let first = villager.post_with_key(&path, body.clone(), "double-tapped").await.expect(201);
    // Points and stock are gone, and that is no refusal of the same request.
    let again = villager.post_with_key(&path, body, "double-tapped").await.expect(201);
    assert_eq!(first, again);
    let other = json!({"goods_id": goods, "quantity": 2});
    let other = villager.post_with_key(&path, other, "double-tapped").await;
    other.expect_problem(422, "idempotency_mismatch");
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM redemptions"), 1);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_household_calls_it_off_in_time_and_gets_everything_back() {
    let world = World::new().await;
    let policy = json!({"lapse_days": 30, "lapse_returns": true, "cancel_days": 1,
        "refund_days": 7});
    let store = Store::open(&world, json!({"policy": policy})).await;
    let goods = store.goods(&world, json!({}), 3).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let one = redeem(&world, &villager, &goods, 1).await.expect(201);
    let other = redeem(&world, &villager, &goods, 1).await.expect(201);
    let son = world.sign_in("villager-son").await;
    let off = cancel(&world, &son, &one, None).await.expect(200);
    assert_eq!((&off["state"], &off["code"]), (&json!("cancelled"), &Value::Null));
    assert_eq!(points(&world, &villager, 1).await, "70");
    assert_eq!(stock(&world, &goods).await, (2, 1));
    let state = cancel(&world, &villager, &one, None).await;
    state.expect_problem(409, "redemption_state");
    let neighbour = world.sign_in("neighbour").await;
    cancel(&world, &neighbour, &other, None).await.expect_problem(404, "not_found");
    world.clock.advance(2 * 86_400);
    let villager = world.sign_in("villager").await;
    let late = cancel(&world, &villager, &other, None).await;
    late.expect_problem(422, "cancel_too_late");
    // The store may whenever it waits, and says why.
    let keeper = world.sign_in("store-keeper").await;
    cancel(&world, &keeper, &other, None).await.expect_problem(422, "reason_missing");
    let off = cancel(&world, &keeper, &other, Some("到货破损")).await.expect(200);
    assert_eq!(off["end_reason"], "到货破损");
    let told = db_messages(&world, "villager", "redemption_cancelled").await;
    assert_eq!(told[1]["reason"], "到货破损");
    assert_eq!(points(&world, &villager, 1).await, "100");
    assert_eq!(stock(&world, &goods).await, (3, 0));
    let home = world.demo.households[&1];
    let statement = world.village(&format!("households/{home}/statement"));
    let words = villager.get(&statement).await.expect(200)["items"][0]["words"].clone();
    assert!(text(&words).contains("兑换菜籽油1瓶已取消,退回积分:可用积分+30分"), "{words}");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn where_each_person_has_an_account_each_redeems_their_own_points() {
    let world = World::new().await;
    testing::claims::db_preset(&world, "wendeng", |_| ());
    let store = Store::open(&world, json!({})).await;
    let limit = json!({"limit": {"count": 3, "period": "always"}});
    let goods = store.goods(&world, limit, 9).await;
    for key in ["villager", "villager-son"] {
        let person = domain::id::HouseholdId(world.demo.villagers[key].0);
        let (now, today) = (world.clock.now(), domain::calendar::day_of(world.clock.now()));
        testing::ratings::db_entry(
            &world,
            person,
            domain::ledger::Purse::Points,
            "100",
            today,
            now,
        );
    }
    let (mother, son) = (world.sign_in("villager").await, world.sign_in("villager-son").await);
    redeem(&world, &mother, &goods, 2).await.expect(201);
    // Their own points, and the limit of the household.
    redeem(&world, &son, &goods, 2).await.expect_problem(422, "limit_reached");
    redeem(&world, &son, &goods, 1).await.expect(201);
    let left = "SELECT count(*) AS n FROM accounts WHERE points IN (4000, 7000)";
    assert_eq!(db_count(&world, left), 2);
    assert_conserved(&world);
    assert_stock_conserved(&world);
}
