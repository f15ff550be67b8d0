//! What all handlers share, and the one place where blocking work is handed to the thread pool.

use std::sync::Arc;

use actix_web::web;
use infra::db::Db;
use infra::error::Error;
use infra::messages::templates::Templates;
use infra::photos::{Decoders, Links};
use infra::wechat::{Client, Receiver};

use crate::clock::Clock;
use crate::limits::RateLimits;
use crate::problem::{Door, Problem};
use crate::session::Sessions;

/// What all handlers share.
#[derive(Clone)]
pub struct State(Arc<Shared>);

/// The parts of [`State`].
pub struct Shared {
    /// The database.
    pub db: Db,
    /// WeChat.
    pub wechat: Client,
    /// Makes pictures anew, so many at a time.
    pub decoders: Decoders,
    /// Makes links to photos.
    pub links: Links,
    /// Makes links to photos for WeChat, where it can fetch them and tell what it thinks of them.
    pub wechat_links: Option<Links>,
    /// Reads what WeChat pushes, where that is set up.
    pub push: Option<Receiver>,
    /// How messages are sent through WeChat.
    pub templates: Arc<Templates>,
    /// What time it is.
    pub clock: Clock,
    /// Who is signed in.
    pub sessions: Sessions,
    /// How often somebody may try.
    pub limits: RateLimits,
    /// Whether a proxy in front says who asks.
    pub trust_forwarded: bool,
    /// Whether the clock may be moved.
    pub demo: bool,
}

impl State {
    /// Shares the parts.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Runs a use case, which waits for Postgres, on the thread pool.
    ///
    /// # Errors
    /// Those of the use case.
    pub async fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Db) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let db = self.db.clone();
        web::block(move || use_case(&db))
            .await
            .map_err(|_| Problem::door(Door::Bug))?
            .map_err(Problem::from)
    }
}

impl std::ops::Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
