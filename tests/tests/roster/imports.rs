use super::*;

#[actix_web::test]
async fn a_village_imports_its_roster_and_sees_it_masked() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let done = import(&admin, &world, &csv(&family())).await;
    assert_eq!(counts(&done), [1, 0, 2, 0]);
    assert_eq!((&done["lines"], &done["dry_run"]), (&2.into(), &false.into()));
    let shown = household(&admin, &world, "101").await;
    let [head, daughter] = shown["members"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!((&head["name"], &head["is_head"]), (&"石头".into(), &true.into()));
    assert_eq!(head["phone_masked"], "138****0101");
    assert_eq!(head["tracks"], serde_json::json!(["party_member"]));
    assert_eq!(daughter["residence"], "student");
    let masked = head["id_number_masked"].as_str().unwrap();
    assert!(masked.starts_with("5****************") && masked.chars().count() == 18, "{masked}");
    assert!(head["age"].as_u64().unwrap() > 50);
    // Nothing of what stands in full in the file stands in full in an answer.
    let list = admin.get(&world.village("households?limit=100")).await.expect(200);
    let bodies = format!("{done}{shown}{list}");
    for secret in [id_number("19700101", 1), id_number("20050505", 2), "13800000101".into()] {
        assert!(!bodies.contains(&secret), "{secret}");
    }
    assert!(!bodies.contains("1970"), "a birthday");
    // Nor in the database.
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        found: i64,
    }
    let found: Found = diesel::sql_query(
        "SELECT count(*) AS found FROM villagers WHERE villagers::text LIKE '%13800000101%' \
         OR encode(phone_encrypted, 'escape') LIKE '%138%0101%'",
    )
    .get_result(&mut world.connect())
    .unwrap();
    assert_eq!(found.found, 0);
}

#[actix_web::test]
async fn a_new_household_has_an_account_and_the_import_is_in_the_audit_log() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    import(&admin, &world, &csv(&family())).await;
    let home = household(&admin, &world, "101").await;
    let path = world.village(&format!("households/{}/balance", home["id"].as_str().unwrap()));
    let balance = admin.get(&path).await.expect(200);
    assert_eq!(balance["accounts"][0]["account_id"], home["id"]);
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    let mut deeds = log["items"].as_array().unwrap().iter();
    let recorded = deeds.find(|deed| deed["action"] == "roster_import").unwrap();
    let detail = &recorded["detail"];
    assert_eq!((&detail["lines"], &detail["villagers_added"]), (&2.into(), &2.into()));
    assert_eq!(recorded["role"], "village_admin");
}

#[actix_web::test]
async fn a_dry_run_tells_every_bad_line_and_changes_nothing() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let village = format!("/v1/villages/{}", world.demo.village);
    let before = admin.get(&village).await.expect(200);
    let mut lines = family();
    let good = id_number("19800101", 7);
    let wrong_check = format!("{}{}", &good[..17], if good.ends_with('0') { '1' } else { '0' });
    lines.push(format!("102,张三,户主,{wrong_check},123,,,"));
    lines.push("103,李四,子,,,,,".into());
    lines.push(format!("104,赵五,户主,{},,九组,也许,打工", id_number("19700101", 1)));
    lines.push("104,赵五,户主,,,,,".into());
    lines.push(",,,,,,,居住".into());
    let answer = dry_run(&admin, &world, &csv(&lines)).await;
    let expected = [
        (4, "id_number", "id_number_check_digit"),
        (4, "phone", "phone_form"),
        (5, "relation", "no_head"),
        (6, "grid", "unknown_grid"),
        (6, "residence", "unknown_status"),
        (6, "party_member", "not_yes_or_no"),
        (6, "id_number", "id_number_twice"),
        (7, "name", "name_twice"),
        (7, "relation", "second_head"),
        (8, "household_number", "missing"),
        (8, "name", "missing"),
        (8, "relation", "missing"),
    ];
    let expected =
        expected.map(|(line, field, reason)| (line, field.to_owned(), reason.to_owned()));
    assert_eq!(bad_lines(&answer), expected);
    assert_eq!(counts(&answer), [0, 0, 0, 0]);
    let first = &answer["bad_lines"][0]["message"];
    assert_eq!(first, "身份证号校验位不对,请核对");
    // A good file, only tried: what would be done, and nothing done.
    let would = dry_run(&admin, &world, &csv(&family())).await;
    assert_eq!(counts(&would), [1, 0, 2, 0]);
    let after = admin.get(&village).await.expect(200);
    assert_eq!(before, after);
}

#[actix_web::test]
async fn a_real_import_with_one_bad_line_changes_nothing() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let mut lines = family();
    lines.push("102,张三,户主,,123,,,".into());
    let path = world.village("roster-imports?dry_run=false");
    let refused = admin.upload(&path, &csv(&lines), "花名册.csv").await;
    let problem = refused.expect_problem(422, "import_invalid");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    assert_eq!(problem["errors"][0]["field"], "lines[4].phone");
    assert_eq!(problem["errors"][0]["message"], "phone_form: 手机号应为11位");
    assert!(!problem.to_string().contains("123"), "{problem}");
    let would = dry_run(&admin, &world, &csv(&family())).await;
    assert_eq!(counts(&would), [1, 0, 2, 0]);
}

