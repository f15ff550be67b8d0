//! The connections to Postgres, and the ways to use one: [`Db::read`], [`Db::write`],
//! [`Db::write_of_one_moment`], and where a queue waits, [`Db::write_statement`].
//!
//! A write is a closure that can be run again: it loads, lets the domain decide, and writes guarded
//! statements. When a guard fails ([`Error::LostRace`]) or Postgres asks for it (40001, 40P01), the
//! closure runs anew on fresh data. Nothing here waits for anything but Postgres.
//!
//! Connections are not pinged at checkout. One that turns out dead is dropped, together with all
//! that were opened before it failed, and work that cannot have been committed is tried once more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use domain::refusal::Refusal;

use crate::calendar::CalendarCache;
use crate::error::Error;
use crate::files::Files;
use crate::places::PlaceCache;
use crate::rule_books::BookCache;
use crate::secrets::Secrets;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

/// How often a write is decided anew before it gives up with `contended`.
const ATTEMPTS_MAX: u32 = 8;

diesel::define_sql_function! {
    /// A setting of the server.
    fn current_setting(name: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// What the reads of a decision see: each what is committed when it runs, or all of them one moment.
#[derive(Clone, Copy, Debug)]
enum Sees {
    EachItsMoment,
    OneMoment,
}

/// Which run of a decision it is, see [`Db::write_statement`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The first: every statement is a transaction of its own.
    First,
    /// A race was lost: all of it is one transaction, and what is contended is locked first.
    Again,
}

/// How the pool is made.
#[derive(Clone, Debug)]
pub struct DbOptions {
    /// The libpq URL or connection string. Never logged.
    pub url: String,
    /// How many connections at most: about four for each processor of the database.
    pub connections_max: u32,
    /// How long a request waits for a connection before it is answered 503.
    pub wait_max: Duration,
    /// How long one statement may take before Postgres ends it.
    pub statement_max: Duration,
}

/// The database with what is needed to read it: keys, files, and things that hardly change.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Db(..)")
    }
}

struct Inner {
    pool: r2d2::Pool<Manager>,
    epoch: Arc<AtomicU64>,
    secrets: Secrets,
    files: Files,
    places: PlaceCache,
    books: BookCache,
    calendar: CalendarCache,
}

/// A pooled connection, and whether it failed.
struct Pooled {
    connection: PgConnection,
    epoch: u64,
    broken: bool,
}

struct Manager {
    options: DbOptions,
    epoch: Arc<AtomicU64>,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = diesel::ConnectionError;

    fn connect(&self) -> Result<Pooled, diesel::ConnectionError> {
        let epoch = self.epoch.load(Ordering::Acquire);
        let mut connection = PgConnection::establish(&self.options.url)?;
        let settings = format!(
            "SET TIME ZONE 'UTC'; SET statement_timeout = {}; SET lock_timeout = '5s'; \
             SET idle_in_transaction_session_timeout = '30s'",
            self.options.statement_max.as_millis()
        );
        connection
            .batch_execute(&settings)
            .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
        Ok(Pooled { connection, epoch, broken: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), diesel::ConnectionError> {
        if pooled.broken {
            return Err(diesel::ConnectionError::BadConnection("dropped after an error".into()));
        }
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.broken || std::thread::panicking()
    }
}

impl Db {
    /// Opens the pool. Fails when not one connection can be made within `wait_max`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with libpq's words, which do not contain the password.
    pub fn open(options: DbOptions, secrets: Secrets, files: Files) -> Result<Self, Error> {
        let epoch = Arc::new(AtomicU64::new(0));
        let (connections_max, wait_max) = (options.connections_max, options.wait_max);
        let manager = Manager { options, epoch: Arc::clone(&epoch) };
        let pool = r2d2::Pool::builder()
            .max_size(connections_max)
            .min_idle(Some(1))
            .connection_timeout(wait_max)
            .test_on_check_out(false)
            .error_handler(Box::new(LogErrors))
            .build(manager)
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self(Arc::new(Inner {
            pool,
            epoch,
            secrets,
            files,
            places: PlaceCache::default(),
            books: BookCache::default(),
            calendar: CalendarCache::default(),
        })))
    }

    /// Brings the schema up to date. Answers the migrations that were applied.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Bug`] with the migration that failed.
    pub fn migrate(&self) -> Result<Vec<String>, Error> {
        let mut pooled = self.checkout()?;
        let applied = pooled
            .connection
            .run_pending_migrations(MIGRATIONS)
            .map_err(|error| Error::Bug(format!("migration: {error}")))?;
        Ok(applied.iter().map(ToString::to_string).collect())
    }

    /// How many connections there are at most: more threads than that only wait.
    pub fn connections_max(&self) -> u32 {
        self.0.pool.max_size()
    }

    /// What of Postgres' settings keeps this program from working as it should, in words for whoever
    /// runs it: a server that words its errors in another language than English, by which a deadlock
    /// or a full disk is not recognised.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub fn misgivings(&self) -> Result<Option<String>, Error> {
        let language: String =
            self.read(|c| Ok(diesel::select(current_setting("lc_messages")).get_result(c)?))?;
        let english = ["", "C", "POSIX"].contains(&language.as_str())
            || language.starts_with("en")
            || language.starts_with("C.");
        Ok((!english).then(|| {
            format!(
                "Postgres words its errors in {language}: deadlocks and full disks will be answered \
                 as bugs. As its superuser: ALTER DATABASE … SET lc_messages TO 'C'"
            )
        }))
    }

