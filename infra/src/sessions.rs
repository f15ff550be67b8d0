//! Sign-ins: users by their openid, refresh tokens that rotate, and their end.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{SessionId, UserId};
use domain::refusal::Refusal;
use domain::session::{Refresh, SESSIONS_MAX, Session};
use uuid::Uuid;

use crate::audit::{self, Deed, NO_VILLAGE};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::{sessions, users};
use crate::secrets::{random_token, same, sha256};

/// The longest description of a client that is kept, in characters.
pub const CLIENT_CHARS_MAX: usize = 200;

/// A sign-in that began or went on.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The user.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
    /// The new refresh token: given out once, stored only as a hash.
    pub refresh_token: String,
}

/// A sign-in as the user sees it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    /// Its id.
    pub id: Uuid,
    /// What the client said of itself.
    pub client: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it was refreshed last.
    pub refreshed_at: DateTime<Utc>,
    /// When it was ended.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl SessionRow {
    fn session(&self) -> Session {
        Session {
            began_at: self.began_at,
            refreshed_at: self.refreshed_at,
            revoked: self.revoked_at.is_some(),
        }
    }
}

/// A refresh token says which sign-in it belongs to, so that it is found without an index on secrets.
fn token_of(session: SessionId) -> Result<(String, Vec<u8>), Error> {
    let token = format!("{}.{}", session.0.simple(), random_token()?);
    let hash = sha256(token.as_bytes());
    Ok((token, hash))
}

/// Begins a sign-in for whoever WeChat says this is; a new openid becomes a new user.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn begin(
    db: &Db,
    openid: &str,
    unionid: Option<&str>,
    client: &str,
    now: DateTime<Utc>,
) -> Result<SignedIn, Error> {
    let session: SessionId = id::new();
    let (refresh_token, hash) = token_of(session)?;
    let client: String = client.chars().take(CLIENT_CHARS_MAX).collect();
    db.write(|tx| {
        let user: Uuid = diesel::insert_into(users::table)
            .values((
                users::id.eq(id::new::<Uuid>()),
                users::openid.eq(openid),
                users::unionid.eq(unionid),
                users::recorded_at.eq(now),
            ))
            .on_conflict(users::openid)
            .do_update()
            .set(users::unionid.eq(unionid))
            .returning(users::id)
            .get_result(tx)?;
        diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(session.0),
                sessions::user_id.eq(user),
                sessions::refresh_hash.eq(&hash),
                sessions::client.eq(&client),
                sessions::began_at.eq(now),
                sessions::refreshed_at.eq(now),
            ))
            .execute(tx)?;
        end_oldest_in_tx(tx, user, now)?;
        record(tx, UserId(user), "session_create", session, now)?;
        Ok(SignedIn { user: UserId(user), session, refresh_token: refresh_token.clone() })
    })
}

fn end_oldest_in_tx(tx: &mut PgConnection, user: Uuid, now: DateTime<Utc>) -> Result<(), Error> {
    let kept = i64::try_from(SESSIONS_MAX).unwrap_or(i64::MAX);
    let over: Vec<Uuid> = sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null())
        .order((sessions::began_at.desc(), sessions::id.desc()))
        .offset(kept)
        .select(sessions::id)
        .load(tx)?;
    diesel::update(sessions::table.filter(sessions::id.eq_any(over)))
        .set((sessions::revoked_at.eq(now), sessions::revoked_why.eq("too_many")))
        .execute(tx)?;
    Ok(())
}

/// Gives out the next pair for a refresh token. A token that was used before ends the sign-in.
///
/// # Errors
/// `session_over`.
pub fn refresh(db: &Db, token: &str, now: DateTime<Utc>) -> Result<SignedIn, Error> {
    let over = || Error::Refused(Refusal::SessionOver);
    let session = token.split_once('.').and_then(|(id, _)| id.parse::<Uuid>().ok());
    let session = SessionId(session.ok_or_else(over)?);
    let (next_token, next_hash) = token_of(session)?;
    let refreshed = db.write(|tx| {
        let found: Option<(SessionRow, Uuid, Vec<u8>)> = sessions::table
            .find(session.0)
            .select((SessionRow::as_select(), sessions::user_id, sessions::refresh_hash))
            .for_update()
            .first(tx)
            .optional()?;
        let (row, user, hash) = found.ok_or_else(over)?;
        let newest = same(&hash, &sha256(token.as_bytes()));
        match row.session().refresh(newest, now)? {
            Refresh::Rotate => {
                diesel::update(sessions::table.find(session.0))
                    .set((sessions::refresh_hash.eq(&next_hash), sessions::refreshed_at.eq(now)))
                    .execute(tx)?;
                Ok(Some(UserId(user)))
            }
            Refresh::RevokeFamily => {
                end_in_tx(tx, session, "token_reused", now)?;
                record(tx, UserId(user), "session_token_reused", session, now)?;
                Ok(None)
            }
        }
    })?;
    let user = refreshed.ok_or_else(over)?;
    Ok(SignedIn { user, session, refresh_token: next_token })
}

fn end_in_tx(
    tx: &mut PgConnection,
    session: SessionId,
    why: &str,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    Ok(diesel::update(sessions::table.find(session.0).filter(sessions::revoked_at.is_null()))
        .set((sessions::revoked_at.eq(now), sessions::revoked_why.eq(why)))
        .execute(tx)?)
}

/// Ends a sign-in of the user. Ending one that is over already is no error.
///
/// # Errors
/// `not_found` for a sign-in of somebody else.
pub fn end(db: &Db, user: UserId, session: SessionId, now: DateTime<Utc>) -> Result<(), Error> {
    db.write(|tx| {
        let owner: Uuid = sessions::table.find(session.0).select(sessions::user_id).first(tx)?;
        if owner != user.0 {
            return Err(Refusal::NotFound.into());
        }
        if end_in_tx(tx, session, "signed_out", now)? == 1 {
            record(tx, user, "session_revoke", session, now)?;
        }
        Ok(())
    })
}

/// The sign-ins of a user that still hold, the newest first.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn list(db: &Db, user: UserId, now: DateTime<Utc>) -> Result<Vec<SessionRow>, Error> {
    db.read(|c| {
        let rows: Vec<SessionRow> = sessions::table
            .filter(sessions::user_id.eq(user.0))
            .filter(sessions::revoked_at.is_null())
            .order(sessions::began_at.desc())
            .select(SessionRow::as_select())
            .load(c)?;
        Ok(rows.into_iter().filter(|row| row.session().holds(now)).collect())
    })
}

/// Whether a sign-in still holds.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn holds(c: &mut PgConnection, session: SessionId, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<SessionRow> =
        sessions::table.find(session.0).select(SessionRow::as_select()).first(c).optional()?;
    Ok(row.is_some_and(|row| row.session().holds(now)))
}

fn record(
    tx: &mut PgConnection,
    user: UserId,
    action: &str,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::record_in_tx(
        tx,
        &Deed {
            village: NO_VILLAGE,
            at: now,
            user: Some(user),
            role: None,
            action,
            subject: Some(session.0),
            reason: None,
            detail: None,
        },
    )
}
