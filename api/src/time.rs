//! How times are written: RFC 3339 with the offset of Asia/Shanghai.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::calendar::shanghai;

/// A moment as the API shows it: `2026-10-12T10:00:00+08:00`.
pub fn shown(moment: DateTime<Utc>) -> String {
    moment.with_timezone(&shanghai()).to_rfc3339_opts(SecondsFormat::Secs, false)
}
