//! Who reported something is told to triage alone, and every look is recorded. Every reading of the
//! API is made by everybody, and nothing in it leads to whoever reported.

use serde_json::{Value, json};
use testing::World;
use testing::access::PEOPLE;
use testing::claims::{db_messages, today};
use testing::document::{document, operations};
use testing::reports::{act, db_pass, db_pass_comments, look, report, resolve};

/// A report about villager's household by the neighbour that went the whole way, with comments, a
/// deduction and a look at who sent it.
async fn a_full_life(world: &World) -> (String, String) {
    let id = report(world, "neighbour", "nuisance", json!({})).await;
    let home = json!({"decision": "accept", "concerned_household_id": world.demo.households[&1]});
    act(world, "village-admin", &id, "triage", home).await.expect(201);
    testing::reports::dispatch(world, &id).await.expect(201);
    db_pass(world, &id);
    act(world, "neighbour", &id, "comments", json!({"text": "昨天又倒了"})).await.expect(201);
    let fault = json!({"person_id": world.demo.villagers["villager"], "item_code": "ENV-9",
        "happened_on": today(world), "text": "桥下倒垃圾"});
    let deduction = act(world, "grid-worker", &id, "deduction", fault).await.expect(201);
    resolve(world, &id, json!({})).await.expect(201);
    db_pass_comments(world, &id);
    act(world, "neighbour", &id, "reopenings", json!({"reason": "没清完"})).await.expect(201);
    (id, deduction["id"].as_str().unwrap().to_owned())
}

#[actix_web::test]
async fn no_reading_of_anybody_leads_to_whoever_reported() {
    let world = World::new().await;
    let (id, claim) = a_full_life(&world).await;
    let user = world.user_id("neighbour").to_string();
    let villager = world.demo.villagers["neighbour"].to_string();
    let fill = |path: &str| {
        path.replace("{village_id}", &world.demo.village.to_string())
            .replace("{report_id}", &id)
            .replace("{claim_id}", &claim)
            .replace("{household_id}", &world.demo.households[&1].to_string())
            .replace("{villager_id}", &world.demo.villagers["villager"].to_string())
            .replace("{division_id}", &world.demo.village.to_string())
            .replace("{month}", "2026-10")
            .replace("{merchant_id}", &world.demo.merchant.to_string())
    };
    // What lists the people of the village anyway tells nothing about the report.
    let of_people = ["household_list", "role_grant_list", "household_show", "kin_list"];
    let mut read = 0;
    for walker in PEOPLE.iter().filter(|walker| walker.key != "anonymous") {
        let client = world.sign_in(walker.key).await;
        for operation in operations(&document()) {
            let path = fill(&operation.path);
            if operation.method != "get"
                || path.contains('{')
                || of_people.contains(&&*operation.id)
            {
                continue;
            }
            let path = match operation.id.as_str() {
                "report_nearby" => format!(
                    "{path}?kind=nuisance&category=garbage&latitude_e6=26541234&longitude_e6=104712345"
                ),
                "content_check_list" => format!("{path}?state=asked"),
                "report_mine_list" => format!("{path}?which=about"),
                _ => path,
            };
            let answer = client.read(&path).await;
            let told = answer.body.to_string();
            for leak in [&user, &villager, "李大山"] {
                assert!(
                    !told.contains(leak),
                    "{} tells {} to {}: {told}",
                    operation.id,
                    leak,
                    walker.key
                );
            }
            read += usize::from(answer.status == 200);
        }
    }
    assert!(read > 150, "{read}");
    for key in ["villager", "villager-son", "grid-worker", "village-admin", "panel-1"] {
        for (kind, data) in db_messages(&world, key) {
            let told = data.to_string();
            assert!(!told.contains(&user) && !told.contains(&villager), "{kind} to {key}: {told}");
        }
    }
}

