//! Ratings: from the cycle's entries to a list on the notice board.

use chrono::{DateTime, Days, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use domain::calendar::{Cycle, shanghai};
use domain::ledger::Purse;
use serde_json::{Value, json};
use testing::ratings::{db_adopt, db_entry, db_residence, db_score_entry, last_quarter};
use testing::{Answer, Client, World};
use uuid::Uuid;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

async fn compute(world: &World, by: &str, cycle: Cycle) -> Answer {
    let client = world.sign_in(by).await;
    client.post(&world.village("ratings"), json!({"cycle": cycle.to_string()})).await
}

/// Computes the last quarter; answers the path of the rating.
async fn computed(world: &World) -> String {
    let rating = compute(world, "village-admin", last_quarter(world)).await.expect(201);
    world.village(&format!("ratings/{}", text(&rating["id"])))
}

async fn vote(world: &World, by: &str, rating: &str, decision: &str) -> Answer {
    let body = json!({"decision": decision, "reason": "已核对"});
    world.sign_in(by).await.post(&format!("{rating}/decisions"), body).await
}

async fn pass(world: &World, rating: &str) -> Value {
    for member in ["panel-1", "panel-2", "panel-3"] {
        vote(world, member, rating, "approve").await.expect(201);
    }
    vote(world, "village-admin-2", rating, "approve").await.expect(201)
}

async fn lines(client: &Client, rating: &str) -> Vec<Value> {
    let page = client.get(&format!("{rating}/lines?limit=100")).await.expect(200);
    page["items"].as_array().cloned().unwrap_or_default()
}

fn line_of<'a>(lines: &'a [Value], number: &str) -> &'a Value {
    lines.iter().find(|line| line["household_number"] == number).expect("a line")
}

fn own_path(world: &World, number: u8) -> String {
    world.village(&format!("households/{}/ratings", world.demo.households[&number]))
}

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
async fn lines_come_by_pages_in_the_order_of_their_rank() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let admin = world.sign_in("village-admin").await;
    let all = lines(&admin, &rating).await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = admin.get(&format!("{rating}/lines?limit=5{cursor}")).await.expect(200);
        seen.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, all);
    let bad = admin.get(&format!("{rating}/lines?cursor=somewhere")).await;
    bad.expect_problem(400, "bad_query");
    admin.get(&format!("{rating}/lines?limit=101")).await.expect_problem(422, "invalid");
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
async fn a_panel_of_three_and_a_recheck_put_the_rating_on_a_notice() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let early = vote(&world, "village-admin", &rating, "approve").await;
    early.expect_problem(403, "not_your_stage");
    for member in ["panel-1", "panel-2"] {
        let after = vote(&world, member, &rating, "approve").await.expect(201);
        assert_eq!((&after["state"], &after["stage"]), (&json!("in_review"), &json!(0)));
    }
    let twice = vote(&world, "panel-2", &rating, "approve").await;
    twice.expect_problem(409, "already_decided");
    let after = vote(&world, "panel-3", &rating, "approve").await.expect(201);
    assert_eq!(after["stage"], 1);
    vote(&world, "panel-4", &rating, "approve").await.expect_problem(403, "not_your_stage");
    let own = world.sign_in("villager").await.get(&own_path(&world, 1)).await.expect(200);
    assert_eq!(own["items"], json!([]), "shown while it is reviewed");

    let (recheck, key) = (world.sign_in("village-admin").await, "recheck-of-the-quarter");
    let (path, body) =
        (format!("{rating}/decisions"), json!({"decision": "approve", "reason": ""}));
    let passed = recheck.post_with_key(&path, body.clone(), key).await.expect(201);
    assert_eq!((&passed["state"], &passed["stage_due_at"]), (&json!("on_notice"), &Value::Null));
    // A double tap gets the first answer and opens no second notice.
    let repeated = recheck.post_with_key(&path, body, key).await.expect(201);
    assert_eq!(repeated, passed);
    let notice = db_notice(&world, &passed);
    let days = (notice.closes_at.with_timezone(&shanghai()).date_naive()
        - notice.opens_at.with_timezone(&shanghai()).date_naive())
    .num_days();
    assert_eq!((notice.count, days), (1, 4), "three whole days");
    let own = world.sign_in("villager").await.get(&own_path(&world, 1)).await.expect(200);
    assert_eq!(own["items"][0]["accounts"][0]["stars"], 1);
    assert_eq!(own["items"][0]["notice_id"], passed["notice_id"]);
    let shown = recheck.get(&rating).await.expect(200);
    assert_eq!(
        (&shown["now_at"], shown["decisions"].as_array().map(Vec::len)),
        (&Value::Null, Some(4))
    );
}

