//! People who move, and people who die.

use domain::calendar::day_of;
use domain::id::HouseholdId;
use domain::ledger::Purse;
use serde_json::{Value, json};
use testing::World;
use testing::claims::db_preset;
use testing::notices::db_messages;
use testing::shops::{assert_conserved, db_count, text};
use testing::store::{Store, assert_stock_conserved, cancel, earn, redeem};

/// 100 points of somebody's own, where each person has an account.
fn earn_own(world: &World, key: &str) {
    let person = HouseholdId(world.demo.villagers[key].0);
    let now = world.clock.now();
    testing::ratings::db_entry(world, person, Purse::Points, "100", day_of(now), now);
}

async fn change(world: &World, key: &str, residence: &str, to: Option<u8>) {
    let admin = world.sign_in("village-admin").await;
    let mut body = json!({"residence": residence, "tracks": [], "reason": "村委会登记"});
    if let Some(number) = to {
        let home = world.demo.households[&number];
        body["move_to"] = json!({"household_id": home, "relation": "家人"});
    }
    let path = world.village(&format!("villagers/{}", world.villager_id(key)));
    admin.put(&path, body).await.expect(204);
}

fn list_of(world: &World, household: u8) -> String {
    world.village(&format!("households/{}/redemptions", world.demo.households[&household]))
}

