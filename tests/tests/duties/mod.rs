//! Duty posts and five-colour pledges: what they open, who gives and ends them, who sees them.

mod pledges;
mod posts;
mod role_duty;

use chrono::{Duration, NaiveDate};
use domain::calendar::CycleKind;
use serde_json::{Value, json};
use testing::claims::{approve, db_preset, deed, today};
use testing::notices::db_run;
use testing::{Answer, World};

/// The village of the demo on Wendeng's book, whose claims are posted with the last vote; these people
/// are party members.
async fn wendeng(party: &[&str]) -> World {
    let world = World::new().await;
    // Some days of the year are left: its pledges end with it.
    let left = CycleKind::Year.holding(today(&world)).last_day() - today(&world);
    if left < Duration::days(10) {
        pass_days(&world, 10);
    }
    db_preset(&world, "wendeng", |book| {
        (book.claim_way.notice_days, book.claim_way.notice_every) = (0, None);
    });
    for key in party {
        let id = world.demo.villagers[key];
        let set = "UPDATE villagers SET tracks = '{party_member}'";
        db_run(&world, format!("{set} WHERE id = '{id}'")).await;
    }
    world
}

fn pass_days(world: &World, days: i64) {
    let seconds = Duration::days(days).num_seconds();
    world.clock.advance(u32::try_from(seconds).expect("a time ahead"));
}

fn consent(day: NaiveDate) -> Value {
    json!({"consented_by": "本人", "consented_how": "党员大会上签字", "consented_on": day})
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// Sets up a post for the item P-POST. Gives its path.
async fn post(world: &World, name: &str) -> String {
    let body = json!({"name": name, "description": "每周巡查包片路段",
        "tracks": ["party_member"], "item_codes": ["P-POST"]});
    let admin = world.sign_in("village-admin").await;
    let made = admin.post(&world.village("duty-posts"), body).await.expect(201);
    world.village(&format!("duty-posts/{}", text(&made["id"])))
}

async fn put_on(world: &World, post: &str, key: &str) -> Answer {
    let body = json!({"person_id": world.demo.villagers[key], "consent": consent(today(world))});
    world.sign_in("village-admin").await.post(&format!("{post}/holders"), body).await
}

/// Puts somebody on a post. Gives the id of their duty.
async fn held(world: &World, post: &str, key: &str) -> String {
    text(&put_on(world, post, key).await.expect(201)["id"]).to_owned()
}

async fn end(world: &World, by: &str, duty: &str, body: Value) -> Answer {
    world.sign_in(by).await.post(&world.village(&format!("duties/{duty}/ending")), body).await
}

/// A pledge of this year by somebody for themselves.
async fn pledge(world: &World, by: &str, colour: &str) -> Answer {
    let body = json!({"person_id": world.demo.villagers[by], "colour": colour,
        "period": today(world).format("%Y").to_string(), "text": "带头清理房前屋后"});
    world.sign_in(by).await.post(&world.village("pledges"), body).await
}

/// Somebody declares a deed for themselves.
async fn claim(world: &World, key: &str, item: &str, more: Value) -> Answer {
    let client = world.sign_in(key).await;
    let body = deed(world, &client, key, item, more).await;
    client.post(&world.village("claims"), body).await
}

/// The collector registers, the credit council reviews; the items are the village's own.
async fn certified(world: &World, claim: &Value) -> Value {
    let mut last = Value::Null;
    for key in ["collector", "panel-1", "panel-2", "panel-3"] {
        last = approve(world, key, text(claim)).await;
    }
    last
}

async fn duties(world: &World, key: &str, query: &str) -> Vec<Value> {
    let page = world.sign_in(key).await.get(&world.village(&format!("duties{query}"))).await;
    page.expect(200)["items"].as_array().cloned().expect("a list")
}
