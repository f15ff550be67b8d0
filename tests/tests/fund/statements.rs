//! The statement of the fund: drawn up from its book, put up by a second person, open to objection.

use chrono::Datelike;
use serde_json::{Value, json};
use testing::claims::today;
use testing::fund::{CHECKER, MAKER, account, book};
use testing::notices::{close, db_count, db_messages, db_run};
use testing::{Answer, World};

const EVERYTHING: &str = "fund/statements";

/// A world with a month in the past in which the fund moved: a donation, an appropriation, a payment and
/// a transfer. Answers the month.
async fn moved() -> (World, String) {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let cash = account(&world, "现金").await;
    book(&world, &fund, json!({})).await;
    let more = json!({"kind": "appropriation", "party": "龙场乡财政所", "amount_fen": 500_000,
        "party_shown": "named", "purpose": "乡村治理补助"});
    book(&world, &fund, more).await;
    let more = json!({"kind": "payment", "party": "亿家人超市", "amount_fen": 120_000,
        "party_shown": "named", "purpose": "积分超市进货"});
    book(&world, &fund, more).await;
    book(&world, &fund, json!({"kind": "transfer", "amount_fen": 50, "to_account_id": cash})).await;
    let day = today(&world);
    let month = format!("{:04}-{:02}", day.year(), day.month());
    world.clock.advance(31 * 24 * 3600);
    (world, month)
}

async fn draw(world: &World, period: &str) -> Answer {
    let body = json!({"period": period});
    world.sign_in(MAKER).await.post(&world.village(EVERYTHING), body).await
}

async fn publish(world: &World, key: &str, id: &str) -> Answer {
    let path = world.village(&format!("{EVERYTHING}/{id}/publication"));
    world.sign_in(key).await.post(&path, json!({"days": 7})).await
}

fn id(value: &Value) -> String {
    value.as_str().expect("an id").to_owned()
}

async fn show(world: &World, key: &str, statement: &str) -> Answer {
    let path = world.village(&format!("{EVERYTHING}/{statement}"));
    world.sign_in(key).await.get(&path).await
}

#[actix_web::test]
async fn a_month_is_stated_line_by_line_and_adds_up() {
    let (world, month) = moved().await;
    let drawn = draw(&world, &month).await.expect(201);
    let statement = &drawn["statement"];
    assert_eq!(
        (&statement["opening_fen"], &statement["closing_fen"]),
        (&json!(0), &json!(480_000))
    );
    assert_eq!(statement["came_in_fen"], json!({"appropriation": 500_000, "donation": 100_000}));
    assert_eq!(statement["went_out_fen"], json!({"payment": 120_000}));
    let lines = drawn["lines"].as_array().unwrap();
    let told: Vec<_> = lines.iter().map(|line| (&line["party"], &line["amount_fen"])).collect();
    let (donor, office, shop) = (json!("李*国"), json!("龙场乡财政所"), json!("亿家人超市"));
    let amounts = [100_000, 500_000, -120_000].map(|fen| json!(fen));
    let expected = [(&donor, &amounts[0]), (&office, &amounts[1]), (&shop, &amounts[2])];
    assert_eq!(told, expected);
    draw(&world, &month).await.expect_problem(409, "fund_statement_exists");
}

