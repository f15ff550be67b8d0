//! Approving, paying, closing, disputing.

use serde_json::{Value, json};
use testing::Client;
use testing::notices::tick;
use testing::settlements::Months;
use testing::shops::{at_once, count, text};

/// A month with one statement over 10.28 yuan, and an account of the fund.
async fn closed(fund_fen: i64) -> (Months, Value, String) {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(&months.world).await;
    let made = months.statement(months.month).await;
    let account = months.fund_account(fund_fen).await;
    (months, made, account)
}

async fn approve(client: &Client, months: &Months, made: &Value) -> testing::Answer {
    client.post(&months.of(made, "/decisions"), json!({"decision": "approve"})).await
}

#[actix_web::test]
async fn one_approves_another_pays_out_of_the_fund_and_the_merchant_says_that_it_came() {
    let (months, made, account) = closed(5_000).await;
    let world = &months.world;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    let pay = months.of(&made, "/payments");
    let body = months.payment(&account);
    one.post(&pay, body.clone()).await.expect_problem(409, "settlement_state");
    assert_eq!(approve(&one, &months, &made).await.expect(201)["state"], "approved");
    approve(&other, &months, &made).await.expect_problem(409, "settlement_state");
    one.post(&pay, body.clone()).await.expect_problem(403, "checker_is_maker");
    assert_eq!(months.unpaid(), 1_028);
    assert_eq!(months.agree(&made).await["dispute"], "agreed");
    let paid = other.post_with_key(&pay, body.clone(), "pay-it-once").await.expect(201);
    assert_eq!((&paid["state"], &paid["due_fen"]), (&json!("paid"), &json!(1_028)));
    assert_eq!(other.post_with_key(&pay, body.clone(), "pay-it-once").await.expect(201), paid);
    other.post(&pay, body).await.expect_problem(409, "settlement_state");
    assert_eq!(months.balance(&account).await, 5_000 - 1_028);
    assert_eq!(months.unpaid(), 0);

    let owner = world.sign_in("merchant-owner").await;
    let closing = months.of(&made, "/closing");
    assert_eq!(owner.post(&closing, json!({})).await.expect(201)["state"], "closed");
    owner.post(&closing, json!({})).await.expect_problem(409, "settlement_state");
    let shown = owner.get(&months.of(&made, "")).await.expect(200);
    let steps: Vec<&str> =
        shown["steps"].as_array().unwrap().iter().map(|step| text(&step["step"])).collect();
    assert_eq!(steps, ["approved", "agreed", "paid", "closed"]);
    // The payment is a voucher of the fund, with both people.
    let voucher = text(&shown["steps"][2]["voucher_id"]).to_owned();
    let path = world.village(&format!("fund/vouchers/{voucher}"));
    let voucher = one.get(&path).await.expect(200);
    assert_eq!((&voucher["kind"], &voucher["amount_fen"]), (&json!("payment"), &json!(1_028)));
    assert_eq!(voucher["document"], "付字18号");
}

#[actix_web::test]
async fn a_statement_is_paid_once_however_many_pay_at_once() {
    let (months, made, account) = closed(5_000).await;
    let world = &months.world;
    approve(&world.sign_in("village-admin").await, &months, &made).await.expect(201);
    months.agree(&made).await;
    let payer = world.sign_in("village-admin-2").await;
    let (path, body) = (months.of(&made, "/payments"), months.payment(&account));
    let all = (0..8).map(|_| {
        let (payer, path, body) = (payer.clone(), path.clone(), body.clone());
        async move { payer.post(&path, body).await }
    });
    let answers = at_once(all).await;
    assert_eq!(count(&answers, 201, ""), 1);
    assert_eq!(count(&answers, 409, "settlement_state"), 7);
    assert_eq!(months.balance(&account).await, 5_000 - 1_028);
}

#[actix_web::test]
async fn a_fund_that_cannot_pay_does_not_and_the_approval_is_taken_back_with_a_reason() {
    let (months, made, account) = closed(1_000).await;
    let world = &months.world;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    approve(&one, &months, &made).await.expect(201);
    months.agree(&made).await;
    let body = months.payment(&account);
    let pay = months.of(&made, "/payments");
    other.post(&pay, body).await.expect_problem(422, "fund_too_low");
    let decide = months.of(&made, "/decisions");
    one.post(&decide, json!({"decision": "take_back"})).await.expect_problem(422, "invalid");
    let back = json!({"decision": "take_back", "reason": "基金不足,下月再付"});
    assert_eq!(one.post(&decide, back.clone()).await.expect(201)["state"], "open");
    one.post(&decide, back).await.expect_problem(409, "settlement_state");
    let shown = one.get(&months.of(&made, "")).await.expect(200);
    assert_eq!(shown["steps"][2]["text"], "基金不足,下月再付");
    assert_eq!(shown["steps"][2]["by_name"], "刘振华");
}

