//! `xiangyue serve`.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use infra::demo;
use infra::photos::{Decoders, Links};
use tokio::signal::unix::{SignalKind, signal};
use wechat_standin::Running as StandInRunning;

use super::database::Database;
use super::{Failed, greeting, templates, wechat};
use crate::clock::Clock;
use crate::courier::{self, Courier};
use crate::limits::RateLimits;
use crate::session::Sessions;
use crate::settings::{Mode, Settings};
use crate::state::{Shared, State};
use crate::worker::{self, Worker};

/// How long worker and courier of a demo rest between two rounds.
const DEMO_ROUND: Duration = Duration::from_secs(1);

/// A server that answers.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    server: ServerHandle,
    worker: Worker,
    courier: Courier,
    standin: Option<StandInRunning>,
}

impl Running {
    /// Lets requests under way finish, then stops.
    pub async fn stop(self) {
        self.server.stop(true).await;
        self.worker.stop().await;
        self.courier.stop().await;
        if let Some(standin) = self.standin {
            standin.stop().await;
        }
    }
}

/// Starts answering on a listener. Must run inside an actix system.
///
/// # Errors
/// When WeChat's client or the server cannot be made.
pub fn start(
    settings: &Settings,
    database: &Database,
    listener: TcpListener,
) -> Result<Running, Failed> {
    let address = listener.local_addr()?;
    let clock = Clock::default();
    let db = database.db.clone();
    let templates = templates::load(settings)?;
    let wechat = wechat::connect(settings, &clock, &db)?;
    let (push, wechat_links) = wechat::pushes(settings, wechat.standin.as_ref(), &db, address)?;
    let state = State::new(Shared {
        sessions: Sessions::new(
            db.secrets().token_key(),
            Duration::from_secs(settings.actor_seconds),
        ),
        links: Links::new(db.secrets(), settings.public_url.as_deref()),
        decoders: Decoders::new(settings.photo_decoders),
        db,
        wechat: wechat.client,
        wechat_links,
        push,
        templates,
        clock,
        limits: RateLimits::default(),
        trust_forwarded: settings.trust_forwarded,
        demo: settings.mode == Mode::Demo,
    });
    // The demo's clock jumps, and nobody there wants to wait for what is due.
    let (tick, round) = match settings.mode {
        Mode::Demo => (DEMO_ROUND, DEMO_ROUND),
        Mode::Production => (worker::EVERY, courier::EVERY),
    };
    let worker = Worker::start(state.clone(), tick);
    let courier = Courier::start(state.clone(), round);
    let server = crate::server::start(state, listener, settings.http_workers)?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok(Running { address, server: handle, worker, courier, standin: wechat.standin })
}

pub(super) fn serve(settings: &Settings) -> Result<(), Failed> {
    let listener = bind(settings)?;
    let database = Database::open(settings)?;
    if settings.mode == Mode::Demo {
        demo::seed(&database.db, Clock::default().now())?;
    }
    let done = actix_web::rt::System::new().block_on(async {
        let running = start(settings, &database, listener)?;
        greeting::print(settings, running.address);
        stopped().await?;
        tracing::info!("stopping");
        running.stop().await;
        Ok(())
    });
    database.close().and(done)
}

fn bind(settings: &Settings) -> Result<TcpListener, Failed> {
    let (address, port) = (&settings.listen_address, settings.listen_port);
    TcpListener::bind((address.as_str(), port)).map_err(|error| {
        Failed(match error.kind() {
            std::io::ErrorKind::AddrInUse => format!(
                "port {port} on {address} is taken: stop the other program, or choose another port with --listen-port or LISTEN_PORT"
            ),
            _ => format!("cannot listen on {address}:{port}: {error}"),
        })
    })
}

/// Waits for Ctrl-C or SIGTERM.
async fn stopped() -> Result<(), Failed> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
