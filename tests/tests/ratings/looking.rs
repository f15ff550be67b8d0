//! Looking at a rating, and computing it once more.

use super::{computed, own_path};
use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use domain::ledger::Purse;
use serde_json::json;
use testing::World;
use testing::ratings::{compute, db_entry, db_score_entry, last_quarter, lines, vote};
use uuid::Uuid;

#[actix_web::test]
async fn lines_come_by_pages_in_the_order_of_their_rank() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let admin = world.sign_in("village-admin").await;
    let all = lines(&admin, &rating).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("{rating}/lines?limit=5{cursor}")).await.expect(200);
        seen.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, all);
    let bad = admin.get(&format!("{rating}/lines?cursor=somewhere")).await;
    bad.expect_problem(400, "bad_query");
    admin.get(&format!("{rating}/lines?limit=101")).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn a_rating_comes_out_the_same_after_later_entries() {
    let world = World::new().await;
    let (cycle, home) = (last_quarter(&world), world.demo.households[&1]);
    db_score_entry(&world, home, "12.5", cycle.first_day());
    let rating = computed(&world).await;
    db_score_entry(&world, home, "7", cycle.first_day());
    // A request that was under way when the rating was computed is recorded after it.
    let before = world.clock.now() - Duration::seconds(30);
    db_entry(&world, home, Purse::Score, "9", cycle.last_day(), before);
    let admin = world.sign_in("village-admin").await;
    let path = format!("{rating}/recomputation");
    let check = admin.get(&path).await.expect(200);
    assert_eq!(check, json!({"same": true, "lines": 13, "differing_count": 0, "differing": []}));
    // It does look: a line that somebody changed in the database is found.
    diesel::sql_query("UPDATE rating_lines SET score = score + 1 WHERE account_id = $1")
        .bind::<SqlUuid, _>(home.0)
        .execute(&mut world.connect())
        .expect("changed");
    let check = admin.get(&path).await.expect(200);
    assert_eq!((&check["same"], &check["differing_count"]), (&json!(false), &json!(1)));
    assert_eq!(check["differing"][0]["stored_score"], "72.51");
    assert_eq!(check["differing"][0]["computed_score"], "72.5");
    // A line that an objection had computed anew counts what was recorded until then.
    diesel::sql_query(
        "UPDATE rating_lines SET score = 8850, stars = 3, corrected_as_of = $2 WHERE account_id = $1",
    )
    .bind::<SqlUuid, _>(home.0)
    .bind::<Timestamptz, _>(world.clock.now())
    .execute(&mut world.connect())
    .expect("changed");
    assert_eq!(admin.get(&path).await.expect(200)["same"], true);
}

#[actix_web::test]
async fn a_rating_is_seen_by_those_who_work_on_it_and_by_nobody_of_another_village() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let villager = world.sign_in("villager").await;
    let stranger = world.sign_in("other-admin").await;
    for path in [&rating, &format!("{rating}/lines"), &format!("{rating}/recomputation")] {
        villager.get(path).await.expect_problem(403, "forbidden");
        stranger.get(path).await.expect_problem(404, "not_found");
        world.anonymous().get(path).await.expect_problem(401, "sign_in_needed");
        world.sign_in("supervisor").await.read(path).await.expect(200);
    }
    compute(&world, "panel-1", last_quarter(&world)).await.expect_problem(403, "forbidden");
    vote(&world, "other-panel", &rating, "approve").await.expect_problem(404, "not_found");
    // The id of one village's rating means nothing in another.
    let village = |id: domain::id::VillageId| id.to_string();
    let elsewhere =
        rating.replace(&village(world.demo.village), &village(world.demo.other_village));
    stranger.get(&elsewhere).await.expect_problem(404, "not_found");
    villager.get(&own_path(&world, 2)).await.expect_problem(403, "forbidden");
    world.sign_in("village-admin").await.get(&own_path(&world, 2)).await.expect(200);
    stranger.get(&own_path(&world, 1)).await.expect_problem(404, "not_found");
    let nobody = world.village(&format!("households/{}/ratings", Uuid::now_v7()));
    world.sign_in("village-admin").await.get(&nobody).await.expect_problem(404, "not_found");
}
