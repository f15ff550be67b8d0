//! A half-year on the preset of Jinping: the village compact in points. Weddings are reported before
//! and funerals after, a banquet table has its limit, red-list deeds and building rules count, and
//! the associations and the village committee decide.

use domain::calendar::CycleKind;
use serde_json::{Value, json};
use testing::ledger::{account, points_of};
use testing::period::Period;

const WAY: [&str; 4] = ["panel-1", "panel-2", "panel-3", "village-admin"];
/// For the household of the one who rechecks otherwise.
const OTHER_WAY: [&str; 4] = ["panel-1", "panel-2", "panel-3", "village-admin-2"];
const PANEL: [&str; 3] = ["panel-1", "panel-2", "panel-3"];
const RECORDERS: [&str; 2] = ["collector", "grid-worker"];
const OTHER_RECORDERS: [&str; 2] = ["grid-worker", "work-team"];

fn nothing() -> Value {
    json!({})
}

/// Deeds for the red list, by the cadres.
async fn red_list(half: &Period) {
    for item in ["RED-1", "RED-2", "RED-3"] {
        for claim in half.together("grid-worker", &["villager", "neighbour"], item, nothing()).await
        {
            assert_eq!(half.certify(&claim).await, "5");
        }
        let claim = &half.together("collector", &["elder"], item, nothing()).await[0];
        assert_eq!(half.certify(claim).await, "5");
    }
    let claim = &half.together("grid-worker", &["collector"], "RED-1", nothing()).await[0];
    assert_eq!(half.certify(claim).await, "5");
}

/// A wedding within the limit of 350 yuan a table, one above it, and a funeral with singers.
async fn weddings_and_funerals(half: &Period) {
    assert_eq!(half.earn("villager", "WED-1", nothing()).await, "3");
    assert_eq!(half.earn("villager", "BANQ-1", nothing()).await, "5");
    assert_eq!(half.earn("neighbour", "WED-1", nothing()).await, "3");
    let receipts = half.declare("neighbour", "BANQ-1", nothing()).await;
    half.decide("panel-1", &receipts, "reject").await;
    half.decide("panel-2", &receipts, "reject").await;
    assert_eq!(half.decide("panel-3", &receipts, "reject").await["state"], "rejected");
    let above = half.deduct(RECORDERS, "neighbour", "BANQ-9").await;
    assert_eq!(half.certify(&above).await, "5");

    let funeral = half.declare("neighbour", "FUN-1", nothing()).await;
    half.sent_back("panel-2", &funeral, "neighbour").await;
    assert_eq!(half.certify(&funeral).await, "3");
    let funeral = half.by_proxy("elder", "FUN-1", nothing()).await;
    assert_eq!(half.certify(&funeral).await, "3");
    let singers = half.deduct(RECORDERS, "elder", "FUN-9").await;
    assert_eq!(half.certify(&singers).await, "5");
    // Fireworks on an ordinary day, put right the day after.
    let fireworks = half.deduct(RECORDERS, "panel-4", "FIRE-9").await;
    assert_eq!(half.certify(&fireworks).await, "3");
    half.go_to(half.day(1));
    half.cured("work-team", &fireworks).await;
}

/// Sanitation fees, labour, houses.
async fn houses_and_yards(half: &Period) {
    for (key, item, more, granted) in [
        ("villager", "SAN-1", nothing(), "2"),
        ("villager", "SAN-1", nothing(), "0"),
        ("store-keeper", "BUILD-1", nothing(), "8"),
        ("store-keeper", "SAN-2", json!({"quantity": 4}), "4"),
        ("store-keeper", "SAN-2", json!({"quantity": 4}), "2"),
        ("work-team", "SAN-2", json!({"quantity": 5}), "4"),
    ] {
        assert_eq!(half.earn(key, item, more).await, granted, "{key} {item}");
    }
    let fee = half.by_proxy("elder", "SAN-1", nothing()).await;
    assert_eq!(half.certify(&fee).await, "2");
    let tidy = half.together("collector", &["village-admin-2"], "SAN-3", nothing()).await;
    assert_eq!(half.certify(&tidy[0]).await, "2");
    for (person, item, granted) in [
        ("panel-4", "BUILD-8", "10"),
        ("village-admin-2", "BUILD-9", "10"),
        ("village-admin-2", "SAN-9", "3"),
        ("grid-worker", "BLACK-2", "15"),
        ("grid-worker", "BUILD-8", "10"),
    ] {
        let by = if person == "grid-worker" { ["collector", "work-team"] } else { RECORDERS };
        let claim = half.deduct(by, person, item).await;
        assert_eq!(half.certify(&claim).await, granted, "{person} {item}");
    }
    // The recheck of a village cadre's own house is another's.
    for (item, granted) in [("BLACK-2", "15"), ("BUILD-9", "10"), ("SAN-9", "3")] {
        let claim = half.deduct(OTHER_RECORDERS, "village-admin", item).await;
        let last = half.approved_by(&OTHER_WAY, &claim, None).await;
        assert_eq!(last["granted_points"], granted);
    }
    let fee = half.declare("village-admin", "SAN-1", nothing()).await;
    for key in PANEL {
        half.decide(key, &fee, "approve").await;
    }
    let (path, body) = (format!("claims/{fee}/decisions"), json!({"decision": "approve"}));
    half.post("village-admin", &path, body).await.expect_problem(403, "own_household");
    half.approved_by(&OTHER_WAY[3..], &fee, None).await;
}

