//! Registration (登记): by when a deed is brought forward, where a village registers by the month.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::{CycleKind, day_of};
use crate::refusal::Refusal;

/// Deeds of a period are registered until it ends (Wendeng: at the end of the month).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The period.
    pub every: CycleKind,
    /// So many days after its end are still in time.
    #[serde(default)]
    pub grace_days: u16,
}

impl Registration {
    /// The last day on which a deed of that day can be registered.
    pub fn until(self, happened_on: NaiveDate) -> NaiveDate {
        let last = self.every.holding(happened_on).last_day();
        last.checked_add_days(Days::new(u64::from(self.grace_days))).unwrap_or(last)
    }

    /// Decides whether a deed can be registered now.
    ///
    /// # Errors
    /// `registration_over`.
    pub fn takes(self, happened_on: NaiveDate, now: DateTime<Utc>) -> Result<(), Refusal> {
        let until = self.until(happened_on);
        if day_of(now) <= until { Ok(()) } else { Err(Refusal::RegistrationOver { until }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::end_of;

    #[test]
    fn a_deed_is_registered_by_the_end_of_its_month_and_some_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let month = Registration { every: CycleKind::Month, grace_days: 0 };
        assert_eq!(month.until(day("2026-02-01")), day("2026-02-28"));
        let grace = Registration { grace_days: 5, ..month };
        assert_eq!(grace.until(day("2026-12-31")), day("2027-01-05"));
        let last = end_of(day("2027-01-05")) - chrono::Duration::seconds(1);
        assert_eq!(grace.takes(day("2026-12-01"), last), Ok(()));
        let until = day("2027-01-05");
        assert_eq!(
            grace.takes(day("2026-12-31"), end_of(until)),
            Err(Refusal::RegistrationOver { until })
        );
    }
}
