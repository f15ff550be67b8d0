//! Objections, appeals, and their answers.

mod appeals;

use domain::id::ClaimId;
use serde_json::{Value, json};
use testing::ledger::{conserved, points_of};
use testing::notices::{close, db_certified_claim, db_count, db_messages, db_run, publish, tick};
use testing::{Client, World};

fn objections(world: &World, notice: &str) -> String {
    world.village(&format!("notices/{notice}/objections"))
}

fn answers(world: &World, objection: &Value) -> String {
    let id = objection["id"].as_str().expect("an id");
    world.village(&format!("objections/{id}/answers"))
}

fn about(claim: ClaimId) -> Value {
    json!({"claim_id": claim, "text": "那天他不在村里。"})
}

fn saying(outcome: &str) -> Value {
    json!({"outcome": outcome, "text": "已核实。"})
}

async fn line(world: &World, client: &Client, notice: &str, claim: ClaimId) -> Value {
    let lines = client.get(&world.village(&format!("notices/{notice}/lines"))).await.expect(200);
    let lines = lines["items"].as_array().unwrap().clone();
    lines.into_iter().find(|line| line["claim_id"] == claim.to_string()).expect("the line")
}

#[actix_web::test]
async fn a_disputed_line_waits_and_the_rest_takes_effect() {
    let world = World::new().await;
    let disputed = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    db_certified_claim(&world, "neighbour", "ENV-1", 3).await;
    let notice = publish(&world).await;
    let neighbour = world.sign_in("neighbour").await;
    let raised = neighbour.post(&objections(&world, &notice), about(disputed)).await.expect(201);
    assert_eq!((&raised["mine"], &raised["overdue"]), (&json!(true), &json!(false)));
    let seen = line(&world, &neighbour, &notice, disputed).await;
    assert_eq!((&seen["disputed"], &seen["state"]), (&json!(true), &json!("on_notice")));
    close(&world, &notice).await;
    assert_eq!(points_of(&world, 1).await, "0");
    assert_eq!(points_of(&world, 2).await, "3");
    let admin = world.sign_in("village-admin").await;
    let seen = line(&world, &admin, &notice, disputed).await;
    assert_eq!((&seen["disputed"], &seen["state"]), (&json!(true), &json!("disputed")));
    let answered = admin.post(&answers(&world, &raised), saying("upheld")).await.expect(201);
    assert_eq!(answered["outcome"], "upheld");
    assert_eq!(answered["answered_role"], "village_admin");
    assert_eq!(points_of(&world, 1).await, "2");
    assert_eq!(line(&world, &admin, &notice, disputed).await["disputed"], false);
    for key in ["villager", "villager-son", "neighbour"] {
        let told = db_messages(&world, key, "objection_answered").await;
        assert_eq!((told.len(), &told[0]["answer"]), (1, &json!("已核实。")), "{key}");
    }
    conserved(&world).await;
}

#[actix_web::test]
async fn who_objected_is_shown_to_nobody() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let neighbour = world.sign_in("neighbour").await;
    let raised = neighbour.post(&objections(&world, &notice), about(claim)).await.expect(201);
    let show = world.village(&format!("objections/{}", raised["id"].as_str().unwrap()));
    let (mine, list) = (world.village("objections/mine"), world.village("objections"));
    let ids = "SELECT count(*) FROM objections";
    assert_eq!(db_count(&world, ids).await, 1);
    // The household concerned and those who answer read it, without a name.
    for (key, path) in [
        ("villager", &show),
        ("villager", &mine),
        ("villager-son", &mine),
        ("panel-1", &show),
        ("panel-1", &list),
        ("supervisor", &list),
        ("supervisor", &show),
    ] {
        let seen = world.sign_in(key).await.read(path).await.expect(200).to_string();
        assert!(seen.contains("那天他不在村里"), "{key} {path} {seen}");
        assert!(!seen.contains("raised_by") && !seen.contains("李大山"), "{key} {seen}");
        assert!(!seen.contains("\"mine\":true"), "{key} {seen}");
    }
    assert_eq!(neighbour.get(&mine).await.expect(200)["items"][0]["mine"], true);
    neighbour.get(&show).await.expect(200);
    // Others of the village know nothing of it.
    let other = world.sign_in("store-keeper").await;
    other.get(&show).await.expect_problem(404, "not_found");
    other.get(&list).await.expect_problem(404, "not_found");
    assert_eq!(other.get(&mine).await.expect(200)["items"], json!([]));
    let stranger = world.sign_in("other-panel").await;
    for path in [&show, &list, &mine] {
        stranger.get(path).await.expect_problem(404, "not_found");
    }
    // The claim's history has it without a name; the person was told.
    let named =
        "SELECT count(*) FROM claim_events WHERE event = 'objected' AND user_id IS NOT NULL";
    assert_eq!(db_count(&world, named).await, 0);
    assert_eq!(db_messages(&world, "villager", "objection_raised").await.len(), 1);
}

