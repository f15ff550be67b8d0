//! A second process on the database and the WeChat of a world, for tests that kill it.

use std::sync::Arc;
use std::time::Duration;

use api::clock::Clock;
use api::limits::RateLimits;
use api::session::Sessions;
use api::state::{Shared, State};
use infra::messages::templates::Templates;

use crate::World;
use crate::world::{connect_wechat, open_url};

const DATABASE: &str = "XIANGYUE_TEST_DATABASE";
const WECHAT: &str = "XIANGYUE_TEST_WECHAT";
const AHEAD: &str = "XIANGYUE_TEST_AHEAD";

/// What a process of its own has.
pub struct Process {
    /// What the server's handlers would share.
    pub state: State,
    _folder: tempfile::TempDir,
}

impl Process {
    /// The variables that tell a process where the world is, and how far its clock is ahead.
    pub fn environment(world: &World) -> [(&'static str, String); 3] {
        let ahead = (world.clock.now() - Clock::default().now()).num_seconds();
        // So that the process can be found among the connections.
        let url = World::cluster().url(&world.database);
        let sign = if url.contains('?') { '&' } else { '?' };
        [
            (DATABASE, format!("{url}{sign}application_name=killed")),
            (WECHAT, world.wechat.base_url()),
            (AHEAD, ahead.to_string()),
        ]
    }

    /// The process that this one is to be; none if nobody said so.
    pub fn from_environment() -> Option<Self> {
        let url = std::env::var(DATABASE).ok()?;
        let wechat = std::env::var(WECHAT).ok()?;
        let ahead: u32 = std::env::var(AHEAD).ok()?.parse().ok()?;
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Clock::default();
        clock.advance(ahead);
        let db = open_url(url, folder.path(), 4);
        let state = State::new(Shared {
            sessions: Sessions::new(db.secrets().token_key(), Duration::from_secs(10)),
            wechat: connect_wechat(wechat, &clock),
            db,
            templates: Arc::new(Templates::of_demo().expect("the templates of the demo")),
            clock,
            limits: RateLimits::default(),
            trust_forwarded: true,
            demo: true,
        });
        Some(Self { state, _folder: folder })
    }
}
