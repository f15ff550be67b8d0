//! The database: one of the operator's own, or a private one under the home folder.

use std::time::Duration;

use infra::db::{Db, DbOptions};
use infra::embedded::{Cluster, Options, Search};
use infra::files::Files;
use infra::secrets::Secrets;

use super::Failed;
use crate::settings::Settings;

const NAME: &str = "xiangyue";
/// How long a request waits for a free connection before it is answered 503.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// How long one statement may take; settling a large village takes the longest.
const STATEMENT_MAX: Duration = Duration::from_secs(60);

/// An open, migrated database, with the private cluster behind it if there is one.
#[derive(Debug)]
pub struct Database {
    /// The connections.
    pub db: Db,
    cluster: Option<Cluster>,
}

impl Database {
    /// Opens the database that the settings name, or starts the private one, and migrates it.
    ///
    /// # Errors
    /// What is missing or in the way, with what to do about it.
    pub fn open(settings: &Settings) -> Result<Self, Failed> {
        let (url, cluster) = match &settings.database_url {
            Some(url) => (url.expose().to_owned(), None),
            None => {
                let cluster = start(settings)?;
                (cluster.url(NAME), Some(cluster))
            }
        };
        Self::connect(settings, url, files(settings)?, cluster)
    }

    /// A database that is thrown away when it is dropped, in a folder of its own.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn disposable(settings: &Settings) -> Result<Self, Failed> {
        let options = Options { search: search(settings), ..Options::default() };
        let cluster = Cluster::start_disposable(&options)?;
        cluster.create_database(NAME)?;
        Self::connect(settings, cluster.url(NAME), files(settings)?, Some(cluster))
    }

    fn connect(
        settings: &Settings,
        url: String,
        files: Files,
        cluster: Option<Cluster>,
    ) -> Result<Self, Failed> {
        let options = DbOptions {
            url,
            connections_max: settings.database_connections,
            wait_max: WAIT_MAX,
            statement_max: STATEMENT_MAX,
        };
        let db = Db::open(options, Secrets::new(settings.secret.expose())?, files)
            .map_err(|error| Failed(format!("the database cannot be reached: {error}")))?;
        for migration in db.migrate()? {
            tracing::info!(migration, "migrated");
        }
        Ok(Self { db, cluster })
    }

    /// Closes what was opened; a private cluster is stopped.
    ///
    /// # Errors
    /// When Postgres does not stop.
    pub fn close(self) -> Result<(), Failed> {
        drop(self.db);
        if let Some(cluster) = self.cluster {
            cluster.stop()?;
        }
        Ok(())
    }
}

/// Where uploaded files are kept.
fn files(settings: &Settings) -> Result<Files, Failed> {
    let folder = settings.home.join("files");
    Ok(match settings.store.bucket()? {
        Some(bucket) => Files::in_bucket(&bucket, &folder)?,
        None => Files::in_folder(&folder)?,
    })
}

fn search(settings: &Settings) -> Search {
    settings.postgres_programs.clone().map_or_else(Search::default, Search::Folder)
}

fn start(settings: &Settings) -> Result<Cluster, Failed> {
    let connections = u16::try_from(settings.database_connections).unwrap_or(200);
    let options = Options {
        search: search(settings),
        // The pool, and room for psql beside it.
        max_connections: connections.saturating_add(20).max(40),
        ..Options::default()
    };
    let cluster = Cluster::start(&settings.home, &options)?;
    if !cluster.has_database(NAME)? {
        cluster.create_database(NAME)?;
    }
    Ok(cluster)
}