#[actix_web::test]
async fn the_logs_do_not_say_who_uploaded_or_sent_it() {
    let world = World::new().await;
    let (id, claim) = a_full_life(&world).await;
    let admin = world.sign_in("village-admin").await;
    let log = admin.get(&world.village("audit-log?limit=100")).await.expect(200);
    let rows = log["items"].as_array().unwrap();
    let of = |action: &'static str| rows.iter().filter(move |row| row["action"] == action);
    assert_eq!(of("report_create").next().unwrap()["subject_id"], json!(id));
    assert!(of("report_create").chain(of("report_reopen")).all(|row| row["user_id"].is_null()));
    assert!(of("photo_upload").all(|row| row["user_id"].is_null()));
    assert!(of("report_triage").all(|row| row["user_id"].is_string()), "officers are named");
    let shown = admin.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    let report = look(&world, "village-admin", &id).await.expect(200);
    let evidence = &shown["evidence_ids"][0];
    assert!(evidence.is_string() && *evidence != report["photos"][0]["id"], "a photo of its own");
    assert_eq!(shown["events"][0]["role"], "grid_worker");
}

#[actix_web::test]
async fn triage_asks_with_a_reason_and_the_reporter_sees_that_it_was_asked() {
    let world = World::new().await;
    let (id, _) = a_full_life(&world).await;
    let why = json!({"reason": "需要当面了解情况"});
    let new = report(&world, "neighbour", "nuisance", json!({"category": "sewage"})).await;
    let early = act(&world, "village-admin", &new, "reporter", why.clone()).await;
    early.expect_problem(409, "report_state");
    let blank = act(&world, "village-admin", &id, "reporter", json!({"reason": " "})).await;
    blank.expect_problem(422, "reason_missing");
    let told = act(&world, "village-admin", &id, "reporter", why.clone()).await.expect(200);
    assert_eq!((&told["name"], &told["phone_masked"]), (&json!("李大山"), &json!("139****0003")));
    for nobody in [
        "neighbour",
        "villager",
        "grid-worker",
        "supervisor",
        "county-operator",
        "panel-1",
        "other-admin",
    ] {
        let refused = act(&world, nobody, &id, "reporter", why.clone()).await;
        assert!([403, 404].contains(&refused.status.as_u16()), "{nobody} {}", refused.body);
    }
    let admin = world.sign_in("village-admin").await;
    let log = admin.get(&world.village("audit-log?limit=1")).await.expect(200);
    let row = &log["items"][0];
    assert_eq!(
        (&row["action"], &row["subject_id"], &row["reason"]),
        (&json!("report_reporter_show"), &json!(id), &json!("需要当面了解情况"))
    );
    let own = look(&world, "neighbour", &id).await.expect(200);
    let last = own["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["event"], &last["by"], &last["name"]),
        (&json!("reporter_seen"), &json!("village_admin"), &Value::Null)
    );
    // The words with which it was reopened could tell who it is: the household concerned reads none.
    resolve_again(&world, &id).await;
    let theirs = look(&world, "villager", &id).await.expect(200);
    let reopened =
        theirs["events"].as_array().unwrap().iter().find(|one| one["event"] == "reopened");
    assert_eq!(reopened.unwrap()["reason"], Value::Null);
}

async fn resolve_again(world: &World, id: &str) {
    testing::reports::dispatch(world, id).await.expect(201);
    resolve(world, id, json!({})).await.expect(201);
}

#[actix_web::test]
async fn the_timeline_can_only_grow() {
    let world = World::new().await;
    report(&world, "neighbour", "nuisance", json!({})).await;
    use diesel::RunQueryDsl;
    for change in [
        "UPDATE report_events SET reason = 'x'",
        "DELETE FROM report_events",
        "TRUNCATE report_events CASCADE",
    ] {
        assert!(diesel::sql_query(change).execute(&mut world.connect()).is_err(), "{change}");
    }
    let named = diesel::sql_query(
        "INSERT INTO report_events SELECT village_id, gen_random_uuid(), report_id, event, state, \
         'reporter', gen_random_uuid(), NULL, at FROM report_events",
    );
    let refused = named.execute(&mut world.connect()).unwrap_err().to_string();
    assert!(refused.contains("report_events_reporter_unnamed"), "{refused}");
}
