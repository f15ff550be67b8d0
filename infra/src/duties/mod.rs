//! Duties, the source of role duty: posts ([`create_post`], [`list_posts`], [`close_post`],
//! [`assign`]), pledges ([`pledge`], [`confirm`]), and what both have in common ([`list`], [`end`]).
//!
//! Nothing here touches a purse. A claim says under which duty it was made (table `claim_duties`), so
//! that whoever looks at the claim or at the explanation of a score sees the post or pledge.

mod end;
mod list;
mod of_claims;
mod pledges;
mod posts;
mod row;

pub use end::end;
pub(crate) use end::end_all_in_tx;
pub use list::{Filter, Listed, list};
pub use of_claims::Named;
pub(crate) use of_claims::{keep_of_claims_in_tx, load_in_tx, of_claims};
pub use pledges::{confirm, pledge};
pub use posts::{Assignment, Holder, PostListed, assign, close_post, create_post, list_posts};
pub use row::{Title, What};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::duty::{Duty, Outcome};
use domain::id::{DutyId, DutyPostId, VillageId, VillagerId};
use domain::policy::Permit;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::audit;
use crate::error::Error;
use crate::messages::{self, Kind, Message};

/// What somebody is told who changed a duty. Stored as the answer to repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyReceipt {
    /// The duty.
    pub duty: DutyId,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none as long as nobody set one.
    pub until: Option<NaiveDate>,
    /// What became of a pledge.
    pub outcome: Option<String>,
}

impl DutyReceipt {
    fn of(duty: &Duty, outcome: Option<Outcome>) -> Self {
        Self {
            duty: duty.id,
            from: duty.from,
            until: duty.last_day(),
            outcome: outcome.map(|outcome| outcome.as_str().to_owned()),
        }
    }
}

/// What somebody is told who changed a duty post. Stored as the answer to repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostReceipt {
    /// The post.
    pub post: DutyPostId,
    /// The first day.
    pub opened_on: NaiveDate,
    /// The last day, once it is closed.
    pub closed_on: Option<NaiveDate>,
}

/// A change that is recorded, and told where it was made for somebody else.
struct Change<'a> {
    village: VillageId,
    actor: &'a Actor,
    permit: Permit,
    action: &'a str,
    subject: Uuid,
    reason: Option<&'a str>,
    now: DateTime<Utc>,
}

impl Change<'_> {
    fn record_in_tx(&self, tx: &mut PgConnection) -> Result<(), Error> {
        audit::record_in_tx(
            tx,
            &audit::Deed {
                village: self.village,
                at: self.now,
                user: Some(self.actor.user),
                role: Some(self.permit.role),
                action: self.action,
                subject: Some(self.subject),
                reason: self.reason,
                detail: None,
            },
        )
    }

    fn tell_in_tx(
        &self,
        tx: &mut PgConnection,
        to: VillagerId,
        kind: Kind,
        data: Value,
    ) -> Result<(), Error> {
        messages::leave_in_tx(tx, self.village, &[Message { to, kind, data }], self.now)
    }
}
