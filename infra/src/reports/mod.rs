//! Snapshot reports (随手拍): sending ([`create`], [`near`]), triage ([`triage`], [`dispatch`],
//! [`strike`]), the field ([`resolve`]), whoever sent it ([`change`], [`urge`]), the people whom it is
//! about ([`answer`], [`comments`]), reading ([`list`], [`mine`], [`show`], [`feed`], [`look`]), and
//! what comes of it ([`claim`], [`deduct`]).
//!
//! Every change locks the report, lets `domain::report` decide, and writes report, timeline, messages
//! and audit log in one transaction. Who sent a report stands in `report_reporters` alone: `case` reads
//! it for decisions, `tell` to send messages, [`mine`] for the one who asks about their own, and
//! [`look`] for triage, which records every look. In timeline, comments and audit log whoever sent it
//! has no name.

mod case;
mod categories;
pub mod comments;
mod consent;
mod create;
mod desk;
mod feed;
mod field;
mod list;
mod look;
mod near;
mod overdue;
mod own;
mod proposals;
mod row;
mod same;
mod settled;
mod show;
mod tell;

pub use categories::{list as categories, replace as replace_categories};
pub use consent::answer;
pub use create::{NewReport, Receipt, create};
pub use desk::{Decision, Named, dispatch, strike, triage};
pub use feed::{Cursor as FeedCursor, GoodDeed, feed};
pub use field::{Resolution, resolve};
pub use list::{Filter, Listed, Mine, list, mine};
pub use look::{Sender, look};
pub use near::{Near, near};
pub use overdue::{look_after, tell_resolved};
pub use own::{Own, change, urge};
pub(crate) use proposals::deduction_cured_in_tx;
pub use proposals::{DeductionPlan, Proposal, claim, deduct};
pub use row::Kept;
pub use settled::{comment_settled_in_tx, content_settled_in_tx};
pub use show::{Happened, Shown, ShownParty, show};
