//! Reading with a reason, and the audit log that tells of it.

use reqwest::Method;
use serde_json::json;
use testing::{Answer, Client, World};

/// 核查举报, as `encodeURIComponent` writes it.
const REASON: &str = "%E6%A0%B8%E6%9F%A5%E4%B8%BE%E6%8A%A5";

async fn get(client: &Client, path: &str, reason: &str) -> Answer {
    client.send(client.request(Method::GET, path).header("reading-reason", reason)).await
}

#[actix_web::test]
async fn a_supervisor_reads_a_balance_with_a_reason_that_is_recorded() {
    let world = World::new().await;
    let household = world.demo.households[&1];
    let path = world.village(&format!("households/{household}/balance"));
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&path).await.expect_problem(403, "reason_required");
    for bad in ["x", "%20%20", "%E6%A0"] {
        get(&supervisor, &path, bad).await.expect_problem(400, "bad_header");
    }
    let admin = world.sign_in("village-admin").await;
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    assert_eq!(log["items"], json!([]));

    get(&supervisor, &path, REASON).await.expect(200);
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    let deed = &log["items"][0];
    assert_eq!(deed["action"], "balance_show");
    assert_eq!(deed["role"], "supervisor");
    assert_eq!(deed["subject_id"], household.to_string());
    assert_eq!(deed["reason"], "核查举报");
    assert!(deed["user_name"].is_null());
}

#[actix_web::test]
async fn a_town_officer_says_why_and_who_is_at_home_does_not() {
    let world = World::new().await;
    let path = world.village(&format!("households/{}/balance", world.demo.households[&1]));
    let officer = world.sign_in("town-officer").await;
    officer.get(&path).await.expect_problem(403, "reason_required");
    get(&officer, &path, REASON).await.expect(200);
    world.sign_in("villager").await.get(&path).await.expect(200);
    let admin = world.sign_in("village-admin").await;
    admin.get(&path).await.expect(200);
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    // A reason opens no doors.
    let neighbour = world.sign_in("neighbour").await;
    get(&neighbour, &path, REASON).await.expect_problem(403, "forbidden");
    let stranger = world.sign_in("stranger").await;
    get(&stranger, &path, REASON).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn the_audit_log_is_read_by_cadres_and_by_supervisors_who_say_why() {
    let world = World::new().await;
    let path = world.village("audit-log");
    for (key, status, code) in [
        ("villager", 403, "forbidden"),
        ("panel-1", 403, "forbidden"),
        ("county-operator", 403, "forbidden"),
        ("other-admin", 404, "not_found"),
        ("stranger", 404, "not_found"),
        ("supervisor", 403, "reason_required"),
    ] {
        world.sign_in(key).await.get(&path).await.expect_problem(status, code);
    }
    let supervisor = world.sign_in("supervisor").await;
    for _ in 0..3 {
        get(&supervisor, &path, REASON).await.expect(200);
    }
    let admin = world.sign_in("village-admin").await;
    let page = admin.get(&format!("{path}?limit=2")).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(page["items"][0]["action"], "audit_show");
    let next = format!("{path}?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = admin.get(&next).await.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert!(rest["next_cursor"].is_null());
}
