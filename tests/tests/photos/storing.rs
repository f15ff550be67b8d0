//! Where files are kept, and what is answered where they cannot be.

use std::path::Path;
use std::time::Instant;

use infra::files::{self, Files, Kind};
use infra::photos::sweep::remove_files;
use testing::World;
use testing::bucket::{Asked, Bucket, Mood};
use testing::notices::{db_count, tick};
use testing::photos::{fetch, fixture, incoming, stored, upload_fixture};

const SECRET: &str = "secret-of-the-bucket-that-nobody-sees";
const PHOTOS: &str = "SELECT count(*) FROM photos";

fn in_bucket(endpoint: &str, folder: &Path) -> Files {
    let bucket = files::Bucket {
        kind: Kind::S3,
        name: "village".into(),
        endpoint: endpoint.into(),
        region: None,
        folder: "/kept".into(),
        key_id: "key-of-the-test".into(),
        key_secret: SECRET.into(),
    };
    let files = Files::in_bucket(&bucket, folder).expect("a bucket");
    assert!(!format!("{files:?}").contains(SECRET));
    files
}

async fn world_with(bucket: &Bucket) -> World {
    let endpoint = bucket.endpoint.clone();
    World::with_files(move |folder| in_bucket(&endpoint, folder)).await
}

#[actix_web::test]
async fn photos_are_kept_in_a_bucket_if_the_settings_say_so() {
    let bucket = Bucket::start();
    let world = world_with(&bucket).await;
    let villager = world.sign_in("villager").await;
    let made = upload_fixture(&world, &villager, "baseline.jpg").await;
    let file = made["url"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned();
    let key = format!("/village/kept/photos/{}/{}/{file}", world.demo.village, &file[..2]);
    assert!(bucket.keys().contains(&key), "{key} in {:?}", bucket.keys());
    assert_eq!((bucket.keys().len(), stored(&world)), (2, 0));
    let whole = fetch(&world, &made["url"], &[]).await;
    assert_eq!(whole.status(), 200);
    let whole = whole.bytes().await.unwrap();
    let part = fetch(&world, &made["url"], &[("range", "bytes=5-14")]).await;
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), whole[5..15]);
    let signed = |asked: &Asked| {
        asked.authorization.starts_with("AWS4-HMAC-SHA256 Credential=key-of-the-test/")
    };
    assert!(bucket.asked().len() >= 4 && bucket.asked().iter().all(signed));
    world.clock.advance(25 * 60 * 60);
    tick(&world).await;
    world.clock.advance(2 * 60 * 60);
    assert_eq!(remove_files(&world.db, world.clock.now()).await.unwrap(), 2);
    assert_eq!(bucket.keys(), Vec::<String>::new());
}

#[actix_web::test]
async fn a_bucket_that_is_full_or_silent_is_answered_503_and_heals() {
    let bucket = Bucket::start();
    let world = world_with(&bucket).await;
    let villager = world.sign_in("villager").await;
    let path = world.village("photos");
    for mood in [Mood::Full, Mood::Silent] {
        bucket.set(mood);
        let began = Instant::now();
        let answer = villager.upload(&path, &fixture("baseline.jpg"), "a.jpg").await;
        assert_eq!(answer.headers["retry-after"], "5");
        answer.expect_problem(503, "unavailable");
        assert!(began.elapsed().as_secs() < 30, "{mood:?}: wx.uploadFile waits for 60 seconds");
        assert_eq!((db_count(&world, PHOTOS).await, incoming(&world)), (0, 0));
    }
    bucket.set(Mood::Well);
    let made = upload_fixture(&world, &villager, "baseline.jpg").await;
    assert_eq!(bucket.keys().len(), 2);
    bucket.set(Mood::Silent);
    let link = made["url"].as_str().unwrap();
    world.anonymous().get(link).await.expect_problem(503, "unavailable");
    // What is to go stays until the bucket is back.
    bucket.set(Mood::Well);
    assert_eq!(fetch(&world, &made["url"], &[]).await.status(), 200);
}

#[actix_web::test]
async fn a_disk_that_takes_nothing_is_answered_503_leaves_nothing_and_heals() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("photos");
    // Where the folder of photos would be stands a file; not even root can write into it.
    let blocked = world.folder().join("photos");
    std::fs::write(&blocked, b"").unwrap();
    let answer = villager.upload(&path, &fixture("baseline.jpg"), "a.jpg").await;
    answer.expect_problem(503, "unavailable");
    assert_eq!((db_count(&world, PHOTOS).await, incoming(&world)), (0, 0));
    std::fs::remove_file(&blocked).unwrap();
    // And where what is on its way in would be.
    let away = world.folder().join(".incoming");
    std::fs::remove_dir_all(&away).unwrap();
    std::fs::write(&away, b"").unwrap();
    let mut large = fixture("baseline.jpg");
    large.resize(1_000_000, 0);
    villager.upload(&path, &large, "a.jpg").await.expect_problem(503, "unavailable");
    assert_eq!((db_count(&world, PHOTOS).await, stored(&world)), (0, 0));
    std::fs::remove_file(&away).unwrap();
    std::fs::create_dir(&away).unwrap();
    upload_fixture(&world, &villager, "baseline.jpg").await;
    assert_eq!((stored(&world), incoming(&world)), (2, 0));
}
