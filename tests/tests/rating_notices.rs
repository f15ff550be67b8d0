//! A rating on the notice board: stars and star credit when it closes, and objections to a line.

use domain::id::NoticeId;
use serde_json::{Value, json};
use testing::World;
use testing::ledger::account;
use testing::notices::{close, db_certified_claim, db_count, db_messages, publish_and_close, tick};
use testing::ratings_on_notice::db_rating_on_notice;

async fn holds(world: &World, number: u8, stars: i64, fen: i64) {
    let account = account(world, number).await;
    assert_eq!((&account["stars"], &account["star_credit_fen"]), (&json!(stars), &json!(fen)));
}

async fn object(world: &World, notice: NoticeId, number: u8) -> Value {
    let villager = world.sign_in("store-keeper").await;
    let body = json!({"account_id": world.demo.households[&number], "text": "分数算得不对。"});
    let path = world.village(&format!("notices/{notice}/objections"));
    villager.post(&path, body).await.expect(201)
}

async fn answer(world: &World, raised: &Value, body: Value) -> testing::Answer {
    let id = raised["id"].as_str().unwrap();
    let officer = world.sign_in("town-officer").await;
    officer.post(&world.village(&format!("objections/{id}/answers")), body).await
}

fn saying(outcome: &str) -> Value {
    json!({"outcome": outcome, "text": "已核实。"})
}

#[actix_web::test]
async fn stars_hold_and_star_credit_is_granted_once_when_the_notice_closes() {
    let world = World::new().await;
    let (_, notice, cycle) = db_rating_on_notice(&world, &[(1, 91, 4), (2, 55, 0)]).await;
    let villager = world.sign_in("villager").await;
    let lines = world.village(&format!("notices/{notice}/lines"));
    let page = villager.get(&lines).await.expect(200);
    let line = page["items"].as_array().unwrap().iter().find(|l| l["household_number"] == "001");
    let line = line.expect("the line");
    assert_eq!((&line["kind"], &line["name"]), (&json!("rating"), &json!("王秀英")));
    assert_eq!((&line["score"], &line["stars"]), (&json!("91"), &json!(4)));
    holds(&world, 1, 0, 0).await;
    close(&world, &notice.to_string()).await;
    holds(&world, 1, 4, 160_000).await;
    holds(&world, 2, 0, 0).await;
    assert_eq!(account(&world, 1).await["stars_cycle"], json!(cycle));
    let told = db_messages(&world, "villager", "rating_published").await;
    assert_eq!((told.len(), &told[0]["star_credit_fen"]), (1, &json!(160_000)));
    assert_eq!(tick(&world).await.closed, 0);
    let effective = "SELECT count(*) FROM ratings WHERE state = 'effective'";
    assert_eq!(db_count(&world, effective).await, 1);
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let statement = world.village(&format!("households/{home}/statement"));
    let entry = &villager.get(&statement).await.expect(200)["items"][0];
    assert_eq!(entry["amount"], json!({"fen": 160_000}));
    let words = entry["words"].as_str().unwrap();
    assert!(words.contains("评为4星,发放诚信金:诚信金+1600.00元"), "{words}");
    assert!(words.contains("经第1号公示"), "{words}");
}

#[actix_web::test]
async fn a_disputed_line_waits_for_its_answer_and_takes_effect_then() {
    let world = World::new().await;
    let (_, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4), (2, 82, 3)]).await;
    let raised = object(&world, notice, 1).await;
    close(&world, &notice.to_string()).await;
    holds(&world, 1, 0, 0).await;
    holds(&world, 2, 3, 120_000).await;
    answer(&world, &raised, saying("upheld")).await.expect(201);
    holds(&world, 1, 4, 160_000).await;
    let again = answer(&world, &raised, saying("upheld")).await;
    again.expect_problem(409, "objection_answered");
    holds(&world, 1, 4, 160_000).await;
}

#[actix_web::test]
async fn a_line_that_is_upheld_while_it_hangs_takes_effect_with_the_others() {
    let world = World::new().await;
    let (_, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4)]).await;
    let raised = object(&world, notice, 1).await;
    answer(&world, &raised, saying("upheld")).await.expect(201);
    holds(&world, 1, 0, 0).await;
    close(&world, &notice.to_string()).await;
    holds(&world, 1, 4, 160_000).await;
}

#[actix_web::test]
async fn a_corrected_line_is_reckoned_again_from_the_ledger() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "FAM-1", 20).await;
    let deed = world.clock.now();
    publish_and_close(&world).await;
    // The rating is of the cycle in which the deed lies; by now another may have begun.
    let same = testing::ratings_on_notice::cycle_of(deed)
        == testing::ratings_on_notice::cycle_of(world.clock.now());
    let (sum, stars, fen) = if same { (20, 3, 120_000) } else { (0, 1, 40_000) };
    let (_, notice, _) = db_rating_on_notice(&world, &[(1, 99, 5)]).await;
    let raised = object(&world, notice, 1).await;
    let figure = json!({"outcome": "corrected", "points": "3", "text": "?"});
    answer(&world, &raised, figure).await.expect_problem(422, "correction_invalid");
    answer(&world, &raised, saying("corrected")).await.expect(201);
    close(&world, &notice.to_string()).await;
    holds(&world, 1, stars, fen).await;
    let score = format!("{}", 60 + sum);
    let admin = world.sign_in("village-admin").await;
    let lines = admin.get(&world.village(&format!("notices/{notice}/lines"))).await.expect(200);
    assert_eq!(lines["items"][0]["score"], json!(score));
}

#[actix_web::test]
async fn a_struck_line_brings_no_star() {
    let world = World::new().await;
    let (_, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4)]).await;
    let raised = object(&world, notice, 1).await;
    close(&world, &notice.to_string()).await;
    answer(&world, &raised, saying("struck")).await.expect(201);
    holds(&world, 1, 0, 0).await;
    let admin = world.sign_in("village-admin").await;
    let lines = admin.get(&world.village(&format!("notices/{notice}/lines"))).await.expect(200);
    assert_eq!(lines["items"][0]["state"], "struck");
}
