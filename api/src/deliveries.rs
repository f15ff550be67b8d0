//! What could not be sent: the dead letters of the outbox, and those that are tried again later.

use actix_web::web::{Data, Json};
use actix_web::{get, post};
use domain::id::{DivisionId, VillageId};
use infra::outbox::{self, Letter, Standing};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery, twenty};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Which deliveries are listed.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Given up, until somebody has them tried again.
    #[default]
    Dead,
    /// Tried without success, and tried again later.
    Waiting,
}

/// Which deliveries.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryQuery {
    /// Which ones.
    #[serde(default)]
    #[param(inline, default = "dead")]
    state: DeliveryState,
    /// How many, at most.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// Where the page begins: `next_cursor` of the page before.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// Something that could not be sent. It says nothing of the person, or of what they were told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "delivery_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "kind": "subscribe_message",
    "state": "dead", "put_at": "2026-10-12T10:00:00+08:00", "attempts": 1, "due_at": null,
    "dead_at": "2026-10-12T10:00:03+08:00", "last_error": "WeChat does not know the template"
}))]
pub struct DeliveryOut {
    /// Its id.
    delivery_id: Uuid,
    /// The village that it belongs to.
    village_id: Uuid,
    /// `subscribe_message`, or `text_check` or `photo_check` for content to be checked.
    kind: String,
    /// Whether it is tried again.
    state: DeliveryState,
    /// When it was to be sent first.
    put_at: String,
    /// How often it was tried.
    #[schema(minimum = 0)]
    attempts: i16,
    /// When it is tried next.
    due_at: Option<String>,
    /// When it was given up.
    dead_at: Option<String>,
    /// What was wrong the last time.
    last_error: Option<String>,
}

impl From<Letter> for DeliveryOut {
    fn from(letter: Letter) -> Self {
        let dead = letter.dead_at.is_some();
        Self {
            delivery_id: letter.id,
            village_id: letter.village_id,
            kind: letter.kind,
            state: if dead { DeliveryState::Dead } else { DeliveryState::Waiting },
            put_at: crate::time::shown(letter.put_at),
            attempts: letter.attempts,
            due_at: (!dead).then(|| crate::time::shown(letter.due_at)),
            dead_at: letter.dead_at.map(crate::time::shown),
            last_error: letter.last_error,
        }
    }
}

/// List what could not be sent
///
/// Of a county, town or village, the newest first: messages to WeChat and content to be checked that
/// were given up, or are tried again later. What they were about is read in `message_list` by those
/// concerned.
#[utoipa::path(
    tag = "admin",
    params(("division_id" = Uuid, Path, description = "The county, town or village."), DeliveryQuery),
    responses((status = 200, description = "A page of them.", body = Page<DeliveryOut>), Failures)
)]
#[get("/divisions/{division_id}/deliveries")]
pub async fn delivery_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<DeliveryQuery>,
) -> Result<Json<Page<DeliveryOut>>, Problem> {
    let division = DivisionId(path.0);
    let DeliveryQuery { state: which, limit, cursor } = query.0;
    let before = PageQuery { limit, cursor }.after()?;
    let standing = match which {
        DeliveryState::Dead => Standing::Dead,
        DeliveryState::Waiting => Standing::Waiting,
    };
    let rows = state
        .run(move |db| outbox::list(db, &acting.actor, division, standing, before, limit))
        .await?;
    let cursor = |row: &Letter| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, DeliveryOut::from)))
}

/// Try again to send something
///
/// Something dead begins anew with its first attempt; something that waits is tried at once. What was
/// sent, or is being sent, is not sent again.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village that it belongs to."),
        ("delivery_id" = Uuid, Path, description = "The delivery."),
    ),
    responses((status = 200, description = "It is tried within seconds.", body = DeliveryOut), Failures)
)]
#[post("/villages/{village_id}/deliveries/{delivery_id}/retries")]
pub async fn delivery_retry(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<DeliveryOut>, Problem> {
    let (village, delivery, now) = (VillageId(path.0.0), path.0.1, state.clock.now());
    let letter =
        state.run(move |db| outbox::retry(db, &acting.actor, village, delivery, now)).await?;
    Ok(Json(letter.into()))
}
