//! Selling on a quote, with authentication and idempotency key, against pgbench with the same two
//! statements: `cargo bench --bench purchase`.
//!
//! 64 shops with a till each sell to 10,000 households, as in a county. Every household has one
//! member who is signed in and gets a message of each purchase.

use std::time::Duration;

use bench::{
    CONNECTIONS, Comparison, PgBench, Prepared, ROUNDS, Server, as_server, drive, seconds,
};
use uuid::Uuid;

/// How many households each till sells to, in turn: 10,000 in all.
const HOUSEHOLDS: u64 = 156;
/// How many quotes a till has for each second of a round; a round that uses them up ends earlier.
const QUOTES_A_SECOND: u64 = 160;

/// What the upper half of an id says it is of.
const HOUSEHOLD: u64 = 1;
const MERCHANT: u64 = 2;
const QUOTE: u64 = 3;
/// What pgbench writes. Its ids rise for each till, so that indexes grow at few places, as ours do.
const PURCHASE: u64 = 4;
const ENTRY: u64 = 5;
const AUDIT: u64 = 6;
const MESSAGE: u64 = 7;

/// An id that SQL, pgbench and this program can all compute.
fn id(kind: u64, number: u64) -> Uuid {
    Uuid::from_u64_pair(kind, number)
}

/// [`id`] in SQL; `number` is an expression.
fn sql_id(kind: u64, number: &str) -> String {
    format!("('{kind:016x}' || lpad(to_hex(({number})::bigint), 16, '0'))::uuid")
}

/// The number of the first quote of a till in a run.
fn first_quote(run: u64, till: u64) -> u64 {
    (run << 32) + (till << 24)
}

fn prepare(data: &Prepared) {
    let village = data.demo.village;
    let household = sql_id(HOUSEHOLD, "n");
    let merchant = sql_id(MERCHANT, "n");
    let (households, tills) = (CONNECTIONS as u64 * HOUSEHOLDS, CONNECTIONS);
    data.run(&format!(
        "INSERT INTO households (village_id, id, number, recorded_at)
            SELECT '{village}', {household}, 'B' || n, now() FROM generate_series(0, {households} - 1) n;
         INSERT INTO villagers (village_id, id, household_id, name, relation, residence, recorded_at)
            SELECT village_id, id, id, '村民', '户主', 'resident', now()
            FROM households WHERE number LIKE 'B%';
         INSERT INTO users (id, openid, village_id, villager_id, recorded_at)
            SELECT id, number, village_id, id, now() FROM households WHERE number LIKE 'B%';
         INSERT INTO accounts (village_id, id, household_id, points, star_credit, stars, alias)
            SELECT village_id, id, id, 1250, 1000000000000, 4, decode(md5(number), 'hex')
            FROM households WHERE number LIKE 'B%';
         INSERT INTO merchants (id, division_id, name, address, phone, registered_by, registered_at)
            SELECT {merchant}, '{county}', 'B' || n, '街上', '0858-0000000', '{nobody}', now()
            FROM generate_series(0, {tills} - 1) n;
         INSERT INTO shops (id, merchant_id, name, address, phone, opened_at)
            SELECT id, id, name, address, phone, now() FROM merchants WHERE name LIKE 'B%';
         INSERT INTO agreements (village_id, id, merchant_id, from_day, bearer, discount_by_star,
                price_ceiling, account_daily_ceiling, merchant_daily_ceiling, refund_days_max,
                made_by, made_at)
            SELECT '{village}', id, id, '2000-01-01', 'credit_offset', '{{200,400,600,800,1000}}',
                200000, 1000000000000, 1000000000000, 7, '{nobody}', now()
            FROM merchants WHERE name LIKE 'B%';
         INSERT INTO role_grants (id, role, merchant_id, user_id, begins_at, reason, granted_at)
            SELECT m.id, 'merchant_clerk', m.id, u.id, now() - interval '1 minute', 'bench', now()
            FROM merchants m, users u
            WHERE m.name LIKE 'B%' AND u.openid = 'demo-openid-merchant-clerk';
         ANALYZE;",
        county = data.demo.county,
        nobody = Uuid::nil(),
    ));
}

