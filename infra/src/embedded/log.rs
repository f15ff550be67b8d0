//! The server's log, and what of it belongs into an error.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::EmbeddedError;

/// At a start, a log longer than this (bytes) becomes `server.log.1`. It grows without limit while
/// the server runs; with the settings used it takes errors and warnings, not statements.
const LENGTH_MAX: u64 = 10 * 1024 * 1024;
/// Lines shown of a log.
const LINES_SHOWN: usize = 20;

/// The log of one start.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) path: PathBuf,
    pub(super) file: File,
    begin: u64,
}

impl Log {
    pub(super) fn open(path: PathBuf) -> Result<Self, EmbeddedError> {
        if fs::metadata(&path).is_ok_and(|found| found.len() > LENGTH_MAX) {
            let older = path.with_extension("log.1");
            fs::rename(&path, &older).map_err(EmbeddedError::folder("rename", &path))?;
        }
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .map_err(EmbeddedError::folder("open", &path))?;
        let begin = file.metadata().map_err(EmbeddedError::folder("examine", &path))?.len();
        Ok(Self { path, file, begin })
    }

    /// The last lines since this start.
    pub(super) fn tail(&self) -> String {
        tail(&read_from(&self.path, self.begin).unwrap_or_default())
    }
}

fn read_from(path: &Path, begin: u64) -> std::io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(begin.max(length.saturating_sub(64 * 1024))))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The last lines of what a program said.
pub(super) fn tail(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")
}
