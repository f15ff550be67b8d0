//! Granting and ending roles.

use futures_util::future::join;
use serde_json::{Value, json};
use testing::{Client, World};

const DAY: u32 = 24 * 3600;

fn grants(division: impl std::fmt::Display) -> String {
    format!("/v1/divisions/{division}/role-grants")
}

fn to(world: &World, key: &str, role: &str) -> Value {
    json!({"role": role, "villager_id": world.villager_id(key), "reason": "村民代表大会推选"})
}

fn with(mut body: Value, field: &str, value: impl Into<Value>) -> Value {
    body[field] = value.into();
    body
}

fn in_days(world: &World, days: i64) -> String {
    (world.clock.now() + chrono::Duration::days(days)).to_rfc3339()
}

async fn user_id(client: &Client) -> Value {
    client.get("/v1/me").await.expect(200)["user_id"].clone()
}

#[actix_web::test]
async fn a_granted_role_works_at_once_and_an_ended_one_no_more() {
    let world = World::new().await;
    let (officer, person) = (world.sign_in("town-officer").await, world.sign_in("neighbour").await);
    let list = world.village("binding-requests");
    person.get(&list).await.expect_problem(403, "forbidden");
    let path = grants(world.demo.village);
    let grant = officer.post(&path, to(&world, "neighbour", "village_admin")).await.expect(201);
    assert_eq!(grant["standing"], "held");
    assert_eq!(grant["name"], "李大山");
    person.get(&list).await.expect(200);
    let me = person.get("/v1/me").await.expect(200);
    assert_eq!(me["roles"][0]["scope"]["name"], "云岭村");

    let end = format!("{path}/{}/end", grant["id"].as_str().unwrap());
    let ended = officer.post(&end, json!({"reason": "本人辞去"})).await.expect(201);
    assert_eq!(ended["standing"], "over");
    assert_eq!(ended["ended_by"], user_id(&officer).await);
    person.get(&list).await.expect_problem(403, "forbidden");
    let again = officer.post(&end, json!({"reason": "本人辞去"})).await;
    again.expect_problem(409, "role_over");

    let messages = person.get("/v1/me/messages").await.expect(200);
    assert_eq!(messages["items"][0]["kind"], "role_ended");
    let text = messages["items"][1]["text"].as_str().unwrap();
    assert!(text.contains("云岭村村级管理员") && text.contains("村民代表大会推选"), "{text}");

    let admin = world.sign_in("village-admin").await;
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    let deeds = log["items"].as_array().unwrap();
    assert_eq!(deeds[0]["action"], "role_grant_end");
    assert_eq!(deeds[0]["reason"], "本人辞去");
    assert_eq!(deeds[1]["action"], "role_grant_create");
    assert_eq!(deeds[1]["role"], "town_officer");
    assert_eq!(deeds[1]["subject_id"], grant["id"]);
}

#[actix_web::test]
async fn a_role_is_held_from_its_beginning_to_its_end() {
    let world = World::new().await;
    let officer = world.sign_in("town-officer").await;
    let (path, list) = (grants(world.demo.village), world.village("binding-requests"));
    let body = with(to(&world, "neighbour", "village_admin"), "begins_at", in_days(&world, 1));
    let body = with(body, "ends_at", in_days(&world, 2));
    assert_eq!(officer.post(&path, body).await.expect(201)["standing"], "planned");
    let person = world.sign_in("neighbour").await;
    person.get(&list).await.expect_problem(403, "forbidden");
    world.clock.advance(DAY + 1);
    world.sign_in("neighbour").await.get(&list).await.expect(200);
    world.clock.advance(DAY);
    world.sign_in("neighbour").await.get(&list).await.expect_problem(403, "forbidden");
    let officer = world.sign_in("town-officer").await;
    let shown = officer.get(&path).await.expect(200);
    assert_eq!(shown["items"][0]["standing"], "over");
}

