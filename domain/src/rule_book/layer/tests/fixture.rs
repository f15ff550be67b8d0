//! Layers for the tests: a small whole book, and the frame of Wendeng's district.

use std::collections::BTreeSet;

use crate::calendar::CycleKind;
use crate::points::{BasisPoints, Fen, Points};
use crate::rule_book::layer::*;
use crate::rule_book::{
    Amount, Category, Item, ItemKind, Majority, ReviewRole, RuleBook, Stage, Star, StarRow,
    StarTable, Subject, Way,
};

pub(super) fn points(text: &str) -> Points {
    text.parse().unwrap()
}

pub(super) fn item(kind: ItemKind, code: &str, amount: &str) -> Item {
    let amount = Amount::Fixed { points: points(amount) };
    let mut item = Item::plain(code, "other", format!("条目{code}"), kind, amount);
    if kind.is_adverse() {
        item.cure = Some("改正".into());
        item.cure_days = Some(7);
    }
    item
}

pub(super) fn award(code: &str, amount: &str) -> Item {
    item(ItemKind::Award, code, amount)
}

pub(super) fn category(code: &str, name: &str) -> Category {
    Category { code: code.into(), name: name.into() }
}

pub(super) fn way(quorum: u8) -> Way {
    let stage = Stage {
        name: "评议".into(),
        role: ReviewRole::PanelMember,
        quorum,
        majority: Majority::Simple,
        working_days_max: 5,
        levels: Default::default(),
    };
    Way { stages: vec![stage], notice_days: 3, notice_every: None }
}

pub(super) fn stars(rows: &[(u8, i32)]) -> StarTable {
    let row = |(stars, from): &(u8, i32)| StarRow {
        stars: Star::new(*stars).unwrap(),
        from: Points::whole(*from),
        inclusive: false,
        star_credit_fen: Fen::ZERO,
        discount_bp: BasisPoints::ZERO,
    };
    StarTable(rows.iter().map(row).collect())
}

/// A village's book that is whole by itself.
pub(super) fn book() -> RuleBook {
    RuleBook {
        name: "村积分细则".into(),
        subject: Subject::Household,
        cycle: CycleKind::Quarter,
        base_score: Points::whole(60),
        claim_days_max: 90,
        appeal_days_max: 60,
        claim_way: way(3),
        rating_way: way(3),
        stars: stars(&[(5, 95), (4, 90), (3, 80), (2, 70), (1, 60)]),
        tracks: Vec::new(),
        household_score: Default::default(),
        registration: None,
        points_policy: Default::default(),
        exchange_value_fen: None,
        forfeiture_bp: None,
        categories: vec![category("other", "其他"), category("clean", "环境")],
        items: vec![award("A-1", "5"), item(ItemKind::Deduction, "D-1", "3")],
    }
}

/// What the district of Wendeng locks and what villages may add: at most 5 awards and 5 deductions
/// of at most 2 points each. Besides, blood donation is locked, mediation is left open.
pub(super) fn wendeng() -> Layer {
    let own = |kind| OwnItems { kind, category: None, items_max: 5, points_max: Points::whole(2) };
    Layer {
        name: "文登区信用积分框架".into(),
        subject: Some(Subject::Person),
        cycle: Some(CycleKind::Year),
        base_score: Some(Points::whole(1000)),
        claim_days_max: Some(30),
        stars: Some(stars(&[(5, 1060), (4, 1040), (3, 1020), (2, 990), (1, 800)])),
        locked: BTreeSet::from([Setting::Stars, Setting::BaseScore]),
        locked_items: BTreeSet::from(["P-BLOOD".into()]),
        bounds: Bounds {
            towns: None,
            villages: Some(vec![own(ItemKind::Award), own(ItemKind::Deduction)]),
        },
        categories: vec![category("other", "其他")],
        items: vec![award("P-BLOOD", "10"), award("P-MEDIATE", "5")],
        ..Layer::default()
    }
}

/// A village's layer that fills in what Wendeng leaves open.
pub(super) fn village() -> Layer {
    Layer {
        name: "某村细则".into(),
        appeal_days_max: Some(60),
        claim_way: Some(way(3)),
        rating_way: Some(way(3)),
        items: vec![award("V-1", "2")],
        ..Layer::default()
    }
}

pub(super) fn under<'a>(county: &'a Layer, village: &'a Layer) -> Stack<'a> {
    Stack { county: Some(county), town: None, village: Some(village) }
}

/// The contradictions as `place: kind`.
pub(super) fn list(contradictions: &[Contradiction]) -> Vec<String> {
    contradictions.iter().map(|one| format!("{}: {}", one.place, one.kind.code())).collect()
}
