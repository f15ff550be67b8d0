//! Every yuan in and out, with its document, prepared by one person and booked by another.

use chrono::Days;
use diesel::prelude::*;
use serde_json::{Value, json};
use testing::claims::{today, upload};
use testing::fund::{CHECKER, MAKER, account, balance, book, decide, prepare, voucher};
use testing::notices::db_count;
use testing::shops::{at_once, count};
use testing::{Answer, Client, World};

async fn correct(client: &Client, world: &World, voucher: &str) -> Answer {
    let path = world.village(&format!("fund/vouchers/{voucher}/corrections"));
    client.post(&path, json!({"reason": "金额记错"})).await
}

/// The checker books these at the same moment.
async fn all_at_once(world: &World, ids: impl Iterator<Item = &str>) -> Vec<Answer> {
    let checker = world.sign_in(CHECKER).await;
    let requests: Vec<_> = ids
        .map(|id| {
            let path = world.village(&format!("fund/vouchers/{id}/decisions"));
            let checker = checker.clone();
            async move { checker.post(&path, json!({"verdict": "book"})).await }
        })
        .collect();
    at_once(requests).await
}

#[actix_web::test]
async fn a_donation_waits_for_a_second_person_and_then_stands_in_the_book() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let maker = world.sign_in(MAKER).await;
    let photo = upload(&world, &maker).await;
    let donation = prepare(&world, &fund, json!({"photo_ids": [photo]})).await;
    assert_eq!(balance(&world, &fund).await, 0);

    let own = decide(&world, MAKER, &donation, json!({"verdict": "book"})).await;
    own.expect_problem(403, "checker_is_maker");
    assert_eq!(balance(&world, &fund).await, 0);
    let booked = decide(&world, CHECKER, &donation, json!({"verdict": "book"})).await.expect(201);
    assert_eq!(booked["state"], "booked");
    assert_eq!(booked["photos"][0]["id"], photo);
    assert_eq!(balance(&world, &fund).await, 100_000);
    let twice = decide(&world, CHECKER, &donation, json!({"verdict": "book"})).await;
    twice.expect_problem(409, "voucher_state");

    let path = world.village(&format!("fund/accounts/{fund}/entries"));
    let book = maker.get(&path).await.expect(200);
    assert_eq!(book["items"].as_array().unwrap().len(), 1);
    assert_eq!(book["items"][0]["voucher_id"], *donation);
    assert_eq!(book["items"][0]["balance_after_fen"], 100_000);
}

#[actix_web::test]
async fn a_payment_takes_no_more_than_there_is_and_a_transfer_changes_no_sum() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let cash = account(&world, "现金").await;
    book(&world, &fund, json!({})).await;
    let much = json!({"kind": "payment", "amount_fen": 100_001, "party": "亿家人超市"});
    let payment = prepare(&world, &fund, much).await;
    let refused = decide(&world, CHECKER, &payment, json!({"verdict": "book"})).await;
    let problem = refused.expect_problem(422, "fund_too_low");
    assert!(problem["detail"].as_str().unwrap().contains("1000.00元"), "{problem}");
    assert_eq!(balance(&world, &fund).await, 100_000);

    let enough = json!({"kind": "payment", "amount_fen": 40_000, "party": "亿家人超市"});
    book(&world, &fund, enough).await;
    let across = json!({"kind": "transfer", "amount_fen": 10_000, "to_account_id": cash});
    book(&world, &fund, across).await;
    assert_eq!((balance(&world, &fund).await, balance(&world, &cash).await), (50_000, 10_000));
}

