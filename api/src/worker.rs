//! The background worker: a task of the server that does a round of [`infra::worker`] every few
//! seconds, on the pool for blocking work. Several processes may run one each.

use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use infra::photos::sweep;
use infra::worker::{self, Ticked};
use tokio::sync::watch;

use crate::state::State;

/// How long it rests between two rounds.
pub const EVERY: Duration = Duration::from_secs(5);

/// A running worker.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts one in the present runtime. It goes on whatever fails.
    pub fn start(state: State, every: Duration) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = actix_web::rt::spawn(async move {
            loop {
                let now = state.clock.now();
                let round = if state.demo { worker::tick } else { worker::tick_by_both_clocks };
                match state.run(move |db| Ok(round(db, now))).await {
                    Ok(ticked) => tell(&ticked),
                    Err(problem) => tracing::error!(code = problem.code(), "a round failed"),
                }
                if let Err(error) = sweep::remove_files(&state.db, now).await {
                    tracing::error!(%error, "files that nobody needs stay for now");
                }
                // Ends too when the handle is gone.
                tokio::select! {
                    _ = stopped.changed() => break,
                    () = tokio::time::sleep(every) => {}
                }
            }
        });
        Self { stop, task }
    }

    /// Lets the round that is under way end, and no other begin.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        drop(self.task.await);
    }
}

fn tell(ticked: &Ticked) {
    for (what, error) in &ticked.failures {
        tracing::error!(what, %error, "the worker could not do a part of its round");
    }
    let Ticked {
        opened, closed, urged, warned, expired, lapsed, statements, signals, held, ..
    } = ticked;
    if opened + closed + urged + warned + expired + lapsed + statements + signals + held > 0 {
        tracing::info!(
            opened,
            closed,
            urged,
            warned,
            expired,
            statements,
            signals,
            lapsed,
            held,
            "the worker did a round"
        );
    }
}
