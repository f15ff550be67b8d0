//! Discounts at the shops: an agreement says what a star takes off a price and who bears it, a code
//! or card shows who is buying, a quote binds both for two minutes, a purchase moves star credit. Whom a
//! village agrees with is in [`alliance`](crate::alliance).

mod agreement;
mod amount;
mod card;
mod category;
mod code;
mod merchant;
mod purchase;
mod quote;
mod times;

pub use agreement::{Agreement, AgreementTerms, Bearer, REFUND_DAYS_MAX, RUNNING_MAX};
pub use amount::{Basis, Discount, Limit, Spent};
pub use card::{Card, CardCheck, PIN_TRIES, check_pin, pin_is_well_formed};
pub use category::{Categories, Category};
pub use code::{CODE_SECONDS, CodeWindow, check_window, window_is_current};
pub use merchant::{dismiss, invite_to, looking_through};
pub use purchase::{Purchase, PurchaseState, refund, sell};
pub use quote::{Buyer, Offer, QUOTE_SECONDS, Quote, Taken, holding, price_quote};
pub use times::{DAY_MINUTES, Times, Weekdays};
