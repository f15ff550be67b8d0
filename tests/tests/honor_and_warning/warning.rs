//! Warnings: after a chance to cure, masked, in the village, for a time, and gone when put right.

use serde_json::json;
use testing::World;
use testing::notices::{db_messages, db_run, tick};

use super::{
    approved, ended_why, hanging, looked_at, of, posted_deduction, propose, proposed, vote,
};

#[actix_web::test]
async fn nobody_is_warned_of_who_can_still_put_it_right_or_never_could() {
    let world = World::new().await;
    let body = |claim| json!({"list": "warning", "claim_id": claim});
    let open = posted_deduction(&world, "villager", 0).await;
    let refused = propose(&world, "village-admin", body(open)).await;
    refused.expect_problem(422, "listing_cure_open");
    db_run(&world, format!("UPDATE claims SET cure_until = NULL WHERE id = '{open}'")).await;
    let refused = propose(&world, "village-admin", body(open)).await;
    refused.expect_problem(422, "listing_cure_open");
    let over = posted_deduction(&world, "villager", -1).await;
    // A warning has no words but the book's.
    let with_words = json!({"list": "warning", "claim_id": over, "text": "屡教不改"});
    let refused = propose(&world, "village-admin", with_words).await;
    refused.expect_problem(422, "listing_words");
    propose(&world, "village-admin", body(over)).await.expect(201);
    assert_eq!(db_messages(&world, "villager", "list_entry_proposed").await.len(), 1);
}

#[actix_web::test]
async fn a_warning_is_masked_for_the_village_alone_and_expires_by_itself() {
    let world = World::new().await;
    let claim = posted_deduction(&world, "villager", -1).await;
    assert!(hanging(&world, "warning").await.is_empty());
    let entry = approved(&world, "warning", claim).await;
    let hangs = hanging(&world, "warning").await;
    assert_eq!(hangs.len(), 1);
    assert_eq!(
        (&hangs[0]["masked_name"], &hangs[0]["title"]),
        (&json!("王*英"), &json!("乱倒垃圾、污水"))
    );
    let all = json!(hangs).to_string();
    for secret in ["王秀英", &world.villager_id("villager"), &claim.to_string()] {
        assert!(!all.contains(secret), "{secret}");
    }
    let path = world.village("warning-list");
    for (key, status, code) in [
        ("other-villager", 404, "not_found"),
        ("stranger", 404, "not_found"),
        ("county-operator", 403, "forbidden"),
        ("supervisor", 403, "reason_required"),
        ("town-officer", 403, "reason_required"),
    ] {
        world.sign_in(key).await.get(&path).await.expect_problem(status, code);
    }
    assert_eq!(tick(&world).await.taken_down, 0);
    world.clock.advance(61 * 86_400);
    assert!(hanging(&world, "warning").await.is_empty());
    assert_eq!(tick(&world).await.taken_down, 1);
    assert_eq!(ended_why(&world, &entry).await, "expired");
    assert_eq!(db_messages(&world, "villager", "list_entry_ended").await.len(), 1);
}

#[actix_web::test]
async fn a_warning_is_gone_at_the_moment_it_is_put_right_and_a_proposal_with_it() {
    let world = World::new().await;
    testing::claims::db_book(&world, |book| {
        let item = book.items.iter_mut().find(|item| item.code == "ENV-9").unwrap();
        item.extends_until_corrected = true;
    });
    let claim = posted_deduction(&world, "villager", -1).await;
    let other = posted_deduction(&world, "villager", -1).await;
    let entry = approved(&world, "warning", claim).await;
    let proposal = proposed(&world, "warning", other).await;
    assert_eq!(hanging(&world, "warning").await.len(), 1);
    let cadre = world.sign_in("collector").await;
    for claim in [claim, other] {
        let path = world.village(&format!("claims/{claim}/repairs"));
        cadre.post(&path, json!({"reason": "已清理干净"})).await.expect(201);
    }
    assert!(hanging(&world, "warning").await.is_empty());
    vote(&world, "panel-1", &proposal, "approve").await.expect(201);
    vote(&world, "panel-2", &proposal, "approve").await.expect(201);
    let late = vote(&world, "panel-3", &proposal, "approve").await;
    late.expect_problem(422, "listing_fact_unfit");
    assert_eq!(looked_at(&world).await, 2);
    for entry in [&entry, &proposal] {
        assert_eq!(ended_why(&world, entry).await, "fact_gone");
    }
    let told = db_messages(&world, "villager", "list_entry_ended").await;
    assert!(told.iter().all(|data| data["why"] == "fact_gone"));
}

#[actix_web::test]
async fn an_appeal_to_the_deduction_keeps_it_off_the_list_until_it_is_answered() {
    let world = World::new().await;
    let claim = posted_deduction(&world, "villager", -1).await;
    approved(&world, "warning", claim).await;
    let villager = world.sign_in("villager").await;
    let body = json!({"claim_id": claim, "text": "那天我不在村里。"});
    villager.post(&world.village("appeals"), body).await.expect(201);
    assert!(hanging(&world, "warning").await.is_empty());
    assert_eq!(tick(&world).await.taken_down, 0);
}

#[actix_web::test]
async fn a_rejected_warning_never_hangs_and_the_village_may_take_one_down() {
    let world = World::new().await;
    let claim = posted_deduction(&world, "villager", -1).await;
    let entry = proposed(&world, "warning", claim).await;
    for key in super::PANEL {
        vote(&world, key, &entry, "reject").await.expect(201);
    }
    assert!(hanging(&world, "warning").await.is_empty());
    vote(&world, "panel-1", &entry, "approve").await.expect_problem(409, "listing_state");
    // Decided once, it may be proposed anew.
    let entry = approved(&world, "warning", claim).await;
    let admin = world.sign_in("village-admin").await;
    let reason = json!({"reason": "登记有误"});
    admin.post(&of(&world, &entry, "/end"), reason.clone()).await.expect(200);
    assert!(hanging(&world, "warning").await.is_empty());
    assert_eq!(ended_why(&world, &entry).await, "taken_down");
    admin.post(&of(&world, &entry, "/end"), reason).await.expect_problem(409, "listing_state");
}
