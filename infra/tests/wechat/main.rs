//! The WeChat client against the stand-in server, over HTTP.

#![cfg(test)]

mod content;
mod harness;
mod login;
mod phone_number;
mod renewal;
mod secrecy;
mod settings;
