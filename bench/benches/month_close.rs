//! The month of 300 merchants is closed, against the SQL that sums their purchases alone:
//! `cargo bench --bench month_close`.
//!
//! 20 villages with 10,000 households bought 500,000 times in the month, and a tenth of that for the
//! smaller size; one purchase in a hundred came back, and every one has its entry in the ledger, beside a
//! year of other entries. Closing sums the purchases, sums them again from the ledger, compares both, and
//! writes a statement a merchant and village.

use std::time::Instant;

use bench::{Comparison, Prepared, ROUNDS};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use domain::calendar::Cycle;
use domain::settlement::close_due_at;
use infra::settlements;
use uuid::Uuid;

/// The month: long over, so that nothing else is in it.
const MONTH: &str = "2025-06";
const FROM: &str = "2025-05-31 16:00:00+00";
const MERCHANTS: u64 = 300;
const VILLAGES: u64 = 20;
const HOUSEHOLDS: u64 = 10_000;
/// Purchases, smaller and larger.
const SIZES: [u64; 2] = [50_000, 500_000];
/// The limit.
const SUM: &str = "SELECT village_id, merchant_id, bearer, count(*) AS count, sum(price)::bigint AS price, \
    sum(discount)::bigint AS discount FROM purchases \
    WHERE completed_at >= '2025-05-31 16:00:00+00' AND completed_at < '2025-06-30 16:00:00+00' \
    GROUP BY village_id, merchant_id, bearer";

/// An id of a kind in SQL; `number` is an expression.
fn id(kind: u64, number: &str) -> String {
    format!("('{kind:016x}' || lpad(to_hex(({number})::bigint), 16, '0'))::uuid")
}

fn prepare(purchases: u64) -> Prepared {
    let data = Prepared::start();
    let began = Instant::now();
    let [village, household, merchant, purchase, entry, other] =
        [(1, "v"), (2, "h"), (3, "m"), (4, "n"), (5, "n"), (6, "n")].map(|(k, n)| id(k, n));
    let nobody = Uuid::nil();
    // As they would be written, one by one, over a month; without the checks of each.
    data.run(&format!(
        "SET session_replication_role = replica;
         INSERT INTO divisions (id, code, level, name, county_id, town_id, recorded_at)
            SELECT {village}, 'B' || v, 'village', '村' || v, '{county}', '{town}', '{FROM}'
            FROM generate_series(0, {VILLAGES} - 1) v;
         INSERT INTO settlement_calendars (village_id, open_from, close_due_at, look_day, look_due_at)
            SELECT {village}, '{FROM}', '{due}', '2999-01-01', '2999-01-02'
            FROM generate_series(0, {VILLAGES} - 1) v;
         INSERT INTO households (village_id, id, number, recorded_at)
            SELECT {village}, {household}, 'B' || h, '{FROM}'
            FROM generate_series(0, {HOUSEHOLDS} - 1) h, LATERAL (SELECT h % {VILLAGES} AS v) AS l;
         INSERT INTO accounts (village_id, id, household_id, star_credit, version, stars, alias)
            SELECT village_id, id, id, 100000, {versions}, 4, decode(md5(number), 'hex')
            FROM households WHERE number LIKE 'B%';
         INSERT INTO merchants (id, division_id, name, address, phone, registered_by, registered_at)
            SELECT {merchant}, '{county}', 'B' || m, '街上', '0858-0000000', '{nobody}', '{FROM}'
            FROM generate_series(0, {MERCHANTS} - 1) m;
         INSERT INTO agreements (village_id, id, merchant_id, from_day, bearer, discount_by_star,
                price_ceiling, account_daily_ceiling, merchant_daily_ceiling, refund_days_max,
                made_by, made_at)
            SELECT {village}, {merchant}, {merchant}, '2000-01-01', 'credit_offset',
                '{{200,400,600,800,1000}}', 200000, 1000000000000, 1000000000000, 7, '{nobody}', '{FROM}'
            FROM generate_series(0, {MERCHANTS} - 1) m, generate_series(0, {VILLAGES} - 1) v;
         INSERT INTO entries (village_id, id, account_id, account_version, purse, amount,
                balance_after, counter, source, source_id, source_posting, happened_on, recorded_at)
            SELECT {village}, {other}, {household}, -1 - n / {HOUSEHOLDS}, 1, 100, 100, 1, 1, {other}, 0,
                '2025-01-01', '2024-06-01'::timestamptz + n * interval '30 seconds'
            FROM generate_series(0, 1000000 - 1) n,
                LATERAL (SELECT n % {HOUSEHOLDS} AS h, n % {VILLAGES} AS v) AS l;
         INSERT INTO purchases (village_id, id, merchant_id, shop_id, agreement_id, quote_id, account_id,
                stars, discount_bp, account_daily_ceiling, price, discount, bearer, credit_left, state,
                entry_id, sold_by, made_at, completed_at, refunded_at)
            SELECT {village}, {purchase}, {merchant}, {merchant}, {merchant}, {purchase}, {household}, 4, 800, 20000,
                12850, 1028, 'credit_offset', 0,
                CASE WHEN n % 100 = 0 THEN 'refunded' ELSE 'completed' END, {entry}, '{nobody}', at, at,
                CASE WHEN n % 100 = 0 THEN at + interval '1 hour' END
            FROM generate_series(0, {purchases} - 1) n,
                LATERAL (SELECT n % {HOUSEHOLDS} AS h, n % {VILLAGES} AS v, (n * 7) % {MERCHANTS} AS m,
                    '{FROM}'::timestamptz + n * interval '29 days' / {purchases} AS at) AS l;
         INSERT INTO entries (village_id, id, account_id, account_version, purse, amount,
                balance_after, counter, source, source_id, source_posting, happened_on, recorded_at)
            SELECT village_id, entry_id, account_id, 2 * row_number() OVER (
                    PARTITION BY village_id, account_id ORDER BY id), 3, -1028, 0, 3, 3, id, 0,
                completed_at::date, completed_at
            FROM purchases WHERE completed_at < '2025-06-30 16:00:00+00' ORDER BY purchases.completed_at;
         INSERT INTO entries (village_id, id, account_id, account_version, purse, amount,
                balance_after, counter, source, source_id, source_posting, happened_on, recorded_at, reverses)
            SELECT village_id, gen_random_uuid(), account_id, account_version + 1, 3, 1028, 1028, 6, 3,
                source_id, 0, happened_on, recorded_at + interval '1 hour', id
            FROM entries WHERE source = 3 AND source_id IN (SELECT id FROM purchases
                WHERE state = 'refunded' AND completed_at < '2025-06-30 16:00:00+00');
         SET session_replication_role = DEFAULT",
        county = data.demo.county,
        town = data.demo.town,
        due = due().to_rfc3339(),
        versions = 2 * purchases / HOUSEHOLDS,
    ));
    data.settle();
    println!("{purchases} purchases, generated in {:.0} s", began.elapsed().as_secs_f64());
    data
}

