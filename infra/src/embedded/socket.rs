//! The folder of the server's socket, and the addresses that lead there.

use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::{fs, io};

use aws_lc_rs::digest::{SHA256, digest};

use super::EmbeddedError;
use super::place::{Place, make_servers};
use super::postmaster::PidFile;

/// The role that owns the cluster.
pub(super) const ROLE: &str = "xiangyue";
/// Only part of the socket's name: no network port is opened. Stated everywhere, because a
/// `PGPORT` in somebody's environment would change the default.
pub(super) const PORT: u16 = 5432;

/// Longest path of a socket that works everywhere: 103 bytes on macOS, 107 on Linux.
const PATH_MAX: usize = 103;
/// `/.s.PGSQL.5432.lock`, the longest name Postgres makes beside it.
const NAME: usize = 19;

/// The folder of a running server's socket. Removed when dropped, if the server left it empty: in
/// /tmp nobody else would.
#[derive(Debug)]
pub(super) struct Socket(pub(super) PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// A folder for the socket: beside the data, or a short one in /tmp where the path is too long or
/// the file system knows no sockets (some shared folders of virtual machines).
pub(super) fn folder(place: &Place) -> Result<Socket, EmbeddedError> {
    let folder = choose(place)?;
    // No server runs on these data, so these are remains. Their lock file holds a process id, and
    // Postgres would take whoever has that id today, or a zombie, for a server.
    if !PidFile::path(&place.data()).exists() {
        for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] {
            let _ = fs::remove_file(folder.join(name));
        }
    }
    Ok(Socket(folder))
}

fn choose(place: &Place) -> Result<PathBuf, EmbeddedError> {
    let beside = place.cluster().join("run");
    make_servers(&beside, &place.account)?;
    if beside.as_os_str().len() + NAME <= PATH_MAX && takes_sockets(&beside) {
        return Ok(beside);
    }
    let name = hex::encode(digest(&SHA256, place.folder.as_os_str().as_bytes()));
    let short = Path::new("/tmp").join(format!("xiangyue-{}", &name[..16]));
    make_servers(&short, &place.account)?;
    // In /tmp a folder left open to others would let them play the server.
    let found = fs::symlink_metadata(&short).map_err(EmbeddedError::folder("examine", &short))?;
    if !found.is_dir() || found.mode() & 0o077 != 0 {
        let cause = io::Error::new(io::ErrorKind::PermissionDenied, "it is open to other users");
        return Err(EmbeddedError::folder("keep the socket in", &short)(cause));
    }
    Ok(short)
}

fn takes_sockets(folder: &Path) -> bool {
    let probe = folder.join("probe");
    let _ = fs::remove_file(&probe);
    let bound = UnixListener::bind(&probe).is_ok();
    let _ = fs::remove_file(&probe);
    bound
}

/// `postgresql://xiangyue@%2Fpath:5432/name`, as libpq, diesel and pgbench take it.
pub(super) fn url(folder: &Path, database: &str) -> String {
    let host = encode(folder.as_os_str().as_bytes());
    format!("postgresql://{ROLE}@{host}:{PORT}/{}", encode(database.as_bytes()))
}

fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(*byte));
            }
            _ => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
        text
    })
}
