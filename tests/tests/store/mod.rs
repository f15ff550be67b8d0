//! The points store: what it offers, what households redeem, and what becomes of it.

mod cards;
mod counter;
mod goods;
mod lapsing;
mod months;
mod races;
mod redeeming;
mod slots;
mod stock;
