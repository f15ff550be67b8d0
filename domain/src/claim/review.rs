//! A reviewer's vote, and what it does to the claim.
//!
//! Nobody decides on their own household or declared kin, on a claim that they made, or twice on
//! the same claim. A stage passes by its quorum and majority ([`crate::rule_book::Stage::tally`]).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Claim, State};
use crate::actor::{Actor, Role};
use crate::calendar::WorkingCalendar;
use crate::id::UserId;
use crate::place::Place;
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::{Amount, RuleBook, Tally, Way};

/// What a reviewer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// For it.
    Approve,
    /// Against it; needs a reason.
    Reject,
    /// Back to the claimant, who is asked for more; needs a reason.
    Return,
}

/// A vote that was given on a claim or rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Who.
    pub user: UserId,
    /// At which stage.
    pub stage: u8,
    /// In which round of submission.
    pub round: u16,
    /// What.
    pub decision: Decision,
    /// The points that they filled in, where the item leaves that to the panel.
    pub points: Option<Points>,
}

/// What binds a reviewer to those concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// They live in the household concerned.
    pub same_household: bool,
    /// They are declared kin of a member of it.
    pub kin: bool,
    /// They made or recorded the claim.
    pub claimed: bool,
    /// They declared by hand that they step aside.
    pub stepped_aside: bool,
}

impl Ties {
    /// Whether the reviewer is free to decide.
    ///
    /// # Errors
    /// `own_household`, `declared_kin`, `own_claim`, `stepped_aside`.
    pub fn free(self) -> Result<(), Refusal> {
        match self {
            Self { same_household: true, .. } => Err(Refusal::OwnHousehold),
            Self { kin: true, .. } => Err(Refusal::DeclaredKin),
            Self { claimed: true, .. } => Err(Refusal::OwnClaim),
            Self { stepped_aside: true, .. } => Err(Refusal::SteppedAside),
            _ => Ok(()),
        }
    }
}

/// What a vote led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The stage waits for more votes, or the next stage began.
    UnderReview(Claim),
    /// Back to the claimant.
    Returned(Claim),
    /// Rejected.
    Rejected(Claim),
    /// All stages passed: [`Claim::certify`] comes next, in the same transaction.
    Passed(Claim),
}

/// A vote that is being cast, with all that it needs to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Ballot<'a> {
    /// Who votes.
    pub actor: &'a Actor,
    /// Where.
    pub place: &'a Place,
    /// What binds them to those concerned.
    pub ties: Ties,
    /// The votes given before.
    pub votes: &'a [Vote],
    /// What they say.
    pub decision: Decision,
    /// Why.
    pub reason: &'a str,
    /// The points that they fill in, where the item leaves that to the panel.
    pub points: Option<Points>,
}

impl Ballot<'_> {
    /// Checks that this person may vote at that stage of that round, and counts the stage's votes
    /// with theirs. Answers the role in which they vote.
    ///
    /// # Errors
    /// `not_your_stage`, `already_decided`, `reason_missing`, and those of [`Ties::free`].
    pub fn cast(&self, way: &Way, stage: u8, round: u16) -> Result<(Role, Tally), Refusal> {
        let stage_rules = way.stage(stage).ok_or(Refusal::NotYourStage)?;
        let role = Role::from(stage_rules.role);
        if !self.actor.holds_at(role, self.place) {
            return Err(Refusal::NotYourStage);
        }
        self.ties.free()?;
        let this_round = || self.votes.iter().filter(|vote| vote.round == round);
        if this_round().any(|vote| vote.user == self.actor.user) {
            return Err(Refusal::AlreadyDecided);
        }
        if self.decision != Decision::Approve && self.reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        let before = this_round().filter(|vote| vote.stage == stage).map(|vote| vote.decision);
        let votes: Vec<_> = before.chain([self.decision]).collect();
        let count = |which| votes.iter().filter(|vote| **vote == which).count();
        Ok((role, stage_rules.tally(count(Decision::Approve), count(Decision::Reject))))
    }
}

impl Ballot<'_> {
    /// Checks that who approves states points within the range of the item, and nobody else any.
    ///
    /// # Errors
    /// `points_invalid`.
    pub fn fills_in(&self, amount: &Amount) -> Result<(), Refusal> {
        match (amount, self.decision, self.points) {
            (Amount::Range { points_min, points_max }, Decision::Approve, points) => {
                let within = |points: &Points| (*points_min..=*points_max).contains(points);
                let (points_min, points_max) = (Some(*points_min), Some(*points_max));
                points
                    .filter(within)
                    .map(|_| ())
                    .ok_or(Refusal::PointsInvalid { points_min, points_max })
            }
            (_, _, None) => Ok(()),
            _ => Err(Refusal::PointsInvalid { points_min: None, points_max: None }),
        }
    }

    /// What the votes of a stage fill in, with this one: the middle of what those who approve say,
    /// and of two middle ones the lower.
    fn filled_in(&self, stage: u8, round: u16) -> Option<Points> {
        let before = self.votes.iter().filter(|vote| vote.stage == stage && vote.round == round);
        let mut said: Vec<_> = before.filter_map(|vote| vote.points).chain(self.points).collect();
        said.sort_unstable();
        said.get(said.len().saturating_sub(1) / 2).copied()
    }
}

impl Claim {
    /// Whether the actor made it, or saw it as second recorder.
    pub fn is_made_by(&self, actor: &Actor) -> bool {
        let me = actor.membership.map(|m| m.villager);
        self.claimed_by == actor.user || (me.is_some() && self.second_recorder == me)
    }

    /// Whether the claim waits for this reviewer: their vote would be taken now.
    pub fn waits_for(&self, book: &RuleBook, ballot: &Ballot<'_>) -> bool {
        self.state.is_under_review() && ballot.cast(&book.claim_way, self.stage, self.round).is_ok()
    }

    /// Counts a reviewer's vote. Answers the role in which they voted and what it led to.
    ///
    /// # Errors
    /// `claim_state` unless it is under review, and those of [`Ballot::cast`].
    pub fn decide(
        mut self,
        book: &RuleBook,
        ballot: &Ballot<'_>,
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Result<(Role, Progress), Refusal> {
        if !self.state.is_under_review() {
            return Err(Refusal::ClaimState { state: self.state });
        }
        let item = book.item(&self.item_code).ok_or(Refusal::ItemUnknown)?;
        ballot.fills_in(&item.amount)?;
        let (role, tally) = ballot.cast(&book.claim_way, self.stage, self.round)?;
        self.version += 1;
        if let Some(points) = ballot.filled_in(self.stage, self.round) {
            self.asked = points;
        }
        let next_stage = book.claim_way.stage_for(item.level, self.stage + 1);
        let progress = match (ballot.decision, tally, next_stage) {
            (Decision::Return, ..) => {
                self.state = self.state.to(State::Returned)?;
                self.stage_due_at = None;
                Progress::Returned(self)
            }
            (_, Tally::Rejected, _) => {
                self.state = self.state.to(State::Rejected)?;
                self.stage_due_at = None;
                Progress::Rejected(self)
            }
            (_, Tally::Open, _) => {
                self.state = self.state.to(State::InReview)?;
                Progress::UnderReview(self)
            }
            (_, Tally::Passed, Some((number, next))) => {
                self.state = self.state.to(State::InReview)?;
                self.stage = number;
                self.stage_due_at = Some(calendar.due(now, next.working_days_max));
                Progress::UnderReview(self)
            }
            (_, Tally::Passed, None) => Progress::Passed(self),
        };
        Ok((role, progress))
    }
}
