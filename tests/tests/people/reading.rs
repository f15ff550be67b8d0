//! Reading with a reason, and the audit log that tells of it.

use std::collections::BTreeMap;

use api::access::{Access, OPERATIONS};
use domain::actor::Role;
use domain::policy::{Action, needs_reason};
use reqwest::Method;
use serde_json::{Value, json};
use testing::claims::declare;
use testing::document::{document, operations};
use testing::notices::{db_certified_claim, db_run, publish};
use testing::payouts::{dividend_in, drafted, earned, in_effect};
use testing::ratings_on_notice::db_rating_on_notice;
use testing::reports::report;
use testing::store::{Store, earn, redeem};
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
    let warnings = world.village("warning-list");
    officer.get(&warnings).await.expect_problem(403, "reason_required");
    get(&officer, &warnings, REASON).await.expect(200);
    world.sign_in("villager").await.get(&path).await.expect(200);
    let admin = world.sign_in("village-admin").await;
    admin.get(&path).await.expect(200);
    admin.get(&warnings).await.expect(200);
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    assert_eq!(log["items"].as_array().unwrap().len(), 2);
    assert_eq!(log["items"][0]["action"], "warning_list_show");
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

/// Everything that a supervisor reads with a reason, and as what it is recorded.
const READS: &[(&str, Action)] = &[
    ("household_list", Action::RosterShow),
    ("household_show", Action::HouseholdShow),
    ("kin_list", Action::HouseholdShow),
    ("claim_list", Action::ClaimShow),
    ("claim_show", Action::ClaimShow),
    ("duty_post_list", Action::DutyPostShow),
    ("duty_list", Action::DutyShow),
    ("list_entry_list", Action::ListEntryListShow),
    ("list_entry_show", Action::ListEntryShow),
    ("warning_list", Action::WarningListShow),
    ("photo_show", Action::PhotoShow),
    ("content_check_list", Action::ContentCheckShow),
    ("objection_list", Action::ObjectionShow),
    ("objection_show", Action::ObjectionShow),
    ("report_list", Action::ReportListShow),
    ("report_show", Action::ReportShow),
    ("report_comment_list", Action::ReportShow),
    ("fund_account_list", Action::FundBookShow),
    ("fund_entry_list", Action::FundBookShow),
    ("fund_voucher_list", Action::FundBookShow),
    ("fund_voucher_show", Action::FundBookShow),
    ("balance_show", Action::BalanceShow),
    ("household_rating_list", Action::BalanceShow),
    ("statement_list", Action::StatementShow),
    ("score_show", Action::StatementShow),
    ("points_show", Action::StatementShow),
    ("score_explain", Action::StatementShow),
    ("household_purchase_list", Action::StatementShow),
    ("rating_list", Action::RatingShow),
    ("rating_show", Action::RatingShow),
    ("rating_line_list", Action::RatingShow),
    ("rating_recompute_check", Action::RatingShow),
    ("payout_list", Action::PayoutShow),
    ("payout_show", Action::PayoutShow),
    ("payout_line_list", Action::PayoutShow),
    ("payout_recompute_check", Action::PayoutShow),
    ("payout_export", Action::PayoutShow),
    ("household_payout_list", Action::BalanceShow),
    ("eligibility_list_list", Action::EligibilityShow),
    ("eligibility_entry_list", Action::EligibilityShow),
    ("merchant_statement_show", Action::MerchantStatementShow),
    ("settlement_list", Action::SettlementListShow),
    ("settlement_check", Action::SettlementListShow),
    ("settlement_show", Action::SettlementShow),
    ("settlement_line_list", Action::SettlementShow),
    ("settlement_export", Action::SettlementShow),
    ("purchase_signal_list", Action::PurchaseSignalShow),
    ("division_purchase_signal_list", Action::PurchaseSignalShow),
    ("audit_list", Action::AuditShow),
    ("card_list", Action::CardShow),
    ("binding_request_list", Action::BindingShow),
    // The points store
    ("household_redemption_list", Action::StatementShow),
    ("redemption_show", Action::RedemptionShow),
    ("store_redemption_list", Action::StoreRedemptionShow),
    ("merchant_application_list", Action::MerchantApplicationShow),
];

#[test]
fn every_reading_that_needs_a_reason_is_walked_through() {
    for action in Action::ALL {
        let asked = needs_reason(Role::Supervisor, *action);
        let walked = READS.iter().any(|(_, read)| read == action);
        assert_eq!(asked, walked, "{}", action.as_str());
    }
    let needs = |access: &Access| match access {
        Access::Policy(actions) => actions.iter().any(|a| needs_reason(Role::Supervisor, *a)),
        _ => false,
    };
    let mut wanted: Vec<_> =
        OPERATIONS.iter().filter(|(_, access)| needs(access)).map(|(id, _)| *id).collect();
    // Looked through at the till only, by the merchant's own people.
    wanted.retain(|id| !["purchase_list", "merchant_settlement_list"].contains(id));
    wanted.sort_unstable();
    let mut walked: Vec<_> = READS.iter().map(|(id, _)| *id).collect();
    walked.sort_unstable();
    assert_eq!(walked, wanted);
}

