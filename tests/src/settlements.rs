//! What tests of statements share: a month that lies ahead, a till in it, and a fund that can pay.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::connection::SimpleConnection;
use domain::calendar::{Cycle, CycleKind, day_of, start_of};
use serde_json::{Value, json};

use crate::shops::{Till, db_star_credit, text};
use crate::{Client, World};

/// How many wait for a lock.
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND wait_event_type = 'Lock'";

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

    /// Somebody who runs the village approves a statement.
    pub async fn approve(&self, statement: &Value) -> Value {
        let admin = self.world.sign_in("village-admin").await;
        let path = self.of(statement, "/decisions");
        admin.post(&path, json!({"decision": "approve"})).await.expect(201)
    }

    /// The owner of the demo shop agrees to a statement.
    pub async fn agree(&self, statement: &Value) -> Value {
        let owner = self.world.sign_in("merchant-owner").await;
        owner.post(&self.of(statement, "/agreement"), json!({})).await.expect(201)
    }

    /// What is sent to pay a statement today.
    pub fn payment(&self, account: &str) -> Value {
        json!({
            "fund_account_id": account, "document": "付字18号",
            "paid_on": day_of(self.world.clock.now()),
        })
    }

    /// Somebody of the demo gets a role at the demo shop besides what they are.
    pub fn db_works_for_the_shop(&self, key: &str, role: &str) {
        let sql = format!(
            "INSERT INTO role_grants (id, role, merchant_id, user_id, begins_at, reason, granted_at) \
             SELECT gen_random_uuid(), '{role}', '{}', id, now(), 'test', now() \
             FROM users WHERE openid = 'demo-openid-{key}'",
            self.world.demo.merchant
        );
        self.world.connect().batch_execute(&sql).expect("a role");
    }

    /// What a fund holds in an account.
    pub async fn balance(&self, account: &str) -> i64 {
        let admin = self.world.sign_in("village-admin").await;
        let all = admin.get(&self.world.village("fund/accounts")).await.expect(200);
        let accounts = all["items"].as_array().expect("accounts").clone();
        let one = accounts.into_iter().find(|one| one["id"] == account).expect("the account");
        one["balance_fen"].as_i64().expect("a balance")
    }

    /// Waits until somebody waits for a lock in the database.
    pub async fn until_waiting(&self) {
        for _ in 0..300 {
            if crate::notices::db_count(&self.world, WAITING).await == 1 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("nobody waits for the lock");
    }

    /// What was done with a statement, step by step.
    pub async fn steps(&self, statement: &Value) -> Vec<Value> {
        let admin = self.world.sign_in("village-admin").await;
        let shown = admin.get(&self.of(statement, "")).await.expect(200);
        shown["steps"].as_array().expect("steps").clone()
    }

    /// Changes the database as whoever owns it can, past everything that would refuse it.
    pub fn db_tamper(&self, sql: &str) {
        let sql = format!("BEGIN; SET LOCAL session_replication_role = replica; {sql}; COMMIT");
        self.world.connect().batch_execute(&sql).expect("the database's owner can");
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
