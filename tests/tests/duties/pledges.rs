//! Five-colour pledges: given for oneself, withdrawn any day, confirmed by others.

use chrono::Days;
use domain::calendar::CycleKind;
use serde_json::{Value, json};
use testing::World;
use testing::claims::{db_kin, db_messages, today};

use super::{claim, consent, duties, end, pass_days, pledge, text, wendeng};

fn body(world: &World, person: &str, more: Value) -> Value {
    let period = CycleKind::Month.holding(today(world)).to_string();
    let mut body = json!({"person_id": world.demo.villagers[person], "colour": "blue",
        "period": period, "text": "门前三包"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[actix_web::test]
async fn everybody_pledges_for_themselves_under_their_own_colours() {
    let world = wendeng(&["villager"]).await;
    let given = pledge(&world, "villager", "red").await.expect(201);
    let now = today(&world);
    let year = CycleKind::Year.holding(now);
    assert_eq!((&given["from"], &given["until"]), (&json!(now), &json!(year.last_day())));
    pledge(&world, "villager", "red").await.expect_problem(409, "already_exists");
    pledge(&world, "villager", "blue").await.expect(201);
    for colour in ["yellow", "green", "silver"] {
        pledge(&world, "villager", colour).await.expect_problem(422, "track_excluded");
    }
    pledge(&world, "neighbour", "red").await.expect_problem(422, "track_excluded");
    pledge(&world, "neighbour", "violet").await.expect_problem(400, "bad_body");

    let son = world.sign_in("villager-son").await;
    let path = world.village("pledges");
    let for_mother = son.post(&path, body(&world, "villager", json!({}))).await;
    for_mother.expect_problem(422, "person_not_eligible");
    let for_neighbour = son.post(&path, body(&world, "neighbour", json!({}))).await;
    for_neighbour.expect_problem(403, "forbidden");
    let over = json!({"period": "2020"});
    let late = son.post(&path, body(&world, "villager-son", over)).await;
    late.expect_problem(422, "duty_day_invalid");
    let bad = json!({"period": "2026-13"});
    son.post(&path, body(&world, "villager-son", bad)).await.expect_problem(422, "invalid");
    let silence = json!({"text": "不再上访"});
    let refused = son.post(&path, body(&world, "villager-son", silence)).await;
    refused.expect_problem(422, "duty_forbidden");
}

#[actix_web::test]
async fn a_cadre_records_what_somebody_signed_and_they_are_told_and_can_withdraw_it() {
    let world = wendeng(&[]).await;
    let path = world.village("pledges");
    let signed = json!({"consent": consent(today(&world))});
    let cadre = world.sign_in("grid-worker").await;
    let without = cadre.post(&path, body(&world, "neighbour", json!({}))).await;
    without.expect_problem(403, "forbidden");
    let given = cadre.post(&path, body(&world, "neighbour", signed.clone())).await.expect(201);
    let villager = world.sign_in("villager").await;
    let refused = villager.post(&path, body(&world, "elder", signed.clone())).await;
    refused.expect_problem(403, "forbidden");
    let other = world.sign_in("other-admin").await;
    let refused = other.post(&path, body(&world, "elder", signed)).await;
    refused.expect_problem(404, "not_found");
    let told = db_messages(&world, "neighbour");
    assert_eq!((told[0].0.as_str(), &told[0].1["colour"]), ("pledge_recorded", &json!("blue")));
    let mine = &duties(&world, "neighbour", "").await[0];
    assert_eq!(mine["consent"]["consented_how"], "党员大会上签字");
    assert_eq!(
        mine["words"],
        json!(format!("蓝色自治契约({})", CycleKind::Month.holding(today(&world))))
    );
    end(&world, "neighbour", text(&given["id"]), json!({})).await.expect(201);
}

#[actix_web::test]
async fn what_became_of_a_pledge_is_confirmed_by_others_and_shown_with_its_claims() {
    let world = wendeng(&["villager"]).await;
    let path = world.village("pledges");
    let villager = world.sign_in("villager").await;
    let red = body(&world, "villager", json!({"colour": "red"}));
    let given = villager.post(&path, red).await.expect(201);
    let last: chrono::NaiveDate = text(&given["until"]).parse().unwrap();
    let made = claim(&world, "villager", "P-PLEDGE", json!({"choice": "kept"})).await.expect(201);
    let outcome = format!("{path}/{}/outcome", text(&given["id"]));
    let kept = json!({"outcome": "kept"});
    if today(&world) < last {
        let early = world.sign_in("panel-1").await.post(&outcome, kept.clone()).await;
        early.expect_problem(422, "cycle_not_over");
        assert_eq!(duties(&world, "panel-1", "?waiting_for_outcome=true").await, [Value::Null; 0]);
    }
    pass_days(&world, (last - today(&world)).num_days());
    let waiting = duties(&world, "panel-1", "?waiting_for_outcome=true").await;
    assert_eq!(waiting.iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&given["id"]]);

    db_kin(&world, "villager", "panel-2");
    let not = json!({"outcome": "not_kept"});
    for (key, body, status, code) in [
        ("villager", &kept, 404, "not_found"),
        ("collector", &kept, 404, "not_found"),
        ("other-admin", &kept, 404, "not_found"),
        ("panel-2", &kept, 403, "declared_kin"),
        ("panel-1", &not, 422, "reason_missing"),
    ] {
        let answer = world.sign_in(key).await.post(&outcome, body.clone()).await;
        answer.expect_problem(status, code);
    }
    let partly = json!({"outcome": "partly_kept", "reason": "参加清扫两次"});
    let panel = world.sign_in("panel-1").await;
    let confirmed = panel.post(&outcome, partly.clone()).await.expect(201);
    assert_eq!(confirmed["outcome"], "partly_kept");
    panel.post(&outcome, partly).await.expect_problem(409, "already_decided");
    assert_eq!(duties(&world, "panel-1", "?waiting_for_outcome=true").await, [Value::Null; 0]);

    let mine = &duties(&world, "villager", "").await[0];
    assert_eq!(mine["outcome"]["outcome"], "partly_kept");
    assert_eq!(mine["outcome"]["reason"], "参加清扫两次");
    let (kind, data) = db_messages(&world, "villager").pop().unwrap();
    assert_eq!((kind.as_str(), &data["outcome"]), ("pledge_confirmed", &json!("partly_kept")));
    // The panel that decides on the claim sees it; it moved no points by itself.
    let shown = world.village(&format!("claims/{}", text(&made["id"])));
    let shown = panel.get(&shown).await.expect(200);
    assert_eq!(shown["duty"]["outcome"], "partly_kept");
    assert_eq!((&shown["state"], &shown["asked_points"]), (&json!("submitted"), &json!("10")));
}

#[actix_web::test]
async fn nobody_confirms_what_they_recorded_or_what_was_withdrawn_or_a_post() {
    let world = wendeng(&["villager"]).await;
    let path = world.village("pledges");
    let signed = json!({"consent": consent(today(&world))});
    let admin = world.sign_in("village-admin").await;
    let given = admin.post(&path, body(&world, "neighbour", signed)).await.expect(201);
    let own = world.sign_in("villager").await;
    let withdrawn = own.post(&path, body(&world, "villager", json!({}))).await.expect(201);
    end(&world, "villager", text(&withdrawn["id"]), json!({})).await.expect(201);
    let post = super::post(&world, "环境卫生岗").await;
    let held = super::held(&world, &post, "villager").await;
    pass_days(&world, 31);
    let confirm = async |key: &str, id: &str| {
        let path = format!("{path}/{id}/outcome");
        world.sign_in(key).await.post(&path, json!({"outcome": "kept"})).await
    };
    confirm("village-admin", text(&given["id"])).await.expect_problem(403, "own_claim");
    confirm("panel-1", text(&withdrawn["id"])).await.expect_problem(409, "duty_over");
    confirm("panel-1", &held).await.expect_problem(404, "not_found");
    confirm("panel-1", text(&given["id"])).await.expect(201);
}

#[actix_web::test]
async fn pledges_are_seen_at_home_and_by_those_who_serve_the_village() {
    let world = wendeng(&["villager"]).await;
    let given = pledge(&world, "villager", "red").await.expect(201);
    let home = world.demo.households[&1];
    let ids = |list: Vec<Value>| list.into_iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    for key in ["villager", "villager-son", "collector", "panel-1"] {
        assert_eq!(ids(duties(&world, key, "").await), [given["id"].clone()], "{key}");
    }
    assert_eq!(duties(&world, "neighbour", "").await, [Value::Null; 0]);
    let of_home = world.village(&format!("duties?household_id={home}"));
    for key in ["neighbour", "other-villager", "other-admin", "stranger"] {
        world.sign_in(key).await.get(&of_home).await.expect_problem(404, "not_found");
    }
    // By pages, the newest first.
    pass_days(&world, 1);
    let newer = pledge(&world, "villager", "blue").await.expect(201);
    let villager = world.sign_in("villager").await;
    let page = villager.get(&world.village("duties?limit=1")).await.expect(200);
    assert_eq!(page["items"][0]["id"], newer["id"]);
    let cursor = text(&page["next_cursor"]);
    let rest = world.village(&format!("duties?limit=1&cursor={cursor}"));
    let rest = villager.get(&rest).await.expect(200);
    assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&given["id"], &Value::Null));
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&of_home).await.expect_problem(403, "reason_required");
    supervisor.read(&of_home).await.expect(200);
    let elsewhere = world.other_village(&format!("duties?household_id={home}"));
    let theirs = world.sign_in("other-admin").await.get(&elsewhere).await.expect(200);
    assert_eq!(theirs["items"], json!([]));
    let later = today(&world) + Days::new(1);
    let on = json!({"on": later, "reason": "搬走"});
    let ended = end(&world, "village-admin", text(&given["id"]), on).await.expect(201);
    assert_eq!(ended["until"], json!(later));
}