#[derive(QueryableByName)]
struct Notice {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
    #[diesel(sql_type = Timestamptz)]
    opens_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    closes_at: DateTime<Utc>,
}

/// The notice of a rating, and how many the village has.
fn db_notice(world: &World, rating: &Value) -> Notice {
    let id: Uuid = text(&rating["notice_id"]).parse().expect("a notice");
    diesel::sql_query(
        "SELECT opens_at, closes_at, (SELECT count(*) FROM notices WHERE village_id = $1) AS count \
         FROM notices WHERE village_id = $1 AND id = $2 AND kind = 'rating'",
    )
    .bind::<SqlUuid, _>(world.demo.village.0)
    .bind::<SqlUuid, _>(id)
    .get_result(&mut world.connect())
    .expect("a row")
}

#[actix_web::test]
async fn a_book_without_notice_days_closes_the_notice_as_it_opens() {
    let world = World::new().await;
    let last = last_quarter(&world).last_day();
    db_adopt(&world, world.demo.village, last, |book| book.rating_way.notice_days = 0);
    let rating = computed(&world).await;
    let passed = pass(&world, &rating).await;
    let notice = db_notice(&world, &passed);
    assert_eq!(notice.closes_at, notice.opens_at);
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
async fn a_rejected_rating_can_be_computed_again() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let panel = world.sign_in("panel-1").await;
    let path = format!("{rating}/decisions");
    let silent = panel.post(&path, json!({"decision": "return", "reason": " "})).await;
    silent.expect_problem(422, "reason_missing");
    let rejected = vote(&world, "panel-1", &rating, "return").await.expect(201);
    assert_eq!((&rejected["state"], &rejected["notice_id"]), (&json!("rejected"), &Value::Null));
    vote(&world, "panel-2", &rating, "approve").await.expect_problem(409, "rating_state");
    let again = computed(&world).await;
    assert_ne!(again, rating);
    vote(&world, "panel-1", &again, "approve").await.expect(201);
    let list = panel.get(&world.village("ratings?limit=1")).await.expect(200);
    assert!(again.ends_with(text(&list["items"][0]["id"])));
    let next = format!("ratings?limit=1&cursor={}", text(&list["next_cursor"]));
    let list = panel.get(&world.village(&next)).await.expect(200);
    assert_eq!(
        (&list["items"][0]["state"], &list["next_cursor"]),
        (&json!("rejected"), &Value::Null)
    );
    let too_long =
        panel.post(&path, json!({"decision": "reject", "reason": "长".repeat(501)})).await;
    too_long.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn a_majority_against_rejects() {
    let world = World::new().await;
    let rating = computed(&world).await;
    vote(&world, "panel-1", &rating, "reject").await.expect(201);
    let open = vote(&world, "panel-2", &rating, "approve").await.expect(201);
    assert_eq!(open["state"], "in_review");
    let over = vote(&world, "panel-3", &rating, "reject").await.expect(201);
    assert_eq!(over["state"], "rejected");
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

#[actix_web::test]
async fn votes_given_at_once_are_all_counted() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let (a, b, c) = tokio::join!(
        vote(&world, "panel-1", &rating, "approve"),
        vote(&world, "panel-2", &rating, "approve"),
        vote(&world, "panel-3", &rating, "approve"),
    );
    for answer in [a, b, c] {
        answer.expect(201);
    }
    let shown = world.sign_in("panel-4").await.get(&rating).await.expect(200);
    assert_eq!((&shown["rating"]["stage"], &shown["rating"]["version"]), (&json!(1), &json!(4)));
}

#[actix_web::test]
async fn a_rating_comes_out_the_same_after_later_entries() {
    let world = World::new().await;
    let (cycle, home) = (last_quarter(&world), world.demo.households[&1]);
    db_score_entry(&world, home, "12.5", cycle.first_day());
    let rating = computed(&world).await;
    db_score_entry(&world, home, "7", cycle.first_day());
    // A request that was under way when the rating was computed is recorded after it.
    let before = world.clock.now() - Duration::seconds(30);
    db_entry(&world, home, Purse::Score, "9", cycle.last_day(), before);
    let admin = world.sign_in("village-admin").await;
    let path = format!("{rating}/recomputation");
    let check = admin.get(&path).await.expect(200);
    assert_eq!(check, json!({"same": true, "lines": 13, "differing_count": 0, "differing": []}));
    // It does look: a line that somebody changed in the database is found.
    diesel::sql_query("UPDATE rating_lines SET score = score + 1 WHERE account_id = $1")
        .bind::<SqlUuid, _>(home.0)
        .execute(&mut world.connect())
        .expect("changed");
    let check = admin.get(&path).await.expect(200);
    assert_eq!((&check["same"], &check["differing_count"]), (&json!(false), &json!(1)));
    assert_eq!(check["differing"][0]["stored_score"], "72.51");
    assert_eq!(check["differing"][0]["computed_score"], "72.5");
    // A line that an objection had computed anew counts what was recorded until then.
    diesel::sql_query(
        "UPDATE rating_lines SET score = 8850, stars = 3, corrected_as_of = $2 WHERE account_id = $1",
    )
    .bind::<SqlUuid, _>(home.0)
    .bind::<Timestamptz, _>(world.clock.now())
    .execute(&mut world.connect())
    .expect("changed");
    assert_eq!(admin.get(&path).await.expect(200)["same"], true);
}

#[actix_web::test]
async fn a_stage_that_takes_too_long_is_shown_as_overdue() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let shown = world.sign_in("village-admin").await.get(&rating).await.expect(200);
    assert_eq!(shown["rating"]["overdue"], false);
    world.clock.advance(20 * 24 * 3600);
    let shown = world.sign_in("village-admin").await.get(&rating).await.expect(200);
    assert_eq!(shown["rating"]["overdue"], true);
}

