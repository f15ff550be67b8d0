//! Statements of a village with its shops (对账与结算): closed month by month, approved, paid, disputed. The
//! rules are `domain::settlement`.
//!
//! A month is closed for many villages at once ([`close`]): their purchases are added up where they lie
//! ([`sums`]), the domain settles the sums, and one statement a party is written. Lines are not copied:
//! a month is what was recorded from one moment to another, nothing can be added to it once it is closed
//! (`refuse_closed_month` in the database) nor changed in it (`refuse_settled_change`), and so its lines are
//! read where they are ([`lines`]).

mod calendar;
mod close;
mod cure;
mod decide;
mod due;
mod lines;
mod list;
mod reckon;
mod row;
pub(crate) mod sums;
mod tell;

pub(crate) use calendar::begin_in_tx;
pub use calendar::months_closed_until;
pub use close::{Closed, Round, close_due, close_month, close_round};
pub use cure::{decide_proposal, propose};
pub use decide::{Act, Payment, decide};
pub use due::unpaid_in;
pub use lines::{After, LINES_MAX, Line, LineKind, Lines, export, lines};
pub use list::{Asked, PartyName, Shown, StepRow, of_merchant, of_village, show};
pub use reckon::{Checked, CheckedParty, check, reckon};
pub use row::SettlementRow;