fn due() -> DateTime<Utc> {
    let month: Cycle = MONTH.parse().expect("a month");
    close_due_at(month)
}

#[derive(QueryableByName)]
#[expect(dead_code, reason = "all that is asked for is read")]
struct Sum {
    #[diesel(sql_type = SqlUuid)]
    village_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    merchant_id: Uuid,
    #[diesel(sql_type = Text)]
    bearer: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    price: i64,
    #[diesel(sql_type = BigInt)]
    discount: i64,
}

/// How long the limit takes, in milliseconds, and what it comes to.
fn limit(data: &Prepared) -> (f64, i64) {
    let began = Instant::now();
    let sums: Vec<Sum> = data.db.read(|c| Ok(diesel::sql_query(SUM).load(c)?)).unwrap();
    (began.elapsed().as_secs_f64() * 1000.0, sums.iter().map(|sum| sum.discount).sum())
}

/// How long the close takes, in milliseconds, as the worker does it.
fn close(data: &Prepared) -> f64 {
    let began = Instant::now();
    let mut statements = 0;
    loop {
        let closed = settlements::close_due(&data.db, due()).unwrap();
        if closed.months == 0 {
            break;
        }
        assert_eq!(closed.differing, 0, "till and ledger say the same");
        statements += closed.statements;
    }
    assert!(statements > 0, "nothing was closed");
    began.elapsed().as_secs_f64() * 1000.0
}

#[derive(QueryableByName)]
struct Owed {
    #[diesel(sql_type = BigInt)]
    owed: i64,
}

/// What the statements say that was sold.
fn owed(data: &Prepared) -> i64 {
    let sum = "SELECT sum(sales_owed)::bigint AS owed FROM settlements";
    data.db.read(|c| Ok(diesel::sql_query(sum).get_result::<Owed>(c)?)).unwrap().owed
}

/// As before the close.
fn open_again(data: &Prepared) {
    data.run(&format!(
        "SET session_replication_role = replica;
         DELETE FROM settlements;
         DELETE FROM audit_log WHERE action = 'settlement_close_month';
         UPDATE settlement_calendars SET open_from = '{FROM}', close_due_at = '{}'
            WHERE look_day = '2999-01-01';
         SET session_replication_role = DEFAULT",
        due().to_rfc3339()
    ));
    data.settle();
}

fn main() {
    let mut each = Vec::new();
    for purchases in SIZES {
        let data = prepare(purchases);
        let mut comparison = Comparison {
            name: "closing a month",
            unit: "ms",
            against: "one statement",
            to_reach: Some(20.0),
            ..Comparison::default()
        };
        limit(&data);
        for _ in 0..ROUNDS {
            comparison.ours.push(close(&data));
            let (ms, sold) = limit(&data);
            comparison.limit.push(ms);
            assert_eq!(owed(&data), sold, "the statements say what was sold");
            open_again(&data);
        }
        comparison.print();
        let mut ours = comparison.ours.clone();
        ours.sort_by(f64::total_cmp);
        let middle = ours.get(ours.len() / 2).copied().unwrap_or(f64::NAN);
        each.push(1000.0 * middle / purchases as f64);
        println!(
            "{purchases} purchases: {middle:.0} ms, {:.2} µs a purchase",
            each[each.len() - 1]
        );
    }
    println!("{}", serde_json::json!({"name": "closing a month", "us_per_purchase": each}));
}
