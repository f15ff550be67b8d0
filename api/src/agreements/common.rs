//! An agreement of one merchant with many villages at once.

use std::collections::BTreeSet;

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{DivisionId, VillageId};
use infra::agreements;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{AgreementIn, AgreementOut};
use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// An agreement of many villages.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "agreement": {
        "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "from": "2026-10-01",
        "until": "2027-09-30", "bearer": "credit_offset", "price_ceiling_fen": 200_000,
        "account_daily_ceiling_fen": 20_000, "merchant_daily_ceiling_fen": 500_000,
        "refund_days_max": 7
    }
}))]
pub struct CommonAgreementIn {
    /// With which villages of the division; with all of them without.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    village_ids: Option<Vec<Uuid>>,
    /// What is agreed with each.
    #[validate(nested)]
    agreement: AgreementIn,
}

/// The agreements of many villages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"items": [{
    "agreement_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62",
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "from": "2026-10-01",
    "until": "2027-09-30", "categories": null, "weekdays": null, "hours": null,
    "bearer": "credit_offset", "discount_by_star_bp": [200, 400, 600, 800, 1000],
    "price_ceiling_fen": 200_000, "account_daily_ceiling_fen": 20_000,
    "merchant_daily_ceiling_fen": 500_000, "confirm_above_fen": null, "refund_days_max": 7
}]}))]
pub struct CommonAgreementOut {
    /// One of each village.
    #[schema(max_items = 500)]
    items: Vec<AgreementOut>,
}

/// Record an agreement with many villages
///
/// One request for all villages of a town or county, or for some of them: each gets an agreement of its
/// own, with its own star table unless discounts are given, and ends it by itself. All of them are
/// recorded or none; at most 500 villages.
#[utoipa::path(
    tag = "admin",
    request_body = CommonAgreementIn,
    params(("division_id" = Uuid, Path, description = "The town or county.")),
    responses((status = 201, description = "Recorded.", body = CommonAgreementOut), Failures)
)]
#[post("/divisions/{division_id}/agreements")]
pub async fn common_agreement_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<CommonAgreementIn>,
) -> Result<HttpResponse, Problem> {
    let (division, now) = (DivisionId(path.0), state.clock.now());
    let villages: Option<BTreeSet<VillageId>> =
        body.value.village_ids.map(|ids| ids.into_iter().map(VillageId).collect());
    let proposal = body.value.agreement.proposal()?;
    let made = state
        .run(move |db| {
            agreements::make_in(db, &acting.actor, division, villages.as_ref(), &proposal, now)
        })
        .await?;
    let items = made.into_iter().map(AgreementOut::from).collect();
    Ok(HttpResponse::Created().json(CommonAgreementOut { items }))
}
