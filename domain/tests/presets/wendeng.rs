//! Wendeng's table of 2020, row by row: each row is an item with exactly its figures.
//!
//! `../data/wendeng_2020.csv` says them in a notation of its own, so that a slip in the preset does not
//! repeat itself here.

use std::collections::{BTreeMap, BTreeSet};

use domain::kin::Kin;
use domain::person::Track;
use domain::points::Points;
use domain::rule_book::{
    Amount, Asks, Beneficiary, Cap, CapLimit, CapPeriod, CapScope, Duration, DutySource, Figures,
    Item, ItemKind, ItemLevel, Measure, RuleBook, ScorePart, Star, Tier,
};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use super::preset;

const TABLE: &str = include_str!("../data/wendeng_2020.csv");

/// A row: code, level, category, kind, amount, caps, credited to.
fn rows() -> Vec<[&'static str; 7]> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split(',').collect::<Vec<_>>().try_into().unwrap()).collect()
}

fn book() -> RuleBook {
    preset("wendeng").book
}

fn points(text: &str) -> Points {
    text.parse().unwrap()
}

/// The value that this word stands for in the files.
fn word<T: Deserialize<'static>>(text: &'static str) -> T {
    let word: StrDeserializer<'static, Error> = text.into_deserializer();
    T::deserialize(word).unwrap()
}

/// Whether an item's amount is exactly what the table says.
fn amount_is(item: &Item, stated: &str) -> bool {
    let of = |quantity, choice: Option<&str>| {
        item.amount.of(&Measure { quantity, choice: choice.map(str::to_owned) }).unwrap()
    };
    if let Some((least, most)) = stated.split_once("..") {
        let range = Amount::Range { points_min: points(least), points_max: points(most) };
        return item.amount == range;
    }
    let parts: Vec<_> = stated.split(' ').collect();
    if stated.contains(':') {
        return item.amount.asks() == Asks::Quantity
            && parts.iter().all(|part| {
                let (quantity, worth) = part.split_once(':').unwrap();
                of(Some(quantity.parse().unwrap()), None) == points(worth)
            });
    }
    if stated.contains('=') {
        let Amount::Choice { options } = &item.amount else { return false };
        return options.len() == parts.len()
            && parts.iter().all(|part| {
                let (option, worth) = part.split_once('=').unwrap();
                of(None, Some(option)) == points(worth)
            });
    }
    item.amount.asks() == Asks::Nothing
        && item.amount == Amount::Fixed { points: points(stated) }
        && of(None, None) == points(stated)
}

/// `3/account/year`: three times; `40p/account/year`: forty points.
fn cap(stated: &'static str) -> Cap {
    let [limit, scope, period] = stated.split('/').collect::<Vec<_>>().try_into().unwrap();
    let limit = match limit.strip_suffix('p') {
        Some(most) => CapLimit::Points(points(most)),
        None => CapLimit::Count(limit.parse().unwrap()),
    };
    Cap { per: word::<CapScope>(scope), period: word::<CapPeriod>(period), limit }
}

#[test]
fn every_row_of_the_table_is_an_item_and_nothing_else_is_marked_published() {
    let book = book();
    let coded: Vec<_> = rows().iter().map(|row| row[0]).collect();
    assert_eq!(coded.len(), 80);
    let published = book.items.iter().filter(|item| item.figures == Figures::Published);
    assert_eq!(published.map(|item| item.code.as_str()).collect::<Vec<_>>(), coded);
    let ours = book.items.iter().filter(|item| item.figures == Figures::Own);
    assert_eq!(
        ours.map(|item| item.code.as_str()).collect::<Vec<_>>(),
        ["D-CRIME", "P-POST", "P-PLEDGE"]
    );
}

#[test]
fn every_row_has_exactly_its_category_kind_amount_caps_and_beneficiary() {
    let book = book();
    let categories: BTreeMap<_, _> =
        book.categories.iter().map(|one| (one.code.as_str(), one.name.as_str())).collect();
    for [code, level, category, kind, amount, caps, credited_to] in rows() {
        let item = book.item(code).unwrap();
        let level = match level {
            "V" => ItemLevel::Village,
            "DV" => ItemLevel::Shared,
            "D" => ItemLevel::District,
            other => panic!("{code}: {other}"),
        };
        assert_eq!(item.level, level, "{code}");
        assert_eq!(categories[item.category.as_str()], category, "{code}");
        assert_eq!(item.kind, ItemKind::from_name(kind).unwrap(), "{code}");
        assert!(amount_is(item, amount), "{code}: {amount} is not {:?}", item.amount);
        let caps: Vec<_> = caps.split_terminator(' ').map(cap).collect();
        assert_eq!(item.caps, caps, "{code}");
        let relations: BTreeSet<Kin> =
            credited_to.split_terminator(' ').map(Kin::of_any_name).collect();
        let beneficiary = match relations.is_empty() {
            true => Beneficiary::Doer,
            false => Beneficiary::Relative { relations },
        };
        assert_eq!(item.beneficiary, beneficiary, "{code}");
    }
}

