//! The merge: layer by layer from the top down, what holds and what does not.

use std::collections::{BTreeMap, BTreeSet};

use super::{Bounds, Contradiction, ContradictionKind as Kind, Layer, Setting};
use crate::place::DivisionLevel as Level;
use crate::points::BasisPoints;
use crate::rule_book::{Category, Item, RuleBook};

use super::compare::Compared;

/// The layers that lie over each other in one village; whichever is absent says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stack<'a> {
    /// The frame of the county.
    pub county: Option<&'a Layer>,
    /// The manual of the town.
    pub town: Option<&'a Layer>,
    /// What the village itself adopted.
    pub village: Option<&'a Layer>,
}

/// What layers come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The book; none when no layer states a setting that a book needs.
    pub book: Option<RuleBook>,
    /// What of the lower layers does not hold in it, from the top down and in the order of each
    /// layer.
    pub contradictions: Vec<Contradiction>,
    /// Which layer brought in each item, by the item's code.
    pub item_origins: BTreeMap<String, Level>,
}

impl<'a> Stack<'a> {
    /// The layers from the top down.
    pub fn from_the_top(&self) -> impl Iterator<Item = (Level, &'a Layer)> {
        let all = [
            (Level::County, self.county),
            (Level::Town, self.town),
            (Level::Village, self.village),
        ];
        all.into_iter().filter_map(|(level, layer)| Some((level, layer?)))
    }

    /// Merges them. Where a lower layer contradicts a higher one the higher one holds, and the
    /// contradiction is in the answer.
    pub fn merge(&self) -> Merged {
        let mut pile = Pile::default();
        for (level, layer) in self.from_the_top() {
            pile.lay(level, layer);
        }
        pile.merged()
    }

    /// Merges them where nothing contradicts.
    ///
    /// # Errors
    /// All contradictions, a missing setting among them.
    pub fn merge_strictly(&self) -> Result<RuleBook, Vec<Contradiction>> {
        let merged = self.merge();
        match merged.book {
            Some(book) if merged.contradictions.is_empty() => Ok(book),
            _ => Err(merged.contradictions),
        }
    }

    /// The least share of households that must have signed the pledge.
    pub fn pledges_bp_min(&self) -> BasisPoints {
        let asked = self.from_the_top().filter_map(|(_, layer)| layer.pledges_bp_min);
        asked.max().unwrap_or_default()
    }
}

impl Merged {
    /// The contradictions in the layer of a level: what its people are to be told.
    pub fn contradictions_of(&self, level: Level) -> Vec<Contradiction> {
        self.contradictions.iter().filter(|one| one.layer == level).cloned().collect()
    }
}

/// An item of the pile.
struct Held<'a> {
    item: &'a Item,
    introduced_by: Level,
    locked_by: Option<Level>,
}

/// What the layers so far come to.
#[derive(Default)]
struct Pile<'a> {
    settings: Layer,
    locks: BTreeMap<Setting, Level>,
    categories: BTreeMap<&'a str, Level>,
    category_list: Vec<&'a Category>,
    items: Vec<Held<'a>>,
    bounds: Vec<(Level, &'a Bounds)>,
    contradictions: Vec<Contradiction>,
}

impl<'a> Pile<'a> {
    fn lay(&mut self, level: Level, layer: &'a Layer) {
        self.lay_settings(level, layer);
        self.lay_categories(level, layer);
        self.drop_items(level, layer);
        self.lay_items(level, layer);
        self.lock_items(level, layer);
        self.lay_bounds(level, layer);
    }

    fn contradict(&mut self, layer: Level, against: Level, place: impl Into<String>, kind: Kind) {
        self.contradictions.push(Contradiction { layer, against, place: place.into(), kind });
    }

    fn lay_settings(&mut self, level: Level, layer: &'a Layer) {
        self.settings.name.clone_from(&layer.name);
        let locks = &self.locks;
        for (setting, place) in self.settings.take_over(layer, |one| locks.contains_key(&one)) {
            let against = self.locks.get(&setting).copied().unwrap_or(level);
            self.contradict(level, against, place, Kind::LockedSetting);
        }
        for setting in &layer.locked {
            if self.settings.states(*setting) {
                self.locks.entry(*setting).or_insert(level);
            } else {
                let place = format!("locked.{}", setting.as_str());
                self.contradict(level, level, place, Kind::AboutNothing);
            }
        }
    }

    fn lay_categories(&mut self, level: Level, layer: &'a Layer) {
        for (n, category) in layer.categories.iter().enumerate() {
            let Some(by) = self.categories.get(category.code.as_str()).copied() else {
                self.categories.insert(&category.code, level);
                self.category_list.push(category);
                continue;
            };
            if by == level {
                self.contradict(level, level, format!("categories[{n}].code"), Kind::CodeTwice);
            } else if !self.category_list.contains(&category) {
                self.contradict(level, by, format!("categories[{n}].name"), Kind::CategoryRenamed);
            }
        }
    }

