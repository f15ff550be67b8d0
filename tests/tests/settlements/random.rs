//! Random months with refunds across their ends: the merchant's statements, what the village owes and
//! the households' entries agree.

use serde_json::{Value, json};
use testing::notices::{db_count, tick};
use testing::settlements::Months;
use testing::shops::{Till, assert_conserved, text};

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

const MOVED: &str = "SELECT coalesce(-sum(amount), 0)::bigint AS count FROM entries \
    WHERE purse = 3 AND source = 3";

#[actix_web::test]
async fn statements_liability_and_entries_agree_after_random_months() {
    for seed in [1, 2026, 361] {
        random_months(seed).await;
    }
}

async fn random_months(seed: u64) {
    let mut dice = Dice(seed);
    let months = Months::begin().await;
    let world = &months.world;
    let mut sold: Vec<(Value, chrono::NaiveDate)> = Vec::new();
    let mut paid = 0;
    let mut month = months.month;
    let account = months.fund_account(1_000_000).await;
    for _ in 0..3 {
        // Days near the end above all, so that refunds fall into the next month.
        for day in [4, 26, 27] {
            months.go_to(month.first_day() + chrono::Duration::days(day), 10);
            let till = Till::open(world).await;
            for _ in 0..3 {
                let key = if dice.below(2) == 0 { "villager" } else { "neighbour" };
                let villager = world.sign_in(key).await;
                let price = i64::try_from(dice.below(40_000)).unwrap() + 1;
                let receipt = till.buy(&villager, price).await;
                sold.push((receipt, domain::calendar::day_of(world.clock.now())));
            }
            refund_some(&months, &till, &mut sold, &mut dice).await;
        }
        assert_eq!(months.unpaid(), left(&months, paid).await, "seed {seed}: before the close");
        months.go_to_close(month);
        tick(world).await;
        assert_eq!(months.unpaid(), left(&months, paid).await, "seed {seed}: after it");
        let made = months.statement(month).await;
        agrees(&months, month, &made).await;
        if made["due_fen"].as_i64().unwrap() > 0 && dice.below(3) > 0 {
            pay(&months, &made, &account).await;
            paid += made["due_fen"].as_i64().unwrap();
        }
        // In the first days refunds of the month before.
        months.go_to(month.next_first_day() + chrono::Duration::days(1), 10);
        let till = Till::open(world).await;
        refund_some(&months, &till, &mut sold, &mut dice).await;
        assert_eq!(months.unpaid(), left(&months, paid).await, "seed {seed}: refunds after it");
        month = domain::calendar::CycleKind::Month.holding(month.next_first_day());
    }
    assert_conserved(world);
}

/// What the households' entries say that came to the shop and did not go back, less what it was paid. When
/// more came back than is unpaid nothing is owed, and the next month is lowered.
async fn left(months: &Months, paid: i64) -> i64 {
    (db_count(&months.world, MOVED).await - paid).max(0)
}

async fn refund_some(
    months: &Months,
    till: &Till,
    sold: &mut Vec<(Value, chrono::NaiveDate)>,
    dice: &mut Dice,
) {
    let today = domain::calendar::day_of(months.world.clock.now());
    sold.retain(|(_, day)| (today - *day).num_days() <= 7);
    for _ in 0..dice.below(3) {
        if sold.is_empty() {
            return;
        }
        let n = usize::try_from(dice.below(sold.len() as u64)).unwrap();
        let (receipt, _) = sold.swap_remove(n);
        till.refund(&receipt).await.expect(201);
    }
}

/// The statement, its lines, the entries of its month and the live view say the same.
async fn agrees(months: &Months, month: domain::calendar::Cycle, made: &Value) {
    let world = &months.world;
    let owner = world.sign_in("merchant-owner").await;
    let lines = months.lines(&owner, made, 4).await;
    let of = |kind: &str| -> i64 {
        let those = lines.iter().filter(|line| line["kind"] == kind);
        those.map(|line| line["owed_fen"].as_i64().unwrap()).sum()
    };
    assert_eq!(made["sales"]["owed_fen"], of("sale"));
    assert_eq!(made["refunds"]["owed_fen"], of("refund"));
    let entries = format!(
        "{MOVED} AND to_char(recorded_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') = '{month}'"
    );
    assert_eq!(made["net_fen"], db_count(world, entries.leak()).await);
    let live = format!("/v1/merchants/{}/statements/{month}", world.demo.merchant);
    let live = owner.get(&live).await.expect(200);
    assert_eq!((&live["net_fen"], &live["reconciled"]), (&made["net_fen"], &json!(true)));
    let admin = world.sign_in("village-admin").await;
    let path = world.village(&format!("settlements/check?month={month}"));
    assert_eq!(admin.get(&path).await.expect(200)["agrees"], true);
}

async fn pay(months: &Months, made: &Value, account: &str) {
    let world = &months.world;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    one.post(&months.of(made, "/decisions"), json!({"decision": "approve"})).await.expect(201);
    months.agree(made).await;
    let payment = json!({
        "fund_account_id": account, "document": text(&made["month"]),
        "paid_on": domain::calendar::day_of(world.clock.now()),
    });
    other.post(&months.of(made, "/payments"), payment).await.expect(201);
}
