//! A month becomes a statement, and every purchase is in exactly one.

use diesel::connection::SimpleConnection;
use domain::actor::{Actor, Grant, Role, Scope};
use domain::calendar::start_of;
use domain::id::PurchaseId;
use domain::refusal::Refusal;
use infra::error::Error;
use infra::idempotency::Once;
use infra::purchases::{self, Refund};
use serde_json::json;
use testing::notices::{db_count, db_run, tick, tick_at};
use testing::settlements::Months;
use testing::shops::{assert_conserved, text};
use uuid::Uuid;

#[actix_web::test]
async fn a_month_is_closed_an_hour_after_it_is_over_and_its_lines_are_traced_to_entries() {
    let months = Months::begin().await;
    let bought = [
        months.buy("villager", 12_850).await,
        months.buy("neighbour", 10_000).await,
        months.buy("villager", 2_500).await,
    ];
    months.refund(&bought[2]).await;
    let midnight = start_of(months.next().first_day());
    months.world.advance_to(midnight + chrono::Duration::minutes(58));
    assert_eq!(tick(&months.world).await.statements, 0);
    months.go_to_close(months.month);
    assert_eq!(tick(&months.world).await.statements, 1);
    assert_eq!(tick(&months.world).await.statements, 0);

    let made = months.statement(months.month).await;
    assert_eq!(made["party"], "merchant");
    assert_eq!(made["sales"]["count"], 3);
    assert_eq!(made["sales"]["price_fen"], 25_350);
    // 8 % of 128.50 and of 25, 4 % of 100, each rounded down.
    assert_eq!(made["sales"]["owed_fen"], 1_028 + 400 + 200);
    assert_eq!(made["sales"]["ledger_fen"], 1_628);
    assert_eq!(made["refunds"]["owed_fen"], 200);
    assert_eq!(made["refunds"]["ledger_fen"], 200);
    assert_eq!((&made["net_fen"], &made["due_fen"]), (&json!(1_428), &json!(1_428)));
    assert_eq!((&made["state"], &made["reconciled"]), (&json!("open"), &json!(true)));

    let owner = months.world.sign_in("merchant-owner").await;
    let lines = months.lines(&owner, &made, 1).await;
    assert_eq!(lines.len(), 4);
    assert_eq!(lines, months.lines(&owner, &made, 100).await);
    let signed = |line: &serde_json::Value| {
        let owed = line["owed_fen"].as_i64().unwrap();
        if line["kind"] == "refund" { -owed } else { owed }
    };
    assert_eq!(lines.iter().map(signed).sum::<i64>(), 1_428);
    // Each names its entry, and the entry says the same.
    for line in &lines {
        let entry = text(&line["entry_id"]);
        let query = format!(
            "SELECT abs(amount) AS count FROM entries WHERE id = '{entry}' \
             AND source_id = '{}'",
            text(&line["of_id"])
        );
        let amount = db_count(&months.world, query.leak()).await;
        assert_eq!(line["owed_fen"], amount);
    }
    // No line says whose purchase it was.
    assert!(!json!(lines).to_string().contains(&months.world.demo.households[&1].to_string()));
    assert_conserved(&months.world);
}

#[actix_web::test]
async fn a_refund_across_the_end_of_a_month_lowers_the_month_of_the_refund() {
    let months = Months::begin().await;
    months.go_to(months.day(28), 10);
    let bought = months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    assert_eq!(tick(&months.world).await.statements, 1);
    months.buy("villager", 2_500).await;
    months.refund(&bought).await;
    months.go_to_close(months.next());
    tick(&months.world).await;
    let first = months.statement(months.month).await;
    assert_eq!((&first["net_fen"], &first["due_fen"]), (&json!(1_028), &json!(1_028)));
    let second = months.statement(months.next()).await;
    assert_eq!(second["net_fen"], 200 - 1_028);
    assert_eq!(second["due_fen"], 0);
    assert_eq!(second["carried_out_fen"], -828);
    // A month without any purchase still carries it on, and the next one is lowered by it.
    let third = domain::calendar::CycleKind::Month.holding(months.next().next_first_day());
    months.go_to_close(third);
    tick(&months.world).await;
    let empty = months.statement(third).await;
    assert_eq!((&empty["carried_in_fen"], &empty["carried_out_fen"]), (&json!(-828), &json!(-828)));
    months.buy("villager", 20_000).await;
    let fourth = domain::calendar::CycleKind::Month.holding(third.next_first_day());
    months.go_to_close(fourth);
    tick(&months.world).await;
    let last = months.statement(fourth).await;
    assert_eq!((&last["net_fen"], &last["due_fen"]), (&json!(1_600), &json!(772)));
}

