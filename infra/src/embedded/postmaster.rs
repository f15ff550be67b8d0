//! The server process: starting it, waiting for it, ending it.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{fs, io};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::EmbeddedError;
use super::binaries::Binaries;
use super::log::Log;
use super::place::Place;

/// How long a start may take: after a crash of the machine Postgres replays its log first.
const START_MAX: Duration = Duration::from_secs(300);
/// How long the sessions of a killed server may go on holding its shared memory.
const REMAINS_MAX: Duration = Duration::from_secs(15);
/// How long a fast stop may take, which writes everything to disk.
const FAST_MAX: Duration = Duration::from_secs(60);
/// How long an immediate stop may take, which writes nothing.
const IMMEDIATE_MAX: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(5);

/// How a server is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Ends sessions and writes everything to disk; immediate when that takes too long.
    Fast,
    /// At once, for data that is thrown away.
    Immediate,
}

impl Stop {
    /// The signals to send, each with the time it has to work.
    pub(super) fn steps(self) -> &'static [(Signal, Duration)] {
        const STEPS: [(Signal, Duration); 2] =
            [(Signal::SIGINT, FAST_MAX), (Signal::SIGQUIT, IMMEDIATE_MAX)];
        match self {
            Self::Fast => &STEPS,
            Self::Immediate => &STEPS[1..],
        }
    }
}

/// A running server, a child of this program. Ended when dropped.
#[derive(Debug)]
pub(super) struct Postmaster {
    child: Child,
    data: PathBuf,
    stop: Stop,
}

impl Postmaster {
    /// Starts the server on the data of `place` and waits until it takes connections. `told` gets
    /// its process id at once.
    pub(super) fn start(
        place: &Place,
        binaries: &Binaries,
        arguments: &[OsString],
        stop: Stop,
        mut told: impl FnMut(u32),
    ) -> Result<Self, EmbeddedError> {
        let log = Log::open(place.log())?;
        let began = Instant::now();
        loop {
            let mut postmaster = Self::spawn(place, binaries, arguments, stop, &log)?;
            told(postmaster.child.id());
            match postmaster.wait_until_ready() {
                Ok(()) => return Ok(postmaster),
                Err(reason) => {
                    let tail = log.tail();
                    let remains = tail.contains("pre-existing shared memory block");
                    if !remains || began.elapsed() > REMAINS_MAX {
                        return Err(EmbeddedError::Start { reason, log: log.path, tail });
                    }
                    sleep(Duration::from_millis(500));
                }
            }
        }
    }

    fn spawn(
        place: &Place,
        binaries: &Binaries,
        arguments: &[OsString],
        stop: Stop,
        log: &Log,
    ) -> Result<Self, EmbeddedError> {
        let program = binaries.program("postgres");
        let output = || log.file.try_clone().map_err(EmbeddedError::folder("open", &log.path));
        let child = place
            .account
            .command(&program, &place.cluster())
            .arg("-D")
            .arg(place.data())
            .args(arguments)
            // A Ctrl-C goes to the whole group of the terminal: Postgres must not hear it before
            // the program has ended its own work.
            .process_group(0)
            .stdout(output()?)
            .stderr(output()?)
            .spawn();
        let user = place.account.name.clone();
        let child = child.map_err(|cause| EmbeddedError::Spawn { program, user, cause })?;
        Ok(Self { child, data: place.data(), stop })
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let began = Instant::now();
        let mut reported = 0;
        while began.elapsed() < START_MAX {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("it ended with {status}"));
            }
            let file = PidFile::read(&self.data);
            if file.is_some_and(|file| file.ready && file.pid == self.pid()) {
                return Ok(());
            }
            let waited = began.elapsed().as_secs() / 10;
            if waited > reported {
                reported = waited;
                tracing::info!("Postgres has been starting for {} seconds", waited * 10);
            }
            sleep(PAUSE);
        }
        Err(format!("it was not ready after {} seconds", START_MAX.as_secs()))
    }

    fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// Ends the server. Nothing happens if it has ended already.
    pub(super) fn end(&mut self) -> Result<(), EmbeddedError> {
        let (pid, data) = (self.pid(), self.data.clone());
        end(pid, self.stop, || !matches!(self.child.try_wait(), Ok(None)))
            .then_some(())
            .ok_or(EmbeddedError::Stuck { pid, data })
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::warn!("{error}");
        }
    }
}

/// Sends the signals of `stop` in turn until `gone` says so. Whether it did.
pub(super) fn end(pid: i32, stop: Stop, mut gone: impl FnMut() -> bool) -> bool {
    for (signal, limit) in stop.steps() {
        if gone() {
            return true;
        }
        let _ = kill(Pid::from_raw(pid), *signal);
        let began = Instant::now();
        while began.elapsed() < *limit {
            if gone() {
                return true;
            }
            sleep(PAUSE);
        }
    }
    false
}

/// What a postmaster writes about itself into its data folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) pid: i32,
    ready: bool,
}

impl PidFile {
    pub(super) fn path(data: &Path) -> PathBuf {
        data.join("postmaster.pid")
    }

    /// The file's content; none where there is no file, or only its beginning.
    pub(super) fn read(data: &Path) -> Option<Self> {
        let text: io::Result<String> = fs::read_to_string(Self::path(data));
        let text = text.ok()?;
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        // The eighth line is its state.
        Some(Self { pid, ready: lines.nth(6).is_some_and(|state| state.trim() == "ready") })
    }
}

#[cfg(test)]
mod tests {
    use super::PidFile;

    #[test]
    fn a_postmaster_is_ready_when_its_file_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| std::fs::write(folder.path().join("postmaster.pid"), text);
        assert_eq!(PidFile::read(folder.path()), None);
        write("4711\n/data\n1700000000\n5432\n/run\n\n  123 456\nstarting\n").unwrap();
        assert_eq!(PidFile::read(folder.path()), Some(PidFile { pid: 4711, ready: false }));
        write("4711\n/data\n1700000000\n5432\n/run\n\n  123 456\nready   \n").unwrap();
        assert_eq!(PidFile::read(folder.path()), Some(PidFile { pid: 4711, ready: true }));
    }
}
