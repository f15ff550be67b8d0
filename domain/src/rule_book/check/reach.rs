//! A book that cannot be satisfied: a star that no account can reach, whatever it does.
//!
//! That is said only where it is provable: when all awards together are bounded in a cycle, by caps
//! that hold for the account or by cumulative tiers. Every bound here is rounded up, so a star that
//! could be reached is never refused. Exclusivity would only lower it and is left out.

use super::{FaultKind, Faults, amounts, tallies};
use crate::calendar::CycleKind;
use crate::points::Points;
use crate::rule_book::{
    Amount, CapLimit, CapPeriod, CapScope, Duration, Item, ItemKind, RuleBook, Subject,
};

pub(super) fn check(book: &RuleBook, faults: &mut Faults) {
    let Some(score_max) = score_max(book) else { return };
    for (n, row) in book.stars.0.iter().enumerate() {
        if !row.is_reached_by(score_max) {
            faults.add(format!("stars[{n}].from"), FaultKind::StarUnreachable);
        }
    }
}

/// The most that an account can stand at when a cycle ends; `None` when there is no bound.
pub(super) fn score_max(book: &RuleBook) -> Option<Points> {
    let awards = book.items.iter().filter(|item| item.kind == ItemKind::Award);
    let earned = awards.map(|item| earned_max(book, item));
    earned.into_iter().try_fold(begin_max(book), |sum, one| sum.plus(one?))
}

/// The most with which anybody begins. On a track the score lies between role duty and personal
/// credit ([`TrackRule::mix`]), so it never goes beyond the larger base and all awards of both.
///
/// [`TrackRule::mix`]: crate::rule_book::TrackRule::mix
fn begin_max(book: &RuleBook) -> Points {
    let bases = book.tracks.iter().map(|rule| rule.role_duty_base);
    bases.fold(book.base_score, Points::max)
}

fn earned_max(book: &RuleBook, item: &Item) -> Option<Points> {
    let window = window(book.cycle, item)?;
    let holds_for_all = |per: CapScope| per == CapScope::Account || book.subject == Subject::Person;
    let one_deed = one_deed_max(book, item)?;
    let by_caps = item.caps.iter().filter(|cap| holds_for_all(cap.per)).filter_map(|cap| {
        let a_period = match cap.limit {
            CapLimit::Count(count) => one_deed.times(count)?,
            CapLimit::Points(points) => points,
        };
        a_period.times(periods(cap.period, window, book.cycle))
    });
    let by_tiers = match &item.amount {
        Amount::CumulativeTiers(one) if holds_for_all(one.per) => {
            one_deed.times(periods(one.period, window, book.cycle))
        }
        _ => None,
    };
    by_caps.chain(by_tiers).min()
}

/// The most that one deed can bring. One that adds up with other items can reach their steps too.
fn one_deed_max(book: &RuleBook, item: &Item) -> Option<Points> {
    let Amount::CumulativeTiers(_) = &item.amount else { return amounts::most(&item.amount) };
    let tallies = tallies::of(&book.items);
    let own =
        tallies.values().find(|tally| tally.iter().any(|(_, one, _)| one.code == item.code))?;
    own.iter().filter_map(|(_, one, _)| amounts::most(&one.amount)).max()
}

/// The time whose deeds can be in the score together: a cycle or a year. What counts for years on
/// is not bounded here.
fn window(cycle: CycleKind, item: &Item) -> Option<CycleKind> {
    let options = match &item.amount {
        Amount::Choice { options } => options.as_slice(),
        _ => &[],
    };
    let of_options = options.iter().filter_map(|option| option.duration);
    let mut window = cycle;
    for duration in of_options.chain([item.duration]) {
        match duration {
            Duration::Cycle => {}
            Duration::Year => window = CycleKind::Year,
            Duration::Years { .. } | Duration::ByPoints { .. } => return None,
        }
    }
    Some(window)
}

/// How many periods can touch the window at most.
fn periods(period: CapPeriod, window: CycleKind, cycle: CycleKind) -> u32 {
    let (months, days) = length(window);
    match period {
        CapPeriod::Day => days,
        // Two that only overlap at the ends, and the whole weeks between.
        CapPeriod::Week => (days - 2) / 7 + 2,
        CapPeriod::Month => months,
        CapPeriod::Quarter => (months / 3).max(1),
        CapPeriod::Year => 1,
        CapPeriod::Cycle => (months / length(cycle).0).max(1),
    }
}

/// In months, and in days at most.
pub(super) const fn length(cycle: CycleKind) -> (u32, u32) {
    match cycle {
        CycleKind::Month => (1, 31),
        CycleKind::Quarter => (3, 92),
        CycleKind::HalfYear => (6, 184),
        CycleKind::Year => (12, 366),
    }
}
