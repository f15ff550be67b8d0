//! Objections (异议) by anyone in the village and appeals (申诉) by the household concerned: raising
//! one, answering it, urging an overdue answer, reading.
//!
//! Whoever raised one is known to the program and shown to nobody: neither the public nor those who
//! answer, nor the household concerned.
//!
//! Locks are taken in one order: the notice, then the claim, line or payout. The notice is held so that it
//! does not close meanwhile, the claim so that two answers to it see each other.

mod answer;
mod answer_line;
mod answer_part;
mod answer_statement;
mod list;
mod raise;
mod urge;

pub use answer::{Answer, answer};
pub(crate) use answer_part::payout_fell_in_tx;
pub use list::{Cursor, list, mine, show};
pub use raise::{Complaint, Subject, appeal, object};
pub use urge::urge;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{NoticeId, ObjectionId, UserId, VillageId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::notices;
use crate::schema::objections;

/// An objection or appeal as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = objections)]
pub struct ObjectionRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// `objection` or `appeal`.
    pub kind: String,
    /// The household that it concerns; none for a statement of the fund.
    pub household_id: Option<Uuid>,
    /// The claim it is about.
    pub claim_id: Option<Uuid>,
    /// Or the rating.
    pub rating_id: Option<Uuid>,
    /// Or the payout.
    pub payout_id: Option<Uuid>,
    /// Or the statement of the fund.
    pub fund_statement_id: Option<Uuid>,
    /// And the account in it.
    pub account_id: Option<Uuid>,
    /// The notice on which the claim or rating hangs or hung.
    pub notice_id: Option<Uuid>,
    /// Who raised it: never shown.
    pub raised_by: Uuid,
    /// When.
    pub raised_at: DateTime<Utc>,
    /// What they say.
    pub text: String,
    /// Until when it is to be answered.
    pub due_at: DateTime<Utc>,
    /// When those who can answer were urged.
    pub urged_at: Option<DateTime<Utc>>,
    /// Who answered.
    pub answered_by: Option<Uuid>,
    /// In which role.
    pub answered_role: Option<String>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// `upheld`, `corrected` or `struck`.
    pub outcome: Option<String>,
    /// The right amount after a correction of a claim, in hundredths of a point.
    pub corrected: Option<i64>,
    /// The answer in writing.
    pub answer: Option<String>,
}

impl ObjectionRow {
    /// Whether it waits for an answer longer than it should.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.answered_at.is_none() && now >= self.due_at
    }

    /// The claim, the rating, the payout or the statement: what votes and recusals are about.
    fn subject(&self) -> Result<Uuid, Error> {
        let subject =
            self.claim_id.or(self.rating_id).or(self.payout_id).or(self.fund_statement_id);
        subject.ok_or_else(|| Error::Bug("an objection to nothing".into()))
    }
}

fn find(c: &mut PgConnection, village: VillageId, id: ObjectionId) -> Result<ObjectionRow, Error> {
    Ok(objections::table.find((village.0, id.0)).select(ObjectionRow::as_select()).first(c)?)
}

/// Holds the notice of an objection open or closed as it is, if there is one.
fn hold_notice_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    notice: Option<Uuid>,
) -> Result<(), Error> {
    if let Some(notice) = notice {
        notices::hold_in_tx(tx, village, NoticeId(notice))?;
    }
    Ok(())
}

/// All objections and appeals to what this one is about, itself included.
fn on_the_same_in_tx(
    tx: &mut PgConnection,
    row: &ObjectionRow,
) -> Result<Vec<ObjectionRow>, Error> {
    let mut query = objections::table
        .filter(objections::village_id.eq(row.village_id))
        .order(objections::id)
        .select(ObjectionRow::as_select())
        .into_boxed();
    query = match (row.claim_id, row.payout_id, row.fund_statement_id) {
        (Some(claim), ..) => query.filter(objections::claim_id.eq(claim)),
        (None, Some(payout), _) => query
            .filter(objections::payout_id.eq(payout))
            .filter(objections::account_id.eq(row.account_id)),
        (None, None, Some(statement)) => query.filter(objections::fund_statement_id.eq(statement)),
        (None, None, None) => query
            .filter(objections::rating_id.eq(row.rating_id))
            .filter(objections::account_id.eq(row.account_id)),
    };
    Ok(query.load(tx)?)
}

/// Whether this user answered one of these before that moment, and so decided already.
fn answered_before(list: &[ObjectionRow], user: UserId, moment: DateTime<Utc>) -> bool {
    list.iter().any(|other| {
        other.answered_by == Some(user.0) && other.answered_at.is_some_and(|at| at <= moment)
    })
}
