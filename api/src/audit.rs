//! What people did to a village's data.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::VillageId;
use domain::person::masked_name;
use infra::audit::{self, Named};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A recorded deed. Nobody can change or remove it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "at": "2026-10-12T10:00:00+08:00",
    "user_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "user_name": "刘*华", "role": "village_admin",
    "action": "role_grant_create", "subject_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62",
    "reason": "村民代表大会推选", "detail": {"role": "panel_member"}
}))]
pub struct AuditOut {
    /// Its id.
    id: Uuid,
    /// When.
    at: String,
    /// Who; none for the program itself.
    user_id: Option<Uuid>,
    /// Their name, masked, if they are on a roster.
    user_name: Option<String>,
    /// In which role.
    role: Option<String>,
    /// What: an operation, or an action of the policy for a reading with a reason.
    action: String,
    /// To what.
    subject_id: Option<Uuid>,
    /// Why, if a reason was asked for.
    reason: Option<String>,
    /// What else is needed to understand it.
    #[schema(value_type = Option<Object>)]
    detail: Option<serde_json::Value>,
}

impl From<Named> for AuditOut {
    fn from(Named { recorded, name }: Named) -> Self {
        Self {
            id: recorded.id,
            at: crate::time::shown(recorded.at),
            user_id: recorded.user_id,
            user_name: name.as_deref().map(masked_name),
            role: recorded.role,
            action: recorded.action,
            subject_id: recorded.subject_id,
            reason: recorded.reason,
            detail: recorded.detail,
        }
    }
}

/// Read the audit log of a village
///
/// Everything that people did to its data, the newest first. A supervisor's reading is recorded too.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader),
    responses((status = 200, description = "The deeds.", body = Page<AuditOut>), Failures)
)]
#[get("/villages/{village_id}/audit-log")]
pub async fn audit_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<AuditOut>>, Problem> {
    let (village, why) = (VillageId(path.0), reading.at(state.clock.now()));
    let (limit, before) = (query.0.limit, query.0.after()?);
    let rows =
        state.run(move |db| audit::list(db, &acting.actor, village, before, limit, &why)).await?;
    let cursor = |row: &Named| row.recorded.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, AuditOut::from)))
}
