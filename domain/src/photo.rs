//! Photos that people upload: for claims (佐证), reports, lists and news. How much is taken, and who
//! may look. What a picture is made of is the business of the crate `photo-intake`.

use crate::actor::Actor;
use crate::id::{HouseholdId, UserId};
use crate::place::Place;
use crate::policy::{Action, Permit, Target, allows};
use crate::refusal::Refusal;

/// The largest file that is taken, in bytes: what `wx.uploadFile` sends at most.
pub const BYTES_MAX: usize = 10 * 1024 * 1024;
/// The most photos that one user may upload within a day without using them for anything.
pub const UNUSED_A_DAY_MAX: usize = 60;
/// How many hours a photo that belongs to nothing is kept.
pub const UNATTACHED_HOURS: i64 = 24;

/// Decides whether somebody may upload one more photo.
///
/// # Errors
/// `forbidden`, `not_found`; `photo_too_many` while too many of theirs lie about unused.
pub fn may_upload(actor: &Actor, place: &Place, unused_today: usize) -> Result<Permit, Refusal> {
    let permit = allows(actor, Action::PhotoUpload, &Target::village(*place))?;
    if unused_today >= UNUSED_A_DAY_MAX {
        return Err(Refusal::PhotoTooMany { photos_max: UNUSED_A_DAY_MAX });
    }
    Ok(permit)
}

/// Decides whether somebody may look at a photo by its id: who uploaded it while they belong to the
/// village, the households whose claims it supports, officers and supervisors. Answers the permit of
/// the role that gave the right, if it was one.
///
/// What else owns photos, such as a report, shows them to whom it shows itself; who uploaded those of
/// a report is forgotten (none).
///
/// # Errors
/// `not_found`.
pub fn may_show(
    actor: &Actor,
    place: &Place,
    uploaded_by: Option<UserId>,
    households: &[HouseholdId],
) -> Result<Option<Permit>, Refusal> {
    if uploaded_by == Some(actor.user) && actor.belongs_at(place) {
        return Ok(None);
    }
    let own = actor.household().filter(|own| households.contains(own));
    let target = own.map_or(Target::village(*place), |own| Target::household(*place, own));
    allows(actor, Action::PhotoShow, &target).map(Some)
}
