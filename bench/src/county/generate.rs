//! A county out of a seed, made set by set within Postgres. See `generate.sql`.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use domain::points::Fen;
use domain::rule_book::{Resolution, RuleBook, Stack, adopt_village_layer};
use infra::db::Db;
use infra::presets;

use super::{COUNTY, CYCLE, computed_at};

/// When roster and rule book were recorded: the 1st of November before the year, in UTC.
const FOUNDED: &str = "2029-11-01 00:00:00+00";

/// How large a county is, in tenths of Qingcheng's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u32);

impl Size {
    /// The size of that name: `0.1`, `1`, `10`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name.split_once('.') {
            None => name.parse().ok().map(|whole: u32| Self(whole * 10)),
            Some(("0", tenths)) => tenths.parse().ok().map(Self),
            Some(_) => None,
        }
    }

    /// Its name.
    pub fn name(self) -> String {
        if self.0.is_multiple_of(10) { (self.0 / 10).to_string() } else { format!("0.{}", self.0) }
    }

    /// Villages; Qingcheng has 150.
    pub fn villages(self) -> u32 {
        self.0 * 15
    }

    /// Households; Qingcheng has 69,100.
    pub fn households(self) -> u32 {
        self.0 * 6_910
    }

    /// People; Qingcheng has 143,700.
    pub fn people(self) -> u32 {
        self.0 * 14_370
    }

    /// Entries of the year; Qingcheng has 1,060,000.
    pub fn entries(self) -> u32 {
        self.0 * 106_000
    }
}

/// The book of the villages: Qingcheng's, with Shuicheng's star credit. What is done counts for the
/// score alone, so that a claim is one entry and all entries are summed.
fn book() -> RuleBook {
    let preset = |name: &str| presets::load(name).unwrap().expect("a preset").book;
    let mut book = preset("qingcheng");
    for row in &mut book.stars.0 {
        row.star_credit_fen = Fen::yuan(i32::from(row.stars.get()) * 400);
    }
    for item in &mut book.items {
        item.counts_for.clear();
    }
    book
}

/// Makes the county in an empty, migrated database, and brings its tables into their usual state.
pub fn generate(db: &Db, size: Size, seed: u32) {
    let book = book();
    let in_force_from: NaiveDate = FOUNDED[..10].parse().unwrap();
    let resolution =
        Resolution { held_on: in_force_from, present: 40, votes_for: 38, votes_against: 1 };
    let (alone, text) = (Stack::default(), book.clone().into());
    adopt_village_layer(&alone, &text, &resolution, None, in_force_from, None, computed_at())
        .expect("a sound book");
    let mut sql = include_str!("generate.sql").to_owned();
    for (name, value) in [
        ("{villages}", size.villages().to_string()),
        ("{households}", size.households().to_string()),
        ("{people}", size.people().to_string()),
        ("{entries}", size.entries().to_string()),
        ("{seed}", seed.to_string()),
        ("{year}", CYCLE.to_owned()),
        ("{county}", COUNTY.to_owned()),
        ("{founded}", FOUNDED.to_owned()),
        ("{in_force_from}", in_force_from.to_string()),
        ("{book}", serde_json::to_string(&book).unwrap()),
        ("{resolution}", serde_json::to_string(&resolution).unwrap()),
    ] {
        sql = sql.replace(name, &value);
    }
    // One transaction: the temporary tables are gone after it.
    let run = |sql: &str| db.read(|c| Ok(c.batch_execute(sql)?)).unwrap();
    run(&format!("SET statement_timeout = 0; BEGIN; {sql} COMMIT;"));
    run("VACUUM ANALYZE");
    run("CHECKPOINT");
}
