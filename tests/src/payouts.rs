//! Steps of a dividend or awards: points that were earned, a fund with money in it, a plan that goes on.

use chrono::NaiveDate;
use domain::calendar::day_of;
use serde_json::{Value, json};

use crate::notices::{close, db_certified_claim, publish_and_close};
use crate::{Answer, World};

/// People of the first village earn points by sweeping, which are posted. Answers the day.
pub async fn earned(world: &World, list: &[(&str, i32)]) -> NaiveDate {
    let day = day_of(world.clock.now());
    for (key, points) in list {
        db_certified_claim(world, key, "ENV-1", *points).await;
    }
    publish_and_close(world).await;
    day
}

/// An account of the fund of the first village with so much in it. Answers its id.
pub async fn fund(world: &World, fen: i64) -> String {
    let admin = world.sign_in("village-admin").await;
    let name = format!("分红专户{fen}");
    let path = world.village("fund/accounts");
    let account = admin.post(&path, json!({"name": name})).await.expect(201);
    let given = json!({
        "kind": "income", "account_id": account["id"], "amount_fen": fen, "party": "村集体",
        "party_shown": "named", "purpose": "集体收入", "document": format!("收2026-{fen}"),
        "happened_on": day_of(world.clock.now()),
    });
    let voucher = admin.post(&world.village("fund/vouchers"), given).await.expect(201);
    let id = voucher["id"].as_str().expect("an id");
    let checker = world.sign_in("village-admin-2").await;
    let path = world.village(&format!("fund/vouchers/{id}/decisions"));
    checker.post(&path, json!({"verdict": "book"})).await.expect(201);
    account["id"].as_str().expect("an id").to_owned()
}

/// What an account of the fund holds.
pub async fn fund_holds(world: &World, account: &str) -> Value {
    let admin = world.sign_in("village-admin").await;
    let page = admin.get(&world.village("fund/accounts?limit=100")).await.expect(200);
    let accounts = page["items"].as_array().cloned().unwrap_or_default();
    let found = accounts.into_iter().find(|one| one["id"] == account).expect("the account");
    found["balance_fen"].clone()
}

/// The body of a dividend for one day.
pub fn dividend_in(day: NaiveDate, pool_fen: i64) -> Value {
    json!({
        "title": "年度积分分红", "from": day, "until": day, "pool_fen": pool_fen, "paid_in": "fen",
        "deductions": "ignored",
    })
}

/// The same body, meant to be besides these payouts of the same time.
pub fn besides(mut body: Value, payouts: &[&str]) -> Value {
    let ids = payouts.iter().filter_map(|path| path.rsplit('/').next());
    body["besides"] = ids.collect();
    body
}

/// Somebody objects to the part of a household on a notice.
pub async fn object(world: &World, by: &str, notice: &str, about: &str) -> Answer {
    let body = json!({"account_id": world.home_of(about), "text": "他那天没有参加。"});
    let path = world.village(&format!("notices/{notice}/objections"));
    world.sign_in(by).await.post(&path, body).await
}

/// Somebody answers an objection.
pub async fn answer(world: &World, by: &str, raised: &Value, outcome: &str) -> Answer {
    let id = raised["id"].as_str().expect("an id");
    let path = world.village(&format!("objections/{id}/answers"));
    let body = json!({"outcome": outcome, "text": "已核实。"});
    world.sign_in(by).await.post(&path, body).await
}

/// The first administrator prepares something. Answers its path.
pub async fn drafted(world: &World, what: &str, body: Value) -> String {
    let admin = world.sign_in("village-admin").await;
    let made = admin.post(&world.village(what), body).await.expect(201);
    world.village(&format!("payouts/{}", made["id"].as_str().expect("an id")))
}

/// The assembly votes for it, and it is hung for three days. Answers the notice.
pub async fn hung(world: &World, payout: &str) -> String {
    let admin = world.sign_in("village-admin").await;
    let today = day_of(world.clock.now());
    let vote = json!({"held_on": today, "present": 40, "votes_for": 38, "votes_against": 1});
    admin.post(&format!("{payout}/votes"), vote).await.expect(201);
    let hung = admin.post(&format!("{payout}/notices"), json!({"days": 3})).await.expect(201);
    assert_eq!(hung["state"], "on_notice");
    hung["notice_id"].as_str().expect("a notice").to_owned()
}

/// It hangs until it takes effect.
pub async fn in_effect(world: &World, payout: &str) {
    let notice = hung(world, payout).await;
    close(world, &notice).await;
    assert_eq!(state(world, payout).await, "effective");
}

/// Where it stands.
pub async fn state(world: &World, payout: &str) -> Value {
    let admin = world.sign_in("village-admin").await;
    admin.get(payout).await.expect(200)["payout"]["state"].clone()
}

/// Somebody pays it out of an account of the fund.
pub async fn pay(world: &World, by: &str, payout: &str, account: Option<&str>) -> Answer {
    let body = json!({"fund_account_id": account, "document": "支2026-009"});
    world.sign_in(by).await.post(&format!("{payout}/payments"), body).await
}

/// All lines of a payout.
pub async fn lines(world: &World, payout: &str) -> Vec<Value> {
    let admin = world.sign_in("village-admin").await;
    let page = admin.get(&format!("{payout}/lines?limit=100")).await.expect(200);
    page["items"].as_array().cloned().unwrap_or_default()
}

/// The parts of these households in fen, by their numbers.
pub async fn parts(world: &World, payout: &str, numbers: &[&str]) -> Vec<Value> {
    let lines = lines(world, payout).await;
    let fen = |number: &&str| {
        let line = lines.iter().find(|line| line["household_number"] == *number);
        line.expect("a line")["fen"].clone()
    };
    numbers.iter().map(fen).collect()
}

/// Checks that it comes out of the ledger as it stands.
pub async fn comes_out_the_same(world: &World, payout: &str) {
    let admin = world.sign_in("village-admin").await;
    let check = admin.get(&format!("{payout}/recomputation")).await.expect(200);
    assert_eq!((&check["same"], &check["differing"]), (&json!(true), &json!([])), "{check:#}");
}