#[actix_web::test]
async fn what_is_booked_stays_and_is_taken_back_by_a_correction() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let wrong = book(&world, &fund, json!({"amount_fen": 70_000})).await;
    let checker = world.sign_in(CHECKER).await;
    let correction = correct(&checker, &world, &wrong).await.expect(201);
    assert_eq!(correction["corrects_id"], *wrong);
    correct(&checker, &world, &wrong).await.expect_problem(409, "voucher_corrected");
    let id = correction["id"].as_str().unwrap();
    let own = decide(&world, CHECKER, id, json!({"verdict": "book"})).await;
    own.expect_problem(403, "checker_is_maker");
    decide(&world, MAKER, id, json!({"verdict": "book"})).await.expect(201);
    assert_eq!(balance(&world, &fund).await, 0);
    correct(&checker, &world, id).await.expect_problem(409, "voucher_state");
    let changed = "UPDATE fund_entries SET amount = 1";
    let refused = diesel::sql_query(changed).execute(&mut world.connect());
    assert!(refused.is_err());
    let refused = diesel::sql_query("DELETE FROM fund_entries").execute(&mut world.connect());
    assert!(refused.is_err());
}

#[actix_web::test]
async fn a_correction_that_was_refused_lets_another_one_through() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let donation = book(&world, &fund, json!({})).await;
    let checker = world.sign_in(CHECKER).await;
    let first = correct(&checker, &world, &donation).await.expect(201);
    let first = first["id"].as_str().unwrap();
    let no = json!({"verdict": "refuse", "reason": "金额无误"});
    let refused = decide(&world, MAKER, first, no).await.expect(201);
    assert_eq!((&refused["state"], &refused["reason"]), (&json!("refused"), &json!("金额无误")));
    correct(&checker, &world, &donation).await.expect(201);
    assert_eq!(balance(&world, &fund).await, 100_000);
}

#[actix_web::test]
async fn who_prepared_a_voucher_withdraws_it_and_a_reason_comes_with_a_refusal_only() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let donation = prepare(&world, &fund, json!({})).await;
    for wrong in [json!({"verdict": "refuse"}), json!({"verdict": "book", "reason": "好"})] {
        let answer = decide(&world, CHECKER, &donation, wrong).await;
        answer.expect_problem(422, "invalid");
    }
    let path = world.village(&format!("fund/vouchers/{donation}/withdrawal"));
    let body = json!({"reason": "重复登记"});
    let checker = world.sign_in(CHECKER).await;
    checker.post(&path, body.clone()).await.expect_problem(403, "forbidden");
    let maker = world.sign_in(MAKER).await;
    assert_eq!(maker.post(&path, body).await.expect(200)["state"], "withdrawn");
    let late = decide(&world, CHECKER, &donation, json!({"verdict": "book"})).await;
    late.expect_problem(409, "voucher_state");
}

#[actix_web::test]
async fn the_same_voucher_sent_twice_and_booked_by_many_at_once_moves_money_once() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let maker = world.sign_in(MAKER).await;
    let path = world.village("fund/vouchers");
    let body = voucher(&world, &fund, json!({}));
    let first = maker.post_with_key(&path, body.clone(), "voucher-1").await.expect(201);
    let again = maker.post_with_key(&path, body, "voucher-1").await.expect(201);
    assert_eq!(first["id"], again["id"]);

    let id = first["id"].as_str().unwrap();
    let answers = all_at_once(&world, std::iter::repeat_n(id, 12)).await;
    assert_eq!((count(&answers, 201, ""), count(&answers, 409, "voucher_state")), (1, 11));
    assert_eq!(balance(&world, &fund).await, 100_000);
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM fund_entries").await, 1);
}

#[actix_web::test]
async fn payments_at_once_never_take_more_than_the_account_holds() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    book(&world, &fund, json!({})).await;
    let mut payments = Vec::new();
    for n in 0..8 {
        let more = json!({"kind": "payment", "amount_fen": 30_000, "document": n.to_string()});
        payments.push(prepare(&world, &fund, more).await);
    }
    let answers = all_at_once(&world, payments.iter().map(String::as_str)).await;
    assert_eq!(count(&answers, 422, "fund_too_low"), 5);
    assert_eq!(balance(&world, &fund).await, 10_000);
}

