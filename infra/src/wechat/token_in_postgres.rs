//! The access token of several processes: a row in Postgres, encrypted.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::token::AccessToken;
use super::token_store::{Claimant, StoreFuture, TokenStore, TokenStoreError};
use crate::db::Db;
use crate::error::Error;
use crate::schema::wechat_tokens;

/// Keeps the access token of one mini-program in the table `wechat_tokens`. Each method is one
/// statement, run on a thread that may block; no lock outlives it.
#[derive(Clone)]
pub struct TokenInPostgres {
    db: Db,
    appid: String,
}

impl TokenInPostgres {
    /// The token of this mini-program in this database.
    pub fn new(db: Db, appid: impl Into<String>) -> Self {
        Self { db, appid: appid.into() }
    }

    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Db, &str) -> Result<T, Error> + Send + 'static,
    ) -> StoreFuture<'_, T> {
        let Self { db, appid } = self.clone();
        Box::pin(async move {
            tokio::task::spawn_blocking(move || work(&db, &appid))
                .await
                .map_err(TokenStoreError::new)?
                .map_err(TokenStoreError::new)
        })
    }
}

impl TokenStore for TokenInPostgres {
    fn load(&self) -> StoreFuture<'_, Option<AccessToken>> {
        self.run(|db, appid| {
            type Row = (Option<Vec<u8>>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
            let row: Option<Row> = db.read(|c| {
                Ok(wechat_tokens::table
                    .find(appid)
                    .select((
                        wechat_tokens::token_encrypted,
                        wechat_tokens::expires_at,
                        wechat_tokens::renew_at,
                    ))
                    .first(c)
                    .optional()?)
            })?;
            let Some((Some(sealed), Some(expires_at), Some(renew_at))) = row else {
                return Ok(None);
            };
            match db.secrets().decrypt(&sealed) {
                Ok(value) => Ok(Some(AccessToken::kept(value, expires_at, renew_at))),
                Err(_) => {
                    // After a change of the master secret: the next one is stored with the new key.
                    tracing::warn!("the stored WeChat access token cannot be decrypted");
                    Ok(None)
                }
            }
        })
    }

    fn claim_renewal(
        &self,
        claimant: Claimant,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> StoreFuture<'_, bool> {
        self.run(move |db, appid| {
            let claimed = db.write(|tx| claim_in_tx(tx, appid, uuid_of(claimant), now, until))?;
            Ok(claimed == 1)
        })
    }

    fn store(&self, claimant: Claimant, token: AccessToken) -> StoreFuture<'_, ()> {
        self.run(move |db, appid| {
            let sealed = db.secrets().encrypt(token.expose())?;
            db.write(|tx| {
                diesel::update(wechat_tokens::table.find(appid))
                    .filter(wechat_tokens::claimed_by.eq(uuid_of(claimant)))
                    .set((
                        wechat_tokens::token_encrypted.eq(&sealed),
                        wechat_tokens::expires_at.eq(token.expires_at()),
                        wechat_tokens::renew_at.eq(token.renew_at()),
                        wechat_tokens::claimed_by.eq(None::<Uuid>),
                        wechat_tokens::claimed_until.eq(None::<DateTime<Utc>>),
                    ))
                    .execute(tx)?;
                Ok(())
            })
        })
    }

    fn give_up(&self, claimant: Claimant) -> StoreFuture<'_, ()> {
        self.run(move |db, appid| {
            db.write(|tx| {
                diesel::update(wechat_tokens::table.find(appid))
                    .filter(wechat_tokens::claimed_by.eq(uuid_of(claimant)))
                    .set((
                        wechat_tokens::claimed_by.eq(None::<Uuid>),
                        wechat_tokens::claimed_until.eq(None::<DateTime<Utc>>),
                    ))
                    .execute(tx)?;
                Ok(())
            })
        })
    }
}

/// Claims where nobody does, where the other's claim has run out, or where it is one's own. Answers
/// how many rows that made or changed.
fn claim_in_tx(
    tx: &mut PgConnection,
    appid: &str,
    claimant: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<usize, Error> {
    // The prelude has another `filter`; this one is the WHERE of DO UPDATE.
    use diesel::query_dsl::methods::FilterDsl;
    let upsert = diesel::insert_into(wechat_tokens::table)
        .values((
            wechat_tokens::appid.eq(appid),
            wechat_tokens::claimed_by.eq(claimant),
            wechat_tokens::claimed_until.eq(until),
        ))
        .on_conflict(wechat_tokens::appid)
        .do_update()
        .set((wechat_tokens::claimed_by.eq(claimant), wechat_tokens::claimed_until.eq(until)));
    let free = wechat_tokens::claimed_by
        .is_null()
        .or(wechat_tokens::claimed_by.eq(claimant))
        .or(wechat_tokens::claimed_until.le(now));
    Ok(FilterDsl::filter(upsert, free).execute(tx)?)
}

fn uuid_of(claimant: Claimant) -> Uuid {
    Uuid::from_u128(claimant.as_u128())
}
