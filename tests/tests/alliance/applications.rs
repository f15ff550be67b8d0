//! Asking to join, and what becomes of it.

use serde_json::{Value, json};
use testing::shops::{Till, at_once, count, db_count, text};
use testing::{Client, World};

const MINE: &str = "/v1/merchant-applications";

fn asked(division: impl ToString, name: &str) -> Value {
    json!({
        "merchant": {
            "division_id": division.to_string(), "name": name, "address": "街上20号",
            "phone": "0858-7654321", "category": "food", "hours": "每天7:00—21:00",
            "spot": {"latitude_e6": 26_541_234, "longitude_e6": 104_712_345},
        },
        "contact": "王才才", "text": "经营粮油批发十年。",
    })
}

async fn ask(person: &Client, world: &World, name: &str) -> Value {
    person.post(MINE, asked(world.demo.town, name)).await.expect(201)
}

fn of_town(world: &World) -> String {
    format!("/v1/divisions/{}/merchant-applications", world.demo.town)
}

fn decision(world: &World, application: &Value) -> String {
    format!("{}/{}/decisions", of_town(world), text(&application["application_id"]))
}

#[actix_web::test]
async fn whoever_asks_and_is_approved_owns_the_merchant_and_is_told() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let application = ask(&villager, &world, "王才才批发部").await;
    assert_eq!(application["state"], "open");
    let officer = world.sign_in("town-officer").await;
    let list = officer.get(&of_town(&world)).await.expect(200);
    assert_eq!(list["items"], json!([application]));
    let path = decision(&world, &application);
    let approved = officer.post(&path, json!({"decision": "approve"})).await.expect(201);
    assert_eq!(approved["state"], "approved");
    let mine = villager.get(MINE).await.expect(200);
    assert_eq!(mine["items"], json!([approved]));
    let messages = villager.get("/v1/me/messages").await.expect(200);
    assert_eq!(messages["items"][0]["title"], "商家申请已通过");
    assert!(text(&messages["items"][0]["text"]).contains("王才才批发部"));
    // The owner, with the same sign-in, has a shop and invites a clerk.
    let till = Till::of(villager, &approved["merchant_id"]);
    let shops = till.clerk.get(&till.path("shops")).await.expect(200);
    assert_eq!(shops["items"].as_array().unwrap().len(), 1);
    assert_eq!(shops["items"][0]["name"], "王才才批发部");
    assert_eq!(shops["items"][0]["hours"], "每天7:00—21:00");
    assert_eq!(shops["items"][0]["spot"]["latitude_e6"], 26_541_234);
    let invite = till.path("clerk-invitations");
    till.clerk.post(&invite, json!({"role": "merchant_clerk"})).await.expect(201);
    officer
        .post(&path, json!({"decision": "approve"}))
        .await
        .expect_problem(409, "application_state");
    let open = officer.get(&of_town(&world)).await.expect(200);
    assert_eq!(open["items"], json!([]));
    let old = officer.get(&format!("{}?state=approved", of_town(&world))).await.expect(200);
    assert_eq!(old["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_no_comes_with_its_reason_and_one_may_ask_again() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let application = ask(&villager, &world, "王才才批发部").await;
    let officer = world.sign_in("town-officer").await;
    let path = decision(&world, &application);
    let bare = officer.post(&path, json!({"decision": "refuse"})).await;
    assert_eq!(bare.expect_problem(422, "invalid")["errors"][0]["field"], "reason");
    let no = json!({"decision": "refuse", "reason": "营业执照已过期"});
    let refused = officer.post(&path, no).await.expect(201);
    assert_eq!(refused["merchant_id"], Value::Null);
    let messages = villager.get("/v1/me/messages").await.expect(200);
    assert!(text(&messages["items"][0]["text"]).contains("营业执照已过期"));
    ask(&villager, &world, "王才才批发部").await;
    let mine = villager.get(&format!("{MINE}?limit=1")).await.expect(200);
    assert_eq!(mine["items"][0]["state"], "open");
    let rest = format!("{MINE}?cursor={}", text(&mine["next_cursor"]));
    let rest = villager.get(&rest).await.expect(200);
    assert_eq!(rest["items"], json!([refused]));
}

#[actix_web::test]
async fn a_stranger_may_ask_and_finds_the_answer_with_their_own() {
    let world = World::new().await;
    world
        .anonymous()
        .post(MINE, asked(world.demo.town, "x"))
        .await
        .expect_problem(401, "sign_in_needed");
    let newcomer = world.newcomer().await;
    let application = ask(&newcomer, &world, "山外商行").await;
    let officer = world.sign_in("town-officer").await;
    let path = decision(&world, &application);
    officer.post(&path, json!({"decision": "approve"})).await.expect(201);
    let mine = newcomer.get(MINE).await.expect(200);
    assert_eq!(mine["items"][0]["state"], "approved");
    let till = Till::of(newcomer, &mine["items"][0]["merchant_id"]);
    till.clerk.get(&till.path("clerks")).await.expect(200);
}

#[actix_web::test]
async fn one_application_of_a_person_and_name_is_open_and_five_of_a_person() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let asks = (0..10).map(|_| {
        let (person, body) = (person.clone(), asked(world.demo.town, "同名店"));
        async move { person.post(MINE, body).await }
    });
    let answers = at_once(asks).await;
    assert_eq!(count(&answers, 201, ""), 1);
    assert_eq!(count(&answers, 409, "already_exists"), 9);
    let asks = (0..10).map(|n| {
        let (person, body) = (person.clone(), asked(world.demo.town, &format!("第{n}店")));
        async move { person.post(MINE, body).await }
    });
    let answers = at_once(asks).await;
    assert_eq!(count(&answers, 201, ""), 4);
    assert_eq!(count(&answers, 422, "application_too_many"), 6);
}

