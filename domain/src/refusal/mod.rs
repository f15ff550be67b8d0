//! Every business "no" as a value with a stable code.
//!
//! A refusal says what rule stood in the way and with which figures. Which HTTP status and which
//! words it gets is chosen in `api`, in one file.

#[macro_use]
mod claims;
#[macro_use]
mod common;
#[macro_use]
mod fund;
#[macro_use]
mod notices;
#[macro_use]
mod payouts;
#[macro_use]
mod people;
#[macro_use]
mod points;
#[macro_use]
mod reports;
#[macro_use]
mod rule_books;
#[macro_use]
mod settlements;
#[macro_use]
mod shops;
#[macro_use]
mod store;

use chrono::{DateTime, NaiveDate, Utc};

use crate::claim::State;
use crate::discount::Categories;
use crate::fund::VoucherState;
use crate::import::BadLine;
use crate::points::{BasisPoints, Fen, Points};

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident: $type:ty),* $(,)? })? => $code:literal;)*) => {
        /// A decision of the domain not to do what was asked.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($(#[$doc])* $name $({
                $(
                    #[doc = concat!("The `", stringify!($field), "` that the rule looked at.")]
                    $field: $type
                ),*
            })?,)*
        }

        impl Refusal {
            /// Every code, in the order of the enum.
            pub const CODES: &[&str] = &[$($code),*];

            /// The stable code that clients branch on.
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)*
                }
            }
        }
    };
}

gather! {
    refusals:
    refusals_of_common
    refusals_of_people
    refusals_of_rule_books
    refusals_of_claims
    refusals_of_reports
    refusals_of_notices
    refusals_of_points
    refusals_of_shops
    refusals_of_settlements
    refusals_of_payouts
    refusals_of_fund
    refusals_of_store
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_snake_case() {
        let mut codes = Refusal::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Refusal::CODES.len());
        assert!(codes.iter().all(|c| c.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }
}
