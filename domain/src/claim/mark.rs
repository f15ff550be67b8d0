//! What a posted claim does besides moving points: a direct grade sets the star, a veto suspends
//! redemption.

use chrono::{Datelike, NaiveDate};

use super::Claim;
use crate::rule_book::{Item, ItemKind, OPEN_ENDED, Star};

/// What kind of mark it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// 直接判级: this star, whatever the score.
    DirectGrade(Star),
    /// 一票否决: no redemption.
    Veto,
}

impl MarkKind {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DirectGrade(_) => "direct_grade",
            Self::Veto => "veto",
        }
    }
}

/// A mark on an account, from a day to a day, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What it does.
    pub kind: MarkKind,
    /// From the day of the deed on.
    pub from: NaiveDate,
    /// Its last day, unless it is repaired before.
    pub until: NaiveDate,
}

impl Claim {
    /// The mark that the claim leaves once it is posted, if its item leaves one.
    pub fn mark(&self, item: &Item) -> Option<Mark> {
        if self.yields_to().is_some() {
            return None;
        }
        let from = self.happened_on;
        match self.kind {
            ItemKind::Award | ItemKind::Deduction => None,
            ItemKind::DirectGrade => Some(Mark {
                kind: MarkKind::DirectGrade(item.grade.unwrap_or_default()),
                from,
                until: self.counts_until.unwrap_or(OPEN_ENDED),
            }),
            ItemKind::Veto => {
                let further = item.suspends.map_or(0, |one| i32::from(one.further_years));
                let until = NaiveDate::from_ymd_opt(from.year() + further, 12, 31);
                Some(Mark { kind: MarkKind::Veto, from, until: until.unwrap_or(OPEN_ENDED) })
            }
        }
    }
}
