//! What an account can reach at most.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::calendar::CycleKind;
use crate::id::VillagerId;
use crate::rule_book::check::reach::score_max;
use crate::rule_book::{CapLimit, CapPeriod, CapScope, Duration, Earlier, FaultKind, Subject};

/// The good book with one award only.
fn only(n: usize, change: impl Fn(&mut RuleBook)) -> RuleBook {
    changed(|book| {
        book.items = vec![book.items[n].clone()];
        change(book);
    })
}

#[test]
fn a_star_is_refused_only_just_beyond_what_can_be_reached() {
    // Four times two points in each of the three months: 24 on a base of 60.
    let book = |from: &str, inclusive: bool| {
        only(SWEEP, |book| {
            (book.stars.0[0].from, book.stars.0[0].inclusive) = (from.parse().unwrap(), inclusive);
        })
    };
    assert_eq!(book("84", true).faults(), []);
    assert_eq!(book("83.99", false).faults(), []);
    for (from, inclusive) in [("84", false), ("84.01", true)] {
        let [fault] = book(from, inclusive).faults().try_into().unwrap();
        assert_eq!(
            (fault.place.as_str(), fault.kind),
            ("stars[0].from", FaultKind::StarUnreachable)
        );
    }
}

#[test]
fn nothing_is_said_where_an_award_has_no_bound() {
    assert_eq!(score_max(&only(SWEEP, |book| book.items[0].caps.clear())), None);
    // A household may have any number of members.
    let per_member = only(SWEEP, |book| book.items[0].caps[0].per = CapScope::Member);
    assert_eq!(score_max(&per_member), None);
    let persons = RuleBook { subject: Subject::Person, ..per_member };
    assert_eq!(score_max(&persons), Some(Points::whole(84)));
    let for_years = only(SWEEP, |book| book.items[0].duration = Duration::Years { years: 2 });
    assert_eq!(score_max(&for_years), None);
    assert_eq!(score_max(&good()), None);
}

#[test]
fn every_period_is_counted_as_often_as_it_can_touch_the_cycle() {
    let points = |period, duration| {
        let book = only(SWEEP, |book| {
            book.base_score = Points::ZERO;
            book.items[0].caps[0].period = period;
            book.items[0].caps[0].limit = CapLimit::Points(Points::whole(2));
            book.items[0].duration = duration;
        });
        score_max(&book).unwrap()
    };
    for (period, in_quarter, in_year) in [
        (CapPeriod::Day, 92, 366),
        (CapPeriod::Week, 14, 54),
        (CapPeriod::Month, 3, 12),
        (CapPeriod::Quarter, 1, 4),
        (CapPeriod::Year, 1, 1),
        (CapPeriod::Cycle, 1, 4),
    ] {
        let two_each = |times| Points::whole(2 * times);
        assert_eq!(points(period, Duration::Cycle), two_each(in_quarter), "{period:?}");
        assert_eq!(points(period, Duration::Year), two_each(in_year), "{period:?}");
    }
}

#[test]
fn hours_are_bounded_by_the_highest_step_of_their_tally() {
    let book = changed(|book| {
        book.subject = Subject::Person;
        book.items = vec![book.items[HOURS].clone(), book.items[HOURS_COUNTY].clone()];
    });
    // Ten for either item: more than both can bring together, so a bound.
    assert_eq!(score_max(&book), Some(Points::whole(80)));
    assert_eq!(book.faults()[0].kind, FaultKind::StarUnreachable);
}

#[test]
fn the_strictest_of_several_caps_bounds() {
    let book = only(LABOUR, |_| {});
    assert_eq!(score_max(&book), Some(Points::whole(100)));
    let persons = RuleBook { subject: Subject::Person, ..book };
    assert_eq!(score_max(&persons), Some(Points::whole(96)));
}

proptest! {
    /// Whatever an account does, the caps never let more pass than the bound says.
    #[test]
    fn no_history_of_deeds_goes_beyond_the_bound(
        period in proptest::sample::select(&PERIODS[..]),
        other in proptest::sample::select(&PERIODS[..]),
        cycle in proptest::sample::select(&CYCLES[..]),
        for_the_year in any::<bool>(),
        (count, points) in (1_u32..4, 5_i32..30),
        deeds in proptest::collection::vec((0_u64..366, 1_i32..6), 0..400),
    ) {
        let book = only(BRAVERY, |book| {
            book.base_score = Points::ZERO;
            book.cycle = cycle;
            let item = &mut book.items[0];
            item.amount = range(1, 5);
            item.duration = if for_the_year { Duration::Year } else { Duration::Cycle };
            item.caps[0].period = period;
            item.caps[0].limit = CapLimit::Count(count);
            item.caps.push(Cap { period: other, limit: CapLimit::Points(Points::whole(points)), ..item.caps[0] });
        });
        let bound = score_max(&book).unwrap();
        // A leap year, in the order of the days.
        let first = NaiveDate::from_ymd_opt(2028, 1, 1).unwrap();
        let mut deeds = deeds;
        deeds.sort_unstable();
        let mut earlier: Vec<Earlier> = Vec::new();
        for (day, points) in deeds {
            let happened_on = first + Days::new(day);
            let member = VillagerId(uuid::Uuid::nil());
            let caps = &book.items[0].caps;
            let granted =
                Cap::apply(caps, Points::whole(points), member, happened_on, cycle, &earlier).granted;
            earlier.push(Earlier { member, happened_on, points: granted });
        }
        for month in 1..=12 {
            let rated = cycle.holding(NaiveDate::from_ymd_opt(2028, month, 1).unwrap());
            let counts = |deed: &&Earlier| {
                let until = book.items[0].duration.last_day(deed.happened_on, deed.points, cycle);
                deed.happened_on <= rated.last_day() && rated.last_day() <= until
            };
            let sum: i64 = earlier.iter().filter(counts).map(|deed| deed.points.hundredths()).sum();
            prop_assert!(sum <= bound.hundredths(), "{sum} above {bound} in {rated}");
        }
    }
}

const PERIODS: [CapPeriod; 6] = [
    CapPeriod::Day,
    CapPeriod::Week,
    CapPeriod::Month,
    CapPeriod::Quarter,
    CapPeriod::Year,
    CapPeriod::Cycle,
];
const CYCLES: [CycleKind; 4] =
    [CycleKind::Month, CycleKind::Quarter, CycleKind::HalfYear, CycleKind::Year];
