//! Settling a county: one of Qingcheng's size out of a seed, its settlement by a process that can be
//! killed at any point, and what the settled county comes to.

mod digest;
mod generate;
mod settle;
mod settler;

pub use digest::digest;
pub use generate::{Size, generate};
pub use settle::{Settled, settle};
pub use settler::{Report, Settler, as_settler, open};

use chrono::{DateTime, TimeDelta, Utc};

/// The county, GB/T 2260: Qingcheng.
pub const COUNTY: &str = "621021";
/// The cycle that is settled. It lies ahead, so that the worker of a server that runs beside finds no
/// notice of it due and leaves all of them to the settler.
pub const CYCLE: &str = "2030";

/// When the ratings are computed: all deeds of the year are recorded by then.
pub fn computed_at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_928_491_200, 0).expect("the 10th of February 2031")
}

/// When they are reviewed.
pub fn reviewed_at() -> DateTime<Utc> {
    computed_at() + TimeDelta::hours(1)
}

/// When their notices, which hang for five days, are over.
pub fn closed_at() -> DateTime<Utc> {
    computed_at() + TimeDelta::days(7)
}
