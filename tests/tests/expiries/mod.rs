//! Redeemable points run out at the end of a year, as the book says: once, whoever works and
//! whatever is killed.

mod racing;

use actix_web::web::block;
use chrono::{Datelike, NaiveDate};
use domain::calendar::{day_of, start_of};
use domain::id::{EntryId, PurchaseId};
use domain::ledger::{Counter, Entry, Posting, Purse, Shortfall, Source};
use domain::points::BasisPoints;
use domain::rule_book::PointsPolicy;
use serde_json::{Value, json};
use testing::World;
use testing::claims::db_book;
use testing::notices::{db_certified_claim, db_count, db_messages, publish_and_close, tick};
use testing::ratings::db_entry;
use testing::shops::assert_conserved;

const RESET: PointsPolicy = PointsPolicy::YearEndReset { grace_days: 31 };

/// Advances the clock to noon of a day, unless it is later already.
fn go_to(world: &World, day: NaiveDate) {
    let left = start_of(day) + chrono::Duration::hours(12) - world.clock.now();
    world.clock.advance(u32::try_from(left.num_seconds()).unwrap_or(0));
}

fn on(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A world in December whose village has that policy, and the year.
async fn december(policy: PointsPolicy) -> (World, i32) {
    let world = World::new().await;
    db_book(&world, |book| book.points_policy = policy);
    let year = day_of(world.clock.now()).year();
    go_to(&world, on(year, 12, 1));
    (world, year)
}

/// Points of the purse for a household, as a claim brings them.
fn earn(world: &World, household: u8, points: &str) {
    let now = world.clock.now();
    let home = world.demo.households[&household];
    db_entry(world, home, Purse::Points, points, day_of(now), now);
}

/// Posts to the points of the first household.
fn post(world: &World, posting: Posting) -> Entry {
    let (village, now) = (world.demo.village, world.clock.now());
    let posted = world
        .db
        .write(|tx| infra::ledger::post_in_tx(tx, village, vec![posting.clone()], now, None));
    posted.expect("posted").remove(0)
}

/// The first household redeems goods.
fn redeem(world: &World, hundredths: i64) -> Entry {
    let posting = Posting {
        id: infra::id::new::<EntryId>(),
        account: world.demo.households[&1].into(),
        purse: Purse::Points,
        amount: -hundredths,
        counter: Counter::Redemption,
        source: Source::Purchase(infra::id::new::<PurchaseId>()),
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: day_of(world.clock.now()),
        effect: None,
        reverses: None,
        shortfall: Shortfall::Refuse,
    };
    post(world, posting)
}

/// What the first household sees of its points.
async fn points(world: &World) -> Value {
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    villager.get(&world.village(&format!("households/{home}/points"))).await.expect(200)
}

/// Rounds until the points of one account ran out: one round ends one year of a village.
async fn end_year(world: &World) {
    for _ in 0..3 {
        if tick(world).await.expired == 1 {
            return;
        }
    }
    panic!("nothing ran out");
}

fn day(year: i32, month: u32, day: u32) -> String {
    on(year, month, day).to_string()
}

#[actix_web::test]
async fn what_is_not_redeemed_by_the_claim_by_date_is_gone_and_people_are_told_before_and_after() {
    let (world, year) = december(RESET).await;
    earn(&world, 1, "10");
    let last_day = day(year + 1, 1, 31);
    let expiring = |points: &str| json!({"points": points, "last_day": last_day, "year": year});
    assert_eq!(points(&world).await["expiring"], expiring("10"));
    assert_eq!(tick(&world).await.warned, 0);
    go_to(&world, on(year + 1, 1, 1));
    assert_eq!(tick(&world).await.warned, 1);
    assert_eq!(tick(&world).await.warned, 0);
    go_to(&world, on(year + 1, 1, 31));
    redeem(&world, 400);
    earn(&world, 1, "3");
    let seen = points(&world).await;
    let by_year = json!([{"year": year, "points": "6"}, {"year": year + 1, "points": "3"}]);
    assert_eq!((&seen["points"], &seen["by_year"]), (&json!("9"), &by_year));
    assert_eq!(seen["expiring"], expiring("6"));
    let still = tick(&world).await;
    assert_eq!((still.warned, still.expired), (0, 0));
    // What has come to its end is shown no more, though nobody posted it yet.
    go_to(&world, on(year + 1, 2, 1));
    let next = json!({"points": "3", "last_day": day(year + 2, 1, 31), "year": year + 1});
    assert_eq!(points(&world).await["expiring"], next);
    assert_eq!(tick(&world).await.expired, 1);
    assert_eq!(tick(&world).await.expired, 0);
    let seen = points(&world).await;
    assert_eq!((&seen["points"], &seen["expiring"]), (&json!("3"), &next));
    for (kind, said) in [
        ("points_expiring", json!({"points": "10", "year": year, "last_day": last_day})),
        ("points_expired", json!({"points": "6", "left": "3", "year": year, "last_day": last_day})),
    ] {
        for who in ["villager", "villager-son"] {
            let mut told = db_messages(&world, who, kind).await;
            assert_eq!(told.len(), 1, "{who} {kind}");
            assert_eq!(told[0]["account_id"], json!(world.demo.households[&1]));
            told[0].as_object_mut().unwrap().remove("account_id");
            assert_eq!(told[0], said);
        }
        assert_eq!(db_messages(&world, "neighbour", kind).await, Vec::<Value>::new());
    }
    let audit = "SELECT count(*) FROM audit_log WHERE action = 'points_expire' \
        AND detail->>'points' = '6' AND (detail->>'accounts')::int = 1";
    assert_eq!(db_count(&world, audit).await, 1);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_statement_says_what_ran_out_and_by_what_rule() {
    let (world, year) = december(RESET).await;
    earn(&world, 1, "10");
    go_to(&world, on(year + 1, 2, 1));
    tick(&world).await;
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let path = world.village(&format!("households/{home}/statement"));
    let page = villager.get(&path).await.expect(200);
    let entry = &page["items"][0];
    assert_eq!((&entry["source"], &entry["purse"]), (&json!("expiry"), &json!("points")));
    assert_eq!(entry["happened_on"], json!(day(year, 12, 31)));
    let last_day = day(year + 1, 1, 31);
    let words = format!(
        "{year}年及以前的可用积分到期:可用积分-10分,余0分。\
         按积分细则第100版;最后兑换日{last_day},未兑换的清零。"
    );
    assert_eq!(entry["words"], json!(words));
    let admin = world.sign_in("village-admin").await;
    let check = admin.get(&world.village("ledger/check")).await.expect(200);
    let purses = check["purses"].as_array().unwrap();
    let of_points = purses.iter().find(|purse| purse["purse"] == "points").unwrap();
    let expiry = json!({"counter": "expiry", "sum": {"points": "-10"}});
    assert!(of_points["counters"].as_array().unwrap().contains(&expiry), "{of_points}");
    assert_eq!(check["conserved"], true);
}

#[actix_web::test]
async fn a_part_is_carried_over_rounded_down_year_after_year() {
    let half = BasisPoints::new(5_000).unwrap();
    let (world, year) = december(PointsPolicy::CarryOver { share_bp: half }).await;
    earn(&world, 1, "10.01");
    assert_eq!(tick(&world).await.warned, 1);
    let told = db_messages(&world, "villager", "points_expiring").await;
    assert_eq!(
        (&told[0]["points"], &told[0]["last_day"]),
        (&json!("5.01"), &json!(day(year, 12, 31)))
    );
    go_to(&world, on(year + 1, 1, 1));
    tick(&world).await;
    assert_eq!(points(&world).await["points"], "5");
    earn(&world, 1, "1");
    // Off for two years; each ends as of its own last day, one after the other.
    go_to(&world, on(year + 3, 1, 1));
    assert_eq!(tick(&world).await.expired, 1);
    assert_eq!(points(&world).await["points"], "3");
    assert_eq!(tick(&world).await.expired, 1);
    assert_eq!(points(&world).await["points"], "1.5");
    assert_eq!(tick(&world).await.expired, 0);
    assert_conserved(&world);
}

#[actix_web::test]
async fn where_the_book_says_never_nothing_runs_out_and_the_year_is_over() {
    let (world, year) = december(PointsPolicy::Never).await;
    earn(&world, 1, "10");
    tick(&world).await;
    let (db, now) = (world.db.clone(), world.clock.now());
    let due = block(move || infra::expiries::due(&db, now, 100)).await.unwrap().unwrap();
    assert_eq!(due, [], "looked at once a day");
    go_to(&world, on(year + 1, 6, 1));
    let done = tick(&world).await;
    assert_eq!((done.warned, done.expired), (0, 0));
    tick(&world).await;
    let open = "SELECT year::bigint AS count FROM expiries WHERE finished_at IS NULL LIMIT 1";
    assert_eq!(db_count(&world, open).await, i64::from(year) + 1);
    let seen = points(&world).await;
    assert_eq!((&seen["points"], &seen["expiring"]), (&json!("10"), &Value::Null));
    let recorded = "SELECT count(*) FROM audit_log WHERE action = 'points_expire'";
    assert_eq!(db_count(&world, recorded).await, 0);
}

#[actix_web::test]
async fn the_book_of_the_last_day_decides_for_the_whole_year() {
    let (world, year) = december(PointsPolicy::YearEndReset { grace_days: 0 }).await;
    earn(&world, 1, "10");
    assert_eq!(tick(&world).await.warned, 1);
    // A book that is in force from New Year's Day on says nothing of the year before.
    let next_year = on(year + 1, 1, 1);
    testing::ratings::db_adopt(&world, world.demo.village, next_year, |_| {});
    go_to(&world, next_year);
    assert_eq!(tick(&world).await.expired, 1);
    earn(&world, 1, "7");
    assert_eq!(points(&world).await["expiring"], Value::Null);
    go_to(&world, on(year + 2, 1, 1));
    assert_eq!(tick(&world).await.expired, 0);
    assert_eq!(points(&world).await["points"], "7");
}

#[actix_web::test]
async fn the_oldest_points_are_spent_first() {
    let (world, year) = december(RESET).await;
    earn(&world, 1, "5");
    go_to(&world, on(year + 1, 1, 10));
    earn(&world, 1, "4");
    redeem(&world, 600);
    assert_eq!(points(&world).await["by_year"], json!([{"year": year + 1, "points": "3"}]));
    go_to(&world, on(year + 1, 2, 1));
    assert_eq!(tick(&world).await.expired, 0);
    assert_eq!(points(&world).await["points"], "3");
}

#[actix_web::test]
async fn what_comes_back_after_the_end_of_a_year_lasts_for_another() {
    let (world, year) = december(RESET).await;
    earn(&world, 1, "5");
    let redeemed = redeem(&world, 200);
    go_to(&world, on(year + 1, 2, 1));
    tick(&world).await;
    assert_eq!(points(&world).await["points"], "0");
    post(&world, Posting::reversing(&redeemed, infra::id::new()));
    let seen = points(&world).await;
    assert_eq!(seen["by_year"], json!([{"year": year, "points": "2"}]));
    let expiring = json!({"points": "2", "last_day": day(year + 2, 1, 31), "year": year + 1});
    assert_eq!(seen["expiring"], expiring);
    assert_eq!(tick(&world).await.expired, 0);
    assert_conserved(&world);
}

/// An appeal of the first household about a claim, answered by the village.
async fn appeal(world: &World, claim: domain::id::ClaimId, answer: Value) {
    let villager = world.sign_in("villager").await;
    let about = json!({"claim_id": claim, "text": "请核实"});
    let raised = villager.post(&world.village("appeals"), about).await.expect(201);
    let path = format!("objections/{}/answers", raised["id"].as_str().unwrap());
    let admin = world.sign_in("village-admin").await;
    admin.post(&world.village(&path), answer).await.expect(201);
}

#[actix_web::test]
async fn a_correction_in_january_keeps_the_year_of_the_claim_and_adds_only_the_difference() {
    let (world, _) = december(RESET).await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    publish_and_close(&world).await;
    let year = day_of(world.clock.now()).year();
    go_to(&world, on(year + 1, 1, 10));
    appeal(&world, claim, json!({"outcome": "corrected", "points": "3", "text": "三小时。"})).await;
    let seen = points(&world).await;
    let by_year = json!([{"year": year, "points": "2"}, {"year": year + 1, "points": "1"}]);
    assert_eq!((&seen["points"], &seen["by_year"]), (&json!("3"), &by_year));
    go_to(&world, on(year + 1, 2, 1));
    end_year(&world).await;
    assert_eq!(points(&world).await["points"], "1");
    assert_conserved(&world);
}

#[actix_web::test]
async fn what_is_struck_after_it_ran_out_takes_nothing_from_newer_points() {
    let (world, _) = december(PointsPolicy::YearEndReset { grace_days: 0 }).await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    publish_and_close(&world).await;
    let year = day_of(world.clock.now()).year();
    go_to(&world, on(year + 1, 1, 1));
    end_year(&world).await;
    earn(&world, 1, "5");
    appeal(&world, claim, json!({"outcome": "struck", "text": "记错了。"})).await;
    let seen = points(&world).await;
    assert_eq!(seen["by_year"], json!([{"year": year + 1, "points": "5"}]));
    assert_conserved(&world);
}

#[actix_web::test]
async fn what_was_spent_of_an_award_is_taken_when_it_is_struck_after_the_rest_ran_out() {
    let (world, _) = december(PointsPolicy::YearEndReset { grace_days: 0 }).await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    publish_and_close(&world).await;
    redeem(&world, 50);
    let year = day_of(world.clock.now()).year();
    go_to(&world, on(year + 1, 1, 1));
    end_year(&world).await;
    earn(&world, 1, "5");
    appeal(&world, claim, json!({"outcome": "struck", "text": "记错了。"})).await;
    let seen = points(&world).await;
    assert_eq!(seen["by_year"], json!([{"year": year + 1, "points": "4.5"}]));
    assert_conserved(&world);
}

#[actix_web::test]
async fn who_was_warned_by_a_policy_that_changes_is_told_again() {
    let (world, year) = december(PointsPolicy::YearEndReset { grace_days: 0 }).await;
    earn(&world, 1, "10");
    assert_eq!(tick(&world).await.warned, 1);
    // By the year's last day half is carried over.
    testing::ratings::db_adopt(&world, world.demo.village, on(year, 12, 31), |book| {
        book.points_policy =
            PointsPolicy::CarryOver { share_bp: domain::points::BasisPoints::new(5_000).unwrap() };
    });
    let tomorrow = day_of(world.clock.now()).succ_opt().unwrap();
    go_to(&world, tomorrow);
    assert_eq!(tick(&world).await.warned, 1);
    let told = "SELECT count(*) FROM messages WHERE kind = 'points_expiring'";
    assert!(db_count(&world, told).await >= 2);
    go_to(&world, tomorrow.succ_opt().unwrap());
    assert_eq!(tick(&world).await.warned, 0);
}
