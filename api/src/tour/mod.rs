//! `xiangyue tour`: plays what a village does, over HTTP like any client, and tells every step as a
//! person would. Any answer that is not the expected one ends it with exit code 1.

mod person;
mod picture;
mod report;
mod reward;
mod shop;
mod village;

use std::net::TcpListener;

use clap::Parser;
use infra::demo;

use crate::boot::{CommandLine, Database, Failed, start};
use crate::settings::Settings;
use person::Stage;

/// Plays the tour against a demo server, or against a fresh one that is thrown away.
///
/// # Errors
/// The step that surprised, with what was expected and what came.
pub fn play(url: Option<String>, settings: &Settings) -> Result<(), Failed> {
    let system = actix_web::rt::System::new();
    if let Some(url) = url {
        return system.block_on(story(url.trim_end_matches('/')));
    }
    println!("Starting a fresh demo server for the tour …");
    let folder = tempfile::tempdir()?;
    // The settings of the demo, whatever the environment says: nothing real is touched.
    let mut own = CommandLine::parse_from(["xiangyue"]).into_settings();
    own.home = folder.path().to_owned();
    own.postgres_programs.clone_from(&settings.postgres_programs);
    own.mode = crate::settings::Mode::Demo;
    own.demo_sign_in = true;
    own.secret = crate::settings::DEMO_SECRET.into();
    let database = Database::disposable(&own)?;
    demo::seed(&database.db, crate::clock::Clock::default().now())?;
    let told = system.block_on(async {
        let running = start(&own, &database, TcpListener::bind("127.0.0.1:0")?)?;
        let told = story(&format!("http://{}", running.address)).await;
        running.stop().await;
        told
    });
    database.close().and(told)
}

/// Three acts: from a declared deed to a discount at the shop; from a photo to points; from points to
/// goods, a paid shop and a share of the pool.
async fn story(url: &str) -> Result<(), Failed> {
    let mut stage = Stage::new(url);
    let earned = village::earn_four_stars(&mut stage).await?;
    shop::buy(&mut stage, &earned).await?;
    report::see_and_report(&mut stage, &earned.village).await?;
    reward::give_back(&mut stage, &earned).await?;
    stage.narrate("The tour is over: everything came as it should.");
    Ok(())
}
