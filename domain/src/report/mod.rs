//! Snapshot reports (随手拍): a villager photographs a good deed or a nuisance, and the village acts.
//!
//! [`Draft::send`] makes a report, [`Report::triage`] takes it on, refuses it or joins it to another,
//! [`Report::dispatch`] gives it to a grid worker, [`Report::resolve`] says that it is done;
//! [`Report::confirm`] and [`Report::reopen`] belong to whoever reported it, and so do
//! [`Report::urge`] and [`Report::withdraw`]. [`Report::strike`] closes it. What lies elsewhere:
//! [`spot`] is about places and distances, [`party`] about the people whom a report is about and
//! their consent, [`sight`] about who may look at what, [`category`] about what can be reported.
//!
//! Who reported something is no part of a [`Report`]: it is kept apart and comes into a decision only
//! where the decision needs it ([`Bonds`]).

pub mod category;
pub mod comment;
pub mod desk;
pub mod draft;
pub mod field;
pub mod party;
pub mod reporter;
pub mod sight;
pub mod spot;
pub mod state;
#[cfg(test)]
mod tests;

pub use category::{Category, default_categories};
pub use desk::{Bonds, Triage};
pub use draft::{Draft, Mine};
pub use party::{Consent, Part, Party};
pub use sight::{View, may_see};
pub use spot::{Datum, Spot};
pub use state::{Event, Kind, State};

use chrono::{DateTime, Utc};

use crate::actor::Role;
use crate::id::{ReportId, UserId, VillageId, VillagerId};

/// Within how many metres another report may be of the same thing.
pub const NEAR_METRES: u64 = 50;
/// For how many days another report may be of the same thing.
pub const NEAR_DAYS: i64 = 14;
/// The most photos of a report, and of a resolution.
pub const PHOTOS_MAX: usize = 9;
/// The longest text of a report, of a reason, of a comment, in characters.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// The longest description of a place, in characters.
pub const PLACE_CHARS_MAX: usize = 100;
/// The most reports that one person may send on one day. Ours: a village of a thousand people sends
/// a handful a day in all.
pub const REPORTS_A_DAY_MAX: usize = 10;
/// Within how many working days a report is looked at, and dispatched once it is taken on. Ours.
pub const DESK_WORKING_DAYS: u16 = 2;
/// Within how many working days whoever reported it confirms or reopens. Ours.
pub const CONFIRM_WORKING_DAYS: u16 = 5;
/// The most working days that a grid worker can be given. Ours.
pub const FIELD_WORKING_DAYS_MAX: u16 = 60;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The village.
    pub village: VillageId,
    /// Good deed or nuisance.
    pub kind: Kind,
    /// The code of the village's category.
    pub category: String,
    /// Where, exactly.
    pub spot: Spot,
    /// Where, in words.
    pub place: String,
    /// What was seen.
    pub text: String,
    /// Where it stands.
    pub state: State,
    /// The grid worker who has it in hand, or had it last.
    pub worker: Option<Worker>,
    /// By when somebody should have acted: triage, the worker, or whoever reported it, by the state.
    pub due_at: Option<DateTime<Utc>>,
    /// The report that it is the same as.
    pub joined_to: Option<ReportId>,
    /// When it was sent.
    pub submitted_at: DateTime<Utc>,
    /// Counts the changes, so that two at once cannot both win.
    pub version: i32,
}

/// A grid worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worker {
    /// As whom they sign in.
    pub user: UserId,
    /// Who they are.
    pub villager: VillagerId,
}

/// In which part somebody did something to a report. This is what its timeline shows: never a name
/// to the public, and of whoever reported it nothing but that it was they.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Whoever reported it.
    Reporter,
    /// Whoever reported the same, in a report that was joined to it.
    AlsoReported,
    /// The person praised, or somebody else who is shown.
    Shown,
    /// A member of the household concerned.
    Concerned,
    /// Somebody in a role.
    Role(Role),
    /// The program itself.
    Program,
}

impl By {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reporter => "reporter",
            Self::AlsoReported => "also_reported",
            Self::Shown => "shown",
            Self::Concerned => "concerned",
            Self::Role(role) => role.as_str(),
            Self::Program => "program",
        }
    }
}

impl Report {
    /// Whether somebody of the village should have acted by now.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.state.is_open() && self.due_at.is_some_and(|due| due <= now)
    }

    /// The report in another state, one version on.
    fn moved(
        mut self,
        next: State,
        due_at: Option<DateTime<Utc>>,
    ) -> Result<Self, crate::refusal::Refusal> {
        self.state = self.state.to(next)?;
        self.due_at = due_at;
        self.version += 1;
        Ok(self)
    }
}
