//! Ratings: from the cycle's entries to a list on the notice board.

mod computing;
mod looking;
mod reviewing;

use domain::calendar::Cycle;
use serde_json::{Value, json};
use testing::ratings::last_quarter;
use testing::{Answer, Client, World};

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(crate) async fn compute(world: &World, by: &str, cycle: Cycle) -> Answer {
    let client = world.sign_in(by).await;
    client.post(&world.village("ratings"), json!({"cycle": cycle.to_string()})).await
}

/// Computes the last quarter; answers the path of the rating.
pub(crate) async fn computed(world: &World) -> String {
    let rating = compute(world, "village-admin", last_quarter(world)).await.expect(201);
    world.village(&format!("ratings/{}", text(&rating["id"])))
}

pub(crate) async fn vote(world: &World, by: &str, rating: &str, decision: &str) -> Answer {
    let body = json!({"decision": decision, "reason": "已核对"});
    world.sign_in(by).await.post(&format!("{rating}/decisions"), body).await
}

pub(crate) async fn pass(world: &World, rating: &str) -> Value {
    for member in ["panel-1", "panel-2", "panel-3"] {
        vote(world, member, rating, "approve").await.expect(201);
    }
    vote(world, "village-admin-2", rating, "approve").await.expect(201)
}

pub(crate) async fn lines(client: &Client, rating: &str) -> Vec<Value> {
    let page = client.get(&format!("{rating}/lines?limit=100")).await.expect(200);
    page["items"].as_array().cloned().unwrap_or_default()
}

pub(crate) fn line_of<'a>(lines: &'a [Value], number: &str) -> &'a Value {
    lines.iter().find(|line| line["household_number"] == number).expect("a line")
}

pub(crate) fn own_path(world: &World, number: u8) -> String {
    world.village(&format!("households/{}/ratings", world.demo.households[&number]))
}
