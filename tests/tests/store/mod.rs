//! The points store: what it offers, what households redeem, and what becomes of it.

mod cards;
mod closing;
mod counter;
mod counters;
mod goods;
mod lapsing;
mod locking;
mod months;
mod moving;
mod periods;
mod races;
mod records;
mod redeeming;
mod returning;
mod secrets;
mod slots;
mod stock;
mod worth;
