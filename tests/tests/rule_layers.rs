//! County frame, town manual and village book over each other.

use chrono::Duration;
use domain::calendar::{day_of, end_of};
use serde_json::{Value, json};
use testing::claims::{certify, declare, today};
use testing::{Client, World};

/// The day in the village, so many days from now.
fn day(world: &World, days: i64) -> String {
    day_of(world.clock.now() + Duration::days(days)).to_string()
}

fn layers(division: impl std::fmt::Display) -> String {
    format!("/v1/divisions/{division}/rule-layers")
}

fn id(of: &Value) -> &str {
    of["id"].as_str().expect("an id")
}

fn award(code: &str, points: &str) -> Value {
    json!({
        "code": code, "category": "environment", "name": format!("自设条目{code}"), "kind": "award",
        "amount": {"kind": "fixed", "points": points}, "claimed_by": ["villager"],
        "evidence": "photo", "caps": [{"per": "account", "period": "month", "limit": {"count": 1}}],
    })
}

/// Wendeng's: at most 5 own awards and 5 own deductions of at most 2 points each.
fn bounds() -> Value {
    let own = |kind| json!({"kind": kind, "items_max": 5, "points_max": "2"});
    json!({"villages": [own("award"), own("deduction")]})
}

/// A whole frame out of the preset that the demo village adopted, with locks and bounds.
async fn frame(who: &Client, more: Value) -> Value {
    let mut frame = who.get("/v1/rule-book-presets/shuicheng").await.expect(200)["book"].clone();
    let all = frame.as_object_mut().expect("an object");
    all.insert("name".into(), json!("水城区积分框架"));
    all.insert("bounds".into(), bounds());
    all.extend(more.as_object().expect("an object").clone());
    frame
}

async fn write(who: &Client, division: impl std::fmt::Display, layer: Value) -> Value {
    who.post(&layers(division), json!({"layer": layer})).await.expect(201)
}

fn order(world: &World, from: &str) -> Value {
    json!({"number": "区委发〔2026〕12号", "issued_on": day(world, 0), "in_force_from": from})
}

fn resolution(world: &World, from: &str) -> Value {
    json!({
        "held_on": day(world, -1), "present": 40, "votes_for": 38, "votes_against": 1,
        "in_force_from": from
    })
}

fn kinds(list: &Value) -> Vec<(&str, &str)> {
    let all = list.as_array().expect("a list").iter();
    all.map(|one| (one["place"].as_str().unwrap(), one["kind"].as_str().unwrap())).collect()
}

#[actix_web::test]
async fn a_frame_is_issued_and_from_its_day_on_the_village_goes_by_it() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    let (county, from) = (world.demo.county, day(&world, 5));
    let text = frame(&operator, json!({"base_score": "80", "locked": ["base_score"]})).await;
    let draft = write(&operator, county, text).await;
    assert_eq!((&draft["state"], &draft["number"]), (&json!("draft"), &json!(1)));
    assert_eq!((&draft["faults"], &draft["contradictions"]), (&json!([]), &json!([])));
    let orders = format!("{}/{}/orders", layers(county), id(&draft));
    // Tried first: both villages of the county would get a new book, and what does not hold is told.
    let tried = operator.post(&format!("{orders}?dry_run=true"), order(&world, &from)).await;
    let tried = tried.expect(200);
    assert_eq!(tried["books"].as_array().unwrap().len(), 2, "both villages of the county");
    assert_eq!(tried["books"][0]["rule_book_id"], Value::Null);
    let issued = operator.post(&orders, order(&world, &from)).await.expect(201);
    let books = issued["books"].as_array().unwrap();
    let own = books.iter().find(|one| one["village_id"] == json!(world.demo.village)).unwrap();
    assert_eq!(own["in_force_from"], json!(from));
    let told = kinds(&own["contradictions"]);
    assert!(told.contains(&("base_score", "locked_setting")), "{told:?}");
    // In force on its day, with the frame's figure and where it comes from.
    let villager = world.sign_in("villager").await;
    let on = |day: &str| world.village(&format!("rule-book?on={day}"));
    let before = villager.get(&on(&day(&world, 4))).await.expect(200);
    assert_eq!((&before["number"], &before["book"]["base_score"]), (&json!(1), &json!("60")));
    let after = villager.get(&on(&from)).await.expect(200);
    assert_eq!((&after["number"], &after["book"]["base_score"]), (&json!(2), &json!("80")));
    assert_eq!(after["county_layer_id"], draft["id"]);
    assert_eq!(after["carried_from"], before["id"]);
    assert_eq!(after["item_origins"]["ENV-1"], "county");
    assert_eq!((&before["state"], &after["state"]), (&json!("in_force"), &json!("adopted")));
    assert_eq!(kinds(&after["contradictions"]), told);
    // Public, and never edited.
    let shown = villager.get(&format!("{}/{}", layers(county), id(&draft))).await.expect(200);
    assert_eq!(shown["order"]["number"], "区委发〔2026〕12号");
    let path = format!("{}/{}", layers(county), id(&draft));
    let again = operator.put(&path, json!({"layer": {"name": "改"}})).await;
    again.expect_problem(409, "rule_book_adopted");
    let twice = operator.post(&orders, order(&world, &day(&world, 9))).await;
    twice.expect_problem(409, "rule_book_adopted");
}

