//! What the program tells people. The list in the mini-program always holds all of it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{VillageId, VillagerId};
use uuid::Uuid;

use crate::error::Error;
use crate::id;
use crate::schema::messages;

/// Something to tell a villager.
#[derive(Clone, Debug)]
pub struct Message {
    /// To whom.
    pub to: VillagerId,
    /// What it is about: `claim_returned`, `deduction_recorded` …; the API has the words.
    pub kind: &'static str,
    /// What the words need: ids, names of items, amounts, days.
    pub data: serde_json::Value,
}

/// Leaves messages for villagers, in the same transaction as what they are about.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn leave_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    list: &[Message],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let rows: Vec<_> = list
        .iter()
        .map(|message| {
            (
                messages::village_id.eq(village.0),
                messages::id.eq(id::new::<Uuid>()),
                messages::villager_id.eq(message.to.0),
                messages::kind.eq(message.kind),
                messages::data.eq(&message.data),
                messages::sent_at.eq(now),
            )
        })
        .collect();
    for batch in rows.chunks(5_000) {
        diesel::insert_into(messages::table).values(batch).execute(tx)?;
    }
    Ok(())
}
