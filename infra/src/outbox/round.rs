//! One round of delivering: a batch of jobs, a few at a time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use super::lease::{InLane, give_back, lease};
use super::record::{Became, record};
use super::{Job, JobKind, Means, Outcome};
use crate::content::ask;
use crate::error::Error;
use crate::messages::push;

/// Jobs of one round, at most.
const BATCH: i64 = 40;

/// What a round came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Jobs that are over, by the word for their outcome.
    pub done: BTreeMap<&'static str, usize>,
    /// Jobs that are tried again later.
    pub later: usize,
    /// Jobs that are dead.
    pub dead: usize,
    /// Whether more is due already.
    pub more: bool,
}

/// The jobs of a batch that nobody has begun, by lane, the longest due first.
type Lanes = Mutex<VecDeque<VecDeque<Job>>>;

/// Delivers what is due, at most a batch of it, four jobs at a time. As soon as `stopping` says so
/// nothing more is begun, and what was taken is given back.
///
/// # Errors
/// [`Error::Unavailable`] when the database is away. What was sent and could not be recorded is sent
/// again when the lease is over.
pub async fn round(means: Means<'_>, stopping: &dyn Fn() -> bool) -> Result<Delivered, Error> {
    let now = means.now;
    let taken = means.db.on_thread(move |db| lease(db, BATCH, now)).await?;
    if taken.is_empty() {
        return Ok(Delivered::default());
    }
    let full = i64::try_from(taken.len()).is_ok_and(|taken| taken == BATCH);
    let lanes = Mutex::new(in_lanes(taken));
    let hand = || work(means, &lanes, stopping);
    let hands = tokio::join!(hand(), hand(), hand(), hand());
    let mut whole = Delivered { more: full, ..Delivered::default() };
    let mut failure = None;
    for (part, failed) in [hands.0, hands.1, hands.2, hands.3] {
        whole.later += part.later;
        whole.dead += part.dead;
        for (word, count) in part.done {
            *whole.done.entry(word).or_default() += count;
        }
        failure = failure.or(failed);
    }
    let left: Vec<Job> =
        lanes.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect();
    if !left.is_empty() {
        means.db.on_thread(move |db| give_back(db, &left, now)).await?;
    }
    failure.map_or(Ok(whole), Err)
}

fn in_lanes(taken: Vec<InLane>) -> VecDeque<VecDeque<Job>> {
    let mut place: BTreeMap<Uuid, usize> = BTreeMap::new();
    let mut lanes: VecDeque<VecDeque<Job>> = VecDeque::new();
    for (lane, job) in taken {
        let at = *place.entry(lane).or_insert(lanes.len());
        match lanes.get_mut(at) {
            Some(lane) => lane.push_back(job),
            None => lanes.push_back(VecDeque::from([job])),
        }
    }
    lanes
}

/// Does lane after lane until none is left, it is time to stop, or the database is away.
async fn work(
    means: Means<'_>,
    lanes: &Lanes,
    stopping: &dyn Fn() -> bool,
) -> (Delivered, Option<Error>) {
    let mut done = Delivered::default();
    while let Some(mut lane) = next(lanes) {
        while let Some(job) = lane.pop_front() {
            let failed = if stopping() {
                lane.push_front(job);
                None
            } else {
                match attempt(means, job).await {
                    Ok(became) => {
                        done.note(became);
                        continue;
                    }
                    Err(error) => Some(error),
                }
            };
            lanes.lock().unwrap_or_else(PoisonError::into_inner).push_front(lane);
            return (done, failed);
        }
    }
    (done, None)
}

fn next(lanes: &Lanes) -> Option<VecDeque<Job>> {
    lanes.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

async fn attempt(means: Means<'_>, job: Job) -> Result<Became, Error> {
    let outcome = deliver(means, &job).await?;
    let now = means.now;
    means.db.on_thread(move |db| record(db, &job, outcome, now)).await
}

/// Which function delivers which kind.
async fn deliver(means: Means<'_>, job: &Job) -> Result<Outcome, Error> {
    match job.kind {
        JobKind::SubscribeMessage => push::deliver(means, job).await,
        JobKind::TextCheck => ask::deliver_text(means, job).await,
        JobKind::PhotoCheck => ask::deliver_photo(means, job).await,
    }
}

impl Delivered {
    fn note(&mut self, became: Became) {
        match became {
            Became::Done(word) => *self.done.entry(word).or_default() += 1,
            Became::Later => self.later += 1,
            Became::Dead => self.dead += 1,
            Became::Lost => {}
        }
    }
}
