//! The preset of Wendeng. A year from adoption to stars: people have accounts of their own, donations go
//! through all slices, repeated faults count double, a direct grade stands until its repair. The last
//! weeks of a year: a deed of December is certified in January, the quarter's notice, grades beside stars.

use domain::calendar::{CycleKind, end_of};
use serde_json::{Value, json};
use testing::World;
use testing::claims::{approve, db_preset, declare, deduct, today};
use testing::ledger::conserved;
use testing::notices::{close, db_run, publish};
use testing::period::Period;
use testing::ratings::{comes_out_the_same, compute, line_of_person, lines, vote};

use super::shown;

/// A collector registers, the credit council reviews, the town rechecks.
const WAY: [&str; 5] = ["collector", "panel-1", "panel-2", "panel-3", "town-officer"];
const COUNCIL: [&str; 3] = ["panel-1", "panel-2", "panel-3"];

async fn certified(world: &World, claim: &str) -> Value {
    let mut last = Value::Null;
    for key in WAY {
        if last["state"] != "certified" {
            last = approve(world, key, claim).await;
        }
    }
    last
}

/// Declares and certifies; answers what was granted.
async fn earn(world: &World, key: &str, item: &str, more: Value) -> Value {
    let claim = declare(world, key, item, more).await;
    certified(world, &claim).await["granted_points"].clone()
}

#[actix_web::test]
async fn a_year_on_wendengs_book_ends_in_stars_and_grades() {
    let world = World::new().await;
    db_preset(&world, "wendeng", |_| ());
    for key in ["store-keeper"] {
        let id = world.demo.villagers[key];
        let statement =
            format!("UPDATE villagers SET tracks = '{{party_member}}' WHERE id = '{id}'");
        db_run(&world, statement).await;
    }
    // A donation through all slices, and one below 100 yuan.
    assert_eq!(earn(&world, "villager", "P-DONATE-1", json!({"quantity": 20_000})).await, "40");
    assert_eq!(earn(&world, "neighbour", "P-DONATE-0", json!({"quantity": 19})).await, "0.1");
    // 60 points: exactly the bound of the fifth star for one, a tenth above it for the other.
    assert_eq!(earn(&world, "villager", "P-BLOOD", json!({})).await, "10");
    assert_eq!(earn(&world, "villager", "P-LAND", json!({})).await, "10");
    assert_eq!(earn(&world, "neighbour", "P-MARROW", json!({})).await, "50");
    assert_eq!(earn(&world, "neighbour", "P-BLOOD", json!({})).await, "10");
    // Four hours under one row and six under the other add up.
    assert_eq!(earn(&world, "store-keeper", "P-SVC-04H", json!({"quantity": 4})).await, "1");
    assert_eq!(earn(&world, "store-keeper", "P-SVC-10H", json!({"quantity": 6})).await, "1");
    // Once a month.
    assert_eq!(earn(&world, "store-keeper", "P-HELP-WEAK", json!({})).await, "1");
    assert_eq!(earn(&world, "store-keeper", "P-HELP-WEAK", json!({})).await, "0");

    // A deed of the last days of the year, declared in time and certified in January.
    let year = CycleKind::Year.holding(today(&world));
    world.advance_to(end_of(year.last_day()) - chrono::Duration::hours(4));
    let december = declare(&world, "store-keeper", "P-NEIGH", json!({})).await;
    world.advance_to(end_of(year.last_day()) + chrono::Duration::days(3));
    let late = json!({"happened_on": year.last_day()});
    let in_time = declare(&world, "store-keeper", "P-SUGGEST", late).await;
    assert_eq!(certified(&world, &december).await["granted_points"], "1");
    assert_eq!(certified(&world, &in_time).await["granted_points"], "2");
    assert_eq!(shown(&world, &december).await["counts_until"], json!(year.last_day()));

    // The quarter is over: all of it hangs, and counts in the year of the deeds.
    let notice = publish(&world).await;
    close(&world, &notice).await;
    conserved(&world).await;
    let rating = compute(&world, "village-admin", year).await.expect(201);
    let path = world.village(&format!("ratings/{}", rating["id"].as_str().unwrap()));
    let admin = world.sign_in("village-admin").await;
    let lines = lines(&admin, &path).await;
    let told = |key: &str| {
        let line = line_of_person(&lines, world.demo.villagers[key]);
        (line["score"].clone(), line["stars"].clone(), line["grade"].clone())
    };
    assert_eq!(told("villager"), (json!("1060"), json!(4), Value::Null));
    assert_eq!(told("neighbour"), (json!("1060.1"), json!(5), Value::Null));
    // 40 % of the role duty of 1000 and 60 % of 1006.
    assert_eq!(told("store-keeper"), (json!("1003.6"), json!(0), json!("qualified")));
    // By default two stars, as published: above 990 up to 1020.
    assert_eq!(told("elder"), (json!("1000"), json!(2), Value::Null));
    comes_out_the_same(&world, &path).await;
    for (key, decision) in [("panel-1", "approve"), ("panel-2", "approve"), ("panel-3", "approve")]
    {
        vote(&world, key, &path, decision).await.expect(201);
    }
}

