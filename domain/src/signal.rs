//! Signals (异常提示): purchases that a supervisor should look at. A machine only says where to look: nothing
//! is blocked, only those who supervise are told, and what it is worth is for them to find.
//!
//! Looked at is what one household bought at one merchant on one day ([`Tally`]). A village sets the
//! [`Lines`] from which on that is a signal, within bounds that leave none of them without a line.

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, MerchantId};
use crate::points::{BasisPoints, Fen};
use crate::refusal::Refusal;

names! {
    /// What is odd about purchases (section 9 of the domain).
    SignalKind {
        /// 次数偏多: many purchases.
        ManyPurchases "many_purchases",
        /// 整数金额: prices that are round sums.
        RoundSums "round_sums",
        /// 贴近限额: prices at the ceiling of the agreement.
        AtCeiling "at_ceiling",
        /// 夜间交易: at night.
        NightHours "night_hours",
    }
}

/// From when on purchases of one household at one merchant on one day are a signal. The figures are ours:
/// no account from the field publishes any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// So many purchases.
    pub many: u16,
    /// A price that is a multiple of this is a round sum.
    pub round: Fen,
    /// So many round sums.
    pub round_count: u16,
    /// A price of at least this share of the agreement's ceiling is at it.
    pub ceiling_share: BasisPoints,
    /// So many of them.
    pub ceiling_count: u16,
    /// Night begins with this hour.
    pub night_from: u8,
    /// Night ends before this hour.
    pub night_until: u8,
    /// So many purchases at night.
    pub night_count: u16,
}

/// The most purchases of a day that a line can ask for: above it nothing would ever be shown.
pub const COUNT_MAX: u16 = 50;
/// The bounds of a round sum: one yuan and a thousand.
const ROUND: std::ops::RangeInclusive<Fen> = Fen::yuan(1)..=Fen::yuan(1_000);
/// The least share of a ceiling that is at it.
const SHARE_MIN: u16 = 5_000;

impl Default for Lines {
    fn default() -> Self {
        Self {
            many: 4,
            round: Fen::yuan(50),
            round_count: 3,
            ceiling_share: BasisPoints::new(9_500).unwrap_or_default(),
            ceiling_count: 2,
            night_from: 22,
            night_until: 6,
            night_count: 2,
        }
    }
}

impl Lines {
    /// Checks that they can hold.
    ///
    /// # Errors
    /// `signal_lines_invalid`: a count outside of 1 to [`COUNT_MAX`] (of purchases from 2 on), a round sum
    /// outside of 1 to 1,000 yuan, a share below half, an hour that the day does not have, or a night that
    /// is the whole day or none of it.
    pub fn check(&self) -> Result<(), Refusal> {
        let counts = [self.round_count, self.ceiling_count, self.night_count];
        let counted = counts.iter().all(|count| (1..=COUNT_MAX).contains(count));
        let hours = self.night_from < 24 && self.night_until < 24;
        let good = counted
            && (2..=COUNT_MAX).contains(&self.many)
            && ROUND.contains(&self.round)
            && self.ceiling_share.get() >= SHARE_MIN
            && hours
            && self.night_from != self.night_until;
        if good { Ok(()) } else { Err(Refusal::SignalLinesInvalid) }
    }
}

/// What one household bought at one merchant on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The household's account.
    pub account: AccountId,
    /// The merchant.
    pub merchant: MerchantId,
    /// How many purchases.
    pub count: i64,
    /// How many with a round price.
    pub round: i64,
    /// How many at the ceiling.
    pub at_ceiling: i64,
    /// How many at night.
    pub at_night: i64,
    /// What all of them cost.
    pub price: Fen,
    /// What came off of all of them.
    pub discount: Fen,
}

/// That purchases crossed a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// What is odd.
    pub kind: SignalKind,
    /// How many purchases.
    pub count: i64,
    /// From how many on it is a signal.
    pub line: u16,
}

/// What a supervisor should look at of a day; none for most.
pub fn signals(lines: &Lines, tally: &Tally) -> Vec<Signal> {
    [
        (SignalKind::ManyPurchases, tally.count, lines.many),
        (SignalKind::RoundSums, tally.round, lines.round_count),
        (SignalKind::AtCeiling, tally.at_ceiling, lines.ceiling_count),
        (SignalKind::NightHours, tally.at_night, lines.night_count),
    ]
    .into_iter()
    .filter(|(_, count, line)| *count >= i64::from(*line))
    .map(|(kind, count, line)| Signal { kind, count, line })
    .collect()
}

names! {
    /// What a supervisor found of a signal.
    Finding {
        /// 情况正常: there is a good reason for it.
        Explained "explained",
        /// 需要跟进: somebody has to look further.
        FollowUp "follow_up",
    }
}

/// Checks that a finding can be written: once, and then it stays.
///
/// # Errors
/// `signal_found`.
pub fn may_find(found: Option<Finding>) -> Result<(), Refusal> {
    if found.is_some() { Err(Refusal::SignalFound) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn tally(count: i64, round: i64, at_ceiling: i64, at_night: i64) -> Tally {
        let id = Uuid::from_u128(1);
        Tally {
            account: AccountId(id),
            merchant: MerchantId(id),
            count,
            round,
            at_ceiling,
            at_night,
            price: Fen::yuan(100),
            discount: Fen::yuan(8),
        }
    }

    #[test]
    fn each_line_is_crossed_by_itself_and_from_its_figure_on() {
        let lines = Lines::default();
        assert_eq!(signals(&lines, &tally(3, 2, 1, 1)), []);
        let found = signals(&lines, &tally(4, 3, 2, 2));
        let kinds: Vec<_> = found.iter().map(|signal| signal.kind).collect();
        assert_eq!(kinds, SignalKind::ALL);
        assert_eq!((found[0].count, found[0].line), (4, 4));
        let night = signals(&lines, &tally(2, 0, 0, 2));
        assert_eq!(night, [Signal { kind: SignalKind::NightHours, count: 2, line: 2 }]);
    }

    #[test]
    fn no_line_can_be_set_where_nothing_reaches_it() {
        assert_eq!(Lines::default().check(), Ok(()));
        let lines = Lines::default();
        for bad in [
            Lines { many: 1, ..lines },
            Lines { many: COUNT_MAX + 1, ..lines },
            Lines { round_count: 0, ..lines },
            Lines { ceiling_count: COUNT_MAX + 1, ..lines },
            Lines { round: Fen::new(99), ..lines },
            Lines { round: Fen::yuan(1_001), ..lines },
            Lines { ceiling_share: BasisPoints::new(4_999).unwrap(), ..lines },
            Lines { night_from: 24, ..lines },
            Lines { night_from: 6, ..lines },
        ] {
            assert_eq!(bad.check(), Err(Refusal::SignalLinesInvalid), "{bad:?}");
        }
    }

    #[test]
    fn a_finding_is_written_once() {
        assert_eq!(may_find(None), Ok(()));
        assert_eq!(may_find(Some(Finding::Explained)), Err(Refusal::SignalFound));
    }
}
