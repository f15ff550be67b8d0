//! What of a layer does not hold because of a layer above it.

use serde::{Deserialize, Serialize};

use crate::place::DivisionLevel;

/// Something in a layer that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// Whose layer it stands in.
    pub layer: DivisionLevel,
    /// Whose layer it contradicts; its own where the fault is there.
    pub against: DivisionLevel,
    /// Where in its layer: `items[3].amount`, `stars[0].from`, `dropped_items.P-01`.
    pub place: String,
    /// What is wrong.
    pub kind: ContradictionKind,
}

/// Why something does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionKind {
    /// A setting that a higher layer locked has another value. The higher one holds.
    LockedSetting,
    /// An item that a higher layer locked reads otherwise. The higher one holds.
    LockedItem,
    /// An item that a higher layer locked is dropped. It stays.
    LockedItemDropped,
    /// The code belongs to an item of another kind in a higher layer. The lower one is left out.
    CodeTaken,
    /// A code stands twice in the layer. The first holds.
    CodeTwice,
    /// A category of a higher layer has another name. The higher one holds.
    CategoryRenamed,
    /// Neither the layer nor one above it has the category. The item is left out.
    CategoryUnknown,
    /// The bounds do not provide for own items of the kind or category. It is left out.
    OwnItemNotAllowed,
    /// One own item more than the bounds allow. It is left out.
    TooManyOwnItems,
    /// An own item can be worth more than the bounds allow. It is left out.
    OwnItemTooHigh,
    /// A lock, a dropped item or a bound that is about nothing. It has no effect.
    AboutNothing,
    /// No layer states a setting that a book needs.
    SettingMissing,
    /// A new frame or manual no longer states a setting or category that the one before it stated,
    /// and on which villages may rely.
    Withdrawn,
}

impl ContradictionKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::LockedSetting,
        Self::LockedItem,
        Self::LockedItemDropped,
        Self::CodeTaken,
        Self::CodeTwice,
        Self::CategoryRenamed,
        Self::CategoryUnknown,
        Self::OwnItemNotAllowed,
        Self::TooManyOwnItems,
        Self::OwnItemTooHigh,
        Self::AboutNothing,
        Self::SettingMissing,
        Self::Withdrawn,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LockedSetting => "locked_setting",
            Self::LockedItem => "locked_item",
            Self::LockedItemDropped => "locked_item_dropped",
            Self::CodeTaken => "code_taken",
            Self::CodeTwice => "code_twice",
            Self::CategoryRenamed => "category_renamed",
            Self::CategoryUnknown => "category_unknown",
            Self::OwnItemNotAllowed => "own_item_not_allowed",
            Self::TooManyOwnItems => "too_many_own_items",
            Self::OwnItemTooHigh => "own_item_too_high",
            Self::AboutNothing => "about_nothing",
            Self::SettingMissing => "setting_missing",
            Self::Withdrawn => "withdrawn",
        }
    }
}
