//! Sign-ins that match nothing wait for a cadre.

use serde_json::{Value, json};
use testing::{Client, World};

async fn ask(world: &World, person: &Client) -> Value {
    let body = json!({
        "method": "request", "village_id": world.demo.village.to_string(),
        "name": "陈桂芳", "note": "三组陈家老屋"
    });
    let answer = person.post("/v1/me/bindings", body).await.expect(201);
    assert_eq!(answer["result"], "waiting");
    answer["request_id"].clone()
}

fn decisions(world: &World, request: &Value) -> String {
    world.village(&format!("binding-requests/{}/decisions", request.as_str().unwrap()))
}

#[actix_web::test]
async fn a_cadre_accepts_a_request_and_the_person_is_bound() {
    let world = World::new().await;
    let (person, admin) = (world.newcomer().await, world.sign_in("village-admin").await);
    let request = ask(&world, &person).await;
    let list = admin.get(&world.village("binding-requests")).await.expect(200);
    assert_eq!(list["items"][0]["id"], request);
    assert_eq!(list["items"][0]["note"], "三组陈家老屋");
    let me = person.get("/v1/me").await.expect(200);
    assert_eq!(me["binding_requests"][0]["state"], "waiting");
    assert_eq!(me["binding_requests"][0]["village"]["name"], "云岭村");

    let accept = json!({"accept": world.villager_id("elder")});
    let done = admin.post(&decisions(&world, &request), accept.clone()).await.expect(201);
    assert_eq!(done["state"], "accepted");
    let me = person.get("/v1/me").await.expect(200);
    assert_eq!(me["villager"]["name"], "陈桂芳");
    assert_eq!(me["binding_requests"][0]["state"], "accepted");
    let again = admin.post(&decisions(&world, &request), accept).await;
    again.expect_problem(409, "binding_request_decided");
    let list = admin.get(&world.village("binding-requests")).await.expect(200);
    assert_eq!(list["items"], json!([]));
}

#[actix_web::test]
async fn a_refused_request_tells_the_reason_and_another_may_follow() {
    let world = World::new().await;
    let (person, admin) = (world.newcomer().await, world.sign_in("village-admin").await);
    let request = ask(&world, &person).await;
    let empty = admin.post(&decisions(&world, &request), json!({"refuse": ""})).await;
    assert_eq!(empty.expect_problem(422, "invalid")["errors"][0]["field"], "refuse");
    let both = json!({"refuse": "不认识", "accept": world.villager_id("elder")});
    admin.post(&decisions(&world, &request), both).await.expect_problem(422, "invalid");
    admin.post(&decisions(&world, &request), json!({})).await.expect_problem(422, "invalid");
    let refuse = json!({"refuse": "请到村委会当面核实"});
    admin.post(&decisions(&world, &request), refuse).await.expect(201);
    let me = person.get("/v1/me").await.expect(200);
    assert_eq!(me["binding_requests"][0]["reason"], "请到村委会当面核实");
    assert!(me["villager"].is_null());
    ask(&world, &person).await;
}

#[actix_web::test]
async fn one_request_waits_in_a_village_and_none_for_who_is_bound() {
    let world = World::new().await;
    let person = world.newcomer().await;
    ask(&world, &person).await;
    let to = |village: String| json!({"method": "request", "village_id": village, "name": "陈"});
    let again = person.post("/v1/me/bindings", to(world.demo.village.to_string())).await;
    again.expect_problem(409, "already_exists");
    let nowhere = person.post("/v1/me/bindings", to(world.demo.town.to_string())).await;
    nowhere.expect_problem(404, "not_found");
    person.post("/v1/me/bindings", to(world.demo.other_village.to_string())).await.expect(201);
    let bound = world.sign_in("villager").await;
    let bound = bound.post("/v1/me/bindings", to(world.demo.village.to_string())).await;
    bound.expect_problem(409, "already_bound");
}

#[actix_web::test]
async fn a_request_is_closed_when_its_user_is_bound_otherwise() {
    let world = World::new().await;
    let (person, admin) = (world.newcomer().await, world.sign_in("village-admin").await);
    let request = ask(&world, &person).await;
    let by = json!({"method": "name", "name": "陈桂芳", "id_last_six": world.last_six("elder")});
    let me = person.post("/v1/me/bindings", by).await.expect(201);
    assert_eq!(me["me"]["binding_requests"][0]["state"], "refused");
    let late = json!({"accept": world.villager_id("new-villager")});
    let late = admin.post(&decisions(&world, &request), late).await;
    late.expect_problem(409, "binding_request_decided");
}

#[actix_web::test]
async fn a_cadre_accepts_only_free_villagers_of_the_own_village() {
    let world = World::new().await;
    let (person, admin) = (world.newcomer().await, world.sign_in("village-admin").await);
    let request = ask(&world, &person).await;
    let path = decisions(&world, &request);
    let accept = |key: &str| json!({"accept": world.villager_id(key)});
    admin.post(&path, accept("villager")).await.expect_problem(409, "villager_taken");
    admin.post(&path, accept("other-villager")).await.expect_problem(404, "not_found");
    let nobody = json!({"accept": world.demo.village.to_string()});
    admin.post(&path, nobody).await.expect_problem(404, "not_found");
    // A refusal left nothing behind: the request still waits.
    let list = admin.get(&world.village("binding-requests")).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn requests_are_for_the_cadres_of_the_village() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let request = ask(&world, &person).await;
    let (list, path) = (world.village("binding-requests"), decisions(&world, &request));
    let accept = json!({"accept": world.villager_id("elder")});
    for (key, code) in [
        ("villager", "forbidden"),
        ("panel-1", "forbidden"),
        ("supervisor", "reason_required"),
        ("county-operator", "forbidden"),
    ] {
        let somebody = world.sign_in(key).await;
        somebody.get(&list).await.expect_problem(403, code);
        somebody.post(&path, accept.clone()).await.expect_problem(403, "forbidden");
    }
    for key in ["other-admin", "stranger", "merchant-owner"] {
        let somebody = world.sign_in(key).await;
        somebody.get(&list).await.expect_problem(404, "not_found");
        somebody.post(&path, accept.clone()).await.expect_problem(404, "not_found");
    }
    // The same request, asked for through the other village.
    let admin = world.sign_in("other-admin").await;
    let elsewhere = format!("binding-requests/{}/decisions", request.as_str().unwrap());
    let elsewhere = admin.post(&world.other_village(&elsewhere), accept.clone()).await;
    elsewhere.expect_problem(404, "not_found");
    world.sign_in("town-officer").await.post(&path, accept).await.expect(201);
}
