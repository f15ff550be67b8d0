//! Versions that follow each other, and the book of a day.

use super::*;

fn version(from: &str, layer: Layer) -> Version<Layer> {
    Version { in_force_from: Some(day(from)), layer }
}

#[test]
fn a_deed_of_december_is_judged_by_the_old_book_when_a_new_one_holds_from_1_january() {
    let mut new = book();
    new.items[0] = award("A-1", "8");
    let timeline = Timeline {
        village: vec![
            version("2027-01-01", new.into()),
            version("2026-01-01", book().into()),
            Version { in_force_from: None, layer: Layer::default() },
        ]
        .into(),
        ..Timeline::default()
    };
    let worth = |on| timeline.book_on(day(on))?.book?.item("A-1").map(|item| item.amount.most());
    assert_eq!(worth("2026-12-31"), Some(points("5")));
    assert_eq!(worth("2027-01-01"), Some(points("8")));
    assert_eq!(worth("2025-12-31"), None);
    let states =
        |on| timeline.village.states_on(day(on)).map(|(_, state)| state).collect::<Vec<_>>();
    use VersionState::{Adopted, Draft, InForce, Superseded};
    assert_eq!(states("2025-12-31"), [Draft, Adopted, Adopted]);
    assert_eq!(states("2026-12-31"), [Draft, InForce, Adopted]);
    assert_eq!(states("2027-01-01"), [Draft, Superseded, InForce]);
}

#[test]
fn a_new_frame_takes_from_a_book_in_force_what_contradicts_it_and_says_so() {
    let mut whole = book();
    whole.items.push(item(ItemKind::Veto, "X-1", "1"));
    let timeline = Timeline {
        county: vec![version("2027-01-01", wendeng())].into(),
        village: vec![version("2026-06-01", whole.clone().into())].into(),
        ..Timeline::default()
    };
    assert_eq!(timeline.book_on(day("2026-12-31")).unwrap().book, Some(whole));
    let after = timeline.book_on(day("2027-01-01")).unwrap();
    assert_eq!(
        list(&after.contradictions_of(DivisionLevel::Village)),
        [
            "base_score: locked_setting",
            "stars[0].from: locked_setting",
            "stars[1].from: locked_setting",
            "stars[2].from: locked_setting",
            "stars[3].from: locked_setting",
            "stars[4].from: locked_setting",
            "items[0].amount: own_item_too_high",
            "items[1].amount: own_item_too_high",
            "items[2]: own_item_not_allowed",
        ]
    );
    let after = after.book.unwrap();
    assert_eq!(after.base_score, Points::whole(1000));
    assert_eq!(after.claim_days_max, 90);
    assert!(after.item("X-1").is_none() && after.item("P-BLOOD").is_some());
    let days: Vec<_> = timeline.first_days().into_iter().collect();
    assert_eq!(days, [day("2026-06-01"), day("2027-01-01")]);
}

#[test]
fn a_county_alone_brings_no_book_to_a_village() {
    let timeline = Timeline {
        county: vec![version("2026-01-01", book().into())].into(),
        ..Timeline::default()
    };
    assert_eq!(timeline.book_on(day("2026-06-01")), None);
    assert!(timeline.first_days().is_empty());
}
