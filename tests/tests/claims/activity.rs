//! One action, many people.

use diesel::prelude::*;
use serde_json::{Value, json};
use testing::claims::{db_messages, today, upload};
use testing::{Client, World};

async fn activity(world: &World, by: &Client, people: &[&str]) -> Value {
    let ids: Vec<_> = people.iter().map(|key| world.demo.villagers[key]).collect();
    json!({
        "title": "村道大清扫", "person_ids": ids, "item_code": "ENV-1", "quantity": 2,
        "happened_on": today(world), "evidence_ids": [upload(world, by).await],
    })
}

#[actix_web::test]
async fn an_activity_becomes_a_claim_for_each_and_they_share_the_photo() {
    let world = World::new().await;
    let collector = world.sign_in("collector").await;
    let body = activity(&world, &collector, &["villager", "neighbour", "elder"]).await;
    let path = world.village("activity-claims");
    let made = collector.post_with_key(&path, body.clone(), "an-activity").await.expect(201);
    assert_eq!(made["asked_points"], "2");
    let claims = made["claims"].as_array().unwrap();
    assert_eq!(claims.len(), 3);
    assert_eq!(claims[1]["person_id"], json!(world.demo.villagers["neighbour"]));
    let again = collector.post_with_key(&path, body, "an-activity").await.expect(201);
    assert_eq!(made, again);
    for (person, line) in ["villager", "neighbour"].iter().zip(claims) {
        let client = world.sign_in(person).await;
        let path = world.village(&format!("claims/{}", line["id"].as_str().unwrap()));
        let claim = client.get(&path).await.expect(200);
        assert_eq!(claim["via"]["kind"], "activity");
        assert_eq!(claim["via"]["title"], "村道大清扫");
        let file = claim["evidence_ids"][0].as_str().unwrap();
        let photo = client.get(&world.village(&format!("photos/{file}"))).await;
        assert_eq!(photo.status, 200);
        assert_eq!(db_messages(&world, person)[0].1["activity_title"], "村道大清扫");
    }
}

#[actix_web::test]
async fn one_person_in_the_way_stops_all_and_is_named() {
    let world = World::new().await;
    let collector = world.sign_in("collector").await;
    let path = world.village("activity-claims");
    for (people, at, code) in [
        (vec!["villager", "other-villager"], "person_ids[1]", "not_found"),
        (vec!["villager", "neighbour", "villager"], "person_ids[2]", "already_exists"),
    ] {
        let body = activity(&world, &collector, &people).await;
        let refused = collector.post(&path, body).await.expect_problem(422, "person_refused");
        assert_eq!(refused["errors"][0]["field"], at);
        assert_eq!(refused["errors"][0]["message"], code);
    }
    let list = collector.get(&world.village("claims")).await.expect(200);
    assert_eq!(list["items"], json!([]));
    let none = activity(&world, &collector, &[]).await;
    collector.post(&path, none).await.expect_problem(422, "invalid");
    let villager = world.sign_in("villager").await;
    let body = activity(&world, &villager, &["villager"]).await;
    villager.post(&path, body).await.expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn five_hundred_people_are_declared_in_one_go_and_no_more() {
    let world = World::new().await;
    diesel::sql_query(
        "INSERT INTO villagers (village_id, id, household_id, name, relation, residence, recorded_at) \
         SELECT village_id, gen_random_uuid(), id, '村民' || n, '其他', 'resident', now() \
         FROM households CROSS JOIN generate_series(1, 50) n WHERE village_id = $1",
    )
    .bind::<diesel::sql_types::Uuid, _>(world.demo.village.0)
    .execute(&mut world.connect())
    .unwrap();
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        id: uuid::Uuid,
    }
    let people: Vec<Row> =
        diesel::sql_query("SELECT id FROM villagers WHERE village_id = $1 LIMIT 501")
            .bind::<diesel::sql_types::Uuid, _>(world.demo.village.0)
            .load(&mut world.connect())
            .unwrap();
    let mut ids: Vec<_> = people.into_iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), 501);
    let collector = world.sign_in("collector").await;
    let mut body = activity(&world, &collector, &[]).await;
    body["person_ids"] = json!(ids);
    let path = world.village("activity-claims");
    collector.post(&path, body.clone()).await.expect_problem(422, "invalid");
    ids.truncate(500);
    body["person_ids"] = json!(ids);
    let made = collector.post(&path, body).await.expect(201);
    assert_eq!(made["claims"].as_array().unwrap().len(), 500);
    assert_eq!(made["claims"][499]["person_id"], json!(ids[499]));
    // A panel member goes through all of them but those of the own household, page by page.
    let panel = world.sign_in("panel-1").await;
    let (mut cursor, mut seen) = (String::new(), 0);
    loop {
        let path = world.village(&format!("claims?queue=mine&limit=100{cursor}"));
        let page = panel.get(&path).await.expect(200);
        seen += page["items"].as_array().unwrap().len();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let home = world.demo.households[&7].to_string();
    let own = panel.get(&world.village(&format!("claims?household_id={home}&limit=100"))).await;
    let own = own.expect(200)["items"].as_array().unwrap().len();
    assert!(own > 0);
    assert_eq!(seen + own, 500);
}
