//! Bounds: what a layer lets those below it add.

use serde::{Deserialize, Serialize};

use crate::place::DivisionLevel;
use crate::points::Points;
use crate::rule_book::{Item, ItemKind};

/// What the layers below may add. Without a list for a level, what they like; with one, only what
/// fits it, so that an empty list leaves no room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// For a county: what each town may add.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub towns: Option<Vec<OwnItems>>,
    /// What each village may add.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub villages: Option<Vec<OwnItems>>,
}

/// So many own items of a kind, each of so many points at most. Changing an item of a higher layer
/// that is not locked is not adding one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnItems {
    /// Of which kind.
    pub kind: ItemKind,
    /// Of which category; of any without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How many.
    pub items_max: u32,
    /// The most that one claim of such an item may be worth. That the same fault again is taken
    /// twice does not count here.
    pub points_max: Points,
}

impl Bounds {
    /// The list for a level, if it states one.
    pub fn of(&self, level: DivisionLevel) -> Option<&[OwnItems]> {
        match level {
            DivisionLevel::County => None,
            DivisionLevel::Town => self.towns.as_deref(),
            DivisionLevel::Village => self.villages.as_deref(),
        }
    }
}

impl OwnItems {
    /// Whether it speaks of such an item. An item keeps every bound that speaks of it.
    pub fn speaks_of(&self, item: &Item) -> bool {
        self.kind == item.kind && self.category.as_ref().is_none_or(|code| *code == item.category)
    }
}