#[actix_web::test]
async fn who_commits_late_keeps_the_month_open_until_it_is_in_it() {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    // Another till's purchase of the last moment, which has not committed when the month is closed. It
    // was merchant-funded, so that nothing else is to be written with it.
    let mut late = months.world.connect();
    late.batch_execute(&format!("BEGIN; {}", late_purchase(&months))).expect("a purchase");
    months.go_to_close(months.month);
    assert_eq!(tick(&months.world).await.statements, 0);
    late.batch_execute("COMMIT").expect("committed");
    assert_eq!(tick(&months.world).await.statements, 1);
    let made = months.statement(months.month).await;
    assert_eq!((&made["sales"]["count"], &made["sales"]["given_fen"]), (&json!(2), &json!(100)));
    // Once it is closed nothing is added to it.
    let refused = late.batch_execute(&late_purchase(&months)).unwrap_err();
    assert!(refused.to_string().contains("the month is closed"), "{refused}");
    let admin = months.world.sign_in("village-admin").await;
    let path = months.world.village(&format!("settlements/check?month={}", months.month));
    assert_eq!(admin.get(&path).await.expect(200)["agrees"], true);
}

/// A purchase of the last moment of the month, as SQL.
fn late_purchase(months: &Months) -> String {
    let at = months.last_moment().to_rfc3339();
    let id = Uuid::now_v7();
    format!(
        "INSERT INTO quotes SELECT (q).* FROM (SELECT jsonb_populate_record(q, \
             jsonb_build_object('id', '{id}')) AS q FROM quotes AS q LIMIT 1) AS one; \
         INSERT INTO purchases SELECT (p).* FROM (SELECT jsonb_populate_record(p, \
             jsonb_build_object('id', '{id}', 'quote_id', '{id}', 'made_at', '{at}', \
             'completed_at', '{at}', 'bearer', 'merchant_funded', 'discount', 100, \
             'entry_id', NULL)) AS p FROM purchases AS p LIMIT 1) AS one"
    )
}

#[actix_web::test]
async fn a_request_from_before_midnight_that_comes_after_the_close_is_refused_and_done_in_the_next_month()
 {
    let months = Months::begin().await;
    months.go_to(months.day(28), 10);
    let bought = months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    assert_eq!(tick(&months.world).await.statements, 1);
    // A process that stood still for an hour wants to write a refund of the last moment.
    let (world, moment) = (&months.world, months.last_moment());
    let merchant = world.demo.merchant;
    let actor = Actor {
        user: world.user_id("merchant-owner"),
        membership: None,
        grants: vec![Grant { role: Role::MerchantOwner, scope: Scope::Merchant(merchant) }],
    };
    let asked = Refund {
        merchant,
        village: world.demo.village,
        purchase: PurchaseId(text(&bought["purchase_id"]).parse().unwrap()),
        reason: "商品有瑕疵".into(),
    };
    let once = Once { user: actor.user, key: "late-refund".into(), request_hash: vec![1] };
    let late = purchases::refund(&world.db, &actor, &asked, &once, moment);
    assert!(matches!(late, Err(Error::Refused(Refusal::MonthClosed))), "{late:?}");
    assert_conserved(world);
    let done = purchases::refund(&world.db, &actor, &asked, &once, world.clock.now());
    done.expect("a refund of this moment");
    assert_conserved(world);
    months.go_to_close(months.next());
    tick(world).await;
    assert_eq!(months.statement(months.month).await["refunds"]["count"], 0);
    assert_eq!(months.statement(months.next()).await["refunds"]["count"], 1);
}

