//! The points store: what it offers, what households redeem, and what becomes of it.

mod cards;
mod counter;
mod counters;
mod goods;
mod lapsing;
mod months;
mod moving;
mod periods;
mod races;
mod records;
mod redeeming;
mod secrets;
mod slots;
mod stock;
