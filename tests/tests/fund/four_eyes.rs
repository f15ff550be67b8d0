//! A second account of the same villager is no second person.

use infra::demo::PEOPLE;
use serde_json::json;
use testing::fund::{account, brakes_by, decide, voucher};
use testing::notices::tick;
use testing::payouts::{dividend_in, earned, fund, in_effect};
use testing::settlements::Months;
use testing::{Client, World};

/// Somebody whom the town made an administrator: the role is the villager's, whoever is bound to them.
const CADRE: &str = "neighbour";

async fn appointed(world: &World) -> Client {
    let officer = world.sign_in("town-officer").await;
    let path = format!("/v1/divisions/{}/role-grants", world.demo.village);
    let body = json!({
        "role": "village_admin", "villager_id": world.villager_id(CADRE), "reason": "村民代表大会推选",
    });
    officer.post(&path, body).await.expect(201);
    world.sign_in(CADRE).await
}

/// A colleague ends the binding, and the same villager signs in with another account of WeChat.
async fn second_account(world: &World) -> Client {
    let colleague = world.sign_in("village-admin-2").await;
    let path = world.village(&format!("villagers/{}/unbinding", world.villager_id(CADRE)));
    colleague.post(&path, json!({"reason": "换了微信号"})).await.expect(204);
    let name = PEOPLE.iter().find(|person| person.key == CADRE).expect("a person").name;
    let client = world.newcomer().await;
    let by = json!({"method": "name", "name": name, "id_last_six": world.last_six(CADRE)});
    client.post("/v1/me/bindings", by).await.expect(201);
    client
}

#[actix_web::test]
async fn nobody_ends_their_own_binding_and_a_colleague_may() {
    let world = World::new().await;
    let first = appointed(&world).await;
    let path = world.village(&format!("villagers/{}/unbinding", world.villager_id(CADRE)));
    let body = json!({"reason": "换了微信号"});
    first.post(&path, body).await.expect_problem(403, "own_household");
    let other =
        world.village(&format!("villagers/{}/unbinding", world.villager_id("villager-son")));
    first.post(&other, json!({"reason": "认领错了"})).await.expect(204);
    second_account(&world).await;
}

#[actix_web::test]
async fn a_voucher_is_not_booked_by_a_second_account_of_who_prepared_it() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let first = appointed(&world).await;
    let body = voucher(&world, &fund, json!({}));
    let made = first.post(&world.village("fund/vouchers"), body).await.expect(201);
    let id = made["id"].as_str().unwrap();
    let second = second_account(&world).await;
    let path = world.village(&format!("fund/vouchers/{id}/decisions"));
    let book = json!({"verdict": "book"});
    second.post(&path, book.clone()).await.expect_problem(403, "checker_is_maker");
    let refuse = json!({"verdict": "refuse", "reason": "重复"});
    second.post(&path, refuse).await.expect_problem(403, "checker_is_maker");
    decide(&world, "town-officer", id, book).await.expect(201);
}

#[actix_web::test]
async fn a_statement_and_a_brake_are_not_confirmed_by_a_second_account() {
    let world = World::new().await;
    let first = appointed(&world).await;
    let drawn = first.post(&world.village("fund/statements"), json!({"period": "2019"})).await;
    let drawn = drawn.expect(201)["statement"]["id"].as_str().unwrap().to_owned();
    let brake = world.village("fund/brake");
    let policy = json!({
        "warn_below_bp": 10_000, "brake_below_bp": 5_000, "issued_bp": 4_000, "notice_days": 7,
    });
    let proposed = first.put(&brake, policy.clone()).await.expect(200);
    let second = second_account(&world).await;
    let hang = world.village(&format!("fund/statements/{drawn}/publication"));
    second.post(&hang, json!({"days": 7})).await.expect_problem(403, "checker_is_maker");
    let confirm = json!({"policy_id": proposed["policy_id"]});
    let path = format!("{brake}/confirmation");
    second.post(&path, confirm).await.expect_problem(403, "checker_is_maker");
    let officer = world.sign_in("town-officer").await;
    officer.post(&hang, json!({"days": 7})).await.expect(201);
    brakes_by(&world, policy).await;
}

#[actix_web::test]
async fn a_dividend_is_not_paid_by_a_second_account_of_who_prepared_it() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 2)]).await;
    let account = fund(&world, 100_000).await;
    let first = appointed(&world).await;
    let made = first.post(&world.village("dividends"), dividend_in(day, 600)).await.expect(201);
    let payout = world.village(&format!("payouts/{}", made["id"].as_str().unwrap()));
    in_effect(&world, &payout).await;
    let second = second_account(&world).await;
    let body = json!({"fund_account_id": account, "document": "支2026-009"});
    let path = format!("{payout}/payments");
    second.post(&path, body.clone()).await.expect_problem(403, "checker_is_maker");
    world.sign_in("village-admin-2").await.post(&path, body).await.expect(201);
}

#[actix_web::test]
async fn a_settlement_is_not_paid_by_a_second_account_of_who_approved_it() {
    let months = Months::begin().await;
    let world = &months.world;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    let account = months.fund_account(5_000).await;
    let first = appointed(world).await;
    let approve = json!({"decision": "approve"});
    first.post(&months.of(&made, "/decisions"), approve).await.expect(201);
    let owner = world.sign_in("merchant-owner").await;
    owner.post(&months.of(&made, "/agreement"), json!({})).await.expect(201);
    let second = second_account(world).await;
    let body = json!({
        "fund_account_id": account, "document": "付字18号",
        "paid_on": domain::calendar::day_of(world.clock.now()),
    });
    let path = months.of(&made, "/payments");
    second.post(&path, body.clone()).await.expect_problem(403, "checker_is_maker");
    world.sign_in("village-admin-2").await.post(&path, body).await.expect(201);
}