#[actix_web::test]
async fn a_village_closes_its_month_by_hand_once_and_not_before_the_time() {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    let path = months.world.village("settlements/closings");
    let body = json!({"month": months.month.to_string()});
    let admin = months.world.sign_in("village-admin").await;
    admin.post(&path, body.clone()).await.expect_problem(422, "settlement_too_early");
    admin.post(&path, json!({"month": "2026-Q1"})).await.expect_problem(422, "cycle_wrong_kind");
    months.go_to_close(months.month);
    let admin = months.world.sign_in("village-admin").await;
    let done = admin.post_with_key(&path, body.clone(), "close-it").await.expect(201);
    // The months before it had nothing to state.
    assert_eq!(done["statements"], 1);
    assert_eq!(admin.post_with_key(&path, body.clone(), "close-it").await.expect(201), done);
    let again = admin.post(&path, body).await.expect(201);
    assert_eq!((&again["months"], &again["statements"]), (&json!(0), &json!(0)));
    assert_eq!(tick(&months.world).await.statements, 0);
    // Who had it closed does not approve what came of it.
    let made = months.statement(months.month).await;
    let decide = months.of(&made, "/decisions");
    let approve = json!({"decision": "approve"});
    admin.post(&decide, approve.clone()).await.expect_problem(403, "checker_is_maker");
    let other = months.world.sign_in("village-admin-2").await;
    other.post(&decide, approve).await.expect(201);
}

#[actix_web::test]
async fn a_merchant_sees_its_own_statements_and_a_village_those_of_its_shops() {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(&months.world).await;
    let world = &months.world;
    let made = months.statement(months.month).await;
    let own = format!("/v1/merchants/{}/settlements", world.demo.merchant);
    let owner = world.sign_in("merchant-owner").await;
    let seen = owner.get(&own).await.expect(200);
    assert_eq!(seen["items"], json!([made]));
    owner.get(&months.of(&made, "")).await.expect(200);
    world.sign_in("merchant-clerk").await.get(&own).await.expect_problem(404, "not_found");
    for key in ["villager", "other-admin", "stranger", "merchant-clerk"] {
        let client = world.sign_in(key).await;
        client.get(&months.of(&made, "")).await.expect_problem(404, "not_found");
        client.get(&world.village("settlements")).await.expect_problem(404, "not_found");
    }
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&months.of(&made, "")).await.expect_problem(403, "reason_required");
    supervisor.read(&months.of(&made, "/lines")).await.expect(200);
}

#[actix_web::test]
async fn a_worker_that_was_away_for_months_closes_one_after_the_other() {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    months.go_to(months.next().first_day() + chrono::Duration::days(4), 10);
    months.buy("villager", 10_000).await;
    let later = months.world.clock.now() + chrono::Duration::days(100);
    assert_eq!(tick_at(&months.world, later).await.statements, 2);
    months.world.advance_to(later);
    assert_eq!(months.statement(months.month).await["due_fen"], 1_028);
    assert_eq!(months.statement(months.next()).await["due_fen"], 800);
}

#[actix_web::test]
async fn what_was_approved_stays_and_no_statement_goes() {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(&months.world).await;
    let made = months.statement(months.month).await;
    let admin = months.world.sign_in("village-admin").await;
    admin.post(&months.of(&made, "/decisions"), json!({"decision": "approve"})).await.expect(201);
    let mut outside = months.world.connect();
    for change in ["UPDATE settlements SET due = due + 1, net = net + 1", "DELETE FROM settlements"]
    {
        let refused = outside.batch_execute(change).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
    // Figures that do not add up are refused whatever the state.
    db_run(&months.world, "UPDATE settlements SET state = 'open', approved_by = NULL".into()).await;
    let refused = outside.batch_execute("UPDATE settlements SET due = due + 1").unwrap_err();
    assert!(refused.to_string().contains("settlements_balance_adds_up"), "{refused}");
}
