//! What is read often is read by its index: the statements that the program really sends are explained,
//! with so many rows that there is something to choose.

use std::sync::Mutex;

use diesel::connection::{
    Instrumentation, InstrumentationEvent, SimpleConnection, set_default_instrumentation,
};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use serde_json::json;
use testing::World;
use testing::reports::{HERE, report};

/// Statements about what is near and about the feed that were sent since somebody asked for it.
static SENT: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn keep(event: InstrumentationEvent<'_>) {
    let InstrumentationEvent::StartQuery { query, .. } = event else { return };
    let text = query.to_string();
    let [near, feed] = [r#""reports"."cell" = ANY"#, r#"ORDER BY "reports"."shown_at""#];
    if text.contains(near) || text.contains(feed) {
        let (statement, _) = text.split_once("-- binds").unwrap_or((&text, ""));
        SENT.lock().unwrap().push(statement.trim().to_owned());
    }
}

fn listener() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(keep))
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// How Postgres goes about a statement of the program, whatever the values.
fn plan(world: &World, statement: &str) -> String {
    let mut c = world.connect();
    let values = (1..20).take_while(|n| statement.contains(&format!("${n}"))).count();
    let nulls = vec!["NULL"; values].join(", ");
    c.batch_execute(&format!(
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; \
         PREPARE of_the_program AS {statement}"
    ))
    .unwrap();
    let explain = format!("EXPLAIN EXECUTE of_the_program({nulls})");
    let lines: Vec<Line> = diesel::sql_query(explain).load(&mut c).unwrap();
    lines.into_iter().map(|line| line.line + "\n").collect()
}

#[actix_web::test]
async fn what_is_near_and_the_feed_are_read_by_their_indexes() {
    set_default_instrumentation(listener).unwrap();
    let world = World::new().await;
    report(&world, "neighbour", "nuisance", json!({})).await;
    let more = |what: &str| {
        format!(
            "INSERT INTO reports SELECT (jsonb_populate_record(r, jsonb_build_object('id', \
             gen_random_uuid(), {what}))).* FROM reports r, generate_series(1, 3000) n \
             WHERE r.kind = 'nuisance' AND r.cell = (SELECT min(cell) FROM reports)"
        )
    };
    let shown = "'kind', 'good_deed', 'standing', 'public', 'state', 'accepted', 'shown_at', \
        r.submitted_at + n * interval '1 second'";
    let mut c = world.connect();
    c.batch_execute(&more("'cell', r.cell + n")).unwrap();
    c.batch_execute(&more(shown)).unwrap();
    c.batch_execute("ANALYZE reports").unwrap();
    SENT.lock().unwrap().clear();
    let villager = world.sign_in("villager").await;
    let near = format!(
        "reports/nearby?kind=nuisance&category=garbage&latitude_e6={}&longitude_e6={}",
        HERE.0, HERE.1
    );
    villager.get(&world.village(&near)).await.expect(200);
    let first = villager.get(&world.village("good-deeds?limit=20")).await.expect(200);
    let after = first["next_cursor"].as_str().expect("another page");
    villager.get(&world.village(&format!("good-deeds?limit=20&cursor={after}"))).await.expect(200);
    let sent = SENT.lock().unwrap().clone();
    let of = |what: &str| {
        let mut found: Vec<_> = sent.iter().filter(|one| one.contains(what)).cloned().collect();
        found.sort();
        found.dedup();
        found
    };
    let (near, feed) = (of(r#""reports"."cell""#), of("ORDER BY \"reports\".\"shown_at\""));
    assert_eq!((near.len(), feed.len()), (1, 2), "{sent:?}");
    for (statements, index) in [(near, "reports_near"), (feed, "reports_shown")] {
        for statement in statements {
            let plan = plan(&world, &statement);
            assert!(
                plan.contains(&format!("using {index}")) || plan.contains(&format!("on {index}")),
                "{statement}\n{plan}"
            );
        }
    }
}
