//! What waits and what is dead, for those who run the installation.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{DivisionId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::schema::{divisions, outbox};

/// Which deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Tried and failed, and tried again later.
    Waiting,
    /// Given up.
    Dead,
}

/// A delivery that has not worked. It says nothing of the person or of what they are told.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub struct Letter {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// When it was put into the outbox.
    pub put_at: DateTime<Utc>,
    /// When it is tried again; of a dead one, when it was to be last.
    pub due_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: i16,
    /// When it was given up.
    pub dead_at: Option<DateTime<Utc>>,
    /// What was wrong the last time.
    pub last_error: Option<String>,
}

/// The deliveries of a division that have not worked, the newest first, `before` an id; one more than
/// `limit`.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    standing: Standing,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Letter>, Error> {
    let target = Target::division(db.division(division)?.path());
    allows(actor, Action::DeliveryShow, &target)?;
    let villages = divisions::table
        .filter(
            divisions::id
                .eq(division.0)
                .or(divisions::town_id.eq(division.0))
                .or(divisions::county_id.eq(division.0)),
        )
        .select(divisions::id);
    db.read(|c| {
        let mut query = outbox::table
            .filter(outbox::village_id.eq_any(villages))
            .order(outbox::id.desc())
            .limit(limit.saturating_add(1))
            .select(Letter::as_select())
            .into_boxed();
        query = match standing {
            Standing::Dead => query.filter(outbox::dead_at.is_not_null()),
            Standing::Waiting => query
                .filter(outbox::done_at.is_null())
                .filter(outbox::dead_at.is_null())
                .filter(outbox::last_error.is_not_null()),
        };
        if let Some(before) = before {
            query = query.filter(outbox::id.lt(before));
        }
        Ok(query.load(c)?)
    })
}

/// Has a dead delivery tried again from the first attempt on. One that waits is tried at once; one
/// that is done stays so, since doing this twice must not send twice.
///
/// # Errors
/// `delivery_not_open` for one that is done or under way, `forbidden`, `not_found`.
pub fn retry(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    delivery: Uuid,
    now: DateTime<Utc>,
) -> Result<Letter, Error> {
    let permit = allows(actor, Action::DeliveryManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let (done_at, leased_until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = outbox::table
            .find((village.0, delivery))
            .select((outbox::done_at, outbox::leased_until))
            .for_no_key_update()
            .first(tx)?;
        if done_at.is_some() || leased_until.is_some_and(|until| until > now) {
            return Err(Refusal::DeliveryNotOpen.into());
        }
        let letter: Letter = diesel::update(outbox::table.find((village.0, delivery)))
            .set((
                outbox::due_at.eq(now),
                outbox::attempts.eq(0),
                outbox::lease_id.eq(None::<Uuid>),
                outbox::leased_until.eq(None::<DateTime<Utc>>),
                outbox::dead_at.eq(None::<DateTime<Utc>>),
            ))
            .returning(Letter::as_returning())
            .get_result(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "delivery_retry",
            subject: Some(delivery),
            reason: None,
            detail: Some(json!({"kind": letter.kind})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(letter)
    })
}
