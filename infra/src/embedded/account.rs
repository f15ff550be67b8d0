//! Under which account the server runs, and how a program is run under it.

use std::path::Path;
use std::process::{Command, Stdio};

use std::os::unix::process::CommandExt;

use nix::unistd::{Gid, Uid, User, geteuid};

use super::EmbeddedError;

/// What a child keeps of our environment. The rest may hold secrets (settings of the program) or
/// steer Postgres (`PGDATA`, `PGPORT`, `PGOPTIONS`).
const ENVIRONMENT_KEPT: [&str; 4] = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR"];

/// The account the server runs under: our own, unless we are root.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: Uid,
    pub(super) gid: Gid,
}

impl Account {
    /// Our own account, or for root the first there is of `postgres` and `nobody`.
    pub(super) fn choose() -> Result<Self, EmbeddedError> {
        let own = geteuid();
        if !own.is_root() {
            return Self::by_uid(own.as_raw());
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(Self::from)
            .ok_or(EmbeddedError::NoAccount)
    }

    pub(super) fn by_uid(uid: u32) -> Result<Self, EmbeddedError> {
        let found = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        found.map(Self::from).ok_or(EmbeddedError::Nameless { uid })
    }

    /// The account of this program, as the server's peer check will name it.
    pub(super) fn own() -> Result<Self, EmbeddedError> {
        Self::by_uid(geteuid().as_raw())
    }

    /// Whether a child must change to this account.
    pub(super) fn is_other(&self) -> bool {
        self.uid != geteuid()
    }

    /// A command that will run under this account in `folder`, with no input and few variables.
    /// `folder` must be one the account can enter: the program's own may not be.
    pub(super) fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(folder).stdin(Stdio::null());
        for name in ENVIRONMENT_KEPT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // Messages in English, which this module reads; dates in UTC.
        command.env("LC_ALL", "C").env("TZ", "UTC");
        if self.is_other() {
            command.gid(self.gid.as_raw()).uid(self.uid.as_raw());
        }
        command
    }

    /// Whether the account can enter `folder`, found out by entering it: modes, access lists and
    /// mount options all have their say.
    pub(super) fn can_enter(&self, folder: &Path) -> bool {
        self.command(Path::new("/bin/sh"), folder)
            .args(["-c", ":"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Gives `path` to this account, where it is not ours already. Does not follow a link.
    pub(super) fn give(&self, path: &Path) -> std::io::Result<()> {
        if !self.is_other() {
            return Ok(());
        }
        std::os::unix::fs::lchown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))
    }
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self { name: user.name, uid: user.uid, gid: user.gid }
    }
}
