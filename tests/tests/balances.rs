//! What a household holds.

use testing::World;

#[actix_web::test]
async fn a_household_sees_its_own_balance_and_no_other() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path =
        |number| world.village(&format!("households/{}/balance", world.demo.households[&number]));
    let balance = villager.get(&path(1)).await.expect(200);
    assert_eq!(balance["accounts"][0]["points"], "0");
    assert_eq!(balance["accounts"][0]["star_credit_fen"], 0);
    villager.get(&path(2)).await.expect_problem(403, "forbidden");
    let stranger = world.sign_in("other-villager").await;
    stranger.get(&path(1)).await.expect_problem(404, "not_found");
    world.anonymous().get(&path(1)).await.expect_problem(401, "sign_in_needed");
}
