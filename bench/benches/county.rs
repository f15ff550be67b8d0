//! Settling a county, against one SQL statement that sums the same entries by account; then the same
//! with the settler killed again and again, and with people reading balances meanwhile:
//! `cargo bench -p xiangyue-bench --bench county`.
//!
//! `COUNTY_SIZES` (`0.1,1`) are the sizes, 1 being Qingcheng's; `COUNTY_ROUNDS` (5) the rounds of each,
//! `COUNTY_SEED` (361) the seed, `COUNTY_PARTS` (`rounds,kills,reads`) what is done. `COUNTY_PROFILE=1`
//! prints where Postgres spent its time in the last round of each size. `COUNTY_SHARED_BUFFERS` (`4GB`)
//! and `COUNTY_MAX_WAL_SIZE` (`16GB`) set what Postgres has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use bench::county::{CYCLE, Report, Settler, Size, as_settler, digest, generate, open};
use bench::{CONNECTIONS, Comparison, ROUNDS, Server, as_server, drive_paced, seconds};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Double, Text, Uuid as SqlUuid};
use infra::db::Db;
use infra::embedded::{Cluster, Options};
use serde_json::json;
use uuid::Uuid;

/// The database as it was generated; nobody is connected to it.
const GENERATED: &str = "county";
/// A copy of it, which is settled.
const SETTLED: &str = "settled";
/// The limit.
const SUM: &str = "SELECT account_id, sum(amount)::bigint AS sum FROM entries WHERE purse = 1 GROUP BY account_id";

fn setting(name: &str, default: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| default.to_owned())
}

fn is_profiled() -> bool {
    std::env::var_os("COUNTY_PROFILE").is_some()
}

fn seed() -> u32 {
    setting("COUNTY_SEED", "361").parse().expect("COUNTY_SEED is a number")
}

/// A cluster with full durability, and a generated county of that size in it.
fn county(size: Size) -> Cluster {
    let mut options = Options::default();
    // As in production: a quarter of the memory, and no checkpoint in the middle of the work because
    // the log has grown by a gigabyte. Of a county ten times as large nothing else would be measured.
    for (name, default) in [("shared_buffers", "4GB"), ("max_wal_size", "16GB")] {
        let variable = format!("COUNTY_{}", name.to_uppercase());
        options.settings.push((name.to_owned(), setting(&variable, default)));
    }
    if is_profiled() {
        let library = "shared_preload_libraries";
        options.settings.push((library.to_owned(), "pg_stat_statements".to_owned()));
    }
    let cluster = Cluster::start_disposable(&options).expect("a private Postgres");
    cluster.create_database(GENERATED).unwrap();
    let began = Instant::now();
    let db = open(&cluster.url(GENERATED), 1);
    db.migrate().unwrap();
    generate(&db, size, seed());
    println!(
        "size {}: {} villages, {} households, {} people, {} entries, generated in {:.0} s",
        size.name(),
        size.villages(),
        size.households(),
        size.people(),
        size.entries(),
        began.elapsed().as_secs_f64()
    );
    cluster
}

/// Makes an unsettled copy, in place of the one before. By copying files: not through the log.
fn copy(cluster: &Cluster) -> Db {
    cluster.drop_database(SETTLED).unwrap();
    let mut connection = PgConnection::establish(&cluster.url("postgres")).unwrap();
    let copy = format!("CREATE DATABASE {SETTLED} TEMPLATE {GENERATED} STRATEGY file_copy");
    diesel::sql_query(copy).execute(&mut connection).unwrap();
    open(&cluster.url(SETTLED), 1)
}

#[derive(QueryableByName)]
#[expect(dead_code, reason = "all that is asked for is read")]
struct Sum {
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
    #[diesel(sql_type = BigInt)]
    sum: i64,
}

/// How long the limit takes, in milliseconds.
fn limit(db: &Db) -> f64 {
    let began = Instant::now();
    let sums: Vec<Sum> = db.read(|c| Ok(diesel::sql_query(SUM).load(c)?)).unwrap();
    assert!(!sums.is_empty());
    began.elapsed().as_secs_f64() * 1000.0
}

