//! What time does to reports, and who urges.

use diesel::RunQueryDsl;
use infra::worker;
use serde_json::json;
use testing::World;
use testing::claims::db_messages;
use testing::notices::tick;
use testing::reports::{act, db_pass_comments, dispatch, dispatched, look, report, resolve};

const DAY: u32 = 24 * 60 * 60;

fn told(world: &World, key: &str, kind: &str) -> usize {
    db_messages(world, key).iter().filter(|(of, _)| of == kind).count()
}

#[actix_web::test]
async fn what_is_overdue_is_urged_by_the_program_once_and_by_the_reporter_once_a_day() {
    let world = World::new().await;
    let id = dispatched(&world, json!({})).await;
    let early = act(&world, "neighbour", &id, "urges", json!({})).await;
    early.expect_problem(422, "not_overdue");
    world.clock.advance(8 * DAY);
    assert_eq!(tick(&world).await.reports, 1);
    assert_eq!(tick(&world).await.reports, 0);
    assert_eq!(told(&world, "grid-worker", "report_urged"), 1);
    for nobody in ["villager", "grid-worker", "panel-1"] {
        let refused = act(&world, nobody, &id, "urges", json!({})).await;
        refused.expect_problem(404, "not_found");
    }
    act(&world, "neighbour", &id, "urges", json!({})).await.expect(201);
    let again = act(&world, "town-officer", &id, "urges", json!({})).await;
    again.expect_problem(409, "already_urged");
    assert_eq!(told(&world, "grid-worker", "report_urged"), 2);
    world.clock.advance(DAY);
    act(&world, "town-officer", &id, "urges", json!({})).await.expect(201);
    let shown = look(&world, "neighbour", &id).await.expect(200);
    let by: Vec<_> =
        shown["events"].as_array().unwrap().iter().skip(3).map(|one| one["by"].clone()).collect();
    assert_eq!(by, [json!("program"), json!("reporter"), json!("town_officer")]);
    assert_eq!(shown["overdue"], true);
}

