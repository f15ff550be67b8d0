//! A file on its way in: its beginning in memory, the rest on disk, in a file without a name that goes
//! by itself whatever happens.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::PathBuf;

use crate::db::Db;
use crate::error::Error;

/// How much is held in memory before it is written to disk, in bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// A file on its way in.
#[derive(Debug)]
pub struct Upload {
    folder: PathBuf,
    piece: Vec<u8>,
    file: Option<File>,
    bytes: usize,
}

impl Upload {
    /// Begins to take a file.
    pub fn begin(db: &Db) -> Self {
        let folder = db.files().incoming().to_owned();
        Self { folder, piece: Vec::new(), file: None, bytes: 0 }
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`Error::Unavailable`], such as when the disk is full.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.bytes += piece.len();
        self.piece.extend_from_slice(piece);
        if self.piece.len() < PIECE_BYTES {
            return Ok(());
        }
        let (full, file, folder) =
            (std::mem::take(&mut self.piece), self.file.take(), self.folder.clone());
        let written = tokio::task::spawn_blocking(move || {
            let mut file = file.map_or_else(|| tempfile::tempfile_in(folder), Ok)?;
            file.write_all(&full)?;
            Ok::<_, std::io::Error>((file, full))
        });
        let (file, mut piece) = written
            .await
            .map_err(|error| Error::Bug(error.to_string()))?
            .map_err(|error| Error::Unavailable(format!("an upload cannot be written: {error}")))?;
        piece.clear();
        (self.file, self.piece) = (Some(file), piece);
        Ok(())
    }

    /// How many bytes came so far.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// A file that came whole: these bytes and nothing behind them, up to so many.
    #[cfg(test)]
    pub(super) fn of(beginning: &[u8], bytes: usize) -> Self {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(beginning).expect("written");
        file.set_len(bytes as u64).expect("as long as that");
        Self { folder: PathBuf::new(), piece: Vec::new(), file: Some(file), bytes }
    }

    /// All of it. Waits for the disk.
    pub(super) fn read(self) -> std::io::Result<Vec<u8>> {
        let Some(mut file) = self.file else { return Ok(self.piece) };
        let mut all = Vec::with_capacity(self.bytes);
        file.rewind()?;
        file.read_to_end(&mut all)?;
        all.extend_from_slice(&self.piece);
        Ok(all)
    }
}
