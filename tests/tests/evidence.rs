//! Pictures in and out.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use testing::claims::{declare, deed, photo};
use testing::{Answer, Client, World};

const MOST: usize = 10 * 1024 * 1024;

fn jpeg(length: usize) -> Vec<u8> {
    let mut file = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00".to_vec();
    file.resize(length, 0x5a);
    file
}

fn webp() -> Vec<u8> {
    let mut file = b"RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0".to_vec();
    file.extend([0x30, 0x01, 0x00, 0x9d, 0x01, 0x2a, 1, 0, 1, 0]);
    file
}

async fn form(world: &World, client: &Client, form: Form) -> Answer {
    let path = world.village("evidence");
    client.send(client.request(Method::POST, &path).multipart(form)).await
}

fn file(bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name("x")
}

#[actix_web::test]
async fn pictures_are_taken_by_content_and_come_back_as_they_were() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("evidence");
    for (bytes, media) in
        [(photo(), "image/png"), (jpeg(5000), "image/jpeg"), (webp(), "image/webp")]
    {
        // The name and type that the sender gives do not matter.
        let made = villager.upload(&path, &bytes, "恶意.exe").await.expect(201);
        assert_eq!((&made["media_type"], &made["bytes"]), (&json!(media), &json!(bytes.len())));
        assert_eq!(made["sha256"], hex::encode(infra::secrets::sha256(&bytes)));
        let file = world.village(&format!("evidence/{}", made["id"].as_str().unwrap()));
        let answer = villager.request(Method::GET, &file).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), media);
        assert_eq!(header("content-disposition"), "inline");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "private, no-store");
        assert_eq!(answer.bytes().await.unwrap(), bytes);
    }
}

#[actix_web::test]
async fn ten_megabytes_are_taken_and_one_byte_more_is_not() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("evidence");
    let made = villager.upload(&path, &jpeg(MOST), "大.jpg").await.expect(201);
    assert_eq!(made["bytes"], MOST);
    for surplus in [1, 5_000_000] {
        let large = villager.upload(&path, &jpeg(MOST + surplus), "大.jpg").await;
        large.expect_problem(413, "too_large");
    }
}

#[actix_web::test]
async fn what_is_no_picture_or_cut_off_is_refused_and_leaves_nothing() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("evidence");
    for other in [b"%PDF-1.7 a document of some length, at least".as_slice(), b"<svg/>"] {
        let answer = villager.upload(&path, other, "a.png").await;
        answer.expect_problem(415, "file_type_refused");
    }
    for cut in [b"".as_slice(), &photo()[..30], &jpeg(12), &webp()[..20]] {
        villager.upload(&path, cut, "a.png").await.expect_problem(422, "file_unreadable");
    }
    let stored = world.folder().join("evidence");
    let left = std::fs::read_dir(stored.join(world.demo.village.to_string()));
    assert_eq!(left.map_or(0, |files| files.count()), 0);
    assert_eq!(std::fs::read_dir(world.folder().join(".incoming")).unwrap().count(), 0);
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
    let as_json = villager.post(&world.village("evidence"), json!({"file": "x"})).await;
    as_json.expect_problem(415, "unsupported_media_type");
    let cut = villager
        .request(Method::POST, &world.village("evidence"))
        .header("content-type", "multipart/form-data; boundary=b")
        .body("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf");
    villager.send(cut).await.expect_problem(400, "bad_body");
}

#[actix_web::test]
async fn a_picture_is_seen_by_the_household_the_uploader_and_officers_only() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    let rest = format!("evidence/{}", shown["evidence_ids"][0].as_str().unwrap());
    let path = world.village(&rest);
    for key in ["villager", "villager-son", "panel-1", "collector", "town-officer"] {
        assert_eq!(world.sign_in(key).await.get(&path).await.status, 200, "{key}");
    }
    assert_eq!(world.sign_in("supervisor").await.read(&path).await.status, 200);
    for key in ["neighbour", "other-villager", "other-admin", "merchant-owner", "stranger"] {
        world.sign_in(key).await.get(&path).await.expect_problem(404, "not_found");
    }
    let elsewhere = world.other_village(&rest);
    world.sign_in("other-admin").await.get(&elsewhere).await.expect_problem(404, "not_found");
    world.anonymous().get(&path).await.expect_problem(401, "sign_in_needed");
    // Not used yet: the household does not see it, whoever uploaded it does.
    let unused = villager.upload(&world.village("evidence"), &photo(), "a.png").await.expect(201);
    let unused = world.village(&format!("evidence/{}", unused["id"].as_str().unwrap()));
    assert_eq!(villager.get(&unused).await.status, 200);
    let son = world.sign_in("villager-son").await;
    son.get(&unused).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn strangers_and_those_who_only_look_upload_nothing() {
    let world = World::new().await;
    let path = world.village("evidence");
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
    let path = world.village("evidence");
    for _ in 0..60 {
        villager.upload(&path, &photo(), "a.png").await.expect(201);
    }
    let more = villager.upload(&path, &photo(), "a.png").await;
    more.expect_problem(422, "evidence_too_many");
    world.clock.advance(24 * 60 * 60 + 1);
    let villager = world.sign_in("villager").await;
    let body = deed(&world, &villager, "villager", "NEI-1", json!({})).await;
    villager.post(&world.village("claims"), body).await.expect(201);
}
