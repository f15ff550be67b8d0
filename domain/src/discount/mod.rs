//! Discounts at the shops: an agreement says what a star takes off a price and who bears it, a code
//! or card shows who is buying, a quote binds both for two minutes, a purchase moves star credit.

mod agreement;
mod card;
mod code;
mod purchase;

pub use agreement::{Agreement, AgreementTerms, Bearer};
pub use card::{Card, CardCheck, PIN_TRIES, pin_is_well_formed};
pub use code::{CODE_SECONDS, CodeWindow, window_is_current};
pub use purchase::{
    Buyer, Discount, Limit, Purchase, PurchaseState, QUOTE_SECONDS, Quote, Spent, price_quote,
    refund, sell,
};
