//! Ratings: from the cycle's entries to a list on the notice board.

mod computing;
mod looking;
mod reviewing;

use serde_json::Value;
use testing::World;
use testing::ratings::{compute, last_quarter, vote};

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Computes the last quarter; answers the path of the rating.
pub(crate) async fn computed(world: &World) -> String {
    let rating = compute(world, "village-admin", last_quarter(world)).await.expect(201);
    world.village(&format!("ratings/{}", text(&rating["id"])))
}

pub(crate) async fn pass(world: &World, rating: &str) -> Value {
    for member in ["panel-1", "panel-2", "panel-3"] {
        vote(world, member, rating, "approve").await.expect(201);
    }
    vote(world, "village-admin-2", rating, "approve").await.expect(201)
}

pub(crate) fn own_path(world: &World, number: u8) -> String {
    world.village(&format!("households/{}/ratings", world.demo.households[&number]))
}
