//! On which days of the week and at which hours an agreement holds, in the time of China.

use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc};

use crate::calendar::shanghai;
use crate::refusal::Refusal;

/// How many minutes a day has.
pub const DAY_MINUTES: u16 = 24 * 60;

/// Days of the week: Monday is 1, Tuesday 2, Wednesday 4 and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// The days with these bits, if there is one at least and none beyond Sunday.
    pub fn from_bits(bits: u8) -> Option<Self> {
        (1..=Self::ALL.0).contains(&bits).then_some(Self(bits))
    }

    /// The bits, for storing.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Days by their numbers, Monday is 1 and Sunday 7; none if the list is empty or has another
    /// number.
    pub fn of(numbers: &[u8]) -> Option<Self> {
        let bits = numbers.iter().try_fold(0_u8, |bits, number| {
            (1..=7).contains(number).then(|| bits | 1 << (number - 1))
        })?;
        Self::from_bits(bits)
    }

    /// Their numbers, Monday is 1.
    pub fn numbers(self) -> Vec<u8> {
        (1..=7).filter(|number| self.0 & (1 << (number - 1)) != 0).collect()
    }

    fn has(self, day: NaiveDate) -> bool {
        self.0 & (1 << day.weekday().num_days_from_monday()) != 0
    }
}

/// When in a week something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// On which days.
    pub weekdays: Weekdays,
    /// From which minute after midnight.
    pub from_minute: u16,
    /// The first minute at which it does not hold any more; 1440 is midnight.
    pub until_minute: u16,
}

impl Times {
    /// At all times.
    pub const ALWAYS: Self =
        Self { weekdays: Weekdays::ALL, from_minute: 0, until_minute: DAY_MINUTES };

    /// Checks that the hours are hours of one day. What goes past midnight takes two agreements.
    ///
    /// # Errors
    /// `agreement_hours_invalid`.
    pub const fn check(&self) -> Result<(), Refusal> {
        if self.from_minute < self.until_minute && self.until_minute <= DAY_MINUTES {
            Ok(())
        } else {
            Err(Refusal::AgreementHoursInvalid)
        }
    }

    /// Whether that is at all times.
    pub fn is_always(&self) -> bool {
        *self == Self::ALWAYS
    }

    /// Whether it holds at that moment.
    pub fn hold_at(&self, moment: DateTime<Utc>) -> bool {
        let there = moment.with_timezone(&shanghai());
        let minute = there.hour() * 60 + there.minute();
        self.weekdays.has(there.date_naive())
            && (u32::from(self.from_minute)..u32::from(self.until_minute)).contains(&minute)
    }

    /// Whether both hold at some moment of the days from `first` to `last`; without an end, of all
    /// days from then on.
    pub fn meet(&self, other: &Self, first: NaiveDate, last: Option<NaiveDate>) -> bool {
        let hours = self.from_minute < other.until_minute && other.from_minute < self.until_minute;
        let both = |day: &NaiveDate| self.weekdays.has(*day) && other.weekdays.has(*day);
        // After a week every day of the week has been.
        let week = (0..7).filter_map(|n| first.checked_add_days(Days::new(n)));
        hours && week.filter(|day| last.is_none_or(|last| *day <= last)).any(|day| both(&day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn times(days: &[u8], from_minute: u16, until_minute: u16) -> Times {
        Times { weekdays: Weekdays::of(days).unwrap(), from_minute, until_minute }
    }

    #[test]
    fn hours_and_days_are_those_of_china() {
        // A Saturday, 09:00 to 12:00.
        let morning = times(&[6], 540, 720);
        for (moment, holds) in [
            ("2026-10-24T00:59:59Z", false),
            ("2026-10-24T01:00:00Z", true),
            ("2026-10-24T03:59:59Z", true),
            ("2026-10-24T04:00:00Z", false),
            ("2026-10-23T02:00:00Z", false),
        ] {
            assert_eq!(morning.hold_at(at(moment)), holds, "{moment}");
        }
        // Half past midnight of Saturday there is Friday in London.
        assert!(times(&[6], 0, DAY_MINUTES).hold_at(at("2026-10-23T16:30:00Z")));
    }

    #[test]
    fn two_times_meet_only_on_days_that_the_term_has() {
        let (monday, sunday) = ("2026-10-19".parse().unwrap(), "2026-10-25".parse().unwrap());
        let (sundays, all) = (times(&[7], 0, DAY_MINUTES), Times::ALWAYS);
        assert!(!sundays.meet(&all, monday, "2026-10-24".parse().ok()));
        assert!(sundays.meet(&all, monday, Some(sunday)));
        assert!(sundays.meet(&all, monday, None));
        assert!(!sundays.meet(&times(&[1, 2], 0, DAY_MINUTES), monday, None));
        let (early, late) = (times(&[7], 0, 600), times(&[7], 600, DAY_MINUTES));
        assert!(!early.meet(&late, monday, None) && early.meet(&early, monday, None));
    }

    #[test]
    fn hours_are_hours_of_one_day() {
        for (from, until) in [(600, 600), (1_200, 300), (0, 1_441)] {
            let refused = times(&[1], from, until).check();
            assert_eq!(refused, Err(Refusal::AgreementHoursInvalid), "{from} {until}");
        }
        assert_eq!(Times::ALWAYS.check(), Ok(()));
        for bad in [&[][..], &[0], &[8]] {
            assert_eq!(Weekdays::of(bad), None);
        }
        assert_eq!(Weekdays::of(&[7, 1, 1]).unwrap().numbers(), [1, 7]);
    }
}
