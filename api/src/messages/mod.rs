//! What the program tells people.

mod words;

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use infra::messages::{self, MessageRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageOut {
    /// Its id.
    id: Uuid,
    /// What it is about.
    #[schema(example = "deduction_recorded")]
    kind: String,
    /// The words above it, in Chinese.
    title: String,
    /// The words, in Chinese.
    text: String,
    /// What the words were made of: ids of what it is about, amounts, days.
    #[schema(value_type = Object)]
    data: serde_json::Value,
    /// When it was left.
    sent_at: String,
    /// When it was read.
    read_at: Option<String>,
}

impl From<MessageRow> for MessageOut {
    fn from(row: MessageRow) -> Self {
        let (title, text) = words::of(&row.kind, &row.data);
        Self {
            title: title.to_owned(),
            text,
            id: row.id,
            kind: row.kind,
            data: row.data,
            sent_at: crate::time::shown(row.sent_at),
            read_at: row.read_at.map(crate::time::shown),
        }
    }
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "items": [{
        "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "kind": "deduction_recorded",
        "title": "扣分登记", "text": "“乱倒垃圾”登记扣2分。整改办法:清理干净;整改期限:2026-10-20。",
        "data": {"item_name": "乱倒垃圾", "points": "2", "cure": "清理干净", "until": "2026-10-20"},
        "sent_at": "2026-10-12T10:00:00+08:00", "read_at": null
    }],
    "next_cursor": null, "unread": 1
}))]
pub struct MessagesOut {
    /// The messages.
    #[schema(max_items = 100)]
    items: Vec<MessageOut>,
    /// To get the next page; none on the last.
    #[schema(max_length = 64)]
    next_cursor: Option<String>,
    /// How many of all messages are unread.
    #[schema(minimum = 0)]
    unread: i64,
}

/// List own messages
///
/// The newest first. Who is bound to no villager has none.
#[utoipa::path(
    tag = "mini-program",
    params(PageQuery),
    responses((status = 200, description = "The messages.", body = MessagesOut), Failures)
)]
#[get("/me/messages")]
pub async fn message_list(
    acting: Acting,
    state: Data<State>,
    query: InQuery<PageQuery>,
) -> Result<Json<MessagesOut>, Problem> {
    let (limit, before) = (query.0.limit, query.0.after()?);
    let (rows, unread) =
        state.run(move |db| messages::list(db, &acting.actor, before, limit)).await?;
    let cursor = |row: &MessageRow| row.id.to_string();
    let Page { items, next_cursor } = Page::from_one_more(rows, limit, cursor, MessageOut::from);
    Ok(Json(MessagesOut { items, next_cursor, unread }))
}

/// Mark a message as read
#[utoipa::path(
    tag = "mini-program",
    params(("message_id" = Uuid, Path, description = "The message.")),
    responses((status = 204, description = "Read; also if it was before."), Failures)
)]
#[post("/me/messages/{message_id}/reading")]
pub async fn message_read(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    state.run(move |db| messages::read(db, &acting.actor, path.0, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
