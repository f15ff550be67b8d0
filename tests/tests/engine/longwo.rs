//! A year on the preset of Longwo: villagers score themselves, the work team gathers the facts, three
//! of the certification group certify; a deed of December is certified in January.

use domain::calendar::CycleKind;
use serde_json::json;
use testing::ledger::{account, points_of};
use testing::period::Period;

const WAY: [&str; 4] = ["work-team", "panel-1", "panel-2", "panel-3"];
const GROUP: [&str; 3] = ["panel-1", "panel-2", "panel-3"];

/// Caps by year and member, by quarter and account, by year and account, as far as January goes.
async fn up_to_the_caps(year: &Period) {
    let hours = || json!({"quantity": 8});
    let people = ["villager", "villager-son"];
    for claim in year.together("collector", &people, "AFF-2", hours()).await {
        assert_eq!(year.certify(&claim).await, "8");
    }
    // Of a mother's 48 hours 40 count; her son has his own 40.
    for granted in ["8", "8", "8", "8", "0"] {
        assert_eq!(year.earn("villager", "AFF-2", hours()).await, granted);
    }
    for granted in ["3", "3", "0"] {
        assert_eq!(year.earn("villager", "AFF-3", json!({})).await, granted);
    }
    for granted in ["10", "0"] {
        let chickens = json!({"choice": "large"});
        assert_eq!(year.earn("neighbour", "IND-1", chickens).await, granted);
    }
}

/// What brings households to a bound of the star table, or a hundredth below it.
async fn to_the_bounds(year: &Period) {
    let title = || json!({"choice": "city"});
    for key in ["neighbour", "store-keeper", "grid-worker", "village-admin-2"] {
        assert_eq!(year.earn(key, "HAR-3", title()).await, "25", "{key}");
    }
    for (key, points) in [
        ("villager", "15"),
        ("neighbour", "15"),
        ("neighbour", "15"),
        ("store-keeper", "15"),
        ("store-keeper", "14.99"),
        ("collector", "15"),
        ("grid-worker", "14.99"),
        ("village-admin", "15"),
        ("village-admin-2", "15"),
        ("village-admin-2", "9.99"),
        ("panel-4", "2.99"),
    ] {
        year.fill_in(key, "AFF-4", points).await;
    }
    assert_eq!(year.earn("store-keeper", "CUS-1", json!({})).await, "5");
    // The elder has no phone.
    let large = json!({"choice": "large"});
    for (item, more, points, granted) in [
        ("HAR-3", title(), None, "25"),
        ("IND-1", large, None, "10"),
        ("AFF-4", json!({}), Some("15"), "15"),
        ("CUS-1", json!({}), None, "5"),
        ("CUS-1", json!({}), None, "5"),
    ] {
        let claim = year.by_proxy("elder", item, more).await;
        let last = year.approved_by(&WAY, &claim, points).await;
        assert_eq!(last["granted_points"], granted, "{item}");
    }
    // The work team asks for the certificate, and does not find the house that was pulled down.
    let returned = year.declare("collector", "HAR-3", title()).await;
    year.sent_back("work-team", &returned, "collector").await;
    assert_eq!(year.certify(&returned).await, "25");
    let rejected = year.declare("panel-4", "ENV-3", json!({})).await;
    assert_eq!(year.decide("work-team", &rejected, "reject").await["state"], "rejected");
}

