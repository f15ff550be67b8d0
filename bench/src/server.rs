//! The server that is measured: the benchmark's own program, started once more as `xiangyue serve`,
//! so that its memory is its own.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use diesel::connection::SimpleConnection;
use infra::db::{Db, DbOptions};
use infra::demo::{self, Demo};
use infra::embedded::{Cluster, Options};
use infra::files::Files;
use infra::secrets::Secrets;

const AS_SERVER: &str = "XIANGYUE_BENCH_AS_SERVER";
const DATABASE: &str = "bench";

/// Becomes the server if this process was started to be it. The first line of every benchmark.
pub fn as_server() {
    if std::env::var_os(AS_SERVER).is_some() {
        let line = api::boot::CommandLine::parse_from(["xiangyue"]);
        let _ = api::boot::run(line);
        std::process::exit(0);
    }
}

/// A Postgres with full durability, and a database in it with the demo.
pub struct Prepared {
    /// The cluster.
    pub cluster: Cluster,
    /// The database, for preparing data.
    pub db: Db,
    /// What the demo made.
    pub demo: Demo,
    folder: tempfile::TempDir,
}

impl Prepared {
    /// Starts a Postgres and loads the demo.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cluster = Cluster::start_disposable(&Options::default()).expect("a private Postgres");
        cluster.create_database(DATABASE).unwrap();
        let options = DbOptions {
            url: cluster.url(DATABASE),
            connections_max: 4,
            wait_max: Duration::from_secs(5),
            statement_max: Duration::from_secs(600),
        };
        let secrets = Secrets::new(api::settings::DEMO_SECRET).unwrap();
        let files = Files::in_folder(folder.path()).unwrap();
        let db = Db::open(options, secrets, files).unwrap();
        db.migrate().unwrap();
        let demo = demo::seed(&db, api::clock::Clock::default().now()).unwrap();
        Self { cluster, db, demo, folder }
    }

    /// Runs statements that prepare data, or that are measured themselves.
    pub fn run(&self, statements: &str) {
        self.db.read(|c| Ok(c.batch_execute(statements)?)).unwrap();
    }

    /// Brings all tables into their usual state, as autovacuum does in time, so that no plan is one
    /// for an empty table; and writes everything to disk, so that no checkpoint of what was prepared
    /// falls into a round.
    pub fn settle(&self) {
        self.run("VACUUM ANALYZE");
        self.run("CHECKPOINT");
    }

    /// The name of the database.
    pub fn database(&self) -> &'static str {
        DATABASE
    }
}

/// A running server with a database of its own.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// The database.
    pub data: Prepared,
    child: Child,
}

impl Server {
    /// Starts a server on a Postgres with full durability. `prepare` fills the database before.
    pub fn start(prepare: impl FnOnce(&Prepared)) -> Self {
        let data = Prepared::start();
        prepare(&data);
        let folder = &data.folder;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(std::env::current_exe().unwrap())
            .env(AS_SERVER, "1")
            .env("DATABASE_URL", data.cluster.url(DATABASE))
            .env("LISTEN_PORT", port.to_string())
            .env("XIANGYUE_HOME", folder.path())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let began = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "the server does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { address, data, child }
    }

    /// Signs a person of the demo in and gives the access token.
    pub fn sign_in(&self, key: &str) -> String {
        let url = format!("http://{}/v1/sessions", self.address);
        let body = serde_json::json!({"code": format!("demo-{key}")});
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
            let tokens: serde_json::Value = answer.json().await.unwrap();
            tokens["access_token"].as_str().expect("a token").to_owned()
        })
    }

    /// The processor time that the server took so far, in seconds.
    pub fn processor_seconds(&self) -> f64 {
        processor_seconds(&self.child.id().to_string())
    }

    /// The highest resident memory of the server so far, in MB.
    pub fn memory_mb(&self) -> f64 {
        memory_mb(&self.child.id().to_string())
    }
}

/// The processor time that a process (its id, or `self`) took so far with all its threads, in seconds.
pub fn processor_seconds(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // Behind the name, which may hold anything: the state is the third field, times the 14th and 15th,
    // in hundredths of a second (USER_HZ, proc(5)).
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: f64 = fields[11..13].iter().map(|field| field.parse::<f64>().unwrap()).sum();
    ticks / 100.0
}

/// The highest resident memory of a process so far, in MB.
pub(crate) fn memory_mb(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes / 1024.0
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
