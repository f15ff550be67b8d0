//! Whether those who are shown agree.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{ReportId, VillageId, VillagerId};
use domain::report::party::Agrees;
use infra::reports;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Whether somebody agrees to be shown.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"agrees": true}))]
pub struct ShowingConsentIn {
    /// Whether they do; `false` takes an earlier consent back.
    agrees: bool,
    /// For a member of the household who cannot answer, a child or somebody who never signed in: who.
    /// Otherwise one answers for oneself.
    person_id: Option<Uuid>,
}

/// What holds from now on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"consent": "agreed"}))]
pub struct ShowingConsentOut {
    /// `agreed` or `refused`.
    consent: &'static str,
}

/// Agree to be shown with a good deed, or not any more
///
/// By the person praised and by others who can be recognised; by the household for a child or somebody
/// who never signed in. A good deed is in the public feed only while all of them agree; who takes their
/// consent back is out of it at once.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
    ),
    request_body = ShowingConsentIn,
    responses((status = 201, description = "Noted.", body = ShowingConsentOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/consents")]
pub async fn report_consent_answer(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ShowingConsentIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let agrees = if body.value.agrees { Agrees::Yes } else { Agrees::No };
    let said = (body.value.person_id.map(VillagerId), agrees);
    let consent = state.run(move |db| reports::answer(db, &acting.actor, at, said, now)).await?;
    Ok(HttpResponse::Created().json(ShowingConsentOut { consent: consent.as_str() }))
}
