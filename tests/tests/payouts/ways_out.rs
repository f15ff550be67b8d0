//! A plan that hangs or holds has a way out, and what the fund lacks is known before.

use serde_json::{Value, json};
use testing::World;
use testing::ledger::points_of;
use testing::notices::{close, db_messages};
use testing::payouts::{
    answer, dividend_in, drafted, earned, fund, hung, in_effect, object, pay, state,
};

async fn withdraw(world: &World, by: &str, payout: &str) -> testing::Answer {
    let body = json!({"reason": "集体收入有变"});
    world.sign_in(by).await.post(&format!("{payout}/withdrawals"), body).await
}

#[actix_web::test]
async fn what_hangs_is_taken_down_by_somebody_else_than_who_hung_it_and_everybody_is_told() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3), ("neighbour", 1)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 400)).await;
    let notice = hung(&world, &payout).await;
    object(&world, "neighbour", &notice, "villager").await.expect(201);
    withdraw(&world, "village-admin", &payout).await.expect_problem(403, "checker_is_maker");
    let taken = withdraw(&world, "village-admin-2", &payout).await.expect(201);
    assert_eq!(taken["state"], "withdrawn");
    for key in ["villager", "neighbour"] {
        let told = db_messages(&world, key, "payout_withdrawn").await;
        assert_eq!((told.len(), &told[0]["reason"]), (1, &json!("集体收入有变")), "{key}");
    }
    // The notice is down, and what was said against it is answered.
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&world.village(&format!("notices/{notice}"))).await.expect(200);
    assert_ne!(shown["closed_at"], Value::Null, "{shown:#}");
    let answered = db_messages(&world, "neighbour", "objection_answered").await;
    assert_eq!((answered.len(), &answered[0]["outcome"]), (1, &json!("struck")));
    // The next one of the same time needs no words about this one.
    drafted(&world, "dividends", dividend_in(day, 400)).await;
}

#[actix_web::test]
async fn what_holds_and_cannot_be_paid_is_taken_back_with_all_points_where_they_were() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3)]).await;
    let mut body = dividend_in(day, 400);
    body["uses_up_points"] = json!(true);
    let payout = drafted(&world, "dividends", body).await;
    in_effect(&world, &payout).await;
    withdraw(&world, "village-admin", &payout).await.expect_problem(403, "checker_is_maker");
    withdraw(&world, "town-officer", &payout).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "3");
    pay(&world, "village-admin-2", &payout, None).await.expect_problem(409, "payout_state");
}

#[actix_web::test]
async fn a_plan_whose_only_earner_is_struck_is_withdrawn() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 400)).await;
    let notice = hung(&world, &payout).await;
    let raised = object(&world, "neighbour", &notice, "villager").await.expect(201);
    let other = object(&world, "store-keeper", &notice, "collector").await.expect(201);
    close(&world, &notice).await;
    answer(&world, "panel-1", &raised, "struck").await.expect(201);
    assert_eq!(state(&world, &payout).await, "withdrawn");
    assert_eq!(db_messages(&world, "villager", "payout_withdrawn").await.len(), 1);
    answer(&world, "panel-1", &other, "upheld").await.expect_problem(409, "payout_state");
    let id = other["id"].as_str().unwrap();
    let mine = world.sign_in("store-keeper").await;
    let mine = mine.get(&world.village(&format!("objections/{id}"))).await.expect(200);
    assert_eq!(mine["outcome"], "struck", "nothing is left to answer");
}

#[actix_web::test]
async fn what_the_fund_lacks_is_said_at_the_draft_and_when_it_is_hung() {
    let world = World::new().await;
    fund(&world, 150).await;
    fund(&world, 100).await;
    let day = earned(&world, &[("villager", 3)]).await;
    let admin = world.sign_in("village-admin").await;
    let made = admin.post(&world.village("dividends"), dividend_in(day, 400)).await.expect(201);
    assert_eq!(made["fund_short_fen"], 250, "it is paid out of one account");
    let payout = world.village(&format!("payouts/{}", made["id"].as_str().unwrap()));
    let vote = json!({"held_on": day, "present": 40, "votes_for": 38, "votes_against": 1});
    admin.post(&format!("{payout}/votes"), vote).await.expect(201);
    let hung = admin.post(&format!("{payout}/notices"), json!({"days": 3})).await.expect(201);
    assert_eq!(hung["fund_short_fen"], 250);
    fund(&world, 900).await;
    let shown = admin.get(&payout).await.expect(200);
    assert_eq!(shown["payout"]["fund_short_fen"], 0);
}

#[actix_web::test]
async fn more_than_the_fund_pays_at_once_is_refused_at_the_draft() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3), ("neighbour", 2)]).await;
    let body = json!({
        "title": "年终表彰", "from": day, "until": day, "ranked_by": "points", "prizes": [
            {"from_rank": 1, "to_rank": 2, "title": "一等奖", "fen": 1_000_000_000_000_i64},
        ],
    });
    let admin = world.sign_in("village-admin").await;
    let refused = admin.post(&world.village("year-end-awards"), body).await;
    refused.expect_problem(422, "payout_too_large");
}

#[actix_web::test]
async fn who_answered_an_objection_does_not_pay() {
    let world = World::new().await;
    let account = fund(&world, 5_000).await;
    let day = earned(&world, &[("villager", 3)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 400)).await;
    let notice = hung(&world, &payout).await;
    let raised = object(&world, "neighbour", &notice, "villager").await.expect(201);
    answer(&world, "town-officer", &raised, "upheld").await.expect(201);
    close(&world, &notice).await;
    pay(&world, "town-officer", &payout, Some(&account))
        .await
        .expect_problem(409, "already_decided");
    pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
}

#[actix_web::test]
async fn the_household_concerned_objects_until_it_is_paid() {
    let world = World::new().await;
    let account = fund(&world, 5_000).await;
    let day = earned(&world, &[("villager", 3), ("neighbour", 1)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 400)).await;
    let notice = hung(&world, &payout).await;
    close(&world, &notice).await;
    assert_eq!(state(&world, &payout).await, "effective");
    object(&world, "neighbour", &notice, "villager").await.expect_problem(409, "notice_closed");
    let raised = object(&world, "villager", &notice, "villager").await.expect(201);
    assert_eq!(state(&world, &payout).await, "disputed");
    pay(&world, "village-admin-2", &payout, Some(&account))
        .await
        .expect_problem(409, "payout_state");
    answer(&world, "panel-1", &raised, "upheld").await.expect(201);
    assert_eq!(state(&world, &payout).await, "effective");
    let told = db_messages(&world, "neighbour", "payout_effective").await;
    assert_eq!(told.len(), 1, "that it holds is told once");
    pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    object(&world, "villager", &notice, "villager").await.expect_problem(409, "payout_state");
}
