//! Steps around claims that several families of tests need.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Jsonb, Text, Uuid as SqlUuid};
use domain::calendar::day_of;
use domain::rule_book::RuleBook;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Client, World};

/// The people whose votes certify a claim in the demo village, in their order.
pub const REVIEWERS: [&str; 4] = ["panel-1", "panel-2", "panel-3", "village-admin"];

/// A PNG of one pixel.
pub fn photo() -> Vec<u8> {
    let mut file =
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01".to_vec();
    file.extend(b"\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55");
    file.extend(b"\x00\x00\x00\x0aIDATx\x9cc\x60\x00\x00\x00\x02\x00\x01\x48\xaf\xa4\x71");
    file.extend(b"\x00\x00\x00\x00IEND\xaeB\x60\x82");
    file
}

/// The day it is in the village.
pub fn today(world: &World) -> NaiveDate {
    day_of(world.clock.now())
}

/// Uploads a photo to the first village and gives its id.
pub async fn upload(world: &World, client: &Client) -> Value {
    let made = client.upload(&world.village("photos"), &photo(), "照片.png").await;
    made.expect(201)["id"].clone()
}

/// The body that declares a deed of today for a person of the demo, with a photo and whatever else
/// there is to say (`quantity`, `choice`, `text` …).
pub async fn deed(world: &World, by: &Client, person: &str, item: &str, more: Value) -> Value {
    let mut body = json!({
        "person_id": world.demo.villagers[person], "item_code": item,
        "happened_on": today(world), "evidence_ids": [upload(world, by).await],
    });
    let all = body.as_object_mut().expect("an object");
    all.extend(more.as_object().expect("an object").clone());
    body
}

/// A person of the demo declares a deed of today for themselves, with a photo. Gives the claim's id.
pub async fn declare(world: &World, key: &str, item: &str, more: Value) -> String {
    let client = world.sign_in(key).await;
    let body = deed(world, &client, key, item, more).await;
    let made = client.post(&world.village("claims"), body).await.expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// The collector records a deduction for a person of the demo. Gives the claim's id.
pub async fn deduct(world: &World, person: &str, item: &str, more: Value) -> String {
    let collector = world.sign_in("collector").await;
    let body = deed(world, &collector, person, item, more).await;
    let made = collector.post(&world.village("deductions"), body).await.expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// Somebody approves a claim. Gives the answer.
pub async fn approve(world: &World, key: &str, claim: &str) -> Value {
    let path = world.village(&format!("claims/{claim}/decisions"));
    world.sign_in(key).await.post(&path, json!({"decision": "approve"})).await.expect(201)
}

/// The panel approves a claim, then the village. Gives the last answer.
pub async fn certify(world: &World, claim: &str) -> Value {
    let mut last = Value::Null;
    for key in REVIEWERS {
        last = approve(world, key, claim).await;
    }
    last
}

/// What a person of the demo was told, the first first: kinds with their data.
pub fn db_messages(world: &World, key: &str) -> Vec<(String, Value)> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        kind: String,
        #[diesel(sql_type = Jsonb)]
        data: Value,
    }
    let rows: Vec<Row> =
        diesel::sql_query("SELECT kind, data FROM messages WHERE villager_id = $1 ORDER BY id")
            .bind::<SqlUuid, _>(world.demo.villagers[key].0)
            .load(&mut world.connect())
            .expect("messages");
    rows.into_iter().map(|row| (row.kind, row.data)).collect()
}

/// Declares two people of the first village kin of each other.
pub fn db_kin(world: &World, one: &str, other: &str) {
    for (a, b) in [(one, other), (other, one)] {
        diesel::sql_query("INSERT INTO kinships VALUES ($1, $2, $3, '兄弟', now())")
            .bind::<SqlUuid, _>(world.demo.village.0)
            .bind::<SqlUuid, _>(world.demo.villagers[a].0)
            .bind::<SqlUuid, _>(world.demo.villagers[b].0)
            .execute(&mut world.connect())
            .expect("kin");
    }
}

/// Adopts the demo village's book once more, changed, from today on.
pub fn db_book(world: &World, change: impl FnOnce(&mut RuleBook)) {
    db_preset(world, "shuicheng", change);
}

/// Adopts a preset in the demo village, changed, from today on, and opens the accounts that it rates.
pub fn db_preset(world: &World, name: &str, change: impl FnOnce(&mut RuleBook)) {
    let mut book = infra::presets::load(name).expect("readable").expect("there").book;
    change(&mut book);
    diesel::sql_query(
        "INSERT INTO rule_books (village_id, id, number, name, book, state, in_force_from, \
         resolution, written_by, written_at, adopted_at) \
         VALUES ($1, $2, $3, 'changed', $4, 'adopted', $5, '{}', $2, now(), now())",
    )
    .bind::<SqlUuid, _>(world.demo.village.0)
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Integer, _>(100)
    .bind::<Jsonb, _>(serde_json::to_value(&book).expect("JSON"))
    .bind::<Date, _>(today(world))
    .execute(&mut world.connect())
    .expect("a book");
    let (village, now, subject) = (world.demo.village, world.clock.now(), book.subject);
    let opened =
        world.db.write(|tx| infra::accounts::open_missing_in_tx(tx, village, subject, now));
    opened.expect("accounts");
}
