//! What tests of the shops share: stars and credit that no rating had to bring, and a till.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use domain::calendar::day_of;
use domain::id::{AccountId, EntryId, HouseholdId, RatingId, VillageId};
use domain::ledger::{Counter, Posting, Purse, Shortfall, Source};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client, World};

/// Gives a household of a village stars, and star credit through the ledger as a rating would.
pub fn db_star_credit_in(
    world: &World,
    village: VillageId,
    household: HouseholdId,
    stars: i16,
    fen: i64,
) {
    let now = world.clock.now();
    let posting = Posting {
        id: EntryId(Uuid::now_v7()),
        account: AccountId(household.0),
        purse: Purse::StarCredit,
        amount: fen,
        counter: Counter::Issue,
        source: Source::Rating(RatingId(Uuid::now_v7())),
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: day_of(now),
        effect: None,
        reverses: None,
        shortfall: Shortfall::Refuse,
    };
    world
        .db
        .write(|tx| infra::ledger::post_in_tx(tx, village, vec![posting.clone()], now, None))
        .expect("star credit");
    diesel::sql_query("UPDATE accounts SET stars = $1 WHERE village_id = $2 AND id = $3")
        .bind::<diesel::sql_types::SmallInt, _>(stars)
        .bind::<SqlUuid, _>(village.0)
        .bind::<SqlUuid, _>(household.0)
        .execute(&mut world.connect())
        .expect("stars");
}

/// Gives a household of the first village, by number, stars and star credit.
pub fn db_star_credit(world: &World, number: u8, stars: i16, fen: i64) {
    let household = world.demo.households[&number];
    db_star_credit_in(world, world.demo.village, household, stars, fen);
}

/// Changes a ceiling (a column in fen) of all agreements.
pub fn db_agreement_ceiling(world: &World, column: &str, fen: i64) {
    let sql = format!("UPDATE agreements SET {column} = $1");
    diesel::sql_query(sql).bind::<BigInt, _>(fen).execute(&mut world.connect()).expect("a ceiling");
}

/// One number that a query with one column `n` answers.
pub fn db_count(world: &World, sql: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    diesel::sql_query(sql).get_result::<Count>(&mut world.connect()).expect("a count").n
}

/// How many messages of a kind were left.
pub fn db_messages(world: &World, kind: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    diesel::sql_query("SELECT count(*) AS n FROM messages WHERE kind = $1")
        .bind::<Text, _>(kind)
        .get_result::<Count>(&mut world.connect())
        .expect("a count")
        .n
}

/// Checks that both demo villages hold what their entries say.
pub fn assert_conserved(world: &World) {
    for village in [world.demo.village, world.demo.other_village] {
        let check = world.db.check_ledger(village).expect("a check");
        assert!(check.differing.is_empty(), "{:?}", check.differing);
        for totals in check.totals {
            assert_eq!(totals.difference(), 0, "{totals:?}");
        }
    }
}

/// Sends requests at the same moment and gives the answers in their order.
pub async fn at_once(
    requests: impl IntoIterator<Item = impl Future<Output = Answer> + Send + 'static>,
) -> Vec<Answer> {
    let running: Vec<_> = requests.into_iter().map(tokio::spawn).collect();
    let mut answers = Vec::with_capacity(running.len());
    for one in running {
        answers.push(one.await.expect("an answer"));
    }
    answers
}

/// How many answers have that status and code.
pub fn count(answers: &[Answer], status: u16, code: &str) -> usize {
    answers.iter().filter(|a| a.status.as_u16() == status && a.code() == code).count()
}

/// Somebody who stands at the till of the demo shop.
#[derive(Clone)]
pub struct Till {
    /// Who.
    pub clerk: Client,
    merchant: String,
}

impl Till {
    /// The till with its clerk signed in.
    pub async fn open(world: &World) -> Self {
        Self::open_as(world, "merchant-clerk").await
    }

    /// The till with somebody else at it.
    pub async fn open_as(world: &World, key: &str) -> Self {
        let merchant = format!("/v1/merchants/{}", world.demo.merchant);
        Self { clerk: world.sign_in(key).await, merchant }
    }

    /// The till of another merchant, with somebody at it.
    pub fn of(clerk: Client, merchant: &Value) -> Self {
        Self { clerk, merchant: format!("/v1/merchants/{}", text(merchant)) }
    }

    /// A path of the merchant.
    pub fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", self.merchant)
    }

    /// Scans what somebody shows.
    pub async fn scan(&self, body: Value) -> Answer {
        self.clerk.post(&self.path("scans"), body).await
    }

    /// Scans the code of a villager.
    pub async fn quote(&self, villager: &Client) -> Value {
        self.scan(json!({"code": code_of(villager).await})).await.expect(201)
    }

    /// Sells on a quote.
    pub async fn sell(&self, quote: &Value, price_fen: i64) -> Answer {
        self.sell_with_key(quote, price_fen, &Uuid::now_v7().to_string()).await
    }

    /// Sells some goods on a quote.
    pub async fn sell_goods(&self, quote: &Value, price_fen: i64, category: &str) -> Answer {
        let body = json!({
            "village_id": quote["village_id"], "quote_id": quote["quote_id"],
            "price_fen": price_fen, "category": category,
        });
        self.clerk.post(&self.path("purchases"), body).await
    }

    /// Sells on a quote with a key.
    pub async fn sell_with_key(&self, quote: &Value, price_fen: i64, key: &str) -> Answer {
        let body = json!({
            "village_id": quote["village_id"], "quote_id": quote["quote_id"],
            "price_fen": price_fen,
        });
        self.clerk.post_with_key(&self.path("purchases"), body, key).await
    }

    /// Scans and sells.
    pub async fn buy(&self, villager: &Client, price_fen: i64) -> Value {
        let quote = self.quote(villager).await;
        self.sell(&quote, price_fen).await.expect(201)
    }

    /// Refunds with a key.
    pub async fn refund_with_key(&self, receipt: &Value, key: &str) -> Answer {
        let path = format!("purchases/{}/refunds", text(&receipt["purchase_id"]));
        let body = json!({"village_id": receipt["village_id"], "reason": "商品有瑕疵"});
        self.clerk.post_with_key(&self.path(&path), body, key).await
    }

    /// Refunds.
    pub async fn refund(&self, receipt: &Value) -> Answer {
        self.refund_with_key(receipt, &Uuid::now_v7().to_string()).await
    }
}

/// A fresh code of a villager.
pub async fn code_of(villager: &Client) -> String {
    let shown = villager.get("/v1/me/payment-code").await.expect(200);
    text(&shown["code"]).to_owned()
}

/// A text in an answer.
pub fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The household of the first village with that number confirms a purchase.
pub async fn confirm(world: &World, villager: &Client, receipt: &Value) -> Answer {
    let path = format!("purchases/{}/confirmation", text(&receipt["purchase_id"]));
    let request = villager
        .request(Method::POST, &world.village(&path))
        .header("idempotency-key", Uuid::now_v7().to_string());
    villager.send(request).await
}

/// The star credit of a household of the first village, as it sees it.
pub async fn credit(world: &World, villager: &Client, number: u8) -> i64 {
    let path = world.village(&format!("households/{}/balance", world.demo.households[&number]));
    let balance = villager.get(&path).await.expect(200);
    balance["accounts"][0]["star_credit_fen"].as_i64().expect("an amount")
}
