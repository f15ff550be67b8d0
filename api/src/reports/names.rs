//! What the operations of reports have in common: kinds, states, places, receipts.

use domain::report::{Datum, Kind, Spot, State};
use infra::reports::Receipt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::names::names;
use crate::problem::{Door, Problem};
use crate::time::shown;

/// What a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    /// 好人好事.
    GoodDeed,
    /// 不文明行为, 环境问题.
    Nuisance,
}

impl From<ReportKind> for Kind {
    fn from(kind: ReportKind) -> Self {
        match kind {
            ReportKind::GoodDeed => Self::GoodDeed,
            ReportKind::Nuisance => Self::Nuisance,
        }
    }
}

impl From<Kind> for ReportKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::GoodDeed => Self::GoodDeed,
            Kind::Nuisance => Self::Nuisance,
        }
    }
}

names! {
    /// Where a report stands.
    ReportState = State {
        /// 待受理: waits for triage.
        Submitted,
        /// 已受理: taken on; a nuisance waits to be dispatched.
        Accepted,
        /// 不予受理.
        Refused,
        /// 已合并: the same as another report.
        Joined,
        /// 已派单: a grid worker has it in hand.
        Dispatched,
        /// 已办结: whoever sent it may look.
        Resolved,
        /// 已确认: by whoever sent it, or by the time.
        Confirmed,
        /// 退回重办: waits to be dispatched again.
        Reopened,
        /// 已销号: closed by triage.
        StruckOff,
        /// 已撤回: by whoever sent it.
        Withdrawn,
    }
}

/// A point on the ground.
#[derive(Clone, Copy, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"latitude_e6": 26_541_234, "longitude_e6": 104_712_345}))]
pub struct SpotIn {
    /// Millionths of a degree to the north: `Math.round(latitude * 1e6)`.
    #[validate(range(min = 3_000_000, max = 54_000_000))]
    #[schema(minimum = 3_000_000, maximum = 54_000_000)]
    latitude_e6: i32,
    /// Millionths of a degree to the east.
    #[validate(range(min = 73_000_000, max = 136_000_000))]
    #[schema(minimum = 73_000_000, maximum = 136_000_000)]
    longitude_e6: i32,
    /// The system: `gcj02` unless said otherwise, as `wx.chooseLocation` and
    /// `wx.getLocation({type: 'gcj02'})` give it. Only reports of the same system are compared.
    #[serde(default)]
    #[schema(inline)]
    datum: DatumName,
}

/// The system of coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatumName {
    /// 火星坐标, of every map in China.
    #[default]
    Gcj02,
    /// Of satellites.
    Wgs84,
}

impl From<DatumName> for Datum {
    fn from(name: DatumName) -> Self {
        match name {
            DatumName::Gcj02 => Self::Gcj02,
            DatumName::Wgs84 => Self::Wgs84,
        }
    }
}

impl From<Datum> for DatumName {
    fn from(datum: Datum) -> Self {
        match datum {
            Datum::Gcj02 => Self::Gcj02,
            Datum::Wgs84 => Self::Wgs84,
        }
    }
}

/// The point with these coordinates.
///
/// # Errors
/// `invalid` outside of China.
pub(super) fn spot(datum: DatumName, latitude_e6: i32, longitude_e6: i32) -> Result<Spot, Problem> {
    Spot::new(datum.into(), latitude_e6, longitude_e6)
        .ok_or_else(|| Problem::field(Door::Invalid, "spot", "not a place in China"))
}

impl TryFrom<SpotIn> for Spot {
    type Error = Problem;

    fn try_from(value: SpotIn) -> Result<Self, Problem> {
        spot(value.datum, value.latitude_e6, value.longitude_e6)
    }
}

/// Where a report stands after a change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "state": "submitted",
    "due_at": "2026-10-15T00:00:00+08:00"
}))]
pub struct ReportReceiptOut {
    /// The report.
    id: Uuid,
    /// Where it stands.
    state: ReportState,
    /// By when somebody should have acted.
    due_at: Option<String>,
}

impl From<Receipt> for ReportReceiptOut {
    fn from(receipt: Receipt) -> Self {
        Self {
            id: receipt.report.0,
            state: receipt.state.into(),
            due_at: receipt.due_at.map(shown),
        }
    }
}
