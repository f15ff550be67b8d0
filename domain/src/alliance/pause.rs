//! Pausing (暂停合作): for some days a merchant neither scans nor sells and is not on the list. Refunds
//! go on. Closing is for good.

use chrono::{DateTime, NaiveDate, Utc};

use crate::refusal::Refusal;

names! {
    /// Who paused a merchant.
    PausedBy {
        /// The merchant itself: on holiday, rebuilding.
        Merchant "merchant",
        /// The division that registered it: something has to be cleared up first.
        Division "division",
    }
}

/// A pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The first day.
    pub from: NaiveDate,
    /// The last day; until somebody ends it if none.
    pub until: Option<NaiveDate>,
    /// Who said so.
    pub by: PausedBy,
}

impl Pause {
    fn holds_on(self, day: NaiveDate) -> bool {
        self.from <= day && !self.is_over(day)
    }

    fn is_over(self, today: NaiveDate) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

/// Whether a merchant trades: closed for good, or paused for a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The pause that holds, is to come, or was the last.
    pub pause: Option<Pause>,
}

impl Standing {
    /// Checks that it was not closed.
    ///
    /// # Errors
    /// `merchant_closed`.
    pub const fn is_open(&self) -> Result<(), Refusal> {
        match self.closed_at {
            None => Ok(()),
            Some(_) => Err(Refusal::MerchantClosed),
        }
    }

    /// Checks that it trades on that day.
    ///
    /// # Errors
    /// `merchant_closed`, `merchant_paused`.
    pub fn trades_on(&self, day: NaiveDate) -> Result<(), Refusal> {
        self.is_open()?;
        match self.pause {
            Some(pause) if pause.holds_on(day) => {
                Err(Refusal::MerchantPaused { until: pause.until })
            }
            _ => Ok(()),
        }
    }

    /// Pauses it; a pause that holds or is to come gives way to the new one.
    ///
    /// # Errors
    /// `merchant_closed`; `pause_invalid` for one that begins before today or ends before it begins;
    /// `pause_of_division` for a merchant that would change what the division said.
    pub fn pause(&self, pause: Pause, today: NaiveDate) -> Result<Pause, Refusal> {
        self.is_open()?;
        if pause.from < today || pause.until.is_some_and(|until| until < pause.from) {
            return Err(Refusal::PauseInvalid { earliest: today });
        }
        self.may_end(pause.by, today)?;
        Ok(pause)
    }

    /// Ends the pause that holds or is to come: from this moment it trades again.
    ///
    /// # Errors
    /// `merchant_closed`, `not_paused`, `pause_of_division`.
    pub fn resume(&self, by: PausedBy, today: NaiveDate) -> Result<(), Refusal> {
        self.is_open()?;
        if self.pause.is_none_or(|pause| pause.is_over(today)) {
            return Err(Refusal::NotPaused);
        }
        self.may_end(by, today)
    }

    fn may_end(&self, by: PausedBy, today: NaiveDate) -> Result<(), Refusal> {
        match self.pause {
            Some(pause)
                if pause.by == PausedBy::Division
                    && by == PausedBy::Merchant
                    && !pause.is_over(today) =>
            {
                Err(Refusal::PauseOfDivision)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn pause(from: &str, until: Option<&str>, by: PausedBy) -> Pause {
        Pause { from: day(from), until: until.map(day), by }
    }

    fn paused(pause: Pause) -> Standing {
        Standing { closed_at: None, pause: Some(pause) }
    }

    #[test]
    fn a_paused_merchant_trades_before_and_after_its_pause() {
        let standing = paused(pause("2026-10-20", Some("2026-10-22"), PausedBy::Merchant));
        for (on, trades) in [
            ("2026-10-19", true),
            ("2026-10-20", false),
            ("2026-10-22", false),
            ("2026-10-23", true),
        ] {
            assert_eq!(standing.trades_on(day(on)).is_ok(), trades, "{on}");
        }
        let until = Some(day("2026-10-22"));
        let refused = standing.trades_on(day("2026-10-21"));
        assert_eq!(refused, Err(Refusal::MerchantPaused { until }));
    }

    #[test]
    fn what_the_division_paused_the_merchant_does_not_resume() {
        let today = day("2026-10-21");
        let standing = paused(pause("2026-10-20", None, PausedBy::Division));
        let own = pause("2026-10-21", Some("2026-10-21"), PausedBy::Merchant);
        assert_eq!(standing.resume(PausedBy::Merchant, today), Err(Refusal::PauseOfDivision));
        assert_eq!(standing.pause(own, today), Err(Refusal::PauseOfDivision));
        assert_eq!(standing.resume(PausedBy::Division, today), Ok(()));
        let theirs = paused(pause("2026-10-20", None, PausedBy::Merchant));
        assert_eq!(theirs.resume(PausedBy::Division, today), Ok(()));
        assert_eq!(theirs.resume(PausedBy::Merchant, today), Ok(()));
        let over = paused(pause("2026-10-01", Some("2026-10-02"), PausedBy::Division));
        assert_eq!(over.resume(PausedBy::Division, today), Err(Refusal::NotPaused));
        assert_eq!(over.pause(own, today), Ok(own));
    }

    #[test]
    fn a_pause_begins_today_at_the_earliest_and_a_closed_merchant_has_none() {
        let (today, none) = (day("2026-10-21"), Standing::default());
        for bad in [
            pause("2026-10-20", None, PausedBy::Division),
            pause("2026-10-23", Some("2026-10-22"), PausedBy::Division),
        ] {
            let refused = none.pause(bad, today);
            assert_eq!(refused, Err(Refusal::PauseInvalid { earliest: today }));
        }
        let closed =
            Standing { closed_at: Some("2026-01-01T00:00:00Z".parse().unwrap()), pause: None };
        let good = pause("2026-10-21", None, PausedBy::Division);
        assert_eq!(closed.pause(good, today), Err(Refusal::MerchantClosed));
        assert_eq!(closed.resume(PausedBy::Division, today), Err(Refusal::MerchantClosed));
    }
}
