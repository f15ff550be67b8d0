//! Which purchases a difference is about.

use std::collections::BTreeMap;

use uuid::Uuid;

/// That a purchase or redemption, or its refund, moved so much in the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The purchase or redemption.
    pub of: Uuid,
    /// Whether it is the refund.
    pub refund: bool,
    /// How much: fen of star credit, or hundredths of points.
    pub amount: i64,
}

/// A purchase or refund of which till and ledger say different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The purchase or redemption.
    pub of: Uuid,
    /// Whether it is its refund.
    pub refund: bool,
    /// What the till says; none if it knows nothing of it in this month.
    pub till: Option<i64>,
    /// What the ledger says; none if it knows nothing of it in this month.
    pub ledger: Option<i64>,
}

/// Every movement of which the two do not say the same, in the order of the purchases. What moves nothing
/// needs no entry in the ledger.
pub fn differences(till: &[Movement], ledger: &[Movement]) -> Vec<Difference> {
    let mut found: BTreeMap<(Uuid, bool), (Option<i64>, Option<i64>)> = BTreeMap::new();
    for moved in till.iter().filter(|moved| moved.amount != 0) {
        let (said, _) = found.entry((moved.of, moved.refund)).or_default();
        *said = Some(said.unwrap_or(0).saturating_add(moved.amount));
    }
    for moved in ledger {
        let (_, said) = found.entry((moved.of, moved.refund)).or_default();
        *said = Some(said.unwrap_or(0).saturating_add(moved.amount));
    }
    found
        .into_iter()
        .filter(|(_, (till, ledger))| till != ledger)
        .map(|((of, refund), (till, ledger))| Difference { of, refund, till, ledger })
        .collect()
}
