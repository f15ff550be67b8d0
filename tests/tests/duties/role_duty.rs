//! From a post or pledge to the score: only with one, through the whole way, and explained by name.

use chrono::Days;
use domain::calendar::{CycleKind, end_of};
use serde_json::{Value, json};
use testing::claims::{deed, today};
use testing::ratings::{compute, lines};

use super::{certified, claim, end, held, pass_days, pledge, post, text, wendeng};

#[actix_web::test]
async fn what_is_done_on_a_post_is_rated_as_role_duty_and_explained_by_the_name_of_the_post() {
    let world = wendeng(&["villager"]).await;
    let duty = held(&world, &post(&world, "环境卫生岗").await, "villager").await;
    let made = claim(&world, "villager", "P-POST", json!({})).await.expect(201);
    let path = world.village(&format!("claims/{}", text(&made["id"])));
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&path).await.expect(200);
    let named =
        json!({"id": duty, "source": "duty_post", "words": "岗位:环境卫生岗", "outcome": null});
    assert_eq!(shown["duty"], named);
    let last = certified(&world, &made["id"]).await;
    assert_eq!((&last["state"], &last["granted_points"]), (&json!("posted"), &json!("2")));
    // The same for everybody: it is under no duty.
    let plain = claim(&world, "villager", "P-NEIGH", json!({})).await.expect(201);
    certified(&world, &plain["id"]).await;

    let home = world.demo.households[&1];
    let account = world.demo.villagers["villager"];
    let query = format!("households/{home}/score/explanation?account_id={account}");
    let told = villager.get(&world.village(&query)).await.expect(200);
    // 40 % of 1002 and 60 % of 1001.
    assert_eq!(told["score"], "1001.4");
    let reason = |claim: &Value| {
        let all = told["reasons"].as_array().unwrap();
        all.iter().find(|one| one["claim_id"] == *claim).cloned().expect("a reason")
    };
    let role_duty = reason(&made["id"]);
    assert_eq!((&role_duty["duty_id"], &role_duty["counts"]), (&json!(duty), &json!(true)));
    assert!(text(&role_duty["words"]).contains("岗位:环境卫生岗"), "{role_duty}");
    assert_eq!(reason(&plain["id"])["duty_id"], Value::Null);

    let year = CycleKind::Year.holding(today(&world));
    world.advance_to(end_of(year.last_day()));
    let rating = compute(&world, "village-admin", year).await.expect(201);
    let path = world.village(&format!("ratings/{}", text(&rating["id"])));
    let admin = world.sign_in("village-admin").await;
    let lines = lines(&admin, &path).await;
    let line = lines.iter().find(|line| line["villager_id"] == json!(account)).expect("a line");
    assert_eq!((&line["score"], &line["grade"]), (&json!("1001.4"), &json!("qualified")));
    let check = admin.get(&format!("{path}/recomputation")).await.expect(200);
    assert_eq!(check["differing"], json!([]));
}

#[actix_web::test]
async fn without_the_duty_nobody_claims_its_items_and_no_cadre_does_for_them() {
    let world = wendeng(&["villager", "grid-worker"]).await;
    claim(&world, "villager", "P-POST", json!({})).await.expect_problem(422, "duty_not_held");
    let kept = json!({"choice": "kept"});
    let refused = claim(&world, "villager", "P-PLEDGE", kept.clone()).await;
    let told = refused.expect_problem(422, "duty_not_held");
    assert!(text(&told["detail"]).contains("契约"), "{told}");
    // A post is no pledge, and a post for another item none either.
    held(&world, &post(&world, "环境卫生岗").await, "villager").await;
    claim(&world, "villager", "P-PLEDGE", kept).await.expect_problem(422, "duty_not_held");
    claim(&world, "neighbour", "P-POST", json!({})).await.expect_problem(422, "track_excluded");

    let cadre = world.sign_in("collector").await;
    let mut body = deed(&world, &cadre, "villager", "P-POST", json!({"title": "巡查"})).await;
    let all = body.as_object_mut().unwrap();
    all.remove("person_id");
    let people = ["villager", "grid-worker"].map(|key| world.demo.villagers[key]);
    all.insert("person_ids".into(), json!(people));
    let path = world.village("activity-claims");
    let refused = cadre.post(&path, body.clone()).await.expect_problem(422, "person_refused");
    let field = json!([{"field": "person_ids[1]", "message": "duty_not_held"}]);
    assert_eq!(refused["errors"], field);
    body["person_ids"] = json!([people[0]]);
    cadre.post(&path, body).await.expect(201);
}

