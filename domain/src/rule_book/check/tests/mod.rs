//! Every test takes a book without fault or warning, changes one thing, and looks for what is told.

mod faults;
mod reach;
mod safeguards;
mod tracks;
mod warnings;
mod wendeng;

use crate::points::Points;
use crate::rule_book::{Amount, Cap, ChoiceOption, CumulativeTiers, Item, MarginalTiers, RuleBook};

/// A book with every kind of item and amount, of which there is nothing to say.
fn good() -> RuleBook {
    toml::from_str(include_str!("good.toml")).unwrap()
}

fn changed(change: impl Fn(&mut RuleBook)) -> RuleBook {
    let mut book = good();
    change(&mut book);
    book
}

/// Where the items of the good book stand.
const SWEEP: usize = 0;
const LABOUR: usize = 1;
const HONOUR: usize = 2;
const HOURS: usize = 3;
const HOURS_COUNTY: usize = 4;
const DONATION: usize = 5;
const BRAVERY: usize = 6;
const DUMP: usize = 7;
const GAMBLE: usize = 9;
const FRAUD: usize = 10;
const BURIAL: usize = 11;

fn cap(text: &str) -> Cap {
    toml::from_str(text).unwrap()
}

fn options(item: &mut Item) -> &mut Vec<ChoiceOption> {
    match &mut item.amount {
        Amount::Choice { options } => options,
        other => panic!("no choice: {other:?}"),
    }
}

fn cumulative(item: &mut Item) -> &mut CumulativeTiers {
    match &mut item.amount {
        Amount::CumulativeTiers(one) => one,
        other => panic!("no cumulative tiers: {other:?}"),
    }
}

fn marginal(item: &mut Item) -> &mut MarginalTiers {
    match &mut item.amount {
        Amount::MarginalTiers(one) => one,
        other => panic!("no marginal tiers: {other:?}"),
    }
}

fn fixed(points: i32) -> Amount {
    Amount::Fixed { points: Points::whole(points) }
}

fn per_unit(unit: &str, each: u32, points: i32, points_max: i32) -> Amount {
    Amount::PerUnit {
        unit: unit.into(),
        each,
        points: Points::whole(points),
        points_max: Points::whole(points_max),
    }
}

fn range(points_min: i32, points_max: i32) -> Amount {
    Amount::Range { points_min: Points::whole(points_min), points_max: Points::whole(points_max) }
}
