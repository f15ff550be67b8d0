//! A second process on the database and the WeChat of a world, for tests that kill it.

use api::clock::Clock;
use api::state::State;
use infra::files::Files;

use crate::World;
use crate::world::{open_url, shared};

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
        let db = open_url(url, Files::in_folder(folder.path()).expect("a folder"), 4);
        // Nobody asks this process anything: it has no address.
        let state = State::new(shared(&db, &clock, wechat, "http://127.0.0.1:1"));
        Some(Self { state, _folder: folder })
    }
}
