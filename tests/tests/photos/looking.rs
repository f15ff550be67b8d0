//! Who sees a photo.

use serde_json::json;
use testing::World;
use testing::claims::{declare, photo};
use testing::photos::fetch;

#[actix_web::test]
async fn a_photo_is_seen_by_the_household_the_uploader_and_officers_only() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    let rest = format!("photos/{}", shown["evidence_ids"][0].as_str().unwrap());
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
    let unused = villager.upload(&world.village("photos"), &photo(), "a.png").await.expect(201);
    let unused = world.village(&format!("photos/{}", unused["id"].as_str().unwrap()));
    assert_eq!(villager.get(&unused).await.status, 200);
    let son = world.sign_in("villager-son").await;
    son.get(&unused).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn whoever_sees_a_photo_gets_links_that_need_no_sign_in() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    let panel = world.sign_in("panel-1").await;
    let shown = panel.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    let photo = format!("photos/{}", shown["evidence_ids"][0].as_str().unwrap());
    let photo = panel.get(&world.village(&photo)).await.expect(200);
    assert_eq!(photo["id"], shown["evidence_ids"][0]);
    for link in ["url", "thumbnail_url"] {
        assert_eq!(fetch(&world, &photo[link], &[]).await.status(), 200);
    }
}
