//! A quarter on the preset of Shuicheng: panel, recheck, three days of notice, one to five stars to
//! the hundredth of a point, and star credit that is granted once.

use domain::calendar::CycleKind;
use serde_json::json;
use testing::ledger::{account, points_of};
use testing::notices::tick;
use testing::period::Period;

const WAY: [&str; 4] = ["panel-1", "panel-2", "panel-3", "village-admin"];

/// Caps by month and account, by month and member, by quarter and member.
async fn up_to_the_caps(quarter: &Period) {
    for granted in ["4", "4", "4", "0"] {
        assert_eq!(quarter.earn("villager", "ENV-1", json!({"quantity": 4})).await, granted);
    }
    assert_eq!(quarter.earn("villager", "ELD-1", json!({"quantity": 5})).await, "5");
    assert_eq!(quarter.earn("villager", "ELD-1", json!({"quantity": 5})).await, "3");
    // Meetings: each member has four points a quarter.
    let all = ["villager", "villager-son", "neighbour"];
    for (people, granted) in [(&all[..], "1"), (&all[..1], "1"), (&all[..1], "1"), (&all[..1], "1")]
    {
        for claim in quarter.together("collector", people, "LAW-1", json!({})).await {
            assert_eq!(quarter.certify(&claim).await, granted);
        }
    }
    let fifth = quarter.together("collector", &["villager"], "LAW-1", json!({})).await;
    assert_eq!(quarter.certify(&fifth[0]).await, "0");
}

/// What brings households to a bound of the star table, or one point beside it.
async fn to_the_bounds(quarter: &Period) {
    let level = |code: &str| json!({"choice": code});
    assert_eq!(quarter.earn("villager", "FAM-1", level("county")).await, "10");
    for (item, more, granted) in [
        ("FAM-1", level("province"), "20"),
        ("IND-1", json!({"quantity": 4}), "6"),
        ("ENV-1", json!({"quantity": 4}), "4"),
    ] {
        let claim = quarter.by_proxy("elder", item, more).await;
        assert_eq!(quarter.certify(&claim).await, granted, "{item}");
    }
    for (key, item, more, granted) in [
        ("neighbour", "FAM-1", level("province"), "20"),
        ("store-keeper", "FAM-1", level("province"), "20"),
        ("store-keeper", "IND-1", json!({"quantity": 3}), "6"),
        ("grid-worker", "FAM-1", level("province"), "20"),
        ("work-team", "FAM-1", level("city"), "15"),
        ("village-admin-2", "FAM-1", level("town"), "5"),
        ("village-admin-2", "ENV-1", json!({"quantity": 4}), "4"),
    ] {
        assert_eq!(quarter.earn(key, item, more).await, granted, "{key} {item}");
    }
    // Asked for a better photo.
    let returned = quarter.declare("panel-4", "FAM-1", level("county")).await;
    quarter.sent_back("panel-2", &returned, "panel-4").await;
    assert_eq!(quarter.certify(&returned).await, "10");
    // Most of the panel do not believe it.
    let rejected = quarter.declare("store-keeper", "NEI-1", json!({})).await;
    quarter.decide("panel-1", &rejected, "reject").await;
    quarter.decide("panel-2", &rejected, "approve").await;
    assert_eq!(quarter.decide("panel-3", &rejected, "reject").await["state"], "rejected");
}

#[actix_web::test]
async fn a_quarter_on_shuichengs_book_ends_in_stars_and_star_credit() {
    let quarter = Period::begin("shuicheng", CycleKind::Quarter, &WAY).await;
    up_to_the_caps(&quarter).await;
    to_the_bounds(&quarter).await;
    let rescue = quarter.declare("neighbour", "NEI-2", json!({"choice": "outstanding"})).await;
    assert_eq!(quarter.certify(&rescue).await, "15");
    // One fault is put right within its seven days, the other is not.
    let cured = quarter.deduct(["grid-worker", "collector"], "neighbour", "ENV-9").await;
    let stays = quarter.deduct(["grid-worker", "work-team"], "collector", "ENV-9").await;
    for claim in [&cured, &stays] {
        assert_eq!(quarter.certify(claim).await, "3");
    }
    let tidy = quarter.together("grid-worker", &["collector"], "ENV-2", json!({})).await;
    assert_eq!(quarter.certify(&tidy[0]).await, "2");

    quarter.go_to(quarter.day(7));
    quarter.cured("collector", &cured).await;
    quarter.go_to(quarter.day(8));
    let notice = quarter.publish().await;
    let objection = quarter.object("store-keeper", &notice, json!({"claim_id": rescue})).await;
    quarter.go_to(quarter.day(9));
    quarter.answer("village-admin-2", &objection, "corrected", Some("13.99")).await;
    quarter.close(&notice, 3).await;
    assert_eq!(points_of(&quarter.world, 1).await, "35");
    assert_eq!(points_of(&quarter.world, 2).await, "34.99");
    assert_eq!(quarter.claim(&stays).await["state"], "posted");

    // Deeds of the last day are certified in the next quarter and count in this one.
    let last = quarter.cycle.last_day();
    quarter.go_to(last);
    let in_time = quarter.declare("store-keeper", "NEI-1", json!({})).await;
    quarter.go_to(last + chrono::Days::new(2));
    let late = json!({"quantity": 4, "happened_on": last});
    let late = quarter.declare("work-team", "ENV-1", late).await;
    assert_eq!(quarter.certify(&in_time).await, "3");
    assert_eq!(quarter.certify(&late).await, "4");
    let notice = quarter.publish().await;
    quarter.close(&notice, 3).await;

    let rated = quarter.rated().await;
    for (number, score, stars) in [
        (1, "95", 5),
        (2, "94.99", 4),
        (3, "90", 4),
        (13, "89", 3),
        (5, "80", 3),
        (6, "79", 2),
        (10, "70", 2),
        (12, "69", 1),
        (7, "60", 1),
        (4, "59", 0),
    ] {
        assert_eq!(rated.of(number), (score.to_owned(), stars), "household {number}");
    }
    let notice = quarter.hung(&rated, &WAY).await;
    assert_eq!(account(&quarter.world, 1).await["star_credit_fen"], 0);
    quarter.close(&notice, 3).await;
    // Another round of the worker grants nothing more.
    tick(&quarter.world).await;
    for (number, stars, fen) in [
        (1, 5, 200_000),
        (2, 4, 160_000),
        (13, 3, 120_000),
        (6, 2, 80_000),
        (12, 1, 40_000),
        (4, 0, 0),
    ] {
        let held = account(&quarter.world, number).await;
        assert_eq!((&held["stars"], &held["star_credit_fen"]), (&json!(stars), &json!(fen)));
        assert_eq!(held["stars_cycle"], json!(quarter.cycle.to_string()));
    }
    quarter.settled(&rated).await;

    let words = [
        "基础分60分",
        "每个账户每月最多计12分,超出的4分不计",
        "每人每月最多计8分,超出的2分不计",
        "每人每季度最多计4分,超出的1分不计",
        "合计95分,为5星",
    ];
    quarter.is_explained("villager", &words).await;
    let words = ["+13.99分,经异议更正为13.99分", "合计94.99分,为4星;再得0.01分为5星"];
    quarter.is_explained("neighbour", &words).await;
}
