//! What a household learns of itself, and that it does not want to be listed.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, put};
use domain::id::{EligibilityListId, HouseholdId, VillageId};
use infra::eligibility::{self, Explained, Wish};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::conditions::EligibilityReasonOut;
use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// One account of a household against a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "fits": false, "reasons": [
        {"condition": "rated", "met": true},
        {"condition": "stars", "met": false, "asked": {"min": 4, "ratings": 2}, "had": [5, 3]}
    ]
}))]
pub struct EligibilityAccountOut {
    /// The account.
    account_id: Uuid,
    /// Whether all conditions hold.
    fits: bool,
    /// Every condition with what was found.
    #[schema(max_items = 6)]
    reasons: Vec<EligibilityReasonOut>,
}

/// Why a household stands on a list or not.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"unlisted": false, "accounts": [{
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "fits": false, "reasons": [
        {"condition": "rated", "met": true},
        {"condition": "stars", "met": false, "asked": {"min": 4, "ratings": 2}, "had": [5, 3]}
    ]
}]}))]
pub struct EligibilityExplanationOut {
    /// Whether it wants to stand on no such list.
    unlisted: bool,
    /// Its account, or one for each person, as far as they were looked at when the list was made.
    #[schema(max_items = 100)]
    accounts: Vec<EligibilityAccountOut>,
}

impl From<Explained> for EligibilityExplanationOut {
    fn from(explained: Explained) -> Self {
        let accounts = explained.accounts.into_iter().map(|(account_id, fits, reasons)| {
            let reasons = reasons.into_iter().map(Into::into).collect();
            EligibilityAccountOut { account_id, fits, reasons }
        });
        Self { unlisted: explained.unlisted, accounts: accounts.collect() }
    }
}

/// Explain why the own household stands on a list or not
///
/// Every condition with what was found when the list was made; what happened since changes nothing. Nobody else learns why somebody
/// does not.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("eligibility_list_id" = Uuid, Path, description = "The list."),
        ("household_id" = Uuid, Path, description = "The own household."),
    ),
    responses((status = 200, description = "Why.", body = EligibilityExplanationOut), Failures)
)]
#[get("/villages/{village_id}/eligibility-lists/{eligibility_list_id}/households/{household_id}")]
pub async fn eligibility_explain(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
) -> Result<Json<EligibilityExplanationOut>, Problem> {
    let village = VillageId(path.0.0);
    let of = (EligibilityListId(path.0.1), HouseholdId(path.0.2));
    let explained =
        state.run(move |db| eligibility::explain(db, &acting.actor, village, of)).await?;
    Ok(Json(explained.into()))
}

/// Ask not to be listed
///
/// The household stands on no list of who fits from now on, whatever its stars. Nobody is told.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The own household."),
    ),
    responses((status = 204, description = "Not listed any more."), Failures)
)]
#[put("/villages/{village_id}/households/{household_id}/unlisting")]
pub async fn unlisting_set(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    wish(acting, &state, path, Wish::Unlisted).await
}

/// Ask to be listed again
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The own household."),
    ),
    responses((status = 204, description = "Listed where it fits."), Failures)
)]
#[delete("/villages/{village_id}/households/{household_id}/unlisting")]
pub async fn unlisting_end(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    wish(acting, &state, path, Wish::Listed).await
}

async fn wish(
    acting: Acting,
    state: &State,
    path: InPath<(Uuid, Uuid)>,
    wish: Wish,
) -> Result<HttpResponse, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let now = state.clock.now();
    state
        .run(move |db| eligibility::wish(db, &acting.actor, village, (household, wish), now))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