#[actix_web::test]
async fn a_rating_is_seen_by_those_who_work_on_it_and_by_nobody_of_another_village() {
    let world = World::new().await;
    let rating = computed(&world).await;
    let villager = world.sign_in("villager").await;
    let stranger = world.sign_in("other-admin").await;
    for path in [&rating, &format!("{rating}/lines"), &format!("{rating}/recomputation")] {
        villager.get(path).await.expect_problem(403, "forbidden");
        stranger.get(path).await.expect_problem(404, "not_found");
        world.anonymous().get(path).await.expect_problem(401, "sign_in_needed");
        world.sign_in("supervisor").await.get(path).await.expect(200);
    }
    compute(&world, "panel-1", last_quarter(&world)).await.expect_problem(403, "forbidden");
    vote(&world, "other-panel", &rating, "approve").await.expect_problem(404, "not_found");
    // The id of one village's rating means nothing in another.
    let village = |id: domain::id::VillageId| id.to_string();
    let elsewhere =
        rating.replace(&village(world.demo.village), &village(world.demo.other_village));
    stranger.get(&elsewhere).await.expect_problem(404, "not_found");
    villager.get(&own_path(&world, 2)).await.expect_problem(403, "forbidden");
    world.sign_in("village-admin").await.get(&own_path(&world, 2)).await.expect(200);
    stranger.get(&own_path(&world, 1)).await.expect_problem(404, "not_found");
    let nobody = world.village(&format!("households/{}/ratings", Uuid::now_v7()));
    world.sign_in("village-admin").await.get(&nobody).await.expect_problem(404, "not_found");
}
