//! Binding by phone and by name.

use chrono::{Days, Months, NaiveDate};
use futures_util::future::join;
use serde_json::json;
use testing::World;
use wechat_standin::Endpoint;

const PHONE: &str = "13900000004";

#[actix_web::test]
async fn a_verified_phone_binds_at_once_and_me_tells_who_one_is() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let balance = world.village(&format!("households/{}/balance", world.demo.households[&2]));
    // The answer is remembered for the token, and must be forgotten when the binding changes it.
    person.get(&balance).await.expect_problem(404, "not_found");
    let before = person.get("/v1/me").await.expect(200);
    assert!(before["villager"].is_null());

    let code = world.wechat.new_phone_code(PHONE);
    let bound = person.post("/v1/me/bindings", json!({"method": "phone", "phone_code": code}));
    let bound = bound.await.expect(201);
    assert_eq!(bound["result"], "bound");
    let me = person.get("/v1/me").await.expect(200);
    assert_eq!(me, bound["me"]);
    let villager = &me["villager"];
    assert_eq!(villager["name"], "李小燕");
    assert_eq!(villager["villager_id"], world.villager_id("new-villager"));
    assert_eq!(villager["phone"], "139****0004");
    assert_eq!(villager["id_number"].as_str().unwrap().matches('*').count(), 16);
    assert_eq!(villager["household_number"], "002");
    assert_eq!(villager["head"], false);
    assert_eq!(villager["village"]["name"], "云岭村");
    assert_eq!(villager["town"]["name"], "龙场乡");
    assert_eq!(villager["county"]["name"], "水城区");
    person.get(&balance).await.expect(200);
}

#[actix_web::test]
async fn a_shared_phone_offers_choices_and_the_choice_binds() {
    let world = World::new().await;
    world.db_share_phone("new-villager", "elder");
    let (person, thief) = (world.newcomer().await, world.newcomer().await);
    let code = world.wechat.new_phone_code(PHONE);
    let answer = person.post("/v1/me/bindings", json!({"method": "phone", "phone_code": code}));
    let answer = answer.await.expect(200);
    assert_eq!(answer["result"], "choose");
    let mut names: Vec<_> = answer["choices"].as_array().unwrap().iter().collect();
    names.sort_by_key(|choice| choice["name"].as_str().unwrap().to_owned());
    assert_eq!(names.len(), 2);
    assert_eq!((&names[0]["name"], &names[0]["relation"]), (&json!("李*燕"), &json!("女")));
    assert_eq!((&names[1]["name"], &names[1]["village_name"]), (&json!("陈*芳"), &json!("云岭村")));

    let choose = |villager: &str| json!({"method": "choice", "choice_token": answer["choice_token"], "villager_id": villager});
    let elder = world.villager_id("elder");
    // The token is the user's own, and for those it was given for.
    let stolen = thief.post("/v1/me/bindings", choose(&elder)).await;
    stolen.expect_problem(422, "binding_choice_expired");
    let other = person.post("/v1/me/bindings", choose(&world.villager_id("villager"))).await;
    other.expect_problem(422, "roster_no_match");
    let bound = person.post("/v1/me/bindings", choose(&elder)).await.expect(201);
    assert_eq!(bound["me"]["villager"]["name"], "陈桂芳");
    let again = person.post("/v1/me/bindings", choose(&world.villager_id("new-villager"))).await;
    again.expect_problem(409, "already_bound");
}

#[actix_web::test]
async fn the_time_to_choose_ends_and_a_known_choice_needs_no_second_request() {
    let world = World::new().await;
    world.db_share_phone("new-villager", "elder");
    let person = world.newcomer().await;
    let code = world.wechat.new_phone_code(PHONE);
    let answer = person.post("/v1/me/bindings", json!({"method": "phone", "phone_code": code}));
    let token = answer.await.expect(200)["choice_token"].clone();
    let elder = world.villager_id("elder");
    world.clock.advance(601);
    let late = json!({"method": "choice", "choice_token": token, "villager_id": elder});
    let late = person.post("/v1/me/bindings", late).await;
    late.expect_problem(422, "binding_choice_expired");
    let code = world.wechat.new_phone_code(PHONE);
    let known = json!({"method": "phone", "phone_code": code, "villager_id": elder});
    assert_eq!(person.post("/v1/me/bindings", known).await.expect(201)["result"], "bound");
}

#[actix_web::test]
async fn a_phone_binds_neither_a_taken_villager_nor_a_number_on_no_roster() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let by = |code: String| json!({"method": "phone", "phone_code": code});
    let taken = by(world.wechat.new_phone_code("13900000001"));
    person.post("/v1/me/bindings", taken).await.expect_problem(409, "villager_taken");
    let unknown = by(world.wechat.new_phone_code("13911112222"));
    person.post("/v1/me/bindings", unknown).await.expect_problem(422, "roster_no_match");
    let abroad = by(world.wechat.new_phone_code_abroad(852, PHONE));
    person.post("/v1/me/bindings", abroad).await.expect_problem(422, "roster_no_match");
    let code = world.wechat.new_phone_code("13911112222");
    person.post("/v1/me/bindings", by(code.clone())).await.expect_problem(422, "roster_no_match");
    person.post("/v1/me/bindings", by(code)).await.expect_problem(422, "wechat_code_invalid");
}

