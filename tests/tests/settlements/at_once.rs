//! What happens while a month is being closed: others count it once, and one that fails keeps nobody.

use diesel::connection::SimpleConnection;
use infra::worker::{self, Ticked};
use serde_json::json;
use testing::World;
use testing::notices::{db_count, db_run, tick};
use testing::settlements::Months;
use testing::shops::{Till, assert_conserved, text};

/// A round that may fail.
async fn round(world: &World) -> Ticked {
    let (db, now) = (world.db.clone(), world.clock.now());
    actix_web::web::block(move || worker::tick(&db, now)).await.expect("a thread")
}

#[actix_web::test]
async fn a_village_that_cannot_be_closed_or_looked_through_keeps_no_other_waiting() {
    let months = Months::begin().await;
    tick(&months.world).await;
    let world = &months.world;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    let (village, other) = (world.demo.village, world.demo.other_village);
    // Values that this version cannot read.
    db_run(world, "UPDATE purchases SET bearer = 'barter'".into()).await;
    let lines = format!(
        "INSERT INTO signal_lines (village_id, lines, set_by, set_at) \
         VALUES ('{village}', '\"unreadable\"', gen_random_uuid(), now())"
    );
    db_run(world, lines).await;
    let behind = |village| {
        format!(
            "SELECT count(*) FROM settlement_calendars WHERE village_id = '{village}' \
             AND (close_due_at <= '{now}' OR look_due_at <= '{now}')",
            now = world.clock.now().to_rfc3339()
        )
        .leak()
    };
    let ticked = round(world).await;
    let failed: Vec<&str> = ticked.failures.iter().map(|(what, _)| *what).collect();
    assert_eq!(failed, ["close months", "look through purchases"], "{:?}", ticked.failures);
    assert_eq!(db_count(world, behind(other)).await, 0);
    assert_eq!(db_count(world, behind(village)).await, 1);
    db_run(world, "UPDATE purchases SET bearer = 'credit_offset'".into()).await;
    db_run(world, "DELETE FROM signal_lines".into()).await;
    assert_eq!(tick(world).await.statements, 1);
    assert_eq!(db_count(world, behind(village)).await, 0);
}

#[actix_web::test]
async fn what_is_reckoned_anew_waits_for_a_close_that_goes_on_from_it() {
    let months = Months::begin().await;
    let world = &months.world;
    months.go_to(months.day(28), 10);
    let bought = months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(world).await;
    months.refund(&bought).await;
    months.go_to_close(months.next());
    tick(world).await;
    let second = months.statement(months.next()).await;
    let third = domain::calendar::CycleKind::Month.holding(months.next().next_first_day());
    let id = text(&bought["purchase_id"]);
    months.db_tamper(&format!("UPDATE purchases SET discount = 1000 WHERE id = '{id}'"));
    // Somebody is closing the next month, and has read what this one carries on.
    let mut closing = world.connect();
    closing
        .batch_execute("BEGIN; SELECT * FROM settlement_calendars FOR UPDATE")
        .expect("the calendars");
    let admin = world.sign_in("village-admin").await;
    let path = months.of(&second, "/reckonings");
    let reckoned = tokio::spawn(async move { admin.post(&path, json!({})).await });
    months.until_waiting().await;
    let made = format!(
        "INSERT INTO settlements SELECT (s).* FROM (SELECT jsonb_populate_record(s, \
            jsonb_build_object('id', gen_random_uuid(), 'month', '{third}')) AS s \
            FROM settlements AS s WHERE id = '{}') AS one; COMMIT",
        text(&second["settlement_id"])
    );
    closing.batch_execute(&made).expect("the next month");
    reckoned.await.expect("an answer").expect_problem(409, "settlement_followed");
}

#[actix_web::test]
async fn a_month_that_is_being_closed_counts_once_in_what_the_fund_owes() {
    let months = Months::begin().await;
    let world = &months.world;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    months.fund_account(5_000).await;
    let mut closing = world.connect();
    closing
        .batch_execute("BEGIN; LOCK TABLE settlements IN ACCESS EXCLUSIVE MODE")
        .expect("the statements");
    let admin = world.sign_in("village-admin").await;
    let path = world.village("fund/statements");
    let body = json!({"period": months.month.to_string()});
    let drawn = tokio::spawn(async move { admin.post(&path, body).await });
    // It has read how far the village has come, and waits for the statements.
    months.until_waiting().await;
    let made = format!(
        "INSERT INTO settlements SELECT (s).* FROM (SELECT jsonb_populate_record( \
            NULL::settlements, (SELECT jsonb_object_agg(column_name, 0) \
                FROM information_schema.columns WHERE table_name = 'settlements' \
                AND is_nullable = 'NO' AND data_type IN ('bigint', 'integer')) \
            || jsonb_build_object('village_id', '{}', 'id', gen_random_uuid(), \
                'party', 'merchant', 'party_id', '{}', 'month', '{}', 'state', 'open', \
                'dispute', 'none', 'made_at', now(), 'sales_owed', 1028, 'sales_ledger', 1028, \
                'net', 1028, 'due', 1028)) AS s) AS o; \
         UPDATE settlement_calendars SET open_from = '{}', \
            close_due_at = close_due_at + interval '40 days' WHERE village_id = '{}'; COMMIT",
        world.demo.village,
        world.demo.merchant,
        months.month,
        domain::calendar::start_of(months.next().first_day()).to_rfc3339(),
        world.demo.village,
    );
    closing.batch_execute(&made).expect("closed");
    let drawn = drawn.await.expect("an answer").expect(201);
    let owed = "SELECT coalesce(sum(due), 0)::bigint AS count FROM settlements";
    assert_eq!(db_count(world, owed).await, 1_028);
    let credit = "SELECT sum(star_credit)::bigint AS count FROM accounts WHERE village_id = \
        (SELECT village_id FROM settlements)";
    let credit = db_count(world, credit).await;
    assert_eq!(drawn["statement"]["owed_fen"], credit + 1_028, "{drawn:#}");
}

#[actix_web::test]
async fn a_month_is_closed_while_tills_write() {
    let months = Months::begin().await;
    let world = &months.world;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    let till = Till::open(world).await;
    let villager = world.sign_in("neighbour").await;
    let mut quotes = Vec::new();
    for _ in 0..8 {
        quotes.push(till.quote(&villager).await);
    }
    let sales = quotes.into_iter().map(|quote| {
        let till = till.clone();
        async move { till.sell(&quote, 2_500).await }
    });
    let (sold, rounds) = futures_util::future::join(
        testing::shops::at_once(sales.collect::<Vec<_>>()),
        futures_util::future::join_all((0..3).map(|_| tick(world))),
    )
    .await;
    for answer in sold {
        answer.expect(201);
    }
    let mut made: usize = rounds.iter().map(|ticked| ticked.statements).sum();
    made += tick(world).await.statements;
    assert_eq!(made, 1);
    assert_eq!(months.statement(months.month).await["due_fen"], 1_028);
    let admin = world.sign_in("village-admin").await;
    for month in [months.month, months.next()] {
        let path = world.village(&format!("settlements/check?month={month}"));
        assert_eq!(admin.get(&path).await.expect(200)["agrees"], true, "{month}");
    }
    // 4 % of 25 yuan, eight times.
    assert_eq!(months.unpaid(), 1_028 + 8 * 100);
    months.go_to_close(months.next());
    tick(world).await;
    assert_eq!(months.statement(months.next()).await["due_fen"], 800);
    assert_conserved(world);
}
