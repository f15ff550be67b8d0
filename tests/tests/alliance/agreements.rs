//! Agreements by village, by goods and by time.

use chrono::{DateTime, Datelike, Duration, Utc};
use domain::calendar::{day_of, start_of};
use serde_json::{Value, json};
use testing::alliance::{agree, register, terms, till_of};
use testing::shops::{Till, at_once, code_of, count, credit, db_count, db_star_credit};
use testing::{Client, World};

async fn of_town(world: &World) -> Value {
    register(&world.sign_in("town-officer").await, world.demo.town, json!({})).await
}

fn path(division: impl std::fmt::Display) -> String {
    format!("/v1/divisions/{division}/agreements")
}

fn agreed(world: &World) -> i64 {
    db_count(world, "SELECT count(*) AS n FROM agreements")
}

#[actix_web::test]
async fn one_request_agrees_with_every_village_of_a_town_or_with_none() {
    let world = World::new().await;
    let officer = world.sign_in("town-officer").await;
    let merchant = of_town(&world).await["merchant"]["merchant_id"].clone();
    let all = json!({"agreement": terms(&merchant, json!({}))});
    let made = officer.post(&path(world.demo.town), all.clone()).await.expect(201);
    let villages: Vec<_> =
        made["items"].as_array().unwrap().iter().map(|item| item["village_id"].clone()).collect();
    assert_eq!(villages, [json!(world.demo.village), json!(world.demo.other_village)]);
    for (key, list) in [
        ("villager", world.village("merchants")),
        ("other-villager", world.other_village("merchants")),
    ] {
        let shops = world.sign_in(key).await.get(&list).await.expect(200);
        assert_eq!(shops["items"].as_array().unwrap().len(), 2, "{key}");
    }
    // The second village alone would not tie on other days; with the first, nothing is recorded.
    let before = agreed(&world);
    let id = made["items"][1]["agreement_id"].as_str().unwrap();
    let end = world.other_village(&format!("agreements/{id}/end"));
    officer.post(&end, json!({"on": "2098-12-31"})).await.expect(200);
    let later = json!({"agreement": terms(&merchant, json!({"from": "2099-01-01"}))});
    officer
        .post(&path(world.demo.town), later.clone())
        .await
        .expect_problem(409, "agreement_overlaps");
    assert_eq!(agreed(&world), before);
    let mut one = later;
    one["village_ids"] = json!([world.demo.other_village]);
    let made = officer.post(&path(world.demo.town), one).await.expect(201);
    assert_eq!(made["items"].as_array().unwrap().len(), 1);
    assert_eq!(agreed(&world), before + 1);
}

#[actix_web::test]
async fn whoever_runs_the_division_agrees_for_its_villages_and_for_no_others() {
    let world = World::new().await;
    let merchant = of_town(&world).await["merchant"]["merchant_id"].clone();
    let all = json!({"agreement": terms(&merchant, json!({}))});
    for key in ["villager", "village-admin", "merchant-owner", "supervisor"] {
        let person = world.sign_in(key).await;
        person.post(&path(world.demo.town), all.clone()).await.expect_problem(403, "forbidden");
    }
    let admin = world.sign_in("village-admin").await;
    let mut foreign = all.clone();
    foreign["village_ids"] = json!([world.demo.other_village]);
    let own = path(world.demo.village);
    admin.post(&own, foreign).await.expect_problem(422, "agreement_villages_invalid");
    admin.post(&own, all).await.expect(201);
}

#[actix_web::test]
async fn each_village_gets_the_discounts_of_its_own_star_table() {
    let world = World::new().await;
    let officer = world.sign_in("town-officer").await;
    let merchant = of_town(&world).await["merchant"]["merchant_id"].clone();
    let mut asked = terms(&merchant, json!({}));
    asked.as_object_mut().unwrap().remove("discount_by_star_bp");
    let made = officer.post(&path(world.demo.town), json!({"agreement": asked})).await.expect(201);
    for item in made["items"].as_array().unwrap() {
        assert_eq!(item["discount_by_star_bp"], json!([200, 400, 600, 800, 1000]));
    }
}

#[actix_web::test]
async fn a_merchant_serves_the_division_that_registered_it() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let theirs = register(&admin, world.demo.village, json!({})).await;
    let theirs = &theirs["merchant"]["merchant_id"];
    let other = world.sign_in("other-admin").await;
    let elsewhere = world.other_village("agreements");
    other
        .post(&elsewhere, terms(theirs, json!({})))
        .await
        .expect_problem(422, "merchant_elsewhere");
    let officer = world.sign_in("town-officer").await;
    let all = json!({"agreement": terms(theirs, json!({}))});
    let refused = officer.post(&path(world.demo.town), all).await;
    refused.expect_problem(422, "merchant_elsewhere");
    agree(&world, theirs, json!({})).await.expect(201);
    let operator = world.sign_in("county-operator").await;
    let countys = register(&operator, world.demo.county, json!({"name": "县城商场"})).await;
    let countys = &countys["merchant"]["merchant_id"];
    let all = json!({"agreement": terms(countys, json!({}))});
    let made = operator.post(&path(world.demo.county), all).await.expect(201);
    assert_eq!(made["items"].as_array().unwrap().len(), 2);
}

