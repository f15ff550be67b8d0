//! At the shop: code, scan, quote, purchase, receipt; then the books are compared.

use domain::calendar::day_of;
use domain::points::Fen;
use serde_json::json;
use uuid::Uuid;

use super::person::{Send, Stage, expect, number, text};
use super::village::Earned;
use crate::boot::Failed;

/// A purchase of 128.50 yuan with four stars: 10.28 yuan come from star credit.
pub(super) async fn buy(stage: &mut Stage, earned: &Earned) -> Result<(), Failed> {
    stage.narrate("王秀英 shows the code of the minute; the clerk scans it.");
    let villager = stage.sign_in("villager").await?;
    let code = stage.ask(&villager, "/v1/me/payment-code", Send::Get, 200).await?;
    let clerk = stage.sign_in("merchant-clerk").await?;
    let me = stage.ask(&clerk, "/v1/me", Send::Get, 200).await?;
    let merchant = format!("/v1/merchants/{}", text(&me, "/roles/0/scope/id")?);
    let scan = || Send::Post(json!({"code": code["code"]}));
    let quote = stage.ask(&clerk, &format!("{merchant}/scans"), scan(), 201).await?;
    expect("stars", &number(&quote, "/stars")?, &4)?;

    stage.narrate("A copy of the code is worth nothing.");
    stage.ask(&clerk, &format!("{merchant}/scans"), scan(), 409).await?;

    stage.narrate("She buys for 128.50 yuan; the app sends it twice, it counts once.");
    let key = Uuid::now_v7().to_string();
    let purchase = json!({
        "village_id": earned.village, "quote_id": quote["quote_id"], "price_fen": 12_850,
    });
    let path = format!("{merchant}/purchases");
    let sell = || Send::PostWithKey(purchase.clone(), key.clone());
    let receipt = stage.ask(&clerk, &path, sell(), 201).await?;
    let again = stage.ask(&clerk, &path, sell(), 201).await?;
    expect("the repeated receipt", &again, &receipt)?;
    expect("discount", &number(&receipt, "/discount_fen")?, &1_028)?;
    expect("to pay", &number(&receipt, "/to_pay_fen")?, &11_822)?;
    expect("what the till hears of her credit", &receipt["credit_left_fen"], &json!(null))?;

    stage.narrate("The receipt:");
    let yuan = |field: &str| number(&receipt, field).map(Fen::new);
    println!("      price       {} yuan", yuan("/price_fen")?);
    println!("      star credit -{} yuan", yuan("/discount_fen")?);
    println!("      to pay      {} yuan", yuan("/to_pay_fen")?);

    stage.narrate("The household's balance, the shop's statement and the ledger agree.");
    let base = format!("/v1/villages/{}", earned.village);
    let balance_path = format!("{base}/households/{}/balance", earned.household);
    let balance = stage.ask(&villager, &balance_path, Send::Get, 200).await?;
    let left = number(&balance, "/accounts/0/star_credit_fen")?;
    expect("credit left", &left, &(earned.credit - 1_028))?;
    let owner = stage.sign_in("merchant-owner").await?;
    let month = day_of(stage.now().await?).format("%Y-%m");
    let statement_path = format!("{merchant}/statements/{month}?village_id={}", earned.village);
    let statement = stage.ask(&owner, &statement_path, Send::Get, 200).await?;
    expect("reconciled", &statement["reconciled"], &json!(true))?;
    let admin = stage.sign_in("village-admin").await?;
    let check = stage.ask(&admin, &format!("{base}/ledger/check"), Send::Get, 200).await?;
    expect("the ledger is conserved", &check["conserved"], &json!(true))
}
