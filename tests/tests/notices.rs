//! The notice board: opening, reading, closing.

use serde_json::json;
use testing::World;
use testing::notices::{
    close, db_certified_claim, db_messages, publish, publish_and_close, tick, tick_at,
};

#[actix_web::test]
async fn what_is_certified_hangs_and_is_posted_when_its_time_is_over() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let villager = world.sign_in("villager").await;
    let (path, lines) = (
        world.village(&format!("notices/{notice}")),
        world.village(&format!("notices/{notice}/lines")),
    );
    let shown = villager.get(&path).await.expect(200);
    assert_eq!((&shown["number"], &shown["lines"]), (&json!(1), &json!(1)));
    assert_eq!(shown["closed_at"], json!(null));
    let line = &villager.get(&lines).await.expect(200)["items"][0];
    assert_eq!(line["claim_id"], claim.to_string());
    assert_eq!((&line["household_number"], &line["points"]), (&json!("001"), &json!("2")));
    assert_eq!((&line["state"], &line["disputed"]), (&json!("on_notice"), &json!(false)));
    assert_eq!(tick(&world).await.closed, 0);
    close(&world, &notice).await;
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&path).await.expect(200);
    assert!(shown["closed_at"].is_string());
    assert_eq!(villager.get(&lines).await.expect(200)["items"][0]["state"], "posted");
    let home = world.demo.households[&1];
    let balance =
        villager.get(&world.village(&format!("households/{home}/balance"))).await.expect(200);
    assert_eq!(balance["accounts"][0]["points"], "2");
    assert_eq!(db_messages(&world, "villager", "claim_on_notice").await.len(), 1);
    let posted = db_messages(&world, "villager", "claim_posted").await;
    assert_eq!(posted[0]["points"], "2");
    // Another round finds nothing to do.
    assert_eq!(tick(&world).await.closed, 0);
}

#[actix_web::test]
async fn an_award_hangs_with_the_name_and_a_deduction_with_the_name_masked() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    db_certified_claim(&world, "neighbour", "ENV-9", 3).await;
    let notice = publish(&world).await;
    let anybody = world.sign_in("panel-1").await;
    let lines = anybody.get(&world.village(&format!("notices/{notice}/lines"))).await.expect(200);
    let line = |n: usize| (lines["items"][n]["name"].clone(), lines["items"][n]["points"].clone());
    assert_eq!(line(0), (json!("王秀英"), json!("2")));
    assert_eq!(line(1), (json!("李*山"), json!("-3")));
}

#[actix_web::test]
async fn a_notice_is_opened_by_those_who_run_the_village_and_only_with_something_on_it() {
    let world = World::new().await;
    let path = world.village("notices");
    let admin = world.sign_in("village-admin").await;
    admin.post(&path, json!({})).await.expect_problem(409, "nothing_to_publish");
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let villager = world.sign_in("villager").await;
    villager.post(&path, json!({})).await.expect_problem(403, "forbidden");
    let stranger = world.sign_in("other-admin").await;
    stranger.post(&path, json!({})).await.expect_problem(404, "not_found");
    let keyless = admin.request(reqwest::Method::POST, &path);
    admin.send(keyless).await.expect_problem(400, "idempotency_key_missing");
    admin.post(&path, json!({})).await.expect(201);
    let board = format!("{path}?limit=1");
    stranger.get(&board).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn a_repeat_with_the_same_key_opens_no_second_notice() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let admin = world.sign_in("village-admin").await;
    let path = world.village("notices");
    let first = admin.post_with_key(&path, json!({}), "key-of-the-morning").await.expect(201);
    db_certified_claim(&world, "neighbour", "ENV-1", 2).await;
    let again = admin.post_with_key(&path, json!({}), "key-of-the-morning").await.expect(201);
    assert_eq!(first, again);
}

#[actix_web::test]
async fn of_two_who_open_at_once_one_gets_the_claims() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let (one, two) = (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    let path = world.village("notices");
    let (a, b) = tokio::join!(one.post(&path, json!({})), two.post(&path, json!({})));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", a.body, b.body);
}

#[actix_web::test]
async fn notices_are_numbered_in_the_village_and_listed_by_pages_the_newest_first() {
    let world = World::new().await;
    for key in ["villager", "neighbour", "elder"] {
        db_certified_claim(&world, key, "ENV-1", 1).await;
        publish(&world).await;
    }
    let villager = world.sign_in("villager").await;
    let mut numbers = Vec::new();
    let mut path = world.village("notices?limit=2");
    loop {
        let page = villager.get(&path).await.expect(200);
        numbers.extend(page["items"].as_array().unwrap().iter().map(|n| n["number"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = world.village(&format!("notices?limit=2&cursor={cursor}"));
    }
    assert_eq!(numbers, [3, 2, 1]);
    let bad = world.village("notices?cursor=yesterday");
    villager.get(&bad).await.expect_problem(400, "bad_query");
    let too_many = world.village("notices?limit=101");
    villager.get(&too_many).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn the_lines_of_a_notice_come_by_pages() {
    let world = World::new().await;
    testing::notices::db_many_certified_claims(&world, 45).await;
    let notice = publish(&world).await;
    let villager = world.sign_in("villager").await;
    let lines = world.village(&format!("notices/{notice}/lines"));
    let (mut seen, mut path) = (std::collections::BTreeSet::new(), lines.clone());
    loop {
        let page = villager.get(&path).await.expect(200);
        for line in page["items"].as_array().unwrap() {
            assert!(seen.insert(line["claim_id"].as_str().unwrap().to_owned()));
        }
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{lines}?cursor={cursor}");
    }
    assert_eq!(seen.len(), 45);
}

#[actix_web::test]
async fn the_program_opens_a_notice_by_itself_once_a_day_from_eight_on() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 1).await;
    let tomorrow = domain::calendar::end_of(domain::calendar::day_of(world.clock.now()));
    let at = |hours: i64, minutes: i64| {
        tomorrow + chrono::Duration::hours(hours) + chrono::Duration::minutes(minutes)
    };
    assert_eq!(tick_at(&world, at(7, 59)).await.opened, 0);
    assert_eq!(tick_at(&world, at(8, 0)).await.opened, 1);
    db_certified_claim(&world, "neighbour", "ENV-1", 1).await;
    assert_eq!(tick_at(&world, at(20, 0)).await.opened, 0);
    assert_eq!(tick_at(&world, at(24 + 8, 0)).await.opened, 1);
}

#[actix_web::test]
async fn claims_of_several_notices_are_each_posted_once() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    publish_and_close(&world).await;
    db_certified_claim(&world, "villager", "NEI-1", 3).await;
    publish_and_close(&world).await;
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let balance =
        villager.get(&world.village(&format!("households/{home}/balance"))).await.expect(200);
    assert_eq!(balance["accounts"][0]["points"], "5");
    assert_eq!(balance["accounts"][0]["version"], 4);
}
