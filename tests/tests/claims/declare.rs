//! Declaring deeds.

use serde_json::{Value, json};
use testing::World;
use testing::claims::{db_messages, deed, today, upload};

#[actix_web::test]
async fn a_villager_declares_for_herself_and_a_member_of_the_household() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    for person in ["villager", "villager-son"] {
        let body = deed(&world, &villager, person, "ENV-1", json!({"quantity": 6})).await;
        let made = villager.post(&world.village("claims"), body).await.expect(201);
        assert_eq!(made["state"], "submitted");
        assert_eq!(made["stage_name"], "民主评议");
        assert_eq!(made["asked_points"], "4", "the item's maximum");
        assert_eq!(made["granted_points"], Value::Null);
    }
    let list = villager.get(&world.village("claims")).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn nobody_declares_for_another_household_or_another_village() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("claims");
    let neighbour = deed(&world, &villager, "neighbour", "ENV-1", json!({"quantity": 1})).await;
    villager.post(&path, neighbour).await.expect_problem(403, "forbidden");
    let mut own = deed(&world, &villager, "villager", "ENV-1", json!({"quantity": 1})).await;
    let stranger = world.sign_in("other-villager").await;
    stranger.post(&path, own.clone()).await.expect_problem(404, "not_found");
    let elsewhere = world.other_village("claims");
    villager.post(&elsewhere, own.clone()).await.expect_problem(404, "not_found");
    own["person_id"] = json!(world.demo.villagers["other-villager"]);
    villager.post(&path, own.clone()).await.expect_problem(404, "not_found");
    world.anonymous().post(&path, own).await.expect_problem(401, "sign_in_needed");
}

#[actix_web::test]
async fn a_collector_declares_by_proxy_with_consent_and_the_person_is_told() {
    let world = World::new().await;
    let collector = world.sign_in("collector").await;
    let path = world.village("claims");
    let proxy = |on: Value| {
        json!({"quantity": 2, "proxy": {
            "consented_by": "陈桂芳", "consented_how": "当面口头同意", "consented_on": on
        }})
    };
    let without = deed(&world, &collector, "elder", "ELD-1", json!({"quantity": 2})).await;
    collector.post(&path, without).await.expect_problem(403, "forbidden");
    let early = json!(today(&world).pred_opt());
    let early = deed(&world, &collector, "elder", "ELD-1", proxy(early)).await;
    collector.post(&path, early).await.expect_problem(422, "consent_missing");
    let right = deed(&world, &collector, "elder", "ELD-1", proxy(json!(today(&world)))).await;
    let made = collector.post(&path, right).await.expect(201);
    let told = db_messages(&world, "elder");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].0.as_str(), &told[0].1["claim_id"]), ("claim_declared", &made["id"]));
    let villager = world.sign_in("villager").await;
    let by_villager = deed(&world, &villager, "elder", "ELD-1", proxy(json!(today(&world)))).await;
    villager.post(&path, by_villager).await.expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn what_does_not_fit_the_item_or_the_day_is_refused_with_the_reason() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("claims");
    let days = |back: u64| json!(today(&world).checked_sub_days(chrono::Days::new(back)));
    let tomorrow = today(&world).succ_opt();
    let cases = [
        ("NONE", json!({}), "item_unknown"),
        ("ENV-2", json!({}), "item_not_claimable"),
        ("ENV-9", json!({}), "item_not_claimable"),
        ("ENV-1", json!({}), "quantity_invalid"),
        ("NEI-1", json!({"quantity": 1}), "quantity_invalid"),
        ("FAM-1", json!({"choice": "galaxy"}), "choice_invalid"),
        ("NEI-1", json!({"happened_on": tomorrow}), "deed_in_future"),
        ("NEI-1", json!({"happened_on": days(91)}), "deed_too_old"),
        ("NEI-1", json!({"happened_on": days(500)}), "no_rule_book"),
        ("ENV-1", json!({"quantity": 1, "evidence_ids": []}), "evidence_missing"),
        ("NEI-1", json!({"evidence_ids": [uuid::Uuid::now_v7()]}), "photo_not_usable"),
    ];
    for (item, more, code) in cases {
        let body = deed(&world, &villager, "villager", item, more).await;
        villager.post(&path, body).await.expect_problem(422, code);
    }
    let list = villager.get(&path).await.expect(200);
    assert_eq!(list["items"], json!([]));
}

