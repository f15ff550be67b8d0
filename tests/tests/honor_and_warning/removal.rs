//! Taken down at the person's wish; objected to, and judged by others.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use testing::World;
use testing::notices::{db_count, db_messages, tick};

use super::{answer, approved, ask, consent, ended_why, hanging, posted_award, posted_deduction};

async fn praised(world: &World) -> String {
    let claim = posted_award(world, "villager").await;
    let entry = approved(world, "honor", claim).await;
    consent(world, "villager", &entry, true).await.expect(200);
    assert_eq!(hanging(world, "honor").await.len(), 1);
    entry
}

fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[actix_web::test]
async fn praise_goes_at_the_persons_wish_and_nobody_can_refuse_it() {
    let world = World::new().await;
    let entry = praised(&world).await;
    ask(&world, "neighbour", &entry, "", None).await.expect_problem(404, "not_found");
    let asked = ask(&world, "villager", &entry, "", None).await.expect(201);
    let days = (moment(&asked["removal_due_at"]) - world.clock.now()).num_hours();
    assert!((2 * 24..=8 * 24).contains(&days), "{days}");
    ask(&world, "villager", &entry, "", None).await.expect_problem(409, "objection_open");
    let admin = world.sign_in("village-admin").await;
    let list = admin.get(&world.village("list-entries?state=removal_asked")).await.expect(200);
    assert_eq!(list["items"][0]["removal"]["overdue"], false);
    answer(&world, "village-admin", &entry, "kept").await.expect_problem(422, "listing_wish_holds");
    answer(&world, "village-admin", &entry, "removed").await.expect(201);
    assert!(hanging(&world, "honor").await.is_empty());
    assert_eq!(ended_why(&world, &entry).await, "removed");
    assert_eq!(db_messages(&world, "villager", "list_entry_answered").await.len(), 1);
}

#[actix_web::test]
async fn a_wish_that_nobody_sees_to_is_urged_and_then_done_by_the_worker() {
    let world = World::new().await;
    let entry = praised(&world).await;
    let asked = ask(&world, "villager", &entry, "不想公开", None).await.expect(201);
    let due = moment(&asked["removal_due_at"]);
    assert_eq!(tick(&world).await.taken_down, 0);
    world.advance_to(due - chrono::Duration::hours(20));
    tick(&world).await;
    tick(&world).await;
    assert_eq!(db_messages(&world, "village-admin", "list_removal_urged").await.len(), 1);
    assert_eq!(hanging(&world, "honor").await.len(), 1);
    world.advance_to(due);
    let admin = world.sign_in("village-admin").await;
    let list = admin.get(&world.village("list-entries?state=removal_asked")).await.expect(200);
    assert_eq!(list["items"][0]["removal"]["overdue"], true);
    assert_eq!(tick(&world).await.taken_down, 1);
    assert!(hanging(&world, "honor").await.is_empty());
    assert_eq!(ended_why(&world, &entry).await, "removal_overdue");
    let audit =
        "SELECT count(*) FROM audit_log WHERE action = 'list_entry_end' AND user_id IS NULL";
    assert_eq!(db_count(&world, audit).await, 1);
}

#[actix_web::test]
async fn an_objection_hides_a_warning_until_others_have_answered_it() {
    let world = World::new().await;
    let claim = posted_deduction(&world, "villager", -1).await;
    let entry = approved(&world, "warning", claim).await;
    ask(&world, "villager", &entry, " ", None).await.expect_problem(422, "reason_missing");
    ask(&world, "villager-son", &entry, "已经清理了", None).await.expect(201);
    assert!(hanging(&world, "warning").await.is_empty());
    // Who decided or proposed does not answer.
    answer(&world, "panel-1", &entry, "kept").await.expect_problem(409, "already_decided");
    answer(&world, "village-admin", &entry, "kept").await.expect_problem(403, "own_claim");
    answer(&world, "villager", &entry, "removed").await.expect_problem(404, "not_found");
    answer(&world, "town-officer", &entry, "kept").await.expect(201);
    assert_eq!(hanging(&world, "warning").await.len(), 1);
    ask(&world, "villager", &entry, "再次异议", None)
        .await
        .expect_problem(409, "objection_answered");
    let told = db_messages(&world, "villager", "list_entry_answered").await;
    assert_eq!((&told[0]["outcome"], &told[0]["answer"]), (&json!("kept"), &json!("已核实。")));
}

#[actix_web::test]
async fn an_objection_that_is_upheld_takes_the_warning_down() {
    let world = World::new().await;
    let claim = posted_deduction(&world, "villager", -1).await;
    let entry = approved(&world, "warning", claim).await;
    ask(&world, "villager", &entry, "已经清理了", None).await.expect(201);
    // A warning that is objected to is not taken down by the worker, however late the answer.
    world.clock.advance(20 * 86_400);
    tick(&world).await;
    assert_eq!(ended_why(&world, &entry).await, Value::Null);
    assert_eq!(db_messages(&world, "village-admin", "list_removal_urged").await.len(), 1);
    answer(&world, "town-officer", &entry, "removed").await.expect(201);
    assert_eq!(ended_why(&world, &entry).await, "removed");
    assert!(hanging(&world, "warning").await.is_empty());
}
