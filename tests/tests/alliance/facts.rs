//! What is known of merchants and shops: changed, removed, bounded, and never blank.

use diesel::RunQueryDsl;
use serde_json::{Value, json};
use testing::World;
use testing::alliance::{agree, register, shops_near, take_role, texts, till_of};
use testing::photos::upload_fixture;
use testing::shops::{Till, db_count, text};

fn db_run(world: &World, sql: &str) {
    diesel::sql_query(sql).execute(&mut world.connect()).expect("a statement");
}

#[actix_web::test]
async fn what_was_registered_wrongly_is_changed_with_before_and_after_in_the_audit_log() {
    let world = World::new().await;
    let officer = world.sign_in("town-officer").await;
    let made = register(&officer, world.demo.town, json!({"name": "诚信小点"})).await;
    register(&officer, world.demo.town, json!({"name": "另一家"})).await;
    let path = format!("/v1/merchants/{}", text(&made["merchant"]["merchant_id"]));
    let facts = |name: &str| json!({"name": name, "address": "街上3号", "phone": "0858-9", "category": "food"});
    let changed = officer.post(&path, facts("诚信小店")).await.expect(200);
    let field = |name: &str| text(&changed[name]).to_owned();
    assert_eq!(
        ["name", "address", "phone", "category"].map(field),
        ["诚信小店", "街上3号", "0858-9", "food"]
    );
    assert_eq!(officer.get(&path).await.expect(200), changed);
    let told = "SELECT count(*) AS n FROM audit_log WHERE action = 'merchant_update' \
        AND detail->'before'->>'name' = '诚信小点' AND detail->'after'->>'name' = '诚信小店' \
        AND detail->'before'->>'phone' = '0858-1' AND detail->'after'->>'phone' = '0858-9'";
    assert_eq!(db_count(&world, told), 1);
    officer.post(&path, facts("另一家")).await.expect_problem(409, "already_exists");
    officer.post(&path, facts(" ")).await.expect_problem(422, "invalid");
    let nowhere = json!({"name": "诚信小店", "phone": "0858-9"});
    officer.post(&path, nowhere).await.expect_problem(422, "merchant_address_missing");
    let owner = take_role(&world, &made["owner_invitation"]).await;
    owner.post(&path, facts("我的店")).await.expect_problem(404, "not_found");
    for key in ["villager", "village-admin", "supervisor", "merchant-clerk"] {
        let other = world.sign_in(key).await;
        other.post(&path, facts("别人的店")).await.expect_problem(404, "not_found");
    }
    let closing = json!({"reason": "停业"});
    officer.post(&format!("{path}/closing"), closing).await.expect(200);
    officer.post(&path, facts("诚信小店")).await.expect_problem(403, "merchant_closed");
}

#[actix_web::test]
async fn the_owner_removes_a_photo_of_the_shop_and_so_does_who_shows_it() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let shop = shops_near(&world, "").await[0].clone();
    let path = world.village(&format!("shops/{}/photos", text(&shop["shop_id"])));
    let mut ids = Vec::new();
    for name in ["baseline.jpg", "lossless.webp"] {
        ids.push(upload_fixture(&world, &admin, name).await["id"].clone());
    }
    admin.post(&path, json!({"photo_ids": ids})).await.expect(201);
    let of = |id: &Value| format!("{path}/{}", text(id));
    let villager = world.sign_in("villager").await;
    villager.delete(&of(&ids[0])).await.expect_problem(403, "forbidden");
    let officer = world.sign_in("town-officer").await;
    let other = till_of(&world, &register(&officer, world.demo.town, json!({})).await).await;
    for stranger in [&other.clerk, &world.sign_in("merchant-clerk").await] {
        stranger.delete(&of(&ids[0])).await.expect_problem(404, "not_found");
    }
    let owner = world.sign_in("merchant-owner").await;
    owner.delete(&of(&ids[0])).await.expect(204);
    owner.delete(&of(&ids[0])).await.expect_problem(404, "not_found");
    // Not what belongs to something else.
    let loose = upload_fixture(&world, &admin, "baseline.jpg").await;
    owner.delete(&of(&loose["id"])).await.expect_problem(404, "not_found");
    let left = shops_near(&world, "").await[0]["photos"].clone();
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["id"], ids[1]);
    admin.delete(&of(&ids[1])).await.expect(204);
    assert_eq!(shops_near(&world, "").await[0]["photos"], json!([]));
    let told = "SELECT count(*) AS n FROM audit_log WHERE action = 'shop_photo_remove'";
    assert_eq!(db_count(&world, told), 2);
}

