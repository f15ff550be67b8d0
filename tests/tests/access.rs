//! Who may do what: as the policy says it, and as the API answers it.

use domain::actor::Role;
use domain::policy::{Action, Reach};
use testing::World;
use testing::access::{PEOPLE, walk};
use testing::golden::{compare, table};

const POLICY: &str = "\
# Who may do what. Made from domain/src/policy/actions.rs; UPDATE_GOLDEN=1 cargo test writes it anew.
#
# household: in the own household.    village: in every village that the role covers; a role for a
# merchant: at the own shop.          town or county covers its villages.
# -: never.
";

#[test]
fn the_policy_is_the_one_that_was_reviewed() {
    let reach = |action: &Action, role: Role| {
        let found = action.rules().iter().find(|(of, _)| *of == role);
        found.map_or("-".to_owned(), |(_, reach): &(Role, Reach)| {
            format!("{reach:?}").to_lowercase()
        })
    };
    let heading =
        ["action"].into_iter().chain(Role::ALL.iter().map(|role| role.as_str())).map(str::to_owned);
    let mut rows: Vec<Vec<String>> = vec![heading.collect()];
    for action in Action::ALL {
        let cells = Role::ALL.iter().map(|role| reach(action, *role));
        rows.push([action.as_str().to_owned()].into_iter().chain(cells).collect());
    }
    compare("tests/golden/policy.txt", &format!("{POLICY}\n{}", table(&rows)));
}

const ACCESS: &str = "\
# What every operation answers to a person of every role, asked about their own things and others'.
# Made by asking (tests/src/access); UPDATE_GOLDEN=1 cargo test writes it anew.
#
# yes: they may.    no: they may not, and are told so (403).    hidden: they may not know that it
# sign in: they have to (401).                                  exists (404).
# Who does not live in the village has no household: its first one stands for their own.
";

#[actix_web::test]
async fn every_operation_answers_every_role_as_it_was_reviewed() {
    let world = World::new().await;
    let lines = walk(&world).await.unwrap_or_else(|faults| panic!("\n{}", faults.join("\n")));
    let heading = ["operation", "target"].into_iter().chain(PEOPLE.iter().map(|walker| walker.key));
    let mut rows: Vec<Vec<String>> = vec![heading.map(str::to_owned).collect()];
    for line in lines {
        let cells = line.verdicts.iter().map(ToString::to_string);
        rows.push([line.operation, line.target.to_owned()].into_iter().chain(cells).collect());
    }
    compare("tests/golden/access.txt", &format!("{ACCESS}\n{}", table(&rows)));
}
