//! A server that answers as WeChat's own does, for tests, for the demo village and for
//! developers of mini-programs, none of whom can or should reach `api.weixin.qq.com`.
//!
//! What it imitates is what the client has to survive: content types that lie, bodies without
//! `errcode`, codes that work once, tokens that overlap, HTTP 412 for chunked bodies. Where
//! WeChat's documentation is silent, the choice is marked in the code and in the README.
//!
//! # Reading order
//! - [`Builder`] and [`Running`]: how to start one and talk to it from Rust;
//! - `routes`: every address, WeChat's and the stand-in's own (`/standin/…`);
//! - `login`, `stable_token`, `phone_number`, `content`, `subscribe`: WeChat's calls;
//! - `push`: what WeChat tells the mini-program's server by itself;
//! - `codes`, `quota`: what those calls share;
//! - `gate` and [`Fault`]: what happens before a call is answered.
//!
//! # What is absent
//! Mini-program codes: a further file beside `phone_number`, a line in `routes` and a variant of
//! [`Endpoint`]. Nothing is written to disk; everything is forgotten when the process ends.

mod answer;
mod builder;
mod codes;
mod content;
mod control;
mod endpoint;
mod fault;
mod gate;
mod login;
mod phone_number;
mod push;
mod quota;
mod routes;
mod running;
mod stable_token;
mod state;
mod subscribe;

pub use builder::{Builder, Persona};
pub use content::{MediaAnswer, Suggest, TextAnswer};
pub use endpoint::Endpoint;
pub use fault::{Fault, FaultQueueFull};
pub use push::{PushAttempt, PushFormat, PushTarget, Sealed, seal};
pub use running::Running;
pub use state::Clock;
pub use subscribe::{SentMessage, Template};

/// The entry to the crate: `StandIn::builder(appid, secret)`.
#[derive(Debug, Clone, Copy)]
pub struct StandIn;

impl StandIn {
    /// Begins a stand-in that knows one mini-program.
    ///
    /// `appid` and `secret` are what a caller must send; any others are refused as WeChat refuses
    /// them.
    pub fn builder(appid: impl Into<String>, secret: impl Into<String>) -> Builder {
        Builder::new(appid.into(), secret.into())
    }
}
