//! Signals to supervisors (异常提示): purchases of a day that crossed a line. What is one, says
//! `domain::signal`; the worker looks through each day once ([`look`]) and tells those who supervise
//! that there is something; nobody but they read what it found ([`list`], [`of_division`]).

mod find;
mod lines;
mod list;
mod look;

pub use find::find;
pub use lines::{SetLines, lines_of, set_lines};
pub use list::{InVillage, Listed, SignalRow, list, of_division};
pub use look::look;
pub(crate) use look::look_due_at;
