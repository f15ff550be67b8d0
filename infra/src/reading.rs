//! Reading with a reason: who supervises may read almost everything, and each reading of what tells
//! of persons is recorded with the reason that they gave (domain::policy::needs_reason).
//!
//! Whoever reads in another role, their own household above all, costs no query more.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::policy::{Action, Permit, Target, allows, needs_reason};
use domain::refusal::Refusal;

use crate::audit::{self, Deed, NO_VILLAGE};
use crate::db::Db;
use crate::error::Error;

/// Why somebody reads, if they said so, and when.
#[derive(Clone, Debug)]
pub struct Why {
    /// The reason, 2 to 200 characters.
    pub reason: Option<String>,
    /// Now.
    pub at: DateTime<Utc>,
}

impl Db {
    /// As [`allows`], for reading: records the reading where the role asks for a reason.
    ///
    /// To be called before or between reads, outside of any transaction.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `reason_required`.
    pub fn allows_reading(
        &self,
        actor: &Actor,
        action: Action,
        target: &Target,
        why: &Why,
    ) -> Result<Permit, Error> {
        let permit = allows(actor, action, target)?;
        if needs_reason(permit.role, action) {
            self.write(|tx| record_in_tx(tx, actor, action, target, permit, why))?;
        }
        Ok(permit)
    }
}

/// As [`Db::allows_reading`], where a transaction is open anyway.
///
/// # Errors
/// `not_found`, `forbidden`, `reason_required`.
pub fn allows_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    action: Action,
    target: &Target,
    why: &Why,
) -> Result<Permit, Error> {
    let permit = allows(actor, action, target)?;
    if needs_reason(permit.role, action) {
        record_in_tx(tx, actor, action, target, permit, why)?;
    }
    Ok(permit)
}

fn record_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    action: Action,
    target: &Target,
    permit: Permit,
    why: &Why,
) -> Result<(), Error> {
    let reason = why.reason.as_deref().ok_or(Refusal::ReasonRequired)?;
    let subject = target.household.map(|id| id.0).or(target.merchant.map(|id| id.0));
    audit::record_in_tx(
        tx,
        &Deed {
            village: target.place.map_or(NO_VILLAGE, |place| place.village),
            at: why.at,
            user: Some(actor.user),
            role: Some(permit.role),
            action: action.as_str(),
            subject,
            reason: Some(reason),
            detail: None,
        },
    )
}
