//! The panel, the recheck, and the way to the notice board.

use super::{computed, own_path, pass, text};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use domain::calendar::shanghai;
use serde_json::{Value, json};
use testing::World;
use testing::ratings::{db_adopt, last_quarter, vote};
use uuid::Uuid;

#[actix_web::test]
async fn a_panel_of_three_and_a_recheck_put_the_rating_on_a_notice() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let early = vote(&world, "village-admin", &rating, "approve").await;
    early.expect_problem(403, "not_your_stage");
    for member in ["panel-1", "panel-2"] {
        let after = vote(&world, member, &rating, "approve").await.expect(201);
        assert_eq!((&after["state"], &after["stage"]), (&json!("in_review"), &json!(0)));
    }
    let twice = vote(&world, "panel-2", &rating, "approve").await;
    twice.expect_problem(409, "already_decided");
    let after = vote(&world, "panel-3", &rating, "approve").await.expect(201);
    assert_eq!(after["stage"], 1);
    vote(&world, "panel-4", &rating, "approve").await.expect_problem(403, "not_your_stage");
    let own = world.sign_in("villager").await.get(&own_path(&world, 1)).await.expect(200);
    assert_eq!(own["items"], json!([]), "shown while it is reviewed");

    let (recheck, key) = (world.sign_in("village-admin").await, "recheck-of-the-quarter");
    let (path, body) =
        (format!("{rating}/decisions"), json!({"decision": "approve", "reason": ""}));
    let passed = recheck.post_with_key(&path, body.clone(), key).await.expect(201);
    assert_eq!((&passed["state"], &passed["stage_due_at"]), (&json!("on_notice"), &Value::Null));
    // A double tap gets the first answer and opens no second notice.
    let repeated = recheck.post_with_key(&path, body, key).await.expect(201);
    assert_eq!(repeated, passed);
    let notice = db_notice(&world, &passed);
    let days = (notice.closes_at.with_timezone(&shanghai()).date_naive()
        - notice.opens_at.with_timezone(&shanghai()).date_naive())
    .num_days();
    assert_eq!((notice.count, days), (1, 4), "three whole days");
    let own = world.sign_in("villager").await.get(&own_path(&world, 1)).await.expect(200);
    assert_eq!(own["items"][0]["accounts"][0]["stars"], 1);
    assert_eq!(own["items"][0]["notice_id"], passed["notice_id"]);
    let shown = recheck.get(&rating).await.expect(200);
    assert_eq!(
        (&shown["now_at"], shown["decisions"].as_array().map(Vec::len)),
        (&Value::Null, Some(4))
    );
}

#[derive(QueryableByName)]
struct Notice {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
    #[diesel(sql_type = Timestamptz)]
    opens_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    closes_at: DateTime<Utc>,
}

/// The notice of a rating, and how many the village has.
fn db_notice(world: &World, rating: &Value) -> Notice {
    let id: Uuid = text(&rating["notice_id"]).parse().expect("a notice");
    diesel::sql_query(
        "SELECT opens_at, closes_at, (SELECT count(*) FROM notices WHERE village_id = $1) AS count \
         FROM notices WHERE village_id = $1 AND id = $2 AND kind = 'rating'",
    )
    .bind::<SqlUuid, _>(world.demo.village.0)
    .bind::<SqlUuid, _>(id)
    .get_result(&mut world.connect())
    .expect("a row")
}

#[actix_web::test]
async fn a_book_without_notice_days_closes_the_notice_as_it_opens() {
    let world = World::new().await;
    let last = last_quarter(&world).last_day();
    db_adopt(&world, world.demo.village, last, |book| book.rating_way.notice_days = 0);
    let rating = computed(&world).await;
    let passed = pass(&world, &rating).await;
    let notice = db_notice(&world, &passed);
    assert_eq!(notice.closes_at, notice.opens_at);
}

#[actix_web::test]
async fn a_rejected_rating_can_be_computed_again() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let panel = world.sign_in("panel-1").await;
    let path = format!("{rating}/decisions");
    let silent = panel.post(&path, json!({"decision": "return", "reason": " "})).await;
    silent.expect_problem(422, "reason_missing");
    let rejected = vote(&world, "panel-1", &rating, "return").await.expect(201);
    assert_eq!((&rejected["state"], &rejected["notice_id"]), (&json!("rejected"), &Value::Null));
    vote(&world, "panel-2", &rating, "approve").await.expect_problem(409, "rating_state");
    let again = computed(&world).await;
    assert_ne!(again, rating);
    vote(&world, "panel-1", &again, "approve").await.expect(201);
    let list = panel.get(&world.village("ratings?limit=1")).await.expect(200);
    assert!(again.ends_with(text(&list["items"][0]["id"])));
    let next = format!("ratings?limit=1&cursor={}", text(&list["next_cursor"]));
    let list = panel.get(&world.village(&next)).await.expect(200);
    assert_eq!(
        (&list["items"][0]["state"], &list["next_cursor"]),
        (&json!("rejected"), &Value::Null)
    );
    let too_long =
        panel.post(&path, json!({"decision": "reject", "reason": "长".repeat(501)})).await;
    too_long.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn a_majority_against_rejects() {
    let world = World::new().await;
    let rating = computed(&world).await;
    vote(&world, "panel-1", &rating, "reject").await.expect(201);
    let open = vote(&world, "panel-2", &rating, "approve").await.expect(201);
    assert_eq!(open["state"], "in_review");
    let over = vote(&world, "panel-3", &rating, "reject").await.expect(201);
    assert_eq!(over["state"], "rejected");
}

#[actix_web::test]
async fn votes_given_at_once_are_all_counted() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let (a, b, c) = tokio::join!(
        vote(&world, "panel-1", &rating, "approve"),
        vote(&world, "panel-2", &rating, "approve"),
        vote(&world, "panel-3", &rating, "approve"),
    );
    for answer in [a, b, c] {
        answer.expect(201);
    }
    let shown = world.sign_in("panel-4").await.get(&rating).await.expect(200);
    assert_eq!((&shown["rating"]["stage"], &shown["rating"]["version"]), (&json!(1), &json!(4)));
}

#[actix_web::test]
async fn a_stage_that_takes_too_long_is_shown_as_overdue() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let shown = world.sign_in("village-admin").await.get(&rating).await.expect(200);
    assert_eq!(shown["rating"]["overdue"], false);
    world.clock.advance(20 * 24 * 3600);
    let shown = world.sign_in("village-admin").await.get(&rating).await.expect(200);
    assert_eq!(shown["rating"]["overdue"], true);
}
