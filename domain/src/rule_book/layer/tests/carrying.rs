//! Carrying a new frame down to villages, and a village's new book on to the frames to come.

use std::collections::BTreeMap;

use super::*;
use crate::rule_book::RuleBook;

fn version(from: &str, layer: Layer) -> Version<Layer> {
    Version { in_force_from: Some(day(from)), layer }
}

fn days(carried: &[Carried]) -> Vec<String> {
    carried.iter().map(|one| one.in_force_from.to_string()).collect()
}

fn kept(books: &[(&str, &RuleBook)]) -> BTreeMap<NaiveDate, RuleBook> {
    books.iter().map(|(from, book)| (day(from), (*book).clone())).collect()
}

#[test]
fn a_new_frame_makes_a_book_from_its_first_day_on_and_again_it_makes_none() {
    let timeline = Timeline {
        county: vec![version("2027-01-01", wendeng())].into(),
        village: vec![version("2026-06-01", book().into())].into(),
        ..Timeline::default()
    };
    let mut held = kept(&[("2026-06-01", &book())]);
    let carried = carry_down(&timeline, &held, day("2027-01-01")).unwrap();
    assert_eq!(days(&carried), ["2027-01-01"]);
    assert_eq!(Some(&carried[0].book), timeline.book_on(day("2027-01-01")).unwrap().book.as_ref());
    assert!(!carried[0].contradictions.is_empty());
    held.insert(day("2027-01-01"), carried[0].book.clone());
    assert_eq!(carry_down(&timeline, &held, day("2027-01-01")), Ok(Vec::new()));
}

#[test]
fn a_book_adopted_for_later_takes_the_frame_that_comes_before_it() {
    let mut later = book();
    later.items.push(award("A-9", "1"));
    let timeline = Timeline {
        county: vec![version("2027-01-01", wendeng())].into(),
        village: vec![
            version("2026-06-01", book().into()),
            version("2027-03-01", later.clone().into()),
        ]
        .into(),
        ..Timeline::default()
    };
    let held = kept(&[("2026-06-01", &book()), ("2027-03-01", &later)]);
    let carried = carry_down(&timeline, &held, day("2027-01-01")).unwrap();
    assert_eq!(days(&carried), ["2027-01-01", "2027-03-01"]);
    assert!(carried[1].book.item("A-9").is_some());
    assert_eq!(carried[1].book.base_score, Points::whole(1000));
}

#[test]
fn a_book_that_the_frame_says_nothing_new_about_stays() {
    let same = Layer { cycle: Some(book().cycle), ..Layer::default() };
    let timeline = Timeline {
        town: vec![version("2027-01-01", same)].into(),
        village: vec![version("2026-06-01", book().into())].into(),
        ..Timeline::default()
    };
    let held = kept(&[("2026-06-01", &book())]);
    assert_eq!(carry_down(&timeline, &held, day("2026-01-01")), Ok(Vec::new()));
}

#[test]
fn a_frame_under_which_a_book_cannot_stand_is_told_with_the_day_and_the_faults() {
    // The frame locks a table without the star that an item of the village sets.
    let mut graded = book();
    let mut grade = item(ItemKind::DirectGrade, "G-1", "60");
    grade.grade = crate::rule_book::Star::new(3);
    graded.items.push(grade);
    assert_eq!(graded.faults(), []);
    let frame = Layer {
        stars: Some(stars(&[(2, 90), (1, 60)])),
        locked: [Setting::Stars].into(),
        ..Layer::default()
    };
    let timeline = Timeline {
        county: vec![version("2027-01-01", frame)].into(),
        village: vec![version("2026-06-01", graded.clone().into())].into(),
        ..Timeline::default()
    };
    let held = kept(&[("2026-06-01", &graded)]);
    let (from, faults) = carry_down(&timeline, &held, day("2027-01-01")).unwrap_err();
    assert_eq!(from, day("2027-01-01"));
    assert_eq!(faults[0].place, "items[2].grade");
}

#[test]
fn a_cycle_is_not_cut_in_two_by_a_frame_that_changes_its_length() {
    let monthly = Layer { cycle: Some(crate::calendar::CycleKind::Month), ..Layer::default() };
    let timeline = |from: &str| Timeline {
        county: vec![version(from, Layer { locked: [Setting::Cycle].into(), ..monthly.clone() })]
            .into(),
        village: vec![version("2026-06-01", book().into())].into(),
        ..Timeline::default()
    };
    let held = kept(&[("2026-06-01", &book())]);
    let from = day("2026-12-01");
    let (on, faults) = carry_down(&timeline("2027-02-01"), &held, from).unwrap_err();
    assert_eq!(on, day("2027-02-01"));
    let told = faults.iter().map(|fault| (fault.place.as_str(), fault.kind)).collect::<Vec<_>>();
    assert_eq!(told, [("cycle", crate::rule_book::FaultKind::CycleCut)]);
    assert_eq!(days(&carry_down(&timeline("2027-04-01"), &held, from).unwrap()), ["2027-04-01"]);
}
