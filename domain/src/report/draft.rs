//! Sending a report.

use chrono::{DateTime, Duration, Utc};

use super::{
    Category, DESK_WORKING_DAYS, Kind, NEAR_DAYS, NEAR_METRES, PHOTOS_MAX, REPORTS_A_DAY_MAX,
    Report, Spot, State,
};
use crate::actor::{Actor, Membership};
use crate::calendar::{WorkingCalendar, day_of};
use crate::id::ReportId;
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;

/// What somebody wants to report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The id that the report will have.
    pub id: ReportId,
    /// Good deed or nuisance.
    pub kind: Kind,
    /// The code of a category.
    pub category: String,
    /// Where, exactly.
    pub spot: Spot,
    /// Where, in words.
    pub place: String,
    /// What was seen.
    pub text: String,
    /// How many photos there are.
    pub photos: usize,
}

/// A report that the same person sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mine {
    /// Good deed or nuisance, and whether the category is that of the draft.
    pub same_category: bool,
    /// Where.
    pub spot: Spot,
    /// Where it stands.
    pub state: State,
    /// When it was sent.
    pub submitted_at: DateTime<Utc>,
}

impl Draft {
    /// Makes a report. `mine` are the reports of the same person of the last [`NEAR_DAYS`] days.
    /// Answers the villager who sends it, whose identity is kept apart.
    ///
    /// # Errors
    /// `forbidden`, `not_found`; `category_unknown`; `photos_needed` without a photo or with more
    /// than nine; `text_missing` for a text of nothing but blanks; `report_repeated` for one's own
    /// open report of the same at the same place; `report_too_many` a day.
    pub fn send(
        self,
        actor: &Actor,
        place: &Place,
        categories: &[Category],
        mine: &[Mine],
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Result<(Report, Membership), Refusal> {
        allows(actor, Action::ReportCreate, &Target::village(*place))?;
        let sender = actor.membership.ok_or(Refusal::NotBound)?;
        let of_the_list = |one: &Category| one.kind == self.kind && one.code == self.category;
        if !categories.iter().any(of_the_list) {
            return Err(Refusal::CategoryUnknown);
        }
        if self.photos == 0 || self.photos > PHOTOS_MAX {
            return Err(Refusal::PhotosNeeded { photos_max: PHOTOS_MAX });
        }
        if self.text.trim().is_empty() {
            return Err(Refusal::TextMissing);
        }
        let today = mine.iter().filter(|one| day_of(one.submitted_at) == day_of(now)).count();
        if today >= REPORTS_A_DAY_MAX {
            return Err(Refusal::ReportTooMany { a_day_max: REPORTS_A_DAY_MAX });
        }
        if mine.iter().any(|one| self.repeats(one, now)) {
            return Err(Refusal::ReportRepeated);
        }
        let report = Report {
            id: self.id,
            village: place.village,
            kind: self.kind,
            category: self.category,
            spot: self.spot,
            place: self.place,
            text: self.text,
            state: State::Submitted,
            worker: None,
            due_at: Some(calendar.due(now, DESK_WORKING_DAYS)),
            joined_to: None,
            submitted_at: now,
            version: 1,
        };
        Ok((report, sender))
    }

    /// Whether it says the same again as one's own report that is still open.
    fn repeats(&self, before: &Mine, now: DateTime<Utc>) -> bool {
        before.same_category
            && before.state.is_open()
            && is_near(self.spot, before.spot)
            && is_lately(before.submitted_at, now)
    }
}

/// Whether two places are so near that it may be the same thing.
pub fn is_near(one: Spot, other: Spot) -> bool {
    one.millimetres_to(other).is_some_and(|apart| apart <= NEAR_METRES * 1_000)
}

/// From when on another report may be of the same thing.
pub fn near_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - Duration::days(NEAR_DAYS)
}

fn is_lately(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at >= near_since(now)
}
