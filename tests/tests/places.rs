//! Divisions, holidays, villages, grids.

use serde_json::json;
use testing::World;

#[actix_web::test]
async fn divisions_are_listed_level_by_level_and_page_by_page() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let counties = villager.get("/v1/divisions").await.expect(200);
    assert_eq!(counties["items"][0]["name"], "水城区");
    assert_eq!(counties["items"][0]["level"], "county");
    let below = |id: String| format!("/v1/divisions?parent_id={id}&limit=1");
    let towns = villager.get(&below(world.demo.county.to_string())).await.expect(200);
    assert_eq!(towns["items"][0]["code"], "520204105");
    let villages = villager.get(&below(world.demo.town.to_string())).await.expect(200);
    assert_eq!(villages["items"][0]["code"], "520204105201");
    let cursor = villages["next_cursor"].as_str().unwrap();
    let next = format!("{}&cursor={cursor}", below(world.demo.town.to_string()));
    let next = villager.get(&next).await.expect(200);
    assert_eq!((&next["items"][0]["name"], &next["next_cursor"]), (&"青山村".into(), &json!(null)));
    let none = villager.get(&below(world.demo.village.to_string())).await.expect(200);
    assert_eq!(none["items"], json!([]));
    let nowhere = below("01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60".into());
    villager.get(&nowhere).await.expect_problem(404, "not_found");
    world.anonymous().get("/v1/divisions").await.expect_problem(401, "sign_in_needed");
}

#[actix_web::test]
async fn a_countys_operator_imports_divisions_of_the_own_county_only() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    let path = "/v1/divisions/imports";
    let own = "代码,名称\n520204106,新街乡\n520204106201,河边村\n520204105201,云岭新村\n";
    let done = operator.upload(path, own.as_bytes(), "a.csv").await.expect(200);
    assert_eq!(done, json!({"lines": 3}));
    let village =
        world.sign_in("villager").await.get(&format!("/v1/villages/{}", world.demo.village)).await;
    assert_eq!(village.expect(200)["village"]["name"], "云岭新村");
    let elsewhere = "code,name\n520204107,平安乡\n110101,东城区\n";
    let refused = operator.upload(path, elsewhere.as_bytes(), "a.csv").await;
    refused.expect_problem(403, "forbidden");
    let towns = format!("/v1/divisions?parent_id={}", world.demo.county);
    let towns = operator.get(&towns).await.expect(200);
    assert_eq!(towns["items"].as_array().unwrap().len(), 2, "nothing of a refused file is written");
    for key in ["town-officer", "village-admin", "villager", "supervisor"] {
        let refused = world.sign_in(key).await.upload(path, own.as_bytes(), "a.csv").await;
        refused.expect_problem(403, "forbidden");
    }
    let platform = world.sign_in("platform-admin").await;
    let (gbk, _, _) = encoding_rs::GBK.encode(elsewhere);
    platform.upload(path, &gbk, "a.csv").await.expect(200);
}

#[actix_web::test]
async fn bad_lines_of_an_import_of_divisions_are_told_by_number_and_nothing_is_written() {
    let world = World::new().await;
    let platform = world.sign_in("platform-admin").await;
    let path = "/v1/divisions/imports";
    let file = format!(
        "code,name\n110101,东城区\n11010,少一位\n\n110102001,没有上级\n110101001,\n110101002,{}\n110101,又一次\n",
        "长".repeat(61)
    );
    let refused = platform.upload(path, file.as_bytes(), "a.csv").await;
    let problem = refused.expect_problem(422, "import_invalid");
    let fields: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| &e["field"]).collect();
    assert_eq!(
        fields,
        ["lines[3].code", "lines[5].code", "lines[6].name", "lines[7].name", "lines[8].code"]
    );
    let counties = platform.get("/v1/divisions").await.expect(200);
    assert_eq!(counties["items"].as_array().unwrap().len(), 1);
    let headless = platform.upload(path, "110101,东城区\n".as_bytes(), "a.csv").await;
    headless.expect_problem(422, "header_invalid");
    let large = vec![b'1'; 1024 * 1024 + 1];
    platform.upload(path, &large, "a.csv").await.expect_problem(413, "too_large");
}

