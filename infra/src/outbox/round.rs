//! One round of delivering: a batch of jobs, a few at a time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use super::lease::{InLane, begin, give_back, lease};
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
/// nothing more is begun, and what was taken is given back. `means` is asked anew before each job, as
/// time goes on.
///
/// # Errors
/// [`Error::Unavailable`] when the database is away. What was sent and could not be recorded is sent
/// again when the lease is over.
pub async fn round<'a>(
    means: &dyn Fn() -> Means<'a>,
    stopping: &dyn Fn() -> bool,
) -> Result<Delivered, Error> {
    let Means { db, now, .. } = means();
    let taken = db.on_thread(move |db| lease(db, BATCH, now)).await?;
    let (full, given_up) = (taken.full, taken.dead);
    let lanes = Mutex::new(in_lanes(taken.jobs));
    let hand = || work(means, &lanes, stopping);
    let hands = tokio::join!(hand(), hand(), hand(), hand());
    let mut whole = Delivered { more: full, dead: given_up, ..Delivered::default() };
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
        let Means { db, now, .. } = means();
        db.on_thread(move |db| give_back(db, &left, now)).await?;
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
async fn work<'a>(
    means: &dyn Fn() -> Means<'a>,
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
                match attempt(means(), job).await {
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

/// Begins a job, delivers it, and records what came of it. What fails for a reason of its own is tried
/// again like anything that failed; only a database that is away stops the round.
async fn attempt(means: Means<'_>, job: Job) -> Result<Became, Error> {
    let now = means.now;
    if !means.db.on_thread(move |db| begin(db, &job, now)).await? {
        return Ok(Became::Lost);
    }
    let tried = match deliver(means, &job).await {
        Ok(outcome) => recorded(means, job, outcome).await,
        Err(error) => Err(error),
    };
    match tried {
        Err(error) if !matches!(error, Error::Unavailable(_)) => {
            tracing::error!(
                village = %job.village, job = %job.id, kind = job.kind.as_str(), %error,
                "a delivery failed inside the program"
            );
            recorded(means, job, Outcome::Later(told(&error))).await
        }
        other => other,
    }
}

async fn recorded(means: Means<'_>, job: Job, outcome: Outcome) -> Result<Became, Error> {
    let now = means.now;
    means.db.on_thread(move |db| record(db, &job, outcome, now)).await
}

/// An error as operators see it: what it says of a mistake may hold data of people, and is in the log.
fn told(error: &Error) -> String {
    match error {
        Error::Refused(refusal) => format!("the program refuses it: {}", refusal.code()),
        _ => "a mistake in the program: its log says which".to_owned(),
    }
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