#[actix_web::test]
async fn limits_of_the_body_are_enforced_field_by_field() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let cases = [
        (json!({"text": "长".repeat(1001)}), "text"),
        (json!({"quantity": 0}), "quantity"),
        (json!({"quantity": 10_000_001}), "quantity"),
        (json!({"evidence_ids": vec![uuid::Uuid::nil(); 10]}), "evidence_ids"),
        (json!({"happened_on": "1999-12-31"}), "happened_on"),
        (json!({"happened_on": "-9999-01-01"}), "happened_on"),
    ];
    for (more, field) in cases {
        let body = deed(&world, &villager, "villager", "ENV-1", more).await;
        let answer = villager.post(&world.village("claims"), body).await;
        assert_eq!(answer.expect_problem(422, "invalid")["errors"][0]["field"], field);
    }
    let nul = deed(&world, &villager, "villager", "NEI-1", json!({"text": "a\u{0}b"})).await;
    villager.post(&world.village("claims"), nul).await.expect_problem(400, "bad_body");
    // A backslash and the letters behind it are no such character.
    let spelt = deed(&world, &villager, "villager", "NEI-1", json!({"text": "a\\u0000b"})).await;
    villager.post(&world.village("claims"), spelt).await.expect(201);
    let whole = json!({"text": "长".repeat(1000)});
    let whole = deed(&world, &villager, "villager", "NEI-1", whole).await;
    villager.post(&world.village("claims"), whole).await.expect(201);
}

#[actix_web::test]
async fn a_double_tap_declares_once() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("claims");
    let mut body = deed(&world, &villager, "villager", "NEI-1", json!({})).await;
    let first = villager.post_with_key(&path, body.clone(), "a-double-tap").await.expect(201);
    let again = villager.post_with_key(&path, body.clone(), "a-double-tap").await.expect(201);
    assert_eq!(first, again);
    body["text"] = json!("something else");
    let other = villager.post_with_key(&path, body, "a-double-tap").await;
    other.expect_problem(422, "idempotency_mismatch");
    let list = villager.get(&path).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn ten_taps_at_once_declare_once() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("claims");
    let body = deed(&world, &villager, "villager", "NEI-1", json!({})).await;
    world.warm_up().await;
    let taps = (0..10).map(|_| villager.post_with_key(&path, body.clone(), "ten-at-once"));
    let mut ids = std::collections::BTreeSet::new();
    for answer in futures_util::future::join_all(taps).await {
        if answer.status == 201 {
            ids.insert(answer.body["id"].as_str().unwrap().to_owned());
        } else {
            answer.expect_problem(409, "idempotency_in_flight");
        }
    }
    assert_eq!(ids.len(), 1);
    let list = villager.get(&path).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_file_proves_one_deed_only_even_for_two_at_once() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let path = world.village("claims");
    let file = json!({"evidence_ids": [upload(&world, &villager).await]});
    let body = deed(&world, &villager, "villager", "NEI-1", file.clone()).await;
    world.warm_up().await;
    let at_once = (0..6).map(|_| villager.post(&path, body.clone()));
    let answers = futures_util::future::join_all(at_once).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|a| a.status == 201);
    assert_eq!(made.len(), 1);
    for answer in refused {
        answer.expect_problem(422, "photo_not_usable");
    }
    let son = world.sign_in("villager-son").await;
    let theirs = json!({"evidence_ids": [upload(&world, &villager).await]});
    let body = deed(&world, &son, "villager-son", "NEI-1", theirs).await;
    son.post(&path, body).await.expect_problem(422, "photo_not_usable");
}
