//! Printed codes.

use diesel::RunQueryDsl;
use diesel::sql_types::Text;
use domain::actor::{Role, Scope};
use domain::binding::Invitation;
use futures_util::future::join_all;
use infra::invitations::{self, RoleInvitation};
use serde_json::{Value, json};
use testing::{Client, World};

const DAY: u32 = 24 * 3600;

async fn print(world: &World, admin: &Client, key: &str) -> String {
    let body = json!({"villager_id": world.villager_id(key)});
    let printed = admin.post(&world.village("invitations"), body).await.expect(201);
    printed["code"].as_str().unwrap().to_owned()
}

fn by(code: &str) -> Value {
    json!({"method": "invitation", "code": code})
}

/// A code that makes a clerk of the demo shop.
fn db_clerk_code(world: &World) -> String {
    let now = world.clock.now();
    let invitation = RoleInvitation {
        role: Role::MerchantClerk,
        scope: Scope::Merchant(world.demo.merchant),
        created_by: None,
        expires_at: Invitation::good_until(now),
    };
    let secrets = world.db.secrets();
    let printed =
        world.db.write(|tx| invitations::create_role_in_tx(tx, secrets, &invitation, now));
    printed.expect("an invitation").code
}

#[actix_web::test]
async fn a_printed_code_binds_once_however_it_is_typed() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let code = print(&world, &admin, "elder").await;
    assert_eq!(code.len(), 10);
    let (first, second) = code.split_at(5);
    let typed = format!("{} - {}", first.to_lowercase(), second);
    let person = world.newcomer().await;
    let bound = person.post("/v1/me/bindings", by(&typed)).await.expect(201);
    assert_eq!(bound["me"]["villager"]["name"], "陈桂芳");
    let late = world.newcomer().await;
    let used = late.post("/v1/me/bindings", by(&code)).await;
    let used = used.expect_problem(422, "invitation_invalid");
    let unknown = late.post("/v1/me/bindings", by("34679ACDEF")).await;
    assert_eq!(unknown.expect_problem(422, "invitation_invalid"), used);
    late.post("/v1/me/bindings", by("not a code!")).await.expect_problem(422, "invitation_invalid");
}

#[actix_web::test]
async fn a_code_ends_after_thirty_days_or_when_another_is_printed() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let lost = print(&world, &admin, "elder").await;
    let code = print(&world, &admin, "elder").await;
    let person = world.newcomer().await;
    let replaced = person.post("/v1/me/bindings", by(&lost)).await;
    replaced.expect_problem(422, "invitation_invalid");
    world.clock.advance(30 * DAY);
    let person = world.newcomer().await;
    let expired = person.post("/v1/me/bindings", by(&code)).await;
    expired.expect_problem(422, "invitation_invalid");
}

#[actix_web::test]
async fn of_many_with_the_same_code_at_once_one_is_bound() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let code = print(&world, &admin, "elder").await;
    let mut people = Vec::new();
    for _ in 0..6 {
        people.push(world.newcomer().await);
    }
    let tries = people.iter().map(|person| person.post("/v1/me/bindings", by(&code)));
    let answers = join_all(tries).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|a| a.status == 201);
    assert_eq!(won.len(), 1);
    for answer in lost {
        answer.expect_problem(422, "invitation_invalid");
    }
}

#[actix_web::test]
async fn a_code_that_could_not_be_used_stays_good() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let code = print(&world, &admin, "elder").await;
    let villager = world.sign_in("villager").await;
    let bound = villager.post("/v1/me/bindings", by(&code)).await;
    bound.expect_problem(409, "already_bound");
    world.newcomer().await.post("/v1/me/bindings", by(&code)).await.expect(201);
}

#[actix_web::test]
async fn codes_are_printed_by_cadres_for_free_villagers_of_their_village() {
    let world = World::new().await;
    let path = world.village("invitations");
    let elder = json!({"villager_id": world.villager_id("elder")});
    for (key, status, code) in [
        ("villager", 403, "forbidden"),
        ("panel-1", 403, "forbidden"),
        ("supervisor", 403, "forbidden"),
        ("other-admin", 404, "not_found"),
    ] {
        let somebody = world.sign_in(key).await;
        somebody.post(&path, elder.clone()).await.expect_problem(status, code);
    }
    let admin = world.sign_in("village-admin").await;
    let of = |key: &str| json!({"villager_id": world.villager_id(key)});
    admin.post(&path, of("villager")).await.expect_problem(409, "villager_taken");
    admin.post(&path, of("other-villager")).await.expect_problem(404, "not_found");
    world.db_born_on("elder", domain::calendar::day_of(world.clock.now()));
    admin.post(&path, elder).await.expect_problem(422, "too_young");
}

#[actix_web::test]
async fn a_code_is_nowhere_in_the_database() {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        text: String,
    }
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let code = print(&world, &admin, "elder").await;
    let hex: String = code.bytes().map(|b| format!("{b:02x}")).collect();
    for table in ["invitations", "audit_log", "idempotency_keys"] {
        let statement =
            format!("SELECT coalesce(string_agg(t::text, ' '), '') AS text FROM {table} t");
        let row: Row = diesel::sql_query(statement).get_result(&mut world.connect()).unwrap();
        assert!(!row.text.contains(&code) && !row.text.contains(&hex), "{table}");
    }
}

#[actix_web::test]
async fn a_code_for_a_role_makes_a_clerk_of_somebody_on_no_roster() {
    let world = World::new().await;
    let person = world.newcomer().await;
    let code = db_clerk_code(&world);
    let answer = person.post("/v1/me/bindings", by(&code)).await.expect(201);
    assert_eq!(answer["result"], "role_granted");
    assert_eq!(answer["role"], "merchant_clerk");
    let me = person.get("/v1/me").await.expect(200);
    assert!(me["villager"].is_null());
    let scope = json!({
        "kind": "merchant", "id": world.demo.merchant.to_string(), "name": "亿家人诚信超市"
    });
    assert_eq!(me["roles"], json!([{"role": "merchant_clerk", "scope": scope}]));
    // Who holds the role already does not use a code up.
    let second = db_clerk_code(&world);
    let again = person.post("/v1/me/bindings", by(&second)).await;
    again.expect_problem(409, "already_exists");
    let villager = world.sign_in("villager").await;
    let both = villager.post("/v1/me/bindings", by(&second)).await.expect(201);
    assert_eq!(both["me"]["villager"]["name"], "王秀英");
}

#[actix_web::test]
async fn the_first_administrator_is_invited_by_the_operator() {
    let world = World::new().await;
    let invite = || invitations::create_platform_admin(&world.db, world.clock.now()).unwrap().code;
    let person = world.newcomer().await;
    let answer = person.post("/v1/me/bindings", by(&invite())).await.expect(201);
    assert_eq!(answer["me"]["roles"][0]["role"], "platform_admin");
    assert_eq!(answer["me"]["roles"][0]["scope"], json!({"kind": "platform"}));
    let operator = world.newcomer().await;
    let user = operator.get("/v1/me").await.expect(200)["user_id"].clone();
    let grant = json!({"role": "county_operator", "user_id": user, "reason": "县里任命"});
    let path = format!("/v1/divisions/{}/role-grants", world.demo.county);
    person.post(&path, grant).await.expect(201);
    let me = operator.get("/v1/me").await.expect(200);
    assert_eq!(me["roles"][0]["scope"]["name"], "水城区");

    let code = invite();
    world.clock.advance(DAY);
    let late = world.newcomer().await.post("/v1/me/bindings", by(&code)).await;
    late.expect_problem(422, "invitation_invalid");
}