#[actix_web::test]
async fn a_deed_is_judged_by_the_frame_of_its_day_also_when_it_is_certified_later() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    let (county, from) = (world.demo.county, day(&world, 3));
    let mut text = frame(&operator, json!({"locked_items": ["ENV-1"]})).await;
    text["items"][0]["amount"] = json!({"kind": "fixed", "points": "0.5"});
    assert_eq!(text["items"][0]["code"], "ENV-1");
    let draft = write(&operator, county, text).await;
    let old = declare(&world, "villager", "ENV-1", json!({"quantity": 1})).await;
    let orders = format!("{}/{}/orders", layers(county), id(&draft));
    operator.post(&orders, order(&world, &from)).await.expect(201);
    let wait = end_of(today(&world)) + Duration::days(3) - world.clock.now();
    world.clock.advance(u32::try_from(wait.num_seconds()).unwrap());
    let new = declare(&world, "neighbour", "ENV-1", json!({})).await;
    assert_eq!(certify(&world, &new).await["granted_points"], "0.5");
    assert_eq!(certify(&world, &old).await["granted_points"], "1");
}

#[actix_web::test]
async fn a_village_adopts_a_layer_of_five_own_items_and_not_a_sixth() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    let county = world.demo.county;
    let locked = json!({"locked": ["stars", "base_score"], "pledges_bp_min": 8_000});
    let draft = write(&operator, county, frame(&operator, locked).await).await;
    let orders = format!("{}/{}/orders", layers(county), id(&draft));
    operator.post(&orders, order(&world, &day(&world, 1))).await.expect(201);
    world.clock.advance(24 * 3_600);

    let admin = world.sign_in("village-admin").await;
    let codes = ["OWN-1", "OWN-2", "OWN-3", "OWN-4", "OWN-5"];
    let mut items: Vec<Value> = codes.iter().map(|code| award(code, "2")).collect();
    let layer = |items: &[Value]| json!({"layer": {"name": "云岭村细则", "base_score": "60", "items": items}});
    let mut six = items.clone();
    six.push(award("OWN-6", "1"));
    six[1] = award("OWN-2", "2.01");
    let draft = admin.post(&world.village("rule-books"), layer(&six)).await.expect(201);
    assert_eq!(kinds(&draft["contradictions"]), [("items[1].amount", "own_item_too_high")]);
    let path = world.village(&format!("rule-books/{}", id(&draft)));
    six[1] = award("OWN-2", "2");
    let draft = admin.put(&path, layer(&six)).await.expect(200);
    assert_eq!(kinds(&draft["contradictions"]), [("items[5]", "too_many_own_items")]);
    let adoptions = format!("{path}/adoptions");
    let refused = admin.post(&adoptions, resolution(&world, &day(&world, 1))).await;
    let problem = refused.expect_problem(422, "rule_book_contradicts");
    assert_eq!(problem["errors"][0]["field"], "items[5]");
    assert_eq!(problem["errors"][0]["code"], "too_many_own_items");
    // Five stand, and the frame asks for pledges of four households in five.
    admin.put(&path, layer(&items)).await.expect(200);
    let refused = admin.post(&adoptions, resolution(&world, &day(&world, 1))).await;
    refused.expect_problem(422, "pledges_too_few");
    let households = admin.get(&format!("/v1/villages/{}", world.demo.village)).await.expect(200)["household_count"].clone();
    let signed = |count: i64| {
        let mut body = resolution(&world, &day(&world, 1));
        body["households_signed"] = json!(count);
        body
    };
    let all = households.as_i64().expect("a number");
    admin.post(&adoptions, signed(all + 1)).await.expect_problem(422, "pledges_invalid");
    let adopted = admin.post(&adoptions, signed(all)).await.expect(201);
    assert_eq!(adopted["pledges"]["households_total"], households);
    assert_eq!(adopted["layer"]["items"].as_array().unwrap().len(), 5);
    let book = &adopted["book"];
    assert_eq!(book["name"], "云岭村细则");
    let has = |code: &str| {
        let mut all = book["items"].as_array().unwrap().iter();
        all.any(|item| item["code"] == code)
    };
    assert!(has("OWN-5") && has("ENV-1"));
    assert_eq!(adopted["item_origins"].get("OWN-5"), None);
    // What is declared by an own item counts.
    items.clear();
    world.clock.advance(24 * 3_600);
    let claim = declare(&world, "villager", "OWN-3", json!({})).await;
    assert_eq!(certify(&world, &claim).await["granted_points"], "2");
}

