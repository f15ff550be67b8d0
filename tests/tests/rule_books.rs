//! Rule books: presets, drafts, adoption.

use diesel::RunQueryDsl;
use serde_json::{Value, json};
use testing::{Client, World};

/// The day in the village, so many days from now.
fn day(world: &World, days: i64) -> String {
    let moment = world.clock.now() + chrono::Duration::days(days);
    domain::calendar::day_of(moment).to_string()
}

fn resolution(world: &World, in_force_from: &str) -> Value {
    json!({
        "held_on": day(world, -1), "present": 40, "votes_for": 38, "votes_against": 1,
        "in_force_from": in_force_from
    })
}

async fn draft(who: &Client, world: &World) -> Value {
    who.post(&world.village("rule-books"), json!({"preset": "shuicheng"})).await.expect(201)
}

fn path(world: &World, book: &Value, rest: &str) -> String {
    world.village(&format!("rule-books/{}{rest}", book["id"].as_str().expect("an id")))
}

async fn preset(who: &Client) -> Value {
    who.get("/v1/rule-book-presets/shuicheng").await.expect(200)["book"].clone()
}

#[actix_web::test]
async fn a_preset_is_shown_with_what_is_known_of_its_figures() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let list = villager.get("/v1/rule-book-presets").await.expect(200);
    assert_eq!(list["items"][0]["name"], "shuicheng");
    let shown = villager.get("/v1/rule-book-presets/shuicheng").await.expect(200);
    assert_eq!(shown["book"]["stars"][1]["star_credit_fen"], 160_000);
    let published = shown["provenance"]["published"].as_array().unwrap();
    assert!(published.contains(&"stars.discount_bp".into()));
    villager.get("/v1/rule-book-presets/atlantis").await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn the_preset_of_shuicheng_is_adopted_and_in_force_from_its_day() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let book = draft(&admin, &world).await;
    assert_eq!(
        (&book["state"], &book["number"], &book["faults"]),
        (&"draft".into(), &2.into(), &json!([]))
    );
    let (today, later) = (day(&world, 0), day(&world, 10));
    let adoptions = path(&world, &book, "/adoptions");
    let adopted = admin.post(&adoptions, resolution(&world, &later)).await.expect(201);
    assert_eq!(
        (&adopted["state"], &adopted["in_force_from"]),
        (&"adopted".into(), &later.clone().into())
    );
    assert_eq!(adopted["resolution"]["votes_for"], 38);
    let villager = world.sign_in("villager").await;
    let on = |day: &str| world.village(&format!("rule-book?on={day}"));
    assert_eq!(villager.get(&on(&today)).await.expect(200)["number"], 1);
    assert_eq!(villager.get(&on(&later)).await.expect(200)["id"], book["id"]);
    assert_eq!(villager.get(&world.village("rule-book")).await.expect(200)["number"], 1);
    villager.get(&on("2001-01-01")).await.expect_problem(422, "no_rule_book");
    villager.get(&on("tomorrow")).await.expect_problem(400, "bad_query");
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    assert_eq!(log["items"][0]["action"], "rule_book_adopt");
}

#[actix_web::test]
async fn an_adopted_book_is_never_edited_not_even_by_sql() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let book = draft(&admin, &world).await;
    let adoptions = path(&world, &book, "/adoptions");
    admin.post(&adoptions, resolution(&world, &day(&world, 1))).await.expect(201);
    let text = json!({"book": preset(&admin).await});
    admin.put(&path(&world, &book, ""), text).await.expect_problem(409, "rule_book_adopted");
    let again = admin.post(&adoptions, resolution(&world, &day(&world, 2))).await;
    again.expect_problem(409, "rule_book_adopted");
    let mut connection = world.connect();
    for statement in [
        "UPDATE rule_books SET name = 'another' WHERE state = 'adopted'",
        "UPDATE rule_books SET state = 'draft', in_force_from = NULL, resolution = NULL, adopted_at = NULL",
        "DELETE FROM rule_books",
    ] {
        let refused = diesel::sql_query(statement).execute(&mut connection).unwrap_err();
        assert!(refused.to_string().contains("never edited"), "{refused}");
    }
}