#[actix_web::test]
async fn everybody_at_the_till_is_listed_page_by_page() {
    let world = World::new().await;
    let till = Till::open_as(&world, "merchant-owner").await;
    for _ in 0..3 {
        let invite = till.path("clerk-invitations");
        let invited = till.clerk.post(&invite, json!({"role": "merchant_clerk"})).await.expect(201);
        take_role(&world, &invited).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = till.path(&format!("clerks?limit=2{cursor}"));
        let page = till.clerk.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(|one| text(&one["user_id"]).to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 5);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[actix_web::test]
async fn a_reason_or_name_that_is_blank_is_none() {
    let world = World::new().await;
    let (officer, supervisor) =
        (world.sign_in("town-officer").await, world.sign_in("supervisor").await);
    let (till, any) = (Till::open_as(&world, "merchant-owner").await, uuid::Uuid::now_v7());
    let reason = json!({"reason": " "});
    let merchant = json!({"division_id": world.demo.town, "name": "\u{3000}", "address": "街上",
        "phone": "0858-1"});
    let named = json!({"division_id": world.demo.town, "name": "新店", "address": "街上",
        "phone": "0858-1"});
    let purchase = till.path(&format!("purchases/{any}/refunds"));
    let settlement = |rest: &str| world.village(&format!("settlements/{any}/{rest}"));
    let finding = world.village(&format!("purchase-signals/{any}/findings"));
    let text = json!({"text": " "});
    for (who, path, body, field) in [
        (&till.clerk, purchase, json!({"village_id": world.demo.village, "reason": " "}), "reason"),
        (&till.clerk, till.path("pause"), reason.clone(), "reason"),
        (&till.clerk, till.path(&format!("clerks/{any}/dismissal")), reason.clone(), "reason"),
        (&officer, till.path("closing"), reason, "reason"),
        (&officer, "/v1/merchants".to_owned(), merchant, "name"),
        (
            &officer,
            till.path("shops"),
            json!({"name": " ", "address": "街上", "phone": "0858-1"}),
            "name",
        ),
        (
            &officer,
            "/v1/merchant-applications".to_owned(),
            json!({"merchant": named, "contact": " "}),
            "contact",
        ),
        (&till.clerk, settlement("disputes"), text.clone(), "text"),
        (&officer, settlement("answers"), text, "text"),
        (&supervisor, finding, json!({"finding": "explained", "text": " "}), "text"),
    ] {
        let refused = who.post(&path, body).await;
        assert_eq!(refused.status, 422, "{path}: {}", refused.body);
        let problem = refused.expect_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{path}");
        assert_eq!(problem["errors"][0]["message"], "blank", "{path}");
    }
}

/// Merchants of the county far in the south, each with a shop and an agreement that is of `terms`, all of
/// them older than the demo's.
fn db_merchants(world: &World, count: u32, from: &str, until: &str) {
    let id = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
    db_run(
        world,
        &format!(
            "INSERT INTO merchants (id, division_id, name, address, phone, registered_by, registered_at)
                SELECT {id}, '{}', '众店' || n, '街上', '0858-1', '{}', now()
                FROM generate_series(1, {count}) n",
            world.demo.county,
            uuid::Uuid::nil(),
        ),
    );
    db_run(
        world,
        &format!(
            "INSERT INTO shops (id, merchant_id, name, address, phone, latitude_e6, longitude_e6, opened_at)
                SELECT {id}, {id}, '众店', '街上', '0858-1', 26541234 - 10000 - n, 104712345, now()
                FROM generate_series(1, {count}) n"
        ),
    );
    db_run(
        world,
        &format!(
            "INSERT INTO agreements (village_id, id, merchant_id, from_day, until_day, bearer,
                    discount_by_star, price_ceiling, account_daily_ceiling, merchant_daily_ceiling,
                    refund_days_max, made_by, made_at)
                SELECT '{}', {id}, {id}, '{from}', '{until}', 'merchant_funded', '{{1,1,1,1,1}}', 1, 1, 1,
                    7, '{}', now()
                FROM generate_series(1, {count}) n",
            world.demo.village,
            uuid::Uuid::nil(),
        ),
    );
}

#[actix_web::test]
async fn the_nearest_shop_is_found_among_any_number_with_which_the_village_agreed() {
    let world = World::new().await;
    db_merchants(&world, 2_100, "2020-01-01", "2999-12-31");
    let here = "?latitude_e6=26541234&longitude_e6=104712345";
    let found = shops_near(&world, here).await;
    assert_eq!(text(&found[0]["merchant_name"]), "亿家人诚信超市");
    assert_eq!(texts(&found[1..3], "merchant_name"), ["众店1", "众店2"]);
    assert_eq!(found[1]["discounts"].as_array().unwrap().len(), 1);
    let food = shops_near(&world, &format!("{here}&category=food&kind=offline&limit=1")).await;
    assert_eq!(text(&food[0]["merchant_name"]), "亿家人诚信超市");
    // Without a place of one's own all come by age, each once.
    let villager = world.sign_in("villager").await;
    let (mut seen, mut cursor) = (0, String::new());
    loop {
        let path = world.village(&format!("shops?limit=100{cursor}"));
        let page = villager.get(&path).await.expect(200);
        seen += page["items"].as_array().unwrap().len();
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, 2_101);
}

#[actix_web::test]
async fn where_too_many_shops_are_near_a_shorter_distance_is_asked_for() {
    let world = World::new().await;
    db_merchants(&world, 1, "2020-01-01", "2999-12-31");
    db_run(
        &world,
        "INSERT INTO shops (id, merchant_id, name, address, phone, latitude_e6, longitude_e6, opened_at)
            SELECT gen_random_uuid(), '00000000-0000-7000-8000-000000000001', 'x' || n, 'x', 'x',
                26541234 - 90000, 104712345, now() FROM generate_series(1, 20001) n",
    );
    let path = world.village("shops?latitude_e6=26541234&longitude_e6=104712345");
    let villager = world.sign_in("villager").await;
    let refused = villager.get(&path).await.expect_problem(422, "shops_too_many_near");
    assert!(text(&refused["detail"]).contains("20000"), "{refused}");
    let found = villager.get(&format!("{path}&within_m=5000")).await.expect(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn the_same_parties_have_fifty_running_agreements_at_most() {
    let world = World::new().await;
    let officer = world.sign_in("town-officer").await;
    let made = register(&officer, world.demo.town, json!({})).await;
    let merchant = &made["merchant"]["merchant_id"];
    let sql = format!(
        "INSERT INTO agreements (village_id, id, merchant_id, from_day, until_day, bearer, \
            discount_by_star, price_ceiling, account_daily_ceiling, merchant_daily_ceiling, \
            refund_days_max, made_by, made_at) \
         SELECT '{}', gen_random_uuid(), '{}', '2090-01-01'::date + n, '2090-01-01'::date + n, \
            'merchant_funded', '{{1,1,1,1,1}}', 1, 1, 1, 7, '{}', now() \
         FROM generate_series(1, 49) n",
        world.demo.village,
        text(merchant),
        uuid::Uuid::nil(),
    );
    db_run(&world, &sql);
    let one_day = |day: &str| json!({"from": day, "until": day});
    agree(&world, merchant, one_day("2091-01-01")).await.expect(201);
    let refused = agree(&world, merchant, one_day("2091-01-02")).await;
    refused.expect_problem(422, "agreement_too_many");
}

#[actix_web::test]
async fn a_village_ever_agrees_with_five_thousand_merchants_at_most() {
    let world = World::new().await;
    db_merchants(&world, 4_998, "2020-01-01", "2020-01-31");
    let officer = world.sign_in("town-officer").await;
    let mut last = None;
    for name in ["倒数第二", "多余"] {
        let made = register(&officer, world.demo.town, json!({"name": name})).await;
        let merchant = made["merchant"]["merchant_id"].clone();
        last = Some(agree(&world, &merchant, json!({})).await);
        if name == "倒数第二" {
            last.take().unwrap().expect(201);
            // With a partner of old it goes on.
            agree(&world, &merchant, json!({"categories": ["food"]})).await.expect(201);
        }
    }
    last.unwrap().expect_problem(422, "partners_too_many");
}
