//! Merchants, their clerks and their agreements.

use serde_json::{Value, json};
use testing::World;
use testing::shops::{Till, at_once, code_of, count, db_count, db_star_credit, text};

async fn register(world: &World, name: &str) -> Value {
    let officer = world.sign_in("town-officer").await;
    let shop = json!({
        "division_id": world.demo.town, "name": name, "address": "街上2号", "phone": "0858-1"
    });
    officer.post("/v1/merchants", shop).await.expect(201)
}

fn agreement(merchant: &Value, from: &str, until: Option<&str>) -> Value {
    json!({
        "merchant_id": merchant, "from": from, "until": until, "bearer": "merchant_funded",
        "price_ceiling_fen": 200_000, "account_daily_ceiling_fen": 20_000,
        "merchant_daily_ceiling_fen": 500_000, "confirm_above_fen": null, "refund_days_max": 7,
    })
}

#[actix_web::test]
async fn a_registered_merchant_comes_with_an_invitation_for_its_owner() {
    let world = World::new().await;
    let made = register(&world, "诚信小店").await;
    let code = text(&made["owner_invitation"]["code"]);
    assert_eq!(code.len(), 10);
    assert!(code.chars().all(|c| c.is_ascii_alphanumeric() && !"01OIL".contains(c)));
    assert_eq!(made["owner_invitation"]["role"], "merchant_owner");
    let hash = world.db.secrets().lookup(infra::secrets::Lookup::Invitation, code);
    let stored = format!(
        "SELECT count(*) AS n FROM invitations WHERE code_hash = '\\x{}' AND merchant_id = '{}'",
        hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        text(&made["merchant"]["merchant_id"]),
    );
    assert_eq!(db_count(&world, &stored), 1);
    let officer = world.sign_in("town-officer").await;
    let path = format!("/v1/merchants/{}", text(&made["merchant"]["merchant_id"]));
    assert_eq!(officer.get(&path).await.expect(200), made["merchant"]);
    let twice = json!({
        "division_id": world.demo.town, "name": "诚信小店", "address": "街上", "phone": "1"
    });
    officer.post("/v1/merchants", twice).await.expect_problem(409, "already_exists");
}

#[actix_web::test]
async fn merchants_are_registered_by_those_who_run_the_division() {
    let world = World::new().await;
    let shop = json!({
        "division_id": world.demo.town, "name": "x", "address": "x", "phone": "x"
    });
    for key in ["villager", "village-admin", "merchant-owner", "supervisor"] {
        let person = world.sign_in(key).await;
        person.post("/v1/merchants", shop.clone()).await.expect_problem(403, "forbidden");
    }
    let path = format!("/v1/merchants/{}", world.demo.merchant);
    for key in ["merchant-owner", "merchant-clerk", "town-officer", "supervisor"] {
        world.sign_in(key).await.get(&path).await.expect(200);
    }
    for key in ["villager", "stranger"] {
        world.sign_in(key).await.get(&path).await.expect_problem(404, "not_found");
    }
}

#[actix_web::test]
async fn a_village_sees_the_merchants_of_its_town_and_county_to_agree_with() {
    let world = World::new().await;
    let made = register(&world, "诚信小店").await;
    let path = world.village("merchant-candidates");
    let admin = world.sign_in("village-admin").await;
    let ids = async || {
        let list = admin.get(&path).await.expect(200);
        let items = list["items"].as_array().unwrap().clone();
        items.into_iter().map(|m| m["merchant_id"].clone()).collect::<Vec<_>>()
    };
    assert!(ids().await.contains(&made["merchant"]["merchant_id"]));
    let first = admin.get(&format!("{path}?limit=1")).await.expect(200);
    let rest = format!("{path}?limit=100&cursor={}", text(&first["next_cursor"]));
    let rest = admin.get(&rest).await.expect(200);
    assert_eq!(1 + rest["items"].as_array().unwrap().len(), ids().await.len());
    let officer = world.sign_in("town-officer").await;
    let close = format!("/v1/merchants/{}/closing", text(&made["merchant"]["merchant_id"]));
    officer.post(&close, json!({"reason": "停业"})).await.expect(200);
    assert!(!ids().await.contains(&made["merchant"]["merchant_id"]));
    let villager = world.sign_in("villager").await;
    villager.get(&path).await.expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn a_closed_merchant_neither_scans_nor_sells_but_refunds() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let sold = till.buy(&villager, 1_000).await;
    let quote = till.quote(&villager).await;
    let close = till.path("closing");
    let reason = json!({"reason": "停业"});
    till.clerk.post(&close, reason.clone()).await.expect_problem(404, "not_found");
    let officer = world.sign_in("town-officer").await;
    assert!(officer.post(&close, reason.clone()).await.expect(200)["closed_at"].is_string());
    officer.post(&close, reason).await.expect_problem(403, "merchant_closed");
    till.sell(&quote, 1_000).await.expect_problem(403, "merchant_closed");
    let code = code_of(&villager).await;
    till.scan(json!({"code": code})).await.expect_problem(403, "merchant_closed");
    till.refund(&sold).await.expect(201);
    let shops = villager.get(&world.village("merchants")).await.expect(200);
    assert_eq!(shops["items"], json!([]));
}

