//! What holds for any layers: random stacks with few codes, so that they often collide.

use std::collections::BTreeSet;

use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::rule_book::{Item, RuleBook};

const CODES: &[&str] = &["A", "B", "C", "D", "E", "F"];

fn kind() -> impl Strategy<Value = ItemKind> {
    prop_oneof![4 => Just(ItemKind::Award), 2 => Just(ItemKind::Deduction), 1 => Just(ItemKind::Veto)]
}

fn some_item() -> impl Strategy<Value = Item> {
    (kind(), 0..CODES.len(), 1..4_i32, prop_oneof!["other", "clean", "new"]).prop_map(
        |(kind, code, amount, category)| Item {
            category,
            ..item(kind, CODES[code], &amount.to_string())
        },
    )
}

fn codes() -> impl Strategy<Value = BTreeSet<String>> {
    btree_set(proptest::sample::select(CODES).prop_map(str::to_owned), 0..3)
}

fn own_items() -> impl Strategy<Value = OwnItems> {
    let category = option::of(Just("clean".to_owned()));
    (kind(), category, 0..3_u32, 1..4).prop_map(|(kind, category, items_max, most)| OwnItems {
        kind,
        category,
        items_max,
        points_max: Points::whole(most),
    })
}

fn layer() -> impl Strategy<Value = Layer> {
    let settings = (option::of(1..3_i32), option::of(1..3_u16), option::of(1..3_u8));
    let locks = (btree_set(proptest::sample::select(Setting::ALL), 0..5), codes(), codes());
    let bounds = (option::of(vec(own_items(), 0..3)), option::of(vec(own_items(), 0..3)));
    let text = (
        vec(proptest::sample::select(&["other", "clean", "new"][..]), 0..3),
        vec(some_item(), 0..6),
    );
    (settings, locks, bounds, text).prop_map(|(settings, locks, (towns, villages), text)| Layer {
        name: "层".into(),
        base_score: settings.0.map(Points::whole),
        claim_days_max: settings.1,
        claim_way: settings.2.map(way),
        locked: locks.0,
        locked_items: locks.1,
        dropped_items: locks.2,
        bounds: Bounds { towns, villages },
        categories: text.0.into_iter().map(|code| category(code, code)).collect(),
        items: text.1,
        ..Layer::default()
    })
}

/// A county, a town and a village; what none of them states, the village does, so that the book is
/// whole.
fn layers() -> impl Strategy<Value = [Layer; 3]> {
    [layer(), layer(), layer()].prop_map(|[county, town, village]| {
        let village = filled_in(village, &county, &town);
        [county, town, village]
    })
}

fn filled_in(mut village: Layer, county: &Layer, town: &Layer) -> Layer {
    let mut rest = Layer::from(book());
    for above in [county, town, &village] {
        rest.base_score = rest.base_score.filter(|_| above.base_score.is_none());
        rest.claim_days_max = rest.claim_days_max.filter(|_| above.claim_days_max.is_none());
        rest.claim_way = rest.claim_way.filter(|_| above.claim_way.is_none());
    }
    village.take_over(&rest, |_| false);
    village
}

fn stack([county, town, village]: &[Layer; 3]) -> Stack<'_> {
    Stack { county: Some(county), town: Some(town), village: Some(village) }
}

fn merged(layers: &[Layer; 3]) -> RuleBook {
    stack(layers).merge().book.unwrap()
}

