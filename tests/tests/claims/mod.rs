//! Claims: from a declared deed to certified points.

mod activity;
mod change;
mod declare;
mod deduct;
mod queue;
mod review;
mod show;