/// That every village is settled and every balance is what its entries add up to.
fn check(db: &Db, size: Size) {
    let settled = count(db, "SELECT count(*) FROM ratings WHERE state = 'effective'");
    assert_eq!(settled, i64::from(size.villages()));
    let lines = count(db, "SELECT count(*) FROM rating_lines WHERE state = 'effective'");
    assert_eq!(lines, i64::from(size.households()));
    let granted = count(
        db,
        "SELECT count(*) FROM rating_lines l LEFT JOIN entries e ON e.village_id = l.village_id \
             AND e.account_id = l.account_id AND e.source_id = l.rating_id AND e.purse = 3 \
         WHERE coalesce(e.amount, 0) <> l.stars * 40000",
    );
    assert_eq!(granted, 0, "lines with another star credit than their star brings");
    let sums = count(
        db,
        "SELECT count(*) FROM rating_lines l JOIN (SELECT account_id, sum(amount) AS sum \
             FROM entries WHERE purse = 1 GROUP BY account_id) e ON e.account_id = l.account_id \
         WHERE e.sum <> l.score",
    );
    assert_eq!(sums, 0, "lines with another score than their entries add up to");
    for village in ids(db, "SELECT id FROM divisions WHERE level = 'village' LIMIT 5") {
        assert!(db.check_ledger(village.into()).unwrap().conserved());
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(db: &Db, query: &str) -> i64 {
    db.read(|c| Ok(diesel::sql_query(query).get_result::<Counted>(c)?)).unwrap().count
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

fn ids(db: &Db, query: &str) -> Vec<Uuid> {
    let ids: Vec<Id> = db.read(|c| Ok(diesel::sql_query(query).load(c)?)).unwrap();
    ids.into_iter().map(|row| row.id).collect()
}

fn middle(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = figures.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Settles so many fresh copies, in turn with the limit on the same copy.
fn rounds(size: Size, rounds: usize) {
    let cluster = county(size);
    let mut comparison = Comparison {
        name: "settling a county",
        unit: "ms",
        against: "one statement",
        to_reach: Some(10.0),
        ..Comparison::default()
    };
    let mut reports: Vec<Report> = Vec::new();
    for round in 0..rounds {
        let db = copy(&cluster);
        // The copy is on no page of memory yet; in production the year's entries are.
        limit(&db);
        if is_profiled() && round + 1 == rounds {
            let extension = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements";
            db.read(|c| Ok(diesel::sql_query(extension).execute(c)?)).unwrap();
            count(&db, "SELECT count(*) FROM (SELECT pg_stat_statements_reset()) AS r");
        }
        let report = Settler::start(&cluster.url(SETTLED)).wait();
        if is_profiled() && round + 1 == rounds {
            profile(&db);
        }
        comparison.ours.push(report.ms());
        comparison.limit.push(limit(&db));
        reports.push(report);
        check(&db, size);
    }
    comparison.print();
    let opening = middle(reports.iter().map(|r| r.opening_ms));
    let closing = middle(reports.iter().map(|r| r.closing_ms));
    let memory = reports.iter().map(|r| r.memory_mb).fold(0.0, f64::max);
    let entries = f64::from(size.entries());
    let each = 1000.0 * middle(comparison.ours.iter().copied()) / entries;
    println!(
        "size {}: opening {opening:.0} ms, closing {closing:.0} ms, {each:.2} µs an entry, \
         memory at most {memory:.1} MB",
        size.name()
    );
    println!(
        "{}",
        json!({
            "name": "settling a county", "size": size.name(), "opening_ms": opening,
            "closing_ms": closing, "us_per_entry": each, "memory_mb": memory,
        })
    );
}

#[derive(QueryableByName)]
struct Spent {
    #[diesel(sql_type = Double)]
    ms: f64,
    #[diesel(sql_type = BigInt)]
    calls: i64,
    #[diesel(sql_type = Text)]
    query: String,
}

/// Where Postgres spent its time since the statistics were reset.
fn profile(db: &Db) {
    let spent: Vec<Spent> = db
        .read(|c| {
            Ok(diesel::sql_query(
                "SELECT total_exec_time + total_plan_time AS ms, calls, \
                     left(regexp_replace(query, '\\s+', ' ', 'g'), 150) AS query \
                 FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 30",
            )
            .load(c)?)
        })
        .unwrap();
    for one in spent {
        println!("{:>9.1} ms {:>6} x {}", one.ms, one.calls, one.query);
    }
}

/// Settles the same county undisturbed and with the settler killed at many points, and compares what
/// it came to.
fn kills(size: Size) {
    let cluster = county(size);
    let began = Instant::now();
    let db = copy(&cluster);
    let whole = Settler::start(&cluster.url(SETTLED)).wait();
    let undisturbed = digest(&db);
    check(&db, size);
    drop(db);
    let mut killed = 0;
    for pass in 0..4_u32 {
        let db = copy(&cluster);
        // Times from a tenth of the settlement on, different in each pass: no point is spared.
        let mut time = Duration::from_secs_f64(whole.ms() / 1000.0 / f64::from(20 - 3 * pass));
        while Settler::start(&cluster.url(SETTLED)).kill_after(time) {
            killed += 1;
            time += time / (7 + pass);
        }
        Settler::start(&cluster.url(SETTLED)).wait();
        assert_eq!(digest(&db), undisturbed, "killed again and again, it came to something else");
        check(&db, size);
    }
    println!(
        "\nkilled {killed} times in 4 settlements of size {}: the same {} checksums as undisturbed \
         ({:.0} s)",
        size.name(),
        undisturbed.len(),
        began.elapsed().as_secs_f64()
    );
    println!("{}", json!({"name": "killed", "times": killed, "same": true}));
}

/// Reads of balances through the server, at rest and while the county is settled.
fn reads(size: Size) {
    let server = Server::start(|data| {
        generate(&data.db, size, seed());
        data.run(
            "INSERT INTO role_grants (id, role, division_id, user_id, begins_at, reason, granted_at)
             SELECT gen_random_uuid(), 'village_admin', d.id, u.id, now() - interval '1 day',
                'bench', now()
             FROM divisions d, users u
             WHERE d.code = '621021' AND u.openid = 'demo-openid-village-admin'",
        );
    });
    let db = &server.data.db;
    let villages = ids(db, "SELECT village_id AS id FROM accounts ORDER BY alias LIMIT 5000");
    let households = ids(db, "SELECT household_id AS id FROM accounts ORDER BY alias LIMIT 5000");
    let homes: Vec<_> = villages.into_iter().zip(households).collect();
    let token = server.sign_in("village-admin");
    let head = format!("HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
    let address = server.address;
    let read = move |connection: usize, n: u64| {
        let (village, household) = homes[(n as usize * 7919 + connection * 131) % homes.len()];
        format!("GET /v1/villages/{village}/households/{household}/balance {head}").into_bytes()
    };
    // 640 a second.
    let every = Duration::from_millis(100);
    let drive = |time, over: Arc<AtomicBool>| {
        let read = read.clone();
        let next = move |connection, n| (!over.load(Relaxed)).then(|| read(connection, n));
        let load = drive_paced(address, CONNECTIONS, time, every, "200", next);
        assert_eq!(load.failed, 0);
        load
    };
    let over = Arc::new(AtomicBool::new(false));
    drive(Duration::from_secs(1), Arc::clone(&over));
    let rest = drive(Duration::from_secs(seconds()), Arc::clone(&over));
    let url = server.data.cluster.url(server.data.database());
    let settling = std::thread::spawn({
        let over = Arc::clone(&over);
        move || {
            let report = Settler::start(&url).wait();
            over.store(true, Relaxed);
            report
        }
    });
    let during = drive(Duration::from_secs(3600), over);
    let report = settling.join().unwrap();
    check(db, size);
    println!(
        "\nreads of balances, {:.0} a second: 99 of 100 within {:.1} ms at rest; {:.0} a second within \
         {:.1} ms while a county of size {} is settled in {:.0} ms; memory of the server {:.1} MB",
        rest.rate,
        rest.p99_ms,
        during.rate,
        during.p99_ms,
        size.name(),
        report.ms(),
        server.memory_mb(),
    );
    println!(
        "{}",
        json!({
            "name": "reads while settling", "rest_p99_ms": rest.p99_ms, "p99_ms": during.p99_ms,
            "settling_ms": report.ms(), "cycle": CYCLE,
        })
    );
}

fn main() {
    as_server();
    as_settler();
    let parts = setting("COUNTY_PARTS", "rounds,kills,reads");
    let count = setting("COUNTY_ROUNDS", "").parse().unwrap_or(ROUNDS);
    let sizes: Vec<Size> = setting("COUNTY_SIZES", "0.1,1")
        .split(',')
        .map(|name| Size::from_name(name).expect("COUNTY_SIZES are 0.1, 1 or 10"))
        .collect();
    for part in parts.split(',') {
        match part {
            "rounds" => sizes.iter().for_each(|size| rounds(*size, count)),
            "kills" => kills(Size(1)),
            "reads" => reads(Size(10)),
            other => panic!("COUNTY_PARTS has no part {other}"),
        }
    }
}
