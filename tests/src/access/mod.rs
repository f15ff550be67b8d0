//! The walk: every operation, asked by a person of every role, about things of their own household,
//! another household, another village and another county. What each is answered stands in
//! `tests/golden/access.txt`.
//!
//! Reading order: [`fixtures`] says what is sent for each operation; `shelf` makes the things whose
//! ids are sent, fresh ones for each person and target, so that no request stands in another's way;
//! [`walk`] sends it all and reads the answers. A new operation needs a row in `table.rs`.

mod fixture;
mod people;
mod requests;
mod row;
mod shelf;
mod store;
mod table;
mod verdict;
mod walking;

pub use fixture::{Body, Fixture, on};
pub use people::{PEOPLE, Target, Walker};

/// Every operation with what a right request brings.
pub fn fixtures() -> impl Iterator<Item = &'static Fixture> + Clone {
    table::FIXTURES.iter().chain(store::STORE)
}
pub use verdict::Verdict;
pub use walking::{Line, walk};
