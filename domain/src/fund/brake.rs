//! The brake on issuance: when the fund covers too little of what the village owes, deeds of days to come
//! bring less redeemable points, and the star credit of a cycle is issued by the share of its days
//! ([`CycleShare`]): the days before the brake bring all of it.
//!
//! It is told in advance and looks at the day of the deed, as a rule book does: a deed of the day before
//! brings what was promised on that day, whenever it is certified. The score, and so the stars, are not
//! touched, nor is the weight in a dividend, which shares a pool and issues nothing.

use chrono::{Days, NaiveDate};

use crate::four_eyes::{Hand, checked_by};
use crate::points::{BasisPoints, Fen, Points};
use crate::refusal::Refusal;

/// The fewest and the most days between telling and braking.
pub const NOTICE_DAYS: std::ops::RangeInclusive<u16> = 3..=60;
/// All of it, in basis points.
const WHOLE: i128 = 10_000;
/// The highest line that can be set: ten times what is owed.
pub const LINE_MAX: u32 = 100_000;

/// When a village brakes, and how hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrakePolicy {
    /// Below this coverage, in basis points, those who run the village are warned.
    pub warn_below: u32,
    /// Below this coverage, in basis points, a brake is announced; 0 never brakes.
    pub brake_below: u32,
    /// The share of redeemable points and star credit that is issued while braked.
    pub issued: BasisPoints,
    /// How many whole days lie between the day of the announcement and the first braked day.
    pub notice_days: u16,
}

impl BrakePolicy {
    /// Checks that it can hold.
    ///
    /// # Errors
    /// `brake_policy_invalid` when the line of the warning is below that of the brake, a line is above
    /// [`LINE_MAX`], the whole is issued, or the days are outside [`NOTICE_DAYS`].
    pub fn check(&self) -> Result<(), Refusal> {
        let lines = self.brake_below <= self.warn_below && self.warn_below <= LINE_MAX;
        let brakes = self.issued.get() < 10_000;
        if lines && brakes && NOTICE_DAYS.contains(&self.notice_days) {
            Ok(())
        } else {
            Err(Refusal::BrakePolicyInvalid)
        }
    }
}

/// Decides whether somebody confirms a policy that somebody proposed. `waits` says whether it is the newest
/// one and does not hold yet.
///
/// # Errors
/// `brake_policy_not_waiting`, `checker_is_maker`.
pub fn confirm(proposed_by: Hand, by: Hand, waits: bool) -> Result<(), Refusal> {
    if !waits {
        return Err(Refusal::BrakePolicyNotWaiting);
    }
    checked_by(proposed_by, by)
}

/// A brake that was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brake {
    /// The first braked day.
    pub from: NaiveDate,
    /// The last one, once it is lifted; before `from` if it was called off.
    pub until: Option<NaiveDate>,
    /// The share that is issued.
    pub issued: BasisPoints,
}

impl Brake {
    /// Whether that day is braked.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What follows from a look at the coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing new.
    Nothing,
    /// Those who run the village are told that coverage is low.
    Warn,
    /// Coverage is no longer low: the next time it is, they are told again.
    Recovered,
    /// Everybody is told that a brake holds from that day on.
    Announce(Brake),
    /// The open brake ends with that day; everybody is told. Before its first day it is called off.
    Lift(NaiveDate),
}

/// What follows from the coverage of today. `open` is the brake that was announced and not lifted,
/// `warned` whether those who run the village know that coverage is low.
///
/// Nothing is decided for today or a day that is over.
pub fn watch(
    policy: &BrakePolicy,
    coverage: Option<u64>,
    open: Option<&Brake>,
    warned: bool,
    today: NaiveDate,
) -> Step {
    let below = |line: u32| coverage.is_some_and(|share| share < u64::from(line));
    if let Some(brake) = open {
        if below(policy.brake_below) {
            return Step::Nothing;
        }
        let begun = brake.from <= today;
        let last = if begun { Some(today) } else { brake.from.checked_sub_days(Days::new(1)) };
        return last.map_or(Step::Nothing, Step::Lift);
    }
    if below(policy.brake_below) {
        let days = Days::new(u64::from(policy.notice_days) + 1);
        let from = today.checked_add_days(days);
        return from.map_or(Step::Nothing, |from| {
            Step::Announce(Brake { from, until: None, issued: policy.issued })
        });
    }
    match (below(policy.warn_below), warned) {
        (true, false) => Step::Warn,
        (false, true) => Step::Recovered,
        _ => Step::Nothing,
    }
}

/// The brake that holds on a day: of several, the one that issues least.
pub fn on(brakes: &[Brake], day: NaiveDate) -> Option<&Brake> {
    brakes.iter().filter(|brake| brake.holds_on(day)).min_by_key(|brake| brake.issued)
}

/// What is issued of an award of redeemable points for a deed of that day, rounded down to a hundredth.
pub fn points_issued(brakes: &[Brake], points: Points, day: NaiveDate) -> Points {
    match on(brakes, day) {
        Some(brake) if points.is_positive() => {
            Points::from_hundredths(share(brake, points.hundredths()))
        }
        _ => points,
    }
}

/// The share of the star credit of a cycle that is issued: an open day counts whole, a braked one by what
/// its brake issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CycleShare {
    /// Basis points, summed over the days.
    issued: i128,
    /// The same if no day were braked.
    whole: i128,
}

impl CycleShare {
    /// The share of a cycle from one day to another, both included.
    pub fn of(brakes: &[Brake], first: NaiveDate, last: NaiveDate) -> Self {
        let none = Self { issued: 0, whole: 0 };
        first.iter_days().take_while(|day| *day <= last).fold(none, |share, day| {
            let issued = on(brakes, day).map_or(WHOLE, |brake| i128::from(brake.issued.get()));
            Self { issued: share.issued + issued, whole: share.whole + WHOLE }
        })
    }

    /// The share where something is held back, in basis points and rounded down.
    pub fn held_back(self) -> Option<BasisPoints> {
        if self.issued == self.whole {
            return None;
        }
        u16::try_from(self.issued * WHOLE / self.whole).ok().and_then(BasisPoints::new)
    }

    /// What is issued of the star credit of the cycle, rounded down to the fen.
    pub fn issue(self, credit: Fen) -> Fen {
        if self.issued == self.whole || credit <= Fen::ZERO {
            return credit;
        }
        let part = i128::from(credit.get()) * self.issued / self.whole;
        Fen::new(i64::try_from(part).unwrap_or(i64::MAX))
    }
}

fn share(brake: &Brake, whole: i64) -> i64 {
    brake.issued.of(Fen::new(whole)).get()
}
