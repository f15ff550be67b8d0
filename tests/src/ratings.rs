//! Set-up for ratings that the API has no words for.

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Jsonb, Text, Uuid as SqlUuid};
use domain::calendar::{Cycle, CycleKind, day_of};
use domain::id::{AccountId, ClaimId, HouseholdId, VillageId, VillagerId};
use domain::ledger::{Counter, Effect, Posting, Purse, Shortfall, Source};
use domain::points::Points;
use domain::rule_book::{RuleBook, ScorePart};
use infra::{id, ledger, presets};
use serde_json::{Value, json};

use crate::{Answer, Client, World};

/// Somebody computes the rating of a cycle in the first village.
pub async fn compute(world: &World, by: &str, cycle: Cycle) -> Answer {
    let client = world.sign_in(by).await;
    client.post(&world.village("ratings"), json!({"cycle": cycle.to_string()})).await
}

/// Somebody votes on the rating at this path.
pub async fn vote(world: &World, by: &str, rating: &str, decision: &str) -> Answer {
    let body = json!({"decision": decision, "reason": "已核对"});
    world.sign_in(by).await.post(&format!("{rating}/decisions"), body).await
}

/// The first hundred lines of the rating at this path, in the order of their rank.
pub async fn lines(client: &Client, rating: &str) -> Vec<Value> {
    let page = client.get(&format!("{rating}/lines?limit=100")).await.expect(200);
    page["items"].as_array().cloned().unwrap_or_default()
}

/// The line of a household of the first village by its number.
pub fn line_of<'a>(lines: &'a [Value], number: &str) -> &'a Value {
    lines.iter().find(|line| line["household_number"] == number).expect("a line")
}

/// The line of a person, where people have accounts of their own.
pub fn line_of_person(lines: &[Value], person: VillagerId) -> &Value {
    lines.iter().find(|line| line["villager_id"] == json!(person)).expect("a line")
}

/// Checks that the rating at this path comes out of the ledger as it was published.
pub async fn comes_out_the_same(world: &World, rating: &str) {
    let admin = world.sign_in("village-admin").await;
    let check = admin.get(&format!("{rating}/recomputation")).await.expect(200);
    assert_eq!(check["differing"], json!([]), "{check:#}");
}

/// The quarter that was over last.
pub fn last_quarter(world: &World) -> Cycle {
    let this = CycleKind::Quarter.holding(day_of(world.clock.now()));
    CycleKind::Quarter.holding(this.first_day() - Days::new(1))
}

/// Adds to the score of a household of the first village, as a claim would.
pub fn db_score_entry(world: &World, household: HouseholdId, points: &str, day: NaiveDate) {
    db_entry(world, household, Purse::Score, points, day, world.clock.now());
}

/// Adds to a purse of a household of the first village, recorded at a moment.
pub fn db_entry(
    world: &World,
    household: HouseholdId,
    purse: Purse,
    points: &str,
    day: NaiveDate,
    recorded_at: DateTime<Utc>,
) {
    let points: Points = points.parse().expect("points");
    let source: ClaimId = id::new();
    let posting = Posting {
        id: id::new(),
        account: AccountId::from(household),
        purse,
        amount: points.hundredths(),
        counter: Counter::Issue,
        source: Source::Claim(source),
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: day,
        effect: (purse == Purse::Score).then(|| Effect {
            member: VillagerId(household.0),
            part: ScorePart::PersonalCredit,
            counts_until: CycleKind::Quarter.holding(day).last_day(),
        }),
        reverses: None,
        shortfall: Shortfall::Refuse,
    };
    let village = world.demo.village;
    let posted = world
        .db
        .write(|tx| ledger::post_in_tx(tx, village, vec![posting.clone()], recorded_at, None));
    assert_eq!(posted.expect("posted").len(), 1);
}

/// Changes where a villager of the first village lives.
pub fn db_residence(world: &World, villager: VillagerId, residence: &str) {
    let changed =
        diesel::sql_query("UPDATE villagers SET residence = $3 WHERE village_id = $1 AND id = $2")
            .bind::<SqlUuid, _>(world.demo.village.0)
            .bind::<SqlUuid, _>(villager.0)
            .bind::<Text, _>(residence)
            .execute(&mut world.connect());
    assert_eq!(changed, Ok(1));
}

/// Adopts the preset of the demo in a village once more, changed, in force from a day.
pub fn db_adopt(
    world: &World,
    village: VillageId,
    from: NaiveDate,
    change: impl FnOnce(&mut RuleBook),
) {
    let mut book = presets::load("shuicheng").expect("readable").expect("a preset").book;
    change(&mut book);
    let adopted = diesel::sql_query(
        "INSERT INTO rule_books (village_id, id, number, name, book, state, in_force_from, \
             resolution, written_by, written_at, adopted_at) \
         SELECT $1, $2, 1 + max(number), $3, $4, 'adopted', $5, '{}', $1, now(), now() \
         FROM rule_books WHERE village_id = $1",
    )
    .bind::<SqlUuid, _>(village.0)
    .bind::<SqlUuid, _>(id::new::<uuid::Uuid>())
    .bind::<Text, _>(&book.name)
    .bind::<Jsonb, _>(serde_json::to_value(&book).expect("JSON"))
    .bind::<Date, _>(from)
    .execute(&mut world.connect());
    assert_eq!(adopted, Ok(1));
}
