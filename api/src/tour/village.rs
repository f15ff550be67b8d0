//! In the village: deeds are declared, certified, shown, posted; the quarter is rated.

use chrono::{DateTime, Utc};
use domain::calendar::{CycleKind, day_of, start_of};
use serde_json::{Value, json};

use super::person::{Person, Send, Stage, expect, number, text};
use super::picture::photo;
use crate::boot::Failed;

/// What the village part leaves for the shop.
pub(super) struct Earned {
    /// The village.
    pub(super) village: String,
    /// The household.
    pub(super) household: String,
    /// The star credit in fen.
    pub(super) credit: i64,
}

const PANEL: [&str; 3] = ["panel-1", "panel-2", "panel-3"];

/// Three deeds of 34 points on a base of 60: four stars.
pub(super) async fn earn_four_stars(stage: &mut Stage) -> Result<Earned, Failed> {
    join(stage).await?;
    stage.narrate("王秀英 signs in with WeChat and sees who she is.");
    let villager = stage.sign_in("villager").await?;
    let me = stage.ask(&villager, "/v1/me", Send::Get, 200).await?;
    let village = text(&me, "/villager/village/id")?.to_owned();
    let household = text(&me, "/villager/household_id")?.to_owned();
    let base = format!("/v1/villages/{village}");
    let balance_path = format!("{base}/households/{household}/balance");
    let before = stage.ask(&villager, &balance_path, Send::Get, 200).await?;
    let credit_before = number(&before, "/accounts/0/star_credit_fen")?;

    let deed_day = day_of(stage.now().await?);
    let claims = declare(stage, &villager, &base, text(&me, "/villager/villager_id")?).await?;
    certify(stage, &base, &claims).await?;
    publish(stage, &base, &claims).await?;

    stage.narrate("The points stand in the ledger, each with its reason.");
    let villager = stage.sign_in("villager").await?;
    stage
        .ask(&villager, &format!("{base}/households/{household}/statement"), Send::Get, 200)
        .await?;

    let cycle = CycleKind::Quarter.holding(deed_day);
    stage.wait_until(start_of(cycle.next_first_day())).await?;
    rate(stage, &base, &cycle.to_string()).await?;

    stage.narrate("The household has four stars, and 1,600 yuan of star credit more.");
    let villager = stage.sign_in("villager").await?;
    let after = stage.ask(&villager, &balance_path, Send::Get, 200).await?;
    expect("stars", &number(&after, "/accounts/0/stars")?, &4)?;
    let credit = number(&after, "/accounts/0/star_credit_fen")?;
    expect("star credit granted", &(credit - credit_before), &160_000)?;
    Ok(Earned { village, household, credit })
}

/// A villager who never signed in before is found on the roster by her phone.
async fn join(stage: &mut Stage) -> Result<(), Failed> {
    stage.narrate("李小燕 signs in for the first time; WeChat vouches for her phone number.");
    let newcomer = stage.sign_in("new-villager").await?;
    let me = stage.ask(&newcomer, "/v1/me", Send::Get, 200).await?;
    if me["villager"].is_object() {
        // A tour played here before.
        return Ok(());
    }
    let phone = json!({"method": "phone", "phone_code": "demo-phone-new-villager"});
    let bound = stage.ask(&newcomer, "/v1/me/bindings", Send::Post(phone), 201).await?;
    expect("the name found", &bound.pointer("/me/villager/name"), &Some(&json!("李小燕")))
}

async fn declare(
    stage: &mut Stage,
    villager: &Person,
    base: &str,
    person: &str,
) -> Result<Vec<String>, Failed> {
    stage.narrate("She uploads a photo and declares three deeds.");
    let today = day_of(stage.now().await?).to_string();
    let mut claims = Vec::new();
    for (item, measure, words) in [
        ("ENV-1", json!({"quantity": 4}), "和邻居清扫村口公路四小时"),
        ("FAM-1", json!({"choice": "city"}), "获评市级文明家庭"),
        ("NEI-2", json!({"choice": "outstanding"}), "洪水时转移老人,表现突出"),
    ] {
        let upload = Send::Upload(photo());
        let file = stage.ask(villager, &format!("{base}/photos"), upload, 201).await?;
        let mut claim = json!({
            "person_id": person, "item_code": item, "happened_on": today, "text": words,
            "evidence_ids": [text(&file, "/id")?],
        });
        merge(&mut claim, measure);
        let made = stage.ask(villager, &format!("{base}/claims"), Send::Post(claim), 201).await?;
        claims.push(text(&made, "/id")?.to_owned());
    }
    Ok(claims)
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}

