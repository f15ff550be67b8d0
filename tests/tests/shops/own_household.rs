//! Nobody turns the star credit of their own household into what the village owes their shop.

use serde_json::{Value, json};
use testing::shops::{
    Till, assert_conserved, code_of, confirm, credit, db_count, db_star_credit, text,
};
use testing::{Client, World};

/// The demo shop, with a person of the village at its till in this role.
async fn till_of(world: &World, key: &str, role: &str) -> Till {
    let owner = world.sign_in("merchant-owner").await;
    let path = Till::of(owner.clone(), &json!(world.demo.merchant)).path("clerk-invitations");
    let invited = owner.post(&path, json!({"role": role})).await.expect(201);
    let person = world.sign_in(key).await;
    let by = json!({"method": "invitation", "code": invited["code"]});
    person.post("/v1/me/bindings", by).await.expect(201);
    Till::open_as(world, key).await
}

async fn scan(till: &Till, villager: &Client) -> testing::Answer {
    till.scan(json!({"code": code_of(villager).await})).await
}

#[actix_web::test]
async fn a_clerk_of_the_buyers_household_neither_scans_nor_sells_nor_refunds() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    db_star_credit(&world, 2, 4, 160_000);
    let son = till_of(&world, "villager-son", "merchant_clerk").await;
    let (mother, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = json!({"code": code_of(&mother).await});
    son.scan(code.clone()).await.expect_problem(403, "own_household");
    scan(&son, &son.clerk).await.expect_problem(403, "own_household");
    // The code stays good for somebody else, and what they quoted is not the son's to sell on.
    let quote = till.scan(code).await.expect(201);
    son.sell(&quote, 10_000).await.expect_problem(403, "own_household");
    assert_eq!(credit(&world, &mother, 1).await, 160_000);
    let sold = till.sell(&quote, 10_000).await.expect(201);
    assert_eq!(credit(&world, &mother, 1).await, 159_200);
    son.refund(&sold).await.expect_problem(403, "own_household");
    assert_eq!(credit(&world, &mother, 1).await, 159_200);
    till.refund(&sold).await.expect(201);
    // To everybody else he sells.
    let neighbour = world.sign_in("neighbour").await;
    let quote = scan(&son, &neighbour).await.expect(201);
    let sold = son.sell(&quote, 10_000).await.expect(201);
    son.refund(&sold).await.expect(201);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_card_of_the_own_household_is_not_taken_either() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let admin = world.sign_in("village-admin").await;
    let card = json!({"household_id": world.demo.households[&1], "pin": "280415",
        "daily_ceiling_fen": 1_500});
    let issued = admin.post(&world.village("cards"), card).await.expect(201);
    let card = json!({"card_number": issued["number"], "pin": "280415"});
    let son = till_of(&world, "villager-son", "merchant_clerk").await;
    son.scan(card.clone()).await.expect_problem(403, "own_household");
    Till::open(&world).await.scan(card).await.expect(201);
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM quotes"), 1);
}

#[actix_web::test]
async fn an_owner_who_is_also_a_cadre_sells_to_the_village_and_not_to_the_own_home() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    db_star_credit(&world, 11, 4, 160_000);
    let cadre = till_of(&world, "village-admin", "merchant_owner").await;
    scan(&cadre, &cadre.clerk).await.expect_problem(403, "own_household");
    let till = Till::open(&world).await;
    let quote = scan(&till, &cadre.clerk).await.expect(201);
    cadre.sell(&quote, 10_000).await.expect_problem(403, "own_household");
    let own = till.sell(&quote, 10_000).await.expect(201);
    cadre.refund(&own).await.expect_problem(403, "own_household");
    let villager = world.sign_in("villager").await;
    let receipt = cadre.buy(&villager, 10_000).await;
    cadre.refund(&receipt).await.expect(201);
    assert_conserved(&world);
}

#[actix_web::test]
async fn who_sold_does_not_confirm_also_after_moving_in_with_the_buyer() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let waiting = till.buy(&villager, 60_000).await;
    use diesel::connection::SimpleConnection;
    let (village, son) = (world.demo.village, world.demo.villagers["villager-son"]);
    let moved = format!(
        "UPDATE users SET village_id = NULL, villager_id = NULL, bound_at = NULL, bound_by = NULL
            WHERE openid = 'demo-openid-villager-son';
         UPDATE users SET village_id = '{village}', villager_id = '{son}', bound_at = now(),
            bound_by = 'demo' WHERE openid = 'demo-openid-merchant-clerk'"
    );
    world.connect().batch_execute(&moved).unwrap();
    let clerk = world.sign_in("merchant-clerk").await;
    confirm(&world, &clerk, &waiting).await.expect_problem(403, "checker_is_maker");
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
    confirm(&world, &villager, &waiting).await.expect(200);
}

#[actix_web::test]
async fn the_household_reads_what_was_bought_and_at_which_share() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let quote = till.quote(&villager).await;
    till.sell_goods(&quote, 12_850, "food").await.expect(201);
    let quote = till.quote(&villager).await;
    till.sell_goods(&quote, 60_000, "farm_supplies").await.expect(201);
    let told = villager.get("/v1/me/messages").await.expect(200);
    let of = |kind: &str| {
        let all = told["items"].as_array().unwrap();
        let found: Option<&Value> = all.iter().find(|message| message["kind"] == kind);
        text(&found.unwrap()["text"]).to_owned()
    };
    let made = of("purchase_made");
    assert!(made.contains("品类:食品") && made.contains("优惠比例8.00%"), "{made}");
    let waits = of("purchase_waits");
    assert!(waits.contains("品类:农资农机") && waits.contains("优惠比例8.00%"), "{waits}");
}

#[actix_web::test]
async fn what_a_household_has_left_is_told_to_it_and_not_to_the_shop() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 1_500);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let receipt = till.buy(&villager, 12_850).await;
    let limited = till.buy(&villager, 12_850).await;
    assert_eq!(limited["limited_by"], "star_credit");
    let path = format!("purchases/{}?village_id=", text(&receipt["purchase_id"]));
    let path = till.path(&format!("{path}{}", world.demo.village));
    let shown = till.clerk.get(&path).await.expect(200);
    let list = till.clerk.get(&till.path("purchases")).await.expect(200);
    let refunded = till.refund(&receipt).await.expect(201);
    for seen in [&receipt, &limited, &shown, &list["items"][0], &refunded] {
        assert_eq!(seen["credit_left_fen"], json!(null), "{seen}");
    }
    let home = world.village(&format!("households/{}/purchases", world.demo.households[&1]));
    let seen = villager.get(&home).await.expect(200);
    assert_eq!(seen["items"][1]["receipt"]["credit_left_fen"], 472);
    // A clerk sees the day at the till, the owner any day.
    world.clock.advance(86_400);
    let clerk = world.sign_in("merchant-clerk").await;
    clerk.get(&path).await.expect_problem(404, "not_found");
    world.sign_in("merchant-owner").await.get(&path).await.expect(200);
}
