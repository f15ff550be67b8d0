//! Reading with a reason: who supervises may read almost everything, and each reading of what tells
//! of persons is recorded with the reason that they gave (domain::policy::needs_reason).
//!
//! Whoever reads in another role, their own household above all, costs no query more.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::policy::{Action, Permit, Target, allows, needs_reason};
use domain::refusal::Refusal;
use uuid::Uuid;

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
    /// What exactly is read, such as a claim; none for all that the target has.
    pub about: Option<Uuid>,
}

impl Why {
    /// The same reason, for reading this one thing.
    #[must_use]
    pub fn about(&self, id: Uuid) -> Self {
        Self { about: Some(id), ..self.clone() }
    }
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
        self.record_reading(actor, action, &[(*target, permit)], why)?;
        Ok(permit)
    }

    /// Records a reading that was permitted, of one thing or of several at once, where the roles ask
    /// for a reason: for what is known to be allowed only once it was looked at. To be called before
    /// it is shown to anybody, outside of any transaction.
    ///
    /// # Errors
    /// `reason_required`.
    pub fn record_reading(
        &self,
        actor: &Actor,
        action: Action,
        read: &[(Target, Permit)],
        why: &Why,
    ) -> Result<(), Error> {
        let told: Vec<_> =
            read.iter().filter(|(_, permit)| needs_reason(permit.role, action)).collect();
        if told.is_empty() {
            return Ok(());
        }
        let reason = why.reason.as_deref().ok_or(Refusal::ReasonRequired)?;
        self.write(|tx| {
            for (target, permit) in &told {
                record_in_tx(tx, actor, action, target, *permit, (reason, why))?;
            }
            Ok(())
        })
    }
}

fn record_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    action: Action,
    target: &Target,
    permit: Permit,
    (reason, why): (&str, &Why),
) -> Result<(), Error> {
    let whose = target.household.map(|id| id.0).or(target.merchant.map(|id| id.0));
    let subject = why.about.or(whose);
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
