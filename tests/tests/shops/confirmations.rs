//! Purchases above the price from which the household confirms.

use serde_json::json;
use testing::World;
use testing::shops::{Till, assert_conserved, confirm, count, credit, db_messages, db_star_credit};

#[actix_web::test]
async fn nothing_moves_before_the_household_confirms() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let waiting = till.buy(&villager, 60_000).await;
    assert_eq!(waiting["state"], "awaiting_confirmation");
    assert!(waiting["confirm_until"].is_string());
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
    assert_eq!(db_messages(&world, "purchase_waits"), 2);
    for (key, status, code) in [
        ("neighbour", 404, "not_found"),
        ("merchant-clerk", 404, "not_found"),
        ("other-villager", 404, "not_found"),
        ("village-admin", 404, "not_found"),
    ] {
        let other = world.sign_in(key).await;
        confirm(&world, &other, &waiting).await.expect_problem(status, code);
    }
    till.refund(&waiting).await.expect_problem(409, "purchase_state");
    let son = world.sign_in("villager-son").await;
    let done = confirm(&world, &son, &waiting).await.expect(200);
    assert_eq!(done["state"], "completed");
    assert_eq!((&done["discount_fen"], &done["credit_left_fen"]), (&json!(4_800), &json!(155_200)));
    confirm(&world, &villager, &waiting).await.expect_problem(409, "purchase_state");
    assert_eq!(credit(&world, &villager, 1).await, 155_200);
    till.refund(&done).await.expect(201);
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_confirmation_comes_within_ten_minutes() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let waiting = till.buy(&villager, 60_000).await;
    world.clock.advance(601);
    confirm(&world, &villager, &waiting).await.expect_problem(409, "purchase_state");
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
}

#[actix_web::test]
async fn the_discount_shrinks_with_the_credit_that_was_spent_meanwhile() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 5_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let waiting = till.buy(&villager, 60_000).await;
    assert_eq!(waiting["discount_fen"], 4_800);
    till.buy(&villager, 25_000).await;
    let done = confirm(&world, &villager, &waiting).await.expect(200);
    assert_eq!(
        (&done["discount_fen"], &done["limited_by"]),
        (&json!(3_000), &json!("star_credit"))
    );
    assert_eq!(credit(&world, &villager, 1).await, 0);
    assert_conserved(&world);
}

#[actix_web::test]
async fn twenty_confirmations_at_once_move_credit_once() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let waiting = till.buy(&villager, 60_000).await;
    let id = waiting["purchase_id"].as_str().unwrap();
    let path = world.village(&format!("purchases/{id}/confirmation"));
    let requests = (0..20).map(|n| {
        let (villager, path) = (villager.clone(), path.clone());
        async move {
            let key = format!("confirmation-{}", n % 10);
            let request = villager.request(reqwest::Method::POST, &path);
            villager.send(request.header("idempotency-key", key)).await
        }
    });
    let answers = testing::shops::at_once(requests).await;
    let done = answers.iter().filter(|a| a.status.as_u16() == 200).count();
    assert!((1..=2).contains(&done), "{done}");
    let refused =
        count(&answers, 409, "purchase_state") + count(&answers, 409, "idempotency_in_flight");
    assert_eq!(done + refused, 20);
    assert_eq!(credit(&world, &villager, 1).await, 155_200);
    assert_conserved(&world);
}
