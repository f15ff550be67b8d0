//! A year on the preset of Qingcheng: villagers declare, cadres award for collective activities, one
//! cadre decides. What is objected to after it was posted is corrected by reversal.

use domain::calendar::CycleKind;
use serde_json::{Value, json};
use testing::ledger::{account, points_of};
use testing::period::Period;

const WAY: [&str; 1] = ["village-admin"];
const RECORDERS: [&str; 2] = ["collector", "grid-worker"];

fn hours(quantity: u32) -> Value {
    json!({"quantity": quantity})
}

/// Cadres award a collective activity; gives what each was granted.
async fn awarded(year: &Period, people: &[&str], item: &str, points: Option<&str>) -> Vec<Value> {
    let mut granted = Vec::new();
    for claim in year.together("collector", people, item, json!({})).await {
        let last = year.approved_by(&WAY, &claim, points).await;
        granted.push(last["granted_points"].clone());
    }
    granted
}

/// What a household comes to in January against the caps of the book: 45 points.
async fn up_to_the_caps(year: &Period) {
    assert_eq!(year.earn("villager", "AFF-1", hours(8)).await, "8");
    assert_eq!(year.earn("villager-son", "AFF-1", hours(8)).await, "2");
    // Every full hundred yuan a point, at most ten at once and twenty a year.
    for (yuan, granted) in [(950, "9"), (1_250, "10"), (300, "1")] {
        assert_eq!(year.earn("villager", "DEED-5", hours(yuan)).await, granted);
    }
    assert_eq!(awarded(year, &["villager"], "CUS-2", None).await, ["5"]);
    // Six points a quarter for the whole household, filled in by the cadre who decides.
    for granted in ["3", "2.5"] {
        assert_eq!(awarded(year, &["villager"], "AFF-4", Some(granted)).await, [granted]);
    }
    assert_eq!(awarded(year, &["villager-son"], "AFF-4", Some("3")).await, ["0.5"]);
    // A lecture a month for each member.
    assert_eq!(awarded(year, &["villager", "villager-son"], "EDU-1", None).await, ["1", "1"]);
    assert_eq!(awarded(year, &["villager"], "EDU-1", None).await, ["0"]);
    assert_eq!(year.earn("villager", "LAW-1", json!({"quantity": 2})).await, "2");
}

/// What brings households to a bound of the star table, or a hundredth below it.
async fn to_the_bounds(year: &Period) {
    for (key, points) in [
        ("neighbour", &["10", "10", "10", "10", "10", "10", "10", "4.99"][..]),
        ("store-keeper", &["10", "10", "10"]),
        ("collector", &["10", "10"]),
        ("grid-worker", &["10", "10", "4.99"]),
        ("panel-1", &["10"]),
        ("panel-3", &["4.99"]),
    ] {
        for points in points {
            year.fill_in(key, "DEED-4", points).await;
        }
    }
    for points in ["10", "10", "10", "10"] {
        let claim = year.by_proxy("elder", "DEED-4", json!({})).await;
        year.approved_by(&WAY, &claim, Some(points)).await;
    }
    let flood = |code: &str| json!({"choice": code});
    assert_eq!(year.earn("work-team", "DEED-1", flood("outstanding")).await, "10");
    assert_eq!(year.earn("work-team", "DEED-1", flood("took_part")).await, "5");
    assert_eq!(year.earn("panel-2", "DEED-1", flood("took_part")).await, "5");
    assert_eq!(year.earn("collector", "CUS-1", json!({})).await, "3");
    let returned = year.declare("collector", "DEED-3", json!({})).await;
    year.sent_back("village-admin", &returned, "collector").await;
    assert_eq!(year.certify(&returned).await, "2");
    let rejected = year.declare("panel-2", "CUS-1", json!({})).await;
    assert_eq!(year.decide("village-admin", &rejected, "reject").await["state"], "rejected");
}

/// A fight, dumping that is put right in time and dumping that is not.
async fn faults(year: &Period) {
    let fight = year.deduct(RECORDERS, "neighbour", "LAW-8").await;
    assert_eq!(year.certify(&fight).await, "5");
    let stays = year.deduct(RECORDERS, "village-admin-2", "AFF-8").await;
    assert_eq!(year.certify(&stays).await, "2");
    let cured = year.deduct(RECORDERS, "panel-4", "AFF-8").await;
    assert_eq!(year.certify(&cured).await, "2");
    year.go_to(year.day(7));
    year.cured("grid-worker", &cured).await;
}

