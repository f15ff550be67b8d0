//! A village with many snapshot reports, made of a seed within Postgres. See `reports.sql`.

use chrono::{DateTime, Utc};
use diesel::Connection;
use diesel::connection::SimpleConnection;
use domain::report::NEAR_DAYS;

use crate::Prepared;

/// How many reports there are, unless `REPORTS` says otherwise.
pub const REPORTS: u64 = 1_000_000;

/// How many reports are made.
pub fn reports() -> u64 {
    std::env::var("REPORTS").ok().and_then(|text| text.parse().ok()).unwrap_or(REPORTS)
}

/// Makes the reports in the demo's first village. One in fifty is of the days in which neighbours are
/// looked for.
pub fn generate(data: &Prepared, now: DateTime<Utc>) {
    let seed = std::env::var("REPORTS_SEED").unwrap_or_else(|_| "361".to_owned());
    let reports = reports();
    let sql = include_str!("reports.sql")
        .replace("{seed}", &seed)
        .replace("{reports}", &reports.to_string())
        .replace("{lately}", &(reports / 50).max(1).to_string())
        .replace("{near_days}", &NEAR_DAYS.to_string())
        .replace("{village}", &data.demo.village.to_string())
        .replace("{now}", &now.to_rfc3339());
    data.db
        .read(|c| {
            c.transaction(|c| {
                c.batch_execute("SET LOCAL statement_timeout = 0")?;
                c.batch_execute(&sql)
            })
            .map_err(Into::into)
        })
        .expect("reports");
    data.settle();
}
