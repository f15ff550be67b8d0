//! The village fund: accounts, and money in and out of them by two people.

use serde_json::{Value, json};

use crate::claims::today;
use crate::{Answer, World};

/// Who prepares vouchers.
pub const MAKER: &str = "village-admin";
/// Who checks them.
pub const CHECKER: &str = "town-officer";

/// Opens an account of the fund of the first village; answers its id.
pub async fn account(world: &World, name: &str) -> String {
    let maker = world.sign_in(MAKER).await;
    let path = world.village("fund/accounts");
    let opened = maker.post(&path, json!({"name": name})).await.expect(201);
    opened["id"].as_str().expect("an id").to_owned()
}

/// A voucher for an account as [`MAKER`] writes it: a donation of 1,000 yuan unless `more` says
/// otherwise.
pub fn voucher(world: &World, account: &str, more: Value) -> Value {
    let mut body = json!({
        "kind": "donation", "account_id": account, "amount_fen": 100_000, "party": "李建国",
        "party_shown": "masked", "purpose": "捐给积分超市",
        "document": format!("收据{}", uuid::Uuid::now_v7()),
        "happened_on": today(world),
    });
    for (field, value) in more.as_object().expect("an object") {
        body[field] = value.clone();
    }
    body
}

/// Prepares a voucher; answers its id.
pub async fn prepare(world: &World, account: &str, more: Value) -> String {
    let maker = world.sign_in(MAKER).await;
    let body = voucher(world, account, more);
    let made = maker.post(&world.village("fund/vouchers"), body).await.expect(201);
    made["id"].as_str().expect("an id").to_owned()
}

/// Somebody decides on a voucher.
pub async fn decide(world: &World, key: &str, voucher: &str, body: Value) -> Answer {
    let path = world.village(&format!("fund/vouchers/{voucher}/decisions"));
    world.sign_in(key).await.post(&path, body).await
}

/// Prepares a voucher and has [`CHECKER`] book it; answers its id.
pub async fn book(world: &World, account: &str, more: Value) -> String {
    let voucher = prepare(world, account, more).await;
    decide(world, CHECKER, &voucher, json!({"verdict": "book"})).await.expect(201);
    voucher
}

/// What an account of the fund holds, in fen.
pub async fn balance(world: &World, account: &str) -> i64 {
    let maker = world.sign_in(MAKER).await;
    let list = maker.get(&world.village("fund/accounts")).await.expect(200);
    let accounts = list["items"].as_array().expect("accounts");
    let found = accounts.iter().find(|one| one["id"] == *account).expect("the account");
    found["balance_fen"].as_i64().expect("fen")
}

/// [`MAKER`] proposes when the village brakes, and [`CHECKER`] confirms it.
pub async fn brakes_by(world: &World, policy: Value) {
    let path = world.village("fund/brake");
    let proposed = world.sign_in(MAKER).await.put(&path, policy).await.expect(200);
    let body = json!({"policy_id": proposed["policy_id"]});
    world.sign_in(CHECKER).await.post(&format!("{path}/confirmation"), body).await.expect(200);
}

/// What the village owes and the fund holds, as anybody in the village sees it.
pub async fn coverage(world: &World) -> Value {
    let villager = world.sign_in("villager").await;
    villager.get(&world.village("fund/coverage")).await.expect(200)
}
