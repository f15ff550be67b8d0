//! Direct grades and their repair, and what a rating makes of them.

use domain::calendar::{CycleKind, day_of, end_of};
use serde_json::{Value, json};
use testing::World;
use testing::claims::{certify, deduct, today};
use testing::ledger::conserved;
use testing::notices::{close, publish};
use testing::ratings::{comes_out_the_same, compute, db_adopt, db_score_entry, line_of, lines};

use super::{db_engine_book, shown};

/// Lets the quarter end, rates it and looks at the line of household 2.
async fn rated(world: &World) -> (String, Value) {
    let cycle = CycleKind::Quarter.holding(today(world));
    world.advance_to(end_of(cycle.last_day()));
    let rating = compute(world, "village-admin", cycle).await.expect(201);
    let path = world.village(&format!("ratings/{}", rating["id"].as_str().unwrap()));
    let admin = world.sign_in("village-admin").await;
    let line = line_of(&lines(&admin, &path).await, "002").clone();
    (path, line)
}

#[actix_web::test]
async fn a_direct_grade_sets_the_star_until_its_repair_takes_a_fixed_deduction_instead() {
    let world = World::new().await;
    db_engine_book(&world);
    let home = world.demo.households[&2];
    db_score_entry(&world, home, "36", today(&world));
    let claim = deduct(&world, "neighbour", "GRADE", json!({})).await;
    assert_eq!(certify(&world, &claim).await["state"], "certified");
    // The time to put it right before it is posted passes.
    let until = day_of(world.clock.now()) + chrono::Days::new(7);
    world.advance_to(end_of(until));
    let notice = publish(&world).await;
    close(&world, &notice).await;
    assert_eq!(shown(&world, &claim).await["state"], "posted");
    let (first, line) = rated(&world).await;
    // 60 and 36 are five stars by the table.
    assert_eq!((&line["score"], &line["stars"]), (&json!("96"), &json!(0)), "{line:#}");
    assert_eq!(line["direct_grade_claim_id"], json!(claim));
    comes_out_the_same(&world, &first).await;

    let path = world.village(&format!("claims/{claim}/repairs"));
    let cadre = world.sign_in("collector").await;
    let key = "repair-once";
    let body = json!({"reason": "已履行义务"});
    let repaired = cadre.post_with_key(&path, body.clone(), key).await.expect(201);
    assert_eq!(cadre.post_with_key(&path, body.clone(), key).await.expect(201), repaired);
    cadre.post(&path, body).await.expect_problem(422, "not_repairable");
    assert_eq!(shown(&world, &claim).await["granted_points"], "60");
    conserved(&world).await;
    // What was rated stays as it was; the next quarter has the deduction instead of the grade.
    comes_out_the_same(&world, &first).await;
    let (second, line) = rated(&world).await;
    assert_eq!(line["score"], "0", "{line:#}");
    assert_eq!(line["direct_grade_claim_id"], Value::Null);
    comes_out_the_same(&world, &second).await;
}

#[actix_web::test]
async fn nobody_repairs_what_is_not_theirs_to_repair() {
    let world = World::new().await;
    db_engine_book(&world);
    let claim = deduct(&world, "neighbour", "DUMP", json!({})).await;
    let path = world.village(&format!("claims/{claim}/repairs"));
    let body = json!({"reason": "已清理"});
    world
        .sign_in("villager")
        .await
        .post(&path, body.clone())
        .await
        .expect_problem(403, "forbidden");
    let admin = world.sign_in("other-admin").await;
    admin.post(&path, body.clone()).await.expect_problem(404, "not_found");
    let cadre = world.sign_in("collector").await;
    cadre.post(&path, body).await.expect_problem(409, "claim_state");
}

#[actix_web::test]
async fn a_quarterly_notice_waits_for_the_end_of_the_quarter() {
    let world = World::new().await;
    testing::claims::db_book(&world, |book| book.claim_way.notice_every = Some(CycleKind::Quarter));
    let claim = testing::claims::declare(&world, "villager", "NEI-1", json!({})).await;
    certify(&world, &claim).await;
    let admin = world.sign_in("village-admin").await;
    let notices = world.village("notices");
    admin.post(&notices, json!({})).await.expect_problem(409, "nothing_to_publish");
    world.advance_to(end_of(CycleKind::Quarter.holding(today(&world)).last_day()));
    let notice = publish(&world).await;
    close(&world, &notice).await;
    assert_eq!(shown(&world, &claim).await["state"], "posted");
}

#[actix_web::test]
async fn a_rated_cycle_is_explained_by_its_own_book_whatever_holds_now() {
    let world = World::new().await;
    let cycle = CycleKind::Quarter.holding(today(&world));
    let (_, line) = rated(&world).await;
    let next = today(&world) + chrono::Days::new(1);
    db_adopt(&world, world.demo.village, next, |book| {
        book.base_score = domain::points::Points::whole(80);
    });
    world.advance_to(end_of(next));
    let home = world.demo.households[&2];
    let neighbour = world.sign_in("neighbour").await;
    for rest in ["score", "score/explanation"] {
        let path = world.village(&format!("households/{home}/{rest}?cycle={cycle}"));
        let told = neighbour.get(&path).await.expect(200);
        assert_eq!((&told["score"], &told["stars"]), (&line["score"], &line["stars"]), "{rest}");
    }
    let now = world.village(&format!("households/{home}/score"));
    assert_eq!(neighbour.get(&now).await.expect(200)["base"], "80");
}
