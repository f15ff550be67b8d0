//! One world a test: a database cloned from a template that was migrated and seeded once.

use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use api::clock::Clock;
use api::limits::RateLimits;
use api::session::Sessions;
use api::state::{Shared, State};
use chrono::{DateTime, Utc};
use infra::db::{Db, DbOptions};
use infra::demo::{self, Demo};
use infra::embedded::{Cluster, Durability, Options};
use infra::files::Files;
use infra::messages::templates::Templates;
use infra::photos::{Decoders, Links};
use infra::secrets::Secrets;
use infra::wechat::{
    AesKey, AppSecret, Client as WeChat, Limits, PushMode, PushSettings, Receiver, Settings,
    TokenInMemory,
};
use wechat_standin::{Persona, PushFormat, PushTarget, Running, StandIn};

use crate::Client;

const SECRET: &str = "test-secret-of-at-least-32-bytes-0123456789";
const TEMPLATE: &str = "template_of_worlds";
/// How many database connections a server has unless a test says otherwise.
const CONNECTIONS: u32 = 8;
const APPID: &str = "wxtest";
const APP_SECRET: &str = "test-app-secret";
/// The token of the message push, as in WeChat's examples.
const PUSH_TOKEN: &str = "AAAAA";
/// Its key, as in WeChat's examples.
pub const PUSH_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What takes pushes that are meant for the world's mini-program.
pub fn push_receiver(mode: PushMode) -> Receiver {
    Receiver::new(PushSettings { token: PUSH_TOKEN.into(), appid: APPID.into(), mode })
}

/// Where the stand-in pushes: to the server at this address, sealed if there is a key. What is not
/// taken is pushed again at once.
pub fn push_target(base_url: &str, aes_key: Option<&str>, format: PushFormat) -> PushTarget {
    PushTarget {
        url: format!("{base_url}/v1/wechat/push"),
        token: PUSH_TOKEN.into(),
        aes_key: aes_key.map(str::to_owned),
        format,
        copies: 1,
        pause_millis: 10,
    }
}

/// The cluster of this test run, with the template in it. It goes when the process ends.
static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
    let options =
        Options { durability: Durability::Relaxed, max_connections: 300, ..Options::default() };
    let cluster = Cluster::start_disposable(&options).expect("a private Postgres");
    cluster.create_database(TEMPLATE).expect("the template");
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(&cluster, TEMPLATE, Files::in_folder(folder.path()).expect("a folder"), 1);
    db.migrate().expect("migrations");
    demo::seed(&db, Clock::default().now()).expect("the demo village");
    drop(db);
    cluster
});

fn open(cluster: &Cluster, database: &str, files: Files, connections_max: u32) -> Db {
    open_url(cluster.url(database), files, connections_max)
}

/// Opens a database by its address.
pub(crate) fn open_url(url: String, files: Files, connections_max: u32) -> Db {
    let options = DbOptions {
        url,
        connections_max,
        wait_max: Duration::from_secs(5),
        statement_max: Duration::from_secs(30),
    };
    let secrets = Secrets::new(SECRET).expect("keys");
    Db::open(options, secrets, files).expect("a database")
}

/// What the handlers of a server at this address share.
pub(crate) fn shared(db: &Db, clock: &Clock, wechat_url: String, base_url: &str) -> Shared {
    let settings =
        Settings { base_url: wechat_url, appid: APPID.into(), secret: AppSecret::new(APP_SECRET) };
    // A machine that does much else at once is not a WeChat that is silent.
    let limits = Limits {
        backoff_first: Duration::from_millis(1),
        call_max: Duration::from_secs(60),
        whole_max: Duration::from_secs(120),
        ..Limits::default()
    };
    let (tokens, ticking) = (Arc::new(TokenInMemory::default()), clock.clone());
    let now = Arc::new(move || ticking.now());
    let client = WeChat::new(settings, limits, tokens, now).expect("a WeChat client");
    let key = AesKey::new(PUSH_KEY).expect("a key");
    Shared {
        sessions: Sessions::new(db.secrets().token_key(), Duration::from_secs(10)),
        db: db.clone(),
        decoders: Decoders::new(2),
        links: Links::new(db.secrets(), None),
        wechat_links: Some(Links::new(db.secrets(), Some(base_url))),
        push: Some(push_receiver(PushMode::Safe(key))),
        wechat: client,
        templates: Arc::new(Templates::of_demo().expect("the templates of the demo")),
        clock: clock.clone(),
        limits: RateLimits::default(),
        trust_forwarded: true,
        demo: true,
    }
}

