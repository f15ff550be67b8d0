//! Duty posts: set up and closed by the village, held by those who agreed, seen by everybody there.

use chrono::Days;
use serde_json::{Value, json};
use testing::claims::{db_messages, today};

use super::{claim, consent, duties, end, held, pass_days, post, put_on, text, wendeng};

#[actix_web::test]
async fn everybody_in_the_village_sees_who_holds_a_post_and_nobody_else_does() {
    let world = wendeng(&["grid-worker"]).await;
    let path = post(&world, "环境卫生岗").await;
    let duty = held(&world, &path, "grid-worker").await;
    let list = world.village("duty-posts");
    for key in ["villager", "neighbour", "panel-1", "town-officer"] {
        let page = world.sign_in(key).await.get(&list).await.expect(200);
        let shown = &page["items"][0];
        assert_eq!(shown["name"], "环境卫生岗", "{key}");
        assert_eq!(shown["item_codes"], json!(["P-POST"]));
        let holder = &shown["holders"][0];
        assert_eq!((&holder["duty_id"], &holder["name"]), (&json!(duty), &json!("赵明")));
    }
    for key in ["other-villager", "other-admin", "stranger", "merchant-owner"] {
        world.sign_in(key).await.get(&list).await.expect_problem(404, "not_found");
    }
    let other = world.sign_in("other-admin").await;
    let theirs = other.get(&world.other_village("duty-posts")).await.expect(200);
    assert_eq!(theirs["items"], json!([]));
    // The other village cannot put anybody on it either, under its own path or this one's.
    let tail = path.strip_prefix(&world.village("")).unwrap();
    let body = json!({"person_id": world.demo.villagers["neighbour"],
        "consent": consent(today(&world))});
    for path in [path.clone(), world.other_village(tail)] {
        let refused = other.post(&format!("{path}/holders"), body.clone()).await;
        refused.expect_problem(404, "not_found");
    }
    let told = db_messages(&world, "grid-worker");
    assert_eq!(told[0].0, "duty_assigned");
    assert_eq!(told[0].1["post_name"], "环境卫生岗");
}

