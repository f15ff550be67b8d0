//! Telling the person concerned, and who should answer.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::id::UserId;
use domain::listing::List;
use domain::policy::Permit;
use serde_json::{Value, json};

use super::person::of_entry;
use super::row::EntryRow;
use crate::audit::{self, Deed};
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::role_grants::holders;
use crate::{names, villagers};

/// Tells who is shown. Of a warning the whole household learns, which answers for it; of praise too, if
/// the person has never signed in: they find their own message when they do.
pub(super) fn tell_in_tx(
    tx: &mut PgConnection,
    row: &EntryRow,
    kind: Kind,
    more: Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let village = row.village();
    let person = of_entry(tx, row)?;
    let signed_in = villagers::user_of(tx, village, person.villager)?.is_some();
    let called = names::of_villagers(tx, village, [row.person_id])?;
    let mut data = data(row, more);
    if let Some(data) = data.as_object_mut() {
        data.insert("person_name".to_owned(), json!(called.get(&row.person_id)));
    }
    let household = row.list()? == List::Warning || !signed_in;
    if household {
        messages::tell_household_in_tx(tx, village, person.household, kind, &data, now)?;
    }
    if household && signed_in {
        // Told with the household.
        return Ok(());
    }
    messages::leave_in_tx(tx, village, &[Message { to: person.villager, kind, data }], now)
}

/// Tells those who run the village that a wish or objection should be answered.
pub(super) fn urge_in_tx(
    tx: &mut PgConnection,
    row: &EntryRow,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let told: Vec<_> = holders(tx, row.village(), Role::VillageAdmin, now)?
        .into_iter()
        .map(|to| Message {
            to,
            kind: Kind::ListRemovalUrged,
            data: data(row, json!({"due_at": row.removal_due_at})),
        })
        .collect();
    messages::leave_in_tx(tx, row.village(), &told, now)
}

fn data(row: &EntryRow, more: Value) -> Value {
    let mut data = json!({
        "list_entry_id": row.id, "list": row.list, "title": row.title,
        "happened_on": row.happened_on,
    });
    if let (Some(data), Value::Object(more)) = (data.as_object_mut(), more) {
        data.extend(more);
    }
    data
}

/// Records what somebody did to an entry; none is the program itself.
pub(super) fn record_in_tx(
    tx: &mut PgConnection,
    row: &EntryRow,
    by: Option<(UserId, Permit)>,
    action: &str,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let deed = Deed {
        village: row.village(),
        at: now,
        user: by.map(|(user, _)| user),
        role: by.map(|(_, permit)| permit.role),
        action,
        subject: Some(row.id),
        reason: reason.filter(|reason| !reason.is_empty()),
        detail: Some(json!({"list": row.list, "state": row.state, "ended_why": row.ended_why})),
    };
    audit::record_in_tx(tx, &deed)
}
