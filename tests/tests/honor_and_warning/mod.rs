//! The honor and warning lists: facts only, by the panel, with consent or masked, and not for ever.

mod facts;
mod praise;
mod removal;
mod voices;
mod warning;

use domain::id::ClaimId;
use serde_json::{Value, json};
use testing::notices::{db_certified_claim, db_run, publish_and_close, tick};
use testing::{Answer, World};

const PANEL: [&str; 3] = ["panel-1", "panel-2", "panel-3"];

/// An award of a person that counts.
async fn posted_award(world: &World, key: &str) -> ClaimId {
    let claim = db_certified_claim(world, key, "ENV-1", 2).await;
    publish_and_close(world).await;
    claim
}

/// A deduction that counts, and could be cured until so many days from now (before it, if negative).
async fn posted_deduction(world: &World, key: &str, cure_days: i32) -> ClaimId {
    let claim = db_certified_claim(world, key, "ENV-9", 3).await;
    publish_and_close(world).await;
    let until = domain::calendar::day_of(world.clock.now());
    let set =
        format!("UPDATE claims SET cure_until = DATE '{until}' + {cure_days} WHERE id = '{claim}'");
    db_run(world, set).await;
    claim
}

async fn propose(world: &World, by: &str, body: Value) -> Answer {
    world.sign_in(by).await.post(&world.village("list-entries"), body).await
}

/// Proposed by the village's administrator. Answers the entry's id.
async fn proposed(world: &World, list: &str, claim: ClaimId) -> String {
    let made = propose(world, "village-admin", json!({"list": list, "claim_id": claim})).await;
    made.expect(201)["list_entry_id"].as_str().unwrap().to_owned()
}

fn of(world: &World, entry: &str, what: &str) -> String {
    world.village(&format!("list-entries/{entry}{what}"))
}

async fn vote(world: &World, by: &str, entry: &str, decision: &str) -> Answer {
    let body = json!({"decision": decision, "reason": "已评议"});
    world.sign_in(by).await.post(&of(world, entry, "/decisions"), body).await
}

/// Proposed, and the panel is for it.
async fn approved(world: &World, list: &str, claim: ClaimId) -> String {
    let entry = proposed(world, list, claim).await;
    for (n, key) in PANEL.iter().enumerate() {
        let state = vote(world, key, &entry, "approve").await.expect(201)["state"].clone();
        assert_eq!(state, if n == 2 { "approved" } else { "proposed" });
    }
    entry
}

async fn consent(world: &World, by: &str, entry: &str, agreed: bool) -> Answer {
    let body = json!({"agreed": agreed});
    world.sign_in(by).await.post(&of(world, entry, "/consent"), body).await
}

/// What hangs on a list, as a neighbour sees it.
async fn hanging(world: &World, list: &str) -> Vec<Value> {
    let neighbour = world.sign_in("neighbour").await;
    let page = neighbour.get(&world.village(&format!("{list}-list"))).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// How an entry ended, as its person sees it.
async fn ended_why(world: &World, entry: &str) -> Value {
    let villager = world.sign_in("villager").await;
    villager.get(&of(world, entry, "")).await.expect(200)["ended_why"].clone()
}

/// Lets the time pass in which the worker has not looked at an entry again, and a round of it. Answers
/// how many entries ended.
async fn looked_at(world: &World) -> usize {
    world.clock.advance(5 * 60);
    tick(world).await.taken_down
}

/// Asks for the removal of an entry. `how` is said by a cadre.
async fn ask(world: &World, by: &str, entry: &str, text: &str, how: Option<&str>) -> Answer {
    let path = of(world, entry, "/removal-requests");
    world.sign_in(by).await.post(&path, json!({"text": text, "how": how})).await
}

async fn answer(world: &World, by: &str, entry: &str, outcome: &str) -> Answer {
    let body = json!({"outcome": outcome, "text": "已核实。"});
    world.sign_in(by).await.post(&of(world, entry, "/answers"), body).await
}

/// As an import of the roster does when a household divides (分户).
async fn db_moves(world: &World, key: &str, household: u8) {
    let (person, home) = (world.demo.villagers[key], world.demo.households[&household]);
    db_run(world, format!("UPDATE villagers SET household_id = '{home}' WHERE id = '{person}'"))
        .await;
}
