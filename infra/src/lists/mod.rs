//! Honor and warning lists (红榜, 黑榜): proposing, deciding, agreeing, taking down, showing. The
//! rules are `domain::listing`.
//!
//! Whether the fact of an entry still stands is asked of the books whenever a list is shown
//! (`list_fact_stands` in the database), and of the roster whether the person may be shown, so that what
//! falls, or was put right, is gone from the list at that moment, whoever changed it. The worker then
//! ends such entries ([`end`]), tells the person, and takes down praise whose removal nobody saw to in
//! time.

mod consent;
mod decide;
mod end;
mod fact;
mod person;
mod propose;
mod remove;
mod row;
mod show;
mod tell;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::content::Standing;
use domain::id::VillageId;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::list_entries;

pub use consent::{Consent, consent};
pub use decide::{Choice, decide};
pub use end::{Ended, end};
pub use propose::{Proposal, propose};
pub use remove::{Answer, Removal, answer, ask_removal, take_down};
pub use row::{Asked, EntryRow};
pub use show::{Honored, Warned, entries, entry, honor_list, warning_list};

/// The words of an entry were looked at: keeps what came of it.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn content_settled_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: Uuid,
    standing: Standing,
    _now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(list_entries::table.find((village.0, id)))
        .set((
            list_entries::standing.eq(standing.as_str()),
            list_entries::version.eq(list_entries::version + 1),
        ))
        .execute(tx)?;
    Ok(())
}
