//! Claims: declaring ([`create`], [`create_activity`], [`deduct`]), reviewing ([`decide`],
//! [`recuse`]), changing ([`resubmit`], [`withdraw`], [`cure`]), and reading ([`list`], [`show`]).
//!
//! Each use case loads what the decision needs, lets `domain::claim` decide, and writes the claim,
//! its event, the messages and the audit log in one transaction. A claim is saved under the version
//! under which it was read, so of two at once one decides anew.

mod activity;
mod batch;
mod certify;
mod change;
mod cure;
mod declare;
mod deduct;
mod draft;
mod files;
mod list;
mod receipt;
mod repair;
mod review;
pub(crate) mod row;
mod show;
mod tell;

pub use activity::{Activity, ActivityReceipt, create_activity};
pub use batch::{
    certified_in_tx, counting_in_tx, insert_all_in_tx, lock_in_tx, of_ids_in_tx, on_notice_in_tx,
    posted_between, posted_of, save_all_in_tx,
};
pub use change::{recuse, resubmit, withdraw};
pub use cure::cure;
pub(crate) use cure::cure_in_tx;
pub(crate) use declare::create_in_tx;
pub use declare::{Consent, Declaration, Deed, create};
pub(crate) use deduct::deduct_in_tx;
pub use deduct::{Fault, deduct};
pub use list::{Filter, Listed, list};
pub use receipt::Receipt;
pub use repair::repair;
pub use review::{Said, decide};
pub use row::{Event, Kept, find, record_in_tx, save_in_tx, votes_in_tx};
pub use show::{Happened, Shown, show};
