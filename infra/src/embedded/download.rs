//! A server from the network, for machines that have none, through the crate
//! `postgresql_embedded`. It fetches an archive from GitHub and checks its hash.
//!
//! Only its download is used: it would run the server as root and without a socket.

use std::fs::{self, Permissions};
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postgresql_embedded::{PostgreSQL, Settings, V17, VersionReq};

use super::account::Account;
use super::place::ROOTS_FOLDER;

/// How long the whole download may take: about 15 MB, and some lines are slow.
const DOWNLOAD_MAX: Duration = Duration::from_secs(600);
/// How long the first contact may take, so that a machine without a network is told soon.
const CONTACT_MAX: Duration = Duration::from_secs(10);
/// Where the archives come from; postgresql_embedded's own choice.
pub(super) const FROM: &str = "github.com/theseus-rs/postgresql-binaries";
/// Whom the download asks first.
const SOURCE: &str = "api.github.com:443";

/// The folder of the programs, from an earlier download or a new one.
pub(super) fn folder(account: &Account, major: Option<u32>) -> Result<PathBuf, String> {
    let cache = cache(account)?;
    let done = cache.join(major.map_or("17".to_owned(), |major| major.to_string()));
    if done.join("bin/postgres").is_file() {
        return Ok(done.join("bin"));
    }
    let wanted = match major {
        Some(major) => VersionReq::parse(&format!("={major}")).map_err(|e| e.to_string())?,
        None => V17.clone(),
    };
    reachable()?;
    make_folder(&cache).map_err(|cause| format!("cannot create {}: {cause}", cache.display()))?;
    // Into a folder beside, then renamed: a download cut off leaves nothing that looks whole.
    let beside = tempfile::Builder::new()
        .prefix(".download-")
        .tempdir_in(&cache)
        .map_err(|cause| format!("cannot write in {}: {cause}", cache.display()))?;
    tracing::info!("no Postgres is installed: downloading one into {}", done.display());
    let unpacked = fetch(beside.path().join("server"), beside.path().join("unused"), wanted)?;
    open_to_all(&unpacked)
        .and_then(|()| fs::rename(&unpacked, &done))
        .map_err(|cause| format!("cannot move it to {}: {cause}", done.display()))?;
    Ok(done.join("bin"))
}

/// Where downloads are kept: for root where the server's account can enter too.
fn cache(account: &Account) -> Result<PathBuf, String> {
    if account.is_other() {
        return Ok(Path::new(ROOTS_FOLDER).join("servers"));
    }
    let set = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    set.or_else(|| Some(std::env::home_dir()?.join(".cache")))
        .map(|caches| caches.join("xiangyue"))
        .ok_or_else(|| "no home folder to keep it in".to_owned())
}

/// One connection, unless a proxy stands between: the crate itself sets no limit to that.
fn reachable() -> Result<(), String> {
    let proxies = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    if proxies.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return Ok(());
    }
    let failed = |cause: io::Error| format!("cannot reach {SOURCE}: {cause}");
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in SOURCE.to_socket_addrs().map_err(failed)? {
        match TcpStream::connect_timeout(&address, CONTACT_MAX) {
            Ok(_) => return Ok(()),
            Err(cause) => last = cause,
        }
    }
    Err(failed(last))
}

/// Downloads and unpacks in a thread with a runtime of its own: the caller may be inside one, and
/// a runtime cannot be entered twice.
fn fetch(target: PathBuf, unused: PathBuf, wanted: VersionReq) -> Result<PathBuf, String> {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|cause| cause.to_string())?;
        let fetched = runtime.block_on(async {
            tokio::time::timeout(DOWNLOAD_MAX, download(target, unused, wanted)).await
        });
        // Not waiting for a name look-up that never answers.
        runtime.shutdown_background();
        fetched.map_err(|_| format!("not done within {} seconds", DOWNLOAD_MAX.as_secs()))?
    };
    std::thread::spawn(work).join().map_err(|_| "the download broke off".to_owned())?
}

async fn download(target: PathBuf, unused: PathBuf, wanted: VersionReq) -> Result<PathBuf, String> {
    // `setup` downloads, then runs initdb unless the data folder looks initialised.
    fs::create_dir(&unused).map_err(|cause| cause.to_string())?;
    fs::write(unused.join("postgresql.conf"), "").map_err(|cause| cause.to_string())?;
    let mut settings = Settings::new();
    // It made two folders for a data folder and a password, which nothing would remove.
    for made in [Some(settings.data_dir.as_path()), settings.password_file.parent()] {
        made.map(fs::remove_dir).transpose().map_err(|cause| cause.to_string())?;
    }
    settings.version = wanted;
    settings.installation_dir = target;
    settings.password_file = unused.join("password");
    settings.data_dir = unused;
    settings.temporary = false;
    let mut server = PostgreSQL::new(settings);
    // Its errors keep no causes: "Request failed after 3 retries" is all there is.
    server.setup().await.map_err(|error| format!("{error} (HTTPS_PROXY names a proxy)"))?;
    Ok(server.settings().installation_dir.clone())
}

/// As `create_dir_all`, and open for the server's account whatever the umask.
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for part in folder.ancestors().take_while(|part| part.starts_with(ROOTS_FOLDER)) {
        fs::set_permissions(part, Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Lets every user enter the unpacked folders; the files carry the archive's own modes.
fn open_to_all(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            open_to_all(&entry.path())?;
        }
    }
    Ok(())
}