/// The categories and shares of what a scan offers.
fn offers(quote: &Value) -> Vec<(usize, u64, &str)> {
    let list = quote["offers"].as_array().expect("offers");
    list.iter()
        .map(|offer| {
            let goods = offer["categories"].as_array().expect("goods").len();
            (goods, offer["discount_bp"].as_u64().unwrap(), offer["bearer"].as_str().unwrap())
        })
        .collect()
}

#[actix_web::test]
async fn goods_that_are_named_go_before_all_goods_and_the_sale_says_which_it_is() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let food = json!({"categories": ["food", "catering"],
        "discount_by_star_bp": [1_500, 1_500, 1_500, 1_500, 1_500], "account_daily_ceiling_fen": 10_000_000});
    agree(&world, &json!(world.demo.merchant), food).await.expect(201);
    let quote = till.quote(&villager).await;
    assert_eq!(offers(&quote), [(2, 1_500, "merchant_funded"), (8, 800, "credit_offset")]);
    let sold = till.sell_goods(&quote, 10_000, "food").await.expect(201);
    assert_eq!((&sold["category"], &sold["discount_fen"]), (&json!("food"), &json!(1_500)));
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
    let quote = till.quote(&villager).await;
    let sold = till.sell_goods(&quote, 10_000, "clothing").await.expect(201);
    assert_eq!((&sold["bearer"], &sold["discount_fen"]), (&json!("credit_offset"), &json!(800)));
    assert_eq!(credit(&world, &villager, 1).await, 159_200);
    // One scan is one purchase, whatever it offers.
    till.sell_goods(&quote, 10_000, "food").await.expect_problem(409, "quote_used");
    let mine = villager
        .get(&world.village(&format!("households/{}/purchases", world.demo.households[&1])))
        .await
        .expect(200);
    // What is left of the star credit is for the household alone.
    let receipt = &mine["items"][0]["receipt"];
    assert_eq!(receipt["purchase_id"], sold["purchase_id"]);
    assert_eq!(
        (&receipt["credit_left_fen"], &sold["credit_left_fen"]),
        (&json!(159_200), &Value::Null)
    );
    till.refund(&sold).await.expect(201);
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
}

#[actix_web::test]
async fn what_is_not_named_is_sold_without_a_discount_nowhere() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let made = of_town(&world).await;
    let till = till_of(&world, &made).await;
    let merchant = &made["merchant"]["merchant_id"];
    agree(&world, merchant, json!({"categories": ["farm_supplies"]})).await.expect(201);
    let villager = world.sign_in("villager").await;
    let quote = till.quote(&villager).await;
    assert_eq!(offers(&quote), [(1, 300, "merchant_funded")]);
    till.sell_goods(&quote, 1_000, "food").await.expect_problem(422, "category_not_offered");
    // Nothing was sold on the quote, so that it is still good.
    till.sell(&quote, 1_000).await.expect_problem(422, "category_not_offered");
    till.sell_goods(&quote, 1_000, "farm_supplies").await.expect(201);
    till.sell_goods(&quote, 1_000, "tobacco").await.expect_problem(400, "bad_body");
}