#[actix_web::test]
async fn the_desk_is_urged_where_nobody_looked_and_town_and_supervisor_see_it() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let path = world.village("reports?overdue=true");
    let town = world.sign_in("town-officer").await;
    assert_eq!(town.get(&path).await.expect(200)["items"], json!([]));
    world.clock.advance(6 * DAY);
    tick(&world).await;
    for admin in ["village-admin", "village-admin-2"] {
        assert_eq!(told(&world, admin, "report_urged"), 1, "{admin}");
    }
    let town = world.sign_in("town-officer").await;
    assert_eq!(town.get(&path).await.expect(200)["items"][0]["id"], json!(id));
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&path).await.expect_problem(403, "reason_required");
    let list = supervisor.read(&path).await.expect(200);
    assert_eq!((&list["items"][0]["id"], &list["items"][0]["overdue"]), (&json!(id), &json!(true)));
    assert_eq!(list["items"][0]["text"], json!(null), "not before the check");
    for (query, found) in [("state=submitted", 1), ("state=confirmed", 0), ("kind=good_deed", 0)] {
        let list = town.get(&world.village(&format!("reports?{query}"))).await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), found, "{query}");
    }
    let villager = world.sign_in("villager").await;
    villager.get(&path).await.expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn what_nobody_reopens_in_time_is_confirmed_by_the_program() {
    let world = World::new().await;
    let id = dispatched(&world, json!({})).await;
    resolve(&world, &id, json!({})).await.expect(201);
    // While nobody looked at its words, no time goes by for whoever sent it.
    world.clock.advance(30 * DAY);
    assert_eq!(tick(&world).await.reports, 0);
    db_pass_comments(&world, &id);
    let begun = futures_util::future::join_all((0..4).map(|_| tick(&world))).await;
    assert_eq!(begun.iter().map(|ticked| ticked.resolved).sum::<usize>(), 1);
    assert_eq!(told(&world, "neighbour", "report_resolved"), 1);
    assert_eq!(look(&world, "neighbour", &id).await.expect(200)["state"], "resolved");
    world.clock.advance(10 * DAY);
    let late = act(&world, "neighbour", &id, "reopenings", json!({"reason": "还有"})).await;
    late.expect_problem(409, "report_state");
    // Several processes at once confirm it once.
    let rounds = (0..4).map(|_| tick(&world));
    let done: usize =
        futures_util::future::join_all(rounds).await.iter().map(|ticked| ticked.reports).sum();
    assert_eq!(done, 1);
    let shown = look(&world, "neighbour", &id).await.expect(200);
    let last = shown["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["event"], &last["by"]), (&json!("confirmed"), &json!("program")));
    assert_eq!(told(&world, "neighbour", "report_urged"), 0);
}

#[actix_web::test]
async fn what_was_overdue_once_is_urged_again_when_the_next_is_late_and_ends_by_itself() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    world.clock.advance(6 * DAY);
    assert_eq!(tick(&world).await.reports, 1);
    act(&world, "village-admin", &id, "triage", json!({"decision": "accept"})).await.expect(201);
    world.clock.advance(6 * DAY);
    assert_eq!(tick(&world).await.reports, 1, "taken on late, and not dispatched in time");
    assert_eq!(told(&world, "village-admin", "report_urged"), 2);
    dispatch(&world, &id).await.expect(201);
    world.clock.advance(8 * DAY);
    assert_eq!(tick(&world).await.reports, 1);
    resolve(&world, &id, json!({})).await.expect(201);
    db_pass_comments(&world, &id);
    assert_eq!(tick(&world).await.resolved, 1);
    let still = json!({"reason": "还有"});
    act(&world, "neighbour", &id, "reopenings", still).await.expect(201);
    dispatch(&world, &id).await.expect(201);
    world.clock.advance(8 * DAY);
    assert_eq!(tick(&world).await.reports, 1);
    resolve(&world, &id, json!({})).await.expect(201);
    db_pass_comments(&world, &id);
    assert_eq!(tick(&world).await.resolved, 1);
    world.clock.advance(10 * DAY);
    assert_eq!(tick(&world).await.reports, 1, "nobody reopened it in time");
    assert_eq!(look(&world, "neighbour", &id).await.expect(200)["state"], "confirmed");
}

#[actix_web::test]
async fn a_report_that_cannot_be_read_does_not_keep_the_others_waiting() {
    let world = World::new().await;
    let bad = report(&world, "villager", "nuisance", json!({})).await;
    let (due, done) = (
        report(&world, "panel-1", "nuisance", json!({})).await,
        dispatched(&world, json!({})).await,
    );
    resolve(&world, &done, json!({})).await.expect(201);
    db_pass_comments(&world, &done);
    let bad_done = report(&world, "panel-2", "nuisance", json!({})).await;
    db_break(&world, &bad, "due_at = due_at - interval '1 day'");
    db_break(&world, &bad_done, "state = 'resolved', due_at = NULL");
    world.clock.advance(6 * DAY);
    let (db, now) = (world.db.clone(), world.clock.now());
    let ticked = actix_web::web::block(move || worker::tick(&db, now)).await.unwrap();
    let failed: Vec<_> = ticked.failures.iter().map(|(what, _)| *what).collect();
    let expected = ["tell that reports are resolved", "look after reports that are due"];
    assert_eq!(failed, expected, "and it is told that something is wrong");
    assert_eq!(told(&world, "village-admin", "report_urged"), 1);
    assert!(look(&world, "panel-1", &due).await.expect(200)["overdue"] == true);
    assert_eq!(told(&world, "neighbour", "report_resolved"), 1);
}

/// Makes a report one that cannot be read, and changes something besides.
fn db_break(world: &World, report: &str, besides: &str) {
    let broken =
        format!("UPDATE reports SET latitude_e6 = 2000000000, {besides} WHERE id = '{report}'");
    assert_eq!(diesel::sql_query(broken).execute(&mut world.connect()), Ok(1));
}
