//! One row for each operation: what a right request brings, with the least it needs. Parameters of
//! the path are filled in by their names (`{claim_id}` by the shelf's `claim`); the placeholders are
//! listed in `shelf.rs`. An operation has several rows where who may depends on more than the target.

use super::fixture::{Fixture, on};

/// Every operation, in the order of `routes.rs`.
pub const FIXTURES: &[Fixture] = &[
    // Signing in
    on("session_create").json(r#"{"code": "{login_code}", "client": "walk"}"#),
    on("session_refresh").json(r#"{"refresh_token": "{refresh_token}"}"#),
    on("session_list"),
    on("session_end"),
    on("session_revoke"),
    // The ledger
    on("balance_show"),
    // Ratings
    on("rating_create").json(r#"{"cycle": "{last_quarter}"}"#),
    on("rating_list"),
    on("rating_show"),
    on("rating_line_list"),
    on("rating_decide").case("panel").json(r#"{"decision": "approve"}"#),
    on("rating_decide")
        .case("recheck")
        .path(&[("rating_id", "rechecked_rating")])
        .json(r#"{"decision": "approve"}"#),
    on("rating_recompute_check"),
    on("household_rating_list"),
];
