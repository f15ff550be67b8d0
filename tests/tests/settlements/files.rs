//! A statement as a workbook.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use reqwest::Method;
use serde_json::json;
use testing::notices::{db_count, tick};
use testing::settlements::Months;

#[actix_web::test]
async fn a_workbook_has_the_figures_and_every_line_and_taking_it_away_is_recorded_with_the_reason()
{
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    let bought = months.buy("neighbour", 2_550).await;
    months.refund(&bought).await;
    months.go_to_close(months.month);
    tick(&months.world).await;
    let made = months.statement(months.month).await;
    let owner = months.world.sign_in("merchant-owner").await;
    let path = months.of(&made, "/file");
    owner.get(&path).await.expect_problem(403, "reason_required");
    months.world.sign_in("merchant-clerk").await.read(&path).await.expect_problem(404, "not_found");

    let request = owner.request(Method::GET, &path).header("reading-reason", "month%20end%20books");
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let header = |name| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-type").contains("spreadsheetml"));
    let disposition = header("content-disposition");
    let ascii = format!("filename=\"statement-{}.xlsx\"", months.month);
    assert!(disposition.contains(&ascii), "{disposition}");
    // 对账单, in the name for those who read UTF-8.
    assert!(disposition.contains("filename*=UTF-8''"), "{disposition}");
    assert!(disposition.contains("%E5%AF%B9%E8%B4%A6%E5%8D%95"), "{disposition}");
    let file = answer.bytes().await.expect("a file");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).expect("a workbook");
    let summary = book.worksheet_range("汇总").expect("the figures");
    let figure = |title: &str| {
        let row = summary.rows().find(|row| row[0] == Data::String(title.into()));
        row.unwrap_or_else(|| panic!("{title}"))[1].clone()
    };
    assert_eq!(figure("本月发生笔数"), Data::Float(2.0));
    assert_eq!(figure("本月发生诚信金抵扣(元)"), Data::Float(11.3));
    assert_eq!(figure("本月退货诚信金抵扣(元)"), Data::Float(1.02));
    assert_eq!(figure("村应付(元)"), Data::Float(10.28));
    assert_eq!(figure("与台账核对"), Data::String("一致".into()));
    let lines = book.worksheet_range("明细").expect("the lines");
    assert_eq!(lines.height(), 1 + 1 + 3 + 1);
    let totals = lines.rows().next_back().expect("totals");
    assert_eq!(totals[0], Data::String("合计".into()));
    assert_eq!((&totals[2], &totals[7]), (&Data::Float(3.0), &Data::Float(10.28)));

    // Which category it was, and what comes off for that: by these the discount can be checked.
    let first = lines.rows().nth(2).expect("a line");
    assert_eq!(
        (&first[4], &first[5]),
        (&Data::String("其他".into()), &Data::String("8.00%".into()))
    );

    let recorded = "SELECT count(*) FROM audit_log WHERE action = 'settlement_export' \
        AND reason = 'month end books' AND role = 'merchant_owner'";
    assert_eq!(db_count(&months.world, recorded).await, 1);
    let admin = months.world.sign_in("village-admin").await;
    admin.post(&months.of(&made, "/decisions"), json!({"decision": "approve"})).await.expect(201);
}
