//! Reading a household's balance and stars, with authentication, against pgbench with the same
//! statement: `cargo bench --bench balance`.

use std::time::Duration;

use bench::{CONNECTIONS, Comparison, PgBench, ROUNDS, Server, as_server, drive, seconds};

/// How many households the village has.
const HOUSEHOLDS: u64 = 10_000;

fn main() {
    as_server();
    let server = Server::start(|data| {
        let sql = format!(
            "INSERT INTO households (village_id, id, number, recorded_at)
                SELECT '{v}', lpad(to_hex(n), 32, '0')::uuid, 'B' || n, now()
                FROM generate_series(1, {HOUSEHOLDS}) n;
             INSERT INTO accounts (village_id, id, household_id, points, star_credit, stars, alias)
                SELECT village_id, id, id, 1250, 160000, 4, decode(md5(number), 'hex')
                FROM households WHERE number LIKE 'B%';
             ANALYZE;",
            v = data.demo.village
        );
        data.run(&sql);
    });
    let token = server.sign_in("village-admin");
    let village = server.data.demo.village;
    let head = format!("HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
    let pgbench = PgBench::new(
        &server.data.cluster,
        server.data.database(),
        &format!(
            "\\set n random(1, {HOUSEHOLDS})\n\
             SELECT id, household_id, villager_id, score, points, star_credit, version, stars, \
             stars_cycle FROM accounts WHERE village_id = '{village}'::uuid \
             AND household_id = lpad(to_hex(:n::int), 32, '0')::uuid ORDER BY id;\n"
        ),
    );
    let mut comparison = Comparison {
        name: "balance and stars of a household",
        unit: "requests/s",
        against: "pgbench",
        to_reach: Some(0.35),
        ..Comparison::default()
    };
    let request = move |connection: usize, n: u64| {
        // A different household each time, without a random number in the loop.
        let n = (n * 7919 + connection as u64 * 104_729) % HOUSEHOLDS + 1;
        let household = uuid::Uuid::from_u128(u128::from(n));
        Some(
            format!("GET /v1/villages/{village}/households/{household}/balance {head}")
                .into_bytes(),
        )
    };
    drive(server.address, CONNECTIONS, Duration::from_secs(1), "200", request.clone());
    for _ in 0..ROUNDS {
        let time = Duration::from_secs(seconds());
        let load = drive(server.address, CONNECTIONS, time, "200", request.clone());
        assert_eq!(load.failed, 0);
        comparison.ours.push(load.rate);
        comparison.p99_ms.push(load.p99_ms);
        comparison.limit.push(pgbench.run(CONNECTIONS, seconds(), &[]));
    }
    comparison.memory_mb = Some(server.memory_mb());
    comparison.print();
}
