//! What accounts hold, and whether all of it adds up.

use serde_json::Value;

use crate::World;

/// The account of a household of the first village by its number, as the village administration sees
/// it.
pub async fn account(world: &World, number: u8) -> Value {
    let home = world.demo.households[&number];
    let admin = world.sign_in("village-admin").await;
    let path = world.village(&format!("households/{home}/balance"));
    admin.get(&path).await.expect(200)["accounts"][0].clone()
}

/// The points of a household of the first village by its number.
pub async fn points_of(world: &World, number: u8) -> Value {
    account(world, number).await["points"].clone()
}

/// Checks that each purse of the first village holds what was issued less what was taken.
pub async fn conserved(world: &World) {
    let admin = world.sign_in("village-admin").await;
    let check = admin.get(&world.village("ledger/check")).await.expect(200);
    assert_eq!(check["conserved"], true, "{check:#}");
}
