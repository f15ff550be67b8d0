//! Random rule books that can be adopted: all kinds of amount and item, several caps at once,
//! exclusive groups, doubling, shared tallies, durations.

use domain::calendar::CycleKind;
use domain::points::Points;
use domain::rule_book::{
    Amount, Cap, CapLimit, CapPeriod, CapScope, Category, ChoiceOption, CumulativeTiers, Duration,
    Item, ItemKind, Majority, MarginalTiers, ReviewRole, RuleBook, Slice, Stage, Star, StarTable,
    Subject, Suspension, Tier, Way,
};

use crate::dice::Dice;

const SCOPES: [CapScope; 2] = [CapScope::Account, CapScope::Member];
const PERIODS: [CapPeriod; 6] = [
    CapPeriod::Year,
    CapPeriod::Month,
    CapPeriod::Day,
    CapPeriod::Week,
    CapPeriod::Quarter,
    CapPeriod::Cycle,
];
const CYCLES: [CycleKind; 4] =
    [CycleKind::Year, CycleKind::Quarter, CycleKind::HalfYear, CycleKind::Month];

/// A book with these items and nothing to object to.
pub fn with(cycle: CycleKind, items: Vec<Item>) -> RuleBook {
    let stage = Stage {
        name: "评议".into(),
        role: ReviewRole::PanelMember,
        quorum: 3,
        majority: Majority::Simple,
        working_days_max: 5,
        levels: Default::default(),
    };
    let way = Way { stages: vec![stage], notice_days: 3, notice_every: None };
    RuleBook {
        name: "细则".into(),
        subject: Subject::Household,
        cycle,
        base_score: Points::whole(1_000),
        claim_days_max: 366,
        appeal_days_max: 60,
        claim_way: way.clone(),
        rating_way: way,
        stars: StarTable(Vec::new()),
        tracks: Vec::new(),
        household_score: Default::default(),
        registration: None,
        points_policy: Default::default(),
        exchange_value_fen: None,
        forfeiture_bp: None,
        categories: vec![Category { code: "c".into(), name: "类".into() }],
        items,
    }
}

/// An item for cadres and, if it is an award, for villagers.
pub fn item(code: impl Into<String>, kind: ItemKind, amount: Amount) -> Item {
    let adverse = kind.is_adverse();
    Item {
        cure_days: adverse.then_some(7),
        cure: adverse.then(|| "清理".into()),
        grade: (kind == ItemKind::DirectGrade).then_some(Star::NONE),
        suspends: (kind == ItemKind::Veto).then_some(Suspension { further_years: 1 }),
        ..Item::plain(code, "c", "条目", kind, amount)
    }
}

/// Any book.
pub fn any(dice: &mut Dice<'_>) -> RuleBook {
    let hours = hours(dice, None);
    let count = dice.between(1, 6);
    let items = (0..count).map(|n| any_item(dice, n, &hours)).collect();
    with(dice.one_of(&CYCLES), items)
}

fn any_item(dice: &mut Dice<'_>, n: u32, hours: &CumulativeTiers) -> Item {
    let kind = dice.one_of(&[
        ItemKind::Award,
        ItemKind::Deduction,
        ItemKind::Award,
        ItemKind::Deduction,
        ItemKind::Award,
        ItemKind::DirectGrade,
        ItemKind::Deduction,
        ItemKind::Veto,
    ]);
    let adds_up = matches!(kind, ItemKind::Award | ItemKind::Deduction);
    let amount = match dice.below(if adds_up { 7 } else { 5 }) {
        0 => Amount::Fixed { points: points(dice) },
        1 => per_unit(dice),
        2 => choice(dice),
        3 => marginal(dice),
        4 => {
            let least = dice.between(1, 500);
            let most = least + dice.between(1, 1_000);
            Amount::Range { points_min: hundredths(least), points_max: hundredths(most) }
        }
        5 if kind == ItemKind::Award => Amount::CumulativeTiers(part_of(dice, hours)),
        _ => Amount::CumulativeTiers(self::hours(dice, Some(n))),
    };
    let caps = (0..dice.below(4)).map(|_| cap(dice)).collect();
    // Items for and against somebody have groups of their own.
    let groups = if kind.is_adverse() { ["m", "n"] } else { ["g", "h"] };
    let exclusive = dice.once_in(2).then(|| dice.one_of(&groups).to_owned());
    Item {
        caps,
        exclusive,
        repeat_doubles: kind == ItemKind::Deduction && dice.once_in(2),
        duration: duration(dice),
        extends_until_corrected: kind.is_adverse() && dice.once_in(3),
        ..item(format!("I{n}"), kind, amount)
    }
}

