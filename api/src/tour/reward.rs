//! Rewards: points become goods, the shop is paid, and a pool is shared out of a fund of which everybody
//! sees how far it goes.

use chrono::{Days, Duration};
use domain::calendar::{CycleKind, day_of, start_of};
use domain::points::Fen;
use serde_json::{Value, json};
use uuid::Uuid;

use super::person::{Send, Stage, expect, number, text};
use super::village::{Earned, close};
use crate::boot::Failed;

/// Who prepares payments, and who checks them.
const FOUR_EYES: [&str; 2] = ["village-admin", "town-officer"];

/// Plays all of it in this village.
pub(super) async fn give_back(stage: &mut Stage, earned: &Earned) -> Result<(), Failed> {
    let base = format!("/v1/villages/{}", earned.village);
    redeem(stage, &base).await?;
    let fund = fund(stage, &base).await?;
    settle(stage, &base, &fund).await?;
    share(stage, &base, &fund).await?;
    prove(stage, &base, &earned.household).await
}

/// Points become a bottle of oil.
async fn redeem(stage: &mut Stage, base: &str) -> Result<(), Failed> {
    stage.narrate(
        "The village opens a points store and puts oil on the shelf, at no more than it is worth.",
    );
    let [admin, keeper] =
        [stage.sign_in("village-admin").await?, stage.sign_in("store-keeper").await?];
    let now = stage.now().await?;
    // A tour may have played here before.
    let name = format!("云岭积分超市{}", now.format("%m%d%H%M%S"));
    let store = json!({"store": {
        "name": name, "address": "村委会一楼", "hours": "每周三、周六", "phone": "0858-1234567",
    }});
    let store = stage.ask(&admin, &format!("{base}/stores"), Send::Post(store), 201).await?;
    let store = format!("{base}/stores/{}", text(&store, "/store_id")?);
    let oil = json!({"kind": "stock", "goods": {
        "name": "菜籽油", "unit": "瓶", "category": "food", "price": "1", "market_price_fen": 6_800,
        "on_sale_from": day_of(now),
    }});
    let oil = stage.ask(&admin, &format!("{store}/goods"), Send::Post(oil), 201).await?;
    let oil = text(&oil, "/goods_id")?;
    let delivery = json!({"task": "delivery", "quantity": 10, "reason": "供销社送货单12号"});
    let stock = format!("{store}/goods/{oil}/stock-entries");
    stage.ask(&keeper, &stock, Send::Post(delivery), 201).await?;

    stage.narrate(
        "王秀英 redeems a bottle: points and stock move in one step, and she gets a code.",
    );
    let villager = stage.sign_in("villager").await?;
    let order = Send::Post(json!({"goods_id": oil, "quantity": 1}));
    let made = stage.ask(&villager, &format!("{base}/redemptions"), order, 201).await?;

    stage.narrate("The store keeper types the code in and hands it over; the app sends it twice.");
    let key = Uuid::now_v7().to_string();
    let proof = json!({"proof": {"code": text(&made, "/code")?}, "cash_taken_fen": 0});
    for _ in 0..2 {
        let pickup = Send::PostWithKey(proof.clone(), key.clone());
        let done = stage.ask(&keeper, &format!("{store}/pickups"), pickup, 201).await?;
        expect("the redemption's state", &done["state"], &json!("handed_over"))?;
    }
    Ok(())
}

/// Money comes into the fund by two people; answers the account.
async fn fund(stage: &mut Stage, base: &str) -> Result<String, Failed> {
    stage.narrate("Somebody gives 2,000 yuan to the village fund. One person writes it down, another books it.");
    let [maker, checker] = [stage.sign_in(FOUR_EYES[0]).await?, stage.sign_in(FOUR_EYES[1]).await?];
    let now = stage.now().await?;
    let account = json!({"name": format!("信用基金专户{}", now.format("%m%d%H%M%S"))});
    let accounts = format!("{base}/fund/accounts");
    let account = stage.ask(&maker, &accounts, Send::Post(account), 201).await?;
    let account = text(&account, "/id")?.to_owned();
    let donation = json!({
        "kind": "donation", "account_id": account, "amount_fen": 200_000, "party": "李建国",
        "party_shown": "masked", "purpose": "支持乡村治理", "document": "收据31",
        "happened_on": day_of(now),
    });
    let vouchers = format!("{base}/fund/vouchers");
    let voucher = stage.ask(&maker, &vouchers, Send::Post(donation), 201).await?;
    let path = format!("{vouchers}/{}/decisions", text(&voucher, "/id")?);
    let book = || Send::Post(json!({"verdict": "book"}));
    stage.ask(&maker, &path, book(), 403).await?;
    stage.ask(&checker, &path, book(), 201).await?;

    stage.narrate("Everybody sees what the village owes, and how far the fund covers it.");
    let villager = stage.sign_in("villager").await?;
    let coverage = format!("{base}/fund/coverage");
    let coverage = stage.ask(&villager, &coverage, Send::Get, 200).await?;
    for (words, field) in [("held", "/held_fen"), ("owed", "/owed_fen")] {
        println!("      {words} {} yuan", Fen::new(number(&coverage, field)?));
    }
    Ok(account)
}