#[actix_web::test]
async fn a_year_on_longwos_book_goes_from_self_scoring_to_stars() {
    let year = Period::begin("longwo", CycleKind::Year, &WAY).await;
    up_to_the_caps(&year).await;
    to_the_bounds(&year).await;
    let village = year.declare("villager", "HAR-3", json!({"choice": "village"})).await;
    assert_eq!(year.certify(&village).await, "5");
    let disputed = year.fill_in("neighbour", "AFF-4", "14.99").await;
    // Gambling twice, dumping once, and dumping that is put right in time.
    let recorders = ["collector", "grid-worker"];
    let first = year.deduct(recorders, "village-admin-2", "SAF-8").await;
    assert_eq!(year.certify(&first).await, "10");
    let stays = year.deduct(recorders, "panel-4", "ENV-9").await;
    assert_eq!(year.certify(&stays).await, "3");
    let cured = year.deduct(recorders, "store-keeper", "ENV-9").await;
    assert_eq!(year.certify(&cured).await, "3");
    year.go_to(year.day(6));
    year.cured("grid-worker", &cured).await;

    // What is disputed waits under its flag, the rest takes effect.
    year.go_to(year.day(20));
    let notice = year.publish().await;
    let objection = year.object("store-keeper", &notice, json!({"claim_id": disputed})).await;
    year.close(&notice, 3).await;
    assert_eq!(year.claim(&disputed).await["state"], "disputed");
    assert_eq!(points_of(&year.world, 2).await, "65");
    year.answer("village-admin", &objection, "upheld", None).await;
    assert_eq!(points_of(&year.world, 2).await, "79.99");
    assert_eq!(points_of(&year.world, 1).await, "74");

    // In the next quarter a suggestion counts again, the town's honour takes the place of the
    // village's, and who gambles again pays twice.
    year.go_to(year.day(100));
    assert_eq!(year.earn("villager", "AFF-3", json!({})).await, "3");
    let town = json!({"choice": "town", "same_deed_as": village});
    assert_eq!(year.earn("villager", "HAR-3", town).await, "8");
    let again = year.deduct(recorders, "village-admin-2", "SAF-8").await;
    assert_eq!(year.certify(&again).await, "20");
    year.go_to(year.day(116));
    let notice = year.publish().await;
    year.close(&notice, 3).await;
    assert_eq!(points_of(&year.world, 1).await, "80");
    // Gambling takes from the score alone: the book gives no deduction for the purse.
    assert_eq!(points_of(&year.world, 12).await, "49.99");
    assert_eq!(account(&year.world, 12).await["score_entries"], "19.99");

    // December's deed, certified in January by the book of its day.
    let last = year.cycle.last_day();
    year.go_to(last);
    let wedding = year.declare("village-admin", "CUS-1", json!({})).await;
    year.go_to(last + chrono::Days::new(5));
    assert_eq!(year.certify(&wedding).await, "5");
    assert_eq!(year.claim(&wedding).await["counts_until"], json!(last));
    // January's own counts in the new year.
    assert_eq!(year.earn("villager", "AFF-2", json!({"quantity": 8})).await, "8");
    let notice = year.publish().await;
    year.close(&notice, 3).await;

    let rated = year.rated().await;
    for (number, score, stars) in [
        (1, "180", 5),
        (2, "179.99", 4),
        (3, "160", 4),
        (13, "159.99", 3),
        (4, "140", 3),
        (5, "139.99", 2),
        (11, "120", 2),
        (12, "119.99", 1),
        (6, "100", 1),
        (10, "99.99", 0),
    ] {
        assert_eq!(rated.of(number), (score.to_owned(), stars), "household {number}");
    }
    let notice = year.hung(&rated, &GROUP).await;
    year.close(&notice, 5).await;
    for (number, stars) in [(1, 5), (2, 4), (12, 1), (10, 0)] {
        let held = account(&year.world, number).await;
        assert_eq!((&held["stars"], &held["star_credit_fen"]), (&json!(stars), &json!(0)));
    }
    year.settled(&rated).await;

    let words = [
        "基础分100分",
        "每人每年最多计40分,超出的8分不计",
        "每个账户每季度最多计2次,次数已满,这次的3分不计",
        "同一事项只计最高的一项,代替原来的5分",
        "评议小组评定为15分",
        "属于以后的周期",
        "合计180分,为5星",
    ];
    year.is_explained("villager", &words).await;
    let words = ["参与赌博", "-20分,同类扣分尚在有效期内,加倍再扣10分", "合计119.99分,为1星"];
    year.is_explained("village-admin-2", &words).await;
}
