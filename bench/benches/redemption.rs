//! Redeeming points, with authentication and idempotency key, against pgbench with the same two
//! statements: `cargo bench --bench redemption`.
//!
//! Twice: households redeem different goods, and 64 of them the same goods at once, whose stock is then
//! one hot row. 64 people are signed in, one of each household.

use std::sync::Arc;
use std::time::Duration;

use api::session::Sessions;
use bench::{
    CONNECTIONS, Comparison, PgBench, Prepared, ROUNDS, Server, as_server, drive, seconds,
};
use chrono::Utc;
use domain::id::{SessionId, UserId};
use uuid::Uuid;

/// What the upper half of an id says it is of.
const HOUSEHOLD: u64 = 1;
const STORE: u64 = 2;
const GOODS: u64 = 3;
/// What pgbench writes. Its ids rise for each client, so that indexes grow at few places, as ours do.
const REDEMPTION: u64 = 4;
const ENTRY: u64 = 5;
const AUDIT: u64 = 6;
const MESSAGE: u64 = 7;
const STOCK_ENTRY: u64 = 8;

/// An id that SQL, pgbench and this program can all compute.
fn id(kind: u64, number: u64) -> Uuid {
    Uuid::from_u64_pair(kind, number)
}

/// [`id`] in SQL; `number` is an expression.
fn sql_id(kind: u64, number: &str) -> String {
    format!("('{kind:016x}' || lpad(to_hex(({number})::bigint), 16, '0'))::uuid")
}

/// The access tokens of the people, each signed in once.
fn tokens(data: &Prepared) -> Arc<Vec<String>> {
    let sessions = Sessions::new(data.db.secrets().token_key(), Duration::from_secs(10));
    let token = |number: usize| {
        let person = id(HOUSEHOLD, number as u64);
        sessions.access_token(UserId(person), SessionId(person), Utc::now()).expect("a token")
    };
    Arc::new((0..CONNECTIONS).map(token).collect())
}

/// A household, a person, an account and goods for each connection, all of them rich and full.
fn prepare(data: &Prepared) {
    let village = data.demo.village;
    let (household, goods) = (sql_id(HOUSEHOLD, "n"), sql_id(GOODS, "n"));
    let (store, nobody) = (id(STORE, 0), Uuid::nil());
    data.run(&format!(
        "INSERT INTO households (village_id, id, number, recorded_at)
            SELECT '{village}', {household}, 'B' || n, now() FROM generate_series(0, {last}) n;
         INSERT INTO villagers (village_id, id, household_id, name, relation, residence, recorded_at)
            SELECT village_id, id, id, '村民', '户主', 'resident', now()
            FROM households WHERE number LIKE 'B%';
         INSERT INTO users (id, openid, village_id, villager_id, recorded_at)
            SELECT {household}, 'bench-redemption-' || n, '{village}', {household}, now()
            FROM generate_series(0, {last}) n;
         INSERT INTO sessions (id, user_id, refresh_hash, client, began_at, refreshed_at)
            SELECT id, id, decode(md5(openid), 'hex'), 'bench', now(), now()
            FROM users WHERE openid LIKE 'bench-redemption-%';
         INSERT INTO accounts (village_id, id, household_id, points, alias)
            SELECT village_id, id, id, 1000000000000000, decode(md5(number), 'hex')
            FROM households WHERE number LIKE 'B%';
         INSERT INTO stores (village_id, id, name, address, hours, phone, lapse_days, lapse_returns,
                refund_days, opened_by, opened_at)
            VALUES ('{village}', '{store}', 'B', '街上', '周六', '0', 30, true, 7, '{nobody}', now());
         INSERT INTO goods (village_id, id, store_id, name, unit, text, category, kind, price, top_up,
                market_price, on_sale_from, stock, made_by, made_at)
            SELECT '{village}', {goods}, '{store}', '盐', '袋', '', 'food', 'stock', 100, 0, 1000,
                '2000-01-01', 2000000000, '{nobody}', now() FROM generate_series(0, {last}) n;
         ANALYZE;",
        last = CONNECTIONS - 1,
    ));
}

