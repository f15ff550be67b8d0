//! Files on disk through opendal, so that another store is a matter of settings later. The only
//! module that knows where files lie.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use opendal::{Buffer, Operator, Writer, services};

use crate::error::Error;

/// A folder beside the keys, for what is not complete yet.
const INCOMING: &str = ".incoming";
/// Whatever is still incoming after so long was cut off.
const CUT_OFF_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A file that is read piece by piece.
pub type Outgoing = opendal::FuturesBytesStream;

/// A file that is written piece by piece. It stands under its key only once it is complete.
pub struct Incoming(Writer);

impl Incoming {
    /// Writes the next piece.
    ///
    /// # Errors
    /// [`Error::Unavailable`], such as when the disk is full.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.0.write(Buffer::from(piece.to_vec())).await.map_err(|error| unavailable(&error))
    }

    /// Puts the file under its key.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn finish(mut self) -> Result<(), Error> {
        self.0.close().await.map(|_| ()).map_err(|error| unavailable(&error))
    }

    /// Lets go what was written.
    pub async fn discard(mut self) {
        if let Err(error) = self.0.abort().await {
            tracing::warn!(%error, "an incomplete file stays behind for a day");
        }
    }
}

fn unavailable(error: &opendal::Error) -> Error {
    Error::Unavailable(error.to_string())
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
pub struct Files(Operator);

impl Files {
    /// A store in a folder, which is made if it does not exist.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the folder and the reason, such as a disk that cannot be written.
    pub fn in_folder(folder: &Path) -> Result<Self, Error> {
        let told = |why: &dyn std::fmt::Display| {
            Error::Unavailable(format!("the folder {} cannot be used: {why}", folder.display()))
        };
        std::fs::create_dir_all(folder).map_err(|error| told(&error))?;
        let root = std::path::absolute(folder).map_err(|error| told(&error))?;
        let root = root.to_str().ok_or_else(|| told(&ErrorKind::InvalidFilename))?;
        let incoming = format!("{root}/{INCOMING}");
        let store = services::Fs::default().root(root).atomic_write_dir(&incoming);
        let operator = Operator::new(store).map_err(|e| told(&e))?;
        if let Err(error) = sweep(Path::new(&incoming)) {
            tracing::warn!(%error, "incomplete files could not be removed");
        }
        Ok(Self(operator))
    }

    /// Writes a file whole; what stood under the key is replaced.
    ///
    /// # Errors
    /// [`Error::Unavailable`], such as when the disk is full.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), Error> {
        self.0
            .write(key, bytes)
            .await
            .map(|_| ())
            .map_err(|error| Error::Unavailable(error.to_string()))
    }

    /// Begins a file that is written piece by piece.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn begin(&self, key: &str) -> Result<Incoming, Error> {
        self.0.writer(key).await.map(Incoming).map_err(|error| unavailable(&error))
    }

    /// Opens a file that is read piece by piece.
    ///
    /// # Errors
    /// [`Error::Bug`] if it is gone although the database knows it, [`Error::Unavailable`].
    pub async fn open(&self, key: &str) -> Result<Outgoing, Error> {
        let size = self.0.stat(key).await.map_err(|error| missing(key, &error))?.content_length();
        let reader = self.0.reader(key).await.map_err(|error| missing(key, &error))?;
        reader.into_bytes_stream(0..size).await.map_err(|error| missing(key, &error))
    }

    /// Removes a file, if it is there. A failure is only logged: nothing knows the file any more.
    pub async fn remove(&self, key: &str) {
        if let Err(error) = self.0.delete(key).await {
            tracing::warn!(%error, key, "a file that nothing knows stays behind");
        }
    }

    /// Reads a file whole.
    ///
    /// # Errors
    /// [`Error::Bug`] if it is gone although the database knows it, [`Error::Unavailable`].
    pub async fn get(&self, key: &str) -> Result<Vec<u8>, Error> {
        match self.0.read(key).await {
            Ok(buffer) => Ok(buffer.to_vec()),
            Err(error) => Err(missing(key, &error)),
        }
    }
}

fn missing(key: &str, error: &opendal::Error) -> Error {
    if error.kind() == opendal::ErrorKind::NotFound {
        Error::Bug(format!("the file {key} is gone"))
    } else {
        unavailable(error)
    }
}
