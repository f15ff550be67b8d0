//! Joining (并案): of those who reported the same nobody is forgotten, nobody decides for the others, and
//! nobody learns who the others are.

use serde_json::{Value, json};
use testing::World;
use testing::claims::db_messages;
use testing::notices::tick;
use testing::reports::{
    act, db_count, db_pass_comments, dispatch, dispatched, join, look, report, resolve,
};

const DAY: u32 = 24 * 60 * 60;

fn told(world: &World, key: &str, kind: &str) -> usize {
    db_messages(world, key).iter().filter(|(of, _)| of == kind).count()
}

/// The neighbour's report in hand of the grid worker, and the villager's that was joined to it.
async fn joined(world: &World) -> (String, String) {
    let main = dispatched(world, json!({})).await;
    let same = report(world, "villager", "nuisance", json!({})).await;
    join(world, &same, &main).await.expect(201);
    (main, same)
}

async fn resolved(world: &World, main: &str) {
    resolve(world, main, json!({})).await.expect(201);
    db_pass_comments(world, main);
    assert_eq!(tick(world).await.resolved, 1);
}

#[actix_web::test]
async fn what_others_joined_is_not_taken_back_over_their_heads() {
    let world = World::new().await;
    let (main, same) = joined(&world).await;
    let refused = act(&world, "neighbour", &main, "withdrawals", json!({})).await;
    refused.expect_problem(409, "report_shared");
    let refused = act(&world, "villager", &same, "withdrawals", json!({})).await;
    refused.expect_problem(409, "report_state");
    assert_eq!(look(&world, "neighbour", &main).await.expect(200)["state"], "dispatched");
}

#[actix_web::test]
async fn each_of_those_who_reported_it_reopens_by_their_own_report() {
    let world = World::new().await;
    let (main, same) = joined(&world).await;
    resolved(&world, &main).await;
    assert_eq!(db_messages(&world, "villager").last().unwrap().1["report_id"], json!(same));
    let why = json!({"reason": "我家门口还有一堆"});
    for stranger in ["panel-1", "grid-worker", "village-admin", "neighbour"] {
        let refused = act(&world, stranger, &same, "reopenings", why.clone()).await;
        refused.expect_problem(404, "not_found");
    }
    let told_where = act(&world, "villager", &same, "reopenings", why.clone()).await.expect(201);
    assert_eq!((&told_where["id"], &told_where["state"]), (&json!(same), &json!("reopened")));
    assert!(!told_where.to_string().contains(&main));
    assert_eq!(told(&world, "grid-worker", "report_reopened"), 1);
    let last = async |key: &'static str, id: &str| {
        let shown = look(&world, key, id).await.expect(200);
        let event = shown["events"].as_array().unwrap().last().unwrap().clone();
        [&event["event"], &event["by"], &event["reason"]].map(Value::clone)
    };
    let [event, by] = [json!("reopened"), json!("also_reported")];
    // Its words could tell whoever reported it who the other is.
    assert_eq!(last("neighbour", &main).await, [event.clone(), by.clone(), Value::Null]);
    assert_eq!(last("village-admin", &main).await, [event.clone(), by, why["reason"].clone()]);
    assert_eq!(last("villager", &same).await, [event, json!("reporter"), why["reason"].clone()]);
    // It goes round again, and now the first one reopens it.
    dispatch(&world, &main).await.expect(201);
    resolved(&world, &main).await;
    act(&world, "neighbour", &main, "reopenings", why).await.expect(201);
}

