//! Purchases that a supervisor should look at.

use serde_json::{Value, json};
use testing::notices::{db_count, tick};
use testing::settlements::Months;
use testing::shops::text;

async fn listed(months: &Months, query: &str) -> Vec<Value> {
    let supervisor = months.world.sign_in("supervisor").await;
    let path = months.world.village(&format!("purchase-signals{query}"));
    supervisor.read(&path).await.expect(200)["items"].as_array().unwrap().clone()
}

/// The day after, when the day before is looked through.
async fn next_day(months: &Months) -> usize {
    let tomorrow = domain::calendar::day_of(months.world.clock.now()) + chrono::Duration::days(1);
    months.go_to(tomorrow, 2);
    tick(&months.world).await.signals
}

#[actix_web::test]
async fn a_day_that_crosses_lines_is_told_to_the_supervisor_and_to_nobody_else() {
    let months = Months::begin().await;
    tick(&months.world).await;
    let world = &months.world;
    // Four purchases, three of them round sums, at a place where that is odd; and one by somebody else.
    for price in [5_000, 10_000, 15_000, 1_234] {
        months.buy("villager", price).await;
    }
    months.buy("neighbour", 5_000).await;
    assert_eq!(next_day(&months).await, 2);
    // Looked through once.
    assert_eq!(tick(world).await.signals, 0);
    let all = listed(&months, "").await;
    let kinds: Vec<&str> = all.iter().map(|one| text(&one["kind"])).collect();
    assert!(kinds.contains(&"many_purchases") && kinds.contains(&"round_sums"), "{kinds:?}");
    let many = all.iter().find(|one| one["kind"] == "many_purchases").unwrap();
    assert_eq!((&many["count"], &many["line"]), (&json!(4), &json!(4)));
    assert_eq!(many["household_number"], "001");
    assert_eq!(many["price_fen"], 31_234);
    let words = text(&many["text"]);
    assert!(words.contains("购物4次,达到提示线4次") && words.contains("共312.34元"), "{words}");
    for key in ["village-admin", "town-officer", "county-operator", "merchant-owner", "villager"] {
        let client = world.sign_in(key).await;
        client.read(&world.village("purchase-signals")).await.expect_problem(404, "not_found");
    }
    let supervisor = world.sign_in("supervisor").await;
    let path = world.village("purchase-signals");
    supervisor.get(&path).await.expect_problem(403, "reason_required");
    // Who is on no roster has no messages, and nothing is blocked.
    let told = "SELECT count(*) FROM messages WHERE kind LIKE '%signal%'";
    assert_eq!(db_count(world, told).await, 0);
    months.go_to(domain::calendar::day_of(world.clock.now()), 10);
    months.buy("villager", 5_000).await;
}

#[actix_web::test]
async fn prices_at_the_ceiling_and_purchases_at_night_are_signals() {
    let months = Months::begin().await;
    tick(&months.world).await;
    testing::shops::db_agreement_ceiling(&months.world, "price_ceiling", 20_000);
    months.go_to(domain::calendar::day_of(months.world.clock.now()), 23);
    for price in [19_001, 20_000] {
        months.buy("neighbour", price).await;
    }
    assert_eq!(next_day(&months).await, 2);
    let all = listed(&months, "").await;
    let kinds: std::collections::BTreeSet<&str> =
        all.iter().map(|one| text(&one["kind"])).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["at_ceiling", "night_hours"]);
    assert!(all.iter().all(|one| one["count"] == 2));
}

#[actix_web::test]
async fn a_finding_is_written_once_by_a_supervisor() {
    let months = Months::begin().await;
    tick(&months.world).await;
    for _ in 0..4 {
        months.buy("villager", 1_234).await;
    }
    next_day(&months).await;
    let signal = listed(&months, "?open=true").await.remove(0);
    let path = format!("purchase-signals/{}/findings", text(&signal["signal_id"]));
    let path = months.world.village(&path);
    let finding = json!({"finding": "explained", "text": "办酒席,分几次采购。"});
    let admin = months.world.sign_in("village-admin").await;
    admin.post(&path, finding.clone()).await.expect_problem(404, "not_found");
    let supervisor = months.world.sign_in("supervisor").await;
    let written = supervisor.post_with_key(&path, finding.clone(), "finding-1").await.expect(201);
    assert_eq!(written["finding"], "explained");
    let again = supervisor.post_with_key(&path, finding.clone(), "finding-1").await.expect(201);
    assert_eq!(again, written);
    supervisor.post(&path, finding).await.expect_problem(409, "signal_found");
    assert!(listed(&months, "?open=true").await.is_empty());
    let found = listed(&months, "?open=false").await.remove(0);
    assert_eq!(found["finding_text"], "办酒席,分几次采购。");
}

#[actix_web::test]
async fn those_above_the_village_set_the_lines_within_bounds() {
    let months = Months::begin().await;
    tick(&months.world).await;
    let world = &months.world;
    let path = world.village("signal-lines");
    let officer = world.sign_in("town-officer").await;
    let mut shown = officer.get(&path).await.expect(200);
    assert!(shown["set_at"].is_null());
    let mut lines = shown["lines"].take();
    assert_eq!((&lines["many"], &lines["round_fen"]), (&json!(4), &json!(5_000)));
    lines["many"] = json!(2);
    for key in ["village-admin", "supervisor"] {
        let client = world.sign_in(key).await;
        let refused = client.put(&path, lines.clone()).await;
        assert!([403, 404].contains(&refused.status.as_u16()), "{key}");
    }
    let set = officer.put(&path, lines.clone()).await.expect(200);
    assert_eq!(set["lines"], lines);
    lines["many"] = json!(51);
    officer.put(&path, lines.clone()).await.expect_problem(422, "invalid");
    lines["many"] = json!(2);
    lines["night_until"] = lines["night_from"].clone();
    officer.put(&path, lines).await.expect_problem(422, "signal_lines_invalid");
    months.buy("villager", 1_234).await;
    months.buy("villager", 1_235).await;
    assert_eq!(next_day(&months).await, 1);
    assert_eq!(listed(&months, "").await[0]["line"], 2);
}
