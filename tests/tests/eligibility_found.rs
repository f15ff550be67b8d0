//! What a household learns is what was found when the list was made, whatever happened since.

use domain::rule_book::Subject;
use serde_json::{Value, json};
use testing::World;
use testing::claims::db_book;
use testing::notices::{close, db_count, db_run};
use testing::ratings::last_quarter;
use testing::ratings_on_notice::{cycle_of, db_rating_on_notice};
use testing::store::db_veto;

fn asking(stars: u8, ratings: u8) -> Value {
    json!({"purpose": "title", "title": "最美家庭候选", "conditions": {
        "stars": {"min": stars, "ratings": ratings}, "no_veto": true, "no_direct_grade": true}})
}

async fn made(world: &World, body: Value) -> String {
    let admin = world.sign_in("village-admin").await;
    let list = admin.post(&world.village("eligibility-lists"), body).await.expect(201);
    assert_eq!(list["purpose"], "title");
    world.village(&format!("eligibility-lists/{}", list["id"].as_str().expect("an id")))
}

async fn explained(world: &World, key: &str, list: &str) -> Vec<Value> {
    let path = format!("{list}/households/{}", world.home_of(key));
    let found = world.sign_in(key).await.get(&path).await.expect(200);
    found["accounts"].as_array().expect("accounts").clone()
}

async fn listed(world: &World, list: &str) -> Vec<Value> {
    let page = world.sign_in("villager").await.get(&format!("{list}/entries")).await.expect(200);
    page["items"].as_array().expect("entries").clone()
}

fn unmet(account: &Value) -> Vec<&str> {
    let reasons = account["reasons"].as_array().expect("reasons");
    let unmet = reasons.iter().filter(|reason| reason["met"] == false);
    unmet.filter_map(|reason| reason["condition"].as_str()).collect()
}

#[actix_web::test]
async fn a_veto_or_grade_that_was_struck_since_stands_where_the_list_found_it() {
    let world = World::new().await;
    let lines = [(1, 91, 4), (2, 90, 4), (4, 96, 5)];
    let (rating, notice, _) = db_rating_on_notice(&world, &lines).await;
    close(&world, &notice.to_string()).await;
    db_veto(&world, world.demo.households[&1], 30);
    db_veto(&world, world.demo.households[&2], 30);
    let home = world.demo.households[&2];
    db_run(
        &world,
        format!("UPDATE marks SET kind = 'direct_grade', stars = 0 WHERE account_id = '{home}'"),
    )
    .await;
    let list = made(&world, asking(4, 1)).await;
    assert_eq!(listed(&world, &list).await.len(), 1);
    let vetoed = explained(&world, "villager", &list).await;
    assert_eq!((&vetoed[0]["fits"], unmet(&vetoed[0])), (&json!(false), vec!["no_veto"]));
    assert!(vetoed[0]["reasons"][2]["until"].is_string(), "{vetoed:?}");
    let graded = explained(&world, "neighbour", &list).await;
    assert_eq!(unmet(&graded[0]), ["no_direct_grade"]);

    world.clock.advance(3_600);
    let now = world.clock.now();
    for later in [
        format!("UPDATE marks SET struck_at = '{now}'"),
        "UPDATE villagers SET residence = 'moved_away'".to_owned(),
        format!("UPDATE rating_lines SET state = 'struck' WHERE rating_id = '{rating}'"),
    ] {
        db_run(&world, later).await;
    }
    assert_eq!(explained(&world, "villager", &list).await, vetoed);
    assert_eq!(explained(&world, "neighbour", &list).await, graded);
    // A list of now finds something else, of course.
    let anew = made(&world, asking(4, 1)).await;
    assert_eq!(unmet(&explained(&world, "villager", &anew).await[0]), ["rated", "stars"]);
}

#[actix_web::test]
async fn the_last_ratings_are_those_of_the_last_cycles_however_late_they_took_effect() {
    let world = World::new().await;
    let (third, notice, _) = db_rating_on_notice(&world, &[(1, 60, 2), (2, 95, 5)]).await;
    let (before, present) = (last_quarter(&world), cycle_of(world.clock.now()));
    db_run(&world, format!("UPDATE ratings SET cycle = '{before}' WHERE id = '{third}'")).await;
    let (fourth, other, cycle) = db_rating_on_notice(&world, &[(1, 95, 5), (2, 60, 2)]).await;
    assert_eq!(cycle, present.to_string());
    close(&world, &notice.to_string()).await;
    let open = format!("SELECT count(*) FROM notices WHERE id = '{other}' AND closed_at IS NULL");
    if db_count(&world, open.leak()).await == 1 {
        close(&world, &other.to_string()).await;
    }
    // The third quarter was disputed for long: it took effect after the fourth.
    let late = format!(
        "UPDATE ratings SET effective_at = (SELECT effective_at FROM ratings WHERE id = '{fourth}') \
         + interval '1 hour' WHERE id = '{third}'"
    );
    db_run(&world, late).await;
    world.clock.advance(2 * 3_600);

    let last = made(&world, asking(4, 1)).await;
    let entries = listed(&world, &last).await;
    let found: Vec<_> = entries.iter().map(|entry| &entry["name"]).collect();
    assert_eq!(found, [&json!("王秀英")]);
    let both = made(&world, asking(4, 2)).await;
    let had = |accounts: &[Value]| accounts[0]["reasons"][1]["had"].clone();
    assert_eq!(had(&explained(&world, "villager", &both).await), json!([5, 2]));
    assert_eq!(had(&explained(&world, "neighbour", &both).await), json!([2, 5]));

    // So does a proof of a star tell it.
    let path = world.village(&format!("households/{}/star-proofs", world.home_of("villager")));
    let body = json!({"purpose": "贷款", "shows": "star_and_history", "cycles": 1, "days": 7});
    let proof = world.sign_in("villager").await.post(&path, body).await.expect(201);
    let body = json!({"token": proof["token"], "reader": "柜台"});
    let seen = world.anonymous().post("/v1/star-proof-readings", body).await.expect(201);
    assert_eq!(seen["history"], json!([{"cycle": present.to_string(), "stars": 5}]));
}

#[actix_web::test]
async fn where_people_are_rated_a_list_names_people_and_explains_each_of_a_household() {
    let world = World::new().await;
    db_book(&world, |book| book.subject = Subject::Person);
    let (rating, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4)]).await;
    let person = world.villager_id("villager");
    db_run(
        &world,
        format!("UPDATE rating_lines SET account_id = '{person}' WHERE rating_id = '{rating}'"),
    )
    .await;
    close(&world, &notice.to_string()).await;
    let list = made(&world, asking(4, 1)).await;
    let entries = listed(&world, &list).await;
    assert_eq!((entries.len(), &entries[0]["account_id"]), (1, &json!(person)));
    let explained = explained(&world, "villager-son", &list).await;
    let son = world.villager_id("villager-son");
    let of = |id: &str| explained.iter().find(|one| one["account_id"] == *id).expect("one");
    assert_eq!((&of(&person)["fits"], &of(&son)["fits"]), (&json!(true), &json!(false)));
    assert_eq!(unmet(of(&son)), ["stars"]);
    assert_eq!(explained.len(), 2, "the household's own account was not looked at");
}
