//! Items whose units add up together: they are one table, written by more than one layer.

use std::collections::BTreeMap;

use super::{FaultKind, Faults};
use crate::rule_book::{Amount, CumulativeTiers, Item};

/// Items of one tally with their numbers, in the order of the book.
pub(super) type Tally<'a> = Vec<(usize, &'a Item, &'a CumulativeTiers)>;

/// The items of every tally.
pub(super) fn of(items: &[Item]) -> BTreeMap<&str, Tally<'_>> {
    let mut tallies: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
    for (n, item) in items.iter().enumerate() {
        if let Amount::CumulativeTiers(one) = &item.amount {
            let name = one.tally.as_deref().unwrap_or(&item.code);
            tallies.entry(name).or_default().push((n, item, one));
        }
    }
    tallies
}

pub(super) fn check(items: &[Item], faults: &mut Faults) {
    for tally in of(items).values() {
        differs(tally, faults);
        contradicts(tally, faults);
    }
}

fn differs(tally: &Tally<'_>, faults: &mut Faults) {
    let Some((&(_, first, table), rest)) = tally.split_first() else { return };
    for (n, item, one) in rest {
        let differing = [
            ("kind", item.kind != first.kind),
            ("amount.unit", one.unit != table.unit),
            ("amount.per", one.per != table.per),
            ("amount.period", one.period != table.period),
        ];
        for (field, _) in differing.into_iter().filter(|(_, differs)| *differs) {
            faults.add(format!("items[{n}].{field}"), FaultKind::TallyDiffers);
        }
    }
}

/// Two items whose steps, put in one order, do not rise. Steps of one item are seen by themselves.
fn contradicts(tally: &Tally<'_>, faults: &mut Faults) {
    let mut steps: Vec<_> = tally
        .iter()
        .flat_map(|(n, _, one)| {
            one.tiers.iter().enumerate().map(|(k, tier)| (tier.from, *n, k, tier.points))
        })
        .collect();
    steps.sort_unstable();
    for pair in steps.windows(2) {
        if let [(below_from, below_n, below_k, below), (from, n, k, points)] = pair
            && n != below_n
            && (from == below_from || points <= below)
        {
            // Told at the item that stands later in the book, which is the lower layer's.
            let (n, k) = (*n, *k).max((*below_n, *below_k));
            faults.add(format!("items[{n}].amount.tiers[{k}]"), FaultKind::TallyContradicts);
        }
    }
}
