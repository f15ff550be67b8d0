//! What those who made a claim can still do with it, and reviewers who step aside.

use chrono::{DateTime, Utc};

use super::declare::usable;
use super::{Claim, EvidenceFile, State, Vote};
use crate::actor::{Actor, Role};
use crate::calendar::WorkingCalendar;
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;
use crate::rule_book::{ItemLevel, RuleBook};

impl Claim {
    /// Who may resubmit or withdraw it: whoever made it, and for a villagers' claim (proxy claims
    /// included) every member of the household. Answers the role in which they act.
    ///
    /// # Errors
    /// `not_found`; `forbidden` for cadres who did not make it, and for the household where a cadre
    /// declared an activity or recorded a deduction.
    pub fn changed_by(&self, actor: &Actor, place: &Place) -> Result<Role, Refusal> {
        let target = Target::household(*place, self.household);
        let permit = allows(actor, Action::ClaimChange, &target)?;
        let of_the_house = permit.own && self.via.is_villagers();
        if of_the_house || self.claimed_by == actor.user {
            Ok(permit.role)
        } else {
            Err(Refusal::Forbidden)
        }
    }

    /// Sends a returned claim back to its first stage, with another text or further files. What was
    /// submitted before stays: reviewers have looked at it.
    ///
    /// # Errors
    /// `claim_state` unless it was returned; `evidence_too_many`, `photo_not_usable`.
    pub fn resubmit(
        mut self,
        text: Option<String>,
        (files, already): (&[EvidenceFile], usize),
        actor: &Actor,
        book: &RuleBook,
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        self.state = self.state.to(State::Submitted)?;
        usable(files, already, actor.user, self.via.deed(self.id))?;
        self.text = text.unwrap_or(self.text);
        let level = book.item(&self.item_code).map_or(ItemLevel::Village, |item| item.level);
        let first = book.claim_way.stage_for(level, 0);
        self.stage = first.map_or(0, |(number, _)| number);
        self.round += 1;
        self.stage_due_at = first.map(|(_, stage)| calendar.due(now, stage.working_days_max));
        self.version += 1;
        Ok(self)
    }

    /// Takes a claim back.
    ///
    /// # Errors
    /// `claim_state` once it is certified or ended.
    pub fn withdraw(mut self) -> Result<Self, Refusal> {
        if !self.state.is_before_certifying() {
            return Err(Refusal::ClaimState { state: self.state });
        }
        self.state = self.state.to(State::Withdrawn)?;
        self.stage_due_at = None;
        self.version += 1;
        Ok(self)
    }

    /// Lets a reviewer step aside (回避) who would have a vote at this stage or a later one. Answers
    /// the role in which they would have voted.
    ///
    /// # Errors
    /// `claim_state` unless it is under review, `not_your_stage`, `already_decided`,
    /// `reason_missing`.
    pub fn step_aside(
        &self,
        book: &RuleBook,
        actor: &Actor,
        place: &Place,
        votes: &[Vote],
        reason: &str,
    ) -> Result<Role, Refusal> {
        if !self.state.is_under_review() {
            return Err(Refusal::ClaimState { state: self.state });
        }
        let level = book.item(&self.item_code).map_or(ItemLevel::Village, |item| item.level);
        let to_come = book.claim_way.stages.iter().skip(usize::from(self.stage));
        let role = to_come
            .filter(|stage| stage.looks_at(level))
            .map(|stage| Role::from(stage.role))
            .find(|role| actor.holds_at(*role, place))
            .ok_or(Refusal::NotYourStage)?;
        if votes.iter().any(|vote| vote.user == actor.user && vote.round == self.round) {
            return Err(Refusal::AlreadyDecided);
        }
        if reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        Ok(role)
    }
}
