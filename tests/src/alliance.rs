//! What tests of the merchant alliance share: merchants with their owners, agreements.

use serde_json::{Value, json};

use crate::shops::{Till, text};
use crate::{Answer, Client, World};

/// A merchant that somebody registers for a division, with the fields given besides.
pub async fn register(officer: &Client, division: impl ToString, with: Value) -> Value {
    let mut shop = json!({
        "division_id": division.to_string(), "name": "诚信小店", "address": "街上2号",
        "phone": "0858-1",
    });
    let all = shop.as_object_mut().expect("an object");
    all.extend(with.as_object().expect("an object").clone());
    officer.post("/v1/merchants", shop).await.expect(201)
}

/// Somebody new who takes the role that an invitation offers.
pub async fn take_role(world: &World, invitation: &Value) -> Client {
    let person = world.newcomer().await;
    let by = json!({"method": "invitation", "code": invitation["code"]});
    person.post("/v1/me/bindings", by).await.expect(201);
    person
}

/// The till of a merchant that was just registered, with its owner at it.
pub async fn till_of(world: &World, registered: &Value) -> Till {
    let owner = take_role(world, &registered["owner_invitation"]).await;
    Till::of(owner, &registered["merchant"]["merchant_id"])
}

/// The terms of an agreement that began long ago, with the fields given besides.
pub fn terms(merchant: &Value, with: Value) -> Value {
    let mut terms = json!({
        "merchant_id": merchant, "from": "2020-01-01", "bearer": "merchant_funded",
        "discount_by_star_bp": [300, 300, 300, 300, 300], "price_ceiling_fen": 200_000,
        "account_daily_ceiling_fen": 20_000, "merchant_daily_ceiling_fen": 500_000,
        "refund_days_max": 7,
    });
    let all = terms.as_object_mut().expect("an object");
    all.extend(with.as_object().expect("an object").clone());
    terms
}

/// The first village agrees with a merchant.
pub async fn agree(world: &World, merchant: &Value, with: Value) -> Answer {
    let admin = world.sign_in("village-admin").await;
    admin.post(&world.village("agreements"), terms(merchant, with)).await
}

/// What the first village finds with a query, as a villager of it.
pub async fn shops_near(world: &World, query: &str) -> Vec<Value> {
    let villager = world.sign_in("villager").await;
    let list = villager.get(&world.village(&format!("shops{query}"))).await.expect(200);
    list["items"].as_array().expect("a list").clone()
}

/// The texts of one field.
pub fn texts<'a>(list: &'a [Value], field: &str) -> Vec<&'a str> {
    list.iter().map(|item| text(&item[field])).collect()
}
