//! The courier: a task of the server that delivers what is in the outbox, round after round of
//! [`infra::outbox`]. It waits for WeChat without keeping a thread. Several processes may run one
//! each.

use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use infra::outbox::{self, Delivered, Means};
use tokio::sync::watch;

use crate::state::State;

/// How long it rests when there was nothing more to deliver.
pub const EVERY: Duration = Duration::from_secs(2);

/// A running courier.
pub struct Courier {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Courier {
    /// Starts one in the present runtime. It goes on whatever fails.
    pub fn start(state: State, every: Duration) -> Self {
        let (stop, mut stopped) = watch::channel(false);
        let task = actix_web::rt::spawn(async move {
            loop {
                let stopping = || *stopped.borrow();
                let rest = match outbox::round(&|| means(&state), &stopping).await {
                    Ok(delivered) => {
                        tell(&delivered);
                        if delivered.more { Duration::ZERO } else { every }
                    }
                    Err(error) => {
                        tracing::error!(%error, "a round of deliveries failed");
                        every
                    }
                };
                // Ends too when the handle is gone.
                tokio::select! {
                    _ = stopped.wait_for(|stopped| *stopped) => break,
                    () = tokio::time::sleep(rest) => {}
                }
            }
        });
        Self { stop, task }
    }

    /// Lets the calls that are under way end, gives back what was not begun, and stops.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        drop(self.task.await);
    }
}

/// What deliverers work with now.
pub fn means(state: &State) -> Means<'_> {
    Means {
        db: &state.db,
        wechat: Some(&state.wechat),
        photo_links: state.wechat_links.as_ref(),
        templates: &state.templates,
        now: state.clock.now(),
    }
}

fn tell(delivered: &Delivered) {
    let done: usize = delivered.done.values().sum();
    if done + delivered.later + delivered.dead > 0 {
        let (later, dead) = (delivered.later, delivered.dead);
        tracing::info!(done, later, dead, "the courier did a round");
    }
}
