//! The roster (花名册): from the cells of a file to what changes in the village.
//!
//! Three steps, each pure: [`read`] finds the header and names the cells, [`check`] makes entries
//! of them or says what is wrong with which line, [`plan`] compares the entries with who is known
//! and says what to write. Whoever is known and not in the file is left alone.
//!
//! An empty cell says nothing: what is known stays. So a file with three columns can be imported
//! into a full roster without losing a phone number.

mod cells;
mod check;
mod header;
mod plan;

pub use cells::{Cell, Column, Line, Row};
pub use check::{Entry, check};
pub use header::{Sheet, read};
pub use plan::{HouseholdPlan, Keyed, Known, KnownHousehold, Plan, VillagerPlan, plan};

/// The most lines one file may hold besides its header.
pub const LINES_MAX: usize = 20_000;

/// The most characters of a cell that are looked at; a longer one is [`Cell::TooLong`].
pub const CELL_CHARS_MAX: u16 = 200;

/// The relation by which the head of a household is known.
pub const HEAD: &str = "户主";

/// The most characters of a household's number.
pub const NUMBER_CHARS_MAX: u16 = 32;
/// The most characters of a name.
pub const NAME_CHARS_MAX: u16 = 50;
/// The most characters of a relation.
pub const RELATION_CHARS_MAX: u16 = 20;
