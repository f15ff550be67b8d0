//! Buckets of each kind, at the addresses that their clouds give them.
//!
//! Their names lead nowhere from here. So a process of its own, this very test program, is told by its
//! environment that they lie behind a proxy, which is the bucket of the tests.

use std::process::{Command, Stdio};

use actix_web::web::block;
use infra::files::{self, Files, Kind};
use infra::photos::sweep::remove_files;
use testing::World;
use testing::bucket::Bucket;
use testing::notices::tick;
use testing::photos::{fetch, upload_fixture};

const NAME: &str = "village-1250000000";
const BEHIND_PROXY: &str = "XIANGYUE_TEST_BEHIND_PROXY";
/// Each kind, where it is, what stands before its keys, and how its signatures begin.
const KINDS: [(Kind, &str, &str, &str); 4] = [
    (
        Kind::S3,
        "http://s3.example.cn",
        "s3.example.cn/village-1250000000/kept/photos/",
        "AWS4-HMAC-SHA256 Credential=key-of-the-test/",
    ),
    (
        Kind::Cos,
        "http://cos.ap-guangzhou.myqcloud.com",
        "village-1250000000.cos.ap-guangzhou.myqcloud.com/kept/photos/",
        "q-sign-algorithm=sha1&q-ak=key-of-the-test&",
    ),
    (
        Kind::Oss,
        "http://oss-cn-hangzhou.aliyuncs.com",
        "village-1250000000.oss-cn-hangzhou.aliyuncs.com/kept/photos/",
        "OSS key-of-the-test:",
    ),
    (
        Kind::Obs,
        "http://obs.cn-south-1.myhuaweicloud.com",
        "village-1250000000.obs.cn-south-1.myhuaweicloud.com/kept/photos/",
        "OBS key-of-the-test:",
    ),
];

#[actix_web::test]
#[ignore = "a part of the test below, in a process of its own"]
async fn the_process_behind_the_proxy() {
    if std::env::var_os(BEHIND_PROXY).is_none() {
        return;
    }
    for (kind, endpoint, ..) in KINDS {
        let world = World::with_files(move |folder| {
            let bucket = files::Bucket {
                kind,
                name: NAME.into(),
                endpoint: endpoint.into(),
                region: None,
                folder: "/kept".into(),
                key_id: "key-of-the-test".into(),
                key_secret: "secret-of-the-bucket".into(),
            };
            Files::in_bucket(&bucket, folder).expect("a bucket")
        })
        .await;
        kept_shown_and_removed(&world).await;
    }
}

async fn kept_shown_and_removed(world: &World) {
    let villager = world.sign_in("villager").await;
    let made = upload_fixture(world, &villager, "baseline.jpg").await;
    let whole = fetch(world, &made["url"], &[]).await;
    assert_eq!(whole.status(), 200);
    let whole = whole.bytes().await.unwrap();
    let part = fetch(world, &made["url"], &[("range", "bytes=5-14")]).await;
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), whole[5..15]);
    world.clock.advance(25 * 60 * 60);
    tick(world).await;
    world.clock.advance(2 * 60 * 60);
    assert_eq!(remove_files(&world.db, world.clock.now()).await.unwrap(), 2);
}

#[actix_web::test]
async fn photos_are_kept_in_buckets_of_every_kind_each_at_its_address_with_its_signature() {
    let bucket = Bucket::start();
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "photos::buckets::the_process_behind_the_proxy", "--ignored"])
        .env(BEHIND_PROXY, "1")
        .env("http_proxy", &bucket.endpoint)
        .env("no_proxy", "127.0.0.1,localhost")
        .env_remove("HTTP_PROXY")
        .env_remove("NO_PROXY")
        .stdin(Stdio::null());
    let output = block(move || command.output()).await.unwrap().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let ended = output.status.success() && told.contains("1 passed");
    assert!(ended, "{told}\n{}", String::from_utf8_lossy(&output.stderr));
    let asked = bucket.asked();
    for (kind, _, beginning, signature) in KINDS {
        let of_kind: Vec<_> =
            asked.iter().filter(|asked| asked.key.starts_with(beginning)).collect();
        let count = |method| of_kind.iter().filter(|asked| asked.method == method).count();
        assert_eq!((count("PUT"), count("DELETE")), (2, 2), "{kind:?}: {of_kind:?}");
        assert!(count("GET") >= 2, "{kind:?}: {of_kind:?}");
        let signed = of_kind.iter().all(|asked| asked.authorization.starts_with(signature));
        assert!(signed, "{kind:?}: {of_kind:?}");
    }
    let known = |key: &str| KINDS.iter().any(|(_, _, beginning, _)| key.starts_with(beginning));
    assert!(asked.iter().all(|asked| known(&asked.key)), "{asked:?}");
    assert_eq!(bucket.keys(), Vec::<String>::new());
}
