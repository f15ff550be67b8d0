//! Whose star a proof shows, and until when it stands for them.

use domain::rule_book::Subject;
use serde_json::{Value, json};
use testing::claims::db_book;
use testing::notices::db_run;
use testing::{Answer, Client, World};

/// The path of the proofs of a household of the first village, by its number.
fn proofs(world: &World, number: u8) -> String {
    world.village(&format!("households/{}/star-proofs", world.demo.households[&number]))
}

fn body() -> Value {
    json!({"purpose": "信用社贷款", "shows": "star", "days": 7})
}

async fn read(world: &World, token: &Value) -> Answer {
    let body = json!({"token": token, "reader": "龙场信用社柜台"});
    world.anonymous().post("/v1/star-proof-readings", body).await
}

async fn db_stars(world: &World, account: &str, stars: u8) {
    db_run(world, format!("UPDATE accounts SET stars = {stars} WHERE id = '{account}'")).await;
}

/// A world whose book rates people since today: the mother has four stars, the son two; the account of
/// their household still has five.
async fn of_people() -> (World, Client, Client) {
    let world = World::new().await;
    db_book(&world, |book| book.subject = Subject::Person);
    db_stars(&world, &world.villager_id("villager"), 4).await;
    db_stars(&world, &world.villager_id("villager-son"), 2).await;
    db_stars(&world, &world.demo.households[&1].to_string(), 5).await;
    let (mother, son) = (world.sign_in("villager").await, world.sign_in("villager-son").await);
    (world, mother, son)
}

#[actix_web::test]
async fn where_people_are_rated_everybody_shows_their_own_star_and_no_one_elses() {
    let (world, mother, son) = of_people().await;
    let path = proofs(&world, 1);
    let of_son = son.post(&path, body()).await.expect(201);
    assert_eq!(of_son["account_id"], json!(world.villager_id("villager-son")));
    assert_eq!(read(&world, &of_son["token"]).await.expect(201)["stars"], 2);
    let of_mother = mother.post(&path, body()).await.expect(201);
    assert_eq!(read(&world, &of_mother["token"]).await.expect(201)["stars"], 4);
    // Neither that of another, nor what the household had before people were rated.
    for other in [world.villager_id("villager"), world.demo.households[&1].to_string()] {
        let mut wanted = body();
        wanted["account_id"] = json!(other);
        son.post(&path, wanted).await.expect_problem(404, "not_found");
    }
    let mut own = body();
    own["account_id"] = json!(world.villager_id("villager-son"));
    son.post(&path, own).await.expect(201);

    let seen = son.get(&path).await.expect(200);
    let seen = seen["items"].as_array().unwrap();
    assert!(seen.len() == 2 && seen.iter().all(|one| one["id"] != of_mother["id"]));
    let one = format!("{path}/{}", of_mother["id"].as_str().unwrap());
    son.delete(&one).await.expect_problem(404, "not_found");
    son.get(&format!("{one}/readings")).await.expect_problem(404, "not_found");
    mother.get(&format!("{one}/readings")).await.expect(200);
}

#[actix_web::test]
async fn a_proof_goes_with_who_moves_and_the_old_household_has_it_no_more() {
    let (world, _, son) = of_people().await;
    let made = son.post(&proofs(&world, 1), body()).await.expect(201);
    let person = world.villager_id("villager-son");
    let home = world.demo.households[&2];
    db_run(&world, format!("UPDATE villagers SET household_id = '{home}' WHERE id = '{person}'"))
        .await;
    let village = world.demo.village;
    world.db.write(|tx| infra::accounts::follow_in_tx(tx, village)).expect("followed");

    let (mother, son) = (world.sign_in("villager").await, world.sign_in("villager-son").await);
    let id = made["id"].as_str().unwrap();
    let listed = mother.get(&proofs(&world, 1)).await.expect(200);
    assert_eq!(listed["items"], json!([]));
    let old = format!("{}/{id}", proofs(&world, 1));
    mother.delete(&old).await.expect_problem(404, "not_found");
    let neighbour = world.sign_in("neighbour").await;
    let new = format!("{}/{id}", proofs(&world, 2));
    neighbour.delete(&new).await.expect_problem(404, "not_found");
    assert_eq!(read(&world, &made["token"]).await.expect(201)["stars"], 2);
    let listed = son.get(&proofs(&world, 2)).await.expect(200);
    assert_eq!(listed["items"][0]["id"], made["id"]);
    son.delete(&new).await.expect(204);
    read(&world, &made["token"]).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn a_proof_of_who_died_or_moved_away_is_none() {
    let (world, _, son) = of_people().await;
    let made = son.post(&proofs(&world, 1), body()).await.expect(201);
    for residence in ["deceased", "moved_away"] {
        world.db_residence("villager-son", residence);
        read(&world, &made["token"]).await.expect_problem(404, "not_found");
    }
    world.db_residence("villager-son", "student");
    read(&world, &made["token"]).await.expect(201);
}

#[actix_web::test]
async fn a_proof_of_a_household_stands_as_long_as_somebody_of_it_is_there() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let made = villager.post(&proofs(&world, 1), body()).await.expect(201);
    assert_eq!(made["account_id"], json!(world.demo.households[&1]));
    world.db_residence("villager", "deceased");
    read(&world, &made["token"]).await.expect(201);
    world.db_residence("villager-son", "moved_away");
    read(&world, &made["token"]).await.expect_problem(404, "not_found");
}
