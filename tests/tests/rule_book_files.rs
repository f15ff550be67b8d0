//! Rule books as files: out, changed by a clerk, and in again.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use testing::{Answer, Client, World};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Downloads a file with its content type and the name that it is saved under.
async fn download(who: &Client, path: &str) -> (Vec<u8>, String, String) {
    let answer = who.request(Method::GET, path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    let header = |name: &str| answer.headers()[name].to_str().expect("a header").to_owned();
    let (media, disposition) = (header("content-type"), header("content-disposition"));
    (answer.bytes().await.expect("a file").to_vec(), media, disposition)
}

/// Sends a file with a key of its own.
async fn import(who: &Client, world: &World, query: &str, file: &[u8]) -> Answer {
    import_once(who, world, query, file, &uuid::Uuid::now_v7().to_string()).await
}

async fn import_once(who: &Client, world: &World, query: &str, file: &[u8], key: &str) -> Answer {
    // What the client says of its name and type is not looked at.
    let form = Form::new().part("file", Part::bytes(file.to_vec()).file_name("book.bin"));
    let path = world.village(&format!("rule-book-files{query}"));
    let request = who.request(Method::POST, &path).header("idempotency-key", key);
    who.send(request.multipart(form)).await
}

async fn draft(who: &Client, world: &World, book: &Value) -> Value {
    who.post(&world.village("rule-books"), json!({"book": book})).await.expect(201)
}

fn file_of(world: &World, book: &Value, format: &str) -> String {
    let id = book["id"].as_str().expect("an id");
    world.village(&format!("rule-books/{id}/file?format={format}"))
}

async fn preset(who: &Client, name: &str) -> Value {
    who.get(&format!("/v1/rule-book-presets/{name}")).await.expect(200)["book"].clone()
}

async fn books(who: &Client, world: &World) -> Value {
    who.get(&world.village("rule-books")).await.expect(200)["items"].clone()
}

/// A workbook with other texts in the first cells that hold a text, each by its sheet.
fn changed(file: &[u8], changes: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut from = Xlsx::new(Cursor::new(file.to_vec())).expect("a workbook");
    let mut to = Workbook::new();
    let mut left = changes.to_vec();
    for name in from.sheet_names() {
        let range = from.worksheet_range(&name).expect("a sheet");
        let sheet = to.add_worksheet();
        sheet.set_name(&name).expect("a name");
        let (top, first) = range.start().unwrap_or_default();
        for (row, column, cell) in range.used_cells() {
            let row = top + u32::try_from(row).expect("a row");
            let column =
                u16::try_from(first).expect("a column") + u16::try_from(column).expect("one");
            let mut text = match cell {
                Data::String(text) => text.clone(),
                other => other.to_string(),
            };
            if let Some(n) = left.iter().position(|(on, old, _)| *on == name && *old == text) {
                text = left.remove(n).2.to_owned();
            }
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    assert_eq!(left, [], "texts that no cell holds");
    to.save_to_buffer().expect("a workbook")
}

#[actix_web::test]
async fn a_book_that_goes_out_as_either_file_and_in_again_is_the_same() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let mut text = preset(&admin, "shuicheng").await;
    text["name"] = "云岭村积分细则".into();
    text["base_score"] = "61.25".into();
    text["items"][0]["caps"] = json!([
        {"per": "member", "period": "week", "limit": {"count": 3}},
        {"per": "account", "period": "cycle", "limit": {"points": "7.5"}}
    ]);
    let written = draft(&admin, &world, &text).await;
    assert_eq!(written["number"], 2);
    for (format, media, number) in [("toml", "application/toml", 3), ("xlsx", XLSX, 4)] {
        let (file, told, disposition) = download(&admin, &file_of(&world, &written, format)).await;
        assert_eq!(told, media);
        assert_eq!(disposition, format!("attachment; filename=\"rule-book-2.{format}\""));
        let read = import(&admin, &world, "", &file).await.expect(201);
        assert_eq!((&read["book"], &read["state"]), (&text, &json!("draft")), "{format}");
        assert_eq!((&read["number"], &read["faults"]), (&json!(number), &json!([])));
        let shown = world.village(&format!("rule-books/{}", read["id"].as_str().unwrap()));
        assert_eq!(admin.get(&shown).await.expect(200)["book"], text, "{format}");
    }
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    assert_eq!(log["items"][0]["action"], "rule_book_create");
}

#[actix_web::test]
async fn every_preset_goes_out_as_either_file_and_in_again() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let list = admin.get("/v1/rule-book-presets").await.expect(200);
    let names: Vec<_> =
        list["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 5);
    for name in names {
        let book = preset(&admin, name).await;
        for (format, media) in [("toml", "application/toml"), ("xlsx", XLSX)] {
            let path = format!("/v1/rule-book-presets/{name}/file?format={format}");
            let (file, told, disposition) = download(&admin, &path).await;
            assert_eq!((told.as_str(), file.starts_with(b"PK")), (media, format == "xlsx"));
            assert_eq!(disposition, format!("attachment; filename=\"{name}.{format}\""));
            let read = import(&admin, &world, "", &file).await.expect(201);
            assert_eq!(read["book"], book, "{name} as {format}");
        }
    }
    let nowhere = admin.get("/v1/rule-book-presets/nowhere/file?format=toml").await;
    nowhere.expect_problem(404, "not_found");
    let as_pdf = admin.get("/v1/rule-book-presets/shuicheng/file?format=pdf").await;
    as_pdf.expect_problem(400, "bad_query");
}

#[actix_web::test]
async fn a_bad_cell_is_refused_with_its_sheet_and_cell_and_nothing_is_written() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let before = books(&admin, &world).await;
    let path = "/v1/rule-book-presets/shuicheng/file?format=xlsx";
    let (file, ..) = download(&admin, path).await;
    // Changed in nothing, it is taken: what is refused below is refused for what was changed.
    import(&admin, &world, "?dry_run=true", &changed(&file, &[])).await.expect(200);
    let bad = changed(&file, &[("基本设置", "60", "六十"), ("基本设置", "户", "村")]);
    for query in ["", "?dry_run=true"] {
        let problem = import(&admin, &world, query, &bad).await;
        let problem = problem.expect_problem(422, "rule_book_file_invalid");
        let told: Vec<_> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| ["field", "place", "code"].map(|key| e[key].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(
            told,
            [
                ["subject", "基本设置!B3", "unknown_value"],
                ["base_score", "基本设置!B5", "not_points"]
            ]
            .map(|one| one.map(str::to_owned))
        );
        let message = problem["errors"][1]["message"].as_str().unwrap();
        assert!(message.contains("“六十”不是分值"), "{message}");
    }
    assert_eq!(books(&admin, &world).await, before);
}

#[actix_web::test]
async fn a_bad_line_of_text_is_refused_in_the_clients_language() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let told = async |file: &[u8], language: &str| {
        let form = Form::new().part("file", Part::bytes(file.to_vec()));
        let request = admin
            .request(Method::POST, &world.village("rule-book-files"))
            .header("idempotency-key", uuid::Uuid::now_v7().to_string())
            .header("accept-language", language);
        let answer = admin.send(request.multipart(form)).await;
        answer.expect_problem(422, "rule_book_file_invalid")["errors"][0].clone()
    };
    let (toml, ..) = download(&admin, "/v1/rule-book-presets/shuicheng/file?format=toml").await;
    let toml = String::from_utf8(toml).unwrap();
    let bad = toml.replacen("base_score = \"60\"", "base_score = \"6O\"", 1);
    assert_ne!(bad, toml);
    let line = 1 + bad.lines().position(|line| line.starts_with("base_score")).unwrap();
    let english = told(bad.as_bytes(), "en").await;
    assert_eq!(english["place"], format!("line {line}, column 1"));
    assert_eq!((&english["code"], &english["field"]), (&json!("not_points"), &json!("base_score")));
    assert!(english["message"].as_str().unwrap().starts_with("`6O` is not an amount of points"));
    let chinese = told(bad.as_bytes(), "zh-CN").await;
    assert_eq!(chinese["place"], format!("第 {line} 行第 1 列"));
    // Neither kind of file; half of a workbook; what Postgres cannot store; more than a book has.
    assert_eq!(told(b"\xcf\xe7\xd4\xbc", "zh").await["code"], "not_text");
    assert_eq!(told(b"PK\x03\x04", "zh").await["code"], "unreadable");
    let named = |name: &str| {
        let mut lines: Vec<_> = toml.lines().map(str::to_owned).collect();
        let at = lines.iter().position(|line| line.starts_with("name = ")).unwrap();
        lines[at] = format!("name = \"{name}\"");
        (lines.join("\n"), at + 1)
    };
    let (file, line) = named("a\\u0000b");
    let nul = told(file.as_bytes(), "zh").await;
    assert_eq!((&nul["code"], &nul["field"]), (&json!("nul_character"), &json!("name")));
    let (file, _) = named(&"长".repeat(201));
    let long = told(file.as_bytes(), "zh").await;
    assert_eq!((&long["code"], &long["field"]), (&json!("beyond_limit"), &json!("name")));
    assert!(long["place"].as_str().unwrap().starts_with(&format!("第 {line} 行")), "{long}");
}

#[actix_web::test]
async fn a_dry_run_tells_faults_with_their_places_and_changes_nothing() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let before = books(&admin, &world).await;
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    let path = "/v1/rule-book-presets/shuicheng/file?format=xlsx";
    let (file, ..) = download(&admin, path).await;
    let name = preset(&admin, "shuicheng").await["items"][3]["name"].as_str().unwrap().to_owned();
    let file = changed(&file, &[("条目", &name, "到县里信访"), ("基本设置", "备注", "村里自用")]);
    let key = "book-file-0001";
    let tried = import_once(&admin, &world, "?dry_run=true", &file, key).await.expect(200);
    let fault = tried["faults"].as_array().unwrap().iter().find(|f| f["kind"] == "forbidden");
    let fault = fault.expect("the fault");
    assert_eq!(fault["place"], "items[3].name");
    assert_eq!(fault["message"], "不得对此计分");
    // Titles in row 1, the fourth item in row 5.
    let place = fault["file_place"].as_str().unwrap();
    assert!(place.starts_with("条目!") && place.ends_with('5'), "{place}");
    assert_eq!(tried["book"]["items"][3]["name"], "到县里信访");
    assert_eq!(tried["ignored"], json!([{"file_place": "基本设置!C1", "name": "村里自用"}]));
    assert_eq!(books(&admin, &world).await, before);
    assert_eq!(admin.get(&world.village("audit-log")).await.expect(200), log);
    // The key is still unused; the draft is taken with its fault, once.
    let made = import_once(&admin, &world, "", &file, key).await.expect(201);
    assert_eq!(made["faults"][0]["kind"], "forbidden");
    let again = import_once(&admin, &world, "", &file, key).await.expect(201);
    assert_eq!(made, again);
    assert_eq!(
        books(&admin, &world).await.as_array().unwrap().len(),
        before.as_array().unwrap().len() + 1
    );
    let other = changed(&file, &[("基本设置", "60", "70")]);
    let refused = import_once(&admin, &world, "", &other, key).await;
    refused.expect_problem(422, "idempotency_mismatch");
    let huge = vec![b'#'; 4 * 1024 * 1024 + 1];
    import(&admin, &world, "", &huge).await.expect_problem(413, "too_large");
    let keyless = admin.upload(&world.village("rule-book-files"), &file, "book.xlsx").await;
    keyless.expect_problem(400, "idempotency_key_missing");
}

