//! Signals to those who supervise many villages.

use serde_json::{Value, json};
use testing::notices::tick;
use testing::settlements::Months;
use testing::shops::{db_count, db_messages, text};

/// Somebody of the second village supervises the town, and somebody of the first the village.
async fn supervisors(months: &Months) {
    use diesel::connection::SimpleConnection;
    let grant = |key: &str, division: &str| {
        format!(
            "INSERT INTO role_grants (id, role, division_id, user_id, begins_at, reason, granted_at) \
             SELECT gen_random_uuid(), 'supervisor', '{division}', id, now(), 'test', now() \
             FROM users WHERE openid = 'demo-openid-{key}';"
        )
    };
    let demo = &months.world.demo;
    let all = [
        grant("other-villager", &demo.town.to_string()),
        grant("neighbour", &demo.village.to_string()),
        // Twice over, and told once.
        grant("neighbour", &demo.county.to_string()),
    ];
    months.world.connect().batch_execute(&all.concat()).unwrap();
}

async fn told(months: &Months, key: &str) -> Vec<Value> {
    let client = months.world.sign_in(key).await;
    let all = client.get("/v1/me/messages").await.expect(200);
    let all = all["items"].as_array().unwrap().iter();
    all.filter(|message| message["kind"] == "purchase_signals_found").cloned().collect()
}

/// The day after, when the day before is looked through.
async fn next_day(months: &Months) -> usize {
    let tomorrow = domain::calendar::day_of(months.world.clock.now()) + chrono::Duration::days(1);
    months.go_to(tomorrow, 2);
    tick(&months.world).await.signals
}

async fn two_signals(months: &Months) {
    tick(&months.world).await;
    for price in [5_000, 10_000, 15_000, 1_234] {
        months.buy("villager", price).await;
    }
    assert_eq!(next_day(months).await, 2);
}

#[actix_web::test]
async fn those_who_supervise_a_village_or_what_lies_above_are_told_once_of_a_day() {
    let months = Months::begin().await;
    supervisors(&months).await;
    two_signals(&months).await;
    assert_eq!(db_messages(&months.world, "purchase_signals_found"), 2);
    for key in ["other-villager", "neighbour"] {
        let messages = told(&months, key).await;
        assert_eq!(messages.len(), 1, "{key}");
        let words = text(&messages[0]["text"]);
        assert!(words.contains("云岭村") && words.contains("有2条消费异常提示"), "{words}");
        // Who bought what is read with a reason.
        assert!(!words.contains("001") && !words.contains("亿家人"), "{words}");
    }
    assert!(told(&months, "villager").await.is_empty());
    // A day without a signal tells nobody anything.
    months.buy("villager", 1_234).await;
    assert_eq!(next_day(&months).await, 0);
    assert_eq!(db_messages(&months.world, "purchase_signals_found"), 2);
}

#[actix_web::test]
async fn a_supervisor_of_many_villages_reads_what_is_open_in_one_list() {
    let months = Months::begin().await;
    two_signals(&months).await;
    let world = &months.world;
    let supervisor = world.sign_in("supervisor").await;
    let of =
        |division: String, rest: &str| format!("/v1/divisions/{division}/purchase-signals{rest}");
    let town = |rest: &str| of(world.demo.town.to_string(), rest);
    supervisor.get(&town("")).await.expect_problem(403, "reason_required");
    let first = supervisor.read(&town("?open=true&limit=1")).await.expect(200);
    let cursor = text(&first["next_cursor"]);
    let rest = supervisor.read(&town(&format!("?open=true&limit=1&cursor={cursor}"))).await;
    let rest = rest.expect(200);
    assert_eq!(rest["next_cursor"], json!(null));
    let both = [&first["items"][0], &rest["items"][0]];
    assert!(both.iter().all(|one| one["village_name"] == "云岭村"));
    assert!(both.iter().all(|one| one["village_id"] == json!(world.demo.village)));
    assert_ne!(both[0]["signal"]["signal_id"], both[1]["signal"]["signal_id"]);
    for division in [world.demo.county.to_string(), world.demo.village.to_string()] {
        let all = supervisor.read(&of(division, "")).await.expect(200);
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
    }
    let other = of(world.demo.other_village.to_string(), "");
    assert_eq!(supervisor.read(&other).await.expect(200)["items"], json!([]));
    // The readings stand in the log of the village whose people were read of.
    let read = format!(
        "SELECT count(*) AS n FROM audit_log WHERE action = 'purchase_signal_show' \
         AND village_id = '{}'",
        world.demo.village
    );
    assert_eq!(db_count(world, &read), 4);
    let found = json!({"finding": "explained", "text": "已核实"});
    let path = format!("purchase-signals/{}/findings", text(&both[0]["signal"]["signal_id"]));
    supervisor.post(&world.village(&path), found).await.expect(201);
    let open = supervisor.read(&town("?open=true")).await.expect(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
    for key in ["town-officer", "county-operator", "village-admin", "villager"] {
        let client = world.sign_in(key).await;
        client.read(&town("")).await.expect_problem(404, "not_found");
    }
}
