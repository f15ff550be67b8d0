//! The private Postgres cluster that the program, the tests and the benchmarks start by
//! themselves. Unix only.
//!
//! Two kinds: [`Cluster::start`] keeps its data in a home folder, one program at a time;
//! [`Cluster::start_disposable`] goes with its owner. Reading order: `cluster`, then the steps of a
//! start as it takes them: `place`, `leftover`, `binaries` (`download`), `initdb`, `access`,
//! `socket`, `settings`, `postmaster`, `guardian`.
//!
//! # Who can connect
//! Only through a Unix socket in a folder of mode 0700, never over the network: there is no port
//! that could be taken or reached, and no password that could leak from an address, a process
//! list or a log. Within, the server asks the kernel who calls (`peer`) and admits the one account
//! that runs the program, as the role `xiangyue`. So `psql` and `pgbench` need nothing but the
//! address from [`Cluster::url`], and other users of the machine get nowhere.
//!
//! # As root
//! Postgres refuses to run as root. The server then runs as `postgres`, else `nobody`, or as
//! whoever owns the data already. Where that account cannot enter the home, as under `/root`, the
//! cluster is kept in `/var/lib/xiangyue/<hash of the home's path>`; `<home>/postgres/location`
//! names it, and a line of the log says so.
//!
//! # When things break off
//! - Ctrl-C: the server has a process group of its own and hears nothing; the caller stops it.
//! - `kill -9` of the program: a kept server runs on. The kernel frees the lock, and the next
//!   start ends that server and starts a new one. A disposable one is ended by its guardian.
//! - `kill -9` during the first start: `initdb` worked in a folder beside, which is removed.
//! - Two programs on one home: the second is refused, and told the process id of the first.
//! - Data of another major version: a server of that version is looked for, else refused.
//!
//! # Absent
//! Upgrades between major versions, backups, replication and tuning: whoever needs those runs a
//! Postgres of their own and names it in `DATABASE_URL`.

mod access;
mod account;
mod binaries;
mod cluster;
mod databases;
mod download;
mod error;
mod guardian;
mod initdb;
mod leftover;
mod log;
mod place;
mod postmaster;
mod settings;
mod socket;

pub use binaries::{Binaries, Search};
pub use cluster::{Cluster, Durability, Options};
pub use error::EmbeddedError;
