//! Statements of shops, settlement and signals.

mod closing;
mod deciding;
mod files;
mod killing;
mod random;
mod reconciling;
mod signals;
mod stores;
