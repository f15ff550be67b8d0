//! Lists that must be complete: problem codes, columns of the database, settings.

use std::collections::{BTreeMap, BTreeSet};

use api::problem::Door;
use api::settings::Settings;
use clap::Args;
use diesel::prelude::*;
use diesel::sql_types::Text;
use domain::refusal::Refusal;
use serde_json::Value;
use testing::World;
use testing::document::document;
use testing::golden;

const CODES: &str = "\
# Every `code` that a problem can have. Clients branch on them: one that is published stays.
# Made from domain/src/refusal.rs and api/src/problem; UPDATE_GOLDEN=1 cargo test writes it anew.
";

#[test]
fn the_problem_codes_are_the_published_ones() {
    let all: Vec<_> = Door::CODES.iter().chain(Refusal::CODES).copied().collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "a code stands twice");
    let text = format!(
        "{CODES}\n# Before a rule is asked\n{}\n\n# Rules\n{}\n",
        Door::CODES.join("\n"),
        Refusal::CODES.join("\n")
    );
    golden::compare("tests/golden/problem_codes.txt", &text);
}

const COLUMNS: &str = "\
# Every column of the database and whom it may be shown to. Written by hand: UPDATE_GOLDEN=1 adds new
# columns as `?` and drops those that are gone; a `?` fails the test.
#
# public: nothing personal in it; everybody who may see the row may see it.
# private: personal, or the village's own business; shown by the policy only, masked where it must be.
# secret: hashes, ciphertext, names at WeChat: never in an answer of the API.
";
const CLASSES: [&str; 3] = ["public", "private", "secret"];

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

/// What the file says: the class of each column.
fn classified() -> BTreeMap<String, String> {
    let text = golden::read("tests/golden/columns.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(char::is_whitespace))
        .map(|(name, class)| (name.to_owned(), class.trim().to_owned()))
        .collect()
}

#[actix_web::test]
async fn every_column_is_classified_as_public_private_or_secret() {
    let world = World::new().await;
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations' \
         ORDER BY table_name, ordinal_position",
    )
    .load(&mut world.connect())
    .expect("the columns");
    let known = classified();
    if golden::updating() {
        let rows: Vec<_> = columns
            .iter()
            .map(|column| {
                let class = known.get(&column.name).map_or("?", String::as_str);
                vec![column.name.clone(), class.to_owned()]
            })
            .collect();
        golden::write("tests/golden/columns.txt", &format!("{COLUMNS}\n{}", golden::table(&rows)));
    }
    let known = classified();
    let there: BTreeSet<_> = columns.iter().map(|column| column.name.as_str()).collect();
    let fine =
        |name: &&&str| known.get(**name).is_some_and(|class| CLASSES.contains(&class.as_str()));
    let open: Vec<_> = there.iter().filter(|name| !fine(name)).collect();
    let gone: Vec<_> = known.keys().filter(|name| !there.contains(name.as_str())).collect();
    assert_eq!((open, gone), (vec![], vec![]), "to classify, and gone: tests/golden/columns.txt");
}

#[test]
fn no_answer_of_the_api_has_the_name_of_a_secret_column() {
    let known = classified();
    let name_of = |column: &str| column.split_once('.').map_or("", |(_, name)| name).to_owned();
    let of_class = |secret: bool| {
        let list = known.iter().filter(move |(_, class)| (*class == "secret") == secret);
        list.map(|(column, _)| name_of(column)).collect::<BTreeSet<_>>()
    };
    let (secret, open) = (of_class(true), of_class(false));
    assert!(secret.contains("pin_hash") && secret.contains("id_number_encrypted"));
    let mut named = BTreeSet::new();
    properties(&document()["components"]["schemas"], &mut named);
    let leaks: Vec<_> =
        named.iter().filter(|name| secret.contains(*name) && !open.contains(*name)).collect();
    assert_eq!(leaks, Vec::<&String>::new());
}

/// The names of all properties of all schemas.
fn properties(value: &Value, into: &mut BTreeSet<String>) {
    if let Some(map) = value["properties"].as_object() {
        into.extend(map.keys().cloned());
    }
    match value {
        Value::Object(map) => map.values().for_each(|inner| properties(inner, into)),
        Value::Array(list) => list.iter().for_each(|inner| properties(inner, into)),
        _ => {}
    }
}

#[test]
fn every_setting_has_a_line_with_its_reason_in_the_example() {
    let command = Settings::augment_args(clap::Command::new("xiangyue"));
    let settings: BTreeSet<String> = command
        .get_arguments()
        .filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned()))
        .collect();
    assert!(settings.contains("XIANGYUE_SECRET"));
    let text = golden::read(".env.example");
    let mut lines = BTreeSet::new();
    let mut reason = false;
    for line in text.lines() {
        // A setting that is off stands behind "#" without a blank; a reason has the blank.
        let setting = line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line);
        if let Some((name, _)) = setting.split_once('=').filter(|_| !line.starts_with("# ")) {
            assert!(reason, "{name} has no reason above it");
            assert!(lines.insert(name.to_owned()), "{name} stands twice");
            reason = false;
        } else if let Some(words) = line.strip_prefix("# ") {
            reason = !words.trim().is_empty();
        } else {
            reason = false;
        }
    }
    assert_eq!(lines, settings, ".env.example and api/src/settings.rs");
}
