//! Files on disk through opendal, so that another store is a matter of settings later. The only
//! module that knows where files lie.

use std::io::ErrorKind;
use std::path::Path;

use opendal::{Operator, services};

use crate::error::Error;

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
        let operator = Operator::new(services::Fs::default().root(root)).map_err(|e| told(&e))?;
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

    /// Reads a file whole.
    ///
    /// # Errors
    /// [`Error::Bug`] if it is gone although the database knows it, [`Error::Unavailable`].
    pub async fn get(&self, key: &str) -> Result<Vec<u8>, Error> {
        match self.0.read(key).await {
            Ok(buffer) => Ok(buffer.to_vec()),
            Err(error) if error.kind() == opendal::ErrorKind::NotFound => {
                Err(Error::Bug(format!("the file {key} is gone")))
            }
            Err(error) => Err(Error::Unavailable(error.to_string())),
        }
    }
}