    /// That moment, or the time of Postgres if that is earlier: for what must not happen before both say so.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub fn earlier(&self, moment: DateTime<Utc>) -> Result<DateTime<Utc>, Error> {
        let now: DateTime<Utc> = self.read(|c| {
            Ok(diesel::select(diesel::dsl::now.into_sql::<Timestamptz>()).get_result(c)?)
        })?;
        Ok(moment.min(now))
    }

    /// Asks Postgres for a sign of life.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub fn ping(&self) -> Result<(), Error> {
        self.read(|c| Ok(c.batch_execute("SELECT 1")?))
    }

    /// Keys.
    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// Where files are kept.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    pub(crate) fn place_cache(&self) -> &PlaceCache {
        &self.0.places
    }

    pub(crate) fn book_cache(&self) -> &BookCache {
        &self.0.books
    }

    pub(crate) fn calendar_cache(&self) -> &CalendarCache {
        &self.0.calendar
    }

    /// Runs queries that change nothing. Tried once more on another connection if this one is dead.
    ///
    /// # Errors
    /// Those of the closure; [`Error::Unavailable`].
    pub fn read<T>(
        &self,
        mut query: impl FnMut(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.attempt(&mut query) {
            Err(Error::Unavailable(why)) => {
                tracing::warn!(why, "a database connection failed; trying another");
                self.attempt(&mut query)
            }
            other => other,
        }
    }

    /// Runs a decision in a transaction, and again on fresh data as long as it loses races.
    ///
    /// # Errors
    /// Those of the closure; `contended` after too many races; [`Error::Unavailable`].
    pub fn write<T>(
        &self,
        decide: impl FnMut(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.write_seeing(Sees::EachItsMoment, decide)
    }

    /// As [`Db::write`], but all it reads is of one moment (REPEATABLE READ): for sums over several queries.
    ///
    /// # Errors
    /// As for [`Db::write`].
    pub fn write_of_one_moment<T>(
        &self,
        decide: impl FnMut(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.write_seeing(Sees::OneMoment, decide)
    }

    fn write_seeing<T>(
        &self,
        sees: Sees,
        mut decide: impl FnMut(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut dead = 0;
        for attempt in 0..ATTEMPTS_MAX {
            let mut decided = false;
            let outcome = self.attempt(&mut |connection| {
                let transaction = connection.build_transaction().read_write();
                let mut transaction = match sees {
                    Sees::EachItsMoment => transaction.read_committed(),
                    Sees::OneMoment => transaction.repeatable_read(),
                };
                transaction.run(|tx| {
                    decided = false;
                    let done = decide(tx)?;
                    decided = true;
                    Ok(done)
                })
            });
            match outcome {
                Err(Error::LostRace) => {
                    // Let the winner finish; the wait grows, so that many do not dance together.
                    std::thread::sleep(Duration::from_millis(u64::from(attempt)));
                }
                // Before the commit was sent nothing can have been written.
                Err(Error::Unavailable(why)) if !decided && dead == 0 => {
                    tracing::warn!(why, "a database connection failed; trying another");
                    dead += 1;
                }
                other => return other,
            }
        }
        Err(Refusal::Contended.into())
    }

    /// As [`Db::write`], for a decision that writes with a single statement: the first try goes
    /// without BEGIN and COMMIT, which saves two of four round trips. That is safe because the
    /// statement itself is a transaction and is guarded by what was read. A try after a lost race
    /// runs in a transaction and takes its locks before it reads, so that it cannot lose again to
    /// others in the same queue.
    ///
    /// The closure must be bound to an `Idempotency-Key` that its statement records: a connection
    /// that dies may have taken the commit with it, and the next try then finds the stored answer.
    ///
    /// # Errors
    /// Those of the closure; `contended` after too many races; [`Error::Unavailable`].
    pub fn write_statement<T>(
        &self,
        mut decide: impl FnMut(&mut PgConnection, Turn) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut dead = 0;
        for attempt in 0..ATTEMPTS_MAX {
            let outcome = self.attempt(&mut |connection| {
                if attempt == 0 {
                    decide(connection, Turn::First)
                } else {
                    connection.build_transaction().read_write().run(|tx| decide(tx, Turn::Again))
                }
            });
            match outcome {
                Err(Error::LostRace) => {
                    std::thread::sleep(Duration::from_millis(u64::from(attempt)));
                }
                Err(Error::Unavailable(why)) if dead == 0 => {
                    tracing::warn!(why, "a database connection failed; trying another");
                    dead += 1;
                }
                other => return other,
            }
        }
        Err(Refusal::Contended.into())
    }

    /// Runs something that waits for Postgres on a thread that may wait, for those who must not.
    ///
    /// # Errors
    /// Those of the work.
    pub async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let db = self.clone();
        tokio::task::spawn_blocking(move || work(&db))
            .await
            .map_err(|error| Error::Bug(error.to_string()))?
    }

    fn attempt<T>(
        &self,
        work: &mut impl FnMut(&mut PgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut pooled = self.checkout()?;
        let outcome = work(&mut pooled.connection);
        if matches!(outcome, Err(Error::Unavailable(_) | Error::Bug(_))) {
            pooled.broken = true;
            if matches!(outcome, Err(Error::Unavailable(_))) {
                // What was opened before this failure is suspect too.
                self.0.epoch.fetch_add(1, Ordering::AcqRel);
            }
        }
        outcome
    }

    fn checkout(&self) -> Result<r2d2::PooledConnection<Manager>, Error> {
        loop {
            let mut pooled =
                self.0.pool.get().map_err(|error| Error::Unavailable(error.to_string()))?;
            if pooled.epoch >= self.0.epoch.load(Ordering::Acquire) {
                return Ok(pooled);
            }
            pooled.broken = true;
        }
    }
}

#[derive(Debug)]
struct LogErrors;

impl r2d2::HandleError<diesel::ConnectionError> for LogErrors {
    fn handle_error(&self, error: diesel::ConnectionError) {
        tracing::warn!(%error, "cannot open a database connection");
    }
}
