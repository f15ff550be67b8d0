//! Redemptions: made by a household or at the counter with a card, handed over, cancelled, lapsed, taken
//! back.
//!
//! Rows are locked in one order everywhere: stores, redemptions, accounts, households' counts, slots, goods;
//! several of a kind in the order of their keys. What redeems writes all of it with one statement, whose last update is the goods, so that many who want the
//! same thing keep each other waiting no longer than that.

mod append;
mod card;
mod closing;
mod counter;
mod facts;
mod give_back;
mod home;
mod lapse;
mod list;
mod month;
mod qr;
mod receipt;
mod redeem;
mod settle;
mod tell;

pub use card::{CardOrder, redeem_with_card};
pub(crate) use closing::{call_off_slot_in_tx, store_closes_in_tx, waits_in_tx};
pub use counter::{Proof, hand_over, look_up};
pub(crate) use facts::RedemptionColumns;
pub use facts::RedemptionFacts;
pub use lapse::{Lapsed, lapse};
pub use list::{of_household, of_store, show};
pub use month::{StoreMonth, StoreSum, month_in};
pub use receipt::{Receipt, SlotTimes};
pub use redeem::redeem;
pub use settle::{Faulty, cancel, refund};

use domain::id::{GoodsId, SlotId};

/// What somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The goods.
    pub goods: GoodsId,
    /// When, for a service.
    pub slot: Option<SlotId>,
    /// How many.
    pub quantity: u32,
}
