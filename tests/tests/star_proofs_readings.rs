//! A proof is read so often and no more.

use serde_json::{Value, json};
use testing::shops::{at_once, count};
use testing::{Answer, Client, World};

fn proofs(world: &World) -> String {
    world.village(&format!("households/{}/star-proofs", world.home_of("villager")))
}

fn reading(client: &Client, token: &Value) -> impl Future<Output = Answer> + Send + use<> {
    let (client, body) = (client.clone(), json!({"token": token, "reader": "龙场信用社柜台"}));
    async move { client.post("/v1/star-proof-readings", body).await }
}

#[actix_web::test]
async fn a_proof_is_read_three_times_unless_its_maker_says_otherwise() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let body = |readings: Value| json!({"purpose": "贷款", "shows": "star", "days": 7, "readings_max": readings});
    for wrong in [0, 21] {
        villager.post(&proofs(&world), body(json!(wrong))).await.expect_problem(422, "invalid");
    }
    let plain = json!({"purpose": "贷款", "shows": "star", "days": 7});
    let made = villager.post(&proofs(&world), plain).await.expect(201);
    assert_eq!((&made["readings_max"], &made["readings"]), (&json!(3), &json!(0)));
    let counter = world.anonymous();
    for _ in 0..3 {
        reading(&counter, &made["token"]).await.expect(201);
    }
    let over = reading(&counter, &made["token"]).await.expect_problem(409, "proof_used_up");
    assert!(over["detail"].as_str().unwrap().contains("最多可查看3次"), "{over}");
    let listed = villager.get(&proofs(&world)).await.expect(200);
    let shown = &listed["items"][0];
    assert_eq!((&shown["good"], &shown["readings"]), (&json!(false), &json!(3)));
    assert_eq!(shown["token"], Value::Null);
    let path = format!("{}/{}/readings", proofs(&world), made["id"].as_str().unwrap());
    let readings = villager.get(&path).await.expect(200);
    assert_eq!(readings["items"].as_array().unwrap().len(), 3);
    // What is used up is none of the ten that are good.
    for _ in 0..10 {
        villager.post(&proofs(&world), body(json!(20))).await.expect(201);
    }
    let many = villager.post(&proofs(&world), body(json!(1))).await;
    many.expect_problem(422, "proof_too_many");
}

#[actix_web::test]
async fn of_many_who_read_at_once_only_so_many_do() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let body = json!({"purpose": "贷款", "shows": "star", "days": 7, "readings_max": 2});
    let made = villager.post(&proofs(&world), body).await.expect(201);
    let counter = world.anonymous();
    let answers = at_once((0..8).map(|_| reading(&counter, &made["token"]))).await;
    assert_eq!((count(&answers, 201, ""), count(&answers, 409, "proof_used_up")), (2, 6));
}
