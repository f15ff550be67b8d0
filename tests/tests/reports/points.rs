//! From a report to points: neither a claim nor a deduction happens by itself, each happens once, and
//! both go the whole way.

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use domain::content::Standing;
use serde_json::{Value, json};
use testing::World;
use testing::claims::{REVIEWERS, approve, certify, db_messages, today, upload};
use testing::ledger::conserved;
use testing::notices::{db_run, publish_and_close};
use testing::reports::{
    act, db_count, db_pass, db_settle, dispatch, dispatched, look, report, resolution, resolve,
};

const DAY: u32 = 24 * 60 * 60;

/// A nuisance of the neighbour's in the hands of the grid worker whose photos passed the check.
async fn checked(world: &World, more: Value) -> String {
    let id = dispatched(world, more).await;
    db_pass(world, &id);
    id
}

/// What the household of villager holds of this item: purses, amounts and notice of its entries.
async fn entries(world: &World, title: &str) -> Vec<Value> {
    let home = world.demo.households[&1];
    let path = world.village(&format!("households/{home}/statement"));
    let page = world.sign_in("villager").await.get(&path).await.expect(200);
    let all = page["items"].as_array().unwrap().iter();
    all.filter(|one| one["title"] == title)
        .map(|one| json!([one["purse"], one["amount"], one["notice_number"]]))
        .collect()
}

async fn praised(world: &World) -> String {
    let id = report(world, "neighbour", "good_deed", json!({})).await;
    let accept = json!({"decision": "accept", "praised_id": world.demo.villagers["villager"]});
    act(world, "village-admin", &id, "triage", accept).await.expect(201);
    db_pass(world, &id);
    id
}

fn claim_of(world: &World) -> Value {
    json!({"item_code": "NEI-1", "happened_on": today(world), "text": "调解纠纷",
        "proxy": {"consented_by": "王秀英", "consented_how": "电话", "consented_on": today(world)}})
}

fn fault_of(world: &World) -> Value {
    json!({"person_id": world.demo.villagers["villager"], "item_code": "ENV-9",
        "happened_on": today(world), "text": "桥下倒垃圾"})
}

#[actix_web::test]
async fn a_good_deed_becomes_a_claim_that_goes_the_whole_way() {
    let world = World::new().await;
    let id = praised(&world).await;
    assert_eq!(db_count(&world, "SELECT count(*) FROM claims"), 0, "nothing happens by itself");
    for (key, code) in
        [("grid-worker", "not_found"), ("villager", "not_found"), ("collector", "not_found")]
    {
        act(&world, key, &id, "claim", claim_of(&world)).await.expect_problem(404, code);
    }
    act(&world, "village-admin", &id, "deduction", fault_of(&world))
        .await
        .expect_problem(422, "report_kind");
    let made = act(&world, "village-admin-2", &id, "claim", claim_of(&world)).await.expect(201);
    let claim = made["id"].as_str().unwrap();
    assert_eq!(made["state"], "submitted");
    assert!(db_messages(&world, "villager").iter().any(|(kind, _)| kind == "claim_declared"));
    let admin = world.sign_in("village-admin").await;
    let shown = admin.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!(shown["evidence_ids"].as_array().unwrap().len(), 1, "the photo of the report");
    assert_eq!(look(&world, "village-admin", &id).await.expect(200)["claim_id"], json!(claim));
    for key in REVIEWERS {
        approve(&world, key, claim).await;
    }
    let shown = admin.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!(shown["state"], "certified");
    assert_eq!(
        entries(&world, "主动调解邻里纠纷").await,
        [] as [Value; 0],
        "not before the notice"
    );
    publish_and_close(&world).await;
    let admin = world.sign_in("village-admin").await;
    let shown = admin.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!(shown["state"], "posted");
    assert_eq!(
        entries(&world, "主动调解邻里纠纷").await,
        [json!(["points", {"points": "3"}, 1]), json!(["score", {"points": "3"}, 1])]
    );
    conserved(&world).await;
    let withdrawn = act(&world, "neighbour", &id, "withdrawals", json!({})).await;
    withdrawn.expect_problem(409, "report_proposed");
}

