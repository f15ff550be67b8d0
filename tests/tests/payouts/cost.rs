//! What is read while every account of the village is locked is read by an index.

use std::time::Duration;

use actix_web::rt::time::sleep;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use testing::World;
use testing::payouts::{dividend_in, earned};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// The statement of the program that waits for the table of entries.
async fn waiting(world: &World) -> String {
    let mut c = world.connect();
    for _ in 0..200 {
        let found: Vec<Line> = diesel::sql_query(
            "SELECT query AS line FROM pg_stat_activity WHERE datname = current_database() \
             AND wait_event_type = 'Lock' AND query LIKE '%sum_exact%'",
        )
        .load(&mut c)
        .expect("a look");
        if let Some(found) = found.into_iter().next() {
            return found.line;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing waits");
}

#[actix_web::test]
async fn what_was_earned_is_summed_by_the_index_of_the_score() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3)]).await;
    let mut c = world.connect();
    c.batch_execute(
        "INSERT INTO entries SELECT (jsonb_populate_record(e, jsonb_build_object('id', \
             gen_random_uuid(), 'source_id', gen_random_uuid(), 'account_version', 1000 + n, \
             'happened_on', e.happened_on - n, 'counts_until', e.counts_until + n % 7))).* \
         FROM entries e, generate_series(1, 3000) n WHERE e.purse = 1; ANALYZE entries",
    )
    .expect("more entries");
    let mut holder = world.connect();
    holder.batch_execute("BEGIN; LOCK TABLE entries IN ACCESS EXCLUSIVE MODE").expect("a lock");
    let (admin, path) = (world.sign_in("village-admin").await, world.village("dividends"));
    let draft = actix_web::rt::spawn(async move { admin.post(&path, dividend_in(day, 400)).await });
    let statement = waiting(&world).await;
    holder.batch_execute("ROLLBACK").expect("the lock goes");
    draft.await.expect("an answer").expect(201);

    assert!(statement.contains("GROUP BY"), "cut off: {statement}");
    let values = (1..20).take_while(|n| statement.contains(&format!("${n}"))).count();
    let nulls = vec!["NULL"; values].join(", ");
    c.batch_execute(&format!(
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; \
         PREPARE of_the_program AS {statement}"
    ))
    .expect("a statement");
    let plan: Vec<Plan> = diesel::sql_query(format!("EXPLAIN EXECUTE of_the_program({nulls})"))
        .load(&mut c)
        .expect("a plan");
    let plan: String = plan.into_iter().map(|line| line.line + "\n").collect();
    assert!(plan.contains("entries_counting"), "{statement}\n{plan}");
}