#[actix_web::test]
async fn an_objection_is_for_villagers_in_time_and_once() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let path = objections(&world, &notice);
    let neighbour = world.sign_in("neighbour").await;
    let officer = world.sign_in("town-officer").await;
    officer.post(&path, about(claim)).await.expect_problem(403, "forbidden");
    let stranger = world.sign_in("other-villager").await;
    stranger.post(&path, about(claim)).await.expect_problem(404, "not_found");
    for bad in [
        json!({"text": "?"}),
        json!({"text": "?", "claim_id": claim, "account_id": claim}),
        json!({"text": "", "claim_id": claim}),
        json!({"text": "长".repeat(1_001), "claim_id": claim}),
    ] {
        neighbour.post(&path, bad).await.expect_problem(422, "invalid");
    }
    let blank = json!({"text": "  ", "claim_id": claim});
    neighbour.post(&path, blank).await.expect_problem(422, "reason_missing");
    let line = json!({"text": "?", "account_id": world.demo.households[&1]});
    neighbour.post(&path, line).await.expect_problem(404, "not_found");
    let unknown = json!({"text": "?", "claim_id": notice});
    neighbour.post(&path, unknown).await.expect_problem(404, "not_found");
    let first = neighbour.post_with_key(&path, about(claim), "the-only-key").await.expect(201);
    let again = neighbour.post_with_key(&path, about(claim), "the-only-key").await.expect(201);
    assert_eq!(first, again);
    neighbour.post(&path, about(claim)).await.expect_problem(409, "objection_open");
    let other = db_certified_claim(&world, "elder", "ENV-1", 1).await;
    let later = publish(&world).await;
    // A claim is objected to on the notice on which it hangs.
    neighbour.post(&path, about(other)).await.expect_problem(404, "not_found");
    world.clock.advance(5 * 86_400);
    // Its time is over, though nobody closed it yet.
    let neighbour = world.sign_in("neighbour").await;
    let late = neighbour.post(&objections(&world, &later), about(other)).await;
    late.expect_problem(409, "notice_closed");
}

#[actix_web::test]
async fn those_concerned_and_those_who_decided_before_do_not_answer() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "panel-1", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let panel_3 = world.sign_in("panel-3").await;
    let raised = panel_3.post(&objections(&world, &notice), about(claim)).await.expect(201);
    let path = answers(&world, &raised);
    let village = world.demo.village;
    let (kin, of) = (world.demo.villagers["panel-4"], world.demo.villagers["panel-1"]);
    db_run(
        &world,
        format!(
            "INSERT INTO kinships VALUES ('{village}', '{kin}', '{of}', 'sister', now()), \
                ('{village}', '{of}', '{kin}', 'sister', now())"
        ),
    )
    .await;
    db_run(
        &world,
        format!(
            "INSERT INTO votes (village_id, subject_id, round, user_id, stage, role, decision, reason, at) \
                 SELECT '{village}', '{claim}', 1, u.id, 0, 'panel_member', \
                'approve', '', now() FROM users u WHERE u.villager_id = '{}'",
            world.demo.villagers["panel-2"],
        ),
    )
    .await;
    db_run(
        &world,
        format!(
            "INSERT INTO recusals SELECT '{village}', '{claim}', u.id, '邻居', now() \
                FROM users u WHERE u.villager_id = '{}'",
            world.demo.villagers["village-admin"],
        ),
    )
    .await;
    for (key, status, code) in [
        ("panel-1", 403, "own_household"),
        ("panel-2", 409, "already_decided"),
        ("panel-3", 403, "own_objection"),
        ("panel-4", 403, "declared_kin"),
        ("village-admin", 403, "stepped_aside"),
        ("villager", 404, "not_found"),
        ("supervisor", 404, "not_found"),
        ("other-panel", 404, "not_found"),
    ] {
        let refused = world.sign_in(key).await.post(&path, saying("upheld")).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (status, code), "{key}");
    }
    let officer = world.sign_in("town-officer").await;
    for bad in [
        json!({"outcome": "corrected", "text": "?"}),
        json!({"outcome": "corrected", "points": "2", "text": "?"}),
        json!({"outcome": "corrected", "points": "-1", "text": "?"}),
        json!({"outcome": "upheld", "points": "1", "text": "?"}),
    ] {
        officer.post(&path, bad).await.expect_problem(422, "correction_invalid");
    }
    let blank = json!({"outcome": "upheld", "text": " "});
    officer.post(&path, blank).await.expect_problem(422, "reason_missing");
    officer.post(&path, saying("maybe")).await.expect_problem(400, "bad_body");
    officer.post(&path, saying("upheld")).await.expect(201);
    let admin = world.sign_in("village-admin-2").await;
    admin.post(&path, saying("struck")).await.expect_problem(409, "objection_answered");
}

