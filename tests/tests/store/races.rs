//! Many at once at the points store.

use diesel::connection::SimpleConnection;
use reqwest::Method;
use serde_json::json;
use testing::shops::{assert_conserved, at_once, count, db_count, text};
use testing::store::{Store, assert_stock_conserved, cancel, earn, points, redeem, stock};
use testing::{Answer, Client, World};

/// How many were done. A redemption has a code of its own, so [`count`] would not find it.
fn done(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status.as_u16() == 201).count()
}

/// So many households of the first village with 100 points each, one member of each signed in.
pub(super) async fn crowd(world: &World, size: u32) -> Vec<Client> {
    let (village, now) = (world.demo.village.to_string(), world.clock.now().to_rfc3339());
    let sql = "INSERT INTO households (village_id, id, number, recorded_at) \
            SELECT 'VILLAGE', gen_random_uuid(), 'X' || n, 'NOW' FROM generate_series(1, SIZE) AS n; \
        INSERT INTO villagers (village_id, id, household_id, name, relation, residence, recorded_at) \
            SELECT village_id, gen_random_uuid(), id, '村民' || number, '户主', 'resident', 'NOW' \
            FROM households WHERE number LIKE 'X%'; \
        INSERT INTO users (id, openid, village_id, villager_id, recorded_at) \
            SELECT gen_random_uuid(), 'o-' || h.number, v.village_id, v.id, 'NOW' FROM villagers AS v \
            JOIN households AS h ON h.village_id = v.village_id AND h.id = v.household_id \
            WHERE h.number LIKE 'X%'; \
        INSERT INTO accounts (village_id, id, household_id, points, version, alias) \
            SELECT village_id, id, id, 10000, 1, decode(md5(number), 'hex') FROM households \
            WHERE number LIKE 'X%'; \
        INSERT INTO entries (village_id, id, account_id, account_version, purse, amount, \
                balance_after, counter, source, source_id, source_posting, happened_on, recorded_at) \
            SELECT village_id, gen_random_uuid(), id, 1, 2, 10000, 10000, 1, 1, gen_random_uuid(), 0, \
                'NOW', 'NOW' FROM households WHERE number LIKE 'X%'";
    let sql = sql.replace("VILLAGE", &village).replace("NOW", &now);
    world.connect().batch_execute(&sql.replace("SIZE", &size.to_string())).expect("a crowd");
    let mut people = Vec::new();
    for n in 1..=size {
        let code = world.wechat.new_login_code(&format!("o-X{n}"));
        // From addresses of their own, as people have: one address signs in so often a minute.
        let mut person = world.anonymous();
        let request = person
            .request(Method::POST, "/v1/sessions")
            .header("x-forwarded-for", format!("10.0.{}.{}", n / 100, n % 100))
            .json(&json!({"code": code, "client": "test"}));
        let tokens = person.send(request).await.expect(201);
        person.token = Some(text(&tokens["access_token"]).to_owned());
        people.push(person);
    }
    people
}

