//! Objections to somebody's part: a plan waits as a whole, and hangs once more if it was reckoned anew.

use serde_json::{Value, json};
use testing::World;
use testing::notices::{close, db_certified_claim, db_messages, publish_and_close, tick};
use testing::payouts::{
    answer, comes_out_the_same, dividend_in, drafted, earned, hung, lines, object, parts, state,
};

/// A dividend of 600 fen that hangs: two thirds for the villager.
async fn hanging(world: &World) -> (String, String) {
    let day = earned(world, &[("villager", 4), ("neighbour", 2)]).await;
    let payout = drafted(world, "dividends", dividend_in(day, 600)).await;
    let notice = hung(world, &payout).await;
    (payout, notice)
}

#[actix_web::test]
async fn an_open_objection_holds_the_whole_plan_and_an_upheld_part_lets_it_take_effect() {
    let world = World::new().await;
    let (payout, notice) = hanging(&world).await;
    let one = object(&world, "neighbour", &notice, "villager").await.expect(201);
    object(&world, "neighbour", &notice, "villager").await.expect_problem(409, "objection_open");
    let two = object(&world, "store-keeper", &notice, "neighbour").await.expect(201);
    assert_eq!(db_messages(&world, "villager", "objection_raised").await.len(), 1);
    let id = payout.rsplit('/').next().unwrap();
    assert_eq!((&one["payout_id"], &one["rating_id"]), (&json!(id), &Value::Null));
    let path = world.village(&format!("notices/{notice}/lines"));
    let board = world.sign_in("villager").await;
    let seen = board.get(&path).await.expect(200);
    assert_eq!(seen["items"][0]["disputed"], true);
    close(&world, &notice).await;
    assert_eq!(state(&world, &payout).await, "disputed");
    // Who prepared it does not answer, nor who is concerned.
    answer(&world, "village-admin", &one, "upheld").await.expect_problem(403, "own_claim");
    answer(&world, "panel-1", &one, "upheld").await.expect(201);
    assert_eq!(state(&world, &payout).await, "disputed", "another one is open");
    answer(&world, "panel-1", &two, "upheld").await.expect(201);
    assert_eq!(state(&world, &payout).await, "effective");
    let told = db_messages(&world, "villager", "payout_effective").await;
    assert_eq!(told[0]["fen"], 400);
}

#[actix_web::test]
async fn a_part_that_falls_goes_to_the_others_and_everybody_looks_at_it_once_more() {
    let world = World::new().await;
    let (payout, notice) = hanging(&world).await;
    let raised = object(&world, "store-keeper", &notice, "villager").await.expect(201);
    close(&world, &notice).await;
    let answered = answer(&world, "panel-1", &raised, "struck").await.expect(201);
    assert_eq!(answered["outcome"], "struck");
    assert_eq!(parts(&world, &payout, &["001", "002"]).await, [0, 600]);
    let line = lines(&world, &payout).await.remove(0);
    assert_eq!((&line["left_out"], &line["points"]), (&json!("struck"), &json!("4")));
    comes_out_the_same(&world, &payout).await;
    // It hangs on a notice of its own for as many days again, and only then takes effect.
    let admin = world.sign_in("village-admin").await;
    let shown = admin.get(&payout).await.expect(200)["payout"].clone();
    assert_eq!(shown["state"], "on_notice");
    assert_ne!(shown["notice_id"], json!(notice));
    assert_eq!(tick(&world).await.closed, 0);
    close(&world, shown["notice_id"].as_str().unwrap()).await;
    assert_eq!(state(&world, &payout).await, "effective");
    assert!(db_messages(&world, "villager", "payout_effective").await.is_empty());
}

#[actix_web::test]
async fn a_correction_reckons_everything_anew_from_the_ledger_and_never_sets_a_figure() {
    let world = World::new().await;
    let (payout, notice) = hanging(&world).await;
    let raised = object(&world, "neighbour", &notice, "neighbour").await.expect(201);
    let id = raised["id"].as_str().unwrap();
    let path = world.village(&format!("objections/{id}/answers"));
    let set = json!({"outcome": "corrected", "points": "9", "text": "改为9分"});
    let panel = world.sign_in("panel-1").await;
    panel.post(&path, set).await.expect_problem(422, "correction_invalid");
    // The ledger says what it said: nothing to correct.
    answer(&world, "panel-1", &raised, "corrected").await.expect_problem(422, "correction_invalid");
    // What was forgotten is declared late, for a day of the period, and posted.
    let day = lines(&world, &payout).await[1]["points"].clone();
    assert_eq!(day, "2");
    let claim = db_certified_claim(&world, "neighbour", "ENV-1", 2).await;
    let period = {
        let admin = world.sign_in("village-admin").await;
        admin.get(&payout).await.expect(200)["payout"]["from"].as_str().unwrap().to_owned()
    };
    let late = format!("UPDATE claims SET happened_on = '{period}' WHERE id = '{claim}'");
    testing::notices::db_run(&world, late).await;
    publish_and_close(&world).await;
    assert_eq!(state(&world, &payout).await, "disputed");
    answer(&world, "panel-1", &raised, "corrected").await.expect(201);
    assert_eq!(parts(&world, &payout, &["001", "002"]).await, [300, 300]);
    assert_eq!(state(&world, &payout).await, "on_notice");
    comes_out_the_same(&world, &payout).await;
}

#[actix_web::test]
async fn what_does_not_hang_takes_no_objection() {
    let world = World::new().await;
    let (payout, notice) = hanging(&world).await;
    close(&world, &notice).await;
    assert_eq!(state(&world, &payout).await, "effective");
    object(&world, "neighbour", &notice, "villager").await.expect_problem(409, "notice_closed");
}
