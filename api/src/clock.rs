//! What time it is. The demo can move its clock forward; nothing else ever does.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};

/// A clock that all parts of one server share.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        let system = DateTime::<Utc>::from(std::time::SystemTime::now());
        system + Duration::seconds(self.ahead_seconds.load(Ordering::Relaxed))
    }

    /// Moves the clock forward, in seconds. It never goes back.
    pub fn advance(&self, seconds: u32) {
        self.ahead_seconds.fetch_add(i64::from(seconds), Ordering::Relaxed);
    }
}
