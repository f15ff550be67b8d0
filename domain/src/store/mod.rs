//! The points store (积分超市): goods and services for redeemable points (domain.md, section 10).
//!
//! A household redeems: in one step its points are debited and the goods, or a place in a slot of a
//! service, are kept for it. It shows a pickup code, and a store keeper hands the goods over. What it
//! cancels, what it does not pick up in time and what was faulty comes back: points to the lots that they
//! came from, goods to the shelf, room under the limit to the household. Nobody gains by that: what was to be
//! taken meanwhile is taken of the points that come back ([`crate::ledger::Arrears`]), and what would have run
//! out meanwhile has ([`crate::expiry::over_on_return`]).
//!
//! [`goods`](Terms) says what something costs and who may have how many, [`slot`](Slot) when a service can
//! be had, [`redemption`](Redemption) what becomes of what somebody redeemed, [`stock`](Stock) why there is
//! as much of something as there is.
//!
//! A redemption keeps what was agreed when it was made: points, cash, worth, and the store's policy. A new
//! price or policy is for those that come after it.

mod goods;
mod pickup;
mod policy;
mod redemption;
mod slot;
mod stock;

pub use goods::{Category, GoodsKind, HouseholdLimit, LimitPeriod, Terms, pays_the_merchant};
pub use pickup::{
    CounterTries, STORE_TRIES_MAX, TRIES_MAX, TRIES_MINUTES, Tries, fits_card_ceiling,
};
pub use policy::{DAYS_MAX, StorePolicy, TELL_DAYS, Times};
pub use redemption::{
    Asked, Offer, QUANTITY_MAX, Redeemer, Redemption, RedemptionState, Settled, redeem,
};
pub use slot::{Slot, SlotPlan};
pub use stock::{Move, Stock, StockKind};

#[cfg(test)]
mod tests;