#[actix_web::test]
async fn of_two_hundred_clients_for_the_last_item_exactly_one_gets_it() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 1).await;
    let people = crowd(&world, 200).await;
    world.warm_up().await;
    let asked = people.iter().map(|who| {
        let (who, path) = (who.clone(), world.village("redemptions"));
        let body = json!({"goods_id": goods, "quantity": 1});
        async move { who.post(&path, body).await }
    });
    let answers = at_once(asked).await;
    assert_eq!(done(&answers), 1);
    assert_eq!(count(&answers, 409, "sold_out"), 199);
    assert_eq!(stock(&world, &goods).await, (0, 1));
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM redemptions"), 1);
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn a_popular_item_goes_to_as_many_as_there_are_and_each_has_a_code_of_their_own() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 40).await;
    let people = crowd(&world, 60).await;
    world.warm_up().await;
    let asked = people.iter().map(|who| {
        let (who, path) = (who.clone(), world.village("redemptions"));
        let body = json!({"goods_id": goods, "quantity": 1});
        async move { who.post(&path, body).await }
    });
    let answers = at_once(asked).await;
    assert_eq!(done(&answers), 40);
    assert_eq!(count(&answers, 409, "sold_out"), 20);
    assert_eq!(db_count(&world, "SELECT count(DISTINCT code) AS n FROM redemptions"), 40);
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn the_same_points_spent_in_two_stores_at_once_are_spent_in_one() {
    for _ in 0..5 {
        let world = World::new().await;
        let (one, other) =
            (Store::open(&world, json!({})).await, Store::open(&world, json!({})).await);
        let goods =
            [one.goods(&world, json!({}), 9).await, other.goods(&world, json!({}), 9).await];
        earn(&world, 1, "30");
        let people = [world.sign_in("villager").await, world.sign_in("villager-son").await];
        world.warm_up().await;
        let asked = (0..2).map(|n| {
            let (who, path) = (people[n].clone(), world.village("redemptions"));
            let body = json!({"goods_id": goods[n], "quantity": 1});
            async move { who.post(&path, body).await }
        });
        let answers = at_once(asked).await;
        assert_eq!(done(&answers), 1);
        assert_eq!(count(&answers, 422, "points_missing"), 1);
        assert_eq!(points(&world, &people[0], 1).await, "0");
        assert_conserved(&world);
        assert_stock_conserved(&world);
    }
}

#[actix_web::test]
async fn a_limit_of_the_household_holds_when_all_of_it_redeem_at_once() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let limit = json!({"limit": {"count": 2, "period": "month"}});
    let goods = store.goods(&world, limit, 20).await;
    earn(&world, 1, "1000");
    let people = [world.sign_in("villager").await, world.sign_in("villager-son").await];
    world.warm_up().await;
    let asked = (0..10).map(|n| {
        let (who, path) = (people[n % 2].clone(), world.village("redemptions"));
        let body = json!({"goods_id": goods, "quantity": 1});
        async move { who.post(&path, body).await }
    });
    let answers = at_once(asked).await;
    assert_eq!(done(&answers), 2);
    assert_eq!(count(&answers, 422, "limit_reached"), 8);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn twenty_posts_of_the_same_redemption_and_of_the_same_pickup_do_each_once() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 20).await;
    earn(&world, 1, "1000");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    world.warm_up().await;
    let same = |who: &Client, path: String, body: serde_json::Value| {
        let who = who.clone();
        (0..20).map(move |_| {
            let (who, path, body) = (who.clone(), path.clone(), body.clone());
            async move { who.post_with_key(&path, body, "double-tapped").await }
        })
    };
    let body = json!({"goods_id": goods, "quantity": 1});
    let answers = at_once(same(&villager, world.village("redemptions"), body)).await;
    let done: Vec<_> = answers.iter().filter(|a| a.status.as_u16() == 201).collect();
    assert!(!done.is_empty() && done.iter().all(|answer| answer.body == done[0].body));
    assert_eq!(done.len() + count(&answers, 409, "idempotency_in_flight"), 20);
    assert_eq!(stock(&world, &goods).await, (19, 1));
    let body = json!({"proof": {"code": done[0].body["code"]}, "cash_taken_fen": 0});
    let answers = at_once(same(&keeper, store.at("pickups"), body)).await;
    let done: Vec<_> = answers.iter().filter(|a| a.status.as_u16() == 201).collect();
    assert!(!done.is_empty() && done.iter().all(|answer| answer.body == done[0].body));
    assert_eq!(done.len() + count(&answers, 409, "idempotency_in_flight"), 20, "{answers:#?}");
    assert_eq!(stock(&world, &goods).await, (19, 0));
    assert_eq!(points(&world, &villager, 1).await, "970");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn calling_off_and_handing_over_at_once_does_one_of_the_two() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 20).await;
    earn(&world, 1, "1000");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    world.warm_up().await;
    for _ in 0..6 {
        let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
        let (off, over) = futures_util::future::join(
            cancel(&world, &villager, &redeemed, None),
            store.hand_over(&keeper, &redeemed),
        )
        .await;
        let done = [&off, &over].into_iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(done, 1, "{off:#?} {over:#?}");
    }
    assert_conserved(&world);
    assert_stock_conserved(&world);
}
