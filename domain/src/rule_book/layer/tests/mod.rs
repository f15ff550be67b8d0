mod adopting;
mod carrying;
mod fixture;
mod in_time;
mod merging;
mod properties;

use chrono::{DateTime, NaiveDate, Utc};

use super::*;
use crate::place::DivisionLevel;
use crate::points::Points;
use crate::rule_book::ItemKind;
use fixture::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-20T02:00:00Z".parse().unwrap()
}
