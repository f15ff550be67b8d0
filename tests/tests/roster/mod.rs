//! The roster: imported from clerks' tables, shown masked, changed by hand.

mod changes;
mod files;
mod imports;
mod kin;

use domain::person::IdNumber;
use serde_json::Value;
use testing::{Client, World};

const HEADER: &str = "户号,姓名,与户主关系,身份证号,手机号,网格,党员,状态";

/// An identity number with the right check digit.
fn id_number(born: &str, serial: usize) -> String {
    let body = format!("520204{born}{:03}", serial % 1000);
    "0123456789X"
        .chars()
        .map(|check| format!("{body}{check}"))
        .find(|number| number.parse::<IdNumber>().is_ok())
        .expect("one check digit fits")
}

/// A file of these lines under the usual header.
fn csv(lines: &[String]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", lines.join("\n")).into_bytes()
}

/// A household of two.
fn family() -> Vec<String> {
    vec![
        format!("101,石头,户主,{},13800000101,,是,居住", id_number("19700101", 1)),
        format!("101,石小花,女,{},,,,在外求学", id_number("20050505", 2)),
    ]
}

async fn import(who: &Client, world: &World, file: &[u8]) -> Value {
    who.upload(&world.village("roster-imports?dry_run=false"), file, "花名册").await.expect(200)
}

async fn dry_run(who: &Client, world: &World, file: &[u8]) -> Value {
    who.upload(&world.village("roster-imports?dry_run=true"), file, "花名册").await.expect(200)
}

/// The bad lines of an answer as line, field and reason.
fn bad_lines(answer: &Value) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let lines = answer["bad_lines"].as_array().expect("a list").iter();
    lines
        .map(|bad| {
            (bad["line"].as_u64().expect("a number"), text(&bad["field"]), text(&bad["reason"]))
        })
        .collect()
}

/// The four counts of an answer: households and villagers, each added and changed.
fn counts(answer: &Value) -> [u64; 4] {
    ["households_added", "households_changed", "villagers_added", "villagers_changed"]
        .map(|count| answer[count].as_u64().expect("a count"))
}

/// The household of that number, whole.
async fn household(who: &Client, world: &World, number: &str) -> Value {
    let list = who.get(&world.village("households?limit=100")).await.expect(200);
    let found = list["items"].as_array().expect("a list").iter().find(|h| h["number"] == number);
    let id = found.unwrap_or_else(|| panic!("household {number}"))["id"].as_str().expect("an id");
    who.get(&world.village(&format!("households/{id}"))).await.expect(200)
}
