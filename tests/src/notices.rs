//! Steps of the notice board that other families need too: certified claims out of nothing, a notice
//! opened and closed, a round of the worker.

use actix_web::web::block;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Text};
use domain::calendar::{CycleKind, day_of};
use domain::claim::{Claim, State, Via};
use domain::id::{ClaimId, HouseholdId, RuleBookId, UserId, VillageId, VillagerId};
use domain::points::Points;
use domain::rule_book::Measure;
use infra::claims::{Kept, insert_all_in_tx};
use infra::db::Db;
use infra::worker::{self, Ticked};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::World;

/// A claim that is certified, for [`db_certify`].
#[derive(Clone, Debug)]
pub struct Certified {
    /// For which household.
    pub household: HouseholdId,
    /// For whom.
    pub person: VillagerId,
    /// The item's code.
    pub item: String,
    /// What is granted.
    pub points: Points,
    /// The day of the deed.
    pub happened_on: NaiveDate,
}

/// Writes certified claims straight into the database, by the book of the day of the deed. Claimed
/// by nobody who exists, so that everybody is free to answer objections.
pub fn db_certify(
    db: &Db,
    village: VillageId,
    list: &[Certified],
    now: DateTime<Utc>,
) -> Vec<ClaimId> {
    let made = db.write(|tx| {
        let kept = list
            .iter()
            .map(|one| {
                let (book_id, book) = db.book_on(tx, village, one.happened_on)?;
                let item = book.item(&one.item).expect("an item of the book");
                Ok(certified(village, book_id, item.kind, one, now))
            })
            .collect::<Result<Vec<_>, infra::error::Error>>()?;
        insert_all_in_tx(tx, &kept)?;
        Ok(kept.iter().map(|kept| kept.claim.id).collect())
    });
    made.expect("certified claims")
}

fn certified(
    village: VillageId,
    rule_book: RuleBookId,
    kind: domain::rule_book::ItemKind,
    one: &Certified,
    now: DateTime<Utc>,
) -> Kept {
    let claim = Claim {
        id: infra::id::new(),
        village,
        household: one.household,
        person: one.person,
        account: one.household.into(),
        rule_book,
        item_code: one.item.clone(),
        kind,
        measure: Measure::default(),
        happened_on: one.happened_on,
        text: "已核实".into(),
        claimed_by: UserId(Uuid::nil()),
        via: Via::Own,
        second_recorder: None,
        state: State::Certified,
        stage: 1,
        round: 1,
        stage_due_at: None,
        asked: one.points,
        granted: Some(one.points),
        adjustments: Vec::new(),
        deed: None,
        doer: None,
        repaired_on: None,
        counts_until: Some(CycleKind::Quarter.holding(one.happened_on).last_day()),
        cure_until: None,
        postings: 0,
        version: 5,
    };
    Kept { claim, notice: None, submitted_at: now, changed_at: now, posted_at: None }
}

/// A certified claim of a demo person of the first village, for a deed of today.
pub async fn db_certified_claim(world: &World, key: &str, item: &str, points: i32) -> ClaimId {
    let person = world.demo.villagers[key];
    let (db, village, now) = (world.db.clone(), world.demo.village, world.clock.now());
    let one = Certified {
        household: world.home_of(key),
        person,
        item: item.into(),
        points: Points::whole(points),
        happened_on: day_of(now),
    };
    block(move || db_certify(&db, village, &[one], now)[0]).await.expect("a thread")
}

/// So many certified claims of one point, spread over the households of the first village.
pub async fn db_many_certified_claims(world: &World, count: usize) -> Vec<ClaimId> {
    let (db, village, now) = (world.db.clone(), world.demo.village, world.clock.now());
    let homes: Vec<_> = infra::demo::PEOPLE
        .iter()
        .filter_map(|person| match person.home {
            infra::demo::Home::Village(number) => {
                Some((world.demo.households[&number], world.demo.villagers[person.key]))
            }
            _ => None,
        })
        .collect();
    let list: Vec<_> = homes
        .iter()
        .cycle()
        .take(count)
        .map(|(household, person)| Certified {
            household: *household,
            person: *person,
            item: "ENV-1".into(),
            points: Points::whole(1),
            happened_on: day_of(now),
        })
        .collect();
    block(move || db_certify(&db, village, &list, now)).await.expect("a thread")
}

/// One round of the worker at the world's time. Fails if any part of it failed.
pub async fn tick(world: &World) -> Ticked {
    tick_at(world, world.clock.now()).await
}

/// One round of the worker at a time of one's own.
pub async fn tick_at(world: &World, now: DateTime<Utc>) -> Ticked {
    let db = world.db.clone();
    let ticked = block(move || worker::tick(&db, now)).await.expect("a thread");
    assert!(ticked.failures.is_empty(), "{:?}", ticked.failures);
    ticked
}

/// Opens a notice for what is certified in the first village. Answers its id.
pub async fn publish(world: &World) -> String {
    let admin = world.sign_in("village-admin").await;
    let opened = admin.post(&world.village("notices"), json!({})).await.expect(201);
    opened["id"].as_str().expect("an id").to_owned()
}

/// Lets the time of a notice pass and the worker close it.
pub async fn close(world: &World, notice: &str) {
    let admin = world.sign_in("village-admin").await;
    let shown = admin.get(&world.village(&format!("notices/{notice}"))).await.expect(200);
    let closes_at: DateTime<Utc> =
        shown["closes_at"].as_str().expect("a time").parse().expect("a time");
    world.advance_to(closes_at);
    assert!(tick(world).await.closed >= 1);
}

/// Opens a notice for what is certified in the first village, lets its time pass and closes it.
/// Whoever is signed in must sign in again. Answers its id.
pub async fn publish_and_close(world: &World) -> String {
    let notice = publish(world).await;
    close(world, &notice).await;
    notice
}

/// The data of the messages of a kind that a demo person of the first village got.
pub async fn db_messages(world: &World, key: &str, kind: &str) -> Vec<Value> {
    #[derive(QueryableByName)]
    struct Told {
        #[diesel(sql_type = Jsonb)]
        data: Value,
    }
    let (to, kind) = (world.demo.villagers[key].0, kind.to_owned());
    let mut c = world.connect();
    block(move || {
        let told: Vec<Told> = diesel::sql_query(
            "SELECT data FROM messages WHERE villager_id = $1 AND kind = $2 ORDER BY id",
        )
        .bind::<diesel::sql_types::Uuid, _>(to)
        .bind::<Text, _>(kind)
        .load(&mut c)
        .expect("messages");
        told.into_iter().map(|told| told.data).collect()
    })
    .await
    .expect("a thread")
}

/// What a query that counts answers.
pub async fn db_count(world: &World, query: &'static str) -> i64 {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let mut c = world.connect();
    block(move || {
        let counted: Counted = diesel::sql_query(query).get_result(&mut c).expect("a count");
        counted.count
    })
    .await
    .expect("a thread")
}

/// Runs a statement that the API has no words for.
pub async fn db_run(world: &World, statement: String) {
    let mut c = world.connect();
    block(move || diesel::sql_query(statement).execute(&mut c).expect("a statement"))
        .await
        .expect("a thread");
}
