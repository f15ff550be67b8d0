//! What an entry stands on: its fact, and its person.

use actix_web::web::block;
use domain::rule_book::Subject;
use infra::worker;
use serde_json::json;
use testing::World;
use testing::notices::{close, db_count, db_run};
use testing::ratings_on_notice::db_rating_on_notice;
use testing::reports::{act, db_pass, report};

use super::{
    approved, consent, ended_why, hanging, looked_at, posted_award, posted_deduction, propose,
    proposed, vote,
};

/// Proposed, decided for and agreed to by the villager.
async fn praised(world: &World, body: serde_json::Value) -> String {
    let made = propose(world, "village-admin", body).await.expect(201);
    let entry = made["list_entry_id"].as_str().unwrap().to_owned();
    for key in super::PANEL {
        vote(world, key, &entry, "approve").await.expect(201);
    }
    consent(world, "villager", &entry, true).await.expect(200);
    entry
}

#[actix_web::test]
async fn an_open_objection_to_the_line_of_a_rating_hides_praise_for_it() {
    let world = World::new().await;
    let (rating, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4), (2, 90, 4)]).await;
    close(&world, &notice.to_string()).await;
    let (home, other) = (world.demo.households[&1], world.demo.households[&2]);
    let body = json!({"list": "honor", "rating_id": rating, "account_id": home});
    praised(&world, body).await;
    let object = |household| {
        format!(
            "INSERT INTO objections (village_id, id, kind, household_id, rating_id, account_id, \
                raised_by, raised_at, text, due_at) \
             VALUES ('{}', '{}', 'appeal', '{household}', '{rating}', '{household}', '{}', now(), \
                '有误', now())",
            world.demo.village,
            uuid::Uuid::now_v7(),
            uuid::Uuid::nil(),
        )
    };
    // That of another household does not.
    db_run(&world, object(other)).await;
    assert_eq!(hanging(&world, "honor").await.len(), 1);
    let body = json!({"list": "honor", "rating_id": rating, "account_id": other});
    let refused = propose(&world, "village-admin", body).await;
    refused.expect_problem(422, "listing_fact_unfit");
    db_run(&world, object(home)).await;
    assert!(hanging(&world, "honor").await.is_empty());
    db_run(&world, "UPDATE objections SET answered_at = now(), outcome = 'upheld'".into()).await;
    assert_eq!(hanging(&world, "honor").await.len(), 1);
}

#[actix_web::test]
async fn where_each_person_is_rated_the_stars_of_a_person_are_praised() {
    let world = World::new().await;
    testing::claims::db_book(&world, |book| book.subject = Subject::Person);
    let (rating, notice, _) = db_rating_on_notice(&world, &[(1, 91, 4)]).await;
    let person = world.demo.villagers["villager"];
    db_run(
        &world,
        format!("UPDATE rating_lines SET account_id = '{person}' WHERE rating_id = '{rating}'"),
    )
    .await;
    close(&world, &notice.to_string()).await;
    let body = json!({"list": "honor", "rating_id": rating, "account_id": person});
    praised(&world, body).await;
    let hangs = hanging(&world, "honor").await;
    assert_eq!((hangs.len(), &hangs[0]["name"]), (1, &json!("王秀英")));
    assert_eq!(looked_at(&world).await, 0);
}

#[actix_web::test]
async fn who_died_has_an_open_case_or_turns_out_a_minor_is_shown_no_more() {
    for (change, back) in [
        ("residence = 'deceased'", "residence = 'resident'"),
        ("residence = 'open_legal_case'", "residence = 'resident'"),
        ("born_on = '2015-01-01'", "born_on = '1980-01-01'"),
        ("born_on = NULL", "born_on = '1980-01-01'"),
    ] {
        let world = World::new().await;
        let claim = posted_award(&world, "villager").await;
        let entry = praised(&world, json!({"list": "honor", "claim_id": claim})).await;
        let other = posted_deduction(&world, "villager", -1).await;
        let warning = proposed(&world, "warning", other).await;
        let person = world.demo.villagers["villager"];
        let set = |what| format!("UPDATE villagers SET {what} WHERE id = '{person}'");
        db_run(&world, set(change)).await;
        assert!(hanging(&world, "honor").await.is_empty(), "{change}");
        vote(&world, "panel-1", &warning, "approve").await.expect(201);
        vote(&world, "panel-2", &warning, "approve").await.expect(201);
        let last = vote(&world, "panel-3", &warning, "approve").await;
        assert_eq!(last.status, 422, "{change}");
        assert!(last.code().starts_with("listing_"), "{change}");
        assert_eq!(looked_at(&world).await, 2, "{change}");
        // What ended stays ended.
        db_run(&world, set(back)).await;
        assert!(hanging(&world, "honor").await.is_empty());
        for entry in [&entry, &warning] {
            assert_eq!(ended_why(&world, entry).await, "person_unfit", "{change}");
        }
    }
}