/// The month is closed, and the shop gets what the village owes it.
async fn settle(stage: &mut Stage, base: &str, fund: &str) -> Result<(), Failed> {
    let month = CycleKind::Month.holding(day_of(stage.now().await?));
    let closed = start_of(month.next_first_day()) + Duration::minutes(65);
    stage.wait_until(closed).await?;
    stage.narrate("An hour after the month is over its statements are made, one for each shop.");
    let admin = stage.sign_in(FOUR_EYES[0]).await?;
    let list = format!("{base}/settlements?month={month}");
    let mut found = None;
    for _ in 0..20 {
        let page = stage.ask(&admin, &list, Send::Get, 200).await?;
        let mut shops = page["items"].as_array().cloned().unwrap_or_default().into_iter();
        found = shops.find(|one| one["due_fen"].as_i64().is_some_and(|due| due > 0));
        if found.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    let statement = found.ok_or_else(|| Failed("no statement within 20 seconds".into()))?;
    let path = format!("{base}/settlements/{}", text(&statement, "/settlement_id")?);
    stage.ask(&admin, &format!("{path}/lines"), Send::Get, 200).await?;

    stage.narrate(
        "The village approves it, the shop says that it is right, the town pays it out of the fund.",
    );
    let approve = Send::Post(json!({"decision": "approve"}));
    stage.ask(&admin, &format!("{path}/decisions"), approve, 201).await?;
    let owner = stage.sign_in("merchant-owner").await?;
    stage.ask(&owner, &format!("{path}/agreement"), Send::Post(json!({})), 201).await?;
    let officer = stage.sign_in(FOUR_EYES[1]).await?;
    let paid_on = day_of(stage.now().await?);
    let payment = json!({"fund_account_id": fund, "document": "付字18号", "paid_on": paid_on});
    let payments = format!("{path}/payments");
    stage.ask(&officer, &payments, Send::Post(payment), 201).await?;
    let done = stage.ask(&owner, &format!("{path}/closing"), Send::Post(json!({})), 201).await?;
    expect("the statement's state", &done["state"], &json!("closed"))?;
    let check = format!("{base}/settlements/check?month={month}");
    let check = stage.ask(&admin, &check, Send::Get, 200).await?;
    expect("to the fen", &check["agrees"], &json!(true))
}

/// A pool is shared by the points of the year.
async fn share(stage: &mut Stage, base: &str, fund: &str) -> Result<(), Failed> {
    stage.narrate(
        "1,000 yuan are shared by the points that everybody earned, exactly and in whole yuan.",
    );
    let maker = stage.sign_in(FOUR_EYES[0]).await?;
    let today = day_of(stage.now().await?);
    let from = today.checked_sub_days(Days::new(360)).unwrap_or(today);
    let until = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let plan = json!({
        "title": "积分分红", "from": from, "until": until, "pool_fen": 100_000,
        "paid_in": "whole_yuan", "deductions": "ignored",
    });
    let made = stage.ask(&maker, &format!("{base}/dividends"), Send::Post(plan), 201).await?;
    let path = format!("{base}/payouts/{}", text(&made, "/id")?);
    expect("what is shared", &number(&made, "/total_fen")?, &100_000)?;

    stage.narrate("The assembly votes, the plan hangs for three days, and nobody objects.");
    let vote = json!({"held_on": today, "present": 40, "votes_for": 38, "votes_against": 1});
    stage.ask(&maker, &format!("{path}/votes"), Send::Post(vote), 201).await?;
    let hung = Send::Post(json!({"days": 3}));
    let hung = stage.ask(&maker, &format!("{path}/notices"), hung, 201).await?;
    let notice_path = format!("{base}/notices/{}", text(&hung, "/notice_id")?);
    let notice = stage.ask(&maker, &notice_path, Send::Get, 200).await?;
    close(stage, &notice_path, text(&notice, "/closes_at")?).await?;

    stage.narrate("The town pays, and the parts are handed out against a name.");
    let [maker, checker] = [stage.sign_in(FOUR_EYES[0]).await?, stage.sign_in(FOUR_EYES[1]).await?];
    let payment = json!({"fund_account_id": fund, "document": "支9号"});
    stage.ask(&checker, &format!("{path}/payments"), Send::Post(payment), 201).await?;
    let lines = stage.ask(&maker, &format!("{path}/lines"), Send::Get, 200).await?;
    let account = text(&lines, "/items/0/account_id")?;
    let handed = json!({"how": "cash", "received_by": "王秀英"});
    let handover = format!("{path}/lines/{account}/handovers");
    stage.ask(&maker, &handover, Send::Post(handed), 201).await.map(drop)
}

/// The household shows its star to the credit union, and sees who looked.
async fn prove(stage: &mut Stage, base: &str, household: &str) -> Result<(), Failed> {
    stage.narrate("王秀英 shows her star to the credit union, for seven days and nothing more than she chose.");
    let villager = stage.sign_in("villager").await?;
    let proofs = format!("{base}/households/{household}/star-proofs");
    let asked = json!({"purpose": "信用社贷款", "shows": "star_and_name", "days": 7});
    let proof = stage.ask(&villager, &proofs, Send::Post(asked), 201).await?;
    let read = json!({"token": text(&proof, "/token")?, "reader": "龙场信用社柜台"});
    let shown = stage.look("/v1/star-proof-readings", read, 201).await?;
    expect("her stars", &number(&shown, "/stars")?, &4)?;
    let readings = format!("{proofs}/{}/readings", text(&proof, "/id")?);
    let seen = stage.ask(&villager, &readings, Send::Get, 200).await?;
    let looks = seen["items"].as_array().map(Vec::len);
    expect("who looked", &looks, &Some(1))?;
    expect("by whom", &seen.pointer("/items/0/reader"), &Some(&Value::from("龙场信用社柜台")))
}
