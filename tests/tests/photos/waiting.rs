//! Many at once.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use testing::World;
use testing::notices::db_count;
use testing::photos::{fetch, fixture, incoming, stored, upload_fixture};

#[actix_web::test]
async fn thirty_two_photos_at_once_are_all_taken() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    world.warm_up().await;
    let path = world.village("photos");
    // Large ones, two at a time, so that most wait; each its own file but for two.
    let large = fixture("large_lossy.webp");
    let names = ["baseline.jpg", "progressive.jpg", "deep.png", "lossy.webp"];
    let files = (0..32).map(|n| if n % 2 == 0 { large.clone() } else { fixture(names[n % 4]) });
    let uploads = files.map(|file| {
        let (villager, path) = (villager.clone(), path.clone());
        async move { villager.upload(&path, &file, "a").await.expect(201) }
    });
    let made = join_all(uploads).await;
    let ids: BTreeSet<_> = made.iter().map(|photo| photo["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 32);
    for photo in &made {
        assert_eq!(fetch(&world, &photo["url"], &[]).await.status(), 200);
        assert_eq!(fetch(&world, &photo["thumbnail_url"], &[]).await.status(), 200);
    }
    let unneeded = "SELECT count(*) FROM photo_files WHERE unneeded_since IS NOT NULL";
    assert_eq!(db_count(&world, unneeded).await, 0);
    let files = db_count(&world, "SELECT count(*) FROM photo_files").await;
    assert_eq!((i64::try_from(stored(&world)), incoming(&world)), (Ok(files), 0));
}

#[actix_web::test]
async fn one_who_goes_away_while_waiting_gives_the_turn_to_the_next() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("photos");
    for _ in 0..8 {
        let large = fixture("large_transparent.webp");
        let upload = villager.upload(&path, &large, "a.webp");
        let gone = actix_web::rt::time::timeout(std::time::Duration::from_millis(30), upload).await;
        drop(gone);
    }
    upload_fixture(&world, &villager, "baseline.jpg").await;
}
