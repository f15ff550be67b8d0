//! Closing a notice with 1,000 claims by a round of the worker, against one SQL statement that
//! inserts as many entries and sums them into the accounts; and with 10,000 claims, the most that a
//! notice holds: `cargo bench --bench notice_close`.

use std::time::Instant;

use bench::{Comparison, Prepared, ROUNDS};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::claim::Via;
use infra::worker;
use uuid::Uuid;

/// How many households the claims are spread over, with one person and one account each.
const HOUSEHOLDS: usize = 500;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(data: &Prepared, query: &str) -> i64 {
    let counted: Counted =
        data.db.read(|c| Ok(diesel::sql_query(query).get_result(c)?)).expect("a count");
    counted.count
}

fn prepare(data: &Prepared) {
    let village = data.demo.village;
    data.run(&format!(
        "INSERT INTO households (village_id, id, number, recorded_at)
            SELECT '{village}', lpad(to_hex(n), 32, '0')::uuid, 'B' || n, now()
            FROM generate_series(1, {HOUSEHOLDS}) n;
         INSERT INTO villagers (village_id, id, household_id, name, relation, residence, recorded_at)
            SELECT village_id, id, id, '村民', '户主', 'resident', now()
            FROM households WHERE number LIKE 'B%';
         INSERT INTO accounts (village_id, id, household_id, alias)
            SELECT village_id, id, id, decode(md5(number), 'hex')
            FROM households WHERE number LIKE 'B%';"
    ));
}

/// A notice whose time is over, with so many undisputed claims.
fn hang(data: &Prepared, number: usize, claims: usize) {
    let (village, notice) = (data.demo.village, Uuid::from_u64_pair(1, number as u64));
    let via = serde_json::to_value(Via::Own).unwrap();
    data.run(&format!(
        "INSERT INTO notices (village_id, id, kind, number, opens_at, closes_at)
            VALUES ('{village}', '{notice}', 'claims', {number}, now() - interval '4 days',
                now() - interval '1 minute');
         INSERT INTO claims (village_id, id, household_id, person_id, account_id, rule_book_id,
                item_code, kind, happened_on, text, claimed_by, via, state, stage, round, asked,
                granted, measure, adjustments, counts_until, notice_id, postings, version, submitted_at, changed_at)
            SELECT '{village}', ('{kind:016x}' || lpad(to_hex(n), 16, '0'))::uuid, h, h, h, book.id,
                'ENV-1', 'award', current_date - 5, '清扫了村口的路', '{nobody}', '{via}', 'on_notice',
                1, 1, 100, 100, '{{}}', '[]', current_date + 90, '{notice}', 0, 6, now() - interval '4 days', now()
            FROM generate_series(0, {claims} - 1) n,
                lateral (SELECT lpad(to_hex(n % {HOUSEHOLDS} + 1), 32, '0')::uuid AS h) AS home,
                (SELECT id FROM rule_books WHERE village_id = '{village}') AS book",
        kind = 1000 + number,
        nobody = Uuid::nil(),
    ));
    data.settle();
}

/// Ours: one round of the worker, in milliseconds.
fn close(data: &Prepared) -> f64 {
    let now = api::clock::Clock::default().now();
    let began = Instant::now();
    let ticked = worker::tick(&data.db, now);
    let took = began.elapsed();
    assert!(ticked.failures.is_empty(), "{:?}", ticked.failures);
    assert_eq!((ticked.closed, ticked.opened), (1, 0));
    took.as_secs_f64() * 1000.0
}

/// The limit: as many entries in one statement, in milliseconds.
fn limit(data: &Prepared, run: usize, entries: usize) -> f64 {
    let statement = format!(
        "WITH planned AS (
            SELECT a.id AS account, a.version + n / {HOUSEHOLDS} + 1 AS version, n
            FROM generate_series(0, {entries} - 1) n
            JOIN accounts a ON a.village_id = '{village}'
                AND a.id = lpad(to_hex(n % {HOUSEHOLDS} + 1), 32, '0')::uuid
         ), written AS (
            INSERT INTO entries (village_id, id, account_id, account_version, purse, amount,
                    balance_after, counter, source, source_id, source_posting, item_code, happened_on,
                    counts_until, recorded_at)
                SELECT '{village}', ('{kind:016x}' || lpad(to_hex(n), 16, '0'))::uuid, account, version,
                    1, 100, 100, 1, 1, ('{kind:016x}' || lpad(to_hex(n), 16, '0'))::uuid, 0, 'ENV-1',
                    current_date, current_date + 90, now()
                FROM planned RETURNING account_id, amount
         )
         UPDATE accounts a SET score = a.score + s.amount, version = a.version + s.entries
            FROM (SELECT account_id, sum(amount)::bigint AS amount, count(*) AS entries
                FROM written GROUP BY account_id) AS s
            WHERE a.village_id = '{village}' AND a.id = s.account_id;",
        village = data.demo.village,
        kind = 2000 + run,
    );
    let began = Instant::now();
    data.run(&statement);
    began.elapsed().as_secs_f64() * 1000.0
}

/// Runs the rounds for notices of so many claims and gives the median of ours, in milliseconds.
fn measure(data: &Prepared, name: &'static str, claims: usize, from: usize) -> f64 {
    let mut comparison =
        Comparison { name, unit: "claims/s", against: "one statement", ..Comparison::default() };
    let (mut times, mut limits, mut entries) = (Vec::new(), Vec::new(), 0);
    // The first is not counted: it fills caches and plans.
    for round in 0..=ROUNDS {
        let before = count(data, "SELECT count(*) FROM entries");
        hang(data, from + round, claims);
        let ours = close(data);
        entries = count(data, "SELECT count(*) FROM entries") - before;
        let theirs = limit(data, from + round, usize::try_from(entries).unwrap());
        if round > 0 {
            times.push(ours);
            limits.push(theirs);
            comparison.ours.push(claims as f64 / ours * 1000.0);
            comparison.limit.push(claims as f64 / theirs * 1000.0);
        }
    }
    comparison.print();
    times.sort_by(f64::total_cmp);
    limits.sort_by(f64::total_cmp);
    let (ours, theirs) = (times[times.len() / 2], limits[limits.len() / 2]);
    println!("{claims} claims, {entries} entries: {ours:.0} ms; one statement {theirs:.0} ms");
    ours
}

fn main() {
    let data = Prepared::start();
    prepare(&data);
    let few = measure(&data, "closing a notice with 1,000 claims", 1_000, 1);
    let most = domain::notice::LINES_MAX;
    let many = measure(&data, "closing a notice with 10,000 claims", most, 101);
    let growth = (many / most as f64) / (few / 1_000.0);
    println!("\ncost of a claim with {most} claims, as a multiple of that with 1,000: {growth:.2}");
    println!("{}", serde_json::json!({"name": "growth of the cost of a claim", "ratio": growth}));
}
