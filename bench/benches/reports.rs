//! The public feed and what was reported nearby, in a village with a million reports, against pgbench
//! with the same statements: `cargo bench --bench reports`.

use std::time::Duration;

use bench::{CONNECTIONS, Comparison, PgBench, ROUNDS, Server, as_server, drive, reports, seconds};

/// How many places are asked about, one after the other.
const PLACES: u64 = 50_000;

/// A place of the square in which the reports lie.
fn place(n: u64) -> (u64, u64) {
    (26_500_000 + n * 7919 % 54_000, 104_700_000 + n * 104_729 % 60_000)
}

fn main() {
    as_server();
    let now = api::clock::Clock::default().now();
    let server = Server::start(|data| reports::generate(data, now));
    let token = server.sign_in("villager");
    let village = server.data.demo.village;
    let head = format!("HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
    let script = |text: &str| PgBench::new(&server.data.cluster, server.data.database(), text);

    // The three statements of a page of the feed. What the first finds is put into one row, since only
    // so can the ids go into the others.
    let feed = script(&format!(
        "SELECT array_agg(id)::text AS ids, array_agg(category_name)::text AS a, \
             array_agg(place)::text AS b, array_agg(text)::text AS c, \
             array_agg(submitted_at)::text AS d, array_agg(shown_at)::text AS e \
             FROM (SELECT id, category_name, place, text, submitted_at, shown_at FROM reports \
             WHERE village_id = '{village}' AND shown_at IS NOT NULL \
             ORDER BY shown_at DESC, id DESC LIMIT 21) t \\gset\n\
         SELECT owner_id, id, width, height, bytes, sha256, thumbnail_sha256 FROM photos \
             WHERE village_id = '{village}' AND owner_id = ANY (:ids::uuid[]) ORDER BY id;\n\
         SELECT report_id, part, name, born_on FROM report_parties JOIN villagers \
             ON villagers.village_id = report_parties.village_id AND villagers.id = villager_id \
             WHERE report_parties.village_id = '{village}' AND report_id = ANY (:ids::uuid[]);\n"
    ));
    let page = format!("GET /v1/villages/{village}/good-deeds {head}").into_bytes();
    let mut comparison = Comparison {
        name: "a page of the public feed",
        unit: "requests/s",
        against: "pgbench",
        to_reach: Some(0.3),
        ..Comparison::default()
    };
    measure(&server, &mut comparison, &feed, move |_, _| Some(page.clone()));

    let near = script(&format!(
        "\\set n random(0, {PLACES})\n\
         \\set lat 26500000 + :n * 7919 % 54000\n\
         \\set lng 104700000 + :n * 104729 % 60000\n\
         \\set m (:lat / 600) * 1000000 + :lng / 800\n\
         SELECT datum, latitude_e6, longitude_e6, category_name, state, submitted_at FROM reports \
             WHERE village_id = '{village}' AND kind = 'nuisance' AND category = 'garbage' \
             AND cell = ANY (ARRAY[:m::bigint - 1000001, :m::bigint - 1000000, :m::bigint - 999999, \
                 :m::bigint - 1, :m::bigint, :m::bigint + 1, \
                 :m::bigint + 999999, :m::bigint + 1000000, :m::bigint + 1000001]) \
             AND submitted_at >= now() - interval '14 days' ORDER BY submitted_at DESC LIMIT 200;\n"
    ));
    let mut comparison = Comparison {
        name: "what was reported nearby",
        unit: "requests/s",
        against: "pgbench",
        to_reach: Some(0.3),
        ..Comparison::default()
    };
    measure(&server, &mut comparison, &near, move |connection, n| {
        let (lat, lng) = place((n * 7 + connection as u64 * 104_729) % PLACES);
        Some(
            format!(
                "GET /v1/villages/{village}/reports/nearby?kind=nuisance&category=garbage\
                 &latitude_e6={lat}&longitude_e6={lng} {head}"
            )
            .into_bytes(),
        )
    });
}

/// Ours and pgbench in turn.
fn measure(
    server: &Server,
    comparison: &mut Comparison,
    limit: &PgBench,
    request: impl Fn(usize, u64) -> Option<Vec<u8>> + Clone + Send + Sync + 'static,
) {
    drive(server.address, CONNECTIONS, Duration::from_secs(1), "200", request.clone());
    for _ in 0..ROUNDS {
        let time = Duration::from_secs(seconds());
        let load = drive(server.address, CONNECTIONS, time, "200", request.clone());
        assert_eq!(load.failed, 0);
        comparison.ours.push(load.rate);
        comparison.p99_ms.push(load.p99_ms);
        comparison.limit.push(limit.run(CONNECTIONS, seconds(), &[]));
    }
    comparison.memory_mb = Some(server.memory_mb());
    comparison.print();
}
