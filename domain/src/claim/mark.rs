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
    /// Its last day, unless it is a direct grade that is repaired before.
    pub until: NaiveDate,
}

/// Until when redemption is suspended by vetoes that stand on a day; none if it is not.
pub fn suspended_until<'a>(
    vetoes: impl IntoIterator<Item = &'a Mark>,
    on: NaiveDate,
) -> Option<NaiveDate> {
    let vetoes = vetoes.into_iter().filter(|mark| mark.kind == MarkKind::Veto);
    let standing = vetoes.filter(|mark| (mark.from..=mark.until).contains(&on));
    standing.map(|mark| mark.until).max()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redemption_is_suspended_as_long_as_any_veto_stands() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let mark = |kind, from, until| Mark { kind, from: day(from), until: day(until) };
        let marks = [
            mark(MarkKind::Veto, "2026-03-01", "2026-12-31"),
            mark(MarkKind::Veto, "2026-05-01", "2027-12-31"),
            mark(MarkKind::DirectGrade(Star::default()), "2026-01-01", "2030-12-31"),
        ];
        let on = |text| suspended_until(&marks, day(text));
        assert_eq!(on("2026-02-28"), None);
        assert_eq!(on("2026-03-01"), Some(day("2026-12-31")));
        assert_eq!(on("2026-05-01"), Some(day("2027-12-31")));
        assert_eq!(on("2027-12-31"), Some(day("2027-12-31")));
        assert_eq!(on("2028-01-01"), None);
    }
}
