//! What the integration tests share: a world with two demo villages on a real Postgres, a server on
//! a port of its own, WeChat played by the stand-in, a clock that can be moved, and people who use
//! nothing but the public API.

mod client;
pub mod shops;
mod world;

pub use client::{Answer, Client};
pub use world::World;
