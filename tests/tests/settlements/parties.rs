//! Random months of a merchant with two villages, of another that gives its discounts itself, and of a
//! points store that the first one runs, with refunds across the months' ends: the statements of each, what
//! the villages owe and the households' entries agree with what was done.

use std::collections::BTreeMap;

use domain::calendar::{Cycle, CycleKind, day_of};
use domain::id::VillageId;
use domain::points::Fen;
use serde_json::{Value, json};
use testing::alliance::{agree, register};
use testing::claims::db_book;
use testing::notices::{db_count, db_run, tick};
use testing::settlements::Months;
use testing::shops::{Till, assert_conserved, db_star_credit_in, text};
use testing::store::{Store, earn, redeem};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        // Knuth's MMIX generator; the upper bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Who sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seller {
    /// The demo shop, which the villages pay.
    Paid,
    /// The shop that gives its discounts itself.
    Giving,
    /// The store that the demo shop runs.
    Store,
}

/// What somebody did: in which village, at whom, for how much of star credit, of the merchant's own or of
/// points.
struct Done {
    second: bool,
    seller: Seller,
    fen: i64,
    receipt: Value,
    day: chrono::NaiveDate,
}

/// Sold and refunded, by village, seller and month.
type Model = BTreeMap<(bool, Seller, String), (i64, i64)>;

struct Trade {
    months: Months,
    giving: Value,
    store: Store,
    goods: String,
    model: Model,
    done: Vec<Done>,
}

/// What a unit at the store is worth: 30 points of 0.32 yuan.
const UNIT_FEN: i64 = 960;

impl Trade {
    async fn begin() -> Self {
        let months = Months::begin().await;
        let world = &months.world;
        db_book(world, |book| book.exchange_value_fen = Some(Fen::new(32)));
        let home = world.demo.other_households[&1];
        db_star_credit_in(world, world.demo.other_village, home, 3, 120_000);
        let officer = world.sign_in("town-officer").await;
        let shop = register(&officer, world.demo.town, json!({"name": "二号店"})).await;
        agree(world, &shop["merchant"]["merchant_id"], json!({})).await.expect(201);
        let giving = shop["merchant"]["merchant_id"].clone();
        // The clerk of the one stands at the till of the other as well.
        let works = format!(
            "INSERT INTO role_grants (id, role, merchant_id, user_id, begins_at, reason, granted_at) \
             SELECT gen_random_uuid(), 'merchant_clerk', '{}', id, now(), 'test', now() \
             FROM users WHERE openid = 'demo-openid-merchant-clerk'",
            text(&giving)
        );
        db_run(world, works).await;
        let store = Store::open(world, json!({"merchant_id": world.demo.merchant.0})).await;
        let goods = store.goods(world, json!({}), 500).await;
        Self { months, giving, store, goods, model: Model::new(), done: Vec::new() }
    }

    async fn giving(&self) -> Till {
        Till::of(self.months.world.sign_in("merchant-clerk").await, &self.giving)
    }

    fn now(&self) -> (String, chrono::NaiveDate) {
        let day = day_of(self.months.world.clock.now());
        (CycleKind::Month.holding(day).to_string(), day)
    }

    /// Somebody buys or redeems something.
    async fn deal(&mut self, dice: &mut Dice) {
        let world = &self.months.world;
        let (month, day) = self.now();
        let price = i64::try_from(dice.below(40_000)).unwrap() + 1;
        let (second, seller, receipt) = match dice.below(4) {
            0 => {
                let villager = world.sign_in("other-villager").await;
                (true, Seller::Paid, Till::open(world).await.buy(&villager, price).await)
            }
            1 => {
                let villager = world.sign_in("neighbour").await;
                (false, Seller::Giving, self.giving().await.buy(&villager, price).await)
            }
            2 => {
                let villager = world.sign_in("villager").await;
                let redeemed = redeem(world, &villager, &self.goods, 1).await.expect(201);
                let clerk = world.sign_in("merchant-clerk").await;
                let handed = self.store.hand_over(&clerk, &redeemed).await.expect(201);
                (false, Seller::Store, handed)
            }
            _ => {
                let villager = world.sign_in("villager").await;
                (false, Seller::Paid, Till::open(world).await.buy(&villager, price).await)
            }
        };
        let fen = match seller {
            Seller::Store => UNIT_FEN,
            _ => receipt["discount_fen"].as_i64().expect("a discount"),
        };
        self.model.entry((second, seller, month)).or_default().0 += fen;
        self.done.push(Done { second, seller, fen, receipt, day });
    }

