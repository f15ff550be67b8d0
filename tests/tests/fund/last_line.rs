//! What the database itself does not let pass, and the check that finds what does not add up.

use diesel::prelude::*;
use serde_json::{Value, json};
use testing::World;
use testing::fund::{CHECKER, MAKER, account, book, decide, prepare};
use testing::payouts::{dividend_in, drafted, earned};

fn refused(world: &World, statement: &str) {
    let done = diesel::sql_query(statement).execute(&mut world.connect());
    assert!(done.is_err(), "{statement}: {done:?}");
}

fn done(world: &World, statement: &str) {
    let done = diesel::sql_query(statement).execute(&mut world.connect());
    assert!(done.is_ok_and(|rows| rows > 0), "{statement}");
}

#[actix_web::test]
async fn a_booked_voucher_stays_as_it_is_whoever_writes_to_the_database() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let booked = book(&world, &fund, json!({})).await;
    let waiting = prepare(&world, &fund, json!({})).await;
    let on = |id: &str, what: &str| format!("UPDATE fund_vouchers SET {what} WHERE id = '{id}'");
    for what in ["amount = 1", "party = '张三'", "state = 'prepared'", "checked_at = now()"] {
        refused(&world, &on(&booked, what));
    }
    // What waits is decided on, and says what it says.
    for what in ["amount = 1", "document = 'x'", "made_by = checked_by", "made_by_villager = NULL"]
    {
        refused(&world, &on(&waiting, what));
    }
    done(&world, &on(&waiting, "state = 'withdrawn', checked_at = now()"));
    refused(&world, &on(&waiting, "state = 'prepared'"));
    refused(&world, "DELETE FROM fund_vouchers");
    refused(&world, "TRUNCATE fund_vouchers CASCADE");
}

#[actix_web::test]
async fn a_payout_names_an_account_and_a_voucher_that_there_are() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 2)]).await;
    drafted(&world, "dividends", dividend_in(day, 600)).await;
    let nobody = uuid::Uuid::now_v7();
    for column in ["fund_account_id", "fund_voucher_id"] {
        refused(&world, &format!("UPDATE payouts SET {column} = '{nobody}'"));
    }
}

#[actix_web::test]
async fn a_fund_that_does_not_add_up_is_found_and_not_stated() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    book(&world, &fund, json!({})).await;
    let maker = world.sign_in(MAKER).await;
    let path = world.village("ledger/check");
    let good = maker.get(&path).await.expect(200);
    let sound = json!({"held_fen": 100_000, "booked_fen": 100_000, "differing_accounts": []});
    assert_eq!((&good["conserved"], &good["fund"]), (&json!(true), &sound));
    done(&world, "UPDATE fund_accounts SET balance = balance + 7");
    let bad = maker.get(&path).await.expect(200);
    let differs = json!({"held_fen": 100_007, "booked_fen": 100_000, "differing_accounts": [fund]});
    assert_eq!((&bad["conserved"], &bad["fund"]), (&json!(false), &differs));
    let draw = maker.post(&world.village("fund/statements"), json!({"period": "2019"})).await;
    draw.expect_problem(409, "fund_book_differs");
}

#[actix_web::test]
async fn one_invoice_is_booked_twice_only_by_who_says_so() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let same = |amount: i64| json!({"document": "发票0042", "amount_fen": amount});
    let first = book(&world, &fund, same(500)).await;
    let maker = world.sign_in(MAKER).await;
    let body = testing::fund::voucher(&world, &fund, same(500));
    let made = maker.post(&world.village("fund/vouchers"), body).await.expect(201);
    assert_eq!(made["same_document"], json!([{"id": first, "number": 1}]));
    let second = made["id"].as_str().unwrap();
    let refused = decide(&world, CHECKER, second, json!({"verdict": "book"})).await;
    let problem = refused.expect_problem(409, "document_used");
    assert!(problem["detail"].as_str().unwrap().contains("第1号"), "{problem}");
    let known = json!({"verdict": "book", "besides": [first]});
    let booked = decide(&world, CHECKER, second, known).await.expect(201);
    assert_eq!((&booked["state"], &booked["same_document"]), (&json!("booked"), &json!([])));

    // What was refused or taken back uses no document.
    for voucher in [first.as_str(), second] {
        let path = world.village(&format!("fund/vouchers/{voucher}/corrections"));
        let checker = world.sign_in(CHECKER).await;
        let correction = checker.post(&path, json!({"reason": "重复入账"})).await.expect(201);
        assert_eq!(correction["same_document"], json!([]));
        let id = correction["id"].as_str().unwrap();
        decide(&world, MAKER, id, json!({"verdict": "book"})).await.expect(201);
    }
    let third = prepare(&world, &fund, same(500)).await;
    decide(&world, CHECKER, &third, json!({"verdict": "book"})).await.expect(201);
}

#[actix_web::test]
async fn the_reason_of_a_correction_is_a_purpose_and_no_reason_is_blank() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    let booked = book(&world, &fund, json!({})).await;
    let waiting = prepare(&world, &fund, json!({})).await;
    let maker = world.sign_in(MAKER).await;
    let bad = ["长".repeat(201), " ".to_owned(), "上\u{7}下".to_owned()];
    for reason in bad {
        for what in [format!("{booked}/corrections"), format!("{waiting}/withdrawal")] {
            let path = world.village(&format!("fund/vouchers/{what}"));
            maker.post(&path, json!({"reason": reason})).await.expect_problem(422, "invalid");
        }
    }
    let blank = json!({"verdict": "refuse", "reason": "  "});
    decide(&world, CHECKER, &waiting, blank).await.expect_problem(422, "invalid");
    let wrong = json!({"verdict": "refuse"});
    let problem = decide(&world, CHECKER, &waiting, wrong).await.expect_problem(422, "invalid");
    let told: &Value = &problem["errors"][0]["message"];
    assert!(told.as_str().unwrap().contains("退回凭证"), "{problem}");
    let path = world.village(&format!("fund/vouchers/{booked}/corrections"));
    let correction = maker.post(&path, json!({"reason": " 金额记错 "})).await.expect(201);
    assert_eq!(correction["purpose"], "金额记错");
}