#[actix_web::test]
async fn a_report_becomes_a_claim_once_however_often_and_by_however_many_it_is_asked() {
    let world = World::new().await;
    let id = praised(&world).await;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    let (path, body) = (world.village(&format!("reports/{id}/claim")), claim_of(&world));
    world.warm_up().await;
    let answers = futures_util::future::join_all([
        one.post_with_key(&path, body.clone(), "one-of-the-keys"),
        other.post_with_key(&path, body.clone(), "anothers-key"),
        one.post_with_key(&path, body.clone(), "the-same-key"),
        one.post_with_key(&path, body.clone(), "the-same-key"),
        other.post_with_key(&path, body.clone(), "still-another"),
    ])
    .await;
    assert_eq!(db_count(&world, "SELECT count(*) FROM claims"), 1);
    assert_eq!(db_count(&world, "SELECT count(*) FROM report_claims"), 1);
    let fine = |code: &str| ["", "report_proposed", "idempotency_in_flight"].contains(&code);
    assert!(answers.iter().all(|answer| fine(answer.code())), "{answers:#?}");
    one.post(&path, body).await.expect_problem(409, "report_proposed");
}

#[actix_web::test]
async fn a_claim_cut_off_in_the_middle_leaves_nothing_and_comes_about_when_it_is_repeated() {
    let world = World::new().await;
    let id = praised(&world).await;
    let admin = world.sign_in("village-admin").await;
    let (path, body) = (world.village(&format!("reports/{id}/claim")), claim_of(&world));
    let before = db_count(&world, "SELECT count(*) FROM photos");
    // The server is killed where the link would be written: the connection ends within the transaction.
    let cut = "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$; \
         CREATE TRIGGER cut BEFORE INSERT ON report_claims FOR EACH ROW EXECUTE FUNCTION cut();";
    world.connect().batch_execute(cut).unwrap();
    let answer = admin.post_with_key(&path, body.clone(), "cut-off-once").await;
    answer.expect_problem(503, "unavailable");
    for table in ["claims", "report_claims", "claim_photos"] {
        assert_eq!(db_count(&world, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(db_count(&world, "SELECT count(*) FROM photos"), before);
    assert!(!db_messages(&world, "villager").iter().any(|(kind, _)| kind == "claim_declared"));
    diesel::sql_query("DROP TRIGGER cut ON report_claims").execute(&mut world.connect()).unwrap();
    admin.post_with_key(&path, body, "cut-off-once").await.expect(201);
    assert_eq!(db_count(&world, "SELECT count(*) FROM claims"), 1);
}

#[actix_web::test]
async fn a_nuisance_becomes_a_deduction_that_is_told_at_once_with_time_to_cure() {
    let world = World::new().await;
    let id = checked(&world, json!({})).await;
    for nobody in ["collector", "villager", "neighbour", "panel-1"] {
        let refused = act(&world, nobody, &id, "deduction", fault_of(&world)).await;
        refused.expect_problem(404, "not_found");
    }
    let mut own = fault_of(&world);
    own["person_id"] = json!(world.demo.villagers["grid-worker"]);
    act(&world, "grid-worker", &id, "deduction", own).await.expect_problem(403, "own_household");
    let made = act(&world, "grid-worker", &id, "deduction", fault_of(&world)).await.expect(201);
    assert!(made["cure_until"].is_string());
    let (kind, data) = db_messages(&world, "villager").remove(0);
    assert_eq!((kind.as_str(), &data["text"]), ("deduction_recorded", &json!("桥下倒垃圾")));
    let again = act(&world, "village-admin", &id, "deduction", fault_of(&world)).await;
    again.expect_problem(409, "report_proposed");
    let theirs = look(&world, "villager", &id).await.expect(200);
    assert_eq!(theirs["seen_as"], "party", "the household concerned sees it from then on");
    assert_eq!(theirs["claim_id"], Value::Null);
}

#[actix_web::test]
async fn a_nuisance_that_is_put_right_in_time_ends_there_from_either_side() {
    let world = World::new().await;
    // The grid worker sees that the person put it right, and resolves the report with that.
    let id = checked(&world, json!({})).await;
    let none = resolve(&world, &id, json!({"cured": true})).await;
    none.expect_problem(422, "not_curable");
    let made = act(&world, "grid-worker", &id, "deduction", fault_of(&world)).await.expect(201);
    let claim = made["id"].as_str().unwrap().to_owned();
    resolve(&world, &id, json!({"cured": true})).await.expect(201);
    let admin = world.sign_in("village-admin").await;
    let state = async |claim: &str| {
        admin.get(&world.village(&format!("claims/{claim}"))).await.expect(200)["state"].clone()
    };
    assert_eq!(state(&claim).await, "withdrawn");
    let shown = look(&world, "village-admin", &id).await.expect(200);
    let events: Vec<_> =
        shown["events"].as_array().unwrap().iter().map(|one| one["event"].clone()).collect();
    assert_eq!(events.last(), Some(&json!("cured")));
    assert_eq!(shown["state"], "resolved");
    // The deduction is closed as cured, and the report ends with it.
    let id = checked(&world, json!({"category": "road"})).await;
    let made = act(&world, "grid-worker", &id, "deduction", fault_of(&world)).await.expect(201);
    let cure = world.village(&format!("claims/{}/cures", made["id"].as_str().unwrap()));
    admin.post(&cure, json!({"reason": "复查已清理"})).await.expect(201);
    let shown = look(&world, "neighbour", &id).await.expect(200);
    assert_eq!(shown["state"], "resolved");
    assert_eq!(db_messages(&world, "neighbour").last().unwrap().0, "report_resolved");
    act(&world, "neighbour", &id, "confirmations", json!({})).await.expect(201);
}

#[actix_web::test]
async fn what_is_put_right_too_late_does_not_end_the_deduction() {
    let world = World::new().await;
    let id = checked(&world, json!({})).await;
    let made = act(&world, "grid-worker", &id, "deduction", fault_of(&world)).await.expect(201);
    world.clock.advance(9 * DAY);
    let body = resolution(&world, json!({"cured": true})).await;
    let late = act(&world, "grid-worker", &id, "resolutions", body).await;
    late.expect_problem(422, "cure_too_late");
    assert_eq!(look(&world, "grid-worker", &id).await.expect(200)["state"], "dispatched");
    resolve(&world, &id, json!({})).await.expect(201);
    let claim = made["id"].as_str().unwrap();
    let admin = world.sign_in("village-admin").await;
    let shown = admin.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!(shown["state"], "submitted", "it goes its way");
    dispatch(&world, &id).await.expect_problem(409, "report_state");
}

#[actix_web::test]
async fn a_worker_to_whose_household_a_deduction_was_proposed_does_not_say_that_it_is_done() {
    let world = World::new().await;
    let id = checked(&world, json!({})).await;
    let mut fault = fault_of(&world);
    fault["person_id"] = json!(world.demo.villagers["grid-worker"]);
    act(&world, "village-admin", &id, "deduction", fault).await.expect(201);
    resolve(&world, &id, json!({})).await.expect_problem(403, "own_household");
    let shown = look(&world, "village-admin", &id).await.expect(200);
    assert_eq!(shown["state"], "dispatched");
}

#[actix_web::test]
async fn a_deduction_that_is_not_put_right_goes_through_notice_to_the_ledger() {
    let world = World::new().await;
    let id = checked(&world, json!({})).await;
    let made = act(&world, "grid-worker", &id, "deduction", fault_of(&world)).await.expect(201);
    let claim = made["id"].as_str().unwrap();
    assert_eq!(certify(&world, claim).await["state"], "certified");
    world.clock.advance(8 * DAY);
    publish_and_close(&world).await;
    let admin = world.sign_in("village-admin").await;
    let shown = admin.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!(shown["state"], "posted");
    assert_eq!(entries(&world, "乱倒垃圾、污水").await, [json!(["score", {"points": "-3"}, 1])]);
    conserved(&world).await;
}

#[actix_web::test]
async fn photos_that_did_not_pass_the_check_become_no_evidence() {
    let world = World::new().await;
    let id = dispatched(&world, json!({})).await;
    // WeChat finds the photo risky: it waits for a person.
    let held =
        "UPDATE content_checks SET state = 'held', held_for = 'risky' WHERE photo_id IS NOT NULL";
    db_run(&world, held.into()).await;
    let refused = act(&world, "grid-worker", &id, "deduction", fault_of(&world)).await;
    refused.expect_problem(422, "evidence_missing");
    let worker = world.sign_in("grid-worker").await;
    let own = upload(&world, &worker).await;
    let mut fault = fault_of(&world);
    fault["evidence_ids"] = json!([own]);
    let made = act(&world, "grid-worker", &id, "deduction", fault).await.expect(201);
    let claim = world.village(&format!("claims/{}", made["id"].as_str().unwrap()));
    for key in ["villager", "panel-1", "village-admin"] {
        let shown = world.sign_in(key).await.get(&claim).await.expect(200);
        assert_eq!(shown["evidence_ids"], json!([own]), "{key}");
    }
    // Nor what a person refused, and the same for a good deed.
    let deed = praised(&world).await;
    db_settle(&world, &deed, Standing::Refused);
    act(&world, "village-admin-2", &deed, "claim", claim_of(&world)).await.expect(201);
    assert_eq!(db_count(&world, "SELECT count(*) FROM claim_photos"), 1);
}