/// The two statements of infra::redemptions, with what the program would decide in between. `goods` is the
/// number of the goods that a client wants.
fn script(data: &Prepared, goods: &str) -> String {
    let number = "(:run::bigint << 32) + (:client_id::bigint << 24) + :i::bigint";
    let answer = r#"{"redemption_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f75", "store_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f71", "store_name": "B", "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "masked_name": null, "goods_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f72", "goods_name": "盐", "unit": "袋", "slot": null, "quantity": 1, "points": "1", "top_up": 0, "state": "waiting", "code": "40718355", "qr": "AgEBky1abAB6O48AGyw9Tl9gAZMtWmwAejuPABssPU5fdYq3n2c1d4e5f6A", "redeemed_at": "2026-10-12T10:00:30.123456Z", "cancel_until": "2026-11-11T16:00:00Z", "lapses_at": "2026-11-11T16:00:00Z", "lapse_returns": true, "handed_over_at": null, "ended_at": null, "end_reason": null}"#;
    let message = r#"{"redemption_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f75", "store_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f71", "store_name": "B", "goods_name": "盐", "quantity": 1, "unit": "袋", "points": "1", "top_up_fen": 0, "lapses_at": "2026-11-11T16:00:00Z", "lapse_returns": true}"#;
    let day = "(now() AT TIME ZONE 'Asia/Shanghai')::date";
    let goods = sql_id(GOODS, goods);
    format!(
        "SELECT goods.id, goods.store_id, goods.name, goods.unit, goods.text, goods.category, \
            goods.label, goods.kind, goods.price, goods.top_up, goods.market_price, \
            goods.limit_count, goods.limit_period, goods.on_sale_from, goods.on_sale_until, \
            goods.stock, goods.reserved, goods.version AS goods_version, goods.withdrawn_at, \
            stores.village_id, stores.id AS id2, stores.name AS name2, stores.address, stores.hours, \
            stores.phone, stores.merchant_id, stores.lapse_days, stores.lapse_returns, \
            stores.cancel_days, stores.refund_days, stores.opened_by, stores.opened_at, \
            stores.closed_at, merchants.closed_at AS merchant_closed_at, \
            accounts.id AS id3, accounts.household_id, accounts.villager_id, \
            accounts.score, accounts.points, accounts.star_credit, accounts.version, accounts.stars, \
            accounts.stars_cycle, goods_slots.id AS id4, goods_slots.starts_at, \
            goods_counts.count, marks.from_day, marks.until_day, \
            (SELECT rule_books.id FROM rule_books WHERE rule_books.village_id = '{village}'::uuid \
                AND rule_books.state = 'adopted' AND rule_books.in_force_from <= {day} \
                ORDER BY rule_books.in_force_from DESC, rule_books.number DESC LIMIT 1) AS book, \
            EXISTS (SELECT 1 FROM villagers WHERE villagers.village_id = '{village}'::uuid \
                AND villagers.household_id = accounts.household_id \
                AND villagers.residence <> 'deceased') AS alive, \
            EXISTS (SELECT 1 FROM villagers WHERE villagers.village_id = '{village}'::uuid \
                AND villagers.household_id = accounts.household_id \
                AND villagers.residence <> 'deceased' \
                AND (villagers.born_on IS NULL OR villagers.born_on <= {day})) AS of_age \
            FROM goods \
            JOIN stores ON stores.village_id = goods.village_id AND stores.id = goods.store_id \
            LEFT JOIN merchants ON merchants.id = stores.merchant_id \
            JOIN accounts ON accounts.village_id = goods.village_id \
            LEFT JOIN goods_slots ON goods_slots.village_id = goods.village_id \
                AND goods_slots.goods_id = goods.id AND goods_slots.id = NULL::uuid \
            LEFT JOIN goods_counts ON goods_counts.village_id = goods.village_id \
                AND goods_counts.goods_id = goods.id \
                AND goods_counts.household_id = accounts.household_id \
                AND goods_counts.period = CASE WHEN goods.limit_period = 'month' THEN '2026-11' \
                    WHEN goods.limit_period = 'quarter' THEN '2026-Q4' \
                    WHEN goods.limit_period = 'year' THEN '2026' \
                    WHEN goods.limit_period = 'always' THEN 'always' END \
            LEFT JOIN marks ON marks.village_id = goods.village_id \
                AND marks.account_id = accounts.id AND marks.stars IS NULL \
                AND marks.struck_at IS NULL \
            WHERE goods.village_id = '{village}'::uuid AND goods.id = {goods} \
                AND accounts.id = ANY (ARRAY[{household}]) \\gset\n\
         SELECT redemption_append({number}, ({redemption})::text, decode(repeat('ab', 32), 'hex'), \
            '{answer}'::jsonb, jsonb_build_object('village_id', '{village}', 'id', {redemption}, \
                'store_id', '{store}', 'goods_id', {goods}, 'slot_id', NULL, \
                'account_id', {household}, 'household_id', {household}, 'goods_name', '盐', \
                'unit', '袋', 'quantity', 1, 'points', 100, 'top_up', 0, 'worth', 0, \
                'state', 'waiting', 'code', ({number})::text, 'counted_in', NULL, 'card_id', NULL, \
                'lapse_returns', true, 'refund_days', 7, 'lapses_at', now() + interval '30 days', \
                'tell_at', now() + interval '27 days', 'cancel_until', now() + interval '30 days', \
                'redeemed_by', {household}, 'redeemed_at', now()), \
            :goods_version::integer, NULL::integer, :version::bigint, {entry}, 2::smallint, \
            :points::bigint - 100, 4::smallint, 5::smallint, {day}, {stock_entry}, {audit}, \
            'villager', 'redemption_create', 'redemption_made', '{message}'::jsonb, \
            array_fill({told}, ARRAY[20]));\n\
         \\set i :i + 1\n",
        village = data.demo.village,
        store = id(STORE, 0),
        household = sql_id(HOUSEHOLD, ":client_id"),
        redemption = sql_id(REDEMPTION, number),
        entry = sql_id(ENTRY, number),
        stock_entry = sql_id(STOCK_ENTRY, number),
        audit = sql_id(AUDIT, number),
        told = sql_id(MESSAGE, number),
    )
}

