//! Signing in with WeChat, going on, and signing out.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use chrono::{DateTime, Utc};
use domain::id::SessionId;
use domain::session::ACCESS_SECONDS;
use infra::sessions::{self, SessionRow, SignedIn};
use infra::wechat::WeChatError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::limits::address_of;
use crate::pagination::Page;
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// What a mini-program brings to sign in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "0a1Bc2De3Fg4Hi5Jk6Lm7No8Pq9Rs0Tu", "client": "微信小程序 1.4.0, iPhone 8"}))]
pub struct SessionIn {
    /// The code from `wx.login`: good for five minutes and one sign-in.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    code: String,
    /// What the client says of itself, so that people recognise their sign-ins.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    client: String,
}

/// A pair of tokens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "session_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "access_token": "eyJhbGciOiJIUzI1NiJ9.…",
    "expires_in_seconds": 900, "refresh_token": "01932d5a6c007a3b8f001b2c3d4e5f60.pXk…"
}))]
pub struct TokensOut {
    /// The sign-in.
    session_id: Uuid,
    /// For the header `Authorization: Bearer …`.
    access_token: String,
    /// How long the access token is good, in seconds.
    expires_in_seconds: i64,
    /// For the next pair, once.
    refresh_token: String,
}

fn tokens(state: &State, signed_in: SignedIn, now: DateTime<Utc>) -> Result<TokensOut, Problem> {
    Ok(TokensOut {
        session_id: signed_in.session.0,
        access_token: state.sessions.access_token(signed_in.user, signed_in.session, now)?,
        expires_in_seconds: ACCESS_SECONDS,
        refresh_token: signed_in.refresh_token,
    })
}

/// What WeChat's answer means for whoever signs in.
pub(crate) fn of_wechat(error: &WeChatError) -> Problem {
    tracing::warn!(%error, "WeChat did not take a code");
    Problem::door(match error {
        WeChatError::CodeInvalid | WeChatError::CodeUsed => Door::WeChatCode,
        WeChatError::UserBlocked => Door::WeChatBlocked,
        WeChatError::RateLimited => Door::TooMany,
        _ => Door::Away,
    })
}

/// Sign in
///
/// Exchanges the code of `wx.login` for tokens. Whoever signs in for the first time is bound to
/// nobody yet: see `binding_create`.
#[utoipa::path(
    tag = "mini-program",
    request_body = SessionIn,
    responses((status = 201, description = "Signed in.", body = TokensOut), Failures)
)]
#[post("/sessions")]
pub async fn session_create(
    state: Data<State>,
    request: HttpRequest,
    body: Body<SessionIn>,
) -> Result<HttpResponse, Problem> {
    state.limits.sign_in(address_of(&request, state.trust_forwarded))?;
    let identity = state.wechat.login(&body.value.code).await.map_err(|e| of_wechat(&e))?;
    let now = state.clock.now();
    let signed_in = state
        .run(move |db| {
            let unionid = identity.unionid.as_deref();
            sessions::begin(db, &identity.openid, unionid, &body.value.client, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(tokens(&state, signed_in, now)?))
}

/// A refresh token.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refresh_token": "01932d5a6c007a3b8f001b2c3d4e5f60.pXk…"}))]
pub struct RefreshIn {
    /// The newest refresh token of the sign-in.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    refresh_token: String,
}

/// Go on with a sign-in
///
/// Gives out the next pair of tokens. A refresh token that comes a second time ends the sign-in,
/// since somebody holds a copy.
#[utoipa::path(
    tag = "mini-program",
    request_body = RefreshIn,
    responses((status = 200, description = "The next pair.", body = TokensOut), Failures)
)]
#[post("/sessions/refresh")]
pub async fn session_refresh(
    state: Data<State>,
    request: HttpRequest,
    body: Body<RefreshIn>,
) -> Result<Json<TokensOut>, Problem> {
    state.limits.sign_in(address_of(&request, state.trust_forwarded))?;
    let now = state.clock.now();
    let token = body.value.refresh_token;
    let session = token.split_once('.').and_then(|(id, _)| id.parse().ok()).map(SessionId);
    let refreshed = state.run(move |db| sessions::refresh(db, &token, now)).await;
    if let (Err(_), Some(session)) = (&refreshed, session) {
        state.sessions.forget_session(session);
    }
    Ok(Json(tokens(&state, refreshed?, now)?))
}

/// A sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "client": "微信小程序 1.4.0, iPhone 8",
    "began_at": "2026-10-12T10:00:00+08:00", "refreshed_at": "2026-10-12T18:30:00+08:00", "current": true
}))]
pub struct SessionOut {
    /// Its id.
    id: Uuid,
    /// What the client said of itself.
    client: String,
    /// When it began.
    began_at: String,
    /// When it was refreshed last.
    refreshed_at: String,
    /// Whether this request belongs to it.
    current: bool,
}

impl SessionOut {
    fn of(row: SessionRow, current: SessionId) -> Self {
        Self {
            current: row.id == current.0,
            id: row.id,
            client: row.client,
            began_at: crate::time::shown(row.began_at),
            refreshed_at: crate::time::shown(row.refreshed_at),
        }
    }
}

/// List own sign-ins
#[utoipa::path(
    tag = "mini-program",
    responses((status = 200, description = "The sign-ins that hold, the newest first.", body = Page<SessionOut>), Failures)
)]
#[get("/sessions")]
pub async fn session_list(
    acting: Acting,
    state: Data<State>,
) -> Result<Json<Page<SessionOut>>, Problem> {
    let (user, now) = (acting.actor.user, state.clock.now());
    let rows = state.run(move |db| sessions::list(db, user, now)).await?;
    let items = rows.into_iter().map(|row| SessionOut::of(row, acting.session)).collect();
    Ok(Json(Page::whole(items)))
}

/// Sign out
///
/// Ends the sign-in of this request.
#[utoipa::path(
    tag = "mini-program",
    responses((status = 204, description = "Signed out."), Failures)
)]
#[delete("/sessions/current")]
pub async fn session_end(acting: Acting, state: Data<State>) -> Result<HttpResponse, Problem> {
    end(&acting, &state, acting.session).await
}

/// End one of the own sign-ins
#[utoipa::path(
    tag = "mini-program",
    params(("session_id" = Uuid, Path, description = "The sign-in.")),
    responses((status = 204, description = "Ended; also if it was over already."), Failures)
)]
#[delete("/sessions/{session_id}")]
pub async fn session_revoke(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<HttpResponse, Problem> {
    end(&acting, &state, SessionId(path.0)).await
}

async fn end(acting: &Acting, state: &State, session: SessionId) -> Result<HttpResponse, Problem> {
    let (user, now) = (acting.actor.user, state.clock.now());
    state.run(move |db| sessions::end(db, user, session, now)).await?;
    state.sessions.forget_session(session);
    Ok(HttpResponse::NoContent().finish())
}
