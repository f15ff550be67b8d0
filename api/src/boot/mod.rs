//! From the command line to a running program.
//!
//! `serve` binds its port first, so that a taken one is told before anything is started; then the
//! database, then WeChat, then the server. It ends in the opposite order on Ctrl-C or SIGTERM.

mod commands;
mod database;
mod greeting;
mod logging;
mod serve;
mod templates;
mod wechat;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use database::Database;
pub use serve::{Running, start};

use crate::settings::Settings;

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "xiangyue", version, about = "Governance by points for villages (乡约)")]
pub struct CommandLine {
    /// What to do; `serve` if nothing is said.
    #[command(subcommand)]
    command: Option<Command>,
    /// The settings, which every command takes.
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests (the default). Without DATABASE_URL it runs a Postgres of its own.
    Serve,
    /// Bring the database's schema up to date, and nothing else.
    Migrate,
    /// Make the demo villages, if they are not there yet.
    Seed,
    /// Play the whole main job over HTTP and tell every step.
    Tour {
        /// A demo server that runs already; else a fresh one is started and thrown away.
        #[arg(long)]
        url: Option<String>,
    },
    /// Print the OpenAPI document, or compare a file with it.
    Openapi {
        /// The file to compare; exit code 1 if it differs.
        #[arg(long)]
        check: Option<PathBuf>,
    },
    /// Print an invitation code for the first administrator of the platform.
    InviteAdmin,
    /// Run the stand-in for WeChat alone, for developers of mini-programs.
    WechatStandin {
        /// The port to listen on.
        #[arg(long, default_value_t = 8090)]
        port: u16,
    },
}

impl CommandLine {
    /// The settings alone.
    pub fn into_settings(self) -> Settings {
        self.settings
    }
}

/// Does what the command line says.
pub fn run(line: CommandLine) -> ExitCode {
    let CommandLine { command, mut settings } = line;
    if matches!(command, Some(Command::Tour { .. })) {
        // The tour tells its own story.
        "warn".clone_into(&mut settings.log);
    }
    logging::start(&settings);
    let faults = settings.faults();
    if !faults.is_empty() {
        eprintln!("xiangyue: these settings are not for production:");
        for fault in faults {
            eprintln!("  - {fault}");
        }
        return ExitCode::from(2);
    }
    let done = match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(&settings),
        Command::Migrate => commands::migrate(&settings),
        Command::Seed => commands::seed(&settings),
        Command::Tour { url } => crate::tour::play(url, &settings),
        Command::Openapi { check } => commands::openapi(check.as_deref()),
        Command::InviteAdmin => commands::invite_admin(&settings),
        Command::WechatStandin { port } => commands::wechat_standin(port),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            eprintln!("xiangyue: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Why a command did not do its work, in words for whoever typed it.
#[derive(Debug)]
pub struct Failed(pub String);

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        // The causes say what the outermost error leaves out.
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let cause_text = cause.to_string();
            if !text.contains(&cause_text) {
                text = format!("{text}: {cause_text}");
            }
            source = cause.source();
        }
        Self(text)
    }
}
