//! The stand-in as a client sees it, over HTTP.

#![cfg(test)]

mod content;
mod control;
mod faults;
mod harness;
mod lifecycle;
mod login;
mod phone_number;
mod receiver;
mod stable_token;
mod subscribe;
