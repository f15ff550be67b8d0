//! The star table. It may be empty: a village can give points without stars.

use super::{FaultKind, Faults};
use crate::points::Fen;
use crate::rule_book::{Star, StarTable};

pub(super) fn check(table: &StarTable, faults: &mut Faults) {
    let mut above = None;
    for (n, row) in table.0.iter().enumerate() {
        if row.stars == Star::NONE {
            faults.add(format!("stars[{n}].stars"), FaultKind::StarZero);
        }
        if row.star_credit_fen < Fen::ZERO {
            faults.add(format!("stars[{n}].star_credit_fen"), FaultKind::Negative);
        }
        let order = above.replace((row.stars, row.from)).map(|(stars, from)| {
            let falls = row.stars < stars && row.from < from;
            (falls, row.stars.get() + 1 < stars.get())
        });
        match order {
            Some((false, _)) => faults.add(format!("stars[{n}]"), FaultKind::StarOrder),
            Some((true, true)) => faults.add(format!("stars[{n}]"), FaultKind::StarGap),
            Some((true, false)) | None => {}
        }
    }
}