#[actix_web::test]
async fn who_awards_an_activity_does_not_decide_on_it() {
    let year = Period::begin("qingcheng", CycleKind::Year, &WAY).await;
    let claim = &year.together("village-admin", &["villager"], "CUS-2", json!({})).await[0];
    let path = format!("claims/{claim}/decisions");
    let approve = json!({"decision": "approve"});
    year.post("village-admin", &path, approve).await.expect_problem(403, "own_claim");
    year.approved_by(&["village-admin-2"], claim, None).await;
    // What is the cadres' to award no villager declares.
    let villager = year.client("villager").await;
    let body = testing::claims::deed(&year.world, &villager, "villager", "CUS-2", json!({})).await;
    year.post("villager", "claims", body).await.expect_problem(422, "item_not_claimable");
}

#[actix_web::test]
async fn a_year_on_qingchengs_book_ends_in_stars_for_what_one_cadre_certified() {
    let year = Period::begin("qingcheng", CycleKind::Year, &WAY).await;
    up_to_the_caps(&year).await;
    to_the_bounds(&year).await;
    let helped = year.fill_in("store-keeper", "DEED-4", "10").await;
    faults(&year).await;
    year.go_to(year.day(20));
    let notice = year.publish().await;
    let objection = year.object("neighbour", &notice, json!({"claim_id": helped})).await;
    year.close(&notice, 3).await;
    year.answer("village-admin-2", &objection, "upheld", None).await;
    assert_eq!(points_of(&year.world, 13).await, "40");
    // Posted, and still the person concerned may appeal: a reversal and a new entry.
    let body = json!({"claim_id": helped, "text": "记多了。"});
    let appeal = year.post("store-keeper", "appeals", body).await.expect(201);
    let appeal = appeal["id"].as_str().unwrap().to_owned();
    year.answer("town-officer", &appeal, "corrected", Some("9.99")).await;
    assert_eq!(points_of(&year.world, 13).await, "39.99");
    // A fault takes from the score alone: the book gives no deduction for the purse.
    let held = account(&year.world, 12).await;
    assert_eq!((&held["points"], &held["score_entries"]), (&json!("0"), &json!("-2")));

    // The second fight of the year counts double; a new month takes new hours.
    year.go_to(year.day(40));
    let again = year.deduct(RECORDERS, "neighbour", "LAW-8").await;
    assert_eq!(year.certify(&again).await, "10");
    assert_eq!(year.earn("villager", "AFF-1", hours(8)).await, "8");
    assert_eq!(year.earn("villager-son", "AFF-1", hours(4)).await, "2");
    year.go_to(year.day(56));
    let notice = year.publish().await;
    year.close(&notice, 3).await;
    let held = account(&year.world, 2).await;
    assert_eq!((&held["points"], &held["score_entries"]), (&json!("74.99"), &json!("59.99")));

    // Deeds of the last of December, certified in January.
    let last = year.cycle.last_day();
    year.go_to(last);
    let found = year.declare("panel-1", "DEED-4", json!({})).await;
    year.go_to(last + chrono::Days::new(5));
    let lasting = json!({"choice": "took_part", "happened_on": last});
    let late = year.declare("villager", "DEED-1", lasting).await;
    year.approved_by(&WAY, &found, Some("4.99")).await;
    assert_eq!(year.certify(&late).await, "5");
    let notice = year.publish().await;
    year.close(&notice, 3).await;

    let rated = year.rated().await;
    for (number, score, stars) in [
        (1, "60", 5),
        (2, "59.99", 4),
        (3, "40", 4),
        (13, "39.99", 3),
        (4, "25", 3),
        (5, "24.99", 2),
        (6, "15", 2),
        (7, "14.99", 1),
        (8, "5", 1),
        (9, "4.99", 0),
        (10, "0", 0),
        (12, "-2", 0),
    ] {
        assert_eq!(rated.of(number), (score.to_owned(), stars), "household {number}");
    }
    let notice = year.hung(&rated, &WAY).await;
    year.close(&notice, 5).await;
    for (number, stars) in [(1, 5), (2, 4), (8, 1), (9, 0)] {
        let held = account(&year.world, number).await;
        assert_eq!((&held["stars"], &held["star_credit_fen"]), (&json!(stars), &json!(0)));
    }
    year.settled(&rated).await;

    let words = [
        "每个账户每月最多计10分,超出的6分不计",
        "每个账户每年最多计20分,超出的2分不计",
        "评议小组评定为3分,每个账户每季度最多计6分,超出的2.5分不计",
        "每人每月最多计1次,次数已满,这次的1分不计",
        "为5星",
    ];
    year.is_explained("villager", &words).await;
    let words = ["打架斗殴", "-10分,同类扣分尚在有效期内,加倍再扣5分", "再得0.01分为5星"];
    year.is_explained("neighbour", &words).await;
    let words = ["-10分,冲销", "+9.99分", "经异议更正为9.99分"];
    year.is_explained("store-keeper", &words).await;
}
