//! A stand-in and a client of it, with one clock that stands still until told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use infra::wechat::{AppSecret, Client, Limits, Settings, TokenInMemory, TokenStore};
use wechat_standin::{Builder, Endpoint, Fault, Running, StandIn};

pub(crate) const APPID: &str = "wx5f0c9ab2d3e4f607";
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// A made-up number whose digits stand nowhere else.
pub(crate) const PHONE: &str = "13912345678";
const START: i64 = 1_767_225_600;

/// Enough for a busy machine, with a short back-off.
pub(crate) const LIMITS: Limits = Limits {
    connect_max: Duration::from_secs(5),
    call_max: Duration::from_secs(10),
    backoff_first: Duration::from_millis(2),
    whole_max: Duration::from_secs(40),
};

pub(crate) struct Harness {
    pub(crate) wechat: Running,
    pub(crate) client: Arc<Client>,
    pub(crate) store: Arc<dyn TokenStore>,
    seconds: Arc<AtomicI64>,
}

impl Harness {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let seconds = Arc::new(AtomicI64::new(START));
        let builder = set_up(StandIn::builder(APPID, SECRET).clock(clock(&seconds)));
        let wechat = builder.start(("127.0.0.1", 0)).expect("a free port");
        let store: Arc<dyn TokenStore> = Arc::new(TokenInMemory::default());
        let client = new_client(&wechat, Arc::clone(&store), &seconds, LIMITS);
        Self { wechat, client, store, seconds }
    }

    /// Another client with the same store, as another process would be.
    pub(crate) fn other_process(&self) -> Arc<Client> {
        self.client_with_store(Arc::clone(&self.store))
    }

    pub(crate) fn client_with_store(&self, store: Arc<dyn TokenStore>) -> Arc<Client> {
        new_client(&self.wechat, store, &self.seconds, LIMITS)
    }

    /// A client that waits half a second for an answer; for faults that make it wait longer.
    pub(crate) fn impatient_client(&self) -> Arc<Client> {
        self.client_with_limits(Limits { call_max: Duration::from_millis(500), ..LIMITS })
    }

    pub(crate) fn client_with_limits(&self, limits: Limits) -> Arc<Client> {
        new_client(&self.wechat, Arc::clone(&self.store), &self.seconds, limits)
    }

    pub(crate) fn client_with_credentials(&self, appid: &str, secret: &str) -> Client {
        let settings = settings(&self.wechat.base_url(), appid, secret);
        let clock = clock(&self.seconds);
        Client::new(settings, LIMITS, Arc::clone(&self.store), clock).expect("a client")
    }

    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn fault(&self, endpoint: Endpoint, fault: Fault) {
        self.wechat.queue_fault(endpoint, &fault).expect("queued");
    }

    pub(crate) fn phone_code(&self) -> String {
        self.wechat.new_phone_code(PHONE)
    }
}

pub(crate) fn errcode(errcode: i64) -> Fault {
    Fault::Errcode { errcode, errmsg: "as queued".to_owned() }
}

pub(crate) fn settings(base_url: &str, appid: &str, secret: &str) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        appid: appid.to_owned(),
        secret: AppSecret::new(secret),
    }
}

fn new_client(
    wechat: &Running,
    store: Arc<dyn TokenStore>,
    seconds: &Arc<AtomicI64>,
    limits: Limits,
) -> Arc<Client> {
    let settings = settings(&wechat.base_url(), APPID, SECRET);
    Arc::new(Client::new(settings, limits, store, clock(seconds)).expect("a client"))
}

fn clock(seconds: &Arc<AtomicI64>) -> Arc<dyn Fn() -> DateTime<Utc> + Send + Sync> {
    let seconds = Arc::clone(seconds);
    Arc::new(move || {
        DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0).expect("within range")
    })
}