#[actix_web::test]
async fn a_post_is_for_its_own_people_who_agreed_and_for_each_once() {
    let world = wendeng(&["villager"]).await;
    let path = post(&world, "环境卫生岗").await;
    put_on(&world, &path, "neighbour").await.expect_problem(422, "track_excluded");
    put_on(&world, &path, "other-villager").await.expect_problem(404, "not_found");
    let admin = world.sign_in("village-admin").await;
    let holders = format!("{path}/holders");
    let with = |consented_on, from| {
        json!({"person_id": world.demo.villagers["villager"], "from": from,
            "consent": consent(consented_on)})
    };
    let (now, tomorrow) = (today(&world), today(&world) + Days::new(1));
    let silent = admin.post(&holders, with(tomorrow, now)).await;
    silent.expect_problem(422, "consent_missing");
    let early = admin.post(&holders, with(now, now - Days::new(1))).await;
    early.expect_problem(422, "duty_day_invalid");
    let first = admin.post_with_key(&holders, with(now, now), "assigned-once-1").await.expect(201);
    // A repeat is the first answer, and puts nobody on it twice.
    let again = admin.post_with_key(&holders, with(now, now), "assigned-once-1").await.expect(201);
    assert_eq!(first, again);
    put_on(&world, &path, "villager").await.expect_problem(409, "already_exists");
    assert_eq!(duties(&world, "village-admin", "?source=duty_post").await.len(), 1);
    for key in ["villager", "panel-1", "collector"] {
        let refused = world.sign_in(key).await.post(&holders, with(now, now)).await;
        refused.expect_problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn a_post_names_items_of_duty_posts_and_is_for_nothing_that_must_not_be_scored() {
    let world = wendeng(&[]).await;
    let admin = world.sign_in("village-admin").await;
    let path = world.village("duty-posts");
    let with = |name: &str, codes: Value| json!({"name": name, "description": "每周巡查", "item_codes": codes});
    for codes in [json!([]), json!(["P-PLEDGE"]), json!(["P-POST", "P-NEIGH"]), json!(["X"])] {
        let refused = admin.post(&path, with("环境卫生岗", codes)).await;
        refused.expect_problem(422, "duty_items_invalid");
    }
    let refused = admin.post(&path, with("劝阻上访岗", json!(["P-POST"]))).await;
    refused.expect_problem(422, "duty_forbidden");
    admin.post(&path, with(" ", json!(["P-POST"]))).await.expect_problem(422, "invalid");
    admin.post(&path, with("环境卫生岗", json!(["P-POST"]))).await.expect(201);
    let twice = admin.post(&path, with("环境卫生岗", json!(["P-POST"]))).await;
    twice.expect_problem(409, "already_exists");
}

#[actix_web::test]
async fn a_post_is_left_by_who_holds_it_or_taken_from_them_with_a_reason() {
    let world = wendeng(&["villager", "grid-worker"]).await;
    let path = post(&world, "环境卫生岗").await;
    let (mine, other) =
        (held(&world, &path, "villager").await, held(&world, &path, "grid-worker").await);
    for (key, status, code) in [
        ("villager-son", 403, "forbidden"),
        ("neighbour", 404, "not_found"),
        ("panel-1", 404, "not_found"),
        ("other-admin", 404, "not_found"),
        ("village-admin", 422, "reason_missing"),
    ] {
        end(&world, key, &mine, json!({})).await.expect_problem(status, code);
    }
    let yesterday = json!({"on": today(&world) - Days::new(1)});
    end(&world, "villager", &mine, yesterday).await.expect_problem(422, "duty_day_invalid");
    end(&world, "villager", &mine, json!({})).await.expect(201);
    end(&world, "villager", &mine, json!({})).await.expect_problem(409, "duty_over");
    assert!(db_messages(&world, "villager").iter().all(|(kind, _)| kind != "duty_ended"));
    // It stays in the history, and can be held again.
    let last = &duties(&world, "villager", "").await[0];
    assert_eq!((&last["id"], &last["ended"]), (&json!(mine), &json!(true)));
    held(&world, &path, "villager").await;

    end(&world, "village-admin", &other, json!({"reason": "外出务工"})).await.expect(201);
    let (kind, data) = db_messages(&world, "grid-worker").pop().unwrap();
    assert_eq!((kind.as_str(), &data["reason"]), ("duty_ended", &json!("外出务工")));
    let log = world.sign_in("village-admin").await.get(&world.village("audit-log")).await;
    assert_eq!(log.expect(200)["items"][0]["action"], "duty_end");
}

#[actix_web::test]
async fn a_closed_post_ends_for_all_who_hold_it_and_its_name_is_free_again() {
    let world = wendeng(&["villager"]).await;
    let path = post(&world, "环境卫生岗").await;
    held(&world, &path, "villager").await;
    let admin = world.sign_in("village-admin").await;
    let closing = format!("{path}/closing");
    admin.post(&closing, json!({"reason": ""})).await.expect_problem(422, "invalid");
    let closed = admin.post(&closing, json!({"reason": "改由专人保洁"})).await.expect(201);
    assert_eq!(closed["closed_on"], json!(today(&world)));
    admin.post(&closing, json!({"reason": "再关一次"})).await.expect_problem(409, "duty_over");
    put_on(&world, &path, "villager").await.expect_problem(409, "duty_over");
    let (kind, data) = db_messages(&world, "villager").pop().unwrap();
    assert_eq!((kind.as_str(), &data["reason"]), ("duty_ended", &json!("改由专人保洁")));
    // Today still counts.
    claim(&world, "villager", "P-POST", json!({})).await.expect(201);
    pass_days(&world, 1);
    claim(&world, "villager", "P-POST", json!({})).await.expect_problem(422, "duty_not_held");

    post(&world, "环境卫生岗").await;
    let list = world.village("duty-posts");
    let villager = world.sign_in("villager").await;
    let open = villager.get(&list).await.expect(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
    let all = villager.get(&format!("{list}?with_closed=true")).await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    assert_eq!(text(&all["items"][0]["id"]), text(&closed["id"]));
}

#[actix_web::test]
async fn who_died_holds_no_post_any_more() {
    let world = wendeng(&["villager", "neighbour"]).await;
    let path = post(&world, "环境卫生岗").await;
    held(&world, &path, "villager").await;
    held(&world, &path, "neighbour").await;
    let list = world.village("duty-posts");
    let admin = world.sign_in("village-admin").await;
    let holders = async || {
        let page = world.sign_in("village-admin").await.get(&list).await.expect(200);
        page["items"][0]["holders"].as_array().map(Vec::len)
    };
    assert_eq!(holders().await, Some(2));
    let villager = world.village(&format!("villagers/{}", world.demo.villagers["neighbour"]));
    let died = json!({"residence": "deceased", "tracks": [], "reason": "家属报告"});
    admin.put(&villager, died).await.expect(204);
    pass_days(&world, 1);
    assert_eq!(holders().await, Some(1));
}