#[actix_web::test]
async fn who_asked_does_not_decide_and_takes_back_what_is_open() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let body = asked(world.demo.village, "村长小店");
    let application = admin.post(MINE, body).await.expect(201);
    let id = text(&application["application_id"]);
    let base = format!("/v1/divisions/{}/merchant-applications", world.demo.village);
    let path = format!("{base}/{id}/decisions");
    let yes = json!({"decision": "approve"});
    admin.post(&path, yes.clone()).await.expect_problem(403, "checker_is_maker");
    let withdraw = format!("{MINE}/{id}/withdrawal");
    let villager = world.sign_in("villager").await;
    villager.post(&withdraw, json!({})).await.expect_problem(404, "not_found");
    assert_eq!(admin.post(&withdraw, json!({})).await.expect(200)["state"], "withdrawn");
    admin.post(&withdraw, json!({})).await.expect_problem(409, "application_state");
    let officer = world.sign_in("town-officer").await;
    officer.post(&path, yes).await.expect_problem(409, "application_state");
}

#[actix_web::test]
async fn only_those_who_run_the_division_see_and_decide() {
    let world = World::new().await;
    let application = ask(&world.newcomer().await, &world, "山外商行").await;
    let path = decision(&world, &application);
    for key in ["villager", "village-admin", "merchant-owner"] {
        let person = world.sign_in(key).await;
        person.get(&of_town(&world)).await.expect_problem(403, "forbidden");
        let yes = json!({"decision": "approve"});
        person.post(&path, yes).await.expect_problem(403, "forbidden");
    }
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&of_town(&world)).await.expect_problem(403, "reason_required");
    let seen = supervisor.read(&of_town(&world)).await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    // By way of another division it is not found.
    let other = format!(
        "/v1/divisions/{}/merchant-applications/{}/decisions",
        world.demo.village,
        text(&application["application_id"]),
    );
    let admin = world.sign_in("village-admin").await;
    admin.post(&other, json!({"decision": "approve"})).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn ten_who_approve_at_once_register_one_merchant() {
    let world = World::new().await;
    let application = ask(&world.newcomer().await, &world, "山外商行").await;
    let officer = world.sign_in("town-officer").await;
    let path = decision(&world, &application);
    let asks = (0..10).map(|_| {
        let (officer, path) = (officer.clone(), path.clone());
        async move { officer.post(&path, json!({"decision": "approve"})).await }
    });
    let answers = at_once(asks).await;
    assert_eq!(count(&answers, 201, ""), 1);
    assert_eq!(count(&answers, 409, "application_state"), 9);
    let named = "SELECT count(*) AS n FROM merchants WHERE name = '山外商行'";
    assert_eq!(db_count(&world, named), 1);
    let owners = "SELECT count(*) AS n FROM role_grants g JOIN merchants m ON m.id = g.merchant_id \
        WHERE m.name = '山外商行' AND g.role = 'merchant_owner'";
    assert_eq!(db_count(&world, owners), 1);
}

#[actix_web::test]
async fn a_name_that_the_division_has_is_not_registered_twice_and_the_application_stays_open() {
    let world = World::new().await;
    let application = ask(&world.newcomer().await, &world, "亿家人诚信超市").await;
    let officer = world.sign_in("town-officer").await;
    let path = decision(&world, &application);
    let yes = json!({"decision": "approve"});
    officer.post(&path, yes).await.expect_problem(409, "already_exists");
    let open = officer.get(&of_town(&world)).await.expect(200);
    assert_eq!(open["items"], json!([application]));
}

#[actix_web::test]
async fn what_cannot_be_found_or_is_asked_of_nobody_is_refused() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let mut online = asked(world.demo.town, "山货网店");
    online["merchant"]["kind"] = json!("online");
    person.post(MINE, online.clone()).await.expect_problem(422, "merchant_address_missing");
    online["merchant"]["link"] = json!("https://shop.example.cn");
    assert_eq!(person.post(MINE, online).await.expect(201)["kind"], "online");
    let mut nowhere = asked(world.demo.town, "无址店");
    nowhere["merchant"]["address"] = json!(" ");
    person.post(MINE, nowhere).await.expect_problem(422, "merchant_address_missing");
    let of_nobody = asked(uuid::Uuid::now_v7(), "x");
    person.post(MINE, of_nobody).await.expect_problem(404, "not_found");
}
