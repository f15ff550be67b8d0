//! Discounts at the shops: an agreement says what a star takes off a price and who bears it, a code
//! or card shows who is buying, a quote binds both for two minutes, a purchase moves star credit.

mod agreement;
mod amount;
mod card;
mod code;
mod merchant;
mod purchase;
mod quote;

pub use agreement::{Agreement, AgreementTerms, Bearer, REFUND_DAYS_MAX};
pub use amount::{Basis, Discount, Limit, Spent};
pub use card::{Card, CardCheck, PIN_TRIES, check_pin, pin_is_well_formed};
pub use code::{CODE_SECONDS, CodeWindow, check_window, window_is_current};
pub use merchant::{dismiss, invite_to, looking_through, trades};
pub use purchase::{Purchase, PurchaseState, refund, sell};
pub use quote::{Buyer, QUOTE_SECONDS, Quote, price_quote};