#[actix_web::test]
async fn a_manual_fills_in_what_the_frame_leaves_open_and_may_not_go_against_it() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    let (county, town) = (world.demo.county, world.demo.town);
    let text = json!({"name": "框架", "base_score": "70", "locked": ["base_score"]});
    let draft = write(&operator, county, text).await;
    let orders = format!("{}/{}/orders", layers(county), id(&draft));
    operator.post(&orders, order(&world, &day(&world, 2))).await.expect(201);
    let officer = world.sign_in("town-officer").await;
    officer
        .post(&layers(county), json!({"layer": {"name": "手册"}}))
        .await
        .expect_problem(403, "forbidden");
    let against = json!({"name": "手册", "base_score": "65", "claim_days_max": 30});
    let manual = write(&officer, town, against).await;
    // On the day it was written the frame holds not yet.
    assert_eq!(manual["contradictions"], json!([]));
    let path = format!("{}/{}", layers(town), id(&manual));
    let orders = format!("{path}/orders");
    let refused = officer.post(&orders, order(&world, &day(&world, 2))).await;
    let problem = refused.expect_problem(422, "rule_book_contradicts");
    assert_eq!(problem["errors"][0]["field"], "base_score");
    let early = officer.post(&orders, order(&world, &day(&world, 0))).await;
    early.expect_problem(422, "in_force_too_early");
    let text = json!({"name": "手册", "claim_days_max": 30, "locked": ["claim_days_max"]});
    officer.put(&path, json!({"layer": text})).await.expect(200);
    officer.post(&orders, order(&world, &day(&world, 2))).await.expect(201);
    let admin = world.sign_in("village-admin").await;
    let on = world.village(&format!("rule-book?on={}", day(&world, 2)));
    let book = admin.get(&on).await.expect(200);
    assert_eq!(book["book"]["base_score"], "70");
    assert_eq!(book["book"]["claim_days_max"], 30);
    assert_eq!((&book["county_layer_id"], &book["town_layer_id"]), (&draft["id"], &manual["id"]));
    // A village has a rule book, and no layer.
    let none = operator.post(&layers(world.demo.village), json!({"layer": {"name": "村"}})).await;
    none.expect_problem(404, "not_found");
    // What was stated stays stated: villages may rely on it.
    let next = write(&officer, town, json!({"name": "手册二"})).await;
    let orders = format!("{}/{}/orders", layers(town), id(&next));
    let refused = officer.post(&orders, order(&world, &day(&world, 9))).await;
    let problem = refused.expect_problem(422, "rule_book_contradicts");
    assert_eq!(problem["errors"][0]["code"], "withdrawn");
    assert_eq!(problem["errors"][0]["field"], "claim_days_max");
}

