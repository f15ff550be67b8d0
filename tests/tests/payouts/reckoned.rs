//! What is open is not dropped in silence: it is said at the draft, and counts when the plan is hung.

use serde_json::{Value, json};
use testing::World;
use testing::notices::{db_certified_claim, db_run, publish_and_close};
use testing::payouts::{besides, comes_out_the_same, dividend_in, drafted, earned, parts, state};

async fn vote(world: &World, payout: &str) {
    let today = domain::calendar::day_of(world.clock.now());
    let vote = json!({"held_on": today, "present": 40, "votes_for": 38, "votes_against": 1});
    world.sign_in("village-admin").await.post(&format!("{payout}/votes"), vote).await.expect(201);
}

async fn publish(world: &World, payout: &str) -> Value {
    let admin = world.sign_in("village-admin").await;
    admin.post(&format!("{payout}/notices"), json!({"days": 3})).await.expect(201)
}

/// A deed of that day that is certified and does not hang yet.
async fn late(world: &World, key: &str, day: chrono::NaiveDate, points: i32) {
    let claim = db_certified_claim(world, key, "ENV-1", points).await;
    db_run(world, format!("UPDATE claims SET happened_on = '{day}' WHERE id = '{claim}'")).await;
}

#[actix_web::test]
async fn claims_that_are_not_settled_are_counted_and_a_plan_is_reckoned_anew_when_it_is_hung() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4), ("neighbour", 2)]).await;
    late(&world, "neighbour", day, 2).await;
    let admin = world.sign_in("village-admin").await;
    let made = admin.post(&world.village("dividends"), dividend_in(day, 600)).await.expect(201);
    assert_eq!((&made["unsettled_claims"], &made["reckoning"]), (&json!(1), &json!(1)));
    let payout = world.village(&format!("payouts/{}", made["id"].as_str().unwrap()));
    vote(&world, &payout).await;
    publish_and_close(&world).await;
    let hung = publish(&world, &payout).await;
    assert_eq!((&hung["state"], &hung["total_fen"]), (&json!("on_notice"), &json!(600)));
    assert_eq!(
        (&hung["changed_since_vote"], &hung["unsettled_claims"], &hung["reckoning"]),
        (&json!(true), &json!(0), &json!(2))
    );
    assert_eq!(parts(&world, &payout, &["001", "002"]).await, [300, 300]);
    comes_out_the_same(&world, &payout).await;
}

#[actix_web::test]
async fn a_plan_to_which_nothing_happened_hangs_as_it_was_voted_for() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 600)).await;
    vote(&world, &payout).await;
    let hung = publish(&world, &payout).await;
    assert_eq!((&hung["changed_since_vote"], &hung["reckoning"]), (&json!(false), &json!(1)));
}

#[actix_web::test]
async fn awards_that_cost_more_than_was_voted_for_are_voted_on_again() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4), ("neighbour", 3)]).await;
    let body = json!({
        "title": "年终表彰", "from": day, "until": day, "ranked_by": "points", "prizes": [
            {"from_rank": 1, "to_rank": 1, "title": "一等奖", "fen": 50_000},
            {"from_rank": 2, "to_rank": 2, "title": "二等奖", "fen": 20_000},
        ],
    });
    let payout = drafted(&world, "year-end-awards", body).await;
    vote(&world, &payout).await;
    // The neighbour comes to share the first rank.
    late(&world, "neighbour", day, 1).await;
    publish_and_close(&world).await;
    let back = publish(&world, &payout).await;
    assert_eq!((&back["state"], &back["total_fen"]), (&json!("draft"), &json!(100_000)));
    assert_eq!((&back["vote"], &back["notice_id"]), (&Value::Null, &Value::Null));
    vote(&world, &payout).await;
    let hung = publish(&world, &payout).await;
    assert_eq!((&hung["state"], &hung["changed_since_vote"]), (&json!("on_notice"), &json!(false)));
}

#[actix_web::test]
async fn a_second_payout_of_the_kind_for_the_same_days_says_besides_which_it_is() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4)]).await;
    let first = drafted(&world, "dividends", dividend_in(day, 600)).await;
    let admin = world.sign_in("village-admin").await;
    let path = world.village("dividends");
    let mut wider = dividend_in(day, 600);
    wider["from"] = json!(day.pred_opt().unwrap());
    let refused = admin.post(&path, wider.clone()).await;
    let refused = refused.expect_problem(409, "payout_overlaps");
    let id = first.rsplit('/').next().unwrap();
    assert!(refused["detail"].as_str().unwrap().contains(id), "{refused:#}");
    let second = drafted(&world, "dividends", besides(wider.clone(), &[&first])).await;
    let third = besides(wider, &[&first]);
    admin.post(&path, third).await.expect_problem(409, "payout_overlaps");
    assert_eq!(state(&world, &second).await, "draft");
    // Awards are another kind.
    let awards = json!({
        "title": "年终表彰", "from": day, "until": day, "ranked_by": "points",
        "prizes": [{"from_rank": 1, "to_rank": 1, "title": "一等奖", "fen": 500}],
    });
    drafted(&world, "year-end-awards", awards).await;
}

#[actix_web::test]
async fn what_everybody_has_a_right_to_is_neither_a_prize_nor_a_title() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4)]).await;
    let admin = world.sign_in("village-admin").await;
    let awards = |title: &str, prize: &str| {
        json!({
            "title": title, "from": day, "until": day, "ranked_by": "points",
            "prizes": [{"from_rank": 1, "to_rank": 1, "title": prize, "fen": 500}],
        })
    };
    let path = world.village("year-end-awards");
    let refused = admin.post(&path, awards("年终表彰", "优先医疗救助")).await;
    refused.expect_problem(422, "prizes_invalid");
    let refused = admin.post(&path, awards("公租房分配", "一等奖")).await;
    refused.expect_problem(422, "purpose_forbidden");
    let brave = awards("见义勇为救助群众表彰", "救助群众奖");
    admin.post(&path, brave).await.expect(201);
}
