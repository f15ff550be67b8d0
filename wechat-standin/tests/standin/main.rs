//! The stand-in as a client sees it, over HTTP.

#![cfg(test)]

mod control;
mod faults;
mod harness;
mod lifecycle;
mod login;
mod phone_number;
mod stable_token;