#[actix_web::test]
async fn each_level_grants_the_roles_below_it_and_no_others() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let user = user_id(&person).await;
    let village = grants(world.demo.village);
    let (town, county) = (grants(world.demo.town), grants(world.demo.county));
    let of = |role: &str| json!({"role": role, "user_id": user, "reason": "组织任命"});
    let admin = world.sign_in("village-admin").await;
    let officer = world.sign_in("town-officer").await;
    let operator = world.sign_in("county-operator").await;
    let platform = world.sign_in("platform-admin").await;
    let refused = async |who: &Client, path: &str, role: &str| {
        who.post(path, of(role)).await.expect_problem(403, "role_not_grantable");
    };
    refused(&admin, &village, "village_admin").await;
    refused(&admin, &village, "merchant_clerk").await;
    refused(&admin, &village, "platform_admin").await;
    refused(&officer, &town, "town_officer").await;
    refused(&officer, &town, "village_admin").await;
    refused(&officer, &village, "supervisor").await;
    refused(&operator, &village, "panel_member").await;
    refused(&operator, &county, "county_operator").await;
    refused(&platform, &village, "village_admin").await;
    refused(&platform, &county, "platform_admin").await;
    admin.post(&village, of("collector")).await.expect(201);
    officer.post(&town, of("work_team")).await.expect(201);
    operator.post(&village, of("village_admin")).await.expect(201);
    operator.post(&town, of("town_officer")).await.expect(201);
    operator.post(&county, of("supervisor")).await.expect(201);
    platform.post(&county, of("county_operator")).await.expect(201);
    let me = person.get("/v1/me").await.expect(200);
    assert_eq!(me["roles"].as_array().unwrap().len(), 6);
    person.get(&village).await.expect(200);
}

#[actix_web::test]
async fn roles_of_a_division_are_nobody_elses_business() {
    let world = World::new().await;
    let village = grants(world.demo.village);
    let body = to(&world, "neighbour", "collector");
    for (key, status, code) in [
        ("villager", 403, "forbidden"),
        ("panel-1", 403, "forbidden"),
        ("other-admin", 404, "not_found"),
        ("merchant-owner", 404, "not_found"),
    ] {
        let somebody = world.sign_in(key).await;
        somebody.post(&village, body.clone()).await.expect_problem(status, code);
        somebody.get(&village).await.expect_problem(status, code);
    }
    // A supervisor sees who holds what, and changes nothing.
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&village).await.expect(200);
    supervisor.post(&village, body.clone()).await.expect_problem(403, "forbidden");
    // A village's administrator has no say in the town.
    let admin = world.sign_in("village-admin").await;
    admin.get(&grants(world.demo.town)).await.expect_problem(403, "forbidden");
    let nowhere = admin.post(&grants(uuid::Uuid::now_v7()), body).await;
    nowhere.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn a_villager_holds_a_role_before_they_ever_sign_in() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = grants(world.demo.village);
    admin.post(&path, to(&world, "new-villager", "collector")).await.expect(201);
    let person = world.newcomer().await;
    assert_eq!(person.get("/v1/me").await.expect(200)["roles"], json!([]));
    let code = world.wechat.new_phone_code("13900000004");
    let bound = person.post("/v1/me/bindings", json!({"method": "phone", "phone_code": code}));
    assert_eq!(bound.await.expect(201)["me"]["roles"][0]["role"], "collector");
    assert_eq!(person.get("/v1/me/messages").await.expect(200)["unread"], 1);
}

#[actix_web::test]
async fn the_same_role_is_not_granted_twice_for_the_same_time() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = grants(world.demo.village);
    let body = to(&world, "neighbour", "collector");
    let until = in_days(&world, 10);
    admin.post(&path, with(body.clone(), "ends_at", until.clone())).await.expect(201);
    let overlapping = with(body.clone(), "begins_at", in_days(&world, 5));
    admin.post(&path, overlapping).await.expect_problem(409, "already_exists");
    // To the villager or to the user they are: it is the same person.
    let user = user_id(&world.sign_in("neighbour").await).await;
    let as_user = json!({"role": "collector", "user_id": user, "reason": "推选"});
    admin.post(&path, as_user).await.expect_problem(409, "already_exists");
    admin.post(&path, with(body, "begins_at", until)).await.expect(201);
    admin.post(&path, to(&world, "neighbour", "grid_worker")).await.expect(201);
}

