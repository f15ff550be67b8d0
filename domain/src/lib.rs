//! The rules of the village, as values and functions.
//!
//! Invariant: nothing here reads a clock, draws a random number or touches the outside world. Time,
//! ids and what was found in the store come in as values; decisions go out as values, a "no" as a
//! [`Refusal`](refusal::Refusal) with a stable code.
//!
//! Reading order: [`points`] and [`calendar`] are what everything counts in; [`place`], [`person`],
//! [`roster`], [`household`], [`kin`], [`actor`] and [`policy`] say who and who may, [`binding`] and
//! [`role_grant`] how one becomes who; [`rule_book`] is what a village agreed; [`claim`] with its
//! [`photo`], [`notice`] and [`objection`] carry a deed to the [`ledger`]; [`rating`] turns a cycle into
//! stars; [`duty`] is what people took on, the source of role duty. [`report`] is what villagers
//! photograph, good deeds and nuisances, before it becomes a claim; [`listing`] is who is praised or
//! warned before the village; [`content`] says what others may see of all this. [`lots`] says which
//! redeemable points run out, [`expiry`] when; [`store`] turns points into goods, [`discount`] stars
//! into money off at a shop of the [`alliance`], [`dividend`] the year's points into a share of a pool.
//! [`settlement`] says what a village owes shops, [`signal`] what a supervisor should look at; [`payout`]
//! gives dividends and year-end awards out; [`fund`] is the money behind all of it, [`four_eyes`] what
//! that money waits for. [`eligibility`] says who fits for something else, and [`star_proof`] shows a
//! star at a counter; [`statutory`] is what none of this decides about.

#![deny(clippy::float_arithmetic)]

#[macro_use]
mod gather;
#[macro_use]
mod names;

pub mod actor;
pub mod alliance;
pub mod binding;
pub mod calendar;
pub mod claim;
pub mod content;
pub mod delivery;
pub mod discount;
pub mod dividend;
pub mod duty;
pub mod eligibility;
pub mod expiry;
pub mod four_eyes;
pub mod fund;
pub mod household;
pub mod id;
pub mod import;
pub mod kin;
pub mod ledger;
pub mod listing;
pub mod lots;
pub mod notice;
pub mod objection;
pub mod payout;
pub mod person;
pub mod photo;
pub mod place;
pub mod points;
pub mod policy;
pub mod rating;
pub mod rating_line;
pub mod refusal;
pub mod report;
pub mod role_grant;
pub mod roster;
pub mod rule_book;
pub mod session;
pub mod settlement;
pub mod signal;
pub mod simulation;
pub mod star_proof;
pub mod statutory;
pub mod store;
pub mod subscription;