#[actix_web::test]
async fn the_platform_imports_the_holiday_table() {
    let world = World::new().await;
    let platform = world.sign_in("platform-admin").await;
    let days = json!({"days": [
        {"day": "2026-10-01", "kind": "holiday"}, {"day": "2026-10-10", "kind": "workday"}
    ]});
    platform.put("/v1/holidays", days.clone()).await.expect(204);
    let works = |day: &str| {
        let calendar = world.db.read(|c| world.db.calendar(c)).unwrap();
        calendar.is_working(day.parse().unwrap())
    };
    assert!(!works("2026-10-01") && works("2026-10-10"));
    // A correction replaces what was said of that day, at once.
    let other_way = json!({"days": [{"day": "2026-10-01", "kind": "workday"}]});
    platform.put("/v1/holidays", other_way).await.expect(204);
    assert!(works("2026-10-01") && works("2026-10-10"));
    let twice = json!({"days": [
        {"day": "2026-10-01", "kind": "holiday"}, {"day": "2026-10-01", "kind": "workday"}
    ]});
    platform.put("/v1/holidays", twice).await.expect_problem(422, "invalid");
    platform.put("/v1/holidays", json!({"days": []})).await.expect_problem(422, "invalid");
    for key in ["county-operator", "village-admin", "villager"] {
        let refused = world.sign_in(key).await.put("/v1/holidays", days.clone()).await;
        refused.expect_problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn a_village_shows_where_it_lies_what_is_in_it_and_its_book() {
    let world = World::new().await;
    let path = format!("/v1/villages/{}", world.demo.village);
    let villager = world.sign_in("villager").await;
    let village = villager.get(&path).await.expect(200);
    assert_eq!(village["village"]["name"], "云岭村");
    assert_eq!(village["town"]["name"], "龙场乡");
    assert_eq!(village["county"]["code"], "520204");
    assert_eq!((&village["household_count"], &village["villager_count"]), (&13.into(), &15.into()));
    assert_eq!(village["rule_book"]["number"], 1);
    assert_eq!(village["rule_book"]["subject"], "household");
    world.sign_in("supervisor").await.get(&path).await.expect(200);
    world.sign_in("other-villager").await.get(&path).await.expect_problem(404, "not_found");
    world.sign_in("stranger").await.get(&path).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn grids_lie_in_larger_grids_and_households_in_grids() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let grids = world.village("grids");
    let draw = |name: &str, level: &str, parent: &serde_json::Value| {
        let body = json!({"name": name, "level": level, "parent_id": parent});
        admin.post(&grids, body)
    };
    let large = draw("云岭", "large", &json!(null)).await.expect(201);
    let small = draw(" 一组 ", "small", &large["id"]).await.expect(201);
    assert_eq!((&small["name"], &small["parent_id"]), (&"一组".into(), &large["id"]));
    draw("倒置", "medium", &small["id"]).await.expect_problem(422, "grid_not_smaller");
    draw("平级", "small", &small["id"]).await.expect_problem(422, "grid_not_smaller");
    draw("一组", "micro", &small["id"]).await.expect_problem(409, "already_exists");
    draw("  ", "micro", &small["id"]).await.expect_problem(422, "invalid");
    draw(&"长".repeat(41), "micro", &small["id"]).await.expect_problem(422, "invalid");
    draw("巨型", "huge", &json!(null)).await.expect_problem(400, "bad_body");
    let listed = world.sign_in("villager").await.get(&grids).await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);

    let home = world.village(&format!("households/{}", world.demo.households[&1]));
    let grid = format!("{home}/grid");
    let put = |body| admin.put(&grid, body);
    put(json!({"grid_id": small["id"]})).await.expect(204);
    assert_eq!(admin.get(&home).await.expect(200)["grid_name"], "一组");
    put(json!({})).await.expect_problem(400, "bad_body");
    put(json!({"grid_id": null})).await.expect(204);
    assert_eq!(admin.get(&home).await.expect(200)["grid_name"], json!(null));
}

#[actix_web::test]
async fn grids_are_drawn_by_those_who_run_the_village_and_lie_in_it() {
    let world = World::new().await;
    let other = world.sign_in("other-admin").await;
    let theirs = json!({"name": "青山", "level": "large"});
    let theirs = other.post(&world.other_village("grids"), theirs).await.expect(201);
    let admin = world.sign_in("village-admin").await;
    let into_theirs = json!({"name": "一组", "level": "small", "parent_id": theirs["id"]});
    admin.post(&world.village("grids"), into_theirs).await.expect_problem(404, "not_found");
    let home = world.village(&format!("households/{}/grid", world.demo.households[&1]));
    let refused = admin.put(&home, json!({"grid_id": theirs["id"]})).await;
    refused.expect_problem(404, "not_found");
    let body = json!({"name": "一组", "level": "small"});
    other.post(&world.village("grids"), body.clone()).await.expect_problem(404, "not_found");
    let villager = world.sign_in("villager").await;
    villager.post(&world.village("grids"), body).await.expect_problem(403, "forbidden");
    let theirs = world.village(&format!("households/{}/grid", world.demo.other_households[&1]));
    admin.put(&theirs, json!({"grid_id": null})).await.expect_problem(404, "not_found");
}
