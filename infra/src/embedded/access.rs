//! Who may connect: files that the server reads at its start.

use std::io::Write;
use std::path::PathBuf;

use super::EmbeddedError;
use super::account::Account;
use super::place::Place;
use super::socket::ROLE;

/// Paths of the two files.
#[derive(Debug)]
pub(super) struct Access {
    pub(super) hba: PathBuf,
    pub(super) ident: PathBuf,
}

/// Writes them anew: the program may run under another account than last time.
pub(super) fn write(place: &Place) -> Result<Access, EmbeddedError> {
    let own = Account::own()?.name.replace('"', "\"\"");
    let hba = format!("# Written at each start. {NOTE}\nlocal all all peer map={ROLE}\n");
    let ident = format!("# Written at each start.\n{ROLE} \"{own}\" {ROLE}\n");
    let access =
        Access { hba: place.folder.join("pg_hba.conf"), ident: place.folder.join("pg_ident.conf") };
    for (path, text) in [(&access.hba, hba), (&access.ident, ident)] {
        replace(place, path, &text).map_err(EmbeddedError::folder("write", path))?;
    }
    Ok(access)
}

const NOTE: &str = "Only the user who runs the program, and only through the socket.";

/// Whole or not at all, and readable by the server, which may be another user.
fn replace(place: &Place, path: &PathBuf, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(&place.folder)?;
    file.write_all(text.as_bytes())?;
    place.account.give(file.path())?;
    file.persist(path)?;
    Ok(())
}
