//! What nobody needs goes, and nothing else.

use actix_web::rt::spawn;
use actix_web::rt::time::sleep;
use infra::photos::sweep::remove_files;
use serde_json::{Value, json};
use std::time::Duration;
use testing::World;
use testing::claims::deed;
use testing::notices::{db_count, db_run, tick};
use testing::photos::{fetch, fixture, stored, upload_fixture};

const DAY: u32 = 24 * 60 * 60 + 1;
const HOUR: u32 = 60 * 60 + 1;
const PHOTOS: &str = "SELECT count(*) FROM photos";
const FILES: &str = "SELECT count(*) FROM photo_files";

async fn remove(world: &World) -> usize {
    remove_files(&world.db, world.clock.now()).await.expect("removed")
}

/// The link that a photo has now, made as the program makes it.
async fn status(world: &World, link: &Value) -> u16 {
    fetch(world, link, &[]).await.status().as_u16()
}

#[actix_web::test]
async fn what_belongs_to_nothing_goes_after_a_day_and_what_supports_a_claim_stays() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let lost = upload_fixture(&world, &villager, "rgb.png").await;
    let body = deed(&world, &villager, "villager", "NEI-1", json!({})).await;
    let kept = body["evidence_ids"][0].as_str().unwrap().to_owned();
    villager.post(&world.village("claims"), body).await.expect(201);
    assert_eq!((db_count(&world, PHOTOS).await, stored(&world)), (2, 4));
    world.clock.advance(DAY - 60);
    assert_eq!(tick(&world).await.failures.len(), 0);
    assert_eq!((remove(&world).await, db_count(&world, PHOTOS).await), (0, 2));
    world.clock.advance(60);
    assert_eq!(tick(&world).await.failures.len(), 0);
    assert_eq!(db_count(&world, PHOTOS).await, 1);
    let villager = world.sign_in("villager").await;
    let path = world.village(&format!("photos/{}", lost["id"].as_str().unwrap()));
    villager.get(&path).await.expect_problem(404, "not_found");
    // Whoever uploads the same at this moment still finds the files.
    assert_eq!((remove(&world).await, stored(&world)), (0, 4));
    world.clock.advance(HOUR);
    assert_eq!((remove(&world).await, stored(&world)), (2, 2));
    assert_eq!(db_count(&world, FILES).await, 2);
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&world.village(&format!("photos/{kept}"))).await.expect(200);
    assert_eq!(status(&world, &shown["url"]).await, 200);
    // It is too late to use what is gone.
    let gone = json!({"evidence_ids": [lost["id"]]});
    let body = deed(&world, &villager, "villager", "NEI-1", gone).await;
    let late = villager.post(&world.village("claims"), body).await;
    late.expect_problem(422, "photo_not_usable");
}

#[actix_web::test]
async fn a_file_of_two_photos_goes_with_the_last_of_them() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    upload_fixture(&world, &villager, "rgb.png").await;
    world.clock.advance(DAY / 2);
    let villager = world.sign_in("villager").await;
    let younger = upload_fixture(&world, &villager, "rgb.png").await;
    assert_eq!((db_count(&world, PHOTOS).await, stored(&world)), (2, 2));
    world.clock.advance(DAY / 2 + 10);
    tick(&world).await;
    assert_eq!(db_count(&world, PHOTOS).await, 1);
    world.clock.advance(HOUR);
    assert_eq!((remove(&world).await, stored(&world)), (0, 2));
    let villager = world.sign_in("villager").await;
    let path = world.village(&format!("photos/{}", younger["id"].as_str().unwrap()));
    let shown = villager.get(&path).await.expect(200);
    assert_eq!(status(&world, &shown["url"]).await, 200);
}

#[actix_web::test]
async fn several_workers_at_once_remove_everything_once() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    for name in ["rgb.png", "gray.jpg", "cmyk.jpg", "lossy.webp"] {
        upload_fixture(&world, &villager, name).await;
    }
    world.clock.advance(DAY);
    let rounds = tokio::join!(tick(&world), tick(&world), tick(&world));
    for round in [rounds.0, rounds.1, rounds.2] {
        assert_eq!(round.failures.len(), 0, "{:?}", round.failures);
    }
    assert_eq!(db_count(&world, PHOTOS).await, 0);
    world.clock.advance(HOUR);
    let removed = tokio::join!(remove(&world), remove(&world), remove(&world));
    assert_eq!(removed.0 + removed.1 + removed.2, 8);
    assert_eq!((stored(&world), db_count(&world, FILES).await), (0, 0));
}

#[actix_web::test]
async fn what_was_killed_before_it_had_a_photo_goes_within_two_hours() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    upload_fixture(&world, &villager, "rgb.png").await;
    // As if the program had been killed after the files were written and before the row was.
    db_run(&world, "DELETE FROM photos".into()).await;
    db_run(&world, "UPDATE photo_files SET unneeded_since = now()".into()).await;
    assert_eq!((remove(&world).await, stored(&world)), (0, 2));
    world.clock.advance(HOUR);
    assert_eq!((remove(&world).await, stored(&world)), (2, 0));
    assert_eq!(db_count(&world, FILES).await, 0);
}

#[actix_web::test]
async fn a_removal_that_was_killed_is_taken_over_and_an_upload_waits_for_its_end() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    upload_fixture(&world, &villager, "rgb.png").await;
    // As if a worker had been killed after it marked the files, before it removed one.
    db_run(&world, "DELETE FROM photos".into()).await;
    let killed = "UPDATE photo_files SET \
        unneeded_since = now() - interval '2 hours', removing_until = now() + interval '10 minutes'";
    db_run(&world, killed.into()).await;
    let (path, uploader) = (world.village("photos"), villager.clone());
    let upload = spawn(async move { uploader.upload(&path, &fixture("rgb.png"), "a").await });
    sleep(Duration::from_millis(700)).await;
    assert!(!upload.is_finished(), "the file may go any moment");
    assert_eq!((remove(&world).await, stored(&world)), (0, 2), "the mark holds");
    world.clock.advance(11 * 60);
    assert_eq!(remove(&world).await, 2);
    let made = upload.await.unwrap().expect(201);
    assert_eq!(stored(&world), 2);
    assert_eq!(status(&world, &made["url"]).await, 200);
}

#[actix_web::test]
async fn a_file_that_got_a_photo_meanwhile_is_not_removed() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let made = upload_fixture(&world, &villager, "rgb.png").await;
    // As if whoever forgot another photo of the file had not seen this one yet.
    let unseen = "UPDATE photo_files SET unneeded_since = now() - interval '2 hours'";
    db_run(&world, unseen.into()).await;
    assert_eq!((remove(&world).await, stored(&world)), (0, 2));
    assert_eq!(status(&world, &made["url"]).await, 200);
    let unneeded = "SELECT count(*) FROM photo_files WHERE unneeded_since IS NOT NULL";
    assert_eq!(db_count(&world, unneeded).await, 0);
}
