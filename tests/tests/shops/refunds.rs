//! Purchases that are taken back.

use serde_json::json;
use testing::World;
use testing::shops::{
    Till, assert_conserved, at_once, count, credit, db_agreement_ceiling, db_messages,
    db_star_credit, text,
};

#[actix_web::test]
async fn a_refund_gives_the_credit_back_by_a_reversal_and_frees_the_day() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    db_agreement_ceiling(&world, "account_daily_ceiling", 1_100);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let receipt = till.buy(&villager, 12_850).await;
    assert_eq!(till.buy(&villager, 12_850).await["discount_fen"], 72);
    let refunded = till.refund_with_key(&receipt, "refund-once").await.expect(201);
    assert_eq!(refunded["state"], "refunded");
    assert_eq!(refunded["credit_left_fen"], json!(null));
    let again = till.refund_with_key(&receipt, "refund-once").await.expect(201);
    assert_eq!(refunded, again);
    till.refund(&receipt).await.expect_problem(409, "purchase_state");
    assert_eq!(credit(&world, &villager, 1).await, 160_000 - 72);
    assert_eq!(till.buy(&villager, 12_850).await["discount_fen"], 1_028);
    assert_eq!(db_messages(&world, "purchase_refunded"), 2);
    let told = villager.get("/v1/me/messages").await.expect(200);
    let refund =
        told["items"].as_array().unwrap().iter().find(|m| m["kind"] == "purchase_refunded");
    assert!(text(&refund.unwrap()["text"]).contains("原因:"), "{told}");
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_refund_comes_in_time_and_from_the_shop_itself() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let (early, late) = (till.buy(&villager, 1_000).await, till.buy(&villager, 1_000).await);
    let path = till.path(&format!("purchases/{}/refunds", text(&early["purchase_id"])));
    let body = json!({"village_id": early["village_id"], "reason": "退"});
    villager.post(&path, body.clone()).await.expect_problem(404, "not_found");
    let elsewhere = json!({"village_id": world.demo.other_village, "reason": "退"});
    till.clerk.post(&path, elsewhere).await.expect_problem(404, "not_found");
    let silent = json!({"village_id": early["village_id"], "reason": ""});
    till.clerk.post(&path, silent).await.expect_problem(422, "invalid");
    world.clock.advance(7 * 86_400);
    let till = Till::open(&world).await;
    till.refund(&early).await.expect(201);
    world.clock.advance(86_400);
    let till = Till::open(&world).await;
    till.refund(&late).await.expect_problem(422, "refund_too_late");
    assert_conserved(&world);
}

#[actix_web::test]
async fn twenty_refunds_at_once_refund_once() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let receipt = till.buy(&villager, 12_850).await;
    let requests = (0..20).map(|n| {
        let (till, receipt) = (till.clone(), receipt.clone());
        async move { till.refund_with_key(&receipt, &format!("refund-{}", n % 10)).await }
    });
    let answers = at_once(requests).await;
    let done = answers.iter().filter(|a| a.status.as_u16() == 201).count();
    assert!((1..=2).contains(&done), "{done}");
    let refused =
        count(&answers, 409, "purchase_state") + count(&answers, 409, "idempotency_in_flight");
    assert_eq!(done + refused, 20);
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
    assert_conserved(&world);
}
