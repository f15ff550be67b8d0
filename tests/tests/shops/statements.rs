//! The monthly statement.

use chrono::{DateTime, Datelike, Months, Utc};
use domain::calendar::{day_of, start_of};
use serde_json::json;
use testing::World;
use testing::shops::{Till, db_star_credit, db_star_credit_in};

/// Moves the clock to one day before the end of the month; answers both months.
fn to_the_end_of_the_month(world: &World) -> (String, String) {
    let today = day_of(world.clock.now());
    let first = today.with_day(1).unwrap();
    let next = first.checked_add_months(Months::new(1)).unwrap();
    let noon: DateTime<Utc> = start_of(next) - chrono::Duration::hours(12);
    let seconds = (noon - world.clock.now()).num_seconds();
    if seconds > 0 {
        world.clock.advance(u32::try_from(seconds).unwrap());
    }
    (first.format("%Y-%m").to_string(), next.format("%Y-%m").to_string())
}

#[actix_web::test]
async fn a_statement_is_reconciled_and_a_refund_counts_in_the_month_it_is_made() {
    let world = World::new().await;
    let (this_month, next_month) = to_the_end_of_the_month(&world);
    db_star_credit(&world, 1, 4, 160_000);
    let other = world.demo.other_households[&1];
    db_star_credit_in(&world, world.demo.other_village, other, 5, 200_000);
    let (villager, stranger) =
        (world.sign_in("villager").await, world.sign_in("other-villager").await);
    let till = Till::open(&world).await;
    let returned = till.buy(&villager, 12_850).await;
    till.buy(&villager, 1_000).await;
    till.buy(&stranger, 10_000).await;
    world.clock.advance(86_400);
    let till = Till::open(&world).await;
    till.refund(&returned).await.expect(201);

    let owner = world.sign_in("merchant-owner").await;
    let path = |month: &str| till.path(&format!("statements/{month}"));
    let first = owner.get(&path(&this_month)).await.expect(200);
    assert_eq!(
        (&first["net_fen"], &first["reconciled"]),
        (&json!(1_028 + 80 + 1_000), &json!(true))
    );
    assert_eq!(first["villages"].as_array().unwrap().len(), 2);
    let line = first["villages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["village_name"] == "云岭村")
        .unwrap();
    assert_eq!(line["purchases"], json!({"count": 2, "price_fen": 13_850, "discount_fen": 1_108}));
    assert_eq!((&line["offset_fen"], &line["ledger_offset_fen"]), (&json!(1_108), &json!(1_108)));
    assert_eq!(line["refunds"]["count"], 0);

    let own = format!("{}?village_id={}", path(&next_month), world.demo.village);
    let second = owner.get(&own).await.expect(200);
    let line = &second["villages"][0];
    assert_eq!(line["refunds"], json!({"count": 1, "price_fen": 12_850, "discount_fen": 1_028}));
    assert_eq!((&line["net_fen"], &line["ledger_net_fen"]), (&json!(-1_028), &json!(-1_028)));
    assert_eq!(line["reconciled"], true);
}

#[actix_web::test]
async fn a_statement_that_does_not_fit_the_ledger_says_so() {
    use diesel::RunQueryDsl;
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    till.buy(&villager, 12_850).await;
    diesel::sql_query("UPDATE purchases SET discount = discount + 1")
        .execute(&mut world.connect())
        .unwrap();
    let owner = world.sign_in("merchant-owner").await;
    let month = day_of(world.clock.now()).format("%Y-%m");
    let statement = owner.get(&till.path(&format!("statements/{month}"))).await.expect(200);
    assert_eq!(statement["reconciled"], false);
    let lines = statement["villages"].as_array().unwrap();
    let line = lines.iter().find(|line| line["village_name"] == "云岭村").unwrap();
    assert_eq!((&line["offset_fen"], &line["ledger_offset_fen"]), (&json!(1_029), &json!(1_028)));
}

#[actix_web::test]
async fn cadres_see_the_line_of_their_village_and_clerks_none() {
    let world = World::new().await;
    let till = Till::open(&world).await;
    let month = day_of(world.clock.now()).format("%Y-%m");
    let path = till.path(&format!("statements/{month}"));
    let admin = world.sign_in("village-admin").await;
    let seen = admin.get(&path).await.expect(200);
    assert_eq!(seen["villages"].as_array().unwrap().len(), 1);
    assert_eq!(seen["villages"][0]["village_name"], "云岭村");
    let elsewhere = format!("{path}?village_id={}", world.demo.other_village);
    admin.get(&elsewhere).await.expect_problem(404, "not_found");
    let officer = world.sign_in("town-officer").await;
    assert_eq!(officer.get(&path).await.expect(200)["villages"].as_array().unwrap().len(), 2);
    for key in ["merchant-clerk", "villager", "stranger"] {
        world.sign_in(key).await.get(&path).await.expect_problem(404, "not_found");
    }
    let quarter = till.path("statements/2026-Q3");
    let owner = world.sign_in("merchant-owner").await;
    owner.get(&quarter).await.expect_problem(422, "cycle_wrong_kind");
    owner.get(&till.path("statements/October")).await.expect_problem(400, "bad_path");
}