    /// Some of it comes back.
    async fn refund_some(&mut self, dice: &mut Dice) {
        let (month, today) = self.now();
        self.done.retain(|done| (today - done.day).num_days() <= 7);
        for _ in 0..dice.below(3) {
            if self.done.is_empty() {
                return;
            }
            let n = usize::try_from(dice.below(self.done.len() as u64)).unwrap();
            let done = self.done.swap_remove(n);
            let world = &self.months.world;
            match done.seller {
                Seller::Paid => {
                    drop(Till::open(world).await.refund(&done.receipt).await.expect(201))
                }
                Seller::Giving => drop(self.giving().await.refund(&done.receipt).await.expect(201)),
                Seller::Store => {
                    let clerk = world.sign_in("merchant-clerk").await;
                    let path =
                        format!("redemptions/{}/refund", text(&done.receipt["redemption_id"]));
                    let back = json!({"reason": "坏了", "goods": "back_on_shelf"});
                    clerk.post(&world.village(&path), back).await.expect(200);
                }
            }
            self.model.entry((done.second, done.seller, month.clone())).or_default().1 += done.fen;
        }
    }

    /// What a village owes by all that was done, less what it paid.
    fn owed(&self, second: bool, paid: &BTreeMap<(bool, Seller), i64>) -> i64 {
        [Seller::Paid, Seller::Store]
            .into_iter()
            .map(|seller| {
                let done = self.model.iter().filter(|((v, s, _), _)| (*v, *s) == (second, seller));
                let net: i64 = done.map(|(_, (sold, back))| sold - back).sum();
                (net - paid.get(&(second, seller)).copied().unwrap_or(0)).max(0)
            })
            .sum()
    }

    fn unpaid(&self, village: VillageId) -> i64 {
        let now = self.months.world.clock.now();
        let db = &self.months.world.db;
        db.read(|c| infra::settlements::unpaid_in(c, village, now)).expect("a sum").get()
    }

    /// Both villages' statements of a month, their lines and the entries say what was done.
    async fn agrees(&self, month: Cycle) -> Vec<(bool, Seller, Value)> {
        let world = &self.months.world;
        let mut found = Vec::new();
        for second in [false, true] {
            let admin = world.sign_in(if second { "other-admin" } else { "village-admin" }).await;
            let path = |rest: &str| {
                if second { world.other_village(rest) } else { world.village(rest) }
            };
            let list = path(&format!("settlements?month={month}&limit=100"));
            let list = admin.get(&list).await.expect(200);
            for made in list["items"].as_array().expect("items") {
                let seller = match text(&made["party"]) {
                    "merchant_store" => Seller::Store,
                    _ if made["party_id"] == world.demo.merchant.to_string() => Seller::Paid,
                    _ => Seller::Giving,
                };
                let key = (second, seller, month.to_string());
                let (sold, back) = self.model.get(&key).copied().unwrap_or_default();
                let field = if seller == Seller::Giving { "given_fen" } else { "owed_fen" };
                assert_eq!(made["sales"][field], sold, "{key:?} {made:#}");
                assert_eq!(made["refunds"][field], back, "{key:?} {made:#}");
                assert_eq!((&made["state"], &made["reconciled"]), (&json!("open"), &json!(true)));
                let id = text(&made["settlement_id"]);
                let lines = admin.get(&path(&format!("settlements/{id}/lines?limit=100"))).await;
                let lines = lines.expect(200);
                let lines = lines["items"].as_array().expect("lines");
                let of = |kind: &str| -> i64 {
                    let those = lines.iter().filter(|line| line["kind"] == kind);
                    those.map(|line| line[field].as_i64().unwrap()).sum()
                };
                assert_eq!((of("sale"), of("refund")), (sold, back), "{key:?}");
                found.push((second, seller, made.clone()));
            }
            let check = admin.get(&path(&format!("settlements/check?month={month}"))).await;
            assert_eq!(check.expect(200)["agrees"], true, "{month}");
        }
        // Whoever did something has a statement, and nobody twice.
        let mut stated: Vec<_> =
            found.iter().map(|(second, seller, _)| (*second, *seller)).collect();
        stated.sort_unstable();
        let once = stated.len();
        stated.dedup();
        assert_eq!(stated.len(), once);
        for (second, seller, of) in self.model.keys() {
            assert!(*of != month.to_string() || stated.contains(&(*second, *seller)), "{seller:?}");
        }
        found
    }
}