#[actix_web::test]
async fn a_half_year_on_jinpings_book_puts_the_compact_into_stars() {
    let half = Period::begin("jinping", CycleKind::HalfYear, &WAY).await;
    red_list(&half).await;
    weddings_and_funerals(&half).await;
    houses_and_yards(&half).await;
    let house = half.declare("neighbour", "BUILD-1", nothing()).await;
    assert_eq!(half.certify(&house).await, "8");

    // Whoever may put something right has had thirty days.
    half.go_to(half.day(32));
    let notice = half.publish().await;
    let objection = half.object("store-keeper", &notice, json!({"claim_id": house})).await;
    half.close(&notice, 5).await;
    half.answer("town-officer", &objection, "corrected", Some("5.99")).await;
    assert_eq!(half.claim(&house).await["state"], "posted");
    assert_eq!(points_of(&half.world, 1).await, "25");
    assert_eq!(account(&half.world, 11).await["score_entries"], "-26");

    // Thrift of the last day of the half-year is certified in the next.
    let last = half.cycle.last_day();
    half.go_to(last);
    let thrift = half.together("grid-worker", &["neighbour"], "RED-4", nothing()).await;
    half.go_to(last + chrono::Days::new(4));
    assert_eq!(half.certify(&thrift[0]).await, "3");
    assert_eq!(half.claim(&thrift[0]).await["counts_until"], json!(last));
    // The fee is one a year, whichever half it is; labour counts anew each month.
    assert_eq!(half.earn("villager", "SAN-1", nothing()).await, "0");
    assert_eq!(half.earn("store-keeper", "SAN-2", json!({"quantity": 4})).await, "4");
    let notice = half.publish().await;
    half.close(&notice, 5).await;

    let rated = half.rated().await;
    for (number, score, stars) in [
        (1, "125", 5),
        (2, "124.99", 4),
        (3, "115", 4),
        (13, "114", 3),
        (4, "105", 3),
        (6, "104", 2),
        (7, "100", 2),
        (10, "90", 2),
        (12, "89", 1),
        (5, "75", 1),
        (11, "74", 0),
    ] {
        assert_eq!(rated.of(number), (score.to_owned(), stars), "household {number}");
    }
    // One line is objected to; the others take effect without it.
    let notice = half.hung(&rated, &PANEL).await;
    let line = json!({"account_id": half.world.demo.households[&2]});
    let objection = half.object("store-keeper", &notice, line).await;
    half.close(&notice, 5).await;
    assert_eq!(account(&half.world, 1).await["stars"], 5);
    assert_eq!(account(&half.world, 2).await["stars_cycle"], Value::Null);
    half.answer("town-officer", &objection, "upheld", None).await;
    for (number, stars) in [(1, 5), (2, 4), (12, 1), (11, 0)] {
        let held = account(&half.world, number).await;
        assert_eq!((&held["stars"], &held["star_credit_fen"]), (&json!(stars), &json!(0)));
    }
    half.settled(&rated).await;

    let words = [
        "婚事操办前报告红白理事会",
        "宴席每桌菜品含酒水不超过350元",
        "每个账户每年最多计1次,次数已满,这次的2分不计",
        "合计125分,为5星",
    ];
    half.is_explained("villager", &words).await;
    let words = ["宴席每桌菜品含酒水超过350元", "-5分", "经异议更正为5.99分", "再得0.01分为5星"];
    half.is_explained("neighbour", &words).await;
    let words = ["每个账户每月最多计6分,超出的2分不计", "属于以后的周期"];
    half.is_explained("store-keeper", &words).await;
    half.is_explained("village-admin", &["合计74分,为0星;再得1分为1星"]).await;
}