async fn certify(stage: &mut Stage, base: &str, claims: &[String]) -> Result<(), Failed> {
    stage.narrate("Three of the panel review each deed, then the village rechecks.");
    let approve = || Send::Post(json!({"decision": "approve", "reason": "情况属实"}));
    for who in PANEL.into_iter().chain(["village-admin"]) {
        let reviewer = stage.sign_in(who).await?;
        for claim in claims {
            let path = format!("{base}/claims/{claim}/decisions");
            stage.ask(&reviewer, &path, approve(), 201).await?;
        }
    }
    Ok(())
}

async fn publish(stage: &mut Stage, base: &str, claims: &[String]) -> Result<(), Failed> {
    stage.narrate("What is certified goes on the notice board for three days.");
    let admin = stage.sign_in("village-admin").await?;
    let notice = stage.ask(&admin, &format!("{base}/notices"), Send::Post(json!({})), 201).await?;
    let path = format!("{base}/notices/{}", text(&notice, "/id")?);

    stage
        .narrate("李大山 doubts the four hours and objects; somebody who has not decided answers.");
    let neighbour = stage.sign_in("neighbour").await?;
    let doubt = json!({"claim_id": claims.first(), "text": "我看只有三个小时"});
    let objection =
        stage.ask(&neighbour, &format!("{path}/objections"), Send::Post(doubt), 201).await?;
    let answerer = stage.sign_in("panel-4").await?;
    let answer = json!({"outcome": "upheld", "text": "查看签到记录,确为四小时"});
    let answer_path = format!("{base}/objections/{}/answers", text(&objection, "/id")?);
    stage.ask(&answerer, &answer_path, Send::Post(answer), 201).await?;

    let closes_at = text(&notice, "/closes_at")?;
    close(stage, &path, closes_at).await
}

/// Lets the time of a notice pass and waits for the worker to close it.
pub(super) async fn close(stage: &mut Stage, path: &str, closes_at: &str) -> Result<(), Failed> {
    let closes_at: DateTime<Utc> = DateTime::parse_from_rfc3339(closes_at)?.with_timezone(&Utc);
    stage.wait_until(closes_at).await?;
    stage.narrate("The notice closes by itself.");
    let neighbour = stage.sign_in("neighbour").await?;
    for _ in 0..20 {
        let notice = stage.ask(&neighbour, path, Send::Get, 200).await?;
        if notice.pointer("/closed_at").is_some_and(Value::is_string) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    Err(Failed("the notice was not closed within 20 seconds".into()))
}

async fn rate(stage: &mut Stage, base: &str, cycle: &str) -> Result<(), Failed> {
    stage.narrate(&format!("The quarter {cycle} is over and is rated: computed, panel, recheck."));
    let admin = stage.sign_in("village-admin").await?;
    let cycle = Send::Post(json!({"cycle": cycle}));
    let rating = stage.ask(&admin, &format!("{base}/ratings"), cycle, 201).await?;
    let path = format!("{base}/ratings/{}", text(&rating, "/id")?);
    for who in PANEL.into_iter().chain(["village-admin"]) {
        let reviewer = stage.sign_in(who).await?;
        let approve = Send::Post(json!({"decision": "approve", "reason": "核对无误"}));
        stage.ask(&reviewer, &format!("{path}/decisions"), approve, 201).await?;
    }
    let rating = stage.ask(&admin, &path, Send::Get, 200).await?;
    let notice_path = format!("{base}/notices/{}", text(&rating, "/rating/notice_id")?);
    let notice = stage.ask(&admin, &notice_path, Send::Get, 200).await?;
    close(stage, &notice_path, text(&notice, "/closes_at")?).await
}
