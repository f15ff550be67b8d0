//! How long something stays in the score (section 4, "Duration"). What has run out is archived: out
//! of the score and of public view, never deleted.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::calendar::CycleKind;
use crate::points::Points;

/// How long something counts, from the day of the deed on. Late entry does not extend it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Duration {
    /// Until the cycle of rating ends.
    #[default]
    Cycle,
    /// Until the calendar year ends.
    Year,
    /// So many years from the day of the deed.
    Years {
        /// 1 to 100.
        years: u8,
    },
    /// By how much it is.
    ByPoints {
        /// Up to and with this amount `years`, above it `years_above`.
        up_to: Points,
        /// 1 to 100.
        years: u8,
        /// 1 to 100.
        years_above: u8,
    },
}

/// The day that stands for "as long as it is not put right".
pub const OPEN_ENDED: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();

impl Duration {
    /// The last day on which a deed of that day and amount counts.
    pub fn last_day(self, happened_on: NaiveDate, points: Points, cycle: CycleKind) -> NaiveDate {
        match self {
            Self::Cycle => cycle.holding(happened_on).last_day(),
            Self::Year => CycleKind::Year.holding(happened_on).last_day(),
            Self::Years { years } => after_years(happened_on, years),
            Self::ByPoints { up_to, years, years_above } => {
                after_years(happened_on, if points <= up_to { years } else { years_above })
            }
        }
    }

    /// The last day on which a fault counts that was put right on a day: extended period by period
    /// until then, and never shorter than it would have been anyway. The period is the cycle or the
    /// year; whatever counts for years is extended year by year.
    pub fn last_day_corrected(
        self,
        last_day: NaiveDate,
        corrected_on: NaiveDate,
        cycle: CycleKind,
    ) -> NaiveDate {
        match self {
            Self::Cycle => last_day.max(cycle.holding(corrected_on).last_day()),
            Self::Year => last_day.max(CycleKind::Year.holding(corrected_on).last_day()),
            Self::Years { .. } | Self::ByPoints { .. } => {
                let mut end = last_day;
                while end < corrected_on && end < OPEN_ENDED {
                    // From the day after, so that a year that ends with February has its 29th.
                    end = end.succ_opt().map_or(OPEN_ENDED, |next| after_years(next, 1));
                }
                end
            }
        }
    }
}

/// The day before the same day so many years later.
fn after_years(day: NaiveDate, years: u8) -> NaiveDate {
    let then = day.checked_add_months(Months::new(12 * u32::from(years)));
    then.and_then(|then| then.pred_opt()).unwrap_or(OPEN_ENDED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_villages_entry_ends_with_the_year_however_late_it_was_entered() {
        let last = |on| Duration::Year.last_day(day(on), Points::whole(5), CycleKind::Quarter);
        assert_eq!(last("2026-01-01"), day("2026-12-31"));
        assert_eq!(last("2026-12-31"), day("2026-12-31"));
        let cycle = Duration::Cycle.last_day(day("2026-05-05"), Points::ZERO, CycleKind::Quarter);
        assert_eq!(cycle, day("2026-06-30"));
    }

    #[test]
    fn a_districts_deduction_above_40_lasts_two_years() {
        let kind = Duration::ByPoints { up_to: Points::whole(40), years: 1, years_above: 2 };
        let last = |points| kind.last_day(day("2026-03-05"), points, CycleKind::Year);
        assert_eq!(last(Points::whole(40)), day("2027-03-04"));
        assert_eq!(last(Points::from_hundredths(4_001)), day("2028-03-04"));
        // The 29th of February has no anniversary in most years.
        let leap = Duration::Years { years: 1 };
        assert_eq!(
            leap.last_day(day("2024-02-29"), Points::ZERO, CycleKind::Year),
            day("2025-02-27")
        );
    }

    #[test]
    fn a_fault_that_stands_is_extended_year_by_year_until_it_is_put_right() {
        let ends =
            |on| Duration::Year.last_day_corrected(day("2026-12-31"), day(on), CycleKind::Year);
        assert_eq!(ends("2026-06-01"), day("2026-12-31"));
        assert_eq!(ends("2027-01-01"), day("2027-12-31"));
        assert_eq!(ends("2029-12-31"), day("2029-12-31"));
        let years = Duration::Years { years: 1 };
        let ends = |on| years.last_day_corrected(day("2027-03-04"), day(on), CycleKind::Year);
        assert_eq!(ends("2027-03-04"), day("2027-03-04"));
        assert_eq!(ends("2027-03-05"), day("2028-03-04"));
        let leap = years.last_day_corrected(day("2027-02-28"), day("2027-06-01"), CycleKind::Year);
        assert_eq!(leap, day("2028-02-29"));
    }
}
