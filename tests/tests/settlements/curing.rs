//! What two people do where a statement cannot go on by itself.

use serde_json::{Value, json};
use testing::notices::{db_count, db_messages, db_run, tick};
use testing::settlements::Months;
use testing::shops::text;

/// Somebody proposes.
async fn propose(months: &Months, key: &str, made: &Value, cure: &str) -> testing::Answer {
    let body = json!({"cure": cure, "reason": "查无此凭证"});
    months.world.sign_in(key).await.post(&months.of(made, "/proposals"), body).await
}

/// Somebody decides.
async fn decide(months: &Months, key: &str, made: &Value, body: Value) -> testing::Answer {
    months.world.sign_in(key).await.post(&months.of(made, "/proposals/decisions"), body).await
}

#[actix_web::test]
async fn what_differs_is_settled_by_the_ledger_by_two_people_and_both_figures_stay() {
    let months = Months::begin().await;
    let world = &months.world;
    months.db_works_for_the_shop("neighbour", "merchant_owner");
    let wrong = months.buy("villager", 12_850).await;
    months.buy("villager", 2_500).await;
    let id = text(&wrong["purchase_id"]);
    db_run(world, format!("UPDATE purchases SET discount = 1100 WHERE id = '{id}'")).await;
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    assert_eq!((&made["state"], &made["due_fen"]), (&json!("differs"), &json!(1_300)));

    let approve = json!({"decision": "approve"});
    let nothing = decide(&months, "village-admin", &made, approve.clone()).await;
    nothing.expect_problem(409, "settlement_not_proposed");
    let wrong = propose(&months, "village-admin", &made, "returned").await;
    wrong.expect_problem(409, "settlement_state");
    propose(&months, "village-admin", &made, "by_ledger").await.expect(201);
    let again = propose(&months, "village-admin-2", &made, "by_ledger").await;
    again.expect_problem(409, "settlement_proposed");
    let alone = decide(&months, "village-admin", &made, approve.clone()).await;
    alone.expect_problem(403, "checker_is_maker");
    let why = json!({"decision": "refuse"});
    decide(&months, "village-admin-2", &made, why).await.expect_problem(422, "invalid");
    let no = json!({"decision": "refuse", "reason": "先查原始小票"});
    assert_eq!(decide(&months, "village-admin-2", &made, no).await.expect(201)["state"], "differs");
    propose(&months, "village-admin", &made, "by_ledger").await.expect(201);
    let settled = decide(&months, "village-admin-2", &made, approve).await.expect(201);
    assert_eq!((&settled["state"], &settled["due_fen"]), (&json!("open"), &json!(1_228)));
    assert_eq!(months.unpaid(), 1_228);

    let shown = months.statement(months.month).await;
    assert_eq!((&shown["net_fen"], &shown["ledger_net_fen"]), (&json!(1_228), &json!(1_228)));
    let sales = &shown["sales"];
    assert_eq!((&sales["owed_fen"], &sales["ledger_fen"]), (&json!(1_300), &json!(1_228)));
    assert_eq!(shown["reconciled"], false);
    let steps = months.steps(&made).await;
    let names: Vec<&str> = steps.iter().map(|step| text(&step["step"])).collect();
    assert_eq!(names, ["proposed", "refused", "proposed", "by_ledger"]);
    assert_eq!(steps[3]["text"], "查无此凭证");
    // The merchant reads what and why, the audit log has both figures.
    let owner = world.sign_in("neighbour").await;
    let told = owner.get("/v1/me/messages").await.expect(200);
    let told = told["items"].as_array().unwrap().clone();
    let told = told.iter().find(|one| one["kind"] == "settlement_by_ledger").expect("told");
    let words = text(&told["text"]);
    assert!(words.contains("应结金额12.28元") && words.contains("查无此凭证"), "{words}");
    let recorded = "SELECT count(*) FROM audit_log WHERE action = 'settlement_proposal_decide' \
        AND reason = '查无此凭证' AND detail->>'till_net_fen' = '1300' \
        AND detail->>'ledger_net_fen' = '1228'";
    assert_eq!(db_count(world, recorded).await, 1);

    // It is approved and paid as any other.
    let account = months.fund_account(5_000).await;
    assert_eq!(months.approve(&made).await["state"], "approved");
    months.agree(&made).await;
    let other = world.sign_in("village-admin-2").await;
    other.post(&months.of(&made, "/payments"), months.payment(&account)).await.expect(201);
    assert_eq!(months.balance(&account).await, 5_000 - 1_228);
}

#[actix_web::test]
async fn a_payment_that_never_arrived_goes_back_by_two_people_and_is_made_anew() {
    let months = Months::begin().await;
    let world = &months.world;
    months.db_works_for_the_shop("neighbour", "merchant_owner");
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    let account = months.fund_account(5_000).await;
    months.approve(&made).await;
    months.agree(&made).await;
    let payer = world.sign_in("village-admin-2").await;
    let (payments, payment) = (months.of(&made, "/payments"), months.payment(&account));
    payer.post(&payments, payment.clone()).await.expect(201);
    assert_eq!((months.balance(&account).await, months.unpaid()), (5_000 - 1_028, 0));

    propose(&months, "village-admin-2", &made, "returned").await.expect(201);
    let approve = json!({"decision": "approve"});
    let alone = decide(&months, "village-admin-2", &made, approve.clone()).await;
    alone.expect_problem(403, "checker_is_maker");
    let back = decide(&months, "village-admin", &made, approve).await.expect(201);
    assert_eq!(back["state"], "approved");
    assert_eq!((months.balance(&account).await, months.unpaid()), (5_000, 1_028));
    // The fund has a voucher that says which one it takes back, and why.
    let steps = months.steps(&made).await;
    let named = |name: &str| {
        let step = steps.iter().find(|step| step["step"] == name).expect("a step");
        text(&step["voucher_id"]).to_owned()
    };
    let path = world.village(&format!("fund/vouchers/{}", named("returned")));
    let voucher = payer.get(&path).await.expect(200);
    assert_eq!(voucher["kind"], "correction");
    assert_eq!(voucher["corrects_id"], named("paid"));
    assert_eq!(voucher["purpose"], "查无此凭证");
    assert_eq!(db_messages(world, "neighbour", "settlement_returned").await.len(), 1);

    payer.post(&payments, payment).await.expect(201);
    assert_eq!((months.balance(&account).await, months.unpaid()), (5_000 - 1_028, 0));
    // Once the merchant says that it came, nobody takes it back.
    propose(&months, "village-admin", &made, "returned").await.expect(201);
    let owner = world.sign_in("merchant-owner").await;
    owner.post(&months.of(&made, "/closing"), json!({})).await.expect(201);
    let late = decide(&months, "town-officer", &made, json!({"decision": "approve"})).await;
    late.expect_problem(409, "settlement_not_proposed");
    assert_eq!(months.balance(&account).await, 5_000 - 1_028);
}
