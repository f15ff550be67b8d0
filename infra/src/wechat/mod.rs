//! WeChat: who is this person, which telephone number is theirs, may this be shown to others, tell
//! them that.
//!
//! [`Client`] calls WeChat's servers, or whatever answers like them at the base URL it is given.
//! It decides nothing: an answer becomes a value, a refusal becomes a [`WeChatError`].
//!
//! # Rules kept here
//! - Nothing secret leaves: the session key is dropped where it arrives, and neither `Debug` nor
//!   an error's text nor a log line holds a secret, a code, a token or a telephone number. Errors
//!   of reqwest are stripped of their URL, since WeChat wants the secret in it.
//! - WeChat is called before or after a database transaction, never inside.
//! - A code that may have been spent is not sent again: after a timeout the person asks WeChat for
//!   a new one. Only "system busy" (-1), which spends nothing, is tried again.
//! - The access token is shared, renewed by one at a time, and never refreshed by force.
//!
//! # Reading order
//! `client` (what may be asked), `call` (one HTTP exchange and its limits), [`WeChatError`],
//! [`TokenStore`] (where the access token is kept), `renewal` (who renews it and when).
//!
//! `client` and `call` serve signing in; `content` (what WeChat thinks of texts and photos) and
//! `subscribe` (messages) call through them. The other direction, what WeChat tells us, is read by the
//! crate `wechat-push`.
//!
//! The [`TokenStore`] of several API processes is a row in Postgres, [`TokenInPostgres`];
//! [`TokenInMemory`] serves one process.

mod call;
mod client;
mod content;
mod error;
mod renewal;
mod settings;
mod subscribe;
mod token;
mod token_in_memory;
mod token_in_postgres;
mod token_store;

pub use client::{Client, LoginIdentity, PhoneNumber};
pub use content::{CheckError, MediaCheck, TextCheck, TextChecked};
pub use error::{Trouble, WeChatError};
pub use settings::{AppSecret, Clock, Limits, Settings, SettingsError};
pub use subscribe::{MiniprogramState, SubscribeError, SubscribeMessage};
pub use token::AccessToken;
pub use token_in_memory::TokenInMemory;
pub use token_in_postgres::TokenInPostgres;
pub use token_store::{Claimant, StoreFuture, TokenStore, TokenStoreError};
pub use wechat_push::{
    AesKey, AesKeyInvalid, MessageResult, PUSH_BYTES_MAX, PushError, PushEvent, PushMode,
    PushSettings, Receiver, Signed, SubscriptionChange, SubscriptionWay,
};