proptest! {
    #[test]
    fn the_merge_as_the_villages_own_layer_merges_to_itself([county, town, village] in layers()) {
        let book = merged(&[county.clone(), town.clone(), village.clone()]);
        // What the village drops it drops still; what had no effect is about nothing again.
        let again = Layer { dropped_items: village.dropped_items, ..book.clone().into() };
        prop_assert_eq!(merged(&[county, town, again]), book);
    }

    #[test]
    fn a_layer_that_stands_over_itself_adds_nothing([county, _, village] in layers()) {
        let village = filled_in(village, &county, &county);
        let once = under(&county, &village).merge().book;
        // A county's bounds for towns do not speak of what it states itself.
        prop_assert_eq!(Some(merged(&[county.clone(), county, village])), once);
    }

    #[test]
    fn without_layers_above_the_merge_is_the_villages_own(village in layer()) {
        let nothing = Layer::default();
        let mut own = filled_in(village, &nothing, &nothing).filled_in_from(book());
        // A book that can be adopted has no code twice and no unknown category.
        let mut seen = BTreeSet::new();
        own.categories.retain(|category| seen.insert(category.code.clone()));
        let categories = std::mem::take(&mut seen);
        own.items.retain(|item| categories.contains(&item.category) && seen.insert(item.code.clone()));
        let layer = Layer::from(own.clone());
        let alone = Stack { village: Some(&layer), ..Stack::default() };
        prop_assert_eq!(alone.merge_strictly(), Ok(own));
    }

    #[test]
    fn no_book_has_a_code_twice_or_an_item_without_its_category(layers in layers()) {
        let (book, mut codes, mut categories) = (merged(&layers), BTreeSet::new(), BTreeSet::new());
        prop_assert!(book.categories.iter().all(|one| categories.insert(one.code.clone())));
        prop_assert!(book.items.iter().all(|one| codes.insert(one.code.clone())));
        prop_assert!(book.items.iter().all(|one| categories.contains(&one.category)));
    }

    #[test]
    fn nothing_locked_ever_changes([county, town, village] in layers()) {
        let silent = filled_in(Layer::default(), &county, &town);
        let before = merged(&[county.clone(), town.clone(), silent]);
        let after = merged(&[county.clone(), town.clone(), village]);
        let mut settings = Layer::from(before.clone());
        let changed = settings.take_over(&after.clone().into(), |_| true);
        for (setting, place) in changed {
            let by_county = county.locked.contains(&setting) && county.states(setting);
            let stated = county.states(setting) || town.states(setting);
            prop_assert!(!by_county, "{} of the county", place);
            prop_assert!(!(town.locked.contains(&setting) && stated), "{} of the town", place);
        }
        // A lock on an item that is not there yet is about nothing.
        let there = Stack { county: Some(&county), ..Stack::default() }.merge().item_origins;
        let by_county = county.locked_items.iter().filter(|code| there.contains_key(*code));
        for code in by_county.chain(&town.locked_items) {
            if let Some(item) = before.item(code) {
                prop_assert_eq!(after.item(code), Some(item));
            }
        }
    }

    #[test]
    fn what_a_village_adds_keeps_every_bound(layers in layers()) {
        let merged = stack(&layers).merge();
        let (book, origins) = (merged.book.unwrap(), merged.item_origins);
        let own = || book.items.iter().filter(|i| origins[&i.code] == DivisionLevel::Village);
        for bounds in layers[..2].iter().filter_map(|above| above.bounds.villages.as_ref()) {
            for item in own() {
                prop_assert!(bounds.iter().any(|bound| bound.speaks_of(item)));
            }
            for bound in bounds {
                let spoken_of = || own().filter(|item| bound.speaks_of(item));
                prop_assert!(spoken_of().count() <= bound.items_max as usize);
                prop_assert!(spoken_of().all(|item| item.amount.most() <= bound.points_max));
            }
        }
    }

    #[test]
    fn a_strict_merge_is_the_lenient_one_without_contradictions(layers in layers()) {
        let lenient = stack(&layers).merge();
        match stack(&layers).merge_strictly() {
            Ok(book) => {
                prop_assert!(lenient.contradictions.is_empty());
                prop_assert_eq!(lenient.book, Some(book));
            }
            Err(contradictions) => {
                prop_assert!(!contradictions.is_empty());
                prop_assert_eq!(lenient.contradictions, contradictions);
            }
        }
    }
}