#[actix_web::test]
async fn a_statement_hangs_by_a_second_person_and_stands_when_nobody_objects() {
    let (world, month) = moved().await;
    let drawn = draw(&world, &month).await.expect(201);
    let statement = id(&drawn["statement"]["id"]);
    // Nobody sees it before it hangs but those who run the fund.
    show(&world, "villager", &statement).await.expect_problem(404, "not_found");
    show(&world, CHECKER, &statement).await.expect(200);
    publish(&world, MAKER, &statement).await.expect_problem(403, "checker_is_maker");
    let hung = publish(&world, CHECKER, &statement).await.expect(201);
    assert_eq!(hung["state"], "on_notice");
    publish(&world, CHECKER, &statement).await.expect_problem(409, "fund_statement_state");

    let notice = id(&hung["notice_id"]);
    let villager = world.sign_in("villager").await;
    let board = villager.get(&world.village(&format!("notices/{notice}"))).await.expect(200);
    assert_eq!((&board["kind"], &board["lines"]), (&json!("fund_statement"), &json!(1)));
    let lines = villager.get(&world.village(&format!("notices/{notice}/lines"))).await.expect(200);
    assert_eq!(lines["items"][0]["kind"], "fund_statement");
    assert_eq!(lines["items"][0]["closing_fen"], 480_000);
    close(&world, &notice).await;
    let shown = show(&world, "villager", &statement).await.expect(200);
    assert_eq!(shown["statement"]["state"], "published");
    let list = villager.get(&world.village(EVERYTHING)).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_objection_keeps_a_statement_waiting_and_others_answer_it() {
    let (world, month) = moved().await;
    let drawn = draw(&world, &month).await.expect(201);
    let statement = id(&drawn["statement"]["id"]);
    let hung = publish(&world, CHECKER, &statement).await.expect(201);
    let notice = id(&hung["notice_id"]);
    let path = world.village(&format!("notices/{notice}/objections"));
    let neighbour = world.sign_in("neighbour").await;
    let elsewhere = json!({"fund_statement_id": uuid::Uuid::now_v7(), "text": "不对。"});
    neighbour.post(&path, elsewhere).await.expect_problem(404, "not_found");
    let body = json!({"fund_statement_id": statement, "text": "进货款比市价高。"});
    let raised = neighbour.post(&path, body.clone()).await.expect(201);
    neighbour.post(&path, body).await.expect_problem(409, "objection_open");
    let told = db_messages(&world, "village-admin", "objection_raised").await;
    assert_eq!((told.len(), &told[0]["fund_statement_id"]), (1, &json!(statement)));
    close(&world, &notice).await;
    let waiting = show(&world, "villager", &statement).await.expect(200);
    assert_eq!(waiting["statement"]["state"], "disputed");

    let answers = world.village(&format!("objections/{}/answers", id(&raised["id"])));
    let upheld = json!({"outcome": "upheld", "text": "三家询价,附比价单。"});
    for decided in [MAKER, CHECKER] {
        let own = world.sign_in(decided).await.post(&answers, upheld.clone()).await;
        assert_eq!(own.status, 403, "{decided}: {}", own.body);
    }
    let panel = world.sign_in("panel-1").await;
    let corrected = json!({"outcome": "corrected", "text": "改。"});
    panel.post(&answers, corrected).await.expect_problem(422, "correction_invalid");
    panel.post(&answers, upheld).await.expect(201);
    let stands = show(&world, "villager", &statement).await.expect(200);
    assert_eq!(stands["statement"]["state"], "published");
    assert_eq!(db_messages(&world, "neighbour", "objection_answered").await.len(), 1);
}

#[actix_web::test]
async fn a_statement_that_falls_is_drawn_up_again_and_a_drawn_one_is_thrown_away() {
    let (world, month) = moved().await;
    let drawn = draw(&world, &month).await.expect(201);
    let thrown = id(&drawn["statement"]["id"]);
    let path = world.village(&format!("{EVERYTHING}/{thrown}/discarding"));
    let checker = world.sign_in(CHECKER).await;
    assert_eq!(checker.post(&path, Value::Null).await.expect(200)["state"], "struck");
    checker.post(&path, Value::Null).await.expect_problem(409, "fund_statement_state");

    let drawn = draw(&world, &month).await.expect(201);
    let statement = id(&drawn["statement"]["id"]);
    let hung = publish(&world, CHECKER, &statement).await.expect(201);
    let path = world.village(&format!("notices/{}/objections", id(&hung["notice_id"])));
    let body = json!({"fund_statement_id": statement, "text": "少了一笔。"});
    let raised = world.sign_in("neighbour").await.post(&path, body).await.expect(201);
    let answers = world.village(&format!("objections/{}/answers", id(&raised["id"])));
    let struck = json!({"outcome": "struck", "text": "确实漏记。"});
    world.sign_in("panel-1").await.post(&answers, struck).await.expect(201);
    close(&world, &id(&hung["notice_id"])).await;
    show(&world, "villager", &statement).await.expect_problem(404, "not_found");
    draw(&world, &month).await.expect(201);
}

#[actix_web::test]
async fn nothing_is_booked_into_a_period_after_it_was_stated() {
    let (world, month) = moved().await;
    draw(&world, &month).await.expect(201);
    // The clock of whoever books is behind that of whoever drew the statement up.
    db_run(&world, "UPDATE fund_statements SET drawn_at = drawn_at + interval '9 days'".into())
        .await;
    let fund = account(&world, "村集体账户").await;
    book(&world, &fund, json!({})).await;
    let after = "SELECT count(*) FROM fund_entries WHERE recorded_at > \
        (SELECT max(drawn_at) FROM fund_statements)";
    assert_eq!(db_count(&world, after).await, 1);
}

#[actix_web::test]
async fn a_period_that_goes_on_is_not_stated_and_a_workbook_says_what_the_board_says() {
    let (world, month) = moved().await;
    let day = today(&world);
    let present = format!("{:04}-{:02}", day.year(), day.month());
    draw(&world, &present).await.expect_problem(422, "fund_period_open");
    draw(&world, "2026-13").await.expect_problem(422, "invalid");
    let drawn = draw(&world, &month).await.expect(201);
    let statement = id(&drawn["statement"]["id"]);
    publish(&world, CHECKER, &statement).await.expect(201);
    let path = world.village(&format!("{EVERYTHING}/{statement}/file"));
    let villager = world.sign_in("villager").await;
    let (named, cells) = testing::workbooks::cells(&villager, &path, "收支公示").await;
    assert!(named.contains(&format!("fund-{month}.xlsx")), "{named}");
    for cell in ["李*国", "龙场乡财政所", "乡村治理补助", "-1200", "4800"] {
        assert!(cells.iter().any(|found| found == cell), "{cell}: {cells:?}");
    }
    assert!(!cells.iter().any(|found| found.contains("李建国")));
}
