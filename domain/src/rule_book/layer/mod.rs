//! Layers (county frame, town manual, village book) and their versions: how what each of them
//! adopted becomes the one book by which a deed of a day is judged.
//!
//! A [`Layer`] has the form of a [`RuleBook`](super::RuleBook) in which every setting may be left
//! out, and besides may lock what it holds and bound what lower layers add ([`Bounds`]). A whole book
//! is a layer too, so a village without frame and manual adopts a book and nothing else.
//!
//! Rules of the merge ([`Stack::merge`]):
//! - From the top down, each layer fills in what is open, changes what is not locked, drops items
//!   that are not locked, and adds items of its own within the bounds of all layers above it.
//!   Where no layer above states bounds, it may add what it likes; where one does, its bounds are
//!   the whole list of what may be added.
//! - What contradicts a layer above does not hold, and is answered as a [`Contradiction`]. A draft
//!   with contradictions is not adopted ([`adopt_village_layer`], [`adopt_town_manual`],
//!   [`adopt_county_frame`]). A book in force that a later frame contradicts goes on without the
//!   parts concerned: the merge answers both, so that the village can be told.
//! - A new frame or manual goes on stating every setting and category that the one before it
//!   stated, locked or not. So no village is left without a whole book by those above it.
//!
//! Versions: [`Timeline::book_on`] merges the versions in force on a day. What a new frame or manual
//! changes for a village that adopted its book before, [`carry_down`] says. Absent here: which village
//! lies in which town and county, and who may adopt.

mod adopt;
mod bounds;
mod carry;
mod compare;
mod contradiction;
mod faults;
mod merge;
mod settings;
mod version;

#[cfg(test)]
mod tests;

pub use adopt::{
    adopt_county_frame, adopt_town_manual, adopt_village_layer, faults_of_change, looked_at_on,
};
pub use bounds::{Bounds, OwnItems};
pub use carry::{BrokenBook, Carried, carry_down};
pub use contradiction::{Contradiction, ContradictionKind};
pub use merge::{Merged, Stack};
pub use settings::{Layer, Setting};
pub use version::{Timeline, Version, VersionState, Versions};
