//! The commands besides `serve`.

use std::path::Path;

use infra::demo;

use super::database::Database;
use super::{Failed, wechat};
use crate::clock::Clock;
use crate::openapi;
use crate::settings::{Mode, Settings};

pub(super) fn migrate(settings: &Settings) -> Result<(), Failed> {
    // Opening migrates.
    Database::open(settings)?.close()?;
    println!("The schema is up to date.");
    Ok(())
}

pub(super) fn seed(settings: &Settings) -> Result<(), Failed> {
    if settings.mode == Mode::Production {
        return Err(Failed("the demo villages are not for production".into()));
    }
    let database = Database::open(settings)?;
    let made = demo::seed(&database.db, Clock::default().now())?;
    println!("The demo villages are there; the first is {}.", made.village);
    database.close()
}

pub(super) fn invite_admin(settings: &Settings) -> Result<(), Failed> {
    let database = Database::open(settings)?;
    let printed = infra::invitations::create_platform_admin(&database.db, Clock::default().now())?;
    println!("{}", printed.code);
    eprintln!(
        "Good once, until {}: sign in with the mini-program and enter it as an invitation code.",
        crate::time::shown(printed.expires_at)
    );
    database.close()
}

pub(super) fn openapi(check: Option<&Path>) -> Result<(), Failed> {
    let text = openapi::text();
    let Some(path) = check else {
        print!("{text}");
        return Ok(());
    };
    if std::fs::read_to_string(path)? == text {
        println!("{} is up to date.", path.display());
        return Ok(());
    }
    let path = path.display();
    Err(Failed(format!(
        "{path} is not what the code says; write it anew with: cargo run -- openapi > {path}"
    )))
}

pub(super) fn wechat_standin(port: u16) -> Result<(), Failed> {
    let builder = wechat::standin(&Clock::default());
    actix_web::rt::System::new().block_on(async {
        builder
            .run(("127.0.0.1", port), |address| {
                println!("The stand-in for WeChat listens on http://{address}");
                println!("  appid {}   secret {}", wechat::DEMO_APPID, wechat::DEMO_APP_SECRET);
                println!("  codes: demo-KEY, or POST /standin/login-codes");
            })
            .await
    })?;
    Ok(())
}
