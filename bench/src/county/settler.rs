//! The process that settles: the benchmark's own program, started once more, so that its memory is its
//! own and it can be killed.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use infra::db::{Db, DbOptions};
use infra::files::Files;
use infra::secrets::Secrets;
use serde::{Deserialize, Serialize};

use super::settle;

const AS_SETTLER: &str = "XIANGYUE_BENCH_AS_SETTLER";

/// Opens a database with so many connections.
pub fn open(url: &str, connections: u32) -> Db {
    let options = DbOptions {
        url: url.to_owned(),
        connections_max: connections,
        wait_max: Duration::from_secs(5),
        statement_max: Duration::from_secs(3600),
    };
    let secrets = Secrets::new(api::settings::DEMO_SECRET).unwrap();
    // Nothing here reads or writes files.
    let files = Files::in_folder(&std::env::temp_dir()).unwrap();
    Db::open(options, secrets, files).unwrap()
}

/// What the process says when it is done, in milliseconds and MB.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Until all notices were open.
    pub opening_ms: f64,
    /// From then until all were closed.
    pub closing_ms: f64,
    /// The highest resident memory.
    pub memory_mb: f64,
}

impl Report {
    /// The whole settlement.
    pub fn ms(&self) -> f64 {
        self.opening_ms + self.closing_ms
    }
}

/// Becomes the settler if this process was started to be it.
pub fn as_settler() {
    let Ok(url) = std::env::var(AS_SETTLER) else { return };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let db = open(&url, u32::try_from(threads).unwrap());
    let settled = settle(&db, threads);
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let report = Report {
        opening_ms: ms(settled.opening),
        closing_ms: ms(settled.closing),
        memory_mb: crate::server::memory_mb("self"),
    };
    println!("{}", serde_json::to_string(&report).unwrap());
    std::process::exit(0);
}

/// A running settler.
pub struct Settler(Child);

impl Settler {
    /// Starts one on a database.
    pub fn start(url: &str) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .env(AS_SETTLER, url)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// Waits until it is done.
    pub fn wait(mut self) -> Report {
        let mut text = String::new();
        self.0.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        assert!(self.0.wait().unwrap().success(), "the settler failed");
        serde_json::from_str(&text).expect("a report")
    }

    /// Kills it with SIGKILL after a time. Answers whether it was still at work.
    pub fn kill_after(mut self, time: Duration) -> bool {
        std::thread::sleep(time);
        let at_work = self.0.try_wait().unwrap().is_none();
        drop(self.0.kill());
        drop(self.0.wait());
        at_work
    }
}