#[actix_web::test]
async fn a_post_that_ended_yesterday_is_over_for_today_and_not_for_last_week() {
    let world = wendeng(&["villager"]).await;
    let first = today(&world);
    let duty = held(&world, &post(&world, "环境卫生岗").await, "villager").await;
    pass_days(&world, 7);
    let last = today(&world);
    let ended = end(&world, "villager", &duty, json!({})).await.expect(201);
    assert_eq!((&ended["from"], &ended["until"]), (&json!(first), &json!(last)));
    pass_days(&world, 1);
    claim(&world, "villager", "P-POST", json!({})).await.expect_problem(422, "duty_not_held");
    for day in [first, last] {
        claim(&world, "villager", "P-POST", json!({"happened_on": day})).await.expect(201);
    }
}

#[actix_web::test]
async fn a_pledge_that_was_withdrawn_costs_nothing_that_was_done_under_it() {
    let world = wendeng(&["villager"]).await;
    let given = pledge(&world, "villager", "red").await.expect(201);
    let kept = |day| json!({"choice": "partly_kept", "happened_on": day});
    let first = today(&world);
    let made = claim(&world, "villager", "P-PLEDGE", kept(first)).await.expect(201);
    certified(&world, &made["id"]).await;
    pass_days(&world, 2);
    let withdrawn = end(&world, "villager", text(&given["id"]), json!({})).await.expect(201);
    assert_eq!(withdrawn["until"], json!(today(&world)));
    pass_days(&world, 1);
    let late = claim(&world, "villager", "P-PLEDGE", kept(today(&world))).await;
    late.expect_problem(422, "duty_not_held");
    let before = kept(today(&world) - Days::new(1));
    claim(&world, "villager", "P-PLEDGE", before).await.expect(201);
    // What it brought stays.
    let (home, account) = (world.demo.households[&1], world.demo.villagers["villager"]);
    let query = format!("households/{home}/score?account_id={account}");
    let score = world.sign_in("villager").await.get(&world.village(&query)).await.expect(200);
    // 40 % of 1005 and 60 % of 1000.
    assert_eq!(score["score"], "1002", "{score:#}");
    pledge(&world, "villager", "red").await.expect(201);
}

#[actix_web::test]
async fn a_claim_names_one_of_several_duties_and_none_where_the_item_asks_for_none() {
    let world = wendeng(&["villager", "grid-worker"]).await;
    let first = held(&world, &post(&world, "环境卫生岗").await, "villager").await;
    let patrol = post(&world, "治安巡逻岗").await;
    let second = held(&world, &patrol, "villager").await;
    let of_another = held(&world, &patrol, "grid-worker").await;
    for (more, duty) in [(json!({}), &first), (json!({"duty_id": second}), &second)] {
        let made = claim(&world, "villager", "P-POST", more).await.expect(201);
        let path = world.village(&format!("claims/{}", text(&made["id"])));
        let shown = world.sign_in("panel-1").await.get(&path).await.expect(200);
        assert_eq!(shown["duty"]["id"], json!(duty));
    }
    let named = json!({"duty_id": of_another});
    let refused = claim(&world, "villager", "P-POST", named.clone()).await;
    refused.expect_problem(422, "duty_not_held");
    claim(&world, "villager", "P-NEIGH", named).await.expect_problem(422, "duty_not_asked");
}
