//! Steps around snapshot reports.

use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use domain::content::Standing;
use domain::id::VillageId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client, World};

/// A place in the demo village.
pub const HERE: (i32, i32) = (26_541_234, 104_712_345);

/// The body that reports something, with a photo of whoever sends it and whatever else there is.
pub async fn body(world: &World, by: &Client, kind: &str, more: Value) -> Value {
    let category = if kind == "good_deed" { "help" } else { "garbage" };
    let mut body = json!({
        "kind": kind, "category": category, "place": "村口小桥边", "text": "桥下看到的情况",
        "spot": {"latitude_e6": HERE.0, "longitude_e6": HERE.1},
        "photo_ids": [world.upload_photo(by).await],
    });
    let all = body.as_object_mut().expect("an object");
    all.extend(more.as_object().expect("an object").clone());
    body
}

/// A person of the demo reports something. Gives the report's id.
pub async fn report(world: &World, key: &str, kind: &str, more: Value) -> String {
    let client = world.sign_in(key).await;
    let body = body(world, &client, kind, more).await;
    let made = client.post(&world.village("reports"), body).await.expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// Sends something about a report.
pub async fn act(world: &World, key: &str, report: &str, what: &str, body: Value) -> Answer {
    let path = world.village(&format!("reports/{report}/{what}"));
    world.sign_in(key).await.post(&path, body).await
}

/// What somebody sees of a report.
pub async fn look(world: &World, key: &str, report: &str) -> Answer {
    world.sign_in(key).await.get(&world.village(&format!("reports/{report}"))).await
}

/// Joins a report to another.
pub async fn join(world: &World, report: &str, to: &str) -> Answer {
    let join = json!({"decision": "join", "joined_to": to});
    act(world, "village-admin", report, "triage", join).await
}

/// A nuisance of the neighbour's that was taken on, dispatched to the grid worker with three days.
pub async fn dispatched(world: &World, more: Value) -> String {
    let id = report(world, "neighbour", "nuisance", more).await;
    act(world, "village-admin", &id, "triage", json!({"decision": "accept"})).await.expect(201);
    dispatch(world, &id).await.expect(201);
    id
}

/// Gives a report to the grid worker with three days.
pub async fn dispatch(world: &World, report: &str) -> Answer {
    let to = json!({"worker_id": world.demo.villagers["grid-worker"], "working_days": 3});
    act(world, "village-admin", report, "dispatches", to).await
}

/// The body with which the grid worker resolves a report.
pub async fn resolution(world: &World, more: Value) -> Value {
    let worker = world.sign_in("grid-worker").await;
    let mut body = json!({"text": "已清理干净", "photo_ids": [world.upload_photo(&worker).await]});
    let all = body.as_object_mut().expect("an object");
    all.extend(more.as_object().expect("an object").clone());
    body
}

/// The grid worker resolves a report.
pub async fn resolve(world: &World, report: &str, more: Value) -> Answer {
    let body = resolution(world, more).await;
    act(world, "grid-worker", report, "resolutions", body).await
}

/// Lets the check of text and photos of a report pass, as if WeChat had passed each.
pub fn db_pass(world: &World, report: &str) {
    let id: Uuid = report.parse().expect("an id");
    let passed =
        diesel::sql_query("UPDATE content_checks SET state = 'passed' WHERE subject_id = $1")
            .bind::<SqlUuid, _>(id)
            .execute(&mut world.connect());
    assert!(passed.is_ok_and(|pieces| pieces > 0));
    db_settle(world, report, Standing::Public);
}

/// Tells a report what its check came to.
pub fn db_settle(world: &World, report: &str, standing: Standing) {
    let (village, now): (VillageId, _) = (world.demo.village, world.clock.now());
    let id: Uuid = report.parse().expect("an id");
    let settled =
        world.db.write(|tx| infra::reports::content_settled_in_tx(tx, village, id, standing, now));
    settled.expect("settled");
}

/// Lets every comment of a report pass the check.
pub fn db_pass_comments(world: &World, report: &str) {
    let done =
        diesel::sql_query("UPDATE report_comments SET standing = 'public' WHERE report_id = $1")
            .bind::<SqlUuid, _>(report.parse::<Uuid>().expect("an id"))
            .execute(&mut world.connect());
    assert!(done.is_ok_and(|rows| rows > 0));
}

/// How many rows a statement counts.
pub fn db_count(world: &World, statement: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let found: Count =
        diesel::sql_query(statement).get_result(&mut world.connect()).expect("a count");
    found.count
}
