//! Where each person has an account of their own: dividends, awards within a track, a move.

use chrono::NaiveDate;
use domain::calendar::day_of;
use domain::rule_book::Subject;
use serde_json::{Value, json};
use testing::World;
use testing::claims::db_book;
use testing::notices::{db_certified_claim, db_run, publish_and_close};
use testing::payouts::{
    comes_out_the_same, dividend_in, drafted, earned, fund, in_effect, lines, pay,
};

/// A village whose book rates people, with the tracks of Wendeng.
async fn of_people() -> World {
    let world = World::new().await;
    let wendeng = infra::presets::load("wendeng").unwrap().unwrap().book;
    db_book(&world, |book| {
        book.subject = Subject::Person;
        book.tracks = wendeng.tracks;
    });
    world
}

/// People earn points by sweeping, on accounts of their own. Answers the day.
async fn people_earned(world: &World, list: &[(&str, i32)]) -> NaiveDate {
    let day = day_of(world.clock.now());
    for (key, points) in list {
        db_certified_claim(world, key, "ENV-1", *points).await;
    }
    db_run(world, "UPDATE claims SET account_id = person_id WHERE state = 'certified'".into())
        .await;
    publish_and_close(world).await;
    day
}

fn of<'a>(world: &World, lines: &'a [Value], key: &str) -> &'a Value {
    let account = json!(world.demo.villagers[key]);
    lines.iter().find(|line| line["account_id"] == account).expect("a line")
}

async fn owned(world: &World, key: &str) -> Vec<Value> {
    let client = world.sign_in(key).await;
    let path = world.village(&format!("households/{}/payouts", world.home_of(key)));
    client.get(&path).await.expect(200)["items"].as_array().cloned().unwrap_or_default()
}

#[actix_web::test]
async fn a_part_of_a_person_goes_with_them_to_another_household() {
    let world = of_people().await;
    let account = fund(&world, 5_000).await;
    let day = people_earned(&world, &[("villager", 1), ("villager-son", 3)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 400)).await;
    in_effect(&world, &payout).await;
    pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    let found = lines(&world, &payout).await;
    assert_eq!(
        (&of(&world, &found, "villager")["fen"], &found[0]["name"]),
        (&json!(100), &json!("王秀英"))
    );
    assert_eq!(of(&world, &found, "villager-son")["fen"], 300);
    comes_out_the_same(&world, &payout).await;
    assert_eq!(owned(&world, "villager").await.len(), 2);
    // He moves in with the administrator, who then hands out no part of the own household.
    let (son, home) = (world.demo.villagers["villager-son"], world.home_of("village-admin"));
    for table in ["accounts", "villagers"] {
        let moves = format!("UPDATE {table} SET household_id = '{home}' WHERE id = '{son}'");
        db_run(&world, moves).await;
    }
    let left: Vec<_> = owned(&world, "villager").await;
    assert_eq!(left.iter().map(|part| part["fen"].clone()).collect::<Vec<_>>(), [100]);
    let his = owned(&world, "village-admin").await;
    let his: Vec<_> = his.iter().filter(|part| part["account_id"] == json!(son)).collect();
    assert_eq!(his[0]["fen"], 300);
    let to = format!("{payout}/lines/{son}/handovers");
    let cash = json!({"how": "cash", "received_by": "王建国"});
    let admin = world.sign_in("village-admin").await;
    admin.post(&to, cash.clone()).await.expect_problem(403, "own_household");
    world.sign_in("town-officer").await.post(&to, cash).await.expect(201);
}

#[actix_web::test]
async fn awards_within_a_track_rank_those_on_it_and_a_direct_grade_takes_none() {
    let world = of_people().await;
    let list = [("villager", 5), ("neighbour", 4), ("collector", 3), ("elder", 9)];
    let day = people_earned(&world, &list).await;
    let ids = ["villager", "neighbour", "collector"].map(|key| world.demo.villagers[key]);
    for id in ids {
        let track = format!("UPDATE villagers SET tracks = '{{party_member}}' WHERE id = '{id}'");
        db_run(&world, track).await;
    }
    let (village, graded) = (world.demo.village, ids[1]);
    db_run(
        &world,
        format!(
            "INSERT INTO marks (village_id, claim_id, account_id, member_id, kind, stars, from_day, \
                 until_day, recorded_at) \
             VALUES ('{village}', '{graded}', '{graded}', '{graded}', 'direct_grade', 0, '{day}', \
                 '{day}', now())"
        ),
    )
    .await;
    let body = json!({
        "title": "党员年终表彰", "from": day, "until": day, "ranked_by": "points",
        "track": "party_member", "prizes": [
            {"from_rank": 1, "to_rank": 1, "title": "一等奖", "fen": 50_000},
            {"from_rank": 2, "to_rank": 2, "title": "二等奖", "fen": 20_000},
        ],
    });
    let payout = drafted(&world, "year-end-awards", body).await;
    let found = lines(&world, &payout).await;
    let seen = ["villager", "neighbour", "collector", "elder"].map(|key| {
        let line = of(&world, &found, key);
        (line["rank"].clone(), line["fen"].clone(), line["left_out"].clone())
    });
    let none = |why: &str| (Value::Null, json!(0), json!(why));
    let prize = |rank: i32, fen: i64| (json!(rank), json!(fen), Value::Null);
    let expected = [prize(1, 50_000), none("direct_grade"), prize(2, 20_000), none("other_track")];
    assert_eq!(seen, expected);
    comes_out_the_same(&world, &payout).await;
}

#[actix_web::test]
async fn a_period_in_which_the_book_changed_from_households_to_people_is_given_out_in_two() {
    let world = World::new().await;
    let before = earned(&world, &[("villager", 3)]).await;
    db_book(&world, |book| book.subject = Subject::Person);
    let after = people_earned(&world, &[("villager", 1)]).await;
    let mut whole = dividend_in(before, 400);
    whole["until"] = json!(after);
    let admin = world.sign_in("village-admin").await;
    let path = world.village("dividends");
    admin.post(&path, whole).await.expect_problem(422, "accounts_mixed");
    drafted(&world, "dividends", dividend_in(before, 300)).await;
    let mut since = dividend_in(after, 100);
    since["from"] = json!(before.succ_opt().unwrap());
    drafted(&world, "dividends", since).await;
}
