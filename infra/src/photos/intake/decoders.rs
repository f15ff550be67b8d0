//! So many pictures are made anew at a time, and all of them together take so much memory, the files that
//! they come from counted too; the others wait for their turn, in the order in which they came. So the
//! memory that uploads take does not grow with the number of processors or of uploads at once.

use std::sync::{Arc, Mutex, PoisonError};

use domain::refusal::Refusal;
use photo_intake::{MEMORY_BYTES_MAX, Refused, Taken, Workbench};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::Upload;
use crate::error::Error;

const MIB: usize = 1024 * 1024;
/// The memory that pictures take while they are made anew, all together, in MiB: as much as the one
/// that needs most.
pub const MEMORY_MIB: usize = MEMORY_BYTES_MAX.div_ceil(MIB);
/// The memory that is held on to between two pictures, all together, in bytes: what two phone photos of
/// 12 megapixels take. Giving it back for each and getting it anew left 530 MB with the server.
const HELD_BYTES_MAX: usize = 160 * MIB;
/// The memory of the files that are read to be made anew, all together, in MiB: six of the largest.
const FILES_MIB: usize = 64;

// What photos in work take at most, besides what is held on to: 400 MB are meant for the whole server.
const _: () = assert!(MEMORY_MIB + FILES_MIB <= 320);

/// Makes pictures anew, on threads of its own: the pool that waits for Postgres has as many threads as
/// there are connections, and none to spare for a second of reckoning.
#[derive(Clone, Debug)]
pub struct Decoders {
    slots: Arc<Semaphore>,
    files: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    benches: Arc<Benches>,
}

impl Decoders {
    /// So many at a time, at least one.
    pub fn new(count: usize) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(count.max(1))),
            files: Arc::new(Semaphore::new(FILES_MIB)),
            memory: Arc::new(Semaphore::new(MEMORY_MIB)),
            benches: Arc::default(),
        }
    }

    /// Makes a picture anew when its turn has come.
    ///
    /// # Errors
    /// `file_unreadable`, `file_type_refused`, `heic_not_taken`, `photo_too_large`;
    /// [`Error::Unavailable`] if the temporary file cannot be read.
    pub(super) async fn take(&self, upload: Upload) -> Result<Taken, Error> {
        // Always in this order, so that nobody waits for somebody who waits for them.
        let slot = turn(&self.slots, 1).await?;
        let room = turn(&self.files, mib(upload.bytes(), FILES_MIB)).await?;
        let (turns, file, need) = on_a_thread(move || {
            let file = upload.read().map_err(|error| Error::Unavailable(error.to_string()))?;
            let need = photo_intake::examine(&file).map_err(refusal)?.memory_bytes();
            Ok(((slot, room), file, need))
        })
        .await?;
        let memory = turn(&self.memory, mib(need, MEMORY_MIB)).await?;
        let benches = Arc::clone(&self.benches);
        // The turn is given back when the work is done, also if nobody waits for it any more.
        on_a_thread(move || {
            let mut bench = benches.get(need);
            let taken = bench.take(&file).map_err(refusal);
            benches.put(bench);
            drop((file, memory, turns));
            taken
        })
        .await
    }
}

/// The memory in which pictures were made anew, for the next.
#[derive(Debug, Default)]
struct Benches(Mutex<Vec<Workbench>>);

impl Benches {
    /// One for a picture that needs so much; what lies idle besides goes where it would be too much
    /// with that.
    fn get(&self, need: usize) -> Workbench {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bench = held.pop().unwrap_or_default();
        if bytes_of(&held) + need > MEMORY_BYTES_MAX {
            held.clear();
        }
        bench
    }

    /// Holds on to it, unless that were too much.
    fn put(&self, bench: Workbench) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes_of(&held) + bench.memory_bytes() <= HELD_BYTES_MAX {
            held.push(bench);
        }
    }
}

fn bytes_of(held: &[Workbench]) -> usize {
    held.iter().map(Workbench::memory_bytes).sum()
}

/// So many bytes in MiB: at least one, and no more than there are.
fn mib(bytes: usize, all: usize) -> usize {
    bytes.div_ceil(MIB).clamp(1, all)
}

async fn turn(of: &Arc<Semaphore>, count: usize) -> Result<OwnedSemaphorePermit, Error> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let turn = Arc::clone(of).acquire_many_owned(count).await;
    turn.map_err(|_| Error::Bug("the decoders are closed".into()))
}

/// Works on a thread of its own. A decoder that panics has met a file that it cannot read.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (done, wait) = oneshot::channel();
    let thread = std::thread::Builder::new().name("photo".into());
    let started = thread.spawn(move || drop(done.send(work())));
    started.map_err(|error| Error::Unavailable(format!("no thread for a photo: {error}")))?;
    wait.await.unwrap_or_else(|_| {
        tracing::error!("a decoder panicked; the file is refused");
        Err(Refusal::FileUnreadable.into())
    })
}

fn refusal(refused: Refused) -> Error {
    use photo_intake::{PIXELS_MAX, SIDE_MAX};
    match refused {
        Refused::Unreadable => Refusal::FileUnreadable,
        Refused::UnknownType => Refusal::FileTypeRefused,
        Refused::Heic => Refusal::HeicNotTaken,
        Refused::TooLarge => Refusal::PhotoTooLarge { pixels_max: PIXELS_MAX, side_max: SIDE_MAX },
    }
    .into()
}

#[cfg(test)]
mod tests;
