//! Files by key, through opendal: in a folder, or in a bucket of S3, COS, OSS or OBS. The only module
//! that knows where files lie.

mod bucket;

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use opendal::layers::{RetryLayer, TimeoutLayer};
use opendal::{Operator, services};

pub use bucket::{Bucket, Kind};

use crate::error::Error;

/// A folder beside the keys, for what is not complete yet.
const INCOMING: &str = ".incoming";
/// Whatever is still incoming after so long was cut off.
const CUT_OFF_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a bucket may be silent.
const SILENT_MAX: Duration = Duration::from_secs(5);
/// How often a bucket that fails for a moment is asked again.
const AGAIN_MAX: usize = 1;

/// A file that is read piece by piece.
pub type Outgoing = opendal::FuturesBytesStream;

fn unavailable(error: &opendal::Error) -> Error {
    Error::Unavailable(format!("the store of files: {error}"))
}

/// Removes what was cut off a day ago or earlier.
fn sweep(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if age > CUT_OFF_AFTER {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A store of files by key.
#[derive(Clone, Debug)]
pub struct Files {
    operator: Operator,
    incoming: PathBuf,
}

impl Files {
    /// A store in a folder, which is made if it does not exist.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the folder and the reason, such as a disk that cannot be written.
    pub fn in_folder(folder: &Path) -> Result<Self, Error> {
        let (root, incoming) = prepare(folder)?;
        let store = services::Fs::default().root(&root).atomic_write_dir(&incoming);
        let operator = Operator::new(store).map_err(|error| told(folder, &error))?;
        Ok(Self { operator, incoming: incoming.into() })
    }

    /// A store in a bucket. What is on its way in still lies in the folder.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the folder cannot be used or the bucket's settings cannot be right.
    /// The bucket itself is not asked.
    pub fn in_bucket(bucket: &Bucket, folder: &Path) -> Result<Self, Error> {
        let (_, incoming) = prepare(folder)?;
        let silent = TimeoutLayer::new().with_timeout(SILENT_MAX).with_io_timeout(SILENT_MAX);
        let again = RetryLayer::new().with_max_times(AGAIN_MAX).with_jitter();
        // How requests leave the machine, which nobody else says. Safe to say twice.
        opendal::install_default();
        let operator = bucket.operator().map_err(|error| unavailable(&error))?;
        Ok(Self { operator: operator.layer(silent).layer(again), incoming: incoming.into() })
    }

    /// The folder for what is on its way in.
    pub fn incoming(&self) -> &Path {
        &self.incoming
    }

    /// Writes a file whole; what stood under the key is replaced. It is under its key only once it is
    /// complete; of one that fails nothing stays.
    ///
    /// # Errors
    /// [`Error::Unavailable`], such as when the disk is full.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let mut writer = self.operator.writer(key).await.map_err(|error| unavailable(&error))?;
        let written = match writer.write(bytes).await {
            Ok(()) => writer.close().await.map(|_| ()),
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            if let Err(error) = writer.abort().await {
                tracing::warn!(%error, "an incomplete file stays behind for a day");
            }
            return Err(unavailable(&error));
        }
        Ok(())
    }

    /// Opens a part of a file that is read piece by piece.
    ///
    /// # Errors
    /// [`Error::Bug`] if it is gone although the database knows it, [`Error::Unavailable`].
    pub async fn open(&self, key: &str, part: Range<u64>) -> Result<Outgoing, Error> {
        // A stream tells only when it is read: that the file is there is asked before.
        self.operator.stat(key).await.map_err(|error| missing(key, &error))?;
        let reader = self.operator.reader(key).await.map_err(|error| missing(key, &error))?;
        reader.into_bytes_stream(part).await.map_err(|error| missing(key, &error))
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn remove(&self, key: &str) -> Result<(), Error> {
        self.operator.delete(key).await.map_err(|error| unavailable(&error))
    }
}

/// Makes the folder and the one inside for what is incoming.
fn prepare(folder: &Path) -> Result<(String, String), Error> {
    let root = std::path::absolute(folder).map_err(|error| told(folder, &error))?;
    let root = root.to_str().ok_or_else(|| told(folder, &ErrorKind::InvalidFilename))?;
    let incoming = format!("{root}/{INCOMING}");
    std::fs::create_dir_all(&incoming).map_err(|error| told(folder, &error))?;
    if let Err(error) = sweep(Path::new(&incoming)) {
        tracing::warn!(%error, "incomplete files could not be removed");
    }
    Ok((root.to_owned(), incoming))
}

fn told(folder: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::Unavailable(format!("the folder {} cannot be used: {why}", folder.display()))
}

fn missing(key: &str, error: &opendal::Error) -> Error {
    if error.kind() == opendal::ErrorKind::NotFound {
        Error::Bug(format!("the file {key} is gone"))
    } else {
        unavailable(error)
    }
}
