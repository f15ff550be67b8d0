//! Where section 4 says that the result is the same, the order of arrival does not matter; and what
//! has nothing to do with a deed does not change it.

use domain::claim::{Claim, assess};
use domain::points::Points;
use domain::rule_book::{Amount, Cap, CapLimit, CapPeriod, Item, ItemKind, RuleBook};
use proptest::prelude::*;

use crate::dice::Dice;
use crate::engine::{Engine, claim};
use crate::histories::{Deed, Event};
use crate::model::{Known, Model};
use crate::{books, histories};

fn rolls() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 0..220)
}

/// What is certified in any history of the book.
fn deeds(dice: &mut Dice<'_>, book: &RuleBook) -> Vec<Deed> {
    let events = histories::any(dice, book);
    let certified = |event| match event {
        Event::Certified(deed) => Some(deed),
        _ => None,
    };
    events.into_iter().filter_map(certified).collect()
}

/// The book with items of the same kind that have nothing but their amount.
fn only_amounts(dice: &mut Dice<'_>, kind: ItemKind) -> RuleBook {
    let book = books::any(dice);
    let bare = |item: &Item| match item.amount {
        Amount::CumulativeTiers(_) => {
            books::item(&item.code, kind, Amount::Fixed { points: Points::whole(2) })
        }
        _ => books::item(&item.code, kind, item.amount.clone()),
    };
    books::with(book.cycle, book.items.iter().map(bare).collect())
}

/// The totals of the deeds as they arrived and in another order.
fn totals(dice: &mut Dice<'_>, book: &RuleBook, mut deeds: Vec<Deed>) -> (i64, i64) {
    let as_it_was = Engine::of(book, &deeds).total();
    dice.shuffle(&mut deeds);
    (as_it_was, Engine::of(book, &deeds).total())
}

/// What is together by a tally, by day or by anything else never depends on other deeds.
fn unlinked(mut deeds: Vec<Deed>) -> Vec<Deed> {
    deeds.iter_mut().for_each(|deed| deed.same_as = None);
    deeds
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_highest_of_a_group_counts_whichever_came_first(
        rolls in rolls(),
        kind in prop::sample::select(vec![ItemKind::Award, ItemKind::Deduction]),
    ) {
        let mut dice = Dice::new(&rolls);
        let mut book = only_amounts(&mut dice, kind);
        for (n, item) in book.items.iter_mut().enumerate() {
            item.exclusive = Some(if n % 3 == 2 { "other" } else { "group" }.into());
        }
        let deeds = deeds(&mut dice, &book);
        let (one, other) = totals(&mut dice, &book, deeds);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn hours_reach_the_same_step_whichever_came_first(rolls in rolls(), capped in any::<bool>()) {
        let mut dice = Dice::new(&rolls);
        let hours = books::hours(&mut dice, None);
        let items = (0..3).map(|n| {
            let part = books::part_of(&mut dice, &hours);
            books::item(format!("H{n}"), ItemKind::Award, Amount::CumulativeTiers(part))
        });
        let mut book = books::with(domain::calendar::CycleKind::Quarter, items.collect());
        if capped {
            // A cap of the tally's own period and subject on an only item.
            book.items.truncate(1);
            let most = Points::from_hundredths(dice.between(1, 800).into());
            let limit = CapLimit::Points(most);
            book.items[0].caps = vec![Cap { per: hours.per, period: hours.period, limit }];
        }
        let deeds = unlinked(deeds(&mut dice, &book));
        let (one, other) = totals(&mut dice, &book, deeds);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_cap_on_points_leaves_the_same_whichever_came_first(
        rolls in rolls(),
        kind in prop::sample::select(vec![ItemKind::Award, ItemKind::Deduction]),
        period in prop::sample::select(vec![CapPeriod::Week, CapPeriod::Cycle, CapPeriod::Year]),
        per in prop::sample::select(vec![
            domain::rule_book::CapScope::Account,
            domain::rule_book::CapScope::Member,
        ]),
    ) {
        let mut dice = Dice::new(&rolls);
        let mut book = only_amounts(&mut dice, kind);
        for item in &mut book.items {
            let most = Points::from_hundredths(dice.between(1, 2_000).into());
            item.caps = vec![Cap { per, period, limit: CapLimit::Points(most) }];
        }
        let deeds = unlinked(deeds(&mut dice, &book));
        let (one, other) = totals(&mut dice, &book, deeds);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn what_fell_was_never_there(rolls in rolls()) {
        let mut dice = Dice::new(&rolls);
        let book = books::any(&mut dice);
        let mut deeds = deeds(&mut dice, &book);
        let falls = dice.below(deeds.len().max(1) as u32) as usize;
        let mut struck = Engine::of(&book, &deeds);
        if !deeds.is_empty() {
            struck.strike(deeds.remove(falls).number);
        }
        prop_assert_eq!(struck.claims, Engine::of(&book, &deeds).claims);
    }

    #[test]
    fn a_deed_of_another_period_item_and_group_does_not_matter(rolls in rolls()) {
        let mut dice = Dice::new(&rolls);
        let book = books::any(&mut dice);
        let mut deeds = deeds(&mut dice, &book);
        let Some(last) = deeds.pop() else { return Ok(()) };
        let others: Vec<_> = Engine::of(&book, &deeds).claims.iter().map(Claim::counted).collect();
        let mut model = Model::new(&book);
        let all = deeds.iter().chain([&last]);
        model.standing = all
            .map(|deed| Known { deed: deed.clone(), corrected: None, put_right_on: None })
            .collect();
        let mattering: Vec<_> = others
            .iter()
            .zip(&deeds)
            .enumerate()
            .filter(|(n, (_, deed))| matters(&model, *n, deed, &last))
            .map(|(_, (counted, _))| counted.clone())
            .collect();
        let last = claim(&book, &last);
        prop_assert_eq!(assess(&last, &book, &mattering), assess(&last, &book, &others));
    }
}

/// Whether the n-th deed has to do with a later one: of the same deed, in the same tally, or of the
/// same item within a period of its caps or still effective.
fn matters(model: &Model<'_>, n: usize, deed: &Deed, last: &Deed) -> bool {
    let same = model.deeds_among(model.standing.len());
    let item = model.item(same.len() - 1);
    let of_one_item = deed.item == last.item;
    let tally = |item: &Item| match &item.amount {
        Amount::CumulativeTiers(one) => Some(one.tally.clone().unwrap_or(item.code.clone())),
        _ => None,
    };
    let in_one_tally = tally(item).is_some() && tally(item) == tally(model.item(n));
    let within = |period: CapPeriod| model.same_period(period, deed.day, last.day);
    same[n] == same[same.len() - 1]
        || (in_one_tally
            && matches!(&item.amount, Amount::CumulativeTiers(one) if within(one.period)))
        || (of_one_item && item.caps.iter().any(|cap| within(cap.period)))
        || (of_one_item && item.repeat_doubles && model.rows()[n].until >= last.day)
}
