//! What a layer states: any of the settings of a book, categories, items, locks and bounds.
//!
//! A new setting of [`RuleBook`] is one line at the end of this file (and one in the plain book of
//! `faults.rs`): `needed` when a book without it is not whole, `defaulted` when it has a default, `optional` when it
//! is itself an option of the book.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Bounds;
use super::compare::Compared;
use crate::calendar::CycleKind;
use crate::points::{BasisPoints, Fen, Points};
use crate::rule_book::{
    Category, HouseholdScore, Item, PointsPolicy, Registration, RuleBook, StarTable, Subject,
    TrackRule, Way,
};

macro_rules! settings {
    (@or_none needed $value:expr) => { $value? };
    (@or_none defaulted $value:expr) => { $value.unwrap_or_default() };
    (@or_none optional $value:expr) => { $value };
    (@or_other optional $value:expr, $other:expr) => { $value.or($other) };
    (@or_other $need:ident $value:expr, $other:expr) => { $value.unwrap_or($other) };
    (@stated optional $value:expr) => { $value };
    (@stated $need:ident $value:expr) => { Some($value) };
    (@needed needed) => { true };
    (@needed defaulted) => { false };
    (@needed optional) => { false };
    ($($(#[$doc:meta])* $need:ident $field:ident $name:ident: $type:ty;)*) => {
        /// A setting of a rule book, by the name of its field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Setting { $($(#[$doc])* $name,)* }

        impl Setting {
            /// Every setting, in the order of the book.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name of its field.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($field),)* }
            }

            /// Whether a book is not whole without it.
            pub const fn is_needed(self) -> bool {
                match self { $(Self::$name => settings!(@needed $need),)* }
            }
        }

        /// What a county, a town or a village adopts.
        ///
        /// Whatever has the form of a [`RuleBook`] can be read as a layer that states all settings
        /// and locks nothing.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Layer {
            /// Its name. A book has the name of its lowest layer.
            pub name: String,
            $(
                $(#[$doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
            /// The settings that lower layers may not change, whether stated here or above.
            #[serde(default)]
            pub locked: BTreeSet<Setting>,
            /// The codes of items that lower layers may neither change nor drop, whether stated here
            /// or above.
            #[serde(default)]
            pub locked_items: BTreeSet<String>,
            /// The codes of items of higher layers that do not hold from here on down.
            #[serde(default)]
            pub dropped_items: BTreeSet<String>,
            /// The least share of households that must have signed the pledge (承诺) before a village
            /// adopts its book; the highest of all layers counts. Without it none is asked for.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub pledges_bp_min: Option<BasisPoints>,
            /// What lower layers may add.
            #[serde(default)]
            pub bounds: Bounds,
            /// Groups of items, besides those of higher layers.
            #[serde(default)]
            pub categories: Vec<Category>,
            /// Items of its own, and changed ones of higher layers by their code.
            #[serde(default)]
            pub items: Vec<Item>,
        }

        impl Layer {
            /// Whether it states the setting.
            pub const fn states(&self, setting: Setting) -> bool {
                match setting { $(Setting::$name => self.$field.is_some(),)* }
            }

            /// Takes over the settings that a lower layer states, except where `locked` says that
            /// the own one stays; answers the setting and place of each that differs from it.
            pub(super) fn take_over(
                &mut self,
                lower: &Self,
                locked: impl Fn(Setting) -> bool,
            ) -> Vec<(Setting, String)> {
                let mut differing = Vec::new();
                $(if let Some(stated) = &lower.$field {
                    match &self.$field {
                        Some(held) if locked(Setting::$name) => {
                            let places = stated.differing(held, stringify!($field));
                            differing.extend(places.into_iter().map(|p| (Setting::$name, p)));
                        }
                        _ => self.$field = Some(stated.clone()),
                    }
                })*
                differing
            }

            /// The book with these settings, categories and items, if it is whole.
            pub(super) fn whole(self) -> Option<RuleBook> {
                Some(RuleBook {
                    name: self.name,
                    $($field: settings!(@or_none $need self.$field),)*
                    categories: self.categories,
                    items: self.items,
                })
            }

            /// The book with these categories and items, and the settings of `other` where it
            /// states none.
            pub(super) fn filled_in_from(self, other: RuleBook) -> RuleBook {
                RuleBook {
                    name: self.name,
                    $($field: settings!(@or_other $need self.$field, other.$field),)*
                    categories: self.categories,
                    items: self.items,
                }
            }
        }

        impl From<RuleBook> for Layer {
            fn from(book: RuleBook) -> Self {
                let RuleBook { name, $($field,)* categories, items } = book;
                Self { name, $($field: settings!(@stated $need $field),)* categories, items, ..Self::default() }
            }
        }
    };
}

settings! {
    /// Who has an account.
    needed subject Subject: Subject;
    /// How long a cycle of rating lasts.
    needed cycle Cycle: CycleKind;
    /// The score with which everybody begins a cycle.
    needed base_score BaseScore: Points;
    /// How many days after a deed it may still be declared.
    needed claim_days_max ClaimDaysMax: u16;
    /// How many days after posting the person concerned may appeal.
    needed appeal_days_max AppealDaysMax: u16;
    /// The way of a claim or deduction.
    needed claim_way ClaimWay: Way;
    /// The way of a rating.
    needed rating_way RatingWay: Way;
    /// From score to star, and what a star brings.
    needed stars Stars: StarTable;
    /// How those on a track are scored.
    defaulted tracks Tracks: Vec<TrackRule>;
    /// How the score of a household comes from its members.
    defaulted household_score HouseholdScore: HouseholdScore;
    /// By when a deed is to be registered; without it, within `claim_days_max`.
    optional registration Registration: Registration;
    /// What becomes of redeemable points at the end of a year.
    defaulted points_policy PointsPolicy: PointsPolicy;
    /// The exchange value of a redeemable point, in fen.
    optional exchange_value_fen ExchangeValueFen: Fen;
    /// The share of a deduction that is taken from redeemable points too.
    optional forfeiture_bp ForfeitureBp: BasisPoints;
}