#[actix_web::test]
async fn what_is_wrong_with_a_voucher_is_said() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let other = account(&world, "现金").await;
    let maker = world.sign_in(MAKER).await;
    let path = world.village("fund/vouchers");
    let tomorrow = today(&world) + Days::new(1);
    for (more, status, code) in [
        (json!({"amount_fen": 0}), 422, "invalid"),
        (json!({"amount_fen": 1_000_000_000_001_i64}), 422, "invalid"),
        (json!({"kind": "correction"}), 422, "invalid"),
        (json!({"kind": "takings"}), 422, "invalid"),
        (json!({"party": "  "}), 422, "invalid"),
        (json!({"document": ""}), 422, "invalid"),
        (json!({"kind": "transfer"}), 422, "voucher_accounts"),
        (json!({"to_account_id": other}), 422, "voucher_accounts"),
        (json!({"kind": "transfer", "to_account_id": fund}), 422, "voucher_accounts"),
        (json!({"happened_on": tomorrow}), 422, "deed_in_future"),
        (json!({"account_id": uuid::Uuid::now_v7()}), 404, "not_found"),
        (json!({"photo_ids": [uuid::Uuid::now_v7()]}), 422, "photo_not_usable"),
    ] {
        let body = voucher(&world, &fund, more.clone());
        let answer = maker.post(&path, body).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{more}");
    }
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM fund_vouchers").await, 0);
}

#[actix_web::test]
async fn an_account_is_closed_when_it_holds_nothing_and_nothing_waits() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let maker = world.sign_in(MAKER).await;
    let path = world.village(&format!("fund/accounts/{fund}/closing"));
    let again = maker.post(&world.village("fund/accounts"), json!({"name": "信用基金专户"})).await;
    again.expect_problem(409, "already_exists");
    book(&world, &fund, json!({"amount_fen": 500})).await;
    let close = || maker.post(&path, Value::Null);
    close().await.expect_problem(409, "fund_account_in_use");
    let out = json!({"kind": "payment", "amount_fen": 500});
    let payment = prepare(&world, &fund, out).await;
    decide(&world, CHECKER, &payment, json!({"verdict": "book"})).await.expect(201);
    let waiting = prepare(&world, &fund, json!({})).await;
    close().await.expect_problem(409, "fund_account_in_use");
    let no = json!({"verdict": "refuse", "reason": "重复"});
    decide(&world, CHECKER, &waiting, no).await.expect(201);
    assert!(close().await.expect(200)["closed_at"].is_string());
    close().await.expect_problem(409, "fund_account_closed");
    let body = voucher(&world, &fund, json!({}));
    let late = maker.post(&world.village("fund/vouchers"), body).await;
    late.expect_problem(409, "fund_account_closed");
}

#[actix_web::test]
async fn who_gave_is_read_by_those_who_run_the_fund_and_nobody_else() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let donation = book(&world, &fund, json!({})).await;
    let paths = [
        world.village("fund/vouchers"),
        world.village(&format!("fund/vouchers/{donation}")),
        world.village("fund/accounts"),
        world.village(&format!("fund/accounts/{fund}/entries")),
    ];
    for path in &paths {
        world.sign_in("villager").await.get(path).await.expect_problem(403, "forbidden");
        world.sign_in("panel-1").await.get(path).await.expect_problem(403, "forbidden");
        world.sign_in("other-admin").await.get(path).await.expect_problem(404, "not_found");
        world.sign_in("county-operator").await.get(path).await.expect(200);
    }
    let list = world.sign_in(MAKER).await.get(&paths[0]).await.expect(200);
    assert_eq!(list["items"][0]["party"], "李建国");
    let waiting = format!("{}?state=prepared", paths[0]);
    let list = world.sign_in(MAKER).await.get(&waiting).await.expect(200);
    assert_eq!(list["items"], json!([]));
}
