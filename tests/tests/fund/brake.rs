//! The brake on issuance: told in advance, for days to come, lifted when the fund is covered again.

use chrono::{Days, NaiveDate};
use domain::calendar::{day_of, start_of};
use domain::ledger::Purse;
use domain::points::{Fen, Points};
use domain::rule_book::CountsFor;
use serde_json::{Value, json};
use testing::claims::{db_book, today};
use testing::fund::{MAKER, account, book, brakes_by};
use testing::notices::{Certified, db_certify, db_count, db_messages, publish_and_close, tick};
use testing::ratings::db_entry;
use testing::ratings_on_notice::{cycle_of, db_rating_on_notice};
use testing::{World, notices};

fn policy() -> Value {
    json!({"warn_below_bp": 10_000, "brake_below_bp": 5_000, "issued_bp": 4_000, "notice_days": 7})
}

/// A world whose village owes 1,000 yuan for points of the second household, and a policy; answers the
/// account of its fund.
async fn owing(held: i64) -> (World, String) {
    let world = World::new().await;
    db_book(&world, |book| {
        book.exchange_value_fen = Some(Fen::new(100));
        for item in &mut book.items {
            item.counts_for = [CountsFor::Points].into();
        }
    });
    let home = world.demo.households[&2];
    db_entry(&world, home, Purse::Points, "1000", today(&world), world.clock.now());
    let fund = account(&world, "信用基金专户").await;
    if held > 0 {
        book(&world, &fund, json!({"amount_fen": held})).await;
    }
    brakes_by(&world, policy()).await;
    (world, fund)
}

fn go_to(world: &World, day: NaiveDate) {
    let left = start_of(day) + chrono::Duration::hours(12) - world.clock.now();
    world.clock.advance(u32::try_from(left.num_seconds()).unwrap_or(0));
}

async fn shown(world: &World) -> Value {
    let villager = world.sign_in("villager").await;
    villager.get(&world.village("fund/brake")).await.expect(200)["brake"].clone()
}

/// A deed of a day by the first household, posted through a notice; what it brought to the redeemable
/// purse and to the score, in hundredths.
async fn posted(world: &World, happened_on: NaiveDate) -> (i64, i64) {
    let certified = Certified {
        household: world.demo.households[&1],
        person: world.demo.villagers["villager"],
        item: "ENV-1".into(),
        points: Points::whole(5),
        happened_on,
    };
    db_certify(&world.db, world.demo.village, &[certified], world.clock.now());
    publish_and_close(world).await;
    let newest = "SELECT coalesce((SELECT amount FROM entries WHERE purse = 2 \
        ORDER BY account_version DESC, id DESC LIMIT 1), 0) AS count";
    let score = "SELECT coalesce((SELECT amount FROM entries WHERE purse = 1 \
        ORDER BY account_version DESC, id DESC LIMIT 1), 0) AS count";
    (db_count(world, newest).await, db_count(world, score).await)
}

#[actix_web::test]
async fn low_coverage_is_told_to_those_who_run_the_village_once() {
    let (world, _) = owing(70_000).await;
    tick(&world).await;
    let told = db_messages(&world, "village-admin", "fund_low").await;
    assert_eq!((told.len(), &told[0]["coverage_bp"]), (1, &json!(7_000)));
    assert!(db_messages(&world, "villager", "fund_low").await.is_empty());
    for days in 1..4 {
        go_to(&world, today(&world) + Days::new(days));
        tick(&world).await;
    }
    assert_eq!(db_messages(&world, "village-admin", "fund_low").await.len(), 1);
    assert_eq!(shown(&world).await, Value::Null);
}

