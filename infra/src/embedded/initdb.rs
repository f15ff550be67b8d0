//! Making the data folder, and telling whose it is.

use std::fs::{self, File};
use std::path::Path;

use super::binaries::Binaries;
use super::log::tail;
use super::place::Place;
use super::socket::ROLE;
use super::{Durability, EmbeddedError};

/// Beginning of the name of a folder that `initdb` is still filling.
const PARTIAL: &str = "partial-";

/// The major version of the data that is there, if any.
pub(super) fn major_of(place: &Place) -> Result<Option<u32>, EmbeddedError> {
    let data = place.data();
    if fs::symlink_metadata(&data).is_err() {
        return Ok(None);
    }
    let version = fs::read_to_string(data.join("PG_VERSION")).ok();
    let major = version.and_then(|text| text.trim().parse().ok());
    major.map(Some).ok_or(EmbeddedError::NotAData { path: data })
}

/// Makes the data folder: beside its place and then renamed, so that what a killed program leaves
/// half done is never taken for a database.
pub(super) fn run(
    place: &Place,
    binaries: &Binaries,
    durability: Durability,
) -> Result<(), EmbeddedError> {
    let cluster = place.cluster();
    remove_partial(&cluster)?;
    let partial = cluster.join(format!("{PARTIAL}{}", std::process::id()));
    // The C locale in UTF-8 sorts alike on every machine. macOS knows it only since version 14.
    let mut said = String::new();
    for locale in ["--locale=C.UTF-8", "--no-locale"] {
        let mut command = place.account.command(&binaries.program("initdb"), &cluster);
        command.arg("--pgdata").arg(&partial).args([
            &format!("--username={ROLE}"),
            "--encoding=UTF8",
            locale,
            "--lc-messages=C",
            // Overruled at each start (access.rs); this is for those who start it by hand.
            "--auth-local=peer",
            "--auth-host=reject",
        ]);
        if durability == Durability::Relaxed {
            command.arg("--no-sync");
        }
        let answer = command.output().map_err(|cause| EmbeddedError::Spawn {
            program: binaries.program("initdb"),
            user: place.account.name.clone(),
            cause,
        })?;
        if answer.status.success() {
            return fs::rename(&partial, place.data())
                .and_then(|()| File::open(&cluster)?.sync_all())
                .map_err(EmbeddedError::folder("rename into place", &partial));
        }
        said = tail(&[answer.stdout, answer.stderr].concat());
        if !said.contains("locale") {
            break;
        }
        remove_partial(&cluster)?;
    }
    Err(EmbeddedError::Initdb { data: cluster, output: said })
}

/// Removes what earlier starts left half done.
fn remove_partial(cluster: &Path) -> Result<(), EmbeddedError> {
    for entry in fs::read_dir(cluster).map_err(EmbeddedError::folder("read", cluster))?.flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(PARTIAL.as_bytes()) {
            // An initdb left alone by kill -9 may still write there; the next start tries again.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}