#[actix_web::test]
async fn what_is_struck_falls_and_other_objections_to_it_are_answered_alike() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let path = objections(&world, &notice);
    let raised = world.sign_in("neighbour").await.post(&path, about(claim)).await.expect(201);
    world.sign_in("store-keeper").await.post(&path, about(claim)).await.expect(201);
    let admin = world.sign_in("village-admin").await;
    admin.post(&answers(&world, &raised), saying("struck")).await.expect(201);
    let list = admin.get(&world.village("objections")).await.expect(200);
    let outcomes: Vec<_> =
        list["items"].as_array().unwrap().iter().map(|one| one["outcome"].clone()).collect();
    assert_eq!(outcomes, ["struck", "struck"]);
    assert_eq!(db_messages(&world, "store-keeper", "objection_answered").await.len(), 1);
    assert_eq!(line(&world, &admin, &notice, claim).await["state"], "overturned");
    close(&world, &notice).await;
    assert_eq!(points_of(&world, 1).await, "0");
    let appeal = world.sign_in("villager").await;
    let refused = appeal.post(&world.village("appeals"), about(claim)).await;
    refused.expect_problem(409, "claim_state");
}

#[actix_web::test]
async fn a_disputed_claim_waits_until_the_last_objection_is_answered() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let path = objections(&world, &notice);
    let one = world.sign_in("neighbour").await.post(&path, about(claim)).await.expect(201);
    let two = world.sign_in("store-keeper").await.post(&path, about(claim)).await.expect(201);
    close(&world, &notice).await;
    let admin = world.sign_in("village-admin").await;
    admin.post(&answers(&world, &one), saying("upheld")).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "0");
    admin.post(&answers(&world, &two), saying("upheld")).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "2");
    conserved(&world).await;
}

#[actix_web::test]
async fn of_two_answers_at_once_one_counts() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let path = objections(&world, &notice);
    let raised = world.sign_in("neighbour").await.post(&path, about(claim)).await.expect(201);
    close(&world, &notice).await;
    let (one, two) = (world.sign_in("village-admin").await, world.sign_in("panel-1").await);
    let to = answers(&world, &raised);
    let (a, b) = tokio::join!(one.post(&to, saying("upheld")), two.post(&to, saying("struck")));
    let mut codes = [(a.status.as_u16(), a.code()), (b.status.as_u16(), b.code())];
    codes.sort_unstable();
    assert_eq!(codes, [(201, ""), (409, "objection_answered")]);
    let expected = if a.status.as_u16() == 201 { "2" } else { "0" };
    assert_eq!(points_of(&world, 1).await, expected);
    conserved(&world).await;
}

#[actix_web::test]
async fn an_overdue_objection_is_urged_once_and_shown_as_overdue() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "panel-1", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let path = objections(&world, &notice);
    world.sign_in("panel-2").await.post(&path, about(claim)).await.expect(201);
    assert_eq!(tick(&world).await.urged, 0);
    // Seven working days are over after at most eleven days, holidays aside.
    world.clock.advance(12 * 86_400);
    assert_eq!(tick(&world).await.urged, 1);
    assert_eq!(tick(&world).await.urged, 0);
    for (key, count) in [("panel-1", 0), ("panel-2", 0), ("panel-3", 1), ("village-admin", 1)] {
        let told = db_messages(&world, key, "objection_overdue").await;
        assert_eq!(told.len(), count, "{key}");
    }
    let supervisor = world.sign_in("supervisor").await;
    let list = supervisor.read(&world.village("objections")).await.expect(200);
    assert_eq!(list["items"][0]["overdue"], true);
    assert!(list["items"][0]["urged_at"].is_string());
}

#[actix_web::test]
async fn the_list_has_the_open_ones_first_and_comes_by_pages() {
    let world = World::new().await;
    let mut raised = Vec::new();
    for key in ["villager", "elder", "collector", "grid-worker"] {
        db_certified_claim(&world, key, "ENV-1", 1).await;
    }
    let notice = publish(&world).await;
    let neighbour = world.sign_in("neighbour").await;
    let lines = world.village(&format!("notices/{notice}/lines"));
    for line in neighbour.get(&lines).await.expect(200)["items"].as_array().unwrap() {
        let body = json!({"claim_id": line["claim_id"], "text": "不对。"});
        raised.push(neighbour.post(&objections(&world, &notice), body).await.expect(201));
    }
    let admin = world.sign_in("village-admin").await;
    for nth in [0, 2] {
        admin.post(&answers(&world, &raised[nth]), saying("upheld")).await.expect(201);
    }
    let (mut seen, mut path) = (Vec::new(), world.village("objections?limit=1"));
    loop {
        let page = admin.get(&path).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|o| o["id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = world.village(&format!("objections?limit=1&cursor={cursor}"));
    }
    let expected: Vec<_> = [1, 3, 2, 0].map(|nth: usize| raised[nth]["id"].clone()).into();
    assert_eq!(seen, expected);
    let bad = world.village("objections?cursor=open.x");
    admin.get(&bad).await.expect_problem(400, "bad_query");
}
