//! Pictures for tests of photos, and what is seen of them.

use reqwest::Method;
use serde_json::Value;

use crate::{Client, World};

/// A picture of photo-intake/tests/fixtures, where it says how they were made.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../photo-intake/tests/fixtures/");
    std::fs::read(format!("{folder}{name}")).expect("a fixture")
}

/// Somebody uploads a picture to the first village. Gives what was answered.
pub async fn upload_fixture(world: &World, client: &Client, name: &str) -> Value {
    client.upload(&world.village("photos"), &fixture(name), name).await.expect(201)
}

/// What a link gives to somebody without a token, with these headers.
pub async fn fetch(world: &World, link: &Value, headers: &[(&str, &str)]) -> reqwest::Response {
    let path = link.as_str().expect("a link");
    let request = world.anonymous().request(Method::GET, path);
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().await.expect("an answer")
}

/// How many files the world's folder holds for the first village.
pub fn stored(world: &World) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        let each = entries.map(|entry| entry.expect("an entry").path());
        each.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&world.folder().join(format!("photos/{}", world.demo.village)))
}

/// How many files are on their way in.
pub fn incoming(world: &World) -> usize {
    std::fs::read_dir(world.folder().join(".incoming")).expect("the folder").count()
}
