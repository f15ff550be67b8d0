//! Statements of shops, settlement and signals.

mod at_once;
mod closing;
mod curing;
mod deciding;
mod files;
mod hands;
mod killing;
mod matching;
mod parties;
mod random;
mod reconciling;
mod signals;
mod staying;
mod stores;
