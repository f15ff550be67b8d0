//! The merchant alliance, over HTTP: who joins, which shops there are, what is agreed, what a villager
//! finds.

mod agreements;
mod applications;
mod facts;
mod nearby;
mod pauses;
mod shops;
mod signals;
