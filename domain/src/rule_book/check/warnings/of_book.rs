//! The book as a whole, and what its items say together.

use std::collections::{BTreeMap, BTreeSet};

use super::{WarningKind, Warnings};
use crate::rule_book::check::{reach, tallies};
use crate::rule_book::{Amount, RuleBook, Star, StarTable};

pub(super) fn check(book: &RuleBook, warnings: &mut Warnings) {
    let ways = [("claim_way", &book.claim_way), ("rating_way", &book.rating_way)];
    let base = book.stars.star_for(book.base_score);
    let top = book.stars.0.iter().map(|row| row.stars).max();
    // With a base of nothing everybody expects to begin without a star.
    let has_base = book.base_score.is_positive();
    warnings.add_if(
        has_base && top.is_some() && base == Star::NONE,
        "base_score",
        WarningKind::BaseBelowStars,
    );
    warnings.add_if(top == Some(base), "base_score", WarningKind::BaseHasTopStar);
    for (place, way) in ways {
        let place = format!("{place}.notice_days");
        warnings.add_if(way.notice_days == 0, place, WarningKind::NoNotice);
    }
    stars(&book.stars, warnings);
    for (n, rule) in book.tracks.iter().enumerate() {
        warnings.add_if(
            matches!(rule.role_duty_bp.get(), 0 | 10_000),
            format!("tracks[{n}].role_duty_bp"),
            WarningKind::PartWithoutWeight,
        );
    }
    registration(book, warnings);
    let used: BTreeSet<_> = book.items.iter().map(|item| item.category.as_str()).collect();
    let mut codes = Seen::default();
    for (n, category) in book.categories.iter().enumerate() {
        let place = format!("categories[{n}]");
        let unused = !used.contains(category.code.as_str());
        warnings.add_if(unused, &place, WarningKind::CategoryUnused);
        codes.code(format!("{place}.code"), &category.code, warnings);
    }
}

fn stars(table: &StarTable, warnings: &mut Warnings) {
    warnings.add_if(table.0.is_empty(), "stars", WarningKind::NoStars);
    for (n, pair) in table.0.windows(2).enumerate() {
        if let [more, fewer] = pair {
            let less = more.star_credit_fen < fewer.star_credit_fen
                || more.discount_bp < fewer.discount_bp;
            warnings.add_if(less, format!("stars[{n}]"), WarningKind::StarBringsLess);
        }
    }
}

/// A deed of the last day of a period can be registered for the days of grace alone, one of the first
/// day for the whole period besides; and neither for longer than it may be declared.
fn registration(book: &RuleBook, warnings: &mut Warnings) {
    let Some(registration) = book.registration else { return };
    let (_, period_days) = reach::length(registration.every);
    if registration.grace_days >= book.claim_days_max {
        warnings.add("registration.grace_days", WarningKind::RegistrationNeverEnds);
    } else if period_days > u32::from(book.claim_days_max) + 1 {
        warnings.add("registration.every", WarningKind::RegistrationTooLong);
    }
}

pub(super) fn check_together(book: &RuleBook, warnings: &mut Warnings) {
    let (mut codes, mut names) = (Seen::default(), BTreeSet::new());
    for (n, item) in book.items.iter().enumerate() {
        codes.code(format!("items[{n}].code"), &item.code, warnings);
        let twice = !names.insert(item.name.trim());
        warnings.add_if(twice, format!("items[{n}].name"), WarningKind::NameTwice);
        options(n, &item.amount, warnings);
    }
    // Awards never exclude deductions: a good deed does not make up for a fault. One item alone can
    // be of use where its claims differ: of two honours of one day the higher counts.
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (n, item) in book.items.iter().enumerate() {
        if let Some(group) = &item.exclusive {
            groups.entry((group, item.kind.is_adverse())).or_default().push(n);
        }
    }
    let mut alone: Vec<_> = groups.values().filter_map(|group| only(group)).collect();
    alone.sort_unstable();
    let is_fixed = |n: &usize| {
        book.items.get(*n).is_some_and(|item| matches!(item.amount, Amount::Fixed { .. }))
    };
    for n in alone.into_iter().filter(is_fixed) {
        warnings.add(format!("items[{n}].exclusive"), WarningKind::ExclusiveAlone);
    }
    for tally in tallies::of(&book.items).values() {
        if let [(n, item, one)] = tally.as_slice()
            && one.tally.as_ref().is_some_and(|tally| *tally != item.code)
        {
            warnings.add(format!("items[{n}].amount.tally"), WarningKind::TallyAlone);
        }
    }
}

fn options(n: usize, amount: &Amount, warnings: &mut Warnings) {
    let Amount::Choice { options } = amount else { return };
    let (mut codes, mut names) = (Seen::default(), BTreeSet::new());
    for (k, option) in options.iter().enumerate() {
        let place = format!("items[{n}].amount.options[{k}]");
        codes.code(format!("{place}.code"), &option.code, warnings);
        let twice = !names.insert(option.name.trim());
        warnings.add_if(twice, format!("{place}.name"), WarningKind::NameTwice);
    }
}

fn only(group: &[usize]) -> Option<usize> {
    match group {
        [one] => Some(*one),
        _ => None,
    }
}

/// Codes met before, to find those that differ in case only. The same code twice is a fault.
#[derive(Default)]
struct Seen(BTreeMap<String, String>);

impl Seen {
    fn code(&mut self, place: String, code: &str, warnings: &mut Warnings) {
        let first = self.0.entry(code.to_ascii_lowercase()).or_insert_with(|| code.to_owned());
        warnings.add_if(first != code, place, WarningKind::CodeAlike);
    }
}