#[actix_web::test]
async fn a_brake_is_told_to_everybody_and_holds_for_deeds_of_days_to_come() {
    let (world, fund) = owing(40_000).await;
    tick(&world).await;
    tick(&world).await;
    let from = today(&world) + Days::new(8);
    let brake = shown(&world).await;
    let told = json!({"from": from, "until": null, "issued_bp": 4_000, "held_fen": 40_000,
        "owed_fen": 100_000});
    assert_eq!(brake, told);
    let told = db_messages(&world, "villager", "brake_announced").await;
    assert_eq!((told.len(), &told[0]["from"]), (1, &json!(from)));
    let list = world.sign_in("villager").await.get("/v1/me/messages").await.expect(200);
    let words = list["items"][0]["text"].as_str().unwrap();
    assert!(
        words.contains("发放比例40.00%") && words.contains("此前做的好事仍按原标准"),
        "{words}"
    );

    // A deed before the first braked day brings all of it, also when it is posted later.
    let before = from - Days::new(1);
    go_to(&world, from + Days::new(2));
    assert_eq!(posted(&world, before).await, (500, 500));
    assert_eq!(posted(&world, from).await, (200, 500));

    // Covered again: it is lifted with today.
    book(&world, &fund, json!({"amount_fen": 80_000})).await;
    go_to(&world, today(&world) + Days::new(1));
    tick(&world).await;
    let last = today(&world);
    assert_eq!(shown(&world).await["until"], json!(last));
    let told = db_messages(&world, "villager", "brake_lifted").await;
    assert_eq!((told.len(), &told[0]["called_off"]), (1, &json!(false)));
    go_to(&world, last + Days::new(3));
    assert_eq!(posted(&world, last).await, (200, 500));
    assert_eq!(posted(&world, last + Days::new(1)).await, (500, 500));
    testing::ledger::conserved(&world).await;
}

#[actix_web::test]
async fn a_brake_that_has_not_begun_is_called_off() {
    let (world, fund) = owing(40_000).await;
    tick(&world).await;
    book(&world, &fund, json!({"amount_fen": 80_000})).await;
    go_to(&world, today(&world) + Days::new(1));
    tick(&world).await;
    assert_eq!(shown(&world).await, Value::Null);
    let told = db_messages(&world, "villager", "brake_lifted").await;
    assert_eq!((told.len(), &told[0]["called_off"]), (1, &json!(true)));
    let day = today(&world) + Days::new(9);
    go_to(&world, day);
    assert_eq!(posted(&world, day).await, (500, 500));
}

#[actix_web::test]
async fn star_credit_of_a_cycle_is_granted_by_the_share_of_its_days() {
    let (world, _) = owing(40_000).await;
    tick(&world).await;
    let from = day_of(world.clock.now()) + Days::new(8);
    let cycle = cycle_of(world.clock.now());
    go_to(&world, cycle.last_day());
    let (_, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4)]).await;
    notices::close(&world, &notice.to_string()).await;
    let account = testing::ledger::account(&world, 1).await;
    // Four stars bring 1,600 yuan. Open days bring all of it, those from the brake on 40 %: what was done
    // before counts as it was told. The star itself is not braked.
    let days = |from: NaiveDate, until: NaiveDate| (until - from).num_days();
    let whole = days(cycle.first_day(), cycle.next_first_day());
    let open = days(cycle.first_day(), from).min(whole);
    let fen = 160_000 * (open * 10_000 + (whole - open) * 4_000) / (whole * 10_000);
    assert_eq!((&account["stars"], &account["star_credit_fen"]), (&json!(4), &json!(fen)));
    let told = db_messages(&world, "villager", "rating_published").await;
    assert_eq!(told[0]["star_credit_fen"], fen);
    // So does the statement of the household tell it.
    let path = world.village(&format!("households/{}/statement", world.home_of("villager")));
    let statement = world.sign_in("villager").await.get(&path).await.expect(200);
    let share = (open * 10_000 + (whole - open) * 4_000) / whole;
    let percent = Fen::new(share).to_string();
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    let words = format!("因基金不足,按{percent}%发放");
    assert!(open == whole || statement.to_string().contains(&words), "{words}: {statement:#}");
}

#[actix_web::test]
async fn several_workers_announce_one_brake_and_a_policy_that_cannot_hold_is_refused() {
    let (world, _) = owing(0).await;
    let now = world.clock.now();
    let looks: Vec<_> = (0..6)
        .map(|_| {
            let db = world.db.clone();
            actix_web::web::block(move || infra::funds::brakes::look(&db, now, 100))
        })
        .collect();
    for look in looks {
        look.await.expect("a thread").expect("a look");
    }
    assert_eq!(db_count(&world, "SELECT count(*) FROM brakes").await, 1);
    assert_eq!(db_messages(&world, "neighbour", "brake_announced").await.len(), 1);

    let path = world.village("fund/brake");
    let maker = world.sign_in(MAKER).await;
    let mut wrong = policy();
    wrong["warn_below_bp"] = json!(4_999);
    maker.put(&path, wrong).await.expect_problem(422, "brake_policy_invalid");
    let mut wrong = policy();
    wrong["notice_days"] = json!(2);
    maker.put(&path, wrong).await.expect_problem(422, "invalid");
    world.sign_in("villager").await.put(&path, policy()).await.expect_problem(403, "forbidden");
}
