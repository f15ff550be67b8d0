//! Who is asking: access tokens, and the extractors that turn one into an actor.
//!
//! An access token is a JWT of ours (HS256), good for fifteen minutes. What it leads to, the actor
//! with the roles held now, is remembered for some seconds (`ACTOR_SECONDS`), so that a shop's queue
//! does not verify and load it again and again. A sign-out or a changed role is forgotten here at
//! once; other processes follow when their seconds are over.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::id::{SessionId, UserId};
use domain::session::ACCESS_SECONDS;
use infra::{actors, sessions};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::problem::{Door, Problem};
use crate::state::State;

/// How many tokens are remembered at most, in each process.
const REMEMBERED_MAX: usize = 50_000;

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    sid: Uuid,
    exp: i64,
}

#[derive(Clone)]
struct Known {
    actor: Arc<Actor>,
    session: SessionId,
    expires_at: DateTime<Utc>,
    since: Instant,
}

/// The keys of our tokens, and who was seen lately.
pub struct Sessions {
    encoding: EncodingKey,
    decoding: DecodingKey,
    remembered_for: Duration,
    known: RwLock<HashMap<String, Known>>,
    /// Counts what was forgotten, so that an actor loaded before is not remembered after.
    forgotten: AtomicU64,
}

impl Sessions {
    /// Tokens signed with this key; actors remembered for that long.
    pub fn new(key: &[u8], remembered_for: Duration) -> Self {
        Self {
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            remembered_for,
            known: RwLock::default(),
            forgotten: AtomicU64::new(0),
        }
    }

    /// A new access token.
    ///
    /// # Errors
    /// `internal`.
    pub fn access_token(
        &self,
        user: UserId,
        session: SessionId,
        now: DateTime<Utc>,
    ) -> Result<String, Problem> {
        let claims = Claims { sub: user.0, sid: session.0, exp: now.timestamp() + ACCESS_SECONDS };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|_| Problem::door(Door::Bug))
    }

    /// Forgets what is remembered of a sign-in that ended.
    pub fn forget_session(&self, session: SessionId) {
        self.forget(|known| known.session == session);
    }

    /// Forgets what is remembered of a user who was bound or unbound.
    pub fn forget_user(&self, user: UserId) {
        self.forget(|known| known.actor.user == user);
    }

    /// Forgets what is remembered of everybody: after a change of roles, which is rare.
    pub fn forget_all(&self) {
        self.forget(|_| true);
    }

    fn forget(&self, which: impl Fn(&Known) -> bool) {
        if let Ok(mut known) = self.known.write() {
            self.forgotten.fetch_add(1, Ordering::AcqRel);
            known.retain(|_, entry| !which(entry));
        }
    }

    fn forgotten(&self) -> u64 {
        self.forgotten.load(Ordering::Acquire)
    }

    fn recall(&self, token: &str, now: DateTime<Utc>) -> Option<Acting> {
        let known = self.known.read().ok()?;
        let entry = known.get(token)?;
        let fresh = entry.since.elapsed() < self.remembered_for && now < entry.expires_at;
        fresh.then(|| Acting { actor: Arc::clone(&entry.actor), session: entry.session })
    }

    /// Remembers who was loaded when so much had been forgotten; if more was since, the roles may
    /// be the old ones.
    fn remember(&self, token: String, acting: &Acting, expires_at: DateTime<Utc>, forgotten: u64) {
        let Ok(mut known) = self.known.write() else { return };
        if self.forgotten() != forgotten {
            return;
        }
        if known.len() >= REMEMBERED_MAX {
            let remembered_for = self.remembered_for;
            known.retain(|_, entry| entry.since.elapsed() < remembered_for);
            if known.len() >= REMEMBERED_MAX {
                known.clear();
            }
        }
        let (actor, session) = (Arc::clone(&acting.actor), acting.session);
        known.insert(token, Known { actor, session, expires_at, since: Instant::now() });
    }

    fn read(&self, token: &str, now: DateTime<Utc>) -> Option<(Claims, DateTime<Utc>)> {
        let mut validation = Validation::new(Algorithm::HS256);
        // Our clock decides, not the library's: the demo's clock can be moved.
        validation.validate_exp = false;
        let claims =
            jsonwebtoken::decode::<Claims>(token, &self.decoding, &validation).ok()?.claims;
        let expires_at = DateTime::from_timestamp(claims.exp, 0)?;
        (now < expires_at).then_some((claims, expires_at))
    }
}

/// Somebody who is signed in. The first argument of every handler that needs one, so that an
/// anonymous request is told so before its body is looked at.
#[derive(Clone, Debug)]
pub struct Acting {
    /// Who.
    pub actor: Arc<Actor>,
    /// In which sign-in.
    pub session: SessionId,
}

impl FromRequest for Acting {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<State>>().cloned();
        let token = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned());
        Box::pin(async move {
            let state = state.ok_or(Problem::door(Door::Bug))?;
            identify(&state, token.ok_or(Problem::door(Door::SignInNeeded))?).await
        })
    }
}

async fn identify(state: &State, token: String) -> Result<Acting, Problem> {
    let now = state.clock.now();
    if let Some(acting) = state.sessions.recall(&token, now) {
        return Ok(acting);
    }
    let stranger = || Problem::door(Door::SignInNeeded);
    let (claims, expires_at) = state.sessions.read(&token, now).ok_or_else(stranger)?;
    let (user, session) = (UserId(claims.sub), SessionId(claims.sid));
    let forgotten = state.sessions.forgotten();
    let actor = state
        .run(move |db| {
            db.read(|c| {
                if sessions::holds(c, session, now)? {
                    actors::load(c, user, now)
                } else {
                    Ok(None)
                }
            })
        })
        .await?;
    let acting = Acting { actor: Arc::new(actor.ok_or_else(stranger)?), session };
    state.sessions.remember(token, &acting, expires_at, forgotten);
    Ok(acting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acting(user: u128) -> Acting {
        let user = UserId(Uuid::from_u128(user));
        let actor = Actor { user, membership: None, grants: Vec::new() };
        Acting { actor: Arc::new(actor), session: SessionId(user.0) }
    }

    #[test]
    fn whoever_was_loaded_before_something_was_forgotten_is_not_remembered_after() {
        let sessions = Sessions::new(b"key", Duration::from_secs(10));
        let now: DateTime<Utc> = "2026-10-20T02:00:00Z".parse().unwrap();
        let later = now + chrono::Duration::minutes(15);
        let before = sessions.forgotten();
        sessions.remember("first".into(), &acting(1), later, before);
        sessions.remember("second".into(), &acting(2), later, before);
        sessions.forget_user(UserId(Uuid::from_u128(1)));
        assert!(sessions.recall("first", now).is_none());
        assert!(sessions.recall("second", now).is_some());
        sessions.remember("first".into(), &acting(1), later, before);
        assert!(sessions.recall("first", now).is_none());
    }
}
