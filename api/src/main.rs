//! The program `xiangyue`: settings to server; nothing else.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // A missing .env is the usual case; one that cannot be read is told.
    match dotenvy::dotenv() {
        Ok(_) => {}
        Err(error) if error.not_found() => {}
        Err(error) => {
            eprintln!("xiangyue: .env cannot be read: {error}");
            return ExitCode::from(2);
        }
    }
    api::boot::run(api::boot::CommandLine::parse())
}
