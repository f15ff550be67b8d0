//! Pausing and resuming.

use chrono::Days;
use domain::calendar::day_of;
use serde_json::json;
use testing::World;
use testing::alliance::shops_near;
use testing::shops::{Till, code_of, db_star_credit};

#[actix_web::test]
async fn a_paused_merchant_neither_scans_nor_sells_nor_is_listed_but_refunds() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let sold = till.buy(&villager, 1_000).await;
    let quote = till.quote(&villager).await;
    let owner = world.sign_in("merchant-owner").await;
    let (pause, resume) = (till.path("pause"), till.path("resumption"));
    let why = json!({"reason": "店面装修"});
    till.clerk.post(&pause, why.clone()).await.expect_problem(404, "not_found");
    villager.post(&pause, why.clone()).await.expect_problem(404, "not_found");
    owner.post(&resume, why.clone()).await.expect_problem(409, "not_paused");
    let paused = owner.post(&pause, why.clone()).await.expect(200);
    assert_eq!(paused["pause"]["by"], "merchant");
    assert_eq!(paused["pause"]["reason"], "店面装修");
    till.sell(&quote, 1_000).await.expect_problem(403, "merchant_paused");
    let code = code_of(&villager).await;
    till.scan(json!({"code": code})).await.expect_problem(403, "merchant_paused");
    assert!(shops_near(&world, "").await.is_empty());
    let listed = villager.get(&world.village("merchants")).await.expect(200);
    assert_eq!(listed["items"], json!([]));
    till.refund(&sold).await.expect(201);
    let open = owner.post(&resume, why).await.expect(200);
    assert_eq!(open["pause"], json!(null));
    till.scan(json!({"code": code})).await.expect(201);
    till.sell(&quote, 1_000).await.expect(201);
    assert_eq!(shops_near(&world, "").await.len(), 1);
}

#[actix_web::test]
async fn what_the_division_paused_the_owner_does_not_resume() {
    let world = World::new().await;
    let till = Till::open(&world).await;
    let (pause, resume) = (till.path("pause"), till.path("resumption"));
    let officer = world.sign_in("town-officer").await;
    let owner = world.sign_in("merchant-owner").await;
    let why = json!({"reason": "价格投诉核查"});
    let paused = officer.post(&pause, why.clone()).await.expect(200);
    assert_eq!(paused["pause"]["by"], "division");
    owner.post(&resume, why.clone()).await.expect_problem(403, "pause_of_division");
    owner.post(&pause, why.clone()).await.expect_problem(403, "pause_of_division");
    // The merchant is the town's: a village's own people have no say in it.
    let admin = world.sign_in("village-admin").await;
    admin.post(&resume, why.clone()).await.expect_problem(404, "not_found");
    officer.post(&resume, why).await.expect(200);
}

#[actix_web::test]
async fn a_pause_begins_on_its_first_day_and_is_over_by_itself() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let till = Till::open(&world).await;
    let owner = world.sign_in("merchant-owner").await;
    let pause = till.path("pause");
    let today = day_of(world.clock.now());
    let tomorrow = today + Days::new(1);
    let ask = |from, until| json!({"from": from, "until": until, "reason": "回乡过节"});
    let past = owner.post(&pause, ask(today - Days::new(1), tomorrow)).await;
    past.expect_problem(422, "pause_invalid");
    let backwards = owner.post(&pause, ask(tomorrow, today)).await;
    backwards.expect_problem(422, "pause_invalid");
    owner.post(&pause, ask(tomorrow, tomorrow)).await.expect(200);
    let scan = async || {
        let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
        till.scan(json!({"code": code_of(&villager).await})).await
    };
    scan().await.expect(201);
    world.clock.advance(86_400);
    scan().await.expect_problem(403, "merchant_paused");
    world.clock.advance(86_400);
    scan().await.expect(201);
}

#[actix_web::test]
async fn a_closed_merchant_is_neither_paused_nor_resumed() {
    let world = World::new().await;
    let till = Till::open(&world).await;
    let officer = world.sign_in("town-officer").await;
    let why = json!({"reason": "停业"});
    officer.post(&till.path("closing"), why.clone()).await.expect(200);
    for path in ["pause", "resumption"] {
        let refused = officer.post(&till.path(path), why.clone()).await;
        refused.expect_problem(403, "merchant_closed");
    }
}
