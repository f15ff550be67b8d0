//! What stands in the way of adopting a draft, each with its place in the book.
//!
//! The safeguards of section 15 that can be read off a name are refused here: an item that scores
//! petitioning, speech, belief, family planning, health, poverty or kinship. The words are a net
//! for honest mistakes, not a proof; the assembly reads the rest.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Amount, CapLimit, ClaimedBy, CumulativeTiers, Item, MarginalTiers, RuleBook, StarTable, Way,
};
use crate::points::Points;

/// A fault of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where: `items[3].amount`.
    pub place: String,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What can be wrong with a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A text is empty or too long.
    Text,
    /// A code is empty, too long or has other characters than `A-Z a-z 0-9 . - _`.
    Code,
    /// A code stands twice.
    Duplicate,
    /// An item names a category that the book does not have.
    UnknownCategory,
    /// An amount that must be above zero is not.
    NotPositive,
    /// A maximum below the amount of one unit.
    MaximumTooSmall,
    /// A choice without options.
    NoOptions,
    /// An amount in tiers without a tier.
    NoTiers,
    /// Tiers that do not rise: one begins where another already holds, or one after which nothing
    /// can come is not the last.
    TiersOverlap,
    /// A range whose least is not above zero and below its most.
    RangeEmpty,
    /// Nobody may bring the item forward.
    NobodyMayClaim,
    /// A deduction that villagers could bring against a neighbour.
    DeductionByVillager,
    /// A deduction without the way and the days to put it right (safeguard 15.5).
    NoCure,
    /// A way without a stage or with too many.
    Stages,
    /// A quorum of zero.
    Quorum,
    /// More days than allowed.
    Days,
    /// Rows of the star table that do not fall from row to row.
    StarOrder,
    /// A score or credit below zero.
    Negative,
    /// The item scores what must not be scored (safeguards 15.2 and 15.3).
    Forbidden,
    /// The book has no item, or too many.
    ItemCount,
}

/// Words whose presence in the name of an item shows that it scores what section 15.3 forbids:
/// petitioning and complaints, speech, belief, family planning, health, poverty, kinship; or
/// touches a statutory benefit (15.2).
const FORBIDDEN_WORDS: &[&str] = &[
    "上访",
    "信访",
    "投诉",
    "举报",
    "言论",
    "发帖",
    "网评",
    "信教",
    "宗教",
    "信仰",
    "计划生育",
    "超生",
    "生育",
    "怀孕",
    "患病",
    "疾病",
    "残疾",
    "精神病",
    "贫困户身份",
    "贫困",
    "低保",
    "五保",
    "养老金",
    "入学资格",
    "医保",
    "亲属关系",
    "连坐",
];