#[actix_web::test]
async fn what_a_person_redeemed_goes_with_them_to_another_household() {
    let world = World::new().await;
    db_preset(&world, "wendeng", |_| ());
    let store = Store::open(&world, json!({})).await;
    let limit = json!({"limit": {"count": 2, "period": "always"}});
    let goods = store.goods(&world, limit, 9).await;
    earn_own(&world, "villager-son");
    let son = world.sign_in("villager-son").await;
    let first = redeem(&world, &son, &goods, 1).await.expect(201);
    let second = redeem(&world, &son, &goods, 1).await.expect(201);
    change(&world, "villager-son", "resident", Some(2)).await;

    let mother = world.sign_in("villager").await;
    let path = |redeemed: &Value| {
        world.village(&format!("redemptions/{}", text(&redeemed["redemption_id"])))
    };
    mother.get(&path(&first)).await.expect_problem(404, "not_found");
    cancel(&world, &mother, &first, None).await.expect_problem(404, "not_found");
    assert_eq!(mother.get(&list_of(&world, 1)).await.expect(200)["items"], json!([]));
    let seen = son.get(&path(&first)).await.expect(200);
    assert_eq!((&seen["code"], &seen["qr"]), (&first["code"], &first["qr"]));
    assert_eq!(seen["household_id"], json!(world.demo.households[&2]));
    let list = son.get(&list_of(&world, 2)).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    cancel(&world, &son, &second, None).await.expect(200);
    for (who, told) in [("villager", 0), ("villager-son", 1), ("neighbour", 1)] {
        assert_eq!(db_messages(&world, who, "redemption_cancelled").await.len(), told, "{who}");
    }
    // The limit that it took room under is that of the household where they lived then.
    assert_stock_conserved(&world);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_keeper_hands_nothing_over_to_who_lives_with_them_now_and_may_to_who_moved_out() {
    let world = World::new().await;
    db_preset(&world, "wendeng", |_| ());
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 9).await;
    earn_own(&world, "villager-son");
    let (son, keeper) = (world.sign_in("villager-son").await, world.sign_in("store-keeper").await);
    let redeemed = redeem(&world, &son, &goods, 1).await.expect(201);
    change(&world, "villager-son", "resident", Some(13)).await;
    store.hand_over(&keeper, &redeemed).await.expect_problem(403, "own_household");
    change(&world, "villager-son", "resident", Some(2)).await;
    let done = store.hand_over(&keeper, &redeemed).await.expect(201);
    change(&world, "villager-son", "resident", Some(13)).await;
    let refund = world.village(&format!("redemptions/{}/refund", text(&done["redemption_id"])));
    let why = json!({"reason": "坏了", "goods": "back_on_shelf"});
    keeper.post(&refund, why.clone()).await.expect_problem(403, "own_household");
    store.admin.post(&refund, why).await.expect(200);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn nobody_redeems_from_the_account_of_a_person_who_died_and_their_card_is_blocked() {
    let world = World::new().await;
    db_preset(&world, "wendeng", |_| ());
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 9).await;
    earn_own(&world, "villager-son");
    let admin = world.sign_in("village-admin").await;
    let card = json!({"villager_id": world.villager_id("villager-son"), "pin": "280415",
        "daily_ceiling_fen": 5_000});
    let card = admin.post(&world.village("cards"), card).await.expect(201);
    let son = world.sign_in("villager-son").await;
    redeem(&world, &son, &goods, 1).await.expect(201);
    change(&world, "villager-son", "deceased", None).await;
    let refused = redeem(&world, &son, &goods, 1).await;
    refused.expect_problem(422, "account_of_deceased");
    let keeper = world.sign_in("store-keeper").await;
    let shown = json!({"card_number": card["number"], "pin": "280415",
        "order": {"goods_id": goods, "quantity": 1}});
    let refused = keeper.post(&store.at("card-redemptions"), shown).await;
    refused.expect_problem(403, "card_blocked");
    let blocked = "SELECT count(*) AS n FROM audit_log AS a JOIN cards AS c ON c.id = a.subject_id \
        WHERE a.action = 'card_block' AND c.blocked_why = 'deceased'";
    assert_eq!(db_count(&world, blocked), 1);
    // The mother, whose own account it is, redeems on.
    earn_own(&world, "villager");
    let mother = world.sign_in("villager").await;
    redeem(&world, &mother, &goods, 1).await.expect(201);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_household_of_which_nobody_is_left_is_not_told_that_it_is_too_young() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 9).await;
    earn(&world, 3, "100");
    earn(&world, 1, "100");
    let admin = world.sign_in("village-admin").await;
    let card = |household: u8| {
        json!({"household_id": world.demo.households[&household], "pin": "280415",
            "daily_ceiling_fen": 5_000})
    };
    let elders = admin.post(&world.village("cards"), card(3)).await.expect(201);
    admin.post(&world.village("cards"), card(1)).await.expect(201);
    // By the roster itself, so that the card is still open.
    world.db_residence("elder", "deceased");
    let shown = json!({"card_number": elders["number"], "pin": "280415",
        "order": {"goods_id": goods, "quantity": 1}});
    let keeper = world.sign_in("store-keeper").await;
    let refused = keeper.post(&store.at("card-redemptions"), shown.clone()).await;
    let refused = refused.expect_problem(422, "account_of_deceased");
    assert!(text(&refused["detail"]).contains("已去世"), "{refused}");
    // Of the other household somebody is left, so its card stays open.
    change(&world, "elder", "deceased", None).await;
    change(&world, "villager-son", "deceased", None).await;
    let refused = keeper.post(&store.at("card-redemptions"), shown).await;
    refused.expect_problem(403, "card_blocked");
    assert_eq!(db_count(&world, "SELECT count(blocked_at) AS n FROM cards"), 1);
    let mother = world.sign_in("villager").await;
    redeem(&world, &mother, &goods, 1).await.expect(201);
}

#[actix_web::test]
async fn who_has_no_account_yet_is_told_so() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 9).await;
    // A book that reckons by person opened accounts for those who were 14 then: not for him.
    let today = day_of(world.clock.now());
    world.db_born_on("villager-son", today - chrono::Duration::days(13 * 365));
    db_preset(&world, "wendeng", |_| ());
    let son = world.sign_in("villager-son").await;
    let refused = redeem(&world, &son, &goods, 1).await;
    let refused = refused.expect_problem(422, "account_missing");
    assert!(text(&refused["detail"]).contains("积分账户"), "{refused}");
}
