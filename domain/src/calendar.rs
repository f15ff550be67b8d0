//! Days, working days and cycles, all in Asia/Shanghai.
//!
//! China has had one time zone without summer time since 1991, so a fixed offset of eight hours is
//! exact for every day this program can meet.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, NaiveTime, TimeZone, Utc, Weekday,
};
use serde::{Deserialize, Serialize};

/// The offset of Asia/Shanghai.
pub fn shanghai() -> FixedOffset {
    const EIGHT_HOURS: i32 = 8 * 3600;
    match FixedOffset::east_opt(EIGHT_HOURS) {
        Some(offset) => offset,
        None => unreachable!("eight hours are within a day"),
    }
}

/// The day it is in the village at that moment.
pub fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&shanghai()).date_naive()
}

/// The first moment of a day in the village.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    match shanghai().from_local_datetime(&midnight).single() {
        Some(moment) => moment.with_timezone(&Utc),
        None => unreachable!("a fixed offset has every local time exactly once"),
    }
}

/// The last moment of a day in the village, which is the first of the next day.
pub fn end_of(day: NaiveDate) -> DateTime<Utc> {
    start_of(day.checked_add_days(Days::new(1)).unwrap_or(day))
}

/// What an imported holiday table says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A public holiday: no working day, whatever the weekday.
    Holiday,
    /// A Saturday or Sunday that is worked in exchange (调休).
    Workday,
}

/// Which days are worked: Monday to Friday, less holidays, plus exchanged weekends.
#[derive(Clone, Debug, Default)]
pub struct WorkingCalendar {
    exceptions: BTreeMap<NaiveDate, DayKind>,
}

impl WorkingCalendar {
    /// A calendar from the imported table.
    pub fn new(exceptions: impl IntoIterator<Item = (NaiveDate, DayKind)>) -> Self {
        Self { exceptions: exceptions.into_iter().collect() }
    }

    /// Whether this day is worked.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        match self.exceptions.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::Workday) => true,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// The end of the `days`-th working day after the day of `from`; the day itself does not count.
    pub fn due(&self, from: DateTime<Utc>, days: u16) -> DateTime<Utc> {
        let mut day = day_of(from);
        let mut left = days;
        while left > 0 {
            day = match day.succ_opt() {
                Some(next) => next,
                None => break,
            };
            if self.is_working(day) {
                left -= 1;
            }
        }
        end_of(day)
    }
}

/// How long a cycle of rating lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleKind {
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// Half a year.
    HalfYear,
    /// A year.
    Year,
}

impl CycleKind {
    const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }

    /// The cycle that holds this day.
    pub fn holding(self, day: NaiveDate) -> Cycle {
        let first_month = day.month0() / self.months() * self.months() + 1;
        Cycle {
            kind: self,
            first: NaiveDate::from_ymd_opt(day.year(), first_month, 1).unwrap_or(day),
        }
    }
}

/// One cycle, written `2026`, `2026-H1`, `2026-Q3` or `2026-07`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cycle {
    kind: CycleKind,
    first: NaiveDate,
}

impl Cycle {
    /// How long it lasts.
    pub const fn kind(self) -> CycleKind {
        self.kind
    }

    /// Its first day.
    pub const fn first_day(self) -> NaiveDate {
        self.first
    }

    /// The first day after it.
    pub fn next_first_day(self) -> NaiveDate {
        self.first.checked_add_months(Months::new(self.kind.months())).unwrap_or(self.first)
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        self.next_first_day().pred_opt().unwrap_or(self.first)
    }

    /// Whether the day lies in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day < self.next_first_day()
    }

    /// Whether it is over at that moment.
    pub fn is_over(self, now: DateTime<Utc>) -> bool {
        day_of(now) >= self.next_first_day()
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month0) = (self.first.year(), self.first.month0());
        match self.kind {
            CycleKind::Year => write!(f, "{year:04}"),
            CycleKind::HalfYear => write!(f, "{year:04}-H{}", month0 / 6 + 1),
            CycleKind::Quarter => write!(f, "{year:04}-Q{}", month0 / 3 + 1),
            CycleKind::Month => write!(f, "{year:04}-{:02}", month0 + 1),
        }
    }
}

/// Why a text is not a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACycle;

impl FromStr for Cycle {
    type Err = NotACycle;

    fn from_str(text: &str) -> Result<Self, NotACycle> {
        let (year, part) = match text.split_once('-') {
            Some((year, part)) => (year, Some(part)),
            None => (text, None),
        };
        if year.len() != 4 || !text.is_ascii() {
            return Err(NotACycle);
        }
        let year: i32 = year.parse().map_err(|_| NotACycle)?;
        let number = |digits: &str| digits.parse::<u32>().map_err(|_| NotACycle);
        let (kind, nth) = match part {
            None => (CycleKind::Year, 1),
            Some(part) => match part.as_bytes() {
                [b'H', _] => (CycleKind::HalfYear, number(&part[1..])?),
                [b'Q', _] => (CycleKind::Quarter, number(&part[1..])?),
                [_, _] => (CycleKind::Month, number(part)?),
                _ => return Err(NotACycle),
            },
        };
        let first = nth
            .checked_sub(1)
            .and_then(|n| NaiveDate::from_ymd_opt(year, n * kind.months() + 1, 1))
            .ok_or(NotACycle)?;
        Ok(Self { kind, first })
    }
}

impl Serialize for Cycle {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn moment(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        assert_eq!(day_of(moment("2026-09-30T15:59:59Z")), day("2026-09-30"));
        assert_eq!(day_of(moment("2026-09-30T16:00:00Z")), day("2026-10-01"));
        assert_eq!(start_of(day("2026-10-01")), moment("2026-09-30T16:00:00Z"));
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays_and_count_exchanged_days() {
        let calendar = WorkingCalendar::new([
            (day("2026-10-01"), DayKind::Holiday),
            (day("2026-10-02"), DayKind::Holiday),
            (day("2026-10-10"), DayKind::Workday),
        ]);
        // Wednesday; Thursday and Friday are holidays, so the second working day is Tuesday.
        let due = calendar.due(moment("2026-09-30T02:00:00Z"), 2);
        assert_eq!(due, end_of(day("2026-10-06")));
        assert!(calendar.is_working(day("2026-10-10")));
        assert!(!calendar.is_working(day("2026-10-11")));
    }

    #[test]
    fn cycles_are_read_as_they_are_written() {
        for (text, first, last) in [
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-H2", "2026-07-01", "2026-12-31"),
            ("2026-Q3", "2026-07-01", "2026-09-30"),
            ("2026-02", "2026-02-01", "2026-02-28"),
        ] {
            let cycle: Cycle = text.parse().unwrap();
            assert_eq!(cycle.to_string(), text);
            assert_eq!((cycle.first_day(), cycle.last_day()), (day(first), day(last)));
            assert_eq!(cycle.kind().holding(day(last)), cycle);
        }
        for bad in
            ["", "26", "2026-Q5", "2026-Q0", "2026-H3", "2026-13", "2026-00", "2026-1", "2026-第"]
        {
            assert_eq!(bad.parse::<Cycle>(), Err(NotACycle), "{bad}");
        }
    }
}
