//! From a star to money off at the till, over HTTP.

mod cards;
mod confirmations;
mod merchants;
mod purchases;
mod races;
mod refunds;
mod scans;
mod statements;
