//! Lists of who fits for a loan, an award or a title.

use serde_json::{Value, json};
use testing::World;
use testing::notices::{close, db_count};
use testing::payouts::earned;
use testing::ratings_on_notice::db_rating_on_notice;

fn four_stars(title: &str) -> Value {
    json!({"purpose": "title", "title": title, "conditions": {
        "stars": {"min": 4, "ratings": 1}, "no_veto": true, "no_direct_grade": true}})
}

async fn made(world: &World, body: Value) -> String {
    let admin = world.sign_in("village-admin").await;
    let list = admin.post(&world.village("eligibility-lists"), body).await.expect(201);
    world.village(&format!("eligibility-lists/{}", list["id"].as_str().expect("an id")))
}

async fn listed(world: &World, by: &str, list: &str) -> Vec<Value> {
    let page = world.sign_in(by).await.get(&format!("{list}/entries")).await.expect(200);
    page["items"].as_array().cloned().unwrap_or_default()
}

fn names(entries: &[Value]) -> Vec<&str> {
    let mut names: Vec<_> = entries.iter().filter_map(|entry| entry["name"].as_str()).collect();
    names.sort_unstable();
    names
}

#[actix_web::test]
async fn a_list_only_includes_and_only_the_household_learns_why_it_is_not_on_it() {
    let world = World::new().await;
    let (_, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4), (2, 70, 2), (4, 96, 5)]).await;
    close(&world, &notice.to_string()).await;
    let list = made(&world, four_stars("最美家庭候选")).await;
    let entries = listed(&world, "neighbour", &list).await;
    assert_eq!(names(&entries), ["杨春梅", "王秀英"]);
    let first = entries.iter().find(|entry| entry["name"] == "王秀英").unwrap();
    assert_eq!(first["reasons"][0], json!({"condition": "rated", "met": true}));
    let asked = json!({"min": 4, "ratings": 1});
    let stars = json!({"condition": "stars", "met": true, "asked": asked, "had": [4]});
    assert_eq!(first["reasons"][1], stars);
    // Nowhere is it written that the neighbour does not fit.
    assert_eq!(db_count(&world, "SELECT count(*) FROM eligibility_entries").await, 2);

    let home = world.home_of("neighbour");
    let neighbour = world.sign_in("neighbour").await;
    let why = neighbour.get(&format!("{list}/households/{home}")).await.expect(200);
    assert_eq!(why["accounts"][0]["fits"], false);
    let stars = json!({"condition": "stars", "met": false, "asked": asked, "had": [2]});
    assert_eq!(why["accounts"][0]["reasons"][1], stars);
    for other in ["villager", "village-admin", "supervisor"] {
        let client = world.sign_in(other).await;
        let answer = client.read(&format!("{list}/households/{home}")).await;
        answer.expect_problem(404, "not_found");
    }
    // Village only; who supervises or serves the town gives a reason.
    let stranger = world.sign_in("other-villager").await;
    stranger.get(&format!("{list}/entries")).await.expect_problem(404, "not_found");
    let officer = world.sign_in("town-officer").await;
    officer.get(&format!("{list}/entries")).await.expect_problem(403, "reason_required");
    officer.read(&format!("{list}/entries")).await.expect(200);
}

#[actix_web::test]
async fn who_does_not_want_to_be_listed_is_not_whatever_their_stars() {
    let world = World::new().await;
    let (_, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4), (4, 96, 5)]).await;
    close(&world, &notice.to_string()).await;
    let list = made(&world, four_stars("信用社贷款推荐")).await;
    let home = world.home_of("villager");
    let unlisting = world.village(&format!("households/{home}/unlisting"));
    let villager = world.sign_in("villager").await;
    world
        .sign_in("neighbour")
        .await
        .put(&unlisting, json!({}))
        .await
        .expect_problem(404, "not_found");
    villager.put(&unlisting, json!({})).await.expect(204);
    villager.put(&unlisting, json!({})).await.expect(204);
    assert_eq!(names(&listed(&world, "neighbour", &list).await), ["杨春梅"]);
    let another = made(&world, four_stars("文明户候选")).await;
    assert_eq!(names(&listed(&world, "village-admin", &another).await), ["杨春梅"]);
    let why = villager.get(&format!("{list}/households/{home}")).await.expect(200);
    assert_eq!((&why["unlisted"], &why["accounts"][0]["fits"]), (&json!(true), &json!(true)));
    villager.delete(&unlisting).await.expect(204);
    assert_eq!(names(&listed(&world, "neighbour", &list).await), ["杨春梅", "王秀英"]);
}

#[actix_web::test]
async fn no_list_is_for_what_everybody_has_a_right_to_nor_for_nothing() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let path = world.village("eligibility-lists");
    for title in ["低保户评定", "子女入学优先", "养老金发放", "医保报销优先"]
    {
        let refused = admin.post(&path, four_stars(title)).await;
        refused.expect_problem(422, "purpose_forbidden");
    }
    let nothing = json!({"purpose": "loan", "title": "贷款", "conditions": {"no_veto": true}});
    admin.post(&path, nothing).await.expect_problem(422, "conditions_invalid");
    let villager = world.sign_in("villager").await;
    villager.post(&path, four_stars("最美家庭")).await.expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn points_and_tracks_are_asked_for_and_an_ended_list_is_gone() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4), ("neighbour", 2), ("elder", 4)]).await;
    let person = world.villager_id("villager");
    let tracks = format!("UPDATE villagers SET tracks = '{{party_member}}' WHERE id = '{person}'");
    testing::notices::db_run(&world, tracks).await;
    let asked = |tracks: Value| {
        json!({"purpose": "recommendation", "title": "村后备人选", "conditions": {
            "points": {"min": "3", "from": day, "until": day}, "tracks": tracks}})
    };
    let all = made(&world, asked(json!([]))).await;
    assert_eq!(names(&listed(&world, "neighbour", &all).await), ["王秀英", "陈桂芳"]);
    let members = made(&world, asked(json!(["party_member"]))).await;
    let entries = listed(&world, "neighbour", &members).await;
    assert_eq!(names(&entries), ["王秀英"]);
    assert_eq!(entries[0]["reasons"][1]["had"], "4");
    let admin = world.sign_in("village-admin").await;
    admin.delete(&members).await.expect(204);
    admin.get(&format!("{members}/entries")).await.expect_problem(404, "not_found");
    let lists = admin.get(&world.village("eligibility-lists")).await.expect(200);
    assert_eq!(lists["items"].as_array().unwrap().len(), 1);
}
