//! The right to cure (整改): a deduction that was put right in time is closed.
//!
//! The time counts from the day on which the person was told, not from how fast the review went:
//! until it is over a deduction neither hangs on the notice board nor is posted
//! ([`crate::notice::is_ready`]), so there is never an entry to take back.

use chrono::{DateTime, Utc};

use super::{Claim, State, Ties};
use crate::actor::{Actor, Role};
use crate::calendar::day_of;
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;

impl Claim {
    /// Closes a deduction that was put right. A cadre who may record deductions says so, with what
    /// they saw; nobody does for their own household or kin. Answers the role in which they act.
    ///
    /// # Errors
    /// `forbidden`, `not_found`, `own_household`, `declared_kin`, `reason_missing`, `not_curable`,
    /// `cure_too_late`, and `claim_state` once it ended.
    pub fn cure(
        mut self,
        actor: &Actor,
        place: &Place,
        ties: Ties,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(Role, Self), Refusal> {
        let permit = allows(actor, Action::DeductionCreate, &Target::village(*place))?;
        // Who recorded it knows best whether it was put right, and may close it.
        Ties { claimed: false, stepped_aside: false, ..ties }.free()?;
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        let until =
            self.cure_until.filter(|_| self.kind.is_adverse()).ok_or(Refusal::NotCurable)?;
        self.state = self.state.to(State::Withdrawn)?;
        if day_of(now) > until {
            return Err(Refusal::CureTooLate { until });
        }
        self.stage_due_at = None;
        self.version += 1;
        Ok((permit.role, self))
    }
}
