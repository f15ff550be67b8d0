//! Where a cluster lies on disk, and who holds it.
//!
//! ```text
//! <home>/postgres/         ours            mode 0711 for root, 0700 otherwise
//!   lock                   held while a program uses the cluster; its process id
//!   pg_hba.conf pg_ident.conf server.log
//!   location               only for root: where the cluster is, when it cannot be here
//!   cluster/               the server's    mode 0700
//!     data/  run/          run/ holds the socket
//! ```
//!
//! What root writes lies in root's folder and never in the server's, where a hostile server could
//! have laid a link.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use nix::unistd::geteuid;

use super::EmbeddedError;
use super::account::Account;

/// Where root's clusters go whose home the server's account cannot enter.
pub(super) const ROOTS_FOLDER: &str = "/var/lib/xiangyue";

/// The folder of one cluster and the account it runs under. Holds the lock.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    pub(super) account: Account,
    lock: File,
}

impl Place {
    /// The place of the cluster that belongs to `home`, made where it is missing, and locked.
    pub(super) fn of_home(home: &Path) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(home).map_err(EmbeddedError::folder("create the folder", home))?;
        let home = fs::canonicalize(home).map_err(EmbeddedError::folder("find", home))?;
        let inside = home.join("postgres");
        make_ours(&inside)?;
        let mut account = Account::choose()?;
        let mut folder = inside.clone();
        if account.is_other() {
            // A cluster that is here stays, though it should turn out that it cannot run here.
            let here = inside.join("cluster").is_dir()
                || (account.can_enter(&inside) && can_give(&inside, &account));
            if !here {
                folder = outside(&home, &inside)?;
                tracing::info!(
                    "user {}, who runs Postgres for root, cannot keep a database in {}: it is kept \
                     in {}",
                    account.name,
                    inside.display(),
                    folder.display()
                );
            }
            account = owner_of(&folder.join("cluster"))?.unwrap_or(account);
        }
        Self::settle(folder, account)
    }

    /// A place under the folder for temporary files, with a name nobody can foresee.
    pub(super) fn temporary() -> Result<Self, EmbeddedError> {
        let account = Account::choose()?;
        // The socket's path must be short, and the server's account able to enter.
        let temporary = std::env::temp_dir();
        let fits = temporary.as_os_str().len() <= 50 && account.can_enter(&temporary);
        let parent = if fits { temporary } else { PathBuf::from("/tmp") };
        let folder = tempfile::Builder::new()
            .prefix("xiangyue-")
            .permissions(Permissions::from_mode(ours_mode()))
            .tempdir_in(&parent)
            .map_err(EmbeddedError::folder("create a folder in", &parent))?;
        let place = Self::settle(folder.path().to_owned(), account)?;
        // From here on its guardian removes it.
        let _ = folder.keep();
        Ok(place)
    }

    fn settle(folder: PathBuf, account: Account) -> Result<Self, EmbeddedError> {
        let lock = lock(&folder)?;
        let place = Self { folder, account, lock };
        if !place.account.can_enter(&place.folder) {
            return Err(EmbeddedError::CannotEnter {
                path: place.folder.clone(),
                user: place.account.name.clone(),
            });
        }
        make_servers(&place.cluster(), &place.account)?;
        Ok(place)
    }

    /// The server's own folder.
    pub(super) fn cluster(&self) -> PathBuf {
        self.folder.join("cluster")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.cluster().join("data")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }
}

impl Drop for Place {
    /// Closing the file is not enough: a child that another thread is just starting has a copy of
    /// it until its `exec`.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// Makes a folder of the server's account, or sees that it is one.
pub(super) fn make_servers(folder: &Path, account: &Account) -> Result<(), EmbeddedError> {
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(folder);
            let owner = found.map_err(EmbeddedError::folder("examine", folder))?.uid();
            if owner == account.uid.as_raw() {
                return Ok(());
            }
            // Ours yet: left so by a program killed before the next step.
            if owner != geteuid().as_raw() {
                let cause = io::Error::new(io::ErrorKind::PermissionDenied, "another user's");
                return Err(EmbeddedError::folder("use the folder", folder)(cause));
            }
        }
        Err(cause) => return Err(EmbeddedError::folder("create the folder", folder)(cause)),
    }
    account.give(folder).map_err(EmbeddedError::folder("give to the server's account", folder))
}

/// Whether files can be given to the account there. Some network and shared folders refuse.
fn can_give(folder: &Path, account: &Account) -> bool {
    tempfile::tempdir_in(folder).is_ok_and(|probe| account.give(probe.path()).is_ok())
}

fn make_ours(folder: &Path) -> Result<(), EmbeddedError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(ours_mode())
        .create(folder)
        .map_err(EmbeddedError::folder("create the folder", folder))
}

/// Root's server must pass through the folder; nobody else's business otherwise.
fn ours_mode() -> u32 {
    if geteuid().is_root() { 0o711 } else { 0o700 }
}

fn owner_of(folder: &Path) -> Result<Option<Account>, EmbeddedError> {
    match fs::symlink_metadata(folder) {
        Ok(found) if found.uid() != 0 => Account::by_uid(found.uid()).map(Some),
        _ => Ok(None),
    }
}

/// The folder below [`ROOTS_FOLDER`] for a home: the one on record, so that a checkout can be
/// moved, else one named by the home's path. `belongs-to` tells a moved checkout from a copied
/// one, which must not share the first one's data.
fn outside(home: &Path, inside: &Path) -> Result<PathBuf, EmbeddedError> {
    let record = inside.join("location");
    let recorded = fs::read_to_string(&record).ok().map(|text| PathBuf::from(text.trim_end()));
    let own = |folder: &PathBuf| {
        let other = fs::read_to_string(folder.join("belongs-to")).unwrap_or_default();
        let other = Path::new(other.trim_end());
        folder.is_dir() && (other == home || !other.join("postgres/location").exists())
    };
    let folder = recorded.filter(own).unwrap_or_else(|| {
        let name = hex::encode(digest(&SHA256, home.as_os_str().as_bytes()));
        Path::new(ROOTS_FOLDER).join(&name[..16])
    });
    make_ours(&folder)?;
    for (file, text) in [(folder.join("belongs-to"), home), (record, folder.as_path())] {
        let line = [text.as_os_str().as_bytes(), b"\n"].concat();
        fs::write(&file, line).map_err(EmbeddedError::folder("write", &file))?;
    }
    Ok(folder)
}

/// Takes the cluster's lock for the life of this program. The kernel gives it back however the
/// program ends, and no child inherits it.
fn lock(folder: &Path) -> Result<File, EmbeddedError> {
    let path = folder.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(EmbeddedError::folder("open", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let read = file.read_to_string(&mut pid).is_ok();
            let pid = Some(pid.trim()).filter(|pid| read && !pid.is_empty()).unwrap_or("unknown");
            return Err(EmbeddedError::InUse { folder: folder.to_owned(), pid: pid.to_owned() });
        }
        Err(TryLockError::Error(cause)) => return Err(EmbeddedError::folder("lock", &path)(cause)),
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(EmbeddedError::folder("write", &path))?;
    Ok(file)
}
