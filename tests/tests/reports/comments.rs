//! Comments by the people concerned.

use serde_json::{Value, json};
use testing::World;
use testing::reports::{act, db_pass, db_pass_comments, dispatched, report};

async fn texts(world: &World, key: &str, report: &str) -> Vec<(String, String)> {
    let path = world.village(&format!("reports/{report}/comments"));
    let list = world.sign_in(key).await.get(&path).await.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap();
    items.iter().map(|one| (text(&one["by"]), text(&one["text"]))).collect()
}

#[actix_web::test]
async fn the_people_concerned_write_to_each_other_in_their_parts_and_nobody_else_does() {
    let world = World::new().await;
    let id = dispatched(&world, json!({})).await;
    db_pass(&world, &id);
    let say = |text: &str| json!({"text": text});
    for (key, text) in
        [("neighbour", "又多了"), ("grid-worker", "明天清"), ("village-admin", "尽快")]
    {
        act(&world, key, &id, "comments", say(text)).await.expect(201);
    }
    for stranger in ["villager", "panel-1", "other-admin", "supervisor"] {
        let refused = act(&world, stranger, &id, "comments", say("路过")).await;
        assert!([403, 404].contains(&refused.status.as_u16()), "{stranger} {}", refused.body);
    }
    act(&world, "neighbour", &id, "comments", say(" ")).await.expect_problem(422, "text_missing");
    // Before the check one reads one's own words; those who deal with it read all.
    assert_eq!(texts(&world, "neighbour", &id).await, [("reporter".into(), "又多了".into())]);
    assert_eq!(texts(&world, "grid-worker", &id).await.len(), 3);
    db_pass_comments(&world, &id);
    let all = texts(&world, "neighbour", &id).await;
    let by: Vec<_> = all.iter().map(|(by, _)| by.as_str()).collect();
    assert_eq!(by, ["reporter", "grid_worker", "village_admin"]);
    act(&world, "neighbour", &id, "withdrawals", json!({})).await.expect(201);
    act(&world, "neighbour", &id, "comments", say("x")).await.expect_problem(409, "report_state");
}

#[actix_web::test]
async fn one_side_writes_twenty_a_day_and_a_repeat_writes_nothing() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let neighbour = world.sign_in("neighbour").await;
    let path = world.village(&format!("reports/{id}/comments"));
    let body = json!({"text": "请看一下"});
    let first = neighbour.post_with_key(&path, body.clone(), "comment-one").await.expect(201);
    let again = neighbour.post_with_key(&path, body.clone(), "comment-one").await.expect(201);
    assert_eq!(first, again);
    for _ in 1..20 {
        neighbour.post(&path, body.clone()).await.expect(201);
    }
    neighbour.post(&path, body.clone()).await.expect_problem(422, "comment_too_many");
    world.sign_in("village-admin").await.post(&path, body).await.expect(201);
}