/// Quotes that nobody has used, for every till in one run.
fn quotes(data: &Prepared, run: u64, each: u64) {
    let number = format!("{} + (till::bigint << 24) + i", first_quote(run, 0));
    data.run(&format!(
        "INSERT INTO quotes (village_id, id, merchant_id, shop_id, account_id, stars, agreement_ids,
                discounts_bp, account_daily_ceilings, quoted_by, quoted_at, valid_until)
            SELECT '{village}', {quote}, {merchant}, {merchant}, {household}, 4, ARRAY[{merchant}],
                ARRAY[800], ARRAY[1000000000000], '{nobody}', now(), now() + interval '1 hour'
            FROM generate_series(0, {tills} - 1) till, generate_series(0, {each} - 1) i",
        village = data.demo.village,
        quote = sql_id(QUOTE, &number),
        merchant = sql_id(MERCHANT, "till"),
        household = sql_id(HOUSEHOLD, &format!("till * {HOUSEHOLDS} + i % {HOUSEHOLDS}")),
        nobody = Uuid::nil(),
        tills = CONNECTIONS,
    ));
    data.settle();
}

/// The two statements of infra::purchases, with what the program would decide in between.
fn script(data: &Prepared) -> String {
    let number = "(:run::bigint << 32) + (:client_id::bigint << 24) + :i::bigint";
    let answer = r#"{"purchase_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f65", "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "shop_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66", "category": "other", "price": 12850, "discount": 1028, "to_pay": 11822, "credit_left": 999999998972, "limited_by": null, "bearer": "credit_offset", "stars": 4, "discount_bp": 800, "state": "completed", "made_at": "2026-10-12T10:00:30.123456Z", "confirm_until": null, "refunded_at": null}"#;
    let message = r#"{"purchase_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f65", "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "merchant_name": "B12", "category": "other", "discount_bp": 800, "price_fen": 12850, "discount_fen": 1028, "to_pay_fen": 11822, "credit_left_fen": 999999998972}"#;
    let day = "(now() AT TIME ZONE 'Asia/Shanghai')::date";
    format!(
        "SELECT quotes.id, quotes.merchant_id, quotes.shop_id, quotes.account_id, quotes.stars, \
            quotes.agreement_ids, quotes.discounts_bp, quotes.account_daily_ceilings, \
            quotes.valid_until, quotes.used_at, \
            agreements.village_id, agreements.id AS id2, agreements.merchant_id AS merchant_id2, \
            agreements.from_day, agreements.until_day, agreements.categories, agreements.weekdays, \
            agreements.from_minute, agreements.until_minute, agreements.bearer, \
            agreements.discount_by_star, agreements.price_ceiling, \
            agreements.account_daily_ceiling AS ceiling2, agreements.merchant_daily_ceiling, \
            agreements.confirm_above, agreements.refund_days_max, agreements.made_by, \
            agreements.made_at, accounts.id AS id3, accounts.household_id, accounts.villager_id, \
            accounts.score, accounts.points, accounts.star_credit, accounts.version, \
            accounts.stars AS stars2, accounts.stars_cycle, merchants.name, merchants.closed_at, \
            merchants.paused_from, merchants.paused_until, merchants.paused_by, \
            EXISTS (SELECT 1 FROM role_grants WHERE role_grants.user_id = '{clerk}'::uuid \
                AND role_grants.ended_at IS NULL AND role_grants.begins_at <= now() \
                AND (role_grants.ends_at IS NULL OR role_grants.ends_at > now()) \
                AND role_grants.merchant_id = quotes.merchant_id AND (role_grants.shop_id IS NULL \
                    OR role_grants.shop_id = quotes.shop_id)) AS stands_there, \
            shops.id AS id4, shops.closed_at AS closed_at2, \
            by_account.discount AS spent1, by_merchant.discount AS spent2 \
            FROM quotes \
            JOIN agreements ON agreements.village_id = quotes.village_id \
                AND agreements.id = any(quotes.agreement_ids) \
            JOIN accounts ON accounts.village_id = quotes.village_id \
                AND accounts.id = quotes.account_id \
            JOIN merchants ON merchants.id = quotes.merchant_id \
            LEFT JOIN shops ON shops.id = quotes.shop_id \
            LEFT JOIN purchase_days AS by_account ON by_account.village_id = quotes.village_id \
                AND by_account.subject_id = quotes.account_id AND by_account.day = {day} \
            LEFT JOIN purchase_days AS by_merchant ON by_merchant.village_id = quotes.village_id \
                AND by_merchant.subject_id = agreements.id AND by_merchant.day = {day} \
            WHERE quotes.village_id = '{village}'::uuid AND quotes.id = {quote} \
                AND quotes.merchant_id = {merchant} \\gset\n\
         SELECT purchase_append({number}, '{clerk}'::uuid, ({quote})::text, \
            decode(repeat('ab', 32), 'hex'), '{answer}'::jsonb, '{village}'::uuid, {quote}, \
            :valid_until::timestamptz, :version::bigint, 1::smallint, \
            :merchant_daily_ceiling::bigint, {purchase}, 'other', 12850, 1028, NULL, 'credit_offset', :star_credit::bigint - 1028, 'completed', \
            {day}, now(), {entry}, 3::smallint, -1028, :star_credit::bigint - 1028, 3::smallint, \
            3::smallint, {audit}, 'merchant_clerk', 'purchase_made', '{message}'::jsonb, \
            array_fill({told}, ARRAY[20]));\n\
         \\set i :i + 1\n",
        village = data.demo.village,
        clerk = id(HOUSEHOLD, 0),
        quote = sql_id(QUOTE, number),
        merchant = sql_id(MERCHANT, ":client_id"),
        purchase = sql_id(PURCHASE, number),
        entry = sql_id(ENTRY, number),
        audit = sql_id(AUDIT, number),
        told = sql_id(MESSAGE, number),
    )
}

