//! Lists, and what waits for one's vote.

use serde_json::{Value, json};
use testing::World;
use testing::claims::{approve, db_kin, declare, deduct};

const DAY: u32 = 24 * 60 * 60;

async fn ids(world: &World, key: &str, query: &str) -> Vec<String> {
    let list = world.sign_in(key).await.read(&world.village(&format!("claims{query}"))).await;
    let list = list.expect(200);
    let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
    list["items"].as_array().unwrap().iter().map(id).collect()
}

#[actix_web::test]
async fn a_queue_holds_what_waits_for_ones_vote_the_oldest_first() {
    let world = World::new().await;
    let first = declare(&world, "villager", "NEI-1", json!({})).await;
    let second = declare(&world, "neighbour", "NEI-1", json!({})).await;
    let own = declare(&world, "panel-1", "NEI-1", json!({})).await;
    assert_eq!(ids(&world, "panel-1", "?queue=mine").await, [first.clone(), second.clone()]);
    db_kin(&world, "panel-2", "neighbour");
    assert_eq!(ids(&world, "panel-2", "?queue=mine").await, [first.clone(), own.clone()]);
    let aside = world.village(&format!("claims/{own}/recusals"));
    let panel = world.sign_in("panel-3").await;
    panel.post(&aside, json!({"reason": "有纠纷"})).await.expect(204);
    assert_eq!(ids(&world, "panel-3", "?queue=mine").await, [first.clone(), second.clone()]);
    assert!(ids(&world, "village-admin", "?queue=mine").await.is_empty());
    for key in ["panel-1", "panel-2", "panel-3"] {
        approve(&world, key, &first).await;
    }
    assert_eq!(ids(&world, "village-admin", "?queue=mine").await, std::slice::from_ref(&first));
    assert_eq!(ids(&world, "panel-1", "?queue=mine").await, [second]);
    let villager = world.sign_in("villager").await;
    let path = world.village("claims?queue=mine");
    villager.get(&path).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn the_second_recorder_does_not_find_the_deduction_in_the_queue() {
    let world = World::new().await;
    let second = json!({"second_recorder_id": world.demo.villagers["village-admin"]});
    let claim = deduct(&world, "villager", "LAW-9", second).await;
    for key in ["panel-1", "panel-2", "panel-3"] {
        approve(&world, key, &claim).await;
    }
    assert!(ids(&world, "village-admin", "?queue=mine").await.is_empty());
    assert_eq!(ids(&world, "village-admin-2", "?queue=mine").await, [claim]);
}

#[actix_web::test]
async fn what_a_stage_left_lying_is_overdue() {
    let world = World::new().await;
    declare(&world, "villager", "NEI-1", json!({})).await;
    let overdue = async || {
        let panel = world.sign_in("panel-1").await;
        let list = panel.get(&world.village("claims?queue=mine")).await.expect(200);
        list["items"][0]["overdue"].as_bool().unwrap()
    };
    assert!(!overdue().await);
    // Five working days and the weekends between.
    world.clock.advance(10 * DAY);
    assert!(overdue().await);
}

#[actix_web::test]
async fn villagers_list_their_own_and_officers_the_village_page_by_page() {
    let world = World::new().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(declare(&world, "villager", "NEI-1", json!({})).await);
    }
    let other = declare(&world, "neighbour", "NEI-1", json!({})).await;
    made.reverse();
    assert_eq!(ids(&world, "villager", "").await, made);
    let all: Vec<_> = [other.clone()].into_iter().chain(made.clone()).collect();
    for officer in ["town-officer", "collector", "supervisor", "panel-4"] {
        assert_eq!(ids(&world, officer, "").await, all, "{officer}");
    }
    let home = world.demo.households[&1];
    let of_home = format!("?household_id={home}");
    assert_eq!(ids(&world, "collector", &of_home).await, made);
    let neighbour = world.sign_in("neighbour").await;
    let path = world.village(&format!("claims{of_home}"));
    neighbour.get(&path).await.expect_problem(404, "not_found");
    approve(&world, "panel-1", &other).await;
    assert_eq!(ids(&world, "collector", "?state=in_review").await, [other]);
    assert!(ids(&world, "collector", "?state=posted").await.is_empty());
    let collector = world.sign_in("collector").await;
    let page = collector.get(&world.village("claims?limit=3")).await.expect(200);
    let next = page["next_cursor"].as_str().unwrap();
    let rest = collector.get(&world.village(&format!("claims?limit=3&cursor={next}"))).await;
    let rest = rest.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest["next_cursor"], Value::Null);
    for bad in ["?state=lost", "?limit=x", "?queue=yours", "?cursor=nowhere", "?surprise=1"] {
        let path = world.village(&format!("claims{bad}"));
        collector.get(&path).await.expect_problem(400, "bad_query");
    }
    collector.get(&world.village("claims?limit=101")).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn nobody_of_elsewhere_lists_anything() {
    let world = World::new().await;
    declare(&world, "villager", "NEI-1", json!({})).await;
    for key in ["other-villager", "other-admin", "merchant-owner", "stranger", "county-operator"] {
        let client = world.sign_in(key).await;
        client.get(&world.village("claims")).await.expect_problem(404, "not_found");
    }
    assert!(ids(&world, "store-keeper", "").await.is_empty(), "a villager here, for the own house");
}
