//! The points store: what it offers, what households redeem, and what becomes of it.

mod cards;
mod closing;
mod counter;
mod goods;
mod lapsing;
mod locking;
mod months;
mod races;
mod redeeming;
mod returning;
mod slots;
mod stock;
mod worth;
