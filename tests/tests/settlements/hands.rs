//! Who does what with a statement, and when: nobody for both sides, and the merchant has its say first.

use serde_json::{Value, json};
use testing::notices::tick;
use testing::settlements::Months;

async fn closed() -> (Months, Value) {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(&months.world).await;
    let made = months.statement(months.month).await;
    (months, made)
}

#[actix_web::test]
async fn the_merchants_own_people_do_nothing_for_the_village_with_its_statement() {
    let (months, made) = closed().await;
    let world = &months.world;
    let account = months.fund_account(5_000).await;
    // Who runs the village stands at the till of the shop, too.
    months.db_works_for_the_shop("village-admin", "merchant_clerk");
    let (own, other, owner, officer) = (
        world.sign_in("village-admin").await,
        world.sign_in("village-admin-2").await,
        world.sign_in("merchant-owner").await,
        world.sign_in("town-officer").await,
    );
    let decisions = months.of(&made, "/decisions");
    let approve = json!({"decision": "approve"});
    own.post(&decisions, approve.clone()).await.expect_problem(403, "own_merchant");
    own.post(&months.of(&made, "/reckonings"), json!({})).await.expect_problem(403, "own_merchant");
    let text = json!({"text": "有一笔没有算进去。"});
    owner.post(&months.of(&made, "/disputes"), text.clone()).await.expect(201);
    let answers = months.of(&made, "/answers");
    own.post(&answers, text.clone()).await.expect_problem(403, "own_merchant");
    other.post(&answers, text).await.expect(201);
    other.post(&decisions, approve).await.expect(201);
    let back = json!({"decision": "take_back", "reason": "凭证有误"});
    own.post(&decisions, back).await.expect_problem(403, "own_merchant");
    months.agree(&made).await;
    let (payments, payment) = (months.of(&made, "/payments"), months.payment(&account));
    own.post(&payments, payment.clone()).await.expect_problem(403, "own_merchant");
    officer.post(&payments, payment).await.expect(201);
    let returned = json!({"cure": "returned", "reason": "银行退汇"});
    let proposals = months.of(&made, "/proposals");
    own.post(&proposals, returned.clone()).await.expect_problem(403, "own_merchant");
    officer.post(&proposals, returned).await.expect(201);
    let decide = months.of(&made, "/proposals/decisions");
    let refuse = json!({"decision": "refuse", "reason": "已到账"});
    own.post(&decide, refuse.clone()).await.expect_problem(403, "own_merchant");
    other.post(&decide, refuse).await.expect(201);
    let closing = months.of(&made, "/closing");
    own.post(&closing, json!({})).await.expect_problem(403, "own_merchant");
    owner.post(&closing, json!({})).await.expect(201);
}

#[actix_web::test]
async fn who_paid_does_not_say_that_it_arrived() {
    let (months, made) = closed().await;
    let account = months.fund_account(5_000).await;
    let other = months.world.sign_in("village-admin-2").await;
    months.approve(&made).await;
    months.agree(&made).await;
    other.post(&months.of(&made, "/payments"), months.payment(&account)).await.expect(201);
    let closing = months.of(&made, "/closing");
    other.post(&closing, json!({})).await.expect_problem(403, "checker_is_maker");
    let admin = months.world.sign_in("village-admin").await;
    assert_eq!(admin.post(&closing, json!({})).await.expect(201)["state"], "closed");
}

#[actix_web::test]
async fn nobody_pays_before_the_merchant_agreed_or_its_fifteen_days_are_over() {
    let (months, made) = closed().await;
    let account = months.fund_account(5_000).await;
    months.approve(&made).await;
    let (pay, body) = (months.of(&made, "/payments"), months.payment(&account));
    let other = months.world.sign_in("village-admin-2").await;
    other.post(&pay, body).await.expect_problem(409, "settlement_dispute_open");
    // An approval does not end the time that was promised: a dispute takes it back.
    let owner = months.world.sign_in("merchant-owner").await;
    let text = json!({"text": "有一笔没有算进去。"});
    let raised = owner.post(&months.of(&made, "/disputes"), text.clone()).await.expect(201);
    assert_eq!((&raised["state"], &raised["dispute"]), (&json!("open"), &json!("raised")));
    other.post(&months.of(&made, "/answers"), text).await.expect(201);
    months.approve(&made).await;
    months.world.clock.advance(15 * 86_400);
    let other = months.world.sign_in("village-admin-2").await;
    let body = months.payment(&account);
    assert_eq!(other.post(&pay, body).await.expect(201)["state"], "paid");
    let owner = months.world.sign_in("merchant-owner").await;
    let late = owner.post(&months.of(&made, "/agreement"), json!({})).await;
    late.expect_problem(409, "settlement_state");
}

#[actix_web::test]
async fn only_the_owner_agrees_and_once() {
    let (months, made) = closed().await;
    let path = months.of(&made, "/agreement");
    for key in ["village-admin", "merchant-clerk", "villager"] {
        let client = months.world.sign_in(key).await;
        client.post(&path, json!({})).await.expect_problem(404, "not_found");
    }
    assert_eq!(months.agree(&made).await["dispute"], "agreed");
    let owner = months.world.sign_in("merchant-owner").await;
    owner.post(&path, json!({})).await.expect_problem(409, "settlement_agreed");
}
