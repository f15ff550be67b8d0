//! Looking at a photo by its id.

use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{HouseholdId, PhotoId, UserId, VillageId};
use domain::photo as rules;
use domain::policy::{Action, Target};
use uuid::Uuid;

use super::{COLUMNS, Photo, Row};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{claim_photos, claims, photos};

/// What is known of a photo, for who may look at it.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: PhotoId,
    why: &Why,
) -> Result<Photo, Error> {
    let place = db.place(village)?;
    let (photo, permit) = db.read(|c| {
        let (row, by): (Row, Option<Uuid>) = photos::table
            .find((village.0, id.0))
            .select((COLUMNS, photos::uploaded_by))
            .first(c)?;
        let same = claims::village_id
            .eq(claim_photos::village_id)
            .and(claims::id.eq(claim_photos::claim_id));
        let homes: Vec<Uuid> = claim_photos::table
            .inner_join(claims::table.on(same))
            .filter(claim_photos::village_id.eq(village.0))
            .filter(claim_photos::photo_id.eq(id.0))
            .select(claims::household_id)
            .distinct()
            .load(c)?;
        let homes: Vec<_> = homes.into_iter().map(HouseholdId).collect();
        let permit = rules::may_show(actor, &place, by.map(UserId), &homes)?;
        Ok((Photo::of(&row)?, permit))
    })?;
    if let Some(permit) = permit {
        let read = [(Target::village(place), permit)];
        db.record_reading(actor, Action::PhotoShow, &read, &why.about(id.0))?;
    }
    Ok(photo)
}