#[actix_web::test]
async fn the_same_file_again_changes_nothing() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let mut lines = family();
    lines.push("105,无证,户主,,,,,".into());
    import(&admin, &world, &csv(&lines)).await;
    let shown = household(&admin, &world, "101").await;
    let again = import(&admin, &world, &csv(&lines)).await;
    assert_eq!(counts(&again), [0, 0, 0, 0]);
    assert_eq!(again["villagers_unchanged"], 3);
    assert_eq!(household(&admin, &world, "101").await, shown);
}

#[actix_web::test]
async fn a_later_file_changes_what_it_says_and_leaves_the_rest_alone() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    import(&admin, &world, &csv(&family())).await;
    // The daughter becomes the head; the father's phone cell is empty, his other cells too.
    let file = format!(
        "姓名,户号,与户主关系,身份证号,状态\n石小花,101,户主,{},居住\n石头,101,父,,\n",
        id_number("20050505", 2)
    );
    let changed = import(&admin, &world, file.as_bytes()).await;
    assert_eq!(counts(&changed), [0, 1, 0, 2]);
    let home = household(&admin, &world, "101").await;
    let [daughter, father] = home["members"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!((&daughter["name"], &daughter["is_head"]), (&"石小花".into(), &true.into()));
    assert_eq!(daughter["residence"], "resident");
    assert_eq!(
        (&father["relation"], &father["phone_masked"]),
        (&"父".into(), &"138****0101".into())
    );
    assert_eq!(father["tracks"], serde_json::json!(["party_member"]));
    // Households that are not in the file are as they were.
    assert_eq!(household(&admin, &world, "001").await["members"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_file_over_several_statements_is_imported_whole_and_twice_at_once_only_once() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let lines: Vec<String> = (0..4_500)
        .map(|n| {
            let (house, relation) = (n / 3, if n % 3 == 0 { "户主" } else { "家人" });
            let born = format!("19{:02}0101", n / 1000 + 60);
            format!("大{house:05},村民{n},{relation},{},1370000{n:04},,,", id_number(&born, n))
        })
        .collect();
    let file = csv(&lines);
    let (one, other) =
        futures_util::join!(import(&admin, &world, &file), import(&admin, &world, &file));
    let mut added = [counts(&one), counts(&other)];
    added.sort_unstable();
    assert_eq!(added, [[0, 0, 0, 0], [1_500, 0, 4_500, 0]]);
    let summary = admin.get(&format!("/v1/villages/{}", world.demo.village)).await.expect(200);
    assert_eq!(summary["household_count"], 13 + 1_500);
    assert_eq!(household_members(&admin, &world, "大00000").await, 3);
}

async fn household_members(who: &Client, world: &World, number: &str) -> usize {
    // 100 a page: the demo's thirteen come first, so the page holds the first of ours.
    household(who, world, number).await["members"].as_array().unwrap().len()
}

#[actix_web::test]
async fn the_roster_is_for_those_who_run_the_village() {
    let world = World::new().await;
    let path = world.village("roster-imports?dry_run=true");
    let file = csv(&family());
    for key in ["villager", "collector", "panel-1", "county-operator", "supervisor"] {
        let refused = world.sign_in(key).await.upload(&path, &file, "a.csv").await;
        refused.expect_problem(403, "forbidden");
    }
    for key in ["other-admin", "stranger", "merchant-owner"] {
        let refused = world.sign_in(key).await.upload(&path, &file, "a.csv").await;
        refused.expect_problem(404, "not_found");
    }
    world.sign_in("town-officer").await.upload(&path, &file, "a.csv").await.expect(200);
    let anonymous = world.anonymous().upload(&path, &file, "a.csv").await;
    anonymous.expect_problem(401, "sign_in_needed");
    // The list of households is for officers, the own household for its members.
    let list = world.village("households");
    let house = |number| world.village(&format!("households/{}", world.demo.households[&number]));
    let villager = world.sign_in("villager").await;
    villager.get(&list).await.expect_problem(403, "forbidden");
    villager.get(&house(2)).await.expect_problem(403, "forbidden");
    let own = villager.get(&house(1)).await.expect(200);
    assert_eq!(own["members"][0]["name"], "王秀英");
    assert_eq!(own["members"][0]["phone_masked"], "139****0001");
    world.sign_in("other-villager").await.get(&house(1)).await.expect_problem(404, "not_found");
    world.sign_in("other-admin").await.get(&list).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn households_come_by_pages() {
    let world = World::new().await;
    let collector = world.sign_in("collector").await;
    let first = collector.get(&world.village("households?limit=10")).await.expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 10);
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = world.village(&format!("households?limit=10&cursor={cursor}"));
    let second = collector.get(&path).await.expect(200);
    assert_eq!(second["items"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&second["next_cursor"], &second["items"][0]["number"]),
        (&Value::Null, &"011".into())
    );
    let too_many = collector.get(&world.village("households?limit=101")).await;
    too_many.expect_problem(422, "invalid");
}
