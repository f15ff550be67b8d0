//! What the benchmarks share: a server in a process of its own on a Postgres with full durability,
//! a load generator, pgbench with the same statements, and a report that compares the two.
//!
//! The rules are those of bench/README.md: side by side in one run, in turn, five rounds, medians
//! with spread, a ratio. The load generator and pgbench share the processors with what they measure.

pub mod county;
mod load;
mod pgbench;
pub mod photo;
mod report;
pub mod reports;
mod server;

pub use load::{Load, drive, drive_paced};
pub use pgbench::PgBench;
pub use report::Comparison;
pub use server::{Prepared, Server, as_server, processor_seconds};

/// How many connections, on both sides.
pub const CONNECTIONS: usize = 64;
/// How many rounds of each.
pub const ROUNDS: usize = 5;

/// How long one round lasts, in seconds: five, or `BENCH_SECONDS`.
pub fn seconds() -> u64 {
    std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5)
}
