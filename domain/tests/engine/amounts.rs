//! Amounts taken by themselves, periods and durations, over their whole range.

use chrono::{Datelike, NaiveDate};
use domain::calendar::CycleKind;
use domain::points::Points;
use domain::rule_book::{Amount, CapPeriod, Duration, Measure};
use proptest::prelude::*;

use crate::dice::Dice;
use crate::histories::after;
use crate::model::{Model, by_itself, last_day};
use crate::{books, histories};

fn some_day() -> impl Strategy<Value = NaiveDate> {
    // Forty years, ten leap days.
    (0_u32..14_610).prop_map(|days| after(histories::first_day(), days))
}

fn some_cycle() -> impl Strategy<Value = CycleKind> {
    prop::sample::select(vec![
        CycleKind::Month,
        CycleKind::Quarter,
        CycleKind::HalfYear,
        CycleKind::Year,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_amount_is_what_counting_unit_by_unit_comes_to(
        rolls in prop::collection::vec(any::<u32>(), 0..30),
        quantity in prop_oneof![1_u32..100, 1_u32..=Amount::QUANTITY_MAX],
    ) {
        let mut dice = Dice::new(&rolls);
        let measure = Measure { quantity: Some(quantity), choice: None };
        for amount in [books::per_unit(&mut dice), books::marginal(&mut dice)] {
            let points = amount.of(&measure).unwrap();
            prop_assert_eq!(i128::from(points.hundredths()), by_itself(&amount, &measure));
        }
    }

    #[test]
    fn a_period_holds_the_days_that_share_it(
        (day, cycle) in (some_day(), some_cycle()),
        other in prop_oneof![-9_i64..9, -400_i64..400],
    ) {
        let book = books::with(cycle, Vec::new());
        let other = day + chrono::Duration::days(other);
        for period in [
            CapPeriod::Day,
            CapPeriod::Week,
            CapPeriod::Month,
            CapPeriod::Quarter,
            CapPeriod::Year,
            CapPeriod::Cycle,
        ] {
            let (first, last) = period.around(day, cycle);
            let shared = Model::new(&book).same_period(period, day, other);
            prop_assert_eq!((first..=last).contains(&other), shared, "{:?}", period);
        }
    }

    #[test]
    fn what_is_effective_ends_on_the_day_that_a_calendar_says(
        (day, cycle) in (some_day(), some_cycle()),
        (years, years_above, points, up_to) in (1_u8..=5, 1_u8..=5, 0_i64..100, 0_i64..100),
        put_right in prop::option::of(0_u32..2_000),
    ) {
        let up_to = Points::from_hundredths(up_to);
        for duration in [
            Duration::Cycle,
            Duration::Year,
            Duration::Years { years },
            Duration::ByPoints { up_to, years, years_above },
        ] {
            let worth = Points::from_hundredths(points);
            let mut last = duration.last_day(day, worth, cycle);
            prop_assert_eq!(last, last_day(duration, day, points.into(), cycle, None));
            // The 29th of February has no anniversary of its own to extend from.
            let is_leap_day = (day.month(), day.day()) == (2, 29);
            if let Some(days) = put_right.filter(|_| !is_leap_day) {
                let on = after(day, days);
                last = duration.last_day_corrected(last, on, cycle);
                prop_assert_eq!(last, last_day(duration, day, points.into(), cycle, Some(on)));
            }
        }
    }
}
