//! What tests of statements share: a month that lies ahead, a till in it, and a fund that can pay.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::calendar::{Cycle, CycleKind, day_of, start_of};
use serde_json::{Value, json};

use crate::shops::{Till, db_star_credit, text};
use crate::{Client, World};

/// A world in which the worker has looked at everything so far, and a month that lies wholly ahead.
pub struct Months {
    /// The world.
    pub world: World,
    /// The month.
    pub month: Cycle,
}

impl Months {
    /// It is ten o'clock on the third day of a month; the first household has four stars and 1,600 yuan
    /// of star credit, the second two stars and 800 yuan.
    pub async fn begin() -> Self {
        let world = World::new().await;
        let this = CycleKind::Month.holding(day_of(world.clock.now()));
        let month = CycleKind::Month.holding(this.next_first_day());
        let months = Self { world, month };
        months.go_to(months.day(3), 10);
        db_star_credit(&months.world, 1, 4, 160_000);
        db_star_credit(&months.world, 2, 2, 80_000);
        months
    }

    /// A day of the month; the first is 1. Those after the last lie in the next month.
    pub fn day(&self, number: i64) -> NaiveDate {
        self.month.first_day() + Duration::days(number - 1)
    }

    /// The month after.
    pub fn next(&self) -> Cycle {
        CycleKind::Month.holding(self.month.next_first_day())
    }

    /// Lets time pass until an hour of a day.
    pub fn go_to(&self, day: NaiveDate, hour: i64) {
        self.world.advance_to(start_of(day) + Duration::hours(hour));
    }

    /// Lets time pass until just after a month can be closed.
    pub fn go_to_close(&self, month: Cycle) {
        self.world.advance_to(domain::settlement::close_due_at(month));
    }

    /// The last moment of the month.
    pub fn last_moment(&self) -> DateTime<Utc> {
        start_of(self.month.next_first_day()) - Duration::microseconds(1)
    }

    /// Somebody of the demo buys something at the demo shop. Gives the receipt.
    pub async fn buy(&self, key: &str, price_fen: i64) -> Value {
        let villager = self.world.sign_in(key).await;
        Till::open(&self.world).await.buy(&villager, price_fen).await
    }

    /// The shop takes it back.
    pub async fn refund(&self, receipt: &Value) -> Value {
        Till::open(&self.world).await.refund(receipt).await.expect(201)
    }

    /// The statements of a month, as the village sees them.
    pub async fn statements(&self, month: Cycle) -> Vec<Value> {
        let admin = self.world.sign_in("village-admin").await;
        let path = self.world.village(&format!("settlements?month={month}"));
        let page = admin.get(&path).await.expect(200);
        page["items"].as_array().expect("items").clone()
    }

    /// The one statement of a month.
    pub async fn statement(&self, month: Cycle) -> Value {
        let mut all = self.statements(month).await;
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    /// The path of something of a statement.
    pub fn of(&self, statement: &Value, rest: &str) -> String {
        let id = text(&statement["settlement_id"]);
        self.world.village(&format!("settlements/{id}{rest}"))
    }

    /// All lines of a statement, page by page.
    pub async fn lines(&self, client: &Client, statement: &Value, limit: u32) -> Vec<Value> {
        let mut lines = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = self.of(statement, &format!("/lines?limit={limit}{cursor}"));
            let page = client.get(&path).await.expect(200);
            lines.extend(page["items"].as_array().expect("items").clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return lines,
            }
        }
    }

    /// What the village owes its shops and has not paid.
    pub fn unpaid(&self) -> i64 {
        let (village, now) = (self.world.demo.village, self.world.clock.now());
        let unpaid = self.world.db.read(|c| infra::settlements::unpaid_in(c, village, now));
        unpaid.expect("a sum").get()
    }

    /// An account of the fund that holds so much: a donation that one prepared and another booked.
    pub async fn fund_account(&self, fen: i64) -> String {
        let world = &self.world;
        let (one, other) =
            (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
        let account = one
            .post(&world.village("fund/accounts"), json!({"name": "集体经济"}))
            .await
            .expect(201);
        let account = text(&account["id"]).to_owned();
        let voucher = json!({
            "kind": "donation", "account_id": account, "amount_fen": fen, "party": "王老板",
            "party_shown": "named", "purpose": "捐助", "document": "收字1号",
            "happened_on": day_of(world.clock.now()),
        });
        let made = one.post(&world.village("fund/vouchers"), voucher).await.expect(201);
        let path = format!("fund/vouchers/{}/decisions", text(&made["id"]));
        other.post(&world.village(&path), json!({"verdict": "book"})).await.expect(201);
        account
    }
}
