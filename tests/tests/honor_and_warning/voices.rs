//! Who speaks for whom, and who is told.

use serde_json::json;
use testing::World;
use testing::notices::{db_count, db_messages};

use super::{
    answer, approved, ask, consent, db_moves, hanging, of, posted_award, posted_deduction,
    proposed, vote,
};

const HOW: Option<&str> = Some("本人当面说的");

#[actix_web::test]
async fn a_cadre_who_neither_proposed_nor_voted_writes_an_objection_down_and_the_household_keeps_its_own()
 {
    let world = World::new().await;
    let claim = posted_deduction(&world, "villager", -1).await;
    let entry = approved(&world, "warning", claim).await;
    // Who proposed it, and who does not say how.
    let admin = ask(&world, "village-admin", &entry, "无异议", HOW).await;
    admin.expect_problem(403, "own_claim");
    let silent = ask(&world, "grid-worker", &entry, "已经清理了", None).await;
    silent.expect_problem(422, "reason_missing");
    ask(&world, "grid-worker", &entry, "已经清理了", HOW).await.expect(201);
    for key in ["villager", "villager-son"] {
        let told = db_messages(&world, key, "list_removal_asked").await;
        assert_eq!(told.len(), 1, "{key}");
        assert_eq!((&told[0]["text"], &told[0]["how"]), (&json!("已经清理了"), &json!(HOW)));
    }
    ask(&world, "villager", &entry, "那不是我家的", None)
        .await
        .expect_problem(409, "objection_open");
    answer(&world, "town-officer", &entry, "kept").await.expect(201);
    let second = ask(&world, "grid-worker", &entry, "再说一次", HOW).await;
    second.expect_problem(409, "objection_answered");
    // The household has its own, and who answered before does not answer again.
    ask(&world, "villager-son", &entry, "那不是我家的", None).await.expect(201);
    assert!(hanging(&world, "warning").await.is_empty());
    let again = answer(&world, "town-officer", &entry, "kept").await;
    again.expect_problem(403, "own_objection");
    answer(&world, "panel-4", &entry, "kept").await.expect(201);
    ask(&world, "villager", &entry, "再次异议", None)
        .await
        .expect_problem(409, "objection_answered");
}

#[actix_web::test]
async fn who_wrote_an_objection_down_does_not_answer_it() {
    let world = World::new().await;
    let claim = posted_deduction(&world, "villager", -1).await;
    let made = super::propose(&world, "grid-worker", json!({"list": "warning", "claim_id": claim}));
    let entry = made.await.expect(201)["list_entry_id"].as_str().unwrap().to_owned();
    ask(&world, "village-admin", &entry, "已经清理了", HOW).await.expect(201);
    let own = answer(&world, "village-admin", &entry, "kept").await;
    own.expect_problem(403, "own_objection");
    let seen = world.sign_in("villager").await.get(&of(&world, &entry, "")).await.expect(200);
    assert_eq!(
        (&seen["removal"]["voice"], &seen["removal"]["how"]),
        (&json!("cadre"), &json!(HOW))
    );
}

#[actix_web::test]
async fn praise_is_the_persons_own_and_nobody_of_the_household_takes_it_down() {
    let world = World::new().await;
    let claim = posted_award(&world, "villager").await;
    let entry = approved(&world, "honor", claim).await;
    consent(&world, "villager", &entry, true).await.expect(200);
    ask(&world, "villager-son", &entry, "", None).await.expect_problem(403, "forbidden");
    assert_eq!(hanging(&world, "honor").await.len(), 1);
    // Who has no account is spoken for by the household.
    let claim = posted_award(&world, "new-villager").await;
    let entry = approved(&world, "honor", claim).await;
    let told = db_messages(&world, "neighbour", "list_entry_proposed").await;
    assert_eq!(told[0]["person_name"], "李小燕");
    consent(&world, "neighbour", &entry, true).await.expect(200);
    assert_eq!(hanging(&world, "honor").await.len(), 2);
    ask(&world, "neighbour", &entry, "", None).await.expect(201);
}

#[actix_web::test]
async fn a_warning_of_somebody_without_an_account_is_told_to_the_household() {
    let world = World::new().await;
    let claim = posted_deduction(&world, "new-villager", -1).await;
    approved(&world, "warning", claim).await;
    for kind in ["list_entry_proposed", "list_entry_decided"] {
        for key in ["neighbour", "new-villager"] {
            let told = db_messages(&world, key, kind).await;
            assert_eq!(told.len(), 1, "{key} {kind}");
            assert_eq!(told[0]["person_name"], "李小燕");
        }
    }
    let other = posted_deduction(&world, "villager-son", -1).await;
    proposed(&world, "warning", other).await;
    assert_eq!(db_messages(&world, "villager", "list_entry_proposed").await.len(), 1);
    assert_eq!(db_messages(&world, "villager-son", "list_entry_proposed").await.len(), 1);
}

#[actix_web::test]
async fn who_moved_to_another_household_takes_their_rights_along() {
    let world = World::new().await;
    let praise = approved(&world, "honor", posted_award(&world, "villager-son").await).await;
    let claim = posted_deduction(&world, "villager-son", -1).await;
    let warning = proposed(&world, "warning", claim).await;
    db_moves(&world, "villager-son", 7).await;
    let old = world.sign_in("villager").await;
    for entry in [&praise, &warning] {
        old.get(&of(&world, entry, "")).await.expect_problem(404, "not_found");
        let asked = ask(&world, "villager", entry, "不实", None).await;
        asked.expect_problem(404, "not_found");
    }
    consent(&world, "villager", &praise, true).await.expect_problem(404, "not_found");
    consent(&world, "villager-son", &praise, true).await.expect(200);
    let son = world.sign_in("villager-son").await;
    son.get(&of(&world, &warning, "")).await.expect(200);
    // Household 7 is that of a panel member, who is free no more, and learns of it.
    vote(&world, "panel-1", &warning, "approve").await.expect_problem(403, "own_household");
    for key in ["panel-2", "panel-3", "panel-4"] {
        vote(&world, key, &warning, "approve").await.expect(201);
    }
    assert_eq!(db_messages(&world, "panel-1", "list_entry_decided").await.len(), 1);
    ask(&world, "villager-son", &warning, "不实", None).await.expect(201);
    ask(&world, "villager-son", &praise, "", None).await.expect(201);
    let audit = "SELECT count(*) FROM audit_log WHERE action = 'list_entry_ask_removal' \
                 AND reason = '不实'";
    assert_eq!(db_count(&world, audit).await, 1);
}
