//! What the bodies that declare something have in common.

use chrono::NaiveDate;
use domain::id::{ClaimId, DutyId, PhotoId, VillagerId};
use domain::rule_book::Measure;
use infra::claims::Deed;
use uuid::Uuid;
use validator::ValidationError;

/// Days before this one are slips of the finger, and beyond what the database can hold.
const FIRST_DAY: (i32, u32, u32) = (2000, 1, 1);
const LAST_DAY: (i32, u32, u32) = (2999, 12, 31);

/// Whether a day lies in a time that this program can have to do with: 2000 to 2999.
///
/// # Errors
/// `day` otherwise.
pub fn a_day(day: &NaiveDate) -> Result<(), ValidationError> {
    let date = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day);
    let within = date(FIRST_DAY) <= Some(*day) && Some(*day) <= date(LAST_DAY);
    if within { Ok(()) } else { Err(ValidationError::new("day")) }
}

/// The parts of a body that say what was done.
pub struct Parts {
    pub item_code: String,
    pub quantity: Option<u32>,
    pub choice: Option<String>,
    pub happened_on: NaiveDate,
    pub text: String,
    pub evidence_ids: Vec<Uuid>,
    pub second_recorder_id: Option<Uuid>,
    pub same_deed_as: Option<Uuid>,
    pub doer_id: Option<Uuid>,
    pub duty_id: Option<Uuid>,
}

impl From<Parts> for Deed {
    fn from(parts: Parts) -> Self {
        Self {
            item_code: parts.item_code,
            measure: Measure { quantity: parts.quantity, choice: parts.choice },
            happened_on: parts.happened_on,
            text: parts.text,
            evidence: parts.evidence_ids.into_iter().map(PhotoId).collect(),
            second_recorder: parts.second_recorder_id.map(VillagerId),
            same_deed_as: parts.same_deed_as.map(ClaimId),
            doer: parts.doer_id.map(VillagerId),
            duty: parts.duty_id.map(DutyId),
        }
    }
}
