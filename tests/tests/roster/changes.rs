use serde_json::json;

use super::*;

fn villager_path(world: &World, key: &str) -> String {
    world.village(&format!("villagers/{}", world.demo.villagers[key]))
}

fn change(residence: &str, tracks: &[&str]) -> Value {
    json!({"residence": residence, "tracks": tracks, "reason": "村委会登记"})
}

#[actix_web::test]
async fn an_administrator_changes_status_and_tracks_with_a_recorded_reason() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = villager_path(&world, "villager-son");
    admin.put(&path, change("student", &["volunteer", "party_member"])).await.expect(204);
    let home = household(&admin, &world, "001").await;
    let son = home["members"].as_array().unwrap().iter().find(|m| m["name"] == "王建国").unwrap();
    assert_eq!(son["residence"], "student");
    assert_eq!(son["tracks"], json!(["party_member", "volunteer"]));
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    let mut deeds = log["items"].as_array().unwrap().iter();
    let recorded = deeds.find(|deed| deed["action"] == "villager_update").unwrap();
    assert_eq!(recorded["reason"], "村委会登记");
    assert_eq!(recorded["subject_id"], world.demo.villagers["villager-son"].to_string());
    // Without a reason it is not done; nor with a status that does not exist.
    let silent = json!({"residence": "resident", "tracks": [], "reason": "  "});
    admin.put(&path, silent).await.expect_problem(422, "invalid");
    admin.put(&path, change("asleep", &[])).await.expect_problem(400, "bad_body");
    let nul = json!({"residence": "resident", "tracks": [], "reason": "a\u{0}b"});
    admin.put(&path, nul).await.expect_problem(400, "bad_body");
}

#[actix_web::test]
async fn who_moves_sees_the_new_household_at_once_and_the_old_one_no_more() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let son = world.sign_in("villager-son").await;
    let house = |number| world.village(&format!("households/{}", world.demo.households[&number]));
    son.get(&house(1)).await.expect(200);
    let mut body = change("resident", &[]);
    body["move_to"] = json!({"household_id": world.demo.households[&2], "relation": "女婿"});
    admin.put(&villager_path(&world, "villager-son"), body).await.expect(204);
    son.get(&house(1)).await.expect_problem(403, "forbidden");
    let home = son.get(&house(2)).await.expect(200);
    let moved = home["members"].as_array().unwrap().iter().find(|m| m["name"] == "王建国");
    assert_eq!(moved.unwrap()["relation"], "女婿");
}

#[actix_web::test]
async fn a_household_has_one_head_and_changes_it_in_two_steps() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let place = |relation: &str| {
        let mut body = change("resident", &[]);
        body["move_to"] = json!({"household_id": world.demo.households[&1], "relation": relation});
        body
    };
    let (mother, son) = (villager_path(&world, "villager"), villager_path(&world, "villager-son"));
    admin.put(&son, place("户主")).await.expect_problem(409, "head_taken");
    admin.put(&mother, place("母")).await.expect(204);
    admin.put(&son, place("户主")).await.expect(204);
    let home = household(&admin, &world, "001").await;
    assert_eq!(
        (&home["members"][0]["name"], &home["members"][0]["is_head"]),
        (&"王建国".into(), &true.into())
    );
    assert_eq!(home["members"][1]["is_head"], false);
}

#[actix_web::test]
async fn nobody_else_changes_villagers_and_nobody_moves_to_another_village() {
    let world = World::new().await;
    let path = villager_path(&world, "villager-son");
    for key in ["villager", "collector", "supervisor"] {
        let refused = world.sign_in(key).await.put(&path, change("resident", &[])).await;
        refused.expect_problem(403, "forbidden");
    }
    let other = world.sign_in("other-admin").await;
    other.put(&path, change("resident", &[])).await.expect_problem(404, "not_found");
    let admin = world.sign_in("village-admin").await;
    let mut away = change("moved_away", &[]);
    away["move_to"] = json!({"household_id": world.demo.other_households[&1], "relation": "子"});
    admin.put(&path, away).await.expect_problem(404, "not_found");
    let stranger = world.village(&format!("villagers/{}", world.demo.villagers["other-villager"]));
    admin.put(&stranger, change("resident", &[])).await.expect_problem(404, "not_found");
}