#[actix_web::test]
async fn an_owner_invites_and_dismisses_and_a_dismissed_clerk_is_out_at_once() {
    let world = World::new().await;
    let till = Till::open(&world).await;
    let owner = world.sign_in("merchant-owner").await;
    let invite = till.path("clerk-invitations");
    let invited = owner.post(&invite, json!({"role": "merchant_clerk"})).await.expect(201);
    assert_eq!(text(&invited["code"]).len(), 10);
    owner.post(&invite, json!({"role": "village_admin"})).await.expect_problem(400, "bad_body");
    let clerk = json!({"role": "merchant_clerk"});
    till.clerk.post(&invite, clerk).await.expect_problem(404, "not_found");
    let list = owner.get(&till.path("clerks")).await.expect(200);
    let people = list["items"].as_array().unwrap();
    assert_eq!(people.len(), 2);
    let id = |role: &str| {
        let found = people.iter().find(|p| p["role"] == role).unwrap();
        text(&found["user_id"]).to_owned()
    };
    let dismissal = |user: &str| till.path(&format!("clerks/{user}/dismissal"));
    let reason = json!({"reason": "离职"});
    let own = dismissal(&id("merchant_owner"));
    owner.post(&own, reason.clone()).await.expect_problem(403, "forbidden");
    till.clerk.get(&till.path("purchases")).await.expect(200);
    owner.post(&dismissal(&id("merchant_clerk")), reason.clone()).await.expect(204);
    till.clerk.get(&till.path("purchases")).await.expect_problem(404, "not_found");
    let again = dismissal(&id("merchant_clerk"));
    owner.post(&again, reason).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn an_agreement_takes_the_star_table_unless_it_says_otherwise() {
    let world = World::new().await;
    let shop = register(&world, "新店").await["merchant"]["merchant_id"].clone();
    let admin = world.sign_in("village-admin").await;
    let path = world.village("agreements");
    let made = admin.post(&path, agreement(&shop, "2020-01-01", None)).await.expect(201);
    assert_eq!(made["discount_by_star_bp"], json!([200, 400, 600, 800, 1000]));
    let villager = world.sign_in("villager").await;
    let shops = villager.get(&world.village("merchants")).await.expect(200);
    assert_eq!(shops["items"].as_array().unwrap().len(), 2);
    assert_eq!(shops["items"][1]["name"], "新店");
    assert_eq!(shops["items"][1]["bearer"], "merchant_funded");
    world
        .sign_in("other-villager")
        .await
        .get(&world.village("merchants"))
        .await
        .expect_problem(404, "not_found");
    let own = agreement(&shop, "2020-01-01", None);
    villager.post(&path, own.clone()).await.expect_problem(403, "forbidden");
    world.sign_in("other-admin").await.post(&path, own).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn two_agreements_of_the_same_parties_share_no_day_even_at_once() {
    let world = World::new().await;
    let shop = register(&world, "新店").await["merchant"]["merchant_id"].clone();
    let admin = world.sign_in("village-admin").await;
    let path = world.village("agreements");
    let asks = (0..10).map(|_| {
        let (admin, path, body) =
            (admin.clone(), path.clone(), agreement(&shop, "2020-01-01", Some("2020-06-30")));
        async move { admin.post(&path, body).await }
    });
    let answers = at_once(asks).await;
    assert_eq!(count(&answers, 201, ""), 1);
    assert_eq!(count(&answers, 409, "agreement_overlaps"), 9);
    admin.post(&path, agreement(&shop, "2020-07-01", None)).await.expect(201);
    admin
        .post(&path, agreement(&shop, "2021-01-01", None))
        .await
        .expect_problem(409, "agreement_overlaps");
}

#[actix_web::test]
async fn bad_terms_are_refused() {
    let world = World::new().await;
    let shop = register(&world, "新店").await["merchant"]["merchant_id"].clone();
    let admin = world.sign_in("village-admin").await;
    let path = world.village("agreements");
    let backwards = agreement(&shop, "2020-07-01", Some("2020-06-30"));
    admin.post(&path, backwards).await.expect_problem(422, "term_empty");
    let unknown = agreement(&json!(uuid::Uuid::now_v7()), "2020-07-01", None);
    admin.post(&path, unknown).await.expect_problem(404, "not_found");
    for (field, value) in [
        ("price_ceiling_fen", json!(0)),
        ("refund_days_max", json!(91)),
        ("discount_by_star_bp", json!([1, 2, 3])),
        ("discount_by_star_bp", json!([1, 2, 3, 4, 10_001])),
    ] {
        let mut terms = agreement(&shop, "2020-07-01", None);
        terms[field] = value;
        let problem = admin.post(&path, terms).await.expect_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
}

#[actix_web::test]
async fn an_agreement_is_never_made_longer_or_ended_in_the_past() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let list = admin.get(&world.village("agreements")).await.expect(200);
    let id = text(&list["items"][0]["agreement_id"]);
    let path = world.village(&format!("agreements/{id}/end"));
    let end = |on: &str| json!({"on": on});
    admin.post(&path, end("2020-01-01")).await.expect_problem(422, "agreement_end_invalid");
    assert_eq!(admin.post(&path, end("2099-01-01")).await.expect(200)["until"], "2099-01-01");
    admin.post(&path, end("2099-01-02")).await.expect_problem(422, "agreement_end_invalid");
    let villager = world.sign_in("villager").await;
    villager.post(&path, end("2098-01-01")).await.expect_problem(403, "forbidden");
}