#[actix_web::test]
async fn a_draft_is_rewritten_and_its_faults_are_told_with_their_place() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let book = draft(&admin, &world).await;
    let mut text = preset(&admin).await;
    text["items"][0]["amount"]["points"] = "0".into();
    text["items"][2]["cure"] = Value::Null;
    text["items"][3]["name"] = "到县里信访".into();
    text["claim_way"]["stages"] = json!([]);
    let body = json!({"book": text});
    let written = admin.put(&path(&world, &book, ""), body).await.expect(200);
    let faults = written["faults"].as_array().unwrap();
    let told: Vec<_> = faults
        .iter()
        .map(|f| (f["place"].as_str().unwrap(), f["kind"].as_str().unwrap()))
        .collect();
    let expected = [
        ("claim_way.stages", "stages"),
        ("items[0].amount.points", "not_positive"),
        ("items[2].cure", "no_cure"),
        ("items[3].name", "forbidden"),
    ];
    assert_eq!(told, expected);
    assert_eq!(faults[3]["message"], "不得对此计分");
    let adoptions = path(&world, &book, "/adoptions");
    let refused = admin.post(&adoptions, resolution(&world, &day(&world, 1))).await;
    let problem = refused.expect_problem(422, "rule_book_invalid");
    let places: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| &e["field"]).collect();
    assert_eq!(places, expected.map(|(place, _)| place));
    // Put right, it is adopted.
    let text = json!({"book": preset(&admin).await});
    admin.put(&path(&world, &book, ""), text).await.expect(200);
    admin.post(&adoptions, resolution(&world, &day(&world, 1))).await.expect(201);
}

#[actix_web::test]
async fn a_whole_book_goes_in_and_comes_out_the_same() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let mut text = preset(&admin).await;
    // Whatever a book can say.
    text["subject"] = "person".into();
    text["cycle"] = "half_year".into();
    text["base_score"] = "1000.25".into();
    text["items"][0]["claimed_by"] = json!(["villager", "cadre", "system"]);
    text["items"][0]["caps"] = json!([
        {"per": "member", "period": "week", "limit": {"count": 3}},
        {"per": "account", "period": "cycle", "limit": {"points": "7.5"}}
    ]);
    let posted = admin.post(&world.village("rule-books"), json!({"book": text})).await.expect(201);
    assert_eq!(posted["book"], text);
    let shown = admin.get(&path(&world, &posted, "")).await.expect(200);
    assert_eq!(shown["book"], text);
}

