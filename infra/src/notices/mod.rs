//! Public notices: they open with what is certified, hang, and close by themselves.
//!
//! [`open`] hangs things, [`close`] is what the worker does when the time is over, [`list`] is the
//! board as people read it.

mod close;
mod list;
mod open;

pub(crate) use close::take_down_in_tx;
pub use close::{Closed, close, due};
pub use list::{BoardLine, ClaimLine, Cursor, Listed, RatingLine, lines, list, show};
pub(crate) use open::facts;
pub use open::{Hung, create, open_daily, open_in_tx, waiting};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{NoticeId, VillageId};
use domain::notice::NoticeKind;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::notices;

/// A notice as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = notices)]
pub struct NoticeRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// The name of its [`NoticeKind`].
    pub kind: String,
    /// The first of the village is 1.
    pub number: i32,
    /// The rating that hangs, for that kind.
    pub rating_id: Option<Uuid>,
    /// The dividend, or the awards.
    pub payout_id: Option<Uuid>,
    /// The statement of the fund that hangs, for that kind.
    pub fund_statement_id: Option<Uuid>,
    /// The brake on issuance that is announced, for that kind.
    #[serde(default)]
    pub brake_id: Option<Uuid>,
    /// Since when it hangs.
    pub opens_at: DateTime<Utc>,
    /// Until when it hangs.
    pub closes_at: DateTime<Utc>,
    /// When what hung on it took effect.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who opened it; none for the program itself.
    pub opened_by: Option<Uuid>,
}

impl NoticeRow {
    /// What hangs on it.
    ///
    /// # Errors
    /// [`Error::Bug`] for a kind that this version does not know.
    pub fn kind(&self) -> Result<NoticeKind, Error> {
        NoticeKind::from_name(&self.kind)
            .ok_or_else(|| Error::Bug(format!("a notice of the unknown kind {}", self.kind)))
    }
}

/// A notice that stays as it is until the transaction ends: it is not closed meanwhile.
///
/// # Errors
/// `not_found`.
pub fn hold_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    notice: NoticeId,
) -> Result<NoticeRow, Error> {
    Ok(notices::table
        .find((village.0, notice.0))
        .select(NoticeRow::as_select())
        .for_share()
        .first(tx)?)
}
