//! Snapshot reports: a nuisance that is put right, and a good deed that is shown and claimed.

use domain::calendar::day_of;
use serde_json::{Value, json};

use super::person::{Person, Send, Stage, expect, text};
use super::picture::photo;
use crate::boot::Failed;

/// A place in the demo village, in millionths of a degree.
const BRIDGE: (i32, i32) = (26_541_234, 104_712_345);

/// Plays both in this village.
pub(super) async fn see_and_report(stage: &mut Stage, village: &str) -> Result<(), Failed> {
    let base = format!("/v1/villages/{village}");
    put_right(stage, &base).await?;
    let deed = praise(stage, &base).await?;
    show(stage, &base, &deed).await?;
    claim(stage, &base, &deed).await
}

/// Sends a report with a photo, and gives its id.
async fn send(
    stage: &Stage,
    who: &Person,
    base: &str,
    (kind, category, words): (&str, &str, &str),
) -> Result<String, Failed> {
    let file = stage.ask(who, &format!("{base}/photos"), Send::Upload(photo()), 201).await?;
    let report = json!({
        "kind": kind, "category": category, "place": "村口小桥边", "text": words,
        "spot": {"latitude_e6": BRIDGE.0, "longitude_e6": BRIDGE.1},
        "photo_ids": [text(&file, "/id")?],
    });
    let sent = stage.ask(who, &format!("{base}/reports"), Send::Post(report), 201).await?;
    Ok(text(&sent, "/id")?.to_owned())
}

async fn put_right(stage: &mut Stage, base: &str) -> Result<(), Failed> {
    stage.narrate("李大山 photographs rubbish by the bridge and sends it in.");
    let neighbour = stage.sign_in("neighbour").await?;
    let nuisance = ("nuisance", "garbage", "桥边有人倒了一车垃圾");
    let report = send(stage, &neighbour, base, nuisance).await?;
    let path = format!("{base}/reports/{report}");

    stage.narrate("Somebody else is about to send the same, and is told of it first.");
    let villager = stage.sign_in("villager").await?;
    let near = format!(
        "{base}/reports/nearby?kind=nuisance&category=garbage&latitude_e6={}&longitude_e6={}",
        BRIDGE.0, BRIDGE.1
    );
    let found = stage.ask(&villager, &near, Send::Get, 200).await?;
    let known = found["items"].as_array().is_some_and(|items| !items.is_empty());
    expect("a report nearby", &known, &true)?;

    stage.narrate("The village takes it on and gives 赵明, the grid worker, three working days.");
    let worker = stage.sign_in("grid-worker").await?;
    let me = stage.ask(&worker, "/v1/me", Send::Get, 200).await?;
    let admin = stage.sign_in("village-admin").await?;
    let accept = Send::Post(json!({"decision": "accept"}));
    stage.ask(&admin, &format!("{path}/triage"), accept, 201).await?;
    let to = json!({"worker_id": text(&me, "/villager/villager_id")?, "working_days": 3});
    stage.ask(&admin, &format!("{path}/dispatches"), Send::Post(to), 201).await?;

    stage.narrate("He clears it away and proves it with a photo; who reported it confirms.");
    let file = stage.ask(&worker, &format!("{base}/photos"), Send::Upload(photo()), 201).await?;
    let done = json!({"text": "已清运", "photo_ids": [text(&file, "/id")?]});
    stage.ask(&worker, &format!("{path}/resolutions"), Send::Post(done), 201).await?;
    let confirmed = format!("{path}/confirmations");
    stage.ask(&neighbour, &confirmed, Send::Post(json!({})), 201).await?;
    stage.ask(&neighbour, &path, Send::Get, 200).await.map(drop)
}

async fn praise(stage: &mut Stage, base: &str) -> Result<String, Failed> {
    stage.narrate("He also saw 王秀英 help an old neighbour home, and reports that.");
    let neighbour = stage.sign_in("neighbour").await?;
    let deed = ("good_deed", "help", "王秀英扶老人过桥回家");
    let report = send(stage, &neighbour, base, deed).await?;
    let villager = stage.sign_in("villager").await?;
    let me = stage.ask(&villager, "/v1/me", Send::Get, 200).await?;
    let admin = stage.sign_in("village-admin").await?;
    let accept = json!({"decision": "accept", "praised_id": text(&me, "/villager/villager_id")?});
    let path = format!("{base}/reports/{report}/triage");
    stage.ask(&admin, &path, Send::Post(accept), 201).await?;
    Ok(report)
}

async fn show(stage: &mut Stage, base: &str, report: &str) -> Result<(), Failed> {
    stage.narrate(
        "Nothing is shown before WeChat, or a person, has looked at text and photo, and before she has \
         agreed to it.",
    );
    let villager = stage.sign_in("villager").await?;
    let agreed = format!("{base}/reports/{report}/consents");
    stage.ask(&villager, &agreed, Send::Post(json!({"agrees": true})), 201).await?;
    let anyone = stage.sign_in("panel-1").await?;
    for _ in 0..20 {
        let feed = stage.ask(&anyone, &format!("{base}/good-deeds"), Send::Get, 200).await?;
        let mut shown = feed["items"].as_array().into_iter().flatten();
        if shown.any(|deed| deed["id"] == report) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    Err(Failed("the good deed was not shown within 20 seconds".into()))
}

async fn claim(stage: &mut Stage, base: &str, report: &str) -> Result<(), Failed> {
    stage.narrate("The village claims the deed for her, which then goes the way of every claim.");
    let admin = stage.sign_in("village-admin").await?;
    let today = day_of(stage.now().await?).to_string();
    let claim = json!({
        "item_code": "NEI-1", "happened_on": today, "text": "扶老人过桥回家",
        "proxy": {"consented_by": "王秀英", "consented_how": "电话", "consented_on": today},
    });
    let path = format!("{base}/reports/{report}/claim");
    let made = stage.ask(&admin, &path, Send::Post(claim), 201).await?;
    expect("the claim's state", &made.get("state"), &Some(&Value::from("submitted")))
}