/// Measures one way of wanting goods: `goods_of` says which goods a person wants, `in_sql` the same.
fn compare(
    server: &Server,
    tokens: &Arc<Vec<String>>,
    (name, to_reach): (&'static str, f64),
    (goods_of, in_sql): (fn(u64) -> u64, &str),
    first_run: u64,
) {
    let data = &server.data;
    let village = data.demo.village;
    let pgbench = PgBench::new(&data.cluster, data.database(), &script(data, in_sql));
    let requests = |run: u64| {
        let tokens = Arc::clone(tokens);
        move |person: usize, n: u64| {
            let goods = id(GOODS, goods_of(person as u64));
            let body = format!(r#"{{"goods_id":"{goods}","quantity":1}}"#);
            let request = format!(
                "POST /v1/villages/{village}/redemptions HTTP/1.1\r\nhost: x\r\n\
                 authorization: Bearer {}\r\nidempotency-key: run-{run}-{n:012}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                tokens.get(person)?,
                body.len()
            );
            Some(request.into_bytes())
        }
    };
    let mut comparison = Comparison {
        name,
        unit: "redemptions/s",
        against: "pgbench",
        to_reach: Some(to_reach),
        ..Comparison::default()
    };
    drive(server.address, CONNECTIONS, Duration::from_secs(5), "201", requests(first_run));
    for round in 1..=ROUNDS as u64 {
        let (ours, limit) = (first_run + 2 * round, first_run + 2 * round + 1);
        data.settle();
        let time = Duration::from_secs(seconds());
        let load = drive(server.address, CONNECTIONS, time, "201", requests(ours));
        assert_eq!(load.failed, 0);
        comparison.ours.push(load.rate);
        comparison.p99_ms.push(load.p99_ms);
        data.settle();
        let defines = [("run", limit.to_string()), ("i", "0".to_owned())];
        comparison.limit.push(pgbench.run(CONNECTIONS, seconds(), &defines));
    }
    comparison.memory_mb = Some(server.memory_mb());
    comparison.print();
}

fn main() {
    as_server();
    let server = Server::start(prepare);
    let tokens = tokens(&server.data);
    let apart: (fn(u64) -> u64, &str) = (|person| person, ":client_id");
    compare(&server, &tokens, ("redemption of different goods", 0.5), apart, 1);
    let together: (fn(u64) -> u64, &str) = (|_| 0, "0");
    compare(&server, &tokens, ("redemption of one popular item", 0.7), together, 101);
}
