use std::path::Path;

use super::binaries::{Binaries, Search};
use super::guardian::Guardian;
use super::place::Place;
use super::postmaster::{Postmaster, Stop};
use super::settings::arguments;
use super::socket::Socket;
use super::{EmbeddedError, access, initdb, leftover, socket};

/// What a commit is worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// As in production: what was committed survives a loss of power.
    #[default]
    Full,
    /// `fsync`, `synchronous_commit` and `full_page_writes` off, for tests.
    Relaxed,
}

/// How to run a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Where to look for the server.
    pub search: Search,
    /// What a commit is worth.
    pub durability: Durability,
    /// Postgres' `max_connections`: the pools of all programs, three kept back for the superuser.
    pub max_connections: u16,
    /// Further settings of `postgresql.conf`, name and value. They win over this module's own.
    pub settings: Vec<(String, String)>,
}

impl Default for Options {
    /// Any server, full durability, 100 connections.
    fn default() -> Self {
        Self {
            search: Search::default(),
            durability: Durability::default(),
            max_connections: 100,
            settings: Vec::new(),
        }
    }
}

/// A running private cluster. Dropping it stops the server, as [`Cluster::stop`] does; the data of
/// a kept one stays. Blocking throughout: in async code, call it where blocking is allowed.
#[derive(Debug)]
pub struct Cluster {
    // In the order of their end: the server, its socket, the guardian of its folder, the lock.
    postmaster: Postmaster,
    socket: Socket,
    _guardian: Option<Guardian>,
    place: Place,
    binaries: Binaries,
    pub(super) durability: Durability,
}

impl Cluster {
    /// Starts the cluster kept in `home` (such as `.xiangyue`), made at the first start. A server
    /// that a killed program left behind is ended first.
    ///
    /// # Errors
    /// Every [`EmbeddedError`] but those on databases.
    pub fn start(home: &Path, options: &Options) -> Result<Self, EmbeddedError> {
        let place = Place::of_home(home)?;
        leftover::clear(&place)?;
        Self::bring_up(place, options, None)
    }

    /// Starts an empty cluster in a temporary folder that goes with this program, also when the
    /// program is killed or keeps the cluster in a static.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_disposable(options: &Options) -> Result<Self, EmbeddedError> {
        let place = Place::temporary()?;
        let guardian = Guardian::watch(&place.folder)?;
        Self::bring_up(place, options, Some(guardian))
    }

    fn bring_up(
        place: Place,
        options: &Options,
        mut guardian: Option<Guardian>,
    ) -> Result<Self, EmbeddedError> {
        let major = initdb::major_of(&place)?;
        let binaries = Binaries::find_for(&options.search, &place.account, major)
            .map_err(|tried| without_server(&place, major, tried))?;
        if major.is_none() {
            initdb::run(&place, &binaries, options.durability)?;
        }
        let access = access::write(&place)?;
        let socket = socket::folder(&place)?;
        let arguments = arguments(&access, &socket.0, options);
        let stop = if guardian.is_some() { Stop::Immediate } else { Stop::Fast };
        let postmaster = Postmaster::start(&place, &binaries, &arguments, stop, |pid| {
            if let Some(guardian) = &mut guardian {
                guardian.tell(pid);
            }
        })?;
        let durability = options.durability;
        let cluster = Self { postmaster, _guardian: guardian, place, socket, binaries, durability };
        // The one thing left that could be wrong is the peer check: better said here.
        drop(cluster.connect("postgres")?);
        tracing::info!(
            "Postgres {} from {} runs on {} as user {}",
            cluster.binaries.version(),
            cluster.binaries.folder().display(),
            cluster.place.folder.display(),
            cluster.place.account.name
        );
        Ok(cluster)
    }

    /// The address of a database, which need not be there, for libpq, diesel and pgbench. Holds no
    /// secret: the server asks the kernel who calls. `postgres` is always there.
    pub fn url(&self, database: &str) -> String {
        socket::url(&self.socket.0, database)
    }

    /// The folder the cluster is kept in. For root this may lie far from its home.
    pub fn folder(&self) -> &Path {
        &self.place.folder
    }

    /// The programs of the server.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// Stops the server: sessions are ended, everything is written to disk. After 60 seconds
    /// without success it is stopped at once, and recovers at the next start. A disposable cluster
    /// is stopped at once and removed.
    ///
    /// # Errors
    /// [`EmbeddedError::Stuck`] where the server does not end even then.
    pub fn stop(mut self) -> Result<(), EmbeddedError> {
        self.postmaster.end()
    }
}

fn without_server(place: &Place, major: Option<u32>, tried: Vec<String>) -> EmbeddedError {
    match major {
        Some(major) => EmbeddedError::OtherMajor { data: place.data(), major, tried },
        None => EmbeddedError::NoServer { tried },
    }
}
