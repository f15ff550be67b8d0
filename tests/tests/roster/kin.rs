use serde_json::json;

use super::*;

fn kin_path(world: &World, key: &str) -> String {
    world.village(&format!("villagers/{}/kin", world.demo.villagers[key]))
}

#[actix_web::test]
async fn kin_are_declared_both_ways_and_taken_back_both_ways() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let daughter = json!({"kin_id": world.demo.villagers["new-villager"], "relation": "child"});
    admin.post(&kin_path(&world, "villager"), daughter.clone()).await.expect(201);
    let there = admin.get(&kin_path(&world, "villager")).await.expect(200);
    assert_eq!(there["items"][0]["name"], "李小燕");
    assert_eq!(there["items"][0]["relation"], "child");
    let back = admin.get(&kin_path(&world, "new-villager")).await.expect(200);
    assert_eq!(
        (&back["items"][0]["name"], &back["items"][0]["relation"]),
        (&"王秀英".into(), &"parent".into())
    );
    let again = admin.post(&kin_path(&world, "villager"), daughter).await;
    again.expect_problem(409, "already_exists");
    // From the other side: the tie is the same tie.
    let gone = format!("{}/{}", kin_path(&world, "new-villager"), world.demo.villagers["villager"]);
    admin.delete(&gone).await.expect(204);
    for key in ["villager", "new-villager"] {
        let none = admin.get(&kin_path(&world, key)).await.expect(200);
        assert_eq!(none["items"], json!([]));
    }
    admin.delete(&gone).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn kin_are_other_people_of_the_same_village() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let tie = |key: &str| json!({"kin_id": world.demo.villagers[key], "relation": "sibling"});
    let path = kin_path(&world, "villager");
    admin.post(&path, tie("villager")).await.expect_problem(422, "kin_with_oneself");
    admin.post(&path, tie("other-villager")).await.expect_problem(404, "not_found");
    let villager = world.sign_in("villager").await;
    villager.post(&path, tie("neighbour")).await.expect_problem(403, "forbidden");
    // The own household's kin are one's own matter, another's are not.
    villager.get(&path).await.expect(200);
    villager.get(&kin_path(&world, "neighbour")).await.expect_problem(403, "forbidden");
    let other = world.sign_in("other-admin").await;
    other.get(&path).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn nobody_takes_back_a_tie_of_the_own_household_or_changes_who_of_it_is_rated() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let (me, other) = (world.demo.villagers["village-admin"], world.demo.villagers["neighbour"]);
    let kin = world.village(&format!("villagers/{me}/kin"));
    let tie = json!({"kin_id": other.to_string(), "relation": "sibling"});
    admin.post(&kin, tie).await.expect(201);
    // From either end; another administrator may.
    for (from, to) in [(me, other), (other, me)] {
        let gone = world.village(&format!("villagers/{from}/kin/{to}"));
        admin.delete(&gone).await.expect_problem(403, "own_household");
    }
    let change = json!({"residence": "student", "tracks": [], "reason": "想少评一个"});
    let own = world.village(&format!("villagers/{me}"));
    admin.put(&own, change).await.expect_problem(403, "own_household");
    let colleague = world.sign_in("village-admin-2").await;
    let gone = world.village(&format!("villagers/{me}/kin/{other}"));
    colleague.delete(&gone).await.expect(204);
}