/// A running Xiangyue of its own.
pub struct World {
    /// What the server's handlers share, for parts of the server that a test starts itself.
    pub state: State,
    /// The database, for `db_*` set-up that the API has no words for.
    pub db: Db,
    /// What the demo made.
    pub demo: Demo,
    /// The server's clock.
    pub clock: Clock,
    /// WeChat.
    pub wechat: Running,
    /// Where the server listens.
    pub base_url: String,
    /// The name of the database, for tests that look or meddle from outside.
    pub database: String,
    server: ServerHandle,
    folder: tempfile::TempDir,
}

impl World {
    /// A new world with the demo villages.
    pub async fn new() -> Self {
        Self::with_connections(CONNECTIONS).await
    }

    /// A new world whose server has so many database connections.
    pub async fn with_connections(connections: u32) -> Self {
        Self::with(connections, |folder| Files::in_folder(folder).expect("a folder")).await
    }

    /// A new world whose files lie elsewhere. `files` is given the world's folder.
    pub async fn with_files(files: impl FnOnce(&Path) -> Files + Send + 'static) -> Self {
        Self::with(CONNECTIONS, files).await
    }

    async fn with(connections: u32, files: impl FnOnce(&Path) -> Files + Send + 'static) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let database = format!("world_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = tempfile::tempdir().expect("a folder");
        let (name, path) = (database.clone(), folder.path().to_owned());
        let clock = Clock::default();
        let now = clock.now();
        let (db, demo) = actix_web::web::block(move || {
            CLUSTER.create_database_from_template(&name, TEMPLATE).expect("a database");
            let db = open(&CLUSTER, &name, files(&path), connections);
            let demo = demo::seed(&db, now).expect("the demo village");
            (db, demo)
        })
        .await
        .expect("a thread");
        let ticking = clock.clone();
        let now = Arc::new(move || ticking.now());
        let mut standin = StandIn::builder(APPID, APP_SECRET).clock(now).logins_per_minute(10_000);
        for person in demo::PEOPLE {
            standin = standin.persona(Persona {
                key: person.key.into(),
                openid: demo::openid(person.key),
                phone: person.phone.into(),
            });
        }
        let wechat = standin.start("127.0.0.1:0").expect("the stand-in");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = State::new(shared(&db, &clock, wechat.base_url(), &base_url));
        let server = api::server::start(state.clone(), listener, 1).expect("a server");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        wechat.push_to(push_target(&base_url, Some(PUSH_KEY), PushFormat::Json));
        Self { state, db, demo, clock, wechat, base_url, database, server: handle, folder }
    }

    /// What a further server of this world would share, to be changed and started by a test.
    pub fn shared(&self) -> Shared {
        shared(&self.db, &self.clock, self.wechat.base_url(), &self.base_url)
    }

    /// Lets time pass until just after a moment that is ahead.
    pub fn advance_to(&self, moment: DateTime<Utc>) {
        let left = (moment - self.clock.now()).num_seconds() + 1;
        self.clock.advance(u32::try_from(left).expect("a time ahead"));
    }

    /// Opens all connections of the server, so that what is sent at once really runs at once: the
    /// pool grows slowly, and requests that wait for it come one after the other.
    pub async fn warm_up(&self) {
        let db = self.db.clone();
        let open = move || {
            std::thread::scope(|scope| {
                for _ in 0..CONNECTIONS {
                    scope.spawn(|| {
                        db.read(|_| {
                            std::thread::sleep(Duration::from_millis(300));
                            Ok(())
                        })
                        .expect("a connection");
                    });
                }
            });
        };
        actix_web::web::block(open).await.expect("a thread");
    }

    /// Where the server keeps files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.base_url)
    }

    /// A person of the demo, signed in.
    pub async fn sign_in(&self, key: &str) -> Client {
        let code = format!("demo-{key}");
        self.anonymous().sign_in(&code).await
    }

    /// The cluster of this test run.
    pub fn cluster() -> &'static Cluster {
        &CLUSTER
    }

    /// A connection of one's own to the world's database.
    pub fn connect(&self) -> diesel::PgConnection {
        use diesel::Connection;
        diesel::PgConnection::establish(&CLUSTER.url(&self.database)).expect("a connection")
    }

    /// The path of something in the first village: `/v1/villages/…/REST`.
    pub fn village(&self, rest: &str) -> String {
        format!("/v1/villages/{}/{rest}", self.demo.village)
    }

    /// The path of something in the second village.
    pub fn other_village(&self, rest: &str) -> String {
        format!("/v1/villages/{}/{rest}", self.demo.other_village)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}
