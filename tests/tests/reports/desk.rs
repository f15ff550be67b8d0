//! The whole way of a nuisance, and who may not go it.

use serde_json::{Value, json};
use testing::World;
use testing::claims::{db_kin, db_messages};
use testing::notices::tick;
use testing::reports::{
    act, db_pass, db_pass_comments, dispatch, dispatched, look, report, resolve,
};

fn kinds(world: &World, key: &str) -> Vec<String> {
    db_messages(world, key).into_iter().map(|(kind, _)| kind).collect()
}

#[actix_web::test]
async fn a_nuisance_is_taken_on_dispatched_resolved_and_confirmed() {
    let world = World::new().await;
    let id = dispatched(&world, json!({})).await;
    assert_eq!(kinds(&world, "neighbour"), ["report_accepted", "report_dispatched"]);
    assert_eq!(kinds(&world, "grid-worker"), ["report_assigned"]);
    let worker = look(&world, "grid-worker", &id).await.expect(200);
    assert_eq!((&worker["seen_as"], &worker["state"]), (&json!("worker"), &json!("dispatched")));
    let client = world.sign_in("grid-worker").await;
    let list = client.get(&world.village("reports")).await.expect(200);
    assert_eq!(list["items"][0]["id"], json!(id));
    resolve(&world, &id, json!({"photo_ids": []})).await.expect_problem(422, "photos_needed");
    resolve(&world, &id, json!({"text": " "})).await.expect_problem(422, "text_missing");
    assert_eq!(resolve(&world, &id, json!({})).await.expect(201)["state"], "resolved");
    let comments = world.village(&format!("reports/{id}/comments"));
    let neighbour = world.sign_in("neighbour").await;
    let before = neighbour.get(&comments).await.expect(200);
    assert_eq!(before["items"], json!([]), "words and photo are not shown before the check");
    tick(&world).await;
    assert!(!kinds(&world, "neighbour").contains(&"report_resolved".to_owned()), "nor told");
    assert_eq!(look(&world, "neighbour", &id).await.expect(200)["due_at"], Value::Null);
    db_pass_comments(&world, &id);
    assert_eq!((tick(&world).await.resolved, tick(&world).await.resolved), (1, 0));
    assert_eq!(kinds(&world, "neighbour").last().unwrap(), "report_resolved");
    let due_at = look(&world, "neighbour", &id).await.expect(200)["due_at"].clone();
    assert_eq!(
        db_messages(&world, "neighbour").last().unwrap().1["due_at"].is_string(),
        due_at.is_string()
    );
    assert!(due_at.is_string());
    let words = &neighbour.get(&comments).await.expect(200)["items"][0];
    assert_eq!((&words["by"], &words["text"]), (&json!("grid_worker"), &json!("已清理干净")));
    assert_eq!(
        (words["of_resolution"].as_bool(), words["photos"].as_array().unwrap().len()),
        (Some(true), 1)
    );
    for other in ["grid-worker", "village-admin", "villager"] {
        let refused = act(&world, other, &id, "confirmations", json!({})).await;
        refused.expect_problem(404, "not_found");
    }
    act(&world, "neighbour", &id, "confirmations", json!({})).await.expect(201);
    let again = act(&world, "neighbour", &id, "confirmations", json!({})).await;
    again.expect_problem(409, "report_state");
    let shown = look(&world, "village-admin", &id).await.expect(200);
    let events: Vec<_> = shown["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["event"].as_str().unwrap(), one["by"].as_str().unwrap()))
        .collect();
    assert_eq!(
        events,
        [
            "submitted reporter",
            "accepted village_admin",
            "dispatched village_admin",
            "resolved grid_worker",
            "confirmed reporter",
        ]
    );
    assert_eq!(shown["events"][1]["name"], "刘振华", "officers are named to the desk");
    assert_eq!(shown["events"][0]["name"], Value::Null);
    let own = look(&world, "neighbour", &id).await.expect(200);
    assert!(own["events"].as_array().unwrap().iter().all(|one| one["name"].is_null()));
}

#[actix_web::test]
async fn the_reporter_reopens_and_it_goes_round_again() {
    let world = World::new().await;
    let id = dispatched(&world, json!({})).await;
    resolve(&world, &id, json!({})).await.expect(201);
    let blank = act(&world, "neighbour", &id, "reopenings", json!({"reason": " "})).await;
    blank.expect_problem(422, "reason_missing");
    act(&world, "neighbour", &id, "reopenings", json!({"reason": "还有一半"})).await.expect(201);
    assert!(kinds(&world, "grid-worker").contains(&"report_reopened".to_owned()));
    resolve(&world, &id, json!({})).await.expect_problem(409, "report_state");
    dispatch(&world, &id).await.expect(201);
    resolve(&world, &id, json!({})).await.expect(201);
}

#[actix_web::test]
async fn reports_are_refused_joined_struck_off_and_taken_back_with_words() {
    let world = World::new().await;
    let main = dispatched(&world, json!({})).await;
    let same = report(&world, "villager", "nuisance", json!({})).await;
    let join = json!({"decision": "join", "joined_to": main});
    act(&world, "village-admin", &same, "triage", join.clone()).await.expect(201);
    act(&world, "village-admin", &same, "triage", join).await.expect_problem(409, "report_state");
    resolve(&world, &main, json!({})).await.expect(201);
    db_pass_comments(&world, &main);
    tick(&world).await;
    assert_eq!(
        kinds(&world, "villager"),
        ["report_joined", "report_resolved"],
        "who joined is told"
    );
    let bad = report(&world, "panel-1", "nuisance", json!({})).await;
    let path = "triage";
    let without = act(&world, "village-admin", &bad, path, json!({"decision": "refuse"})).await;
    without.expect_problem(422, "invalid");
    let itself = json!({"decision": "join", "joined_to": bad});
    act(&world, "village-admin", &bad, path, itself).await.expect_problem(422, "join_invalid");
    let refuse = json!({"decision": "refuse", "reason": "不属于本村"});
    act(&world, "town-officer", &bad, path, refuse).await.expect(201);
    assert_eq!(db_messages(&world, "panel-1")[0].1["reason"], "不属于本村");
    let struck = report(&world, "panel-2", "nuisance", json!({})).await;
    act(&world, "village-admin", &struck, path, json!({"decision": "accept"})).await.expect(201);
    let strike = json!({"reason": "镇里统一清运"});
    act(&world, "village-admin", &struck, "strikes", strike.clone()).await.expect(201);
    act(&world, "village-admin", &struck, "strikes", strike)
        .await
        .expect_problem(409, "report_state");
    let back = report(&world, "panel-3", "nuisance", json!({})).await;
    act(&world, "panel-2", &back, "withdrawals", json!({})).await.expect_problem(404, "not_found");
    act(&world, "panel-3", &back, "withdrawals", json!({})).await.expect(201);
    dispatch(&world, &back).await.expect_problem(409, "report_state");
}

#[actix_web::test]
async fn nobody_deals_with_their_own_report_or_household() {
    let world = World::new().await;
    let own = report(&world, "village-admin", "nuisance", json!({})).await;
    let accept = json!({"decision": "accept"});
    let refused = act(&world, "village-admin", &own, "triage", accept.clone()).await;
    refused.expect_problem(403, "own_report");
    act(&world, "village-admin-2", &own, "triage", accept).await.expect(201);
    dispatch(&world, &own).await.expect_problem(403, "own_report");
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let home = |number: u8| json!({"decision": "accept", "concerned_household_id": world.demo.households[&number]});
    act(&world, "village-admin", &id, "triage", home(11))
        .await
        .expect_problem(403, "own_household");
    db_kin(&world, "village-admin", "villager");
    act(&world, "village-admin", &id, "triage", home(1)).await.expect_problem(403, "declared_kin");
    act(&world, "village-admin-2", &id, "triage", home(5)).await.expect(201);
    // The grid worker's own household is concerned; which tie it is, nobody is told.
    let to = json!({"worker_id": world.demo.villagers["grid-worker"], "working_days": 3});
    let refused = act(&world, "village-admin-2", &id, "dispatches", to.clone()).await;
    refused.expect_problem(422, "worker_not_free");
    let theirs = report(&world, "grid-worker", "nuisance", json!({"category": "road"})).await;
    let accept = json!({"decision": "accept"});
    act(&world, "village-admin-2", &theirs, "triage", accept).await.expect(201);
    let nobody = json!({"worker_id": world.demo.villagers["villager"], "working_days": 3});
    let refused = act(&world, "village-admin-2", &theirs, "dispatches", nobody).await;
    refused.expect_problem(422, "worker_invalid");
    // A refusal would tell the desk who reported it; only they do not confirm their own work.
    act(&world, "village-admin-2", &theirs, "dispatches", to).await.expect(201);
    resolve(&world, &theirs, json!({})).await.expect(201);
    let refused = act(&world, "grid-worker", &theirs, "confirmations", json!({})).await;
    refused.expect_problem(403, "own_work");
}

#[actix_web::test]
async fn two_at_once_decide_and_dispatch_once() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    world.warm_up().await;
    let path = world.village(&format!("reports/{id}/triage"));
    let answers = futures_util::future::join_all([
        one.post(&path, json!({"decision": "accept"})),
        other.post(&path, json!({"decision": "refuse", "reason": "不属实"})),
        one.post(&path, json!({"decision": "refuse", "reason": "重复"})),
    ])
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|a| a.status == 201 || a.code() == "report_state"));
    let id = report(&world, "villager", "nuisance", json!({})).await;
    act(&world, "village-admin", &id, "triage", json!({"decision": "accept"})).await.expect(201);
    let path = world.village(&format!("reports/{id}/dispatches"));
    let to = json!({"worker_id": world.demo.villagers["grid-worker"], "working_days": 3});
    let answers = futures_util::future::join_all([
        one.post_with_key(&path, to.clone(), "dispatch-it"),
        one.post_with_key(&path, to.clone(), "dispatch-it"),
        one.post_with_key(&path, to, "dispatch-it"),
    ])
    .await;
    assert!(answers.iter().all(|a| a.status == 201 || a.code() == "idempotency_in_flight"));
    let shown = look(&world, "village-admin", &id).await.expect(200);
    let times = shown["events"].as_array().unwrap().iter();
    assert_eq!(times.filter(|one| one["event"] == "dispatched").count(), 1);
}

#[actix_web::test]
async fn the_household_concerned_sees_it_after_the_check_and_not_who_sent_it() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let home = json!({"decision": "accept", "concerned_household_id": world.demo.households[&1]});
    act(&world, "village-admin", &id, "triage", home).await.expect(201);
    look(&world, "villager", &id).await.expect_problem(404, "not_found");
    db_pass(&world, &id);
    let shown = look(&world, "villager-son", &id).await.expect(200);
    assert_eq!((&shown["seen_as"], &shown["text"]), (&json!("party"), &json!("桥下看到的情况")));
    let villager = world.sign_in("villager").await;
    let about = villager.get(&world.village("reports/mine?which=about")).await.expect(200);
    assert_eq!(about["items"][0]["id"], json!(id));
    look(&world, "panel-1", &id).await.expect_problem(404, "not_found");
}
