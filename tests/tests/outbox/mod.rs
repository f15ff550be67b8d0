//! The outbox and subscribe messages: what is due is sent, whoever works and whatever fails.

mod faults;
mod grants;
mod killing;
mod kinds;
mod leases;
mod letters;
mod mistakes;
mod racing;
