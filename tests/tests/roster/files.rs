use reqwest::Method;
use reqwest::multipart::{Form, Part};
use rust_xlsxwriter::{Formula, Workbook};

use super::*;

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet);
    book.save_to_buffer().expect("a workbook")
}

fn row(sheet: &mut rust_xlsxwriter::Worksheet, number: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells) {
        sheet.write_string(number, column, *cell).expect("a cell");
    }
}

#[actix_web::test]
async fn a_file_from_a_clerks_spreadsheet_in_gbk_is_read() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let utf8 = String::from_utf8(csv(&family())).unwrap();
    let (gbk, _, lossy) = encoding_rs::GBK.encode(&utf8);
    assert!(!lossy && std::str::from_utf8(&gbk).is_err());
    let done = import(&admin, &world, &gbk).await;
    assert_eq!(counts(&done), [1, 0, 2, 0]);
    assert_eq!(household(&admin, &world, "101").await["members"][0]["name"], "石头");
    // The same with the mark that marks UTF-8, and with Windows' line ends.
    let marked = format!("\u{feff}{}", utf8.replace('\n', "\r\n"));
    assert_eq!(import(&admin, &world, marked.as_bytes()).await["villagers_unchanged"], 2);
}

#[actix_web::test]
async fn a_workbook_is_read_with_its_numbers_and_formulas() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let file = workbook(|sheet| {
        row(sheet, 0, &["云岭村花名册"]);
        row(sheet, 2, &["序号", "户号*", "姓 名*", "与户主关系*", "身份证号", "手机号", "五老"]);
        row(sheet, 3, &["1", "", "石头", "户主", &id_number("19700101", 1)]);
        sheet.write_number(3, 1, 101).unwrap();
        sheet.write_number(3, 5, 13_800_000_101.0).unwrap();
        sheet.write_boolean(3, 6, true).unwrap();
        row(sheet, 5, &["2", "", "石小花", "女"]);
        sheet.write_formula(5, 1, Formula::new("=B4").set_result("101")).unwrap();
    });
    let done = import(&admin, &world, &file).await;
    assert_eq!(counts(&done), [1, 0, 2, 0]);
    assert_eq!(done["ignored_columns"], serde_json::json!(["序号"]));
    let home = household(&admin, &world, "101").await;
    assert_eq!(home["members"].as_array().unwrap().len(), 2);
    assert_eq!(home["members"][0]["phone_masked"], "138****0101");
    assert_eq!(home["members"][0]["tracks"], serde_json::json!(["elder"]));
    assert_eq!(import(&admin, &world, &file).await["villagers_unchanged"], 2);
}

#[actix_web::test]
async fn an_id_number_that_a_spreadsheet_kept_as_a_number_is_refused_with_that_reason() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let file = workbook(|sheet| {
        row(sheet, 0, &["户号", "姓名", "与户主关系", "身份证号", "手机号"]);
        row(sheet, 1, &["101", "石头", "户主"]);
        sheet.write_number(1, 3, 520_204_197_001_010_010.0).unwrap();
        row(sheet, 2, &["101", "石小花", "女"]);
        sheet.write_formula(2, 4, Formula::new("=NA()").set_result("#N/A")).unwrap();
    });
    let answer = dry_run(&admin, &world, &file).await;
    let told = bad_lines(&answer);
    assert_eq!(told[0], (2, "id_number".into(), "digits_lost".into()));
    assert_eq!((told[1].0, told[1].1.as_str()), (3, "phone"));
    assert!(answer["bad_lines"][0]["message"].as_str().unwrap().contains("文本"));
}

#[actix_web::test]
async fn a_file_without_a_header_or_that_is_no_table_is_refused() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = world.village("roster-imports?dry_run=true");
    let headless = workbook(|sheet| row(sheet, 0, &["101", "石头", "户主"]));
    let refused =
        admin.upload(&path, &headless, "a.xlsx").await.expect_problem(422, "header_invalid");
    assert_eq!(refused["detail"], "表头不对。缺少户号、姓名、与户主关系。");
    let without = admin.upload(&path, "户号,姓名,电话,手机\n".as_bytes(), "a.csv").await;
    let detail = without.expect_problem(422, "header_invalid")["detail"].clone();
    assert_eq!(detail, "表头不对。缺少与户主关系。重复手机号。");
    let empty = workbook(|_| ());
    admin.upload(&path, &empty, "a.xlsx").await.expect_problem(422, "header_invalid");
    let unreadable: [&[u8]; 4] =
        [b"\xFF\xD8\xFF\xE0\0\x10JFIF", b"PK\x03\x04 not a zip", b"\xD0\xCF\x11\xE0", b"a\0b"];
    for file in unreadable {
        admin.upload(&path, file, "a.xlsx").await.expect_problem(422, "file_unreadable");
    }
}

#[actix_web::test]
async fn a_file_that_is_too_long_or_too_large_is_refused() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = world.village("roster-imports?dry_run=true");
    let lines = |count: usize| vec!["101,石头,户主,,,,,".to_owned(); count];
    let long = admin.upload(&path, &csv(&lines(20_001)), "a.csv").await;
    long.expect_problem(422, "import_too_long");
    let full = dry_run(&admin, &world, &csv(&lines(20_000))).await;
    assert_eq!(full["lines"], 20_000);
    // Every bad line is told once: each but the first repeats the name.
    assert_eq!(full["bad_lines"].as_array().unwrap().len(), 19_999);
    let deep = workbook(|sheet| {
        row(sheet, 0, &["户号", "姓名", "与户主关系"]);
        for n in 1..=22_000 {
            sheet.write_string(n, 0, "101").unwrap();
        }
    });
    admin.upload(&path, &deep, "a.xlsx").await.expect_problem(422, "import_too_long");
    let large = vec![b'a'; 10 * 1024 * 1024 + 1];
    admin.upload(&path, &large, "a.csv").await.expect_problem(413, "too_large");
}

#[actix_web::test]
async fn a_form_holds_one_file_and_nothing_else() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = world.village("roster-imports?dry_run=true");
    let file = || Part::bytes(csv(&family())).file_name("a.csv");
    let send = |form: Form| admin.send(admin.request(Method::POST, &path).multipart(form));
    send(Form::new().part("file", file())).await.expect(200);
    let twice = send(Form::new().part("file", file()).part("file", file())).await;
    assert_eq!(twice.expect_problem(400, "bad_body")["errors"][0]["field"], "file");
    let more = send(Form::new().part("file", file()).text("village", "other")).await;
    assert_eq!(more.expect_problem(400, "bad_body")["errors"][0]["field"], "village");
    send(Form::new()).await.expect_problem(400, "bad_body");
    admin.post(&path, serde_json::json!({})).await.expect_problem(415, "unsupported_media_type");
    let undecided = world.village("roster-imports");
    admin.upload(&undecided, &csv(&family()), "a.csv").await.expect_problem(400, "bad_query");
}