#[actix_web::test]
async fn a_book_that_cannot_be_read_is_refused_with_the_path_of_the_field() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let good = preset(&admin).await;
    let refused = async |change: &dyn Fn(&mut Value), status, code| {
        let mut text = good.clone();
        change(&mut text);
        let answer = admin.post(&world.village("rule-books"), json!({"book": text})).await;
        answer.expect_problem(status, code)["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    let bad_amount = |book: &mut Value| book["items"][3]["amount"]["points"] = "1.234".into();
    assert_eq!(refused(&bad_amount, 400, "bad_body").await, "book.items[3].amount");
    let surprise = |book: &mut Value| book["items"][1]["surprise"] = 1.into();
    assert_eq!(refused(&surprise, 400, "bad_body").await, "book.items[1].surprise");
    let number = |book: &mut Value| book["base_score"] = 60.into();
    assert_eq!(refused(&number, 400, "bad_body").await, "book.base_score");
    let six_stars = |book: &mut Value| book["stars"][0]["stars"] = 6.into();
    assert_eq!(refused(&six_stars, 400, "bad_body").await, "book.stars[0].stars");
    let long = |book: &mut Value| book["items"][0]["name"] = "长".repeat(201).into();
    assert_eq!(refused(&long, 422, "invalid").await, "book.items[0].name");
    let both = json!({"preset": "shuicheng", "book": good});
    admin.post(&world.village("rule-books"), both).await.expect_problem(422, "invalid");
    admin.post(&world.village("rule-books"), json!({})).await.expect_problem(422, "invalid");
    let unknown = json!({"preset": "atlantis"});
    admin.post(&world.village("rule-books"), unknown).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn a_resolution_that_did_not_carry_or_a_day_too_early_is_refused() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let book = draft(&admin, &world).await;
    let adoptions = path(&world, &book, "/adoptions");
    let mut lost = resolution(&world, &day(&world, 1));
    lost["votes_for"] = 20.into();
    admin.post(&adoptions, lost).await.expect_problem(422, "resolution_not_carried");
    let mut tomorrow = resolution(&world, &day(&world, 1));
    tomorrow["held_on"] = day(&world, 1).into();
    admin.post(&adoptions, tomorrow).await.expect_problem(422, "resolution_not_carried");
    let early = admin.post(&adoptions, resolution(&world, &day(&world, -2))).await;
    early.expect_problem(422, "in_force_too_early");
    let mut absurd = resolution(&world, &day(&world, 1));
    absurd["present"] = 100_001.into();
    admin.post(&adoptions, absurd).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn a_double_tap_writes_one_draft_and_adopts_it_once() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let (books, body) = (world.village("rule-books"), json!({"preset": "shuicheng"}));
    let tap = || admin.post_with_key(&books, body.clone(), "draft-0001");
    let (one, other) = futures_util::join!(tap(), tap());
    let made = [one, other].into_iter().filter(|answer| answer.status == 201).count();
    assert!(made >= 1);
    let book = tap().await.expect(201);
    let list = admin.get(&books).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    let adoptions = path(&world, &book, "/adoptions");
    let body = resolution(&world, &day(&world, 1));
    let first = admin.post_with_key(&adoptions, body.clone(), "adopt-0001").await.expect(201);
    let again = admin.post_with_key(&adoptions, body.clone(), "adopt-0001").await.expect(201);
    assert_eq!(first, again);
    let other_body = resolution(&world, &day(&world, 2));
    let refused = admin.post_with_key(&adoptions, other_body, "adopt-0001").await;
    refused.expect_problem(422, "idempotency_mismatch");
    let keyless =
        admin.request(reqwest::Method::POST, &books).json(&json!({"preset": "shuicheng"}));
    admin.send(keyless).await.expect_problem(400, "idempotency_key_missing");
}

#[actix_web::test]
async fn two_books_adopted_at_once_follow_each_other() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let (one, other) = (draft(&admin, &world).await, draft(&admin, &world).await);
    let same_day = resolution(&world, &day(&world, 5));
    let (one, other) = (path(&world, &one, "/adoptions"), path(&world, &other, "/adoptions"));
    let (first, second) =
        futures_util::join!(admin.post(&one, same_day.clone()), admin.post(&other, same_day));
    let (won, lost) = if first.status == 201 { (first, second) } else { (second, first) };
    won.expect(201);
    lost.expect_problem(422, "in_force_too_early");
}

#[actix_web::test]
async fn drafts_are_for_those_who_write_them_and_books_for_the_village() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let book = draft(&admin, &world).await;
    let villager = world.sign_in("villager").await;
    let list = villager.get(&world.village("rule-books")).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        admin.get(&world.village("rule-books")).await.expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    villager.get(&path(&world, &book, "")).await.expect_problem(403, "forbidden");
    let body = json!({"preset": "shuicheng"});
    for key in ["villager", "collector", "county-operator"] {
        let refused =
            world.sign_in(key).await.post(&world.village("rule-books"), body.clone()).await;
        refused.expect_problem(403, "forbidden");
    }
    let other = world.sign_in("other-admin").await;
    other.post(&world.village("rule-books"), body).await.expect_problem(404, "not_found");
    other.get(&path(&world, &book, "")).await.expect_problem(404, "not_found");
    // A book of one village is unknown in another, even to who runs that one.
    let there = world.other_village(&format!("rule-books/{}", book["id"].as_str().unwrap()));
    other.get(&there).await.expect_problem(404, "not_found");
    other.get(&world.village("rule-book")).await.expect_problem(404, "not_found");
    let adoption = resolution(&world, &day(&world, 1));
    let refused = villager.post(&path(&world, &book, "/adoptions"), adoption).await;
    refused.expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn a_later_book_begins_tomorrow_at_the_earliest_so_that_no_day_has_two() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let book = draft(&admin, &world).await;
    let adoptions = path(&world, &book, "/adoptions");
    for from in [day(&world, -1), day(&world, 0)] {
        let refused = admin.post(&adoptions, resolution(&world, &from)).await;
        refused.expect_problem(422, "in_force_too_early");
    }
    admin.post(&adoptions, resolution(&world, &day(&world, 1))).await.expect(201);
}