    /// Where each item of the pile stands, by its code.
    fn standing(&self) -> BTreeMap<&'a str, usize> {
        self.items.iter().enumerate().map(|(at, held)| (held.item.code.as_str(), at)).collect()
    }

    fn drop_items(&mut self, level: Level, layer: &'a Layer) {
        let standing = self.standing();
        let stated: BTreeSet<_> = layer.items.iter().map(|item| item.code.as_str()).collect();
        let mut dropped = BTreeSet::new();
        for code in &layer.dropped_items {
            let place = format!("dropped_items.{code}");
            let held = standing.get(code.as_str()).and_then(|at| self.items.get(*at));
            match held.map(|held| held.locked_by) {
                Some(Some(by)) => self.contradict(level, by, place, Kind::LockedItemDropped),
                Some(None) if !stated.contains(code.as_str()) => {
                    dropped.insert(code.as_str());
                }
                _ => self.contradict(level, level, place, Kind::AboutNothing),
            }
        }
        self.items.retain(|held| !dropped.contains(held.item.code.as_str()));
    }

    fn lay_items(&mut self, level: Level, layer: &'a Layer) {
        let standing = self.standing();
        let mut seen = BTreeSet::new();
        for (n, item) in layer.items.iter().enumerate() {
            let place = format!("items[{n}]");
            if !seen.insert(item.code.as_str()) {
                self.contradict(level, level, format!("{place}.code"), Kind::CodeTwice);
            } else if !self.categories.contains_key(item.category.as_str()) {
                let place = format!("{place}.category");
                self.contradict(level, level, place, Kind::CategoryUnknown);
            } else if let Some(at) = standing.get(item.code.as_str()) {
                self.change_item(level, *at, item, &place);
            } else {
                self.add_item(level, item, &place);
            }
        }
    }

    fn change_item(&mut self, level: Level, at: usize, item: &'a Item, place: &str) {
        let Some(held) = self.items.get_mut(at) else { return };
        match held.locked_by {
            _ if held.item.kind != item.kind => {
                let against = held.introduced_by;
                self.contradict(level, against, format!("{place}.code"), Kind::CodeTaken);
            }
            Some(by) => {
                for place in item.differing(held.item, place) {
                    self.contradict(level, by, place, Kind::LockedItem);
                }
            }
            None => held.item = item,
        }
    }

    fn add_item(&mut self, level: Level, item: &'a Item, place: &str) {
        if let Some((against, place, kind)) = self.bound_broken(level, item, place) {
            self.contradict(level, against, place, kind);
        } else {
            self.items.push(Held { item, introduced_by: level, locked_by: None });
        }
    }

    /// The first bound that does not let a layer add the item besides those that it added already.
    fn bound_broken(
        &self,
        level: Level,
        item: &Item,
        place: &str,
    ) -> Option<(Level, String, Kind)> {
        for (by, bounds) in &self.bounds {
            let Some(list) = bounds.of(level) else { continue };
            let mut allowed = false;
            for bound in list.iter().filter(|bound| bound.speaks_of(item)) {
                allowed = true;
                if item.amount.most() > bound.points_max {
                    return Some((*by, format!("{place}.amount"), Kind::OwnItemTooHigh));
                }
                let own = self.items.iter().filter(|held| held.introduced_by == level);
                let count = own.filter(|held| bound.speaks_of(held.item)).count();
                if u32::try_from(count).is_ok_and(|count| count >= bound.items_max) {
                    return Some((*by, place.to_owned(), Kind::TooManyOwnItems));
                }
            }
            if !allowed {
                return Some((*by, place.to_owned(), Kind::OwnItemNotAllowed));
            }
        }
        None
    }

    fn lock_items(&mut self, level: Level, layer: &'a Layer) {
        let standing = self.standing();
        for code in &layer.locked_items {
            let at = standing.get(code.as_str());
            if let Some(held) = at.and_then(|at| self.items.get_mut(*at)) {
                held.locked_by.get_or_insert(level);
            } else {
                let place = format!("locked_items.{code}");
                self.contradict(level, level, place, Kind::AboutNothing);
            }
        }
    }

    fn lay_bounds(&mut self, level: Level, layer: &'a Layer) {
        for (place, below) in [("towns", Level::Town), ("villages", Level::Village)] {
            let Some(list) = layer.bounds.of(below) else { continue };
            if below <= level {
                self.contradict(level, level, format!("bounds.{place}"), Kind::AboutNothing);
            }
            for (n, bound) in list.iter().enumerate() {
                let category = bound.category.as_deref();
                if category.is_some_and(|code| !self.categories.contains_key(code)) {
                    let place = format!("bounds.{place}[{n}].category");
                    self.contradict(level, level, place, Kind::AboutNothing);
                }
            }
        }
        self.bounds.push((level, &layer.bounds));
    }

    fn merged(mut self) -> Merged {
        for setting in Setting::ALL {
            if setting.is_needed() && !self.settings.states(*setting) {
                let place = setting.as_str();
                self.contradict(Level::Village, Level::Village, place, Kind::SettingMissing);
            }
        }
        let mut whole = self.settings;
        whole.categories = self.category_list.into_iter().cloned().collect();
        whole.items = self.items.iter().map(|held| held.item.clone()).collect();
        let origin = |held: &Held<'_>| (held.item.code.clone(), held.introduced_by);
        Merged {
            book: whole.whole(),
            contradictions: self.contradictions,
            item_origins: self.items.iter().map(origin).collect(),
        }
    }
}
