use std::io;
use std::path::{Path, PathBuf};

use super::binaries::MAJOR_MIN;

/// What a person without a usable server should do next.
const INSTALL: &str = "Install one, for example with
  Debian, Ubuntu:  apt-get install postgresql
  Fedora, RHEL:    dnf install postgresql-server
  Alpine:          apk add postgresql
  macOS:           brew install postgresql
or name a running server in DATABASE_URL.";

/// Why the private cluster could not be started, stopped or used. The texts are written for the
/// person at the terminal: what failed, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No server program could be used; `tried` has a line for each place looked at.
    #[error(
        "no Postgres server of version {MAJOR_MIN} or newer can be used.\nTried:\n{}\n{INSTALL}",
        listed(tried)
    )]
    NoServer {
        /// Each place looked at, with the reason it would not do.
        tried: Vec<String>,
    },
    /// The data folder was made by another major version than the servers found. Left alone.
    #[error(
        "the database in {data} was made by Postgres {major}, and no server of that version can be \
         used.\nTried:\n{}\nInstall Postgres {major}; or carry the data over with pg_upgrade or \
         pg_dumpall; or move that folder away to begin with an empty database. Nothing in it was \
         changed.",
        listed(tried)
    )]
    OtherMajor {
        /// The data folder.
        data: PathBuf,
        /// The major version in its `PG_VERSION`.
        major: u32,
        /// Each place looked at, with the reason it would not do.
        tried: Vec<String>,
    },
    /// Another program that is still running holds this cluster.
    #[error(
        "the database in {folder} is in use by another program, process {pid}. Stop that one \
         first, or give this one a folder of its own"
    )]
    InUse {
        /// The cluster's folder.
        folder: PathBuf,
        /// Process id as the holder wrote it, or `unknown`.
        pid: String,
    },
    /// A file or folder could not be made, read or written.
    #[error("cannot {action} {path}: {cause}. {}", remedy(cause))]
    Folder {
        /// What was attempted, as a verb: `create the folder`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        cause: io::Error,
    },
    /// The path is there, but is not something this module made.
    #[error("{path} is there, but is not a Postgres data folder. Move it away and start again")]
    NotAData {
        /// The folder without a readable `PG_VERSION`.
        path: PathBuf,
    },
    /// Running as root, and no account to run the server under.
    #[error(
        "Postgres refuses to run as root, and there is neither a user `postgres` nor a user \
         `nobody` to run it as. Create one (useradd --system postgres) or run this program as an \
         ordinary user"
    )]
    NoAccount,
    /// A user id has no name. Both initdb and the peer check need it.
    #[error(
        "user id {uid} has no name on this system, which Postgres needs. Add it to /etc/passwd, or \
         run this program as a named user"
    )]
    Nameless {
        /// The user id.
        uid: u32,
    },
    /// The server's account may not enter the folder of an existing cluster.
    #[error(
        "the database in {path} belongs to user {user}, who can no longer enter that folder. Allow \
         it on each folder above (chmod o+x), or move the folder back to where it was"
    )]
    CannotEnter {
        /// The cluster's folder.
        path: PathBuf,
        /// Name of the server's account.
        user: String,
    },
    /// A program could not be started at all.
    #[error("cannot run {program} as user {user}: {cause}")]
    Spawn {
        /// The program.
        program: PathBuf,
        /// Name of the account it was to run under.
        user: String,
        /// The system's answer.
        cause: io::Error,
    },
    /// `initdb` failed.
    #[error("initdb could not make a database in {data}:\n{output}")]
    Initdb {
        /// The folder it was to fill.
        data: PathBuf,
        /// The end of what it said.
        output: String,
    },
    /// The server ended, or was not ready within the limit.
    #[error("Postgres did not start: {reason}.\nThe end of its log {log}:\n{tail}")]
    Start {
        /// What was seen.
        reason: String,
        /// The log file.
        log: PathBuf,
        /// Its last lines since this start.
        tail: String,
    },
    /// A server would not end, whether one of ours or one left by an earlier run.
    #[error("Postgres (process {pid}) on {data} does not stop. End it by hand: kill -QUIT {pid}")]
    Stuck {
        /// The postmaster's process id.
        pid: i32,
        /// Its data folder.
        data: PathBuf,
    },
    /// The server runs, yet refuses us.
    #[error("cannot connect to {url}: {cause}")]
    Connect {
        /// The address, which holds no secret.
        url: String,
        /// libpq's answer.
        cause: diesel::ConnectionError,
    },
    /// A statement on databases failed.
    #[error("cannot {action}: {cause}")]
    Database {
        /// What was attempted: `create the database "x"`.
        action: String,
        /// The server's answer.
        cause: diesel::result::Error,
    },
    /// A database name that Postgres would cut short or refuse.
    #[error("{name:?} is no database name: 1 to 63 bytes, none of them zero")]
    DatabaseName {
        /// The name.
        name: String,
    },
}

impl EmbeddedError {
    /// For `map_err`: what was attempted on which path.
    pub(super) fn folder(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Folder { action, path, cause }
    }
}

fn listed(tried: &[String]) -> String {
    tried.iter().map(|line| format!("  - {line}")).collect::<Vec<_>>().join("\n")
}

fn remedy(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "The disk is full: free some space, or choose a folder on another disk"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "That file system is read-only: choose a folder on another one"
        }
        io::ErrorKind::PermissionDenied => {
            "Run the program as the user who owns that folder (was it first run as root?), or \
             choose a folder this user may write to"
        }
        _ => "The database is kept there: choose a folder this user may write to",
    }
}
