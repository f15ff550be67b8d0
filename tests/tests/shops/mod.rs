//! From a star to money off at the till, over HTTP.

mod cards;
mod confirmations;
mod meanwhile;
mod merchants;
mod own_household;
mod purchases;
mod races;
mod refunds;
mod scans;
mod sent_twice;
mod statements;