fn main() {
    as_server();
    let server = Server::start(prepare);
    let token = server.sign_in("merchant-clerk");
    let data = &server.data;
    let village = data.demo.village;
    let pgbench = PgBench::new(&data.cluster, data.database(), &script(data));
    let requests = |run: u64, each: u64| {
        let token = token.clone();
        move |till: usize, n: u64| {
            let (merchant, quote) =
                (id(MERCHANT, till as u64), id(QUOTE, first_quote(run, till as u64) + n));
            let body =
                format!(r#"{{"village_id":"{village}","quote_id":"{quote}","price_fen":12850}}"#);
            let request = format!(
                "POST /v1/merchants/{merchant}/purchases HTTP/1.1\r\nhost: x\r\n\
                 authorization: Bearer {token}\r\nidempotency-key: {quote}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            (n < each).then(|| request.into_bytes())
        }
    };
    let mut comparison = Comparison {
        name: "purchase with quote",
        unit: "purchases/s",
        against: "pgbench",
        to_reach: Some(0.5),
        ..Comparison::default()
    };
    let warm = QUOTES_A_SECOND;
    quotes(data, 1, warm);
    // Long enough, on most machines, for every household to have bought once.
    drive(server.address, CONNECTIONS, Duration::from_secs(10), "201", requests(1, warm));
    for round in 1..=ROUNDS as u64 {
        let (ours, limit) = (2 * round, 2 * round + 1);
        let each = QUOTES_A_SECOND * seconds();
        quotes(data, ours, each);
        let time = Duration::from_secs(seconds());
        let load = drive(server.address, CONNECTIONS, time, "201", requests(ours, each));
        assert_eq!(load.failed, 0);
        comparison.ours.push(load.rate);
        comparison.p99_ms.push(load.p99_ms);
        quotes(data, limit, each);
        let defines = [("run", limit.to_string()), ("i", "0".to_owned())];
        comparison.limit.push(pgbench.run(CONNECTIONS, seconds(), &defines));
    }
    comparison.memory_mb = Some(server.memory_mb());
    comparison.print();
}
