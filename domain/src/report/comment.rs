//! Comments by the people concerned.

use super::desk::says_why;
use super::{By, Report, View};
use crate::actor::Actor;
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;

/// How many comments one side of a report may write a day. Ours.
pub const COMMENTS_A_DAY_MAX: usize = 20;

impl Report {
    /// Decides whether somebody may write a comment, and in which part: whoever reported it, whom it
    /// is about, the grid worker, triage. `today` counts those of the same part on the same day.
    ///
    /// # Errors
    /// `not_found`; `forbidden` for who supervises; `report_state` once it was ended;
    /// `text_missing`; `comment_too_many`.
    pub fn comment(
        &self,
        (actor, view): (&Actor, View),
        place: &Place,
        text: &str,
        today: usize,
    ) -> Result<By, Refusal> {
        let home = actor.household();
        let target = Target { household: home, ..Target::village(*place) };
        allows(actor, Action::ReportComment, &target)?;
        let by = view.writes_as().ok_or(Refusal::Forbidden)?;
        if self.state.is_void() {
            return Err(Refusal::ReportState { state: self.state });
        }
        says_why(text).map_err(|_| Refusal::TextMissing)?;
        if today >= COMMENTS_A_DAY_MAX {
            return Err(Refusal::CommentTooMany { a_day_max: COMMENTS_A_DAY_MAX });
        }
        Ok(by)
    }
}
