//! Computing a cycle.

use super::{computed, own_path, pass, text};
use chrono::Days;
use domain::ledger::Purse;
use serde_json::{Value, json};
use testing::World;
use testing::ratings::{
    compute, db_adopt, db_entry, db_residence, db_score_entry, last_quarter, line_of, lines, vote,
};

#[actix_web::test]
async fn the_cycles_entries_make_the_star_to_the_hundredth() {
    let world = World::new().await;
    let (cycle, homes) = (last_quarter(&world), &world.demo.households);
    let (first, last) = (cycle.first_day(), cycle.last_day());
    db_score_entry(&world, homes[&1], "40", first);
    db_score_entry(&world, homes[&1], "-5", last);
    db_score_entry(&world, homes[&2], "34.99", first);
    db_score_entry(&world, homes[&3], "-0.01", last);
    // Not of this cycle, or not of this purse.
    db_score_entry(&world, homes[&4], "50", first - Days::new(1));
    db_score_entry(&world, homes[&4], "50", last + Days::new(1));
    db_entry(&world, homes[&4], Purse::Points, "50", first, world.clock.now());
    let rating = computed(&world).await;
    let admin = world.sign_in("village-admin").await;
    let lines = lines(&admin, &rating).await;
    assert_eq!(lines.len(), homes.len());
    for (number, rank, score, stars) in
        [("001", 1, "95", 5), ("002", 2, "94.99", 4), ("004", 3, "60", 1), ("003", 13, "59.99", 0)]
    {
        let line = line_of(&lines, number);
        assert_eq!(line["score"], score, "{number}");
        assert_eq!((&line["rank"], &line["stars"]), (&json!(rank), &json!(stars)), "{number}");
        assert_eq!((&line["excluded"], &line["state"]), (&Value::Null, &json!("pending")));
    }
    assert_eq!(lines[0]["name"], "王秀英");
    let shown = admin.get(&rating).await.expect(200);
    let counts = json!([
        {"stars": 5, "accounts": 1}, {"stars": 4, "accounts": 1}, {"stars": 1, "accounts": 10},
        {"stars": 0, "accounts": 1},
    ]);
    assert_eq!((&shown["stars"], &shown["excluded"]), (&counts, &json!(0)));
    assert_eq!(shown["now_at"], json!({"name": "民主评议", "role": "panel_member", "quorum": 3}));
}

#[actix_web::test]
async fn a_household_without_a_resident_is_left_out_and_told_why() {
    let world = World::new().await;
    let people = &world.demo.villagers;
    // Her son stays, so the first household is rated; in the second nobody stays.
    db_residence(&world, people["villager"], "moved_away");
    db_residence(&world, people["neighbour"], "open_legal_case");
    db_residence(&world, people["new-villager"], "student");
    db_score_entry(&world, world.demo.households[&2], "40", last_quarter(&world).first_day());
    let rating = computed(&world).await;
    let lines = lines(&world.sign_in("panel-1").await, &rating).await;
    assert_eq!(line_of(&lines, "001")["stars"], 1);
    let left_out = lines.last().expect("lines");
    assert_eq!((&left_out["household_number"], &left_out["rank"]), (&json!("002"), &Value::Null));
    assert_eq!((&left_out["score"], &left_out["stars"]), (&json!("100"), &json!(0)));
    pass(&world, &rating).await;
    let own = world.sign_in("neighbour").await.get(&own_path(&world, 2)).await.expect(200);
    let line = &own["items"][0]["accounts"][0];
    assert_eq!(line["excluded"], "no_resident");
    assert!(text(&line["excluded_words"]).contains("没有在村常住"), "{line}");
    // Who comes back later does not change what was rated.
    db_residence(&world, people["neighbour"], "resident");
    let panel = world.sign_in("panel-1").await;
    let again = panel.get(&format!("{rating}/recomputation")).await.expect(200);
    assert_eq!(again["same"], true);
}

#[actix_web::test]
async fn a_cycle_is_rated_when_it_is_over_and_as_long_as_the_book_says() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let this = last_quarter(&world).next_first_day();
    let quarter = domain::calendar::CycleKind::Quarter.holding(this).to_string();
    for (cycle, code) in [
        (quarter.as_str(), "cycle_not_over"),
        ("2026-07", "cycle_wrong_kind"),
        ("1999-Q1", "no_rule_book"),
        ("2026-Q5", "invalid"),
        ("Q3", "invalid"),
    ] {
        let answer = admin.post(&world.village("ratings"), json!({"cycle": cycle})).await;
        answer.expect_problem(422, code);
    }
    let request = admin.request(reqwest::Method::POST, &world.village("ratings"));
    let answer = admin.send(request.json(&json!({"cycle": "2026-Q3"}))).await;
    answer.expect_problem(400, "idempotency_key_missing");
    assert_eq!(admin.get(&world.village("ratings")).await.expect(200)["items"], json!([]));
}

#[actix_web::test]
async fn the_book_in_force_on_the_cycles_last_day_judges() {
    let world = World::new().await;
    let cycle = last_quarter(&world);
    let raise = |book: &mut domain::rule_book::RuleBook| {
        book.base_score = "90".parse().expect("points");
    };
    // Too late for this cycle.
    db_adopt(&world, world.demo.village, cycle.next_first_day(), raise);
    let rating = computed(&world).await;
    let admin = world.sign_in("village-admin").await;
    assert_eq!(line_of(&lines(&admin, &rating).await, "001")["score"], "60");
    vote(&world, "panel-1", &rating, "return").await.expect(201);
    db_adopt(&world, world.demo.village, cycle.last_day(), raise);
    let rating = computed(&world).await;
    assert_eq!(line_of(&lines(&admin, &rating).await, "001")["score"], "90");
}

#[actix_web::test]
async fn several_at_once_rate_a_cycle_once() {
    let world = World::new().await;
    let cycle = last_quarter(&world);
    let answers = tokio::join!(
        compute(&world, "village-admin", cycle),
        compute(&world, "village-admin-2", cycle),
        compute(&world, "town-officer", cycle),
        compute(&world, "village-admin", cycle),
    );
    let answers = [answers.0, answers.1, answers.2, answers.3];
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let told = answers.iter().filter(|answer| answer.code() == "cycle_rated").count();
    assert_eq!((made, told), (1, 3), "{answers:?}");
}

#[actix_web::test]
async fn a_double_tap_computes_once() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let (path, body) =
        (world.village("ratings"), json!({"cycle": last_quarter(&world).to_string()}));
    let tap = || admin.post_with_key(&path, body.clone(), "the-same-tap");
    let (one, two) = tokio::join!(tap(), tap());
    for answer in [&one, &two] {
        let fine = answer.status == 201 || answer.code() == "idempotency_in_flight";
        assert!(fine, "{answer:?}");
    }
    let first = tap().await.expect(201);
    assert_eq!(tap().await.expect(201), first);
    let list = admin.get(&path).await.expect(200);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    let other = admin.post_with_key(&path, json!({"cycle": "2020-Q1"}), "the-same-tap").await;
    other.expect_problem(422, "idempotency_mismatch");
}