#[test]
fn the_document_names_the_header_where_a_reason_may_be_needed_and_nowhere_else() {
    for operation in operations(&document()) {
        let parameters = operation.value["parameters"].as_array().cloned().unwrap_or_default();
        let named = parameters.iter().any(|parameter| parameter["name"] == "Reading-Reason");
        let walked = READS.iter().any(|(id, _)| *id == operation.id);
        assert_eq!(named, walked, "{}", operation.id);
    }
}

/// A dividend in effect and a list of who fits.
async fn payout_and_list(world: &World) -> (String, String) {
    let day = earned(world, &[("villager", 3)]).await;
    let payout = drafted(world, "dividends", dividend_in(day, 500)).await;
    in_effect(world, &payout).await;
    let asked = json!({"purpose": "loan", "title": "贷款推荐",
        "conditions": {"points": {"min": "1", "from": day, "until": day}}});
    let admin = world.sign_in("village-admin").await;
    let list = admin.post(&world.village("eligibility-lists"), asked).await.expect(201);
    let payout = payout.rsplit('/').next().unwrap_or_default().to_owned();
    (payout, list["id"].as_str().unwrap().to_owned())
}

/// Things to read, by the name that they have in a path.
async fn things(world: &World) -> BTreeMap<&'static str, String> {
    let (payout, list) = payout_and_list(world).await;
    let own = declare(world, "villager", "NEI-1", json!({})).await;
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&world.village(&format!("claims/{own}"))).await.expect(200);
    let claim = db_certified_claim(world, "villager", "ENV-1", 2).await;
    let notice = publish(world).await;
    let path = world.village(&format!("notices/{notice}/objections"));
    let body = json!({"claim_id": claim, "text": "那天他不在村里。"});
    let raised = world.sign_in("neighbour").await.post(&path, body).await.expect(201);
    let (rating, ..) = db_rating_on_notice(world, &[(1, 91, 4)]).await;
    let report = report(world, "villager", "nuisance", json!({})).await;
    let entry = uuid::Uuid::now_v7();
    db_run(
        world,
        format!(
            "INSERT INTO list_entries (village_id, id, list, fact, fact_id, household_id, \
                person_id, title, happened_on, words, standing, proposed_by, proposed_at, state, \
                looked_at, version) \
             VALUES ('{}', '{entry}', 'honor', 'claim', '{claim}', '{}', '{}', '清扫', now(), '', \
                'public', '{entry}', now(), 'proposed', now(), 1)",
            world.demo.village, world.demo.households[&1], world.demo.villagers["villager"],
        ),
    )
    .await;
    let account = testing::fund::account(world, "信用基金专户").await;
    let voucher = testing::fund::prepare(world, &account, json!({})).await;
    let settlement = db_settlement(world).await;
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    let store = Store::open(world, json!({})).await;
    let salt = store.goods(world, json!({"price": "1"}), 1).await;
    earn(world, 1, "1");
    let redeemed = redeem(world, &villager, &salt, 1).await.expect(201);
    [
        ("settlement_id", settlement),
        ("store_id", store.id.clone()),
        ("redemption_id", id(&redeemed["redemption_id"])),
        ("payout_id", payout),
        ("eligibility_list_id", list),
        ("report_id", report),
        ("village_id", world.demo.village.to_string()),
        ("division_id", world.demo.village.to_string()),
        ("household_id", world.demo.households[&1].to_string()),
        ("villager_id", world.demo.villagers["villager"].to_string()),
        ("claim_id", own),
        ("photo_id", id(&shown["evidence_ids"][0])),
        ("objection_id", id(&raised["id"])),
        ("list_entry_id", entry.to_string()),
        ("rating_id", rating.to_string()),
        ("merchant_id", world.demo.merchant.to_string()),
        ("month", "2026-10".to_owned()),
        ("fund_account_id", account),
        ("fund_voucher_id", voucher),
    ]
    .into()
}

/// A statement of the demo's shop.
async fn db_settlement(world: &World) -> String {
    let id = uuid::Uuid::now_v7().to_string();
    db_run(
        world,
        format!(
            "INSERT INTO settlements SELECT (s).* FROM (SELECT jsonb_populate_record( \
                NULL::settlements, (SELECT jsonb_object_agg(column_name, 0) \
                    FROM information_schema.columns WHERE table_name = 'settlements' \
                    AND data_type IN ('bigint', 'integer')) || jsonb_build_object( \
                'village_id', '{}', 'id', '{id}', 'party', 'merchant', 'party_id', '{}', \
                'month', '2020-01', 'state', 'open', 'dispute', 'none', 'made_at', now())) AS s) AS o",
            world.demo.village, world.demo.merchant,
        ),
    )
    .await;
    id
}

/// The path of an operation with things filled in, and the id of what it reads.
fn filled(operation: &str, things: &BTreeMap<&'static str, String>) -> (String, Value) {
    let found = operations(&document()).into_iter().find(|found| found.id == operation);
    let mut path = found.expect("an operation").path;
    let mut subject = Value::Null;
    for (name, thing) in things {
        let place = format!("{{{name}}}");
        if path.contains(&place) {
            path = path.replace(&place, thing);
            if !["village_id", "division_id", "month"].contains(name) {
                subject = json!(thing);
            }
        }
    }
    if operation == "settlement_check" {
        path.push_str("?month=2026-10");
    }
    (path, subject)
}

