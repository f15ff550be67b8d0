//! Settling: every village's rating is computed, reviewed and hung on the notice board, then every
//! notice is closed. Nothing is remembered but in the database: started again, it looks at what is
//! there and goes on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Uuid as SqlUuid};
use domain::actor::Actor;
use domain::claim::Decision;
use domain::id::{NoticeId, RatingId, UserId, VillageId};
use domain::refusal::Refusal;
use infra::db::Db;
use infra::error::Error;
use infra::idempotency::Once;
use infra::ratings::{self, Choice, RatingRow};
use infra::{actors, notices};
use uuid::Uuid;

use super::{COUNTY, CYCLE, closed_at, computed_at, reviewed_at};

/// How long a settlement took.
#[derive(Clone, Copy, Debug)]
pub struct Settled {
    /// Until all notices were open.
    pub opening: Duration,
    /// From then until all were closed.
    pub closing: Duration,
}

/// A village, who settles it, and how far its rating is.
#[derive(QueryableByName)]
struct Village {
    #[diesel(sql_type = SqlUuid)]
    village: Uuid,
    #[diesel(sql_type = SqlUuid)]
    computes: Uuid,
    #[diesel(sql_type = SqlUuid)]
    reviews: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    rating: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
}

fn villages(db: &Db) -> Vec<Village> {
    let query = diesel::sql_query(
        "SELECT d.id AS village, min(g.user_id::text)::uuid AS computes, \
             max(g.user_id::text)::uuid AS reviews, r.id AS rating, r.state \
         FROM divisions d JOIN role_grants g ON g.division_id = d.id AND g.role = 'village_admin' \
         LEFT JOIN ratings r ON r.village_id = d.id AND r.cycle = $1 AND r.state <> 'rejected' \
         WHERE d.level = 'village' AND d.code LIKE $2 GROUP BY d.id, d.code, r.id, r.state \
         ORDER BY d.code",
    );
    let prefix = format!("{COUNTY}%");
    db.read(|c| Ok(query.clone().bind::<Text, _>(CYCLE).bind::<Text, _>(&prefix).load(c)?)).unwrap()
}

/// Settles the county with so many threads.
pub fn settle(db: &Db, threads: usize) -> Settled {
    let began = Instant::now();
    let villages = villages(db);
    each(threads, &villages, |village| open(db, village));
    let opening = began.elapsed();
    // The last batch is found empty. What another process holds is met again.
    loop {
        let due = notices::due(db, closed_at(), 1_000).unwrap();
        if due.is_empty() {
            break;
        }
        each(threads, &due, |(village, notice)| close(db, *village, *notice));
    }
    Settled { opening, closing: began.elapsed() - opening }
}

/// Gives the work to so many threads, piece by piece.
fn each<T: Sync>(threads: usize, list: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(one) = list.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(one);
                }
            });
        }
    });
}

fn open(db: &Db, of: &Village) {
    let village = VillageId(of.village);
    let (rating, state) = match (of.rating, &of.state) {
        (Some(rating), Some(state)) => (rating, state.clone()),
        _ => {
            let row = compute(db, village, UserId(of.computes));
            (row.id, row.state)
        }
    };
    if state == "in_review" {
        review(db, village, RatingId(rating), UserId(of.reviews));
    }
}

fn compute(db: &Db, village: VillageId, user: UserId) -> RatingRow {
    let actor = actor(db, user, computed_at());
    let cycle = CYCLE.parse().expect("a cycle");
    let once = once(user, village, "compute");
    patiently(|| ratings::compute(db, &actor, village, cycle, &once, computed_at()))
}

fn review(db: &Db, village: VillageId, rating: RatingId, user: UserId) {
    let actor = actor(db, user, reviewed_at());
    let choice = Choice { decision: Decision::Approve, reason: String::new() };
    let once = once(user, village, "review");
    let row =
        patiently(|| ratings::decide(db, &actor, village, rating, &choice, &once, reviewed_at()));
    assert_eq!(row.state, "on_notice", "one cadre reviews a rating by this book");
}

fn close(db: &Db, village: VillageId, notice: NoticeId) {
    let closed = patiently(|| notices::close(db, village, notice, closed_at()));
    if closed.is_none() {
        // In the hands of a process that was killed and whose statement is not over.
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What is done once for a village and a cycle is done with this key, by whichever process.
fn once(user: UserId, village: VillageId, what: &str) -> Once {
    let key = format!("{CYCLE}/{village}/{what}");
    Once { user, request_hash: key.clone().into_bytes(), key }
}

fn actor(db: &Db, user: UserId, now: DateTime<Utc>) -> Actor {
    db.read(|c| actors::load(c, user, now)).unwrap().expect("a cadre")
}

/// Tries again what the transaction of a process that was killed keeps waiting.
fn patiently<T>(mut work: impl FnMut() -> Result<T, Error>) -> T {
    for _ in 0..20 {
        match work() {
            Ok(done) => return done,
            Err(Error::Unavailable(_) | Error::Refused(Refusal::IdempotencyInFlight)) => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(other) => panic!("{other}"),
        }
    }
    panic!("the database stays away")
}
