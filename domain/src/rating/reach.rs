//! Which row of a table a score reaches, and how far the next one is.

use crate::points::Points;
use crate::rule_book::Threshold;

/// The row that a score reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach<Row> {
    /// The row; none below all of them.
    pub row: Option<Row>,
    /// The one above it; none above all of them.
    pub next: Option<Next<Row>>,
}

/// The next row up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next<Row> {
    /// The row.
    pub row: Row,
    /// How many points of the score are missing: at least a hundredth.
    pub missing: Points,
}

impl<Row: Copy> Reach<Row> {
    /// Which of the rows, the highest first, a score reaches.
    pub fn of(rows: &[Row], threshold: impl Fn(&Row) -> Threshold, score: Points) -> Self {
        let reached = rows.iter().position(|row| threshold(row).is_reached_by(score));
        let above = reached.unwrap_or(rows.len()).checked_sub(1).and_then(|n| rows.get(n));
        Self {
            row: reached.and_then(|n| rows.get(n)).copied(),
            next: above.map(|row| Next { row: *row, missing: threshold(row).missing(score) }),
        }
    }
}