#[actix_web::test]
async fn a_disputed_statement_waits_for_an_answer() {
    let (months, made, _) = closed(5_000).await;
    let world = &months.world;
    let (owner, admin) =
        (world.sign_in("merchant-owner").await, world.sign_in("village-admin").await);
    let dispute = months.of(&made, "/disputes");
    let text = json!({"text": "有一笔没有算进去。"});
    admin.post(&dispute, text.clone()).await.expect_problem(404, "not_found");
    let raised = owner.post(&dispute, text.clone()).await.expect(201);
    assert_eq!(raised["dispute"], "raised");
    owner.post(&dispute, text.clone()).await.expect_problem(409, "settlement_disputed");
    approve(&admin, &months, &made).await.expect_problem(409, "settlement_disputed");
    let told = testing::notices::db_messages(world, "village-admin", "settlement_disputed").await;
    assert_eq!(told.len(), 1, "{told:?}");
    let answers = months.of(&made, "/answers");
    let answer = json!({"text": "该笔在下个月。"});
    owner.post(&answers, answer.clone()).await.expect_problem(404, "not_found");
    assert_eq!(admin.post(&answers, answer).await.expect(201)["dispute"], "answered");
    approve(&admin, &months, &made).await.expect(201);
    // What was answered can still be said to be wrong: the approval falls.
    let again = owner.post(&dispute, text).await.expect(201);
    assert_eq!((&again["state"], &again["dispute"]), (&json!("open"), &json!("raised")));
}

#[actix_web::test]
async fn a_dispute_comes_within_fifteen_days() {
    let (months, made, _) = closed(5_000).await;
    months.world.clock.advance(15 * 86_400);
    let owner = months.world.sign_in("merchant-owner").await;
    let late = owner.post(&months.of(&made, "/disputes"), json!({"text": "太少了"})).await;
    late.expect_problem(422, "settlement_dispute_late");
}

#[actix_web::test]
async fn what_owes_nothing_is_closed_without_a_payment() {
    let months = Months::begin().await;
    months.go_to(months.day(28), 10);
    let bought = months.buy("villager", 12_850).await;
    months.refund(&bought).await;
    months.go_to_close(months.month);
    tick(&months.world).await;
    let made = months.statement(months.month).await;
    assert_eq!(made["due_fen"], 0);
    let account = months.fund_account(5_000).await;
    let world = &months.world;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    approve(&one, &months, &made).await.expect(201);
    let body = months.payment(&account);
    let pay = other.post(&months.of(&made, "/payments"), body).await;
    pay.expect_problem(409, "settlement_nothing_due");
    let early = one.post(&months.of(&made, "/closing"), json!({})).await;
    early.expect_problem(409, "settlement_dispute_open");
    months.agree(&made).await;
    one.post(&months.of(&made, "/closing"), json!({})).await.expect(201);
}

#[actix_web::test]
async fn owners_on_a_roster_are_told_of_the_statement_and_of_the_money() {
    let months = Months::begin().await;
    let world = &months.world;
    // The owner of the shop lives in the village.
    months.db_works_for_the_shop("neighbour", "merchant_owner");
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    let account = months.fund_account(5_000).await;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    approve(&one, &months, &made).await.expect(201);
    months.agree(&made).await;
    let body = months.payment(&account);
    other.post(&months.of(&made, "/payments"), body).await.expect(201);
    let owner = world.sign_in("neighbour").await;
    let told = owner.get("/v1/me/messages").await.expect(200);
    let texts: Vec<(&str, &str)> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| (text(&message["kind"]), text(&message["text"])))
        .filter(|(kind, _)| kind.starts_with("settlement_"))
        .collect();
    assert_eq!(texts.len(), 2, "{told:#}");
    assert!(texts[0].0 == "settlement_paid" && texts[0].1.contains("金额10.28元"), "{texts:?}");
    assert!(texts[1].0 == "settlement_made" && texts[1].1.contains("应结金额10.28元"), "{texts:?}");
}