#[test]
fn a_slip_in_a_figure_would_be_noticed() {
    let book = book();
    let is = |code, stated| amount_is(book.item(code).unwrap(), stated);
    assert!(is("N-LOG", "50") && !is("N-LOG", "5"));
    assert!(!is("P-RESCUE", "took_part=1 outstanding=2 machine=2"));
    assert!(!is("P-RESCUE", "took_part=1 outstanding=2 machine=2 machine_outstanding=4"));
    assert!(is("P-DONATE-1", "20000:40") && !is("P-DONATE-1", "20000:41"));
    assert!(is("P-DONATE-0", "99:0.9") && !is("P-DONATE-0", "99:0.99"));
    assert!(is("P-CUSTOM", "0.01..2") && !is("P-CUSTOM", "0.01..3") && !is("P-CUSTOM", "2"));
}

#[test]
fn both_rows_of_volunteering_add_up_in_one_tally() {
    let book = book();
    let (four, ten) = (book.item("P-SVC-04H").unwrap(), book.item("P-SVC-10H").unwrap());
    let (Amount::CumulativeTiers(four_hours), Amount::CumulativeTiers(ten_hours)) =
        (&four.amount, &ten.amount)
    else {
        panic!("hours add up")
    };
    assert_eq!(four_hours.tally.as_deref(), Some("volunteering"));
    assert_eq!(
        (&four_hours.tally, four_hours.per, four_hours.period, &four_hours.unit),
        (&ten_hours.tally, ten_hours.per, ten_hours.period, &ten_hours.unit)
    );
    let steps = || four_hours.tiers.iter().chain(&ten_hours.tiers);
    for (hours, worth) in [(3, 0), (4, 1), (9, 1), (10, 2), (20, 5), (299, 40), (300, 50)] {
        assert_eq!(Tier::reached(steps(), hours), Points::whole(worth), "{hours} hours");
    }
}

#[test]
fn the_honours_of_several_levels_count_by_the_highest_and_nothing_else_excludes() {
    let book = book();
    let grouped = book.items.iter().filter(|item| item.exclusive.is_some());
    assert_eq!(
        grouped.map(|item| item.code.as_str()).collect::<Vec<_>>(),
        ["P-AWARD-V", "P-AWARD"]
    );
    let group = |code: &str| book.item(code).unwrap().exclusive.clone();
    assert_eq!(group("P-AWARD-V"), group("P-AWARD"));
}

#[test]
fn everything_counts_until_the_year_ends_and_a_fault_until_it_is_put_right() {
    for item in book().items {
        assert_eq!(item.duration, Duration::Year, "{}", item.code);
        assert_eq!(item.extends_until_corrected, item.kind.is_adverse(), "{}", item.code);
    }
}

#[test]
fn a_fault_that_returns_counts_double_unless_the_table_bounds_it() {
    // A check every quarter is no repeated fault, and the village's own are bounded at 2 points.
    let book = book();
    let faults = book.items.iter().filter(|item| item.kind == ItemKind::Deduction);
    let single = faults.filter(|item| !item.repeat_doubles).map(|item| item.code.as_str());
    assert_eq!(single.collect::<Vec<_>>(), ["N-HOME", "N-CUSTOM"]);
    assert!(book.items.iter().all(|item| item.kind == ItemKind::Deduction || !item.repeat_doubles));
}

#[test]
fn only_a_representative_can_be_absent_as_one_and_duties_are_of_both_tracks() {
    let book = book();
    let bound = book.items.iter().filter(|item| !item.tracks.is_empty());
    let bound: Vec<_> = bound.map(|item| (item.code.as_str(), item.tracks.clone())).collect();
    let both = BTreeSet::from([Track::PartyMember, Track::Representative]);
    let absent = ("N-REP-ABSENT", BTreeSet::from([Track::Representative]));
    assert_eq!(bound, [absent, ("P-POST", both.clone()), ("P-PLEDGE", both)]);
}

#[test]
fn duty_posts_and_pledges_are_the_sources_of_role_duty_and_of_nothing_else() {
    let book = book();
    let under = |source| {
        let items = book.items.iter().filter(move |item| item.duty_source == source);
        items.map(|item| (item.code.as_str(), item.part)).collect::<Vec<_>>()
    };
    assert_eq!(under(Some(DutySource::DutyPost)), [("P-POST", ScorePart::RoleDuty)]);
    assert_eq!(under(Some(DutySource::Pledge)), [("P-PLEDGE", ScorePart::RoleDuty)]);
    assert_eq!(under(None).len(), 81);
}

#[test]
fn a_direct_grade_leaves_no_star_and_its_repair_costs_60() {
    let book = book();
    let grade = book.item("D-CRIME").unwrap();
    assert_eq!((grade.kind, grade.grade), (ItemKind::DirectGrade, Some(Star::NONE)));
    assert_eq!(grade.amount.of(&Measure::default()), Ok(Points::whole(60)));
}

#[test]
fn the_star_table_is_that_of_the_place_to_the_hundredth() {
    let book = book();
    for (score, stars) in [
        ("1060.01", 5),
        ("1060", 4),
        ("1040.01", 4),
        ("1040", 3),
        ("1020.01", 3),
        ("1020", 2),
        ("990.01", 2),
        ("990", 1),
        ("800.01", 1),
        ("800", 0),
    ] {
        assert_eq!(book.stars.star_for(points(score)).get(), stars, "{score}");
    }
    assert_eq!(book.stars.star_for(book.base_score).get(), 2, "who did nothing has two stars");
}
