//! Praise: the panel, the person's consent, the words.

use chrono::NaiveDate;
use serde_json::json;
use testing::World;
use testing::claims::db_kin;
use testing::notices::{close, db_count, db_messages, db_run, tick};
use testing::outbox::round;
use testing::ratings_on_notice::db_rating_on_notice;
use wechat_standin::{Suggest, TextAnswer};

use super::{
    approved, consent, ended_why, hanging, looked_at, of, posted_award, propose, proposed, vote,
};

#[actix_web::test]
async fn praise_hangs_when_the_panel_the_person_and_content_security_agree() {
    let world = World::new().await;
    let claim = posted_award(&world, "villager").await;
    let body = json!({"list": "honor", "claim_id": claim, "text": "冒雨抢修水渠。"});
    let made = propose(&world, "village-admin", body).await.expect(201);
    let entry = made["list_entry_id"].as_str().unwrap().to_owned();
    let told = db_messages(&world, "villager", "list_entry_proposed").await;
    assert_eq!((&told[0]["list_entry_id"], &told[0]["list"]), (&json!(entry), &json!("honor")));
    for key in super::PANEL {
        vote(&world, key, &entry, "approve").await.expect(201);
    }
    assert_eq!(hanging(&world, "honor").await, Vec::<serde_json::Value>::new());
    consent(&world, "villager", &entry, true).await.expect(200);
    // WeChat has not looked at the words yet.
    assert_eq!(hanging(&world, "honor").await, Vec::<serde_json::Value>::new());
    round(&world).await;
    let hangs = hanging(&world, "honor").await;
    assert_eq!(hangs.len(), 1);
    assert_eq!(
        (&hangs[0]["name"], &hangs[0]["text"]),
        (&json!("王秀英"), &json!("冒雨抢修水渠。"))
    );
    assert_eq!(hangs[0]["title"], "参加村组公共区域清扫");
    assert_eq!(db_messages(&world, "villager", "list_entry_decided").await.len(), 1);
    // Nobody outside the village, and not for ever.
    let stranger = world.sign_in("other-villager").await;
    stranger.get(&world.village("honor-list")).await.expect_problem(404, "not_found");
    world.clock.advance(366 * 86_400);
    assert!(hanging(&world, "honor").await.is_empty());
    assert_eq!(tick(&world).await.taken_down, 1);
    assert_eq!(ended_why(&world, &entry).await, "expired");
}

#[actix_web::test]
async fn words_that_wechat_calls_risky_do_not_hang() {
    let world = World::new().await;
    let claim = posted_award(&world, "villager").await;
    world.wechat.queue_text_answer(TextAnswer::Says(Suggest::Risky));
    let body = json!({"list": "honor", "claim_id": claim, "text": "好人好事。"});
    let made = propose(&world, "village-admin", body).await.expect(201);
    let entry = made["list_entry_id"].as_str().unwrap().to_owned();
    round(&world).await;
    for key in super::PANEL {
        vote(&world, key, &entry, "approve").await.expect(201);
    }
    consent(&world, "villager", &entry, true).await.expect(200);
    assert!(hanging(&world, "honor").await.is_empty());
    for bad in ["贫困户", &"好".repeat(101)] {
        let body = json!({"list": "honor", "claim_id": claim, "text": bad});
        let answer = propose(&world, "village-admin", body).await;
        assert_eq!(answer.status, 422, "{bad}");
    }
}

#[actix_web::test]
async fn who_does_not_agree_is_not_shown_and_others_cannot_agree_for_them() {
    let world = World::new().await;
    let claim = posted_award(&world, "villager").await;
    let entry = approved(&world, "honor", claim).await;
    // Of the household, but not the person.
    consent(&world, "villager-son", &entry, true).await.expect_problem(403, "forbidden");
    consent(&world, "neighbour", &entry, true).await.expect_problem(404, "not_found");
    // Who proposed it does not also say that the person agreed; and a cadre says how they did.
    let path = of(&world, &entry, "/consent");
    let admin = world.sign_in("village-admin").await;
    let body = json!({"agreed": true, "how": "当面同意"});
    admin.post(&path, body.clone()).await.expect_problem(403, "own_claim");
    let grid_worker = world.sign_in("grid-worker").await;
    let silent = grid_worker.post(&path, json!({"agreed": true})).await;
    silent.expect_problem(422, "reason_missing");
    consent(&world, "villager", &entry, false).await.expect(200);
    assert_eq!(ended_why(&world, &entry).await, "consent_refused");
    grid_worker.post(&path, body).await.expect_problem(409, "listing_state");
    assert!(hanging(&world, "honor").await.is_empty());
}

