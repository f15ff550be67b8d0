//! The report: a table for people, a line of JSON for machines.

use serde_json::json;

/// Ours against its limit, round by round.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// What is compared.
    pub name: &'static str,
    /// What ours and the limit are counted in.
    pub unit: &'static str,
    /// Ours in each round.
    pub ours: Vec<f64>,
    /// The limit in each round.
    pub limit: Vec<f64>,
    /// The ratio to reach.
    pub to_reach: f64,
    /// The 99th percentile of our answers, in milliseconds, in each round.
    pub p99_ms: Vec<f64>,
    /// The highest resident memory of the server, in MB.
    pub memory_mb: f64,
}

/// The middle, the lowest and the highest of some figures.
fn spread(figures: &[f64]) -> (f64, f64, f64) {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |i: usize| sorted.get(i).copied().unwrap_or(f64::NAN);
    (at(sorted.len() / 2), at(0), at(sorted.len().saturating_sub(1)))
}

impl Comparison {
    /// The ratio of ours to the limit, round by round.
    pub fn ratios(&self) -> Vec<f64> {
        self.ours.iter().zip(&self.limit).map(|(ours, limit)| ours / limit).collect()
    }

    /// Prints the table and the JSON.
    pub fn print(&self) {
        println!("\n{} ({})", self.name, self.unit);
        println!("{:<12} {:>12} {:>12} {:>12}", "", "median", "lowest", "highest");
        for (name, figures) in [("ours", &self.ours), ("pgbench", &self.limit)] {
            let (middle, low, high) = spread(figures);
            println!("{name:<12} {middle:>12.0} {low:>12.0} {high:>12.0}");
        }
        let (ratio, low, high) = spread(&self.ratios());
        println!("{:<12} {ratio:>12.3} {low:>12.3} {high:>12.3}", "ratio");
        println!("to reach     {:>12.2}", self.to_reach);
        let p99 = spread(&self.p99_ms).0;
        println!("p99 {p99:.1} ms, resident memory at most {:.1} MB", self.memory_mb);
        let json = json!({
            "name": self.name, "unit": self.unit, "ours": self.ours, "pgbench": self.limit,
            "ratio": ratio, "to_reach": self.to_reach, "p99_ms": p99, "memory_mb": self.memory_mb,
        });
        println!("{json}");
    }
}