impl RuleBook {
    /// All faults, in the order of the book; none when it can be adopted.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Faults::default();
        faults.text("name", &self.name, 100);
        if self.base_score < Points::ZERO {
            faults.add("base_score", FaultKind::Negative);
        }
        for (place, days) in
            [("claim_days_max", self.claim_days_max), ("appeal_days_max", self.appeal_days_max)]
        {
            if !(1..=366).contains(&days) {
                faults.add(place, FaultKind::Days);
            }
        }
        faults.way("claim_way", &self.claim_way);
        faults.way("rating_way", &self.rating_way);
        faults.stars(&self.stars);
        let mut categories = BTreeSet::new();
        for (n, category) in self.categories.iter().enumerate() {
            faults.code(&format!("categories[{n}].code"), &category.code, &mut categories);
            faults.text(&format!("categories[{n}].name"), &category.name, 40);
        }
        if !(1..=Self::ITEMS_MAX).contains(&self.items.len()) {
            faults.add("items", FaultKind::ItemCount);
        }
        let mut codes = BTreeSet::new();
        for (n, item) in self.items.iter().enumerate() {
            let place = format!("items[{n}]");
            faults.code(&format!("{place}.code"), &item.code, &mut codes);
            if !categories.contains(item.category.as_str()) {
                faults.add(format!("{place}.category"), FaultKind::UnknownCategory);
            }
            faults.item(&place, item);
        }
        faults.0
    }
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, place: impl Into<String>, kind: FaultKind) {
        self.0.push(Fault { place: place.into(), kind });
    }

    fn text(&mut self, place: &str, text: &str, chars_max: usize) {
        if text.trim().is_empty() || text.chars().count() > chars_max {
            self.add(place, FaultKind::Text);
        }
    }

    fn code<'a>(&mut self, place: &str, code: &'a str, seen: &mut BTreeSet<&'a str>) {
        let fits = (1..=32).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
        if !fits {
            self.add(place, FaultKind::Code);
        }
        if !seen.insert(code) {
            self.add(place, FaultKind::Duplicate);
        }
    }

    fn way(&mut self, place: &str, way: &Way) {
        if !(1..=Way::STAGES_MAX).contains(&way.stages.len()) {
            self.add(format!("{place}.stages"), FaultKind::Stages);
        }
        if way.notice_days > Way::NOTICE_DAYS_MAX {
            self.add(format!("{place}.notice_days"), FaultKind::Days);
        }
        for (n, stage) in way.stages.iter().enumerate() {
            self.text(&format!("{place}.stages[{n}].name"), &stage.name, 20);
            if stage.quorum == 0 {
                self.add(format!("{place}.stages[{n}].quorum"), FaultKind::Quorum);
            }
            if !(1..=60).contains(&stage.working_days_max) {
                self.add(format!("{place}.stages[{n}].working_days_max"), FaultKind::Days);
            }
        }
    }

    fn stars(&mut self, table: &StarTable) {
        for (n, row) in table.0.iter().enumerate() {
            if row.star_credit_fen.get() < 0 {
                self.add(format!("stars[{n}].star_credit_fen"), FaultKind::Negative);
            }
        }
        for (n, pair) in table.0.windows(2).enumerate() {
            if let [above, below] = pair
                && (below.stars >= above.stars || below.from >= above.from)
            {
                self.add(format!("stars[{}]", n + 1), FaultKind::StarOrder);
            }
        }
    }

    fn item(&mut self, place: &str, item: &Item) {
        self.text(&format!("{place}.name"), &item.name, 60);
        if FORBIDDEN_WORDS.iter().any(|word| item.name.contains(word)) {
            self.add(format!("{place}.name"), FaultKind::Forbidden);
        }
        self.amount(&format!("{place}.amount"), &item.amount);
        if item.claimed_by.is_empty() {
            self.add(format!("{place}.claimed_by"), FaultKind::NobodyMayClaim);
        }
        if item.kind.is_adverse() {
            if item.claimed_by.contains(&ClaimedBy::Villager) {
                self.add(format!("{place}.claimed_by"), FaultKind::DeductionByVillager);
            }
            let told = item.cure.as_ref().is_some_and(|cure| !cure.trim().is_empty());
            if !told || !item.cure_days.is_some_and(|days| (1..=366).contains(&days)) {
                self.add(format!("{place}.cure"), FaultKind::NoCure);
            }
        }
        for (n, cap) in item.caps.iter().enumerate() {
            let positive = match cap.limit {
                CapLimit::Count(count) => count > 0,
                CapLimit::Points(points) => points.is_positive(),
            };
            if !positive {
                self.add(format!("{place}.caps[{n}]"), FaultKind::NotPositive);
            }
        }
    }

    fn amount(&mut self, place: &str, amount: &Amount) {
        match amount {
            Amount::Fixed { points } if !points.is_positive() => {
                self.add(place, FaultKind::NotPositive);
            }
            Amount::Fixed { .. } => {}
            Amount::PerUnit { unit, each, points, points_max } => {
                self.text(&format!("{place}.unit"), unit, 20);
                if !points.is_positive() || *each == 0 {
                    self.add(place, FaultKind::NotPositive);
                }
                if points_max < points {
                    self.add(format!("{place}.points_max"), FaultKind::MaximumTooSmall);
                }
            }
            Amount::Choice { options } => {
                if options.is_empty() {
                    self.add(place, FaultKind::NoOptions);
                }
                let mut codes = BTreeSet::new();
                for (n, option) in options.iter().enumerate() {
                    self.code(&format!("{place}.options[{n}].code"), &option.code, &mut codes);
                    self.text(&format!("{place}.options[{n}].name"), &option.name, 40);
                    if !option.points.is_positive() {
                        self.add(format!("{place}.options[{n}].points"), FaultKind::NotPositive);
                    }
                }
            }
            Amount::CumulativeTiers(one) => self.cumulative(place, one),
            Amount::MarginalTiers(one) => self.marginal(place, one),
            Amount::Range { points_min, points_max } => {
                if !points_min.is_positive() || points_min >= points_max {
                    self.add(place, FaultKind::RangeEmpty);
                }
            }
        }
    }

    fn cumulative(&mut self, place: &str, one: &CumulativeTiers) {
        self.text(&format!("{place}.unit"), &one.unit, 20);
        if one.tiers.is_empty() {
            self.add(format!("{place}.tiers"), FaultKind::NoTiers);
        }
        for (n, tier) in one.tiers.iter().enumerate() {
            let before = n.checked_sub(1).and_then(|n| one.tiers.get(n));
            if tier.from == 0 || !tier.points.is_positive() {
                self.add(format!("{place}.tiers[{n}]"), FaultKind::NotPositive);
            }
            if before.is_some_and(|b| b.from >= tier.from || b.points >= tier.points) {
                self.add(format!("{place}.tiers[{n}]"), FaultKind::TiersOverlap);
            }
        }
    }

    fn marginal(&mut self, place: &str, one: &MarginalTiers) {
        self.text(&format!("{place}.unit"), &one.unit, 20);
        if one.tiers.is_empty() {
            self.add(format!("{place}.tiers"), FaultKind::NoTiers);
        }
        let last = one.tiers.len().saturating_sub(1);
        let mut begins_after = 0;
        for (n, slice) in one.tiers.iter().enumerate() {
            let place = format!("{place}.tiers[{n}]");
            if slice.each == 0 || !slice.points.is_positive() {
                self.add(&place, FaultKind::NotPositive);
            }
            if slice.points_max < slice.points {
                self.add(format!("{place}.points_max"), FaultKind::MaximumTooSmall);
            }
            match slice.up_to {
                Some(up_to) if up_to > begins_after => begins_after = up_to,
                None if n == last => {}
                _ => self.add(&place, FaultKind::TiersOverlap),
            }
        }
    }
}