#[actix_web::test]
async fn two_administrators_at_once_make_one_grant_and_a_repeat_makes_none() {
    let world = World::new().await;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    let path = grants(world.demo.village);
    let body = to(&world, "neighbour", "collector");
    let (first, second) =
        join(one.post(&path, body.clone()), other.post(&path, body.clone())).await;
    let (won, lost) = if first.status == 201 { (first, second) } else { (second, first) };
    won.expect(201);
    lost.expect_problem(409, "already_exists");

    let body = to(&world, "neighbour", "grid_worker");
    let first = one.post_with_key(&path, body.clone(), "double-tap-1").await.expect(201);
    let again = one.post_with_key(&path, body, "double-tap-1").await.expect(201);
    assert_eq!(first, again);
    let altered = to(&world, "villager", "grid_worker");
    let altered = one.post_with_key(&path, altered, "double-tap-1").await;
    altered.expect_problem(422, "idempotency_mismatch");
}

#[actix_web::test]
async fn a_grant_names_one_holder_who_exists_and_a_term_that_is_one() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = grants(world.demo.village);
    let body = to(&world, "neighbour", "collector");
    let neither = json!({"role": "collector", "reason": "推选"});
    admin.post(&path, neither).await.expect_problem(422, "invalid");
    let user = user_id(&admin).await;
    let both = with(body.clone(), "user_id", user);
    admin.post(&path, both).await.expect_problem(422, "invalid");
    let unknown = json!({"role": "collector", "reason": "推选", "user_id": uuid::Uuid::now_v7()});
    admin.post(&path, unknown).await.expect_problem(404, "not_found");
    let elsewhere = to(&world, "other-villager", "collector");
    admin.post(&path, elsewhere).await.expect_problem(404, "not_found");
    let officer = world.sign_in("town-officer").await;
    officer.post(&grants(world.demo.town), body.clone()).await.expect_problem(404, "not_found");
    let past = with(body.clone(), "ends_at", in_days(&world, -1));
    admin.post(&path, past).await.expect_problem(422, "term_empty");
    let king = with(body.clone(), "role", "king");
    admin.post(&path, king).await.expect_problem(400, "bad_body");
    world.db_born_on("elder", domain::calendar::day_of(world.clock.now()));
    let child = admin.post(&path, to(&world, "elder", "collector")).await;
    child.expect_problem(422, "too_young");
    let no_key = admin.request(reqwest::Method::POST, &path).json(&body);
    admin.send(no_key).await.expect_problem(400, "idempotency_key_missing");
}

#[actix_web::test]
async fn a_role_is_ended_by_who_could_grant_it_where_it_was_granted() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = grants(world.demo.village);
    let list = admin.get(&format!("{path}?limit=100")).await.expect(200);
    let items = list["items"].as_array().unwrap();
    let id_of = |role: &str| {
        let found = items.iter().find(|item| item["role"] == role).expect("a grant of the demo");
        found["id"].as_str().unwrap().to_owned()
    };
    let reason = json!({"reason": "换届"});
    let peer = format!("{path}/{}/end", id_of("village_admin"));
    admin.post(&peer, reason.clone()).await.expect_problem(403, "role_not_grantable");
    let helper = id_of("panel_member");
    let elsewhere = format!("{}/{helper}/end", grants(world.demo.other_village));
    let other = world.sign_in("other-admin").await;
    other.post(&elsewhere, reason.clone()).await.expect_problem(404, "not_found");
    let own = format!("{path}/{helper}/end");
    other.post(&own, reason.clone()).await.expect_problem(404, "not_found");
    let villager = world.sign_in("villager").await;
    villager.post(&own, reason.clone()).await.expect_problem(403, "forbidden");
    admin.post(&own, json!({"reason": ""})).await.expect_problem(422, "invalid");
    admin.post(&own, reason).await.expect(201);
}

#[actix_web::test]
async fn the_list_comes_by_pages() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = grants(world.demo.village);
    let all = admin.get(&format!("{path}?limit=100")).await.expect(200);
    let all: Vec<_> = all["items"].as_array().unwrap().clone();
    assert!(all.len() > 4 && all.iter().all(|item| item["standing"] == "held"));
    let mut paged = Vec::new();
    let mut next = format!("{path}?limit=4");
    loop {
        let page = admin.get(&next).await.expect(200);
        paged.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}?limit=4&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(paged, all);
    admin.get(&format!("{path}?limit=101")).await.expect_problem(422, "invalid");
    admin.get(&format!("{path}?cursor=x")).await.expect_problem(400, "bad_query");
}