/// What the households' entries say that went to the shops and did not come back.
async fn moved(trade: &Trade, village: VillageId) -> i64 {
    let query = format!(
        "SELECT coalesce(-sum(amount), 0)::bigint AS count FROM entries \
         WHERE purse = 3 AND source = 3 AND village_id = '{village}'"
    );
    db_count(&trade.months.world, query.leak()).await
}

#[actix_web::test]
async fn statements_of_merchants_and_stores_with_two_villages_agree_after_random_months() {
    for seed in [7, 1949] {
        random_months(seed).await;
    }
}

async fn random_months(seed: u64) {
    let mut dice = Dice(seed);
    let mut trade = Trade::begin().await;
    let (village, other) = (trade.months.world.demo.village, trade.months.world.demo.other_village);
    let account = trade.months.fund_account(10_000_000).await;
    let mut paid: BTreeMap<(bool, Seller), i64> = BTreeMap::new();
    let mut month = trade.months.month;
    for _ in 0..3 {
        for day in [4, 25, 27] {
            trade.months.go_to(month.first_day() + chrono::Duration::days(day), 10);
            earn(&trade.months.world, 1, "200");
            for _ in 0..4 {
                trade.deal(&mut dice).await;
            }
            trade.refund_some(&mut dice).await;
        }
        let owed = |trade: &Trade, paid: &_| (trade.owed(false, paid), trade.owed(true, paid));
        let says = |trade: &Trade| (trade.unpaid(village), trade.unpaid(other));
        assert_eq!(says(&trade), owed(&trade, &paid), "seed {seed}, {month}: before the close");
        trade.months.go_to_close(month);
        tick(&trade.months.world).await;
        assert_eq!(says(&trade), owed(&trade, &paid), "seed {seed}, {month}: after it");
        for (second, seller, made) in trade.agrees(month).await {
            let due = made["due_fen"].as_i64().unwrap();
            if !second && due > 0 && dice.below(3) > 0 {
                trade.months.approve(&made).await;
                trade.months.agree(&made).await;
                let payer = trade.months.world.sign_in("village-admin-2").await;
                let payment = trade.months.payment(&account);
                payer.post(&trade.months.of(&made, "/payments"), payment).await.expect(201);
                *paid.entry((second, seller)).or_default() += due;
            }
        }
        // In the first days some of the month before comes back.
        trade.months.go_to(month.next_first_day() + chrono::Duration::days(1), 10);
        trade.refund_some(&mut dice).await;
        assert_eq!(says(&trade), owed(&trade, &paid), "seed {seed}, {month}: refunds after it");
        month = CycleKind::Month.holding(month.next_first_day());
    }
    for (second, village) in [(false, village), (true, other)] {
        let of_star_credit: i64 = trade
            .model
            .iter()
            .filter(|((v, seller, _), _)| *v == second && *seller == Seller::Paid)
            .map(|(_, (sold, back))| sold - back)
            .sum();
        assert_eq!(moved(&trade, village).await, of_star_credit, "seed {seed}");
    }
    assert_conserved(&trade.months.world);
}
