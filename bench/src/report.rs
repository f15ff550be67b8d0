//! The report: a table for people, a line of JSON for machines.

use serde_json::json;

/// Ours against its limit, round by round.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// What is compared.
    pub name: &'static str,
    /// What ours and the limit are counted in.
    pub unit: &'static str,
    /// What the limit is.
    pub against: &'static str,
    /// Ours in each round.
    pub ours: Vec<f64>,
    /// The limit in each round.
    pub limit: Vec<f64>,
    /// The ratio to reach, if one was set.
    pub to_reach: Option<f64>,
    /// The 99th percentile of our answers, in milliseconds, in each round; empty where nothing
    /// answers.
    pub p99_ms: Vec<f64>,
    /// The highest resident memory of the server, in MB, if there is one.
    pub memory_mb: Option<f64>,
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
        println!("{:<14} {:>12} {:>12} {:>12}", "", "median", "lowest", "highest");
        for (name, figures) in [("ours", &self.ours), (self.against, &self.limit)] {
            let (middle, low, high) = spread(figures);
            println!("{name:<14} {middle:>12.0} {low:>12.0} {high:>12.0}");
        }
        let (ratio, low, high) = spread(&self.ratios());
        println!("{:<14} {ratio:>12.3} {low:>12.3} {high:>12.3}", "ratio");
        if let Some(to_reach) = self.to_reach {
            println!("{:<14} {to_reach:>12.2}", "to reach");
        }
        let p99 = (!self.p99_ms.is_empty()).then(|| spread(&self.p99_ms).0);
        if let (Some(p99), Some(memory)) = (p99, self.memory_mb) {
            println!("p99 {p99:.1} ms, resident memory at most {memory:.1} MB");
        }
        let json = json!({
            "name": self.name, "unit": self.unit, "ours": self.ours, "against": self.against,
            "limit": self.limit, "ratio": ratio, "to_reach": self.to_reach, "p99_ms": p99,
            "memory_mb": self.memory_mb,
        });
        println!("{json}");
    }
}