#[actix_web::test]
async fn one_entry_that_fails_does_not_keep_the_others_waiting() {
    let world = World::new().await;
    let mut entries = Vec::new();
    for _ in 0..3 {
        let claim = posted_deduction(&world, "villager", -1).await;
        entries.push(approved(&world, "warning", claim).await);
    }
    // The first of them cannot be written.
    db_run(
        &world,
        format!(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                IF NEW.id = '{}' AND NEW.state = 'ended' THEN RAISE 'broken'; END IF; \
                RETURN NEW; END $$",
            entries[0],
        ),
    )
    .await;
    let trigger = "CREATE TRIGGER broken BEFORE UPDATE ON list_entries FOR EACH ROW \
                   EXECUTE FUNCTION broken()";
    db_run(&world, trigger.into()).await;
    world.clock.advance(61 * 86_400);
    let (db, now) = (world.db.clone(), world.clock.now());
    let ticked = block(move || worker::tick(&db, now)).await.unwrap();
    assert!(ticked.failures.iter().any(|(what, _)| *what == "end list entries"));
    assert_eq!(ended_why(&world, &entries[0]).await, json!(null));
    for entry in &entries[1..] {
        assert_eq!(ended_why(&world, entry).await, "expired");
    }
}

#[actix_web::test]
async fn a_reported_good_deed_is_praised_and_a_nuisance_accuses_nobody() {
    let world = World::new().await;
    let deed = report(&world, "neighbour", "good_deed", json!({})).await;
    let body = |report: &str, list| json!({"list": list, "report_id": report});
    let early = propose(&world, "village-admin", body(&deed, "honor")).await;
    early.expect_problem(422, "listing_fact_unfit");
    let praised_id = world.demo.villagers["villager"];
    let accept = json!({"decision": "accept", "praised_id": praised_id});
    act(&world, "village-admin", &deed, "triage", accept).await.expect(201);
    db_pass(&world, &deed);
    let entry = praised(&world, body(&deed, "honor")).await;
    let hangs = hanging(&world, "honor").await;
    assert_eq!((&hangs[0]["name"], &hangs[0]["title"]), (&json!("王秀英"), &json!("助人为乐")));
    let warned = propose(&world, "village-admin", body(&deed, "warning")).await;
    warned.expect_problem(422, "listing_fact_unfit");
    let nuisance = report(&world, "neighbour", "nuisance", json!({})).await;
    act(&world, "village-admin", &nuisance, "triage", json!({"decision": "accept"}))
        .await
        .expect(201);
    db_pass(&world, &nuisance);
    for list in ["honor", "warning"] {
        let refused = propose(&world, "village-admin", body(&nuisance, list)).await;
        refused.expect_problem(422, "listing_fact_unfit");
    }
    // Triage closed it: it is no fact any more.
    db_run(
        &world,
        format!("UPDATE reports SET state = 'struck_off', shown_at = NULL WHERE id = '{deed}'"),
    )
    .await;
    assert!(hanging(&world, "honor").await.is_empty());
    assert_eq!(looked_at(&world).await, 1);
    assert_eq!(ended_why(&world, &entry).await, "fact_gone");
    let of_nuisance = "SELECT count(*) FROM list_entries WHERE list = 'warning'";
    assert_eq!(db_count(&world, of_nuisance).await, 0);
}