#[actix_web::test]
async fn nobody_confirms_for_the_others() {
    let world = World::new().await;
    let (main, same) = joined(&world).await;
    resolved(&world, &main).await;
    let confirm =
        async |key: &'static str, id: &str| act(&world, key, id, "confirmations", json!({})).await;
    assert_eq!(confirm("villager", &same).await.expect(201)["state"], "resolved");
    confirm("villager", &same).await.expect_problem(409, "report_state");
    let why = json!({"reason": "没清完"});
    let late = act(&world, "villager", &same, "reopenings", why.clone()).await;
    late.expect_problem(409, "report_state");
    act(&world, "neighbour", &main, "reopenings", why).await.expect(201);
    dispatch(&world, &main).await.expect(201);
    resolved(&world, &main).await;
    // What was confirmed before it was reopened counts no more.
    assert_eq!(confirm("neighbour", &main).await.expect(201)["state"], "resolved");
    assert_eq!(confirm("villager", &same).await.expect(201)["state"], "confirmed");
    assert_eq!(look(&world, "neighbour", &main).await.expect(200)["state"], "confirmed");
}

#[actix_web::test]
async fn who_joined_urges_and_who_says_nothing_agrees_in_time() {
    let world = World::new().await;
    let (main, same) = joined(&world).await;
    act(&world, "villager", &same, "urges", json!({})).await.expect_problem(422, "not_overdue");
    world.clock.advance(8 * DAY);
    act(&world, "villager", &same, "urges", json!({})).await.expect(201);
    assert_eq!(told(&world, "grid-worker", "report_urged"), 1);
    resolved(&world, &main).await;
    act(&world, "villager", &same, "confirmations", json!({})).await.expect(201);
    world.clock.advance(10 * DAY);
    assert_eq!(tick(&world).await.reports, 1);
    assert_eq!(look(&world, "neighbour", &main).await.expect(200)["state"], "confirmed");
}

#[actix_web::test]
async fn what_was_joined_follows_when_its_report_is_joined_to_another() {
    let world = World::new().await;
    let first = report(&world, "panel-1", "nuisance", json!({})).await;
    act(&world, "village-admin", &first, "triage", json!({"decision": "accept"})).await.expect(201);
    let same = report(&world, "villager", "nuisance", json!({})).await;
    join(&world, &same, &first).await.expect(201);
    let main = dispatched(&world, json!({})).await;
    join(&world, &first, &main).await.expect(201);
    resolved(&world, &main).await;
    for key in ["neighbour", "panel-1", "villager"] {
        assert_eq!(told(&world, key, "report_resolved"), 1, "{key}");
    }
    assert_eq!(told(&world, "villager", "report_joined"), 1, "once is enough");
    let done = report(&world, "panel-2", "nuisance", json!({})).await;
    join(&world, &done, &main).await.expect_problem(422, "join_invalid");
    act(&world, "villager", &same, "reopenings", json!({"reason": "没清完"})).await.expect(201);
    assert_eq!(look(&world, "neighbour", &main).await.expect(200)["state"], "reopened");
}

#[actix_web::test]
async fn two_that_are_joined_to_each_other_at_once_make_no_ring() {
    let world = World::new().await;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    for round in 0..12 {
        let spot = json!({"spot": {"latitude_e6": testing::reports::HERE.0 + round * 2_000,
            "longitude_e6": testing::reports::HERE.1}});
        let key = if round < 6 { "neighbour" } else { "panel-1" };
        let mine = report(&world, key, "nuisance", spot.clone()).await;
        let key = if round < 6 { "villager" } else { "panel-2" };
        let theirs = report(&world, key, "nuisance", spot).await;
        world.warm_up().await;
        let path = |id: &str| world.village(&format!("reports/{id}/triage"));
        let join = |to: &str| json!({"decision": "join", "joined_to": to});
        let answers = futures_util::future::join_all([
            one.post(&path(&mine), join(&theirs)),
            other.post(&path(&theirs), join(&mine)),
        ])
        .await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(
            made,
            1,
            "round {round}: {:?}",
            answers.iter().map(|answer| &answer.body).collect::<Vec<_>>()
        );
        let refused = answers.iter().find(|answer| answer.status != 201).unwrap();
        assert_eq!(refused.code(), "join_invalid");
    }
    let ringed = "SELECT count(*) FROM reports a JOIN reports b ON b.village_id = a.village_id \
        AND b.id = a.joined_to WHERE b.state = 'joined'";
    assert_eq!(db_count(&world, ringed), 0);
}