#[actix_web::test]
async fn villagers_may_not_import_and_take_only_adopted_books_home() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let (file, ..) = download(&admin, "/v1/rule-book-presets/shuicheng/file?format=toml").await;
    let draft = import(&admin, &world, "", &file).await.expect(201);
    for query in ["", "?dry_run=true"] {
        for key in ["villager", "collector"] {
            let who = world.sign_in(key).await;
            import(&who, &world, query, &file).await.expect_problem(403, "forbidden");
            // Nor do they learn what is wrong with a file.
            import(&who, &world, query, b"?").await.expect_problem(403, "forbidden");
        }
        let other = world.sign_in("other-admin").await;
        import(&other, &world, query, &file).await.expect_problem(404, "not_found");
    }
    let villager = world.sign_in("villager").await;
    let of_draft = villager.get(&file_of(&world, &draft, "xlsx")).await;
    of_draft.expect_problem(403, "forbidden");
    let in_force = villager.get(&world.village("rule-book")).await.expect(200);
    let (_, media, disposition) = download(&villager, &file_of(&world, &in_force, "xlsx")).await;
    assert_eq!(media, XLSX);
    assert_eq!(disposition, "attachment; filename=\"rule-book-1.xlsx\"");
}

#[actix_web::test]
async fn a_draft_that_a_workbook_cannot_hold_goes_out_as_text() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let mut text = preset(&admin, "shuicheng").await;
    text["items"][1]["code"] = text["items"][0]["code"].clone();
    let twice = draft(&admin, &world, &text).await;
    let refused = admin.get(&file_of(&world, &twice, "xlsx")).await;
    let problem = refused.expect_problem(422, "rule_book_unwritable");
    assert_eq!(problem["errors"][0]["field"], "items[1].code");
    let (file, ..) = download(&admin, &file_of(&world, &twice, "toml")).await;
    assert_eq!(import(&admin, &world, "", &file).await.expect(201)["book"], text);
}
