//! The server a killed program left behind.
//!
//! It is ended and started again, not adopted: it may run older settings or another version's
//! programs, and sessions of the dead program may still hold locks in it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, io};

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::EmbeddedError;
use super::place::Place;
use super::postmaster::{PidFile, Stop, end};

/// Ends the server that runs on the data of `place`, if one does, and removes a `postmaster.pid`
/// that names a process which is no Postgres. Called with the place's lock held.
pub(super) fn clear(place: &Place) -> Result<(), EmbeddedError> {
    let data = place.data();
    let Some(PidFile { pid, .. }) = PidFile::read(&data) else { return Ok(()) };
    match occupant(pid, &data) {
        // Postgres removes the file of a dead process by itself.
        Occupant::Nobody => Ok(()),
        Occupant::Ours => {
            tracing::info!("ending the Postgres (process {pid}) an earlier run left on its data");
            // A clean end removes the file; a process that was killed would look alive as a zombie.
            let gone = || {
                PidFile::read(&data).is_none_or(|file| file.pid != pid)
                    || occupant(pid, &data) != Occupant::Ours
            };
            if !end(pid, Stop::Fast, gone) {
                return Err(EmbeddedError::Stuck { pid, data });
            }
            // Killed, it left its file, which may be in the way.
            clear(place)
        }
        // Postgres would take any process of its own user for a server, and refuse to start.
        Occupant::Stranger => {
            tracing::info!("process {pid} is no Postgres: removing a stale postmaster.pid");
            let file = PidFile::path(&data);
            match fs::remove_file(&file) {
                Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                    Err(EmbeddedError::folder("remove", &file)(cause))
                }
                _ => Ok(()),
            }
        }
        // Perhaps started by hand with a relative path. Postgres judges, and says so in its log.
        Occupant::OtherPostgres => Ok(()),
    }
}

/// What a process id in `postmaster.pid` stands for today.
#[derive(Debug, PartialEq, Eq)]
enum Occupant {
    Nobody,
    Ours,
    OtherPostgres,
    Stranger,
}

fn occupant(pid: i32, data: &Path) -> Occupant {
    if pid <= 1 || kill(Pid::from_raw(pid), None) == Err(Errno::ESRCH) {
        return Occupant::Nobody;
    }
    // With a space at the end of each word, so that one folder's name may begin another's.
    let Some(line) = command_line(pid) else { return Occupant::OtherPostgres };
    if line.contains(&format!("-D {} ", data.display())) {
        Occupant::Ours
    } else if line.contains("postgres") || line.contains("postmaster") {
        Occupant::OtherPostgres
    } else {
        Occupant::Stranger
    }
}

/// The words of a process's command line, a space after each; empty for a zombie.
fn command_line(pid: i32) -> Option<String> {
    if let Ok(bytes) = fs::read(format!("/proc/{pid}/cmdline")) {
        return Some(String::from_utf8_lossy(&bytes).replace('\0', " "));
    }
    let ps = Command::new("ps")
        .args(["-ww", "-o", "command=", "-p", &pid.to_string()])
        .stdin(Stdio::null())
        .output();
    ps.ok().map(|answer| format!("{} ", String::from_utf8_lossy(&answer.stdout).trim_end()))
}