#[actix_web::test]
async fn what_is_not_registered_by_the_tenth_of_the_next_month_is_not_taken() {
    let world = World::new().await;
    db_preset(&world, "wendeng", |_| ());
    let day = today(&world);
    let month = CycleKind::Month.holding(day);
    world.advance_to(end_of(month.last_day()) + chrono::Duration::days(10));
    let villager = world.sign_in("villager").await;
    let late = json!({"happened_on": day});
    let body = testing::claims::deed(&world, &villager, "villager", "P-NEIGH", late).await;
    let refused = villager.post(&world.village("claims"), body).await;
    refused.expect_problem(422, "registration_over");
}

#[actix_web::test]
async fn the_town_rechecks_what_is_shared_with_the_district_and_nothing_else() {
    let world = World::new().await;
    db_preset(&world, "wendeng", |_| ());
    let (own, shared) = ("P-NEIGH", "P-BLOOD");
    for (item, state) in [(own, "certified"), (shared, "in_review")] {
        let claim = declare(&world, "villager", item, json!({})).await;
        let mut last = Value::Null;
        for key in ["collector", "panel-1", "panel-2", "panel-3"] {
            last = approve(&world, key, &claim).await;
        }
        assert_eq!(last["state"], state, "{item}");
        if state == "in_review" {
            assert_eq!(approve(&world, "town-officer", &claim).await["state"], "certified");
        } else {
            let path = world.village(&format!("claims/{claim}/decisions"));
            let officer = world.sign_in("town-officer").await;
            let late = officer.post(&path, json!({"decision": "approve"})).await;
            late.expect_problem(409, "claim_state");
        }
    }
}

#[actix_web::test]
async fn role_duty_is_for_those_on_the_track() {
    let world = World::new().await;
    db_preset(&world, "wendeng", |_| ());
    let second = json!({"second_recorder_id": world.demo.villagers["grid-worker"]});
    let cadre = world.sign_in("collector").await;
    let body =
        testing::claims::deed(&world, &cadre, "neighbour", "N-REP-ABSENT", second.clone()).await;
    let path = world.village("deductions");
    cadre.post(&path, body).await.expect_problem(422, "track_excluded");
    deduct(&world, "neighbour", "N-DUMP", second).await;
}

/// Awards up to a bound of the star table or a hundredth above it.
async fn to_the_bounds(year: &Period) {
    let donated = |yuan: u32| json!({"quantity": yuan});
    let nation = || json!({"choice": "nation"});
    for (key, item, more, granted) in [
        // Ten points in each of four slices, and the cap of the year.
        ("villager", "P-DONATE-1", donated(20_000), "40"),
        ("villager", "P-DONATE-1", donated(100), "0"),
        ("villager", "P-BLOOD", json!({}), "10"),
        ("villager", "P-LAND", json!({}), "10"),
        ("neighbour", "P-MARROW", json!({}), "50"),
        ("neighbour", "P-BLOOD", json!({}), "10"),
        // Ten, ten, and four of 500 yuan each.
        ("villager-son", "P-DONATE-1", donated(7_250), "24"),
        ("villager-son", "P-BLOOD", json!({}), "10"),
        ("villager-son", "P-FEST-TOWN", json!({}), "2"),
        ("villager-son", "P-FEST-TOWN", json!({}), "2"),
        ("panel-4", "P-AWARD", nation(), "100"),
        ("work-team", "P-BLOOD", json!({}), "10"),
        ("work-team", "P-LAND", json!({}), "10"),
        ("grid-worker", "P-BLOOD", json!({}), "10"),
        ("grid-worker", "P-LAND", json!({}), "10"),
        ("store-keeper", "P-MARROW", json!({}), "50"),
    ] {
        assert_eq!(year.earn(key, item, more).await, granted, "{key} {item}");
    }
    for key in ["neighbour", "panel-4", "grid-worker", "village-admin-2"] {
        year.fill_in(key, "P-CUSTOM", "0.01").await;
    }
    // She never signed in.
    let own = &year.together("grid-worker", &["new-villager"], "P-CUSTOM", json!({})).await[0];
    year.approved_by(&WAY, own, Some("0.01")).await;
}