#[actix_web::test]
async fn a_frame_that_would_break_a_villages_book_is_refused_with_the_village_and_the_place() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let mut book = admin.get("/v1/rule-book-presets/shuicheng").await.expect(200)["book"].clone();
    let mut grade = award("GRADE-1", "10");
    grade["kind"] = json!("direct_grade");
    grade["grade"] = json!(3);
    grade["claimed_by"] = json!(["cadre"]);
    grade["cure"] = json!("改正");
    grade["cure_days"] = json!(30);
    grade["caps"] = json!([]);
    book["items"].as_array_mut().unwrap().push(grade);
    let draft = admin.post(&world.village("rule-books"), json!({"book": book})).await.expect(201);
    assert_eq!(draft["faults"], json!([]));
    let path = world.village(&format!("rule-books/{}/adoptions", id(&draft)));
    admin.post(&path, resolution(&world, &day(&world, 1))).await.expect(201);
    // The star that the item sets is none of the frame's table.
    let operator = world.sign_in("county-operator").await;
    let star = |stars: u8, from: &str| {
        json!({
            "stars": stars, "from": from, "inclusive": true, "star_credit_fen": 0, "discount_bp": 0
        })
    };
    let table = [star(2, "80"), star(1, "60")];
    let text = json!({"name": "框架", "stars": table, "locked": ["stars"]});
    let layer = write(&operator, world.demo.county, text).await;
    let orders = format!("{}/{}/orders", layers(world.demo.county), id(&layer));
    let refused = operator.post(&orders, order(&world, &day(&world, 3))).await;
    let problem = refused.expect_problem(422, "rule_books_broken");
    let field = problem["errors"][0]["field"].as_str().unwrap();
    assert!(field.starts_with(&format!("villages[{}]", world.demo.village)), "{field}");
    // Nothing of it stayed.
    let shown = operator.get(&format!("{}/{}", layers(world.demo.county), id(&layer))).await;
    assert_eq!(shown.expect(200)["state"], "draft");
}

#[actix_web::test]
async fn two_orders_at_once_for_one_day_become_one() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    let county = world.demo.county;
    let mut drafts = Vec::new();
    for name in ["甲", "乙"] {
        drafts.push(write(&operator, county, json!({"name": name, "base_score": "70"})).await);
    }
    let from = day(&world, 2);
    let path = |draft: &Value| format!("{}/{}/orders", layers(county), id(draft));
    let (first, second) = (path(&drafts[0]), path(&drafts[1]));
    let one = operator.post(&first, order(&world, &from));
    let other = operator.post(&second, order(&world, &from));
    let (one, other) = futures_util::future::join(one, other).await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
    let list = operator.get(&layers(county)).await.expect(200);
    let states: Vec<_> = list["items"].as_array().unwrap().iter().map(|l| &l["state"]).collect();
    assert_eq!(states.iter().filter(|state| **state == "adopted").count(), 1);
}

#[actix_web::test]
async fn an_order_sent_twice_with_one_key_is_issued_once_and_answered_alike() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    let county = world.demo.county;
    let text = json!({"name": "框架", "base_score": "70", "locked": ["base_score"]});
    let draft = write(&operator, county, text).await;
    let orders = format!("{}/{}/orders", layers(county), id(&draft));
    let body = order(&world, &day(&world, 2));
    let one = operator.post_with_key(&orders, body.clone(), "order-sent-twice").await.expect(201);
    let again = operator.post_with_key(&orders, body, "order-sent-twice").await.expect(201);
    assert_eq!(one, again);
    let admin = world.sign_in("village-admin").await;
    let books = admin.get(&world.village("rule-books")).await.expect(200);
    assert_eq!(books["items"].as_array().unwrap().len(), 2, "the first book and one merged");
}

/// Whichever comes first: the village goes by a book that was merged with the frame.
#[actix_web::test]
async fn an_order_that_races_an_adoption_misses_no_book() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    let admin = world.sign_in("village-admin").await;
    let county = world.demo.county;
    let text = json!({"name": "框架", "base_score": "70", "locked": ["base_score"]});
    let frame = write(&operator, county, text).await;
    let orders = format!("{}/{}/orders", layers(county), id(&frame));
    let villager = world.sign_in("villager").await;
    let now = villager.get(&world.village("rule-book")).await.expect(200);
    let mut text = now["book"].clone();
    text["name"] = json!("新版村规");
    let own = admin.post(&world.village("rule-books"), json!({"book": text})).await.expect(201);
    let adoptions = world.village(&format!("rule-books/{}/adoptions", id(&own)));
    let from = day(&world, 2);
    let (issued, adopted) = futures_util::future::join(
        operator.post(&orders, order(&world, &from)),
        admin.post(&adoptions, resolution(&world, &from)),
    )
    .await;
    issued.expect(201);
    // The village's own text states 60 where the frame states 70: refused if the frame came first.
    assert!([201, 422].contains(&adopted.status.as_u16()), "{}", adopted.status);
    let then = villager.get(&world.village(&format!("rule-book?on={from}"))).await.expect(200);
    assert_eq!(then["county_layer_id"], frame["id"]);
    assert_eq!(then["book"]["base_score"], "70");
}