#[actix_web::test]
async fn the_daily_ceilings_of_two_agreements_are_counted_apart_and_the_households_together() {
    let world = World::new().await;
    db_star_credit(&world, 1, 5, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let food = json!({"categories": ["food"], "discount_by_star_bp": [1_000, 1_000, 1_000, 1_000, 1_000],
        "merchant_daily_ceiling_fen": 500});
    agree(&world, &json!(world.demo.merchant), food).await.expect(201);
    let sell = async |category: &str, price: i64| {
        let quote = till.quote(&villager).await;
        till.sell_goods(&quote, price, category).await.expect(201)
    };
    let first = sell("food", 10_000).await;
    assert_eq!(first["discount_fen"], 500);
    assert_eq!(first["limited_by"], "merchant_daily_ceiling");
    assert_eq!(sell("food", 10_000).await["discount_fen"], 0);
    for _ in 0..3 {
        assert_eq!(sell("clothing", 50_000).await["discount_fen"], 5_000);
    }
    // 200 yuan a day of the household, of which 155 are gone, under whichever agreement.
    let last = sell("services", 50_000).await;
    assert_eq!(last["discount_fen"], 4_500);
    assert_eq!(last["limited_by"], "account_daily_ceiling");
}

/// Ten in the morning of the next day there.
fn tomorrow_at_ten(world: &World) -> DateTime<Utc> {
    start_of(day_of(world.clock.now()).succ_opt().unwrap()) + Duration::hours(10)
}

/// Lets time pass; who stands at the till signs in again, as their app does.
async fn wait_until(world: &World, till: &mut Till, moment: DateTime<Utc>) -> Client {
    world.advance_to(moment);
    let body = json!({"refresh_token": till.clerk.refresh_token});
    let fresh = world.anonymous().post("/v1/sessions/refresh", body).await.expect(200);
    till.clerk.token = fresh["access_token"].as_str().map(str::to_owned);
    till.clerk.refresh_token = fresh["refresh_token"].as_str().map(str::to_owned);
    world.sign_in("villager").await
}

async fn scan(till: &Till, villager: &Client) -> testing::Answer {
    till.scan(json!({"code": code_of(villager).await})).await
}

#[actix_web::test]
async fn an_agreement_holds_on_its_days_of_the_week_and_at_its_hours() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let made = of_town(&world).await;
    let merchant = &made["merchant"]["merchant_id"];
    let ten = tomorrow_at_ten(&world);
    let weekday = |moment| day_of(moment).weekday().number_from_monday();
    let days = [weekday(ten), weekday(ten + Duration::days(1))];
    // From eleven to noon, tomorrow's and the next day of the week.
    let hours = json!({"weekdays": days, "hours": {"from_minute": 660, "until_minute": 720}});
    let agreed = agree(&world, merchant, hours).await.expect(201);
    assert_eq!(agreed["hours"], json!({"from_minute": 660, "until_minute": 720}));
    let other_days: Vec<u32> = (1..=7).filter(|day| !days.contains(day)).collect();
    agree(&world, merchant, json!({"weekdays": other_days})).await.expect(201);
    let mut till = till_of(&world, &made).await;
    let villager = wait_until(&world, &mut till, ten).await;
    scan(&till, &villager).await.expect_problem(422, "no_agreement");
    let villager = wait_until(&world, &mut till, ten + Duration::minutes(90)).await;
    let quote = till.quote(&villager).await;
    assert_eq!(offers(&quote), [(10, 300, "merchant_funded")]);
    // What was offered at noon less a second is sold a minute later.
    let villager = wait_until(&world, &mut till, ten + Duration::minutes(119)).await;
    let quote = till.quote(&villager).await;
    world.clock.advance(90);
    till.sell(&quote, 1_000).await.expect(201);
    scan(&till, &villager).await.expect_problem(422, "no_agreement");
}

#[actix_web::test]
async fn equally_specific_agreements_that_meet_are_refused_even_at_once() {
    let world = World::new().await;
    let merchant = of_town(&world).await["merchant"]["merchant_id"].clone();
    let admin = world.sign_in("village-admin").await;
    let path = world.village("agreements");
    let asks = ["food", "clothing"].into_iter().cycle().take(10).map(|goods| {
        let body = terms(&merchant, json!({"categories": [goods, "stationery"]}));
        let (admin, path) = (admin.clone(), path.clone());
        async move { admin.post(&path, body).await }
    });
    let answers = at_once(asks).await;
    assert_eq!(count(&answers, 201, ""), 1);
    assert_eq!(count(&answers, 409, "agreement_overlaps"), 9);
    for (with, made) in [
        (json!({"categories": ["food"], "weekdays": [6, 7]}), true),
        (json!({"categories": ["food"], "weekdays": [7]}), false),
        (json!({"weekdays": [6, 7]}), true),
        (json!({"hours": {"from_minute": 0, "until_minute": 60}}), false),
        (json!({"weekdays": [1], "hours": {"from_minute": 0, "until_minute": 60}}), true),
        (json!({}), true),
        (json!({}), false),
    ] {
        let answer = agree(&world, &merchant, with.clone()).await;
        let expected = if made { 201 } else { 409 };
        assert_eq!(answer.status.as_u16(), expected, "{with} {:#}", answer.body);
    }
}

#[actix_web::test]
async fn terms_of_goods_and_hours_that_cannot_hold_are_refused() {
    let world = World::new().await;
    let merchant = of_town(&world).await["merchant"]["merchant_id"].clone();
    for (with, code) in [
        (json!({"hours": {"from_minute": 720, "until_minute": 720}}), "agreement_hours_invalid"),
        (json!({"hours": {"from_minute": 0, "until_minute": 1_441}}), "agreement_hours_invalid"),
        (json!({"categories": []}), "invalid"),
        (json!({"weekdays": [0]}), "invalid"),
        (json!({"weekdays": [8]}), "invalid"),
    ] {
        agree(&world, &merchant, with).await.expect_problem(422, code);
    }
}
