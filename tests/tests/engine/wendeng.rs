//! The last weeks of a year and its rating on the preset of Wendeng: people have accounts of their
//! own, a deed of December is certified in January, the quarter's notice, grades beside stars.

use domain::calendar::{CycleKind, end_of};
use serde_json::{Value, json};
use testing::World;
use testing::claims::{approve, db_preset, declare, deduct, today};
use testing::notices::{close, db_run, publish};
use testing::ratings::{comes_out_the_same, compute, lines, vote};

use super::{conserved, shown};

/// A collector registers, the credit council reviews, the town rechecks.
async fn certified(world: &World, claim: &str) -> Value {
    let mut last = Value::Null;
    for key in ["collector", "panel-1", "panel-2", "panel-3", "town-officer"] {
        last = approve(world, key, claim).await;
    }
    last
}

/// Declares and certifies; answers what was granted.
async fn earn(world: &World, key: &str, item: &str, more: Value) -> Value {
    let claim = declare(world, key, item, more).await;
    certified(world, &claim).await["granted_points"].clone()
}

fn line_of<'a>(lines: &'a [Value], world: &World, key: &str) -> &'a Value {
    let id = json!(world.demo.villagers[key]);
    lines.iter().find(|line| line["villager_id"] == id).expect("a line")
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
        let line = line_of(&lines, &world, key);
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