/// A cadre records a fault, and it is certified. Gives the claim.
async fn fault(year: &Period, person: &str, item: &str, granted: &str) -> String {
    let claim = year.deduct(["grid-worker", "work-team"], person, item).await;
    assert_eq!(year.certify(&claim).await, granted, "{person} {item}");
    claim
}

/// A model household, once a quarter for each member.
async fn model(year: &Period) -> String {
    let claims = year.together("grid-worker", &["villager-son"], "P-CLEAN-DEMO", json!({})).await;
    year.certify(&claims[0]).await
}

#[actix_web::test]
async fn a_direct_grade_stands_until_its_repair_and_faults_double_on_wendengs_book() {
    let year = Period::begin("wendeng", CycleKind::Year, &WAY).await;
    to_the_bounds(&year).await;
    assert_eq!((model(&year).await, model(&year).await), ("1".to_owned(), "0".to_owned()));
    for (person, item, granted) in [
        ("village-admin", "N-GREEN", "10"),
        ("village-admin-2", "N-GREEN", "10"),
        ("elder", "N-GREEN", "10"),
        ("elder", "N-TOMB-OVER", "100"),
        ("elder", "N-LOG", "50"),
        ("elder", "N-FACILITY", "20"),
        ("new-villager", "N-TOMB-OVER", "100"),
        ("new-villager", "N-LOG", "50"),
        ("new-villager", "N-ELDER", "50"),
    ] {
        fault(&year, person, item, granted).await;
    }
    // A direct grade takes no points until its repair.
    let repaired = fault(&year, "panel-4", "D-CRIME", "0").await;
    let stands = fault(&year, "store-keeper", "D-CRIME", "0").await;
    year.go_to(year.day(30));
    fault(&year, "elder", "N-GREEN", "20").await;

    // The first quarter's notice, then a quarter in which a model household counts again.
    year.go_to(year.day(92));
    let notice = year.publish().await;
    year.close(&notice, 7).await;
    assert_eq!(model(&year).await, "1");
    let path = format!("claims/{repaired}/repairs");
    let done = year.post("collector", &path, json!({"reason": "已履行裁判"})).await.expect(201);
    assert_eq!((&done["state"], &done["granted_points"]), (&json!("posted"), &json!("60")));
    year.go_to(year.day(183));
    let notice = year.publish().await;
    year.close(&notice, 7).await;

    year.go_to(year.cycle.next_first_day());
    let rated = year.rated().await;
    for (key, score, stars) in [
        ("neighbour", "1060.01", 5),
        ("villager", "1060", 4),
        ("panel-4", "1040.01", 4),
        ("villager-son", "1040", 3),
        ("grid-worker", "1020.01", 3),
        ("work-team", "1020", 2),
        ("village-admin-2", "990.01", 2),
        ("village-admin", "990", 1),
        ("new-villager", "800.01", 1),
        ("elder", "800", 0),
        ("store-keeper", "1050", 0),
    ] {
        let person = year.world.demo.villagers[key];
        assert_eq!(rated.of_person(person), (score.to_owned(), stars), "{key}");
    }
    let graded = line_of_person(&rated.lines, year.world.demo.villagers["store-keeper"]);
    assert_eq!(graded["direct_grade_claim_id"], json!(stands));
    let notice = year.hung(&rated, &COUNCIL).await;
    year.close(&notice, 7).await;
    year.settled(&rated).await;

    for (key, parts) in [
        ("villager", &["每个账户每年最多计40分,超出的1分不计", "为4星;再得0.01分为5星"][..]),
        ("villager-son", &["每人每季度最多计1次,次数已满,这次的1分不计"]),
        ("panel-4", &["因失信行为受到刑事处罚", "-60分", "直接判为0星,已修复"]),
        ("store-keeper", &["直接判为0星,整改修复前加分照记、星级不变"]),
    ] {
        year.is_explained(key, parts).await;
    }
}
