//! What can be reported in a village: its own list, or the one of the domain.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use domain::report::{Category, Kind, category, default_categories};
use serde_json::json;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::places;
use crate::schema::report_categories;

/// The list of a village, in its order.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(db: &Db, actor: &Actor, village: VillageId) -> Result<Vec<Category>, Error> {
    allows(actor, Action::ReportCategoryShow, &Target::village(db.place(village)?))?;
    db.read(|c| of_village(c, village))
}

/// The list of a village, in its order.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn of_village(c: &mut PgConnection, village: VillageId) -> Result<Vec<Category>, Error> {
    let rows: Vec<(String, String, String)> = report_categories::table
        .filter(report_categories::village_id.eq(village.0))
        .order(report_categories::position)
        .select((report_categories::kind, report_categories::code, report_categories::name))
        .load(c)?;
    if rows.is_empty() {
        return Ok(default_categories());
    }
    rows.into_iter()
        .map(|(kind, code, name)| {
            let kind = Kind::from_name(&kind)
                .ok_or_else(|| Error::Bug(format!("unknown kind of report {kind}")))?;
            Ok(Category { kind, code, name })
        })
        .collect()
}

/// Gives a village another list, whole.
///
/// # Errors
/// Those of [`category::replace`].
pub fn replace(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    list: &[Category],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = category::replace(actor, &db.place(village)?, list)?;
    db.write(|tx| {
        places::lock_in_tx(tx, village)?;
        let old = report_categories::table.filter(report_categories::village_id.eq(village.0));
        diesel::delete(old).execute(tx)?;
        let rows: Vec<_> = (0_i16..)
            .zip(list)
            .map(|(position, one)| {
                (
                    report_categories::village_id.eq(village.0),
                    report_categories::kind.eq(one.kind.as_str()),
                    report_categories::code.eq(&one.code),
                    report_categories::name.eq(&one.name),
                    report_categories::position.eq(position),
                )
            })
            .collect();
        diesel::insert_into(report_categories::table).values(rows).execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "report_category_update",
            subject: Some(village.0),
            reason: None,
            detail: Some(json!({"categories": list.len()})),
        };
        audit::record_in_tx(tx, &deed)
    })
}
