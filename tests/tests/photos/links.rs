//! Fetching a photo at its link: parts, versions, caches, and links that are not right.

use reqwest::Response;
use testing::photos::{fetch, upload_fixture};
use testing::{Answer, World};

fn header(answer: &Response, name: &str) -> String {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[actix_web::test]
async fn a_part_is_sent_where_one_is_asked_for() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let link = upload_fixture(&world, &villager, "baseline.jpg").await["url"].clone();
    let whole = fetch(&world, &link, &[]).await;
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    let tag = header(&whole, "etag");
    let bytes = whole.bytes().await.unwrap();
    let length = bytes.len();
    for (range, from, until) in [
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, length),
        ("bytes=-7", length - 7, length),
        ("bytes=5-999999", 5, length),
        ("bytes=-999999", 0, length),
    ] {
        let part = fetch(&world, &link, &[("range", range)]).await;
        assert_eq!(part.status(), 206, "{range}");
        let told = format!("bytes {from}-{}/{length}", until - 1);
        assert_eq!(header(&part, "content-range"), told);
        assert_eq!(header(&part, "content-length"), (until - from).to_string());
        assert_eq!(part.bytes().await.unwrap(), bytes[from..until]);
    }
    for range in [format!("bytes={length}-"), "bytes=-0".into(), "bytes=999999-".into()] {
        let outside = fetch(&world, &link, &[("range", &range), ("accept-language", "en")]).await;
        assert_eq!(header(&outside, "content-range"), format!("bytes */{length}"));
        assert_eq!(outside.status(), 416, "{range}");
        let problem: serde_json::Value = outside.json().await.unwrap();
        assert_eq!(problem["code"], "no_such_part");
        assert_eq!(problem["detail"], "The range does not lie in the file.");
    }
    // Several parts, other units, nonsense, and a part of another version: the whole.
    for headers in [
        &[("range", "bytes=0-1,4-5")][..],
        &[("range", "lines=1-2")],
        &[("range", "bytes=x")],
        &[("range", "bytes=0-9"), ("if-range", "\"another\"")],
    ] {
        let answer = fetch(&world, &link, headers).await;
        assert_eq!(answer.status(), 200, "{headers:?}");
        assert_eq!(answer.bytes().await.unwrap().len(), length);
    }
    let same = fetch(&world, &link, &[("range", "bytes=0-9"), ("if-range", &tag)]).await;
    assert_eq!(same.status(), 206);
}

#[actix_web::test]
async fn a_client_that_has_the_photo_is_not_sent_it_again() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let link = upload_fixture(&world, &villager, "baseline.jpg").await["url"].clone();
    let first = fetch(&world, &link, &[]).await;
    let (tag, cache) = (header(&first, "etag"), header(&first, "cache-control"));
    let seconds = cache.strip_prefix("private, max-age=").unwrap().strip_suffix(", immutable");
    let seconds: u32 = seconds.unwrap().parse().unwrap();
    assert!((3_000..=7_200).contains(&seconds), "{cache}");
    for known in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".into()] {
        let again = fetch(&world, &link, &[("if-none-match", &known)]).await;
        assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, tag.clone()));
        assert!(again.bytes().await.unwrap().is_empty());
    }
    let other = fetch(&world, &link, &[("if-none-match", "\"other\"")]).await;
    assert_eq!(other.status(), 200);
}

async fn problem(world: &World, link: &str) -> Answer {
    let answer = world.anonymous().get(link).await;
    assert_eq!(answer.headers.get("etag"), None::<&reqwest::header::HeaderValue>);
    answer
}

#[actix_web::test]
async fn a_link_stays_for_an_hour_and_ends_within_two() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let made = upload_fixture(&world, &villager, "baseline.jpg").await;
    let path = world.village(&format!("photos/{}", made["id"].as_str().unwrap()));
    let hour = 3_600 - world.clock.now().timestamp().rem_euclid(3_600);
    // To the beginning of the next hour, and a little into it.
    world.clock.advance(u32::try_from(hour + 60).unwrap());
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&path).await.expect(200);
    world.clock.advance(3_400);
    let villager = world.sign_in("villager").await;
    assert_eq!(villager.get(&path).await.expect(200)["url"], shown["url"]);
    world.clock.advance(200);
    let villager = world.sign_in("villager").await;
    assert_ne!(villager.get(&path).await.expect(200)["url"], shown["url"]);
    assert_eq!(fetch(&world, &shown["url"], &[]).await.status(), 200);
    world.clock.advance(3_600);
    let link = shown["url"].as_str().unwrap();
    problem(&world, link).await.expect_problem(403, "link_expired");
}

#[actix_web::test]
async fn a_link_that_was_altered_leads_nowhere() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let made = upload_fixture(&world, &villager, "baseline.jpg").await;
    let other = upload_fixture(&world, &villager, "gray.jpg").await;
    let link = made["url"].as_str().unwrap();
    let (rest, file) = link.rsplit_once('/').unwrap();
    let (_, other_file) = other["url"].as_str().unwrap().rsplit_once('/').unwrap();
    let (_, ticket) = rest.rsplit_once('/').unwrap();
    let (village, elsewhere) = (world.demo.village, world.demo.other_village);
    let longer = ticket.split_once('-').unwrap();
    for altered in [
        format!("{rest}/{other_file}"),
        format!("/v1/photos/{elsewhere}/{ticket}/{file}"),
        format!("/v1/photos/{village}/ffffffff-{}/{file}", longer.1),
        format!("/v1/photos/{village}/x/{file}"),
        format!("{rest}/x"),
    ] {
        problem(&world, &altered).await.expect_problem(403, "link_invalid");
    }
    problem(&world, &format!("/v1/photos/x/{ticket}/{file}")).await.expect_problem(400, "bad_path");
    // A token does not help.
    villager.get(&format!("{rest}/{other_file}")).await.expect_problem(403, "link_invalid");
}
