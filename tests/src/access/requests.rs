//! Which requests the walk sends.

use std::collections::BTreeSet;

use super::fixture::Fixture;
use super::fixtures;
use super::people::Target;
use super::shelf::{CONSTANT, OF_VILLAGE};
use crate::World;
use crate::document::{Operation, document, operations};

/// An operation with what is sent for it.
#[derive(Clone)]
pub struct Request {
    /// The operation, and the case if there are several.
    pub name: String,
    /// The operation.
    pub operation: Operation,
    /// What is sent.
    pub fixture: Fixture,
    /// Whose things it is asked about, with a word for each.
    pub targets: Vec<(Target, &'static str)>,
}

/// Every operation with its fixtures.
///
/// # Errors
/// Operations without a fixture, fixtures without an operation.
pub fn requests() -> Result<Vec<Request>, Vec<String>> {
    let operations = operations(&document());
    let known: BTreeSet<_> = operations.iter().map(|operation| operation.id.as_str()).collect();
    let stale = fixtures().filter(|fixture| !known.contains(fixture.operation));
    let mut faults: Vec<_> =
        stale.map(|fixture| format!("{}: no such operation", fixture.operation)).collect();
    let mut requests = Vec::new();
    for operation in &operations {
        let before = requests.len();
        let rows = fixtures().filter(|fixture| fixture.operation == operation.id);
        requests.extend(rows.map(|fixture| Request {
            name: fixture.name(),
            targets: targets(&fixture.placeholders(&operation.path)),
            operation: operation.clone(),
            fixture: *fixture,
        }));
        if requests.len() == before {
            faults.push(format!("{}: no fixture in tests/src/access/table.rs", operation.id));
        }
    }
    if faults.is_empty() { Ok(requests) } else { Err(faults) }
}

/// Which targets make a difference, by what the request names.
fn targets(placeholders: &BTreeSet<String>) -> Vec<(Target, &'static str)> {
    let named: Vec<_> =
        placeholders.iter().map(String::as_str).filter(|name| !CONSTANT.contains(name)).collect();
    if named.is_empty() {
        return vec![(Target::Own, "-")];
    }
    let (village, county) =
        ((Target::OtherVillage, "other village"), (Target::OtherCounty, "other county"));
    if named.iter().all(|name| OF_VILLAGE.contains(name)) {
        return vec![(Target::Own, "own village"), village, county];
    }
    let whose = |own: &'static str, other: &'static str| {
        vec![(Target::Own, own), (Target::OtherHousehold, other), village, county]
    };
    if named.iter().any(|name| ["merchant", "closing_merchant", "clerk_grant"].contains(name)) {
        whose("own shop", "other shop")
    } else if named == ["session"] {
        vec![(Target::Own, "own sign-in"), (Target::OtherHousehold, "other sign-in")]
    } else {
        whose("own household", "other household")
    }
}

/// Codes of `wx.login` for users of their own, two for each request that signs in.
pub fn spare_codes(world: &World, requests: &[Request]) -> Vec<String> {
    let signs_in = |request: &&Request| {
        let names = request.fixture.placeholders(&request.operation.path);
        names.contains("login_code") || names.contains("refresh_token")
    };
    let count = requests.iter().filter(signs_in).count() * Target::ALL.len();
    let openid = || format!("walk-spare-{}", uuid::Uuid::now_v7());
    (0..count).map(|_| world.wechat.new_login_code(&openid())).collect()
}