fn hundredths(count: u32) -> Points {
    Points::from_hundredths(i64::from(count))
}

fn points(dice: &mut Dice<'_>) -> Points {
    // Mostly whole points, so that some are worth the same.
    if dice.once_in(3) {
        hundredths(dice.between(1, 1_000))
    } else {
        hundredths(dice.between(1, 9) * 100)
    }
}

pub fn per_unit(dice: &mut Dice<'_>) -> Amount {
    let (points, more) = (points(dice), dice.below(2_000));
    Amount::PerUnit {
        unit: "小时".into(),
        each: dice.between(1, 5),
        points,
        points_max: Points::from_hundredths(points.hundredths() + i64::from(more)),
    }
}

fn choice(dice: &mut Dice<'_>) -> Amount {
    let count = dice.between(1, 4);
    let option = |n: u32| ChoiceOption {
        code: n.to_string(),
        name: "级".into(),
        points: points(dice),
        duration: dice.once_in(3).then(|| duration(dice)),
    };
    Amount::Choice { options: (0..count).map(option).collect() }
}

pub fn marginal(dice: &mut Dice<'_>) -> Amount {
    let count = dice.between(1, 4);
    let mut ends = 0;
    let mut slices = Vec::new();
    for n in 1..=count {
        ends += dice.between(1, 15);
        let (points, more) = (points(dice), dice.below(1_000));
        slices.push(Slice {
            up_to: (n < count || dice.once_in(2)).then_some(ends),
            each: dice.between(1, 4),
            points,
            points_max: Points::from_hundredths(points.hundredths() + i64::from(more)),
        });
    }
    Amount::MarginalTiers(MarginalTiers { unit: "元".into(), tiers: slices })
}

/// Steps that rise: for items that share a tally, or for one alone.
pub fn hours(dice: &mut Dice<'_>, alone: Option<u32>) -> CumulativeTiers {
    let (mut from, mut reached) = (0, 0);
    let steps = dice.between(1, 5);
    let tiers = (0..steps).map(|_| {
        from += dice.between(1, 10);
        reached += dice.between(1, 300);
        Tier { from, points: hundredths(reached) }
    });
    CumulativeTiers {
        unit: "小时".into(),
        tiers: tiers.collect(),
        tally: if alone.is_some() { None } else { Some("hours".into()) },
        per: dice.one_of(&SCOPES),
        period: dice.one_of(&PERIODS),
    }
}

/// Some of the steps: a village's below its county's.
pub fn part_of(dice: &mut Dice<'_>, whole: &CumulativeTiers) -> CumulativeTiers {
    let last = whole.tiers.len() as u32 - 1;
    let first = dice.between(0, last);
    let end = dice.between(first, last);
    let tiers = whole.tiers[first as usize..=end as usize].to_vec();
    CumulativeTiers { tiers, ..whole.clone() }
}

fn cap(dice: &mut Dice<'_>) -> Cap {
    let limit = if dice.once_in(2) {
        CapLimit::Count(dice.between(1, 3))
    } else {
        CapLimit::Points(hundredths(dice.between(1, 30) * 50))
    };
    Cap { per: dice.one_of(&SCOPES), period: dice.one_of(&PERIODS), limit }
}

fn duration(dice: &mut Dice<'_>) -> Duration {
    match dice.below(4) {
        0 => Duration::Cycle,
        1 => Duration::Year,
        2 => Duration::Years { years: dice.between(1, 3) as u8 },
        _ => Duration::ByPoints {
            up_to: hundredths(dice.between(1, 1_000)),
            years: 1,
            years_above: dice.between(1, 3) as u8,
        },
    }
}