#[actix_web::test]
async fn whatever_a_supervisor_reads_of_persons_needs_a_reason_and_is_recorded() {
    let world = World::new().await;
    let things = things(&world).await;
    let supervisor = world.sign_in("supervisor").await;
    let admin = world.sign_in("village-admin").await;
    let log = world.village("audit-log?limit=2");
    for (operation, action) in READS {
        let (path, subject) = filled(operation, &things);
        let before = admin.get(&log).await.expect(200);
        supervisor.get(&path).await.expect_problem(403, "reason_required");
        assert_eq!(admin.get(&log).await.expect(200), before, "{operation}");
        assert_eq!(get(&supervisor, &path, REASON).await.status, 200, "{operation}");
        let after = admin.get(&log).await.expect(200);
        let deed = &after["items"][0];
        assert_eq!(after["items"][1], before["items"][0], "{operation}");
        // What is taken away as a file is recorded as that, whoever takes it.
        let exported = *operation == "settlement_export";
        let recorded = if exported { operation } else { action.as_str() };
        assert_eq!(deed["action"], recorded, "{operation}");
        assert_eq!(deed["role"], "supervisor", "{operation}");
        assert_eq!(deed["reason"], "核查举报", "{operation}");
        assert_eq!(deed["subject_id"], subject, "{operation}");
    }
}

#[actix_web::test]
async fn at_home_nobody_says_why() {
    let world = World::new().await;
    let things = things(&world).await;
    let villager = world.sign_in("villager").await;
    let admin = world.sign_in("village-admin").await;
    let log = world.village("audit-log?limit=1");
    let before = admin.get(&log).await.expect(200);
    let mut read = 0;
    for (operation, _) in READS {
        // The lists of a whole village and what is not a household's are for officers.
        let of_officers = [
            "household_list",
            "list_entry_list",
            "objection_list",
            "audit_list",
            "merchant_statement_show",
            "card_list",
            "binding_request_list",
            "report_list",
            "content_check_list",
            "store_redemption_list",
            "merchant_application_list",
            "purchase_signal_list",
            "division_purchase_signal_list",
        ];
        let heads = ["rating_", "payout_", "fund_", "settlement_"];
        let refused =
            of_officers.contains(operation) || heads.iter().any(|head| operation.starts_with(head));
        if !refused {
            let (path, _) = filled(operation, &things);
            assert_eq!(villager.get(&path).await.status, 200, "{operation}");
            read += 1;
        }
    }
    assert_eq!(read, 24);
    assert_eq!(admin.get(&log).await.expect(200), before);
}

/// Makes somebody a supervisor of the first village, which the API would not: counties name others.
async fn db_supervisor(world: &World, key: &str) {
    let (village, villager) = (world.demo.village, world.demo.villagers[key]);
    let statement = format!(
        "INSERT INTO role_grants (id, role, division_id, village_id, villager_id, begins_at, \
            reason, granted_at) \
         VALUES ('{}', 'supervisor', '{village}', '{village}', '{villager}', '2020-01-01Z', 'test', \
            '2020-01-01Z')",
        uuid::Uuid::now_v7(),
    );
    db_run(world, statement).await;
}

#[actix_web::test]
async fn a_supervisor_who_lives_in_the_village_reads_the_own_household_as_a_villager() {
    let world = World::new().await;
    db_supervisor(&world, "neighbour").await;
    let neighbour = world.sign_in("neighbour").await;
    let (own, other) = (world.demo.households[&2], world.demo.households[&1]);
    for what in ["", "/balance", "/statement", "/score", "/ratings", "/purchases"] {
        let of = |home| world.village(&format!("households/{home}{what}"));
        neighbour.get(&of(own)).await.expect(200);
        neighbour.get(&of(other)).await.expect_problem(403, "reason_required");
        get(&neighbour, &of(other), REASON).await.expect(200);
    }
    let claims = world.village("claims");
    neighbour.get(&format!("{claims}?household_id={own}")).await.expect(200);
    neighbour.get(&claims).await.expect_problem(403, "reason_required");
}

#[actix_web::test]
async fn a_statement_of_a_merchant_is_recorded_in_every_village_it_tells_of() {
    let world = World::new().await;
    let path = format!("/v1/merchants/{}/statements/2026-10", world.demo.merchant);
    let supervisor = world.sign_in("supervisor").await;
    let seen = get(&supervisor, &path, REASON).await.expect(200);
    assert_eq!(seen["villages"].as_array().unwrap().len(), 2);
    for (key, log) in [
        ("village-admin", world.village("audit-log")),
        ("other-admin", world.other_village("audit-log")),
    ] {
        let log = world.sign_in(key).await.get(&log).await.expect(200);
        assert_eq!(log["items"].as_array().unwrap().len(), 1, "{key}");
        assert_eq!(log["items"][0]["action"], "merchant_statement_show", "{key}");
    }
}
