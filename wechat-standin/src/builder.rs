//! Setting a stand-in up and starting it.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::SystemTime;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};
use chrono::{DateTime, Utc};

use crate::content::Suggest;
use crate::routes;
use crate::running::Running;
use crate::state::{Clock, Setup, State};
use crate::subscribe::Template;

/// Logins of one person admitted in a minute, where the builder does not say otherwise.
const LOGINS_PER_MINUTE: u32 = 100;

/// Someone who may always sign in: a figure of the demo village.
///
/// Unlike all other codes, the login code `demo-KEY` and the phone code `demo-phone-KEY` work any
/// number of times and never expire, so that a person with curl can sign in again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    /// What tells the persona apart in its codes, such as `zhang-wei`.
    pub key: String,
    /// The openid that the login code stands for.
    pub openid: String,
    /// The Chinese mobile number that the phone code stands for, digits only.
    pub phone: String,
}

/// A stand-in that has not been started. Made by [`StandIn::builder`](crate::StandIn::builder).
#[must_use]
pub struct Builder {
    setup: Setup,
}

impl Builder {
    pub(crate) fn new(appid: String, secret: String) -> Self {
        let setup = Setup {
            appid,
            secret,
            personas: HashMap::new(),
            clock: Arc::new(|| DateTime::<Utc>::from(SystemTime::now())),
            country_code_is_text: false,
            logins_per_minute: LOGINS_PER_MINUTE,
            templates: Vec::new(),
            words: Vec::new(),
            takes_media_unseen: false,
        };
        Self { setup }
    }

    /// Adds a persona, in place of one with the same key.
    pub fn persona(mut self, persona: Persona) -> Self {
        self.setup.personas.insert(persona.key.clone(), persona);
        self
    }

    /// Takes the time from this clock instead of the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.setup.clock = clock;
        self
    }

    /// Sends `countryCode` as text, as WeChat documents it, instead of as a number, as WeChat
    /// shows it.
    pub fn country_code_as_text(mut self) -> Self {
        self.setup.country_code_is_text = true;
        self
    }

    /// Admits so many logins of one person in a minute before 45011; 100 unless told.
    pub fn logins_per_minute(mut self, logins_max: u32) -> Self {
        self.setup.logins_per_minute = logins_max;
        self
    }

    /// Adds a template for subscribe messages. From the first on, others are unknown (40037), and the
    /// fields of a message must be the template's.
    pub fn template(mut self, template: Template) -> Self {
        self.setup.templates.push(template);
        self
    }

    /// Lets WeChat think so of every text that contains the word.
    pub fn word(mut self, word: impl Into<String>, suggest: Suggest) -> Self {
        self.setup.words.push((word.into(), suggest));
        self
    }

    /// Answers about pictures without fetching them.
    pub fn takes_media_unseen(mut self) -> Self {
        self.setup.takes_media_unseen = true;
        self
    }

    /// Starts the stand-in on a thread of its own and returns at once. Needs no runtime, and works
    /// inside any. Port 0 lets the system choose a free port.
    ///
    /// # Errors
    /// Where the address cannot be bound or the thread cannot be started.
    pub fn start(self, address: impl ToSocketAddrs) -> io::Result<Running> {
        let listener = TcpListener::bind(address)?;
        Running::start(web::Data::new(self.into_state()), listener)
    }

    /// Serves in the foreground until Ctrl-C or SIGTERM. `ready` is told the address as soon as
    /// connections are taken. Needs a tokio or actix runtime.
    ///
    /// # Errors
    /// Where the address cannot be bound, or the server fails.
    pub async fn run(
        self,
        address: impl ToSocketAddrs,
        ready: impl FnOnce(SocketAddr),
    ) -> io::Result<()> {
        let listener = TcpListener::bind(address)?;
        let bound = listener.local_addr()?;
        let server = http_server(web::Data::new(self.into_state()), listener, Signals::Heed)?;
        ready(bound);
        server.await
    }

    pub(crate) fn into_state(self) -> State {
        State::new(self.setup)
    }
}

/// Whether Ctrl-C and SIGTERM end the server, or are left to the program it is a part of.
pub(crate) enum Signals {
    Heed,
    Leave,
}

/// The server, to be awaited. One worker is plenty: no call blocks.
pub(crate) fn http_server(
    state: web::Data<State>,
    listener: TcpListener,
    signals: Signals,
) -> io::Result<Server> {
    let server =
        HttpServer::new(move || App::new().app_data(state.clone()).configure(routes::configure))
            .workers(1)
            .shutdown_timeout(1);
    let server = match signals {
        Signals::Heed => server,
        Signals::Leave => server.disable_signals(),
    };
    Ok(server.listen(listener)?.run())
}
