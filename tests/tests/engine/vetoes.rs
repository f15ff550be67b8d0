//! Marks that a posted claim leaves: a veto suspends redemption and says until when; a direct grade that
//! gave way and holds again leaves a rating in between as it was.

use chrono::Datelike;
use domain::calendar::{CycleKind, end_of};
use domain::rule_book::{Duration, Item, ItemKind, Star, Suspension};
use serde_json::{Value, json};
use testing::World;
use testing::claims::{certify, db_book, deduct, today};
use testing::notices::{close, publish};
use testing::ratings::{compute, db_score_entry, line_of, lines};

use super::{fixed, item};

fn db_marking_book(world: &World) {
    db_book(world, |book| {
        let grade = |code: &str, stars: u8, repaired: i32| Item {
            extends_until_corrected: true,
            grade: Star::new(stars),
            exclusive: Some("crimes".into()),
            duration: Duration::Year,
            cure_days: Some(1),
            ..item(code, ItemKind::DirectGrade, fixed(repaired))
        };
        book.items.extend([
            Item {
                suspends: Some(Suspension { further_years: 1 }),
                cure_days: Some(1),
                ..item("VETO", ItemKind::Veto, fixed(0))
            },
            grade("GRADE-1", 1, 20),
            grade("GRADE-3", 3, 10),
        ]);
    });
}

/// Recorded by the collector, certified, and posted once the time for a cure and the notice are over.
async fn posted(world: &World, item: &str, more: Value) -> String {
    let claim = deduct(world, "neighbour", item, more).await;
    assert_eq!(certify(world, &claim).await["state"], "certified");
    world.clock.advance(2 * 24 * 3_600);
    let notice = publish(world).await;
    close(world, &notice).await;
    claim
}

async fn of_household(world: &World, rest: &str) -> Value {
    let neighbour = world.sign_in("neighbour").await;
    let home = world.demo.households[&2];
    neighbour.get(&world.village(&format!("households/{home}/score{rest}"))).await.expect(200)
}

#[actix_web::test]
async fn a_veto_says_until_when_it_suspends_redemption_and_leaves_the_star_alone() {
    let world = World::new().await;
    db_marking_book(&world);
    let before = of_household(&world, "").await;
    assert_eq!(before["redemption_suspended_until"], Value::Null);
    let year = today(&world).year();
    let claim = posted(&world, "VETO", json!({})).await;
    // The rest of this year and the next.
    let until = format!("{}-12-31", year + 1);
    let after = of_household(&world, "").await;
    assert_eq!(after["redemption_suspended_until"], json!(until));
    assert_eq!((&after["score"], &after["stars"]), (&before["score"], &before["stars"]));
    let told = of_household(&world, "/explanation").await;
    let reasons = told["reasons"].as_array().expect("reasons");
    let veto = reasons.iter().find(|reason| reason["kind"] == "veto").expect("the veto");
    assert_eq!(veto["claim_id"], json!(claim));
    assert!(veto["words"].as_str().unwrap().contains(&until), "{veto}");
    // An appeal that strikes it takes it back.
    strike(&world, &claim).await;
    assert_eq!(of_household(&world, "").await["redemption_suspended_until"], Value::Null);
}

/// The neighbour appeals, and somebody who did not decide before strikes the claim.
async fn strike(world: &World, claim: &str) {
    let neighbour = world.sign_in("neighbour").await;
    let about = json!({"claim_id": claim, "text": "弄错了人。"});
    let appeal = neighbour.post(&world.village("appeals"), about).await.expect(201);
    let path = world.village(&format!("objections/{}/answers", appeal["id"].as_str().unwrap()));
    let struck = json!({"outcome": "struck", "text": "已核实。"});
    world.sign_in("village-admin-2").await.post(&path, struck).await.expect(201);
}

#[actix_web::test]
async fn a_grade_that_gave_way_and_holds_again_leaves_the_rating_in_between_as_it_was() {
    let world = World::new().await;
    db_marking_book(&world);
    // Five stars by the score alone.
    db_score_entry(&world, world.demo.households[&2], "36", today(&world));
    let lower = posted(&world, "GRADE-3", json!({})).await;
    let cycle = CycleKind::Quarter.holding(today(&world));
    let same = json!({"same_deed_as": lower, "happened_on": today(&world)});
    let body = {
        let collector = world.sign_in("collector").await;
        let mut body =
            testing::claims::deed(&world, &collector, "neighbour", "GRADE-1", same).await;
        let shown = collector.get(&world.village(&format!("claims/{lower}"))).await.expect(200);
        body["happened_on"] = shown["happened_on"].clone();
        collector.post(&world.village("deductions"), body).await.expect(201)
    };
    let higher = body["id"].as_str().expect("an id").to_owned();
    certify(&world, &higher).await;
    world.clock.advance(2 * 24 * 3_600);
    let notice = publish(&world).await;
    close(&world, &notice).await;

    world.advance_to(end_of(cycle.last_day()));
    let rating = compute(&world, "village-admin", cycle).await.expect(201);
    let path = world.village(&format!("ratings/{}", rating["id"].as_str().unwrap()));
    let admin = world.sign_in("village-admin").await;
    let line = line_of(&lines(&admin, &path).await, "002").clone();
    assert_eq!((&line["stars"], &line["direct_grade_claim_id"]), (&json!(1), &json!(higher)));
    strike(&world, &higher).await;
    let score = of_household(&world, &format!("?cycle={cycle}")).await;
    assert_eq!(score["stars"], 3, "the lower one holds again");
    let admin = world.sign_in("village-admin").await;
    let check = admin.get(&format!("{path}/recomputation")).await.expect(200);
    assert_eq!(check["differing"], json!([]), "{check:#}");
}