#[actix_web::test]
async fn who_is_bound_is_told_so_before_the_phone_code_is_spent() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let code = world.wechat.new_phone_code(PHONE);
    let before = world.wechat.calls(Endpoint::PhoneNumber);
    let again = villager.post("/v1/me/bindings", json!({"method": "phone", "phone_code": code}));
    again.await.expect_problem(409, "already_bound");
    assert_eq!(world.wechat.calls(Endpoint::PhoneNumber), before);
}

#[actix_web::test]
async fn name_and_the_last_six_characters_bind_and_wrong_ones_tell_nothing() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let by = |name: &str, tail: &str| json!({"method": "name", "name": name, "id_last_six": tail});
    let tail = world.last_six("elder");
    let wrong_tail = if tail == "000000" { "000001" } else { "000000" };
    let wrong = person.post("/v1/me/bindings", by("陈桂芳", wrong_tail)).await;
    let wrong = wrong.expect_problem(422, "roster_no_match");
    let nobody = person.post("/v1/me/bindings", by("无此人", &tail)).await;
    assert_eq!(nobody.expect_problem(422, "roster_no_match"), wrong);
    let typed = by(" 陈桂芳 ", &tail.to_lowercase());
    let bound = person.post("/v1/me/bindings", typed).await.expect(201);
    assert_eq!(bound["me"]["villager"]["name"], "陈桂芳");
}

#[actix_web::test]
async fn children_are_not_bound_until_they_are_fourteen() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let today = domain::calendar::day_of(world.clock.now());
    let fourteen: NaiveDate = today.checked_sub_months(Months::new(14 * 12)).unwrap();
    let by = json!({"method": "name", "name": "陈桂芳", "id_last_six": world.last_six("elder")});
    world.db_born_on("elder", fourteen + Days::new(1));
    person.post("/v1/me/bindings", by.clone()).await.expect_problem(422, "too_young");
    world.db_born_on("elder", fourteen);
    person.post("/v1/me/bindings", by).await.expect(201);
}

#[actix_web::test]
async fn the_dead_are_on_the_roster_and_bind_nobody() {
    let world = World::new().await;
    world.db_residence("elder", "deceased");
    let person = world.newcomer().await;
    let by = json!({"method": "name", "name": "陈桂芳", "id_last_six": world.last_six("elder")});
    person.post("/v1/me/bindings", by).await.expect_problem(422, "roster_no_match");
}

#[actix_web::test]
async fn of_two_who_are_the_same_villager_at_once_one_is() {
    let world = World::new().await;
    let (one, other) = (world.newcomer().await, world.newcomer().await);
    let by = || json!({"method": "phone", "phone_code": world.wechat.new_phone_code(PHONE)});
    let (first, second) =
        join(one.post("/v1/me/bindings", by()), other.post("/v1/me/bindings", by())).await;
    let (won, lost) = if first.status == 201 { (first, second) } else { (second, first) };
    won.expect(201);
    lost.expect_problem(409, "villager_taken");
}

#[actix_web::test]
async fn guessing_is_slowed_down() {
    let world = World::new().await;
    let (guesser, other) = (world.newcomer().await, world.newcomer().await);
    let guess =
        |n: u32| json!({"method": "name", "name": "陈桂芳", "id_last_six": format!("{n:06}")});
    for n in 0..10 {
        guesser.post("/v1/me/bindings", guess(n)).await.expect_problem(422, "roster_no_match");
    }
    let answer = guesser.post("/v1/me/bindings", guess(10)).await;
    assert!(answer.headers.contains_key("retry-after"));
    answer.expect_problem(429, "too_many_requests");
    other.post("/v1/me/bindings", guess(0)).await.expect_problem(422, "roster_no_match");
}

#[actix_web::test]
async fn bodies_that_break_a_limit_are_refused_by_field() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let bind = async |body| person.post("/v1/me/bindings", body).await;
    bind(json!({"method": "oath"})).await.expect_problem(400, "bad_body");
    bind(json!({"method": "phone"})).await.expect_problem(400, "bad_body");
    let more = json!({"method": "phone", "phone_code": "x", "surprise": 1});
    bind(more).await.expect_problem(400, "bad_body");
    for tail in ["12345", "12345A", "1234567", "１２３４５６"] {
        let by = json!({"method": "name", "name": "陈桂芳", "id_last_six": tail});
        let problem = bind(by).await.expect_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "id_last_six", "{tail}");
    }
    let village = world.demo.village.to_string();
    let nul = json!({"method": "request", "village_id": village, "name": "陈\0芳"});
    bind(nul).await.expect_problem(400, "bad_body");
    let anyone = world.anonymous().post("/v1/me/bindings", json!({})).await;
    anyone.expect_problem(401, "sign_in_needed");
    world.anonymous().get("/v1/me").await.expect_problem(401, "sign_in_needed");
}
