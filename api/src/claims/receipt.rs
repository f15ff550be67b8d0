//! What somebody gets back who made or changed a claim.

use chrono::NaiveDate;
use infra::claims::Receipt;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ClaimState;
use crate::adjustments::AdjustmentOut;
use crate::time::shown;

/// Where a claim stands after a change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClaimReceipt, example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "state": "submitted", "stage_name": "民主评议",
    "due_at": "2026-10-20T00:00:00+08:00", "asked_points": "4", "granted_points": null,
    "adjustments": [], "cure_until": null
}))]
pub struct ClaimReceiptOut {
    /// The claim.
    id: Uuid,
    /// Where it stands.
    state: ClaimState,
    /// The stage that looks at it, while it is under review.
    stage_name: Option<String>,
    /// Until when that stage should decide.
    due_at: Option<String>,
    /// The points by the item, before tiers that add up, doubling and caps. A deduction's points are above zero too.
    asked_points: String,
    /// The points that count; once it is certified.
    granted_points: Option<String>,
    /// How what was asked for became what counts; once it is certified.
    #[schema(max_items = 100)]
    adjustments: Vec<AdjustmentOut>,
    /// For a deduction: the last day on which it can be put right.
    cure_until: Option<NaiveDate>,
}

impl From<Receipt> for ClaimReceiptOut {
    fn from(receipt: Receipt) -> Self {
        Self {
            id: receipt.claim.0,
            state: receipt.state.into(),
            stage_name: receipt.stage_name,
            due_at: receipt.due_at.map(shown),
            asked_points: receipt.asked.to_string(),
            granted_points: receipt.granted.map(|points| points.to_string()),
            adjustments: receipt.adjustments.iter().map(AdjustmentOut::from).collect(),
            cure_until: receipt.cure_until,
        }
    }
}
