//! Caps: how often, or how much, an item can count in a period; and what a cap cut, with the
//! reason, so that the claimant can read it.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::calendar::CycleKind;
use crate::id::VillagerId;
use crate::points::Points;

/// For whom a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapScope {
    /// The account as a whole.
    Account,
    /// Each member of the household for themselves.
    Member,
}

/// The period in which a cap counts, by the day of the deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapPeriod {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
    /// The book's cycle of rating.
    Cycle,
}

/// What a cap limits. One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapLimit {
    /// How many deeds count.
    Count(u32),
    /// How many points count.
    Points(Points),
}

/// A cap of an item. Several may hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// For whom it counts.
    pub per: CapScope,
    /// In which period.
    pub period: CapPeriod,
    /// The limit.
    pub limit: CapLimit,
}

/// A deed of the same account and item that counts already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Who did it.
    pub member: VillagerId,
    /// When it was done.
    pub happened_on: NaiveDate,
    /// What it was granted.
    pub points: Points,
}

/// What one cap cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// The cap that cut.
    pub cap: Cap,
    /// How many points it took away from what was left before it.
    pub points: Points,
}

/// What is left of an amount after all caps, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    /// What counts.
    pub granted: Points,
    /// What was cut, by which cap, in the order of the book.
    pub cuts: Vec<Cut>,
}

impl CapPeriod {
    /// The first and last day of the period that holds the day.
    pub fn around(self, day: NaiveDate, cycle: CycleKind) -> (NaiveDate, NaiveDate) {
        let whole = |kind: CycleKind| {
            let cycle = kind.holding(day);
            (cycle.first_day(), cycle.last_day())
        };
        match self {
            Self::Day => (day, day),
            Self::Week => {
                let back = Days::new(u64::from(day.weekday().num_days_from_monday()));
                let monday = day.checked_sub_days(back).unwrap_or(day);
                (monday, monday.checked_add_days(Days::new(6)).unwrap_or(monday))
            }
            Self::Month => whole(CycleKind::Month),
            Self::Quarter => whole(CycleKind::Quarter),
            Self::Year => whole(CycleKind::Year),
            Self::Cycle => whole(cycle),
        }
    }
}

impl Cap {
    /// What this cap leaves of `asked` for a deed of `member` on `day`.
    fn leaves(
        &self,
        asked: Points,
        member: VillagerId,
        day: NaiveDate,
        cycle: CycleKind,
        earlier: &[Earlier],
    ) -> Points {
        let (first, last) = self.period.around(day, cycle);
        let counted = earlier.iter().filter(|deed| {
            (first..=last).contains(&deed.happened_on)
                && (self.per == CapScope::Account || deed.member == member)
        });
        match self.limit {
            CapLimit::Count(count_max) => {
                let used = counted.filter(|deed| deed.points.is_positive()).count();
                if u32::try_from(used).is_ok_and(|used| used < count_max) {
                    asked
                } else {
                    Points::ZERO
                }
            }
            CapLimit::Points(points_max) => {
                let used: i64 = counted.map(|deed| deed.points.hundredths()).sum();
                let left = points_max.hundredths().saturating_sub(used).max(0);
                asked.min(Points::from_hundredths(left))
            }
        }
    }

    /// Applies several caps to an amount. Each sees what the one before it left.
    pub fn apply(
        caps: &[Self],
        asked: Points,
        member: VillagerId,
        day: NaiveDate,
        cycle: CycleKind,
        earlier: &[Earlier],
    ) -> Allowance {
        let mut allowance = Allowance { granted: asked, cuts: Vec::new() };
        for cap in caps {
            let left = cap.leaves(allowance.granted, member, day, cycle, earlier);
            let cut = allowance.granted.hundredths() - left.hundredths();
            if cut > 0 {
                allowance.cuts.push(Cut { cap: *cap, points: Points::from_hundredths(cut) });
                allowance.granted = left;
            }
        }
        allowance
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ANNA: VillagerId = VillagerId(Uuid::from_u128(1));
    const BO: VillagerId = VillagerId(Uuid::from_u128(2));

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn deed(member: VillagerId, on: &str, points: i32) -> Earlier {
        Earlier { member, happened_on: day(on), points: Points::whole(points) }
    }

    fn apply(caps: &[Cap], asked: i32, on: &str, earlier: &[Earlier]) -> Allowance {
        Cap::apply(caps, Points::whole(asked), ANNA, day(on), CycleKind::Quarter, earlier)
    }

    #[test]
    fn one_a_month_leaves_nothing_for_the_second_of_the_month() {
        let caps =
            [Cap { per: CapScope::Account, period: CapPeriod::Month, limit: CapLimit::Count(1) }];
        let earlier = [deed(BO, "2026-07-31", 2)];
        assert_eq!(apply(&caps, 2, "2026-08-01", &earlier).granted, Points::whole(2));
        let second = apply(&caps, 2, "2026-07-01", &earlier);
        assert_eq!(second.granted, Points::ZERO);
        assert_eq!(second.cuts, [Cut { cap: caps[0], points: Points::whole(2) }]);
    }

    #[test]
    fn a_cap_per_member_does_not_count_the_others() {
        let caps = [Cap {
            per: CapScope::Member,
            period: CapPeriod::Quarter,
            limit: CapLimit::Points(Points::whole(1)),
        }];
        assert_eq!(
            apply(&caps, 1, "2026-07-02", &[deed(BO, "2026-07-01", 1)]).granted,
            Points::whole(1)
        );
        assert_eq!(
            apply(&caps, 1, "2026-07-02", &[deed(ANNA, "2026-09-30", 1)]).granted,
            Points::ZERO
        );
    }

    #[test]
    fn several_caps_hold_at_once_and_each_says_what_it_cut() {
        let year = Cap {
            per: CapScope::Account,
            period: CapPeriod::Year,
            limit: CapLimit::Points(Points::whole(40)),
        };
        let week = Cap {
            per: CapScope::Account,
            period: CapPeriod::Week,
            limit: CapLimit::Points(Points::whole(5)),
        };
        let earlier = [deed(BO, "2026-01-05", 37), deed(ANNA, "2026-07-06", 1)];
        let left = apply(&[week, year], 6, "2026-07-12", &earlier);
        assert_eq!(left.granted, Points::whole(2));
        assert_eq!(
            left.cuts,
            [
                Cut { cap: week, points: Points::whole(2) },
                Cut { cap: year, points: Points::whole(2) }
            ]
        );
    }
}
