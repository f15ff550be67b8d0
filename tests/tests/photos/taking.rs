//! What is taken, and what is not.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use testing::claims::{deed, photo};
use testing::notices::db_count;
use testing::photos::{fetch, fixture, incoming, stored, upload_fixture};
use testing::{Answer, Client, World};

const MOST: usize = 10 * 1024 * 1024;

async fn form(world: &World, client: &Client, form: Form) -> Answer {
    let path = world.village("photos");
    client.send(client.request(Method::POST, &path).multipart(form)).await
}

fn file(bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name("x")
}

#[actix_web::test]
async fn a_photo_is_made_anew_upright_and_without_what_the_phone_wrote() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let sent = fixture("orientation_6.jpg");
    // The name and type that the sender gives do not matter.
    let made = villager.upload(&world.village("photos"), &sent, "恶意.exe").await.expect(201);
    assert_eq!((&made["width"], &made["height"]), (&json!(48), &json!(32)));
    for link in ["url", "thumbnail_url"] {
        let answer = fetch(&world, &made[link], &[]).await;
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/jpeg");
        assert_eq!(header("content-disposition"), "inline");
        assert_eq!(header("x-content-type-options"), "nosniff");
        let bytes = answer.bytes().await.unwrap();
        let told = [b"PhoneOfTheVillager".as_slice(), b"Exif", b"2026:11:22"];
        for told in told {
            assert!(sent.windows(told.len()).any(|window| window == told));
            assert!(!bytes.windows(told.len()).any(|window| window == told));
        }
        let hash = hex::encode(infra::secrets::sha256(&bytes));
        assert!(made[link].as_str().unwrap().ends_with(&format!("/{hash}.jpg")));
    }
    assert_eq!((stored(&world), incoming(&world)), (2, 0));
}

#[actix_web::test]
async fn every_kind_of_picture_is_taken_by_its_content() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    for name in [
        "baseline.jpg",
        "progressive.jpg",
        "cmyk.jpg",
        "deep.png",
        "transparent.webp",
        "animated.webp",
    ] {
        let made = upload_fixture(&world, &villager, name).await;
        assert_eq!((&made["width"], &made["height"]), (&json!(48), &json!(32)), "{name}");
    }
    // The same file twice is two photos in one file.
    let files = stored(&world);
    let again = upload_fixture(&world, &villager, "baseline.jpg").await;
    assert_eq!(stored(&world), files);
    assert_eq!(fetch(&world, &again["url"], &[]).await.status(), 200);
}

#[actix_web::test]
async fn what_stands_behind_a_picture_is_not_stored() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let plain = upload_fixture(&world, &villager, "baseline.jpg").await;
    let script = b"<script>alert(document.cookie)</script>".repeat(100);
    let sent = [fixture("baseline.jpg"), script].concat();
    let made = villager.upload(&world.village("photos"), &sent, "a.jpg").await.expect(201);
    assert_eq!(made["url"], plain["url"], "the same bytes");
    assert_eq!(stored(&world), 2);
}

#[actix_web::test]
async fn ten_megabytes_are_taken_and_one_byte_more_is_not() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("photos");
    let of_length = |length| {
        let mut file = fixture("baseline.jpg");
        file.resize(length, 0x5a);
        file
    };
    villager.upload(&path, &of_length(MOST), "大.jpg").await.expect(201);
    for surplus in [1, 5_000_000] {
        let large = villager.upload(&path, &of_length(MOST + surplus), "大.jpg").await;
        large.expect_problem(413, "too_large");
    }
    assert_eq!(incoming(&world), 0);
}

/// A PNG that says it has so many pixels, in a few kilobytes.
fn bomb(side: u32) -> Vec<u8> {
    let mut file = fixture("rgb.png");
    file.splice(16..24, [side.to_be_bytes(), side.to_be_bytes()].concat());
    file
}

#[actix_web::test]
async fn what_is_no_picture_cut_off_or_too_large_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("photos");
    let jpeg = fixture("baseline.jpg");
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic and so on".to_vec();
    for (file, status, code) in [
        (b"%PDF-1.7 a document of some length, at least".to_vec(), 415, "file_type_refused"),
        (b"<svg/>".to_vec(), 415, "file_type_refused"),
        (b"a text that is named .jpg".to_vec(), 415, "file_type_refused"),
        (heic, 415, "heic_not_taken"),
        (Vec::new(), 422, "file_unreadable"),
        (jpeg[..jpeg.len() / 2].to_vec(), 422, "file_unreadable"),
        (jpeg[..12].to_vec(), 422, "file_unreadable"),
        (fixture("animated.webp")[..100].to_vec(), 422, "file_unreadable"),
        (fixture("arithmetic.jpg"), 422, "file_unreadable"),
        (bomb(60_000), 422, "photo_too_large"),
    ] {
        villager.upload(&path, &file, "a.jpg").await.expect_problem(status, code);
    }
    assert_eq!((stored(&world), incoming(&world)), (0, 0));
    assert_eq!(db_count(&world, "SELECT count(*) FROM photos").await, 0);
    assert_eq!(db_count(&world, "SELECT count(*) FROM photo_files").await, 0);
}

#[actix_web::test]
async fn a_form_has_one_file_perhaps_a_name_and_nothing_else() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let with_name = Form::new().text("name", "照片.jpg").part("file", file(&photo()));
    form(&world, &villager, with_name).await.expect(201);
    let bad = [
        (Form::new().part("file", file(&photo())).part("file", file(&photo())), "file"),
        (Form::new().part("photo", file(&photo())), "photo"),
        (Form::new().part("file", file(&photo())).text("user", "x"), "user"),
        (Form::new().text("name", "no file"), "file"),
    ];
    for (bad, field) in bad {
        let problem = form(&world, &villager, bad).await.expect_problem(400, "bad_body");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let long = Form::new().text("name", "x".repeat(1001)).part("file", file(&photo()));
    form(&world, &villager, long).await.expect_problem(422, "invalid");
    let as_json = villager.post(&world.village("photos"), json!({"file": "x"})).await;
    as_json.expect_problem(415, "unsupported_media_type");
    let cut = villager
        .request(Method::POST, &world.village("photos"))
        .header("content-type", "multipart/form-data; boundary=b")
        .body("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf");
    villager.send(cut).await.expect_problem(400, "bad_body");
}

#[actix_web::test]
async fn strangers_and_those_who_only_look_upload_nothing() {
    let world = World::new().await;
    let path = world.village("photos");
    for (key, status, code) in [
        ("other-villager", 404, "not_found"),
        ("stranger", 404, "not_found"),
        ("supervisor", 403, "forbidden"),
        ("town-officer", 403, "forbidden"),
    ] {
        let answer = world.sign_in(key).await.upload(&path, &photo(), "a.png").await;
        answer.expect_problem(status, code);
    }
    world.anonymous().upload(&path, &photo(), "a.png").await.expect_problem(401, "sign_in_needed");
}

#[actix_web::test]
async fn sixty_unused_files_a_day_are_the_most() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("photos");
    for _ in 0..60 {
        villager.upload(&path, &photo(), "a.png").await.expect(201);
    }
    let more = villager.upload(&path, &photo(), "a.png").await;
    more.expect_problem(422, "photo_too_many");
    world.clock.advance(24 * 60 * 60 + 1);
    let villager = world.sign_in("villager").await;
    let body = deed(&world, &villager, "villager", "NEI-1", json!({})).await;
    villager.post(&world.village("claims"), body).await.expect(201);
}