#[actix_web::test]
async fn the_panel_is_free_of_kin_votes_once_and_has_a_quorum() {
    let world = World::new().await;
    let claim = posted_award(&world, "villager").await;
    let entry = proposed(&world, "honor", claim).await;
    db_kin(&world, "panel-1", "villager");
    vote(&world, "panel-1", &entry, "approve").await.expect_problem(403, "declared_kin");
    vote(&world, "panel-2", &entry, "approve").await.expect(201);
    vote(&world, "panel-2", &entry, "approve").await.expect_problem(409, "already_decided");
    for key in ["villager", "village-admin", "town-officer", "neighbour"] {
        vote(&world, key, &entry, "approve").await.expect_problem(404, "not_found");
    }
    let shown = vote(&world, "panel-3", &entry, "approve").await.expect(201);
    assert_eq!(shown["state"], "proposed");
    let once = json!({"list": "honor", "claim_id": claim});
    let again = propose(&world, "village-admin", once).await;
    again.expect_problem(409, "already_exists");
}

#[actix_web::test]
async fn nobody_under_age_or_of_unknown_age_is_listed_and_only_what_counts_is_a_fact() {
    let world = World::new().await;
    let waiting = db_certified(&world).await;
    let body = |claim| json!({"list": "honor", "claim_id": claim});
    let refused = propose(&world, "village-admin", body(waiting)).await;
    refused.expect_problem(422, "listing_fact_unfit");
    let claim = posted_award(&world, "villager-son").await;
    world.db_born_on("villager-son", NaiveDate::from_ymd_opt(2012, 1, 1).unwrap());
    let refused = propose(&world, "village-admin", body(claim)).await;
    refused.expect_problem(422, "listing_minor");
    let son = world.demo.villagers["villager-son"];
    db_run(&world, format!("UPDATE villagers SET born_on = NULL WHERE id = '{son}'")).await;
    let refused = propose(&world, "village-admin", body(claim)).await;
    refused.expect_problem(422, "listing_minor");
    // An award is nothing to warn of, and a villager proposes nobody.
    let warned = json!({"list": "warning", "claim_id": claim});
    let refused = propose(&world, "village-admin", warned).await;
    refused.expect_problem(422, "listing_fact_unfit");
    propose(&world, "villager", body(claim)).await.expect_problem(403, "forbidden");
    assert_eq!(db_count(&world, "SELECT count(*) FROM list_entries").await, 0);
}

async fn db_certified(world: &World) -> domain::id::ClaimId {
    testing::notices::db_certified_claim(world, "neighbour", "ENV-1", 2).await
}

#[actix_web::test]
async fn stars_in_effect_are_praised_and_few_stars_are_nothing_to_warn_of() {
    let world = World::new().await;
    let (rating, notice, cycle) = db_rating_on_notice(&world, &[(1, 91, 4), (2, 55, 0)]).await;
    let of_household = |number: u8, list: &str| json!({"list": list, "rating_id": rating, "account_id": world.demo.households[&number]});
    let early = propose(&world, "village-admin", of_household(1, "honor")).await;
    early.expect_problem(422, "listing_fact_unfit");
    close(&world, &notice.to_string()).await;
    for (number, list) in [(2, "honor"), (2, "warning"), (1, "warning")] {
        let refused = propose(&world, "village-admin", of_household(number, list)).await;
        refused.expect_problem(422, "listing_fact_unfit");
    }
    let made = propose(&world, "village-admin", of_household(1, "honor")).await.expect(201);
    let entry = made["list_entry_id"].as_str().unwrap().to_owned();
    for key in super::PANEL {
        vote(&world, key, &entry, "approve").await.expect(201);
    }
    consent(&world, "villager", &entry, true).await.expect(200);
    let hangs = hanging(&world, "honor").await;
    assert_eq!(hangs[0]["title"], json!(format!("{cycle}星级评定4星")));
    // The line was corrected: it is another fact.
    db_run(&world, format!("UPDATE rating_lines SET stars = 3 WHERE rating_id = '{rating}'")).await;
    assert!(hanging(&world, "honor").await.is_empty());
    // The worker looked at it when it was decided, and looks again when some minutes have passed.
    assert_eq!(tick(&world).await.taken_down, 0);
    assert_eq!(looked_at(&world).await, 1);
    assert_eq!(ended_why(&world, &entry).await, "fact_gone");
}
