//! Till, ledger and statement say the same to the fen, or nobody pays.

use serde_json::{Value, json};
use testing::notices::{db_messages, db_run, tick};
use testing::settlements::Months;
use testing::shops::text;

async fn check(months: &Months) -> Value {
    let admin = months.world.sign_in("village-admin").await;
    let path = format!("settlements/check?month={}", months.month);
    admin.get(&months.world.village(&path)).await.expect(200)
}

#[actix_web::test]
async fn a_month_agrees_before_it_is_over_and_after() {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    let during = check(&months).await;
    assert_eq!(during["agrees"], true);
    assert_eq!(during["parties"][0]["sales"]["owed_fen"], 1_028);
    assert!(during["parties"][0]["settlement_id"].is_null());
    months.go_to_close(months.month);
    tick(&months.world).await;
    let after = check(&months).await;
    assert_eq!(after["agrees"], true);
    assert_eq!(after["parties"][0]["settlement_net_fen"], 1_028);
}

#[actix_web::test]
async fn a_till_that_says_more_than_the_ledger_is_found_told_and_not_paid() {
    let months = Months::begin().await;
    let world = &months.world;
    let wrong = months.buy("villager", 12_850).await;
    months.buy("villager", 2_500).await;
    let id = text(&wrong["purchase_id"]).to_owned();
    // Somebody with the database's password helps a shop.
    db_run(world, format!("UPDATE purchases SET discount = 1100 WHERE id = '{id}'")).await;
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    assert_eq!((&made["state"], &made["reconciled"]), (&json!("differs"), &json!(false)));
    assert_eq!(
        (&made["sales"]["owed_fen"], &made["sales"]["ledger_fen"]),
        (&json!(1_300), &json!(1_228))
    );
    let admin = world.sign_in("village-admin").await;
    let decide = months.of(&made, "/decisions");
    let approve = json!({"decision": "approve"});
    admin.post(&decide, approve).await.expect_problem(409, "settlement_differs");
    // Those who run the village are told, with the purchase that differs.
    let told = db_messages(world, "village-admin", "settlement_differs").await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["lines"], &told[0]["line_ids"]), (&json!(1), &json!([id])));
    let checked = check(&months).await;
    assert_eq!(checked["agrees"], false);
    let lines = json!([{"of_id": id, "refund": false, "till": 1_100, "ledger": 1_028}]);
    assert_eq!(checked["parties"][0]["differences"], lines);
    // The supervisor sees it in the list, and with the reason.
    let supervisor = world.sign_in("supervisor").await;
    let listed = supervisor.read(&world.village("settlements?state=differs")).await.expect(200);
    assert_eq!(listed["items"][0]["settlement_id"], made["settlement_id"]);

    // To reckon it anew changes nothing; what does, says curing.rs.
    let reckon = months.of(&made, "/reckonings");
    assert_eq!(admin.post(&reckon, json!({})).await.expect(201)["state"], "differs");
    assert_eq!(check(&months).await["agrees"], false);
}

#[actix_web::test]
async fn what_a_later_statement_goes_on_from_is_not_reckoned_anew() {
    let months = Months::begin().await;
    let world = &months.world;
    months.go_to(months.day(28), 10);
    let bought = months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(world).await;
    months.refund(&bought).await;
    months.go_to_close(months.next());
    tick(world).await;
    months.go_to_close(domain::calendar::CycleKind::Month.holding(months.next().next_first_day()));
    tick(world).await;
    let second = months.statement(months.next()).await;
    assert_eq!(second["carried_out_fen"], -1_028);
    let id = text(&bought["purchase_id"]);
    months.db_tamper(&format!("UPDATE purchases SET discount = 1000 WHERE id = '{id}'"));
    let admin = world.sign_in("village-admin").await;
    let path = months.of(&second, "/reckonings");
    admin.post(&path, json!({})).await.expect_problem(409, "settlement_followed");
}

#[actix_web::test]
async fn an_entry_without_its_purchase_is_found() {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    months.db_tamper("DELETE FROM purchases");
    let checked = check(&months).await;
    assert_eq!(checked["agrees"], false);
    assert_eq!(checked["orphan_entry_ids"].as_array().unwrap().len(), 1);
}
