//! What the stand-in remembers: one value behind one lock.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

use crate::builder::Persona;
use crate::codes::Codes;
use crate::content::{Contents, Suggest};
use crate::endpoint::Endpoint;
use crate::fault::Fault;
use crate::quota::PerMinute;
use crate::stable_token::Tokens;
use crate::subscribe::{Subscriptions, Template};

/// Where the stand-in gets the time from. Injected, so that a test can let five minutes pass.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Whom a login code stands for.
#[derive(Debug, Clone)]
pub(crate) struct LoginUser {
    pub(crate) openid: String,
    /// Only accounts tied to WeChat's Open Platform have one.
    pub(crate) unionid: Option<String>,
}

/// The number a phone code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Phone {
    pub(crate) country_code: u16,
    /// Digits without the country code.
    pub(crate) national_number: String,
}

/// What was settled by the builder and never changes.
pub(crate) struct Setup {
    pub(crate) appid: String,
    pub(crate) secret: String,
    pub(crate) personas: HashMap<String, Persona>,
    pub(crate) clock: Clock,
    pub(crate) country_code_is_text: bool,
    pub(crate) logins_per_minute: u32,
    pub(crate) templates: Vec<Template>,
    pub(crate) words: Vec<(String, Suggest)>,
    pub(crate) takes_media_unseen: bool,
}

/// What changes from call to call.
pub(crate) struct Memory {
    pub(crate) login_codes: Codes<LoginUser>,
    pub(crate) phone_codes: Codes<Phone>,
    pub(crate) tokens: Tokens,
    pub(crate) calls_per_minute: PerMinute,
    pub(crate) faults: HashMap<Endpoint, VecDeque<Fault>>,
    pub(crate) calls: HashMap<Endpoint, u64>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) contents: Contents,
}

/// The whole stand-in.
pub(crate) struct State {
    pub(crate) setup: Setup,
    memory: Mutex<Memory>,
    /// A permit for each answer that is held back no longer.
    releases: Semaphore,
}

impl State {
    pub(crate) fn new(setup: Setup) -> Self {
        let memory = Memory {
            login_codes: Codes::new(),
            phone_codes: Codes::new(),
            tokens: Tokens::default(),
            calls_per_minute: PerMinute::default(),
            faults: HashMap::new(),
            calls: HashMap::new(),
            subscriptions: Subscriptions::default(),
            contents: Contents::default(),
        };
        Self { setup, memory: Mutex::new(memory), releases: Semaphore::new(0) }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.setup.clock)()
    }

    /// Locks the memory. A panic while it was locked leaves at worst one half-counted call, which
    /// a stand-in may shrug off.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a release of its own.
    pub(crate) async fn held(&self) {
        // It fails only when closed, which nobody does.
        if let Ok(permit) = self.releases.acquire().await {
            permit.forget();
        }
    }

    /// Lets one answer go that is held back, or will be.
    pub(crate) fn release(&self) {
        self.releases.add_permits(1);
    }

    /// The persona whose code this is, where `prefix` says which kind of code is meant.
    pub(crate) fn persona_of(&self, code: &str, prefix: &str) -> Option<&Persona> {
        self.setup.personas.get(code.strip_prefix(prefix)?)
    }
}
