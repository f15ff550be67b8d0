//! What may be made to go wrong.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;
use crate::state::State;

/// How many faults may wait at one endpoint.
const QUEUED_MAX: usize = 1_000;
/// The longest delay, in milliseconds.
pub(crate) const DELAY_MILLIS_MAX: u64 = 120_000;
/// The longest body that a fault sends, in bytes.
pub(crate) const OVERSIZED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A fault of the next call to an endpoint.
///
/// In JSON: `{"kind": "errcode", "errcode": -1}`, `{"kind": "close"}` and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// WeChat refuses with this code, `-1` being "system busy". The call's code is not used up.
    Errcode {
        /// The `errcode` of the answer.
        errcode: i64,
        /// The text of the answer; a `rid` is added to it.
        #[serde(default = "busy")]
        errmsg: String,
    },
    /// The answer is right but late. The delay passes in real time, not by the stand-in's clock.
    Delay {
        /// Milliseconds, at most 120,000.
        millis: u64,
    },
    /// The answer is right and comes when [`Running::release`](crate::Running::release) is called:
    /// for a test that must do something meanwhile, however long that takes. Not known in JSON.
    #[serde(skip)]
    Hold,
    /// An HTTP status with a page of HTML, as a gateway sends it.
    Status {
        /// The status, 400 to 599.
        status: u16,
    },
    /// JSON that breaks off in the middle.
    Malformed,
    /// Valid JSON with far too much of it.
    Oversized {
        /// Bytes of padding in the body, at most 16 MiB.
        bytes: usize,
    },
    /// The connection is closed without a complete answer.
    Close,
    /// All access tokens issued so far stop working before the call is looked at, as when somebody
    /// else refreshed them by force. The call itself is then answered as usual.
    TokensRevoked,
    /// A right answer whose watermark names this appid. Only the phone number has a watermark.
    Watermark {
        /// The appid to name.
        appid: String,
    },
}

fn busy() -> String {
    "system error".to_owned()
}

/// More than 1,000 faults are waiting at the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultQueueFull;

impl fmt::Display for FaultQueueFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no more than {QUEUED_MAX} faults can wait at one endpoint")
    }
}

impl std::error::Error for FaultQueueFull {}

impl State {
    /// Queues the fault for the next `times` calls.
    pub(crate) fn queue_fault(
        &self,
        endpoint: Endpoint,
        fault: &Fault,
        times: usize,
    ) -> Result<(), FaultQueueFull> {
        let mut memory = self.memory();
        let waiting = memory.faults.entry(endpoint).or_default();
        if times > QUEUED_MAX.saturating_sub(waiting.len()) {
            return Err(FaultQueueFull);
        }
        waiting.extend(std::iter::repeat_n(fault.clone(), times));
        Ok(())
    }
}
