//! A notice shows the lines of its own reckoning, and nothing against anybody.

use serde_json::{Value, json};
use testing::World;
use testing::notices::{close, db_messages, db_run};
use testing::payouts::{answer, dividend_in, drafted, earned, hung, object, parts};

async fn hanging(world: &World, notice: &str) -> Vec<Value> {
    let client = world.sign_in("neighbour").await;
    let path = world.village(&format!("notices/{notice}/lines?limit=100"));
    client.get(&path).await.expect(200)["items"].as_array().cloned().unwrap_or_default()
}

#[actix_web::test]
async fn each_notice_shows_its_own_reckoning_and_whose_part_fell_is_told() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4), ("neighbour", 2), ("elder", 2)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 800)).await;
    let first = hung(&world, &payout).await;
    let raised = object(&world, "store-keeper", &first, "villager").await.expect(201);
    answer(&world, "panel-1", &raised, "struck").await.expect(201);
    assert_eq!(parts(&world, &payout, &["001", "002", "003"]).await, [0, 400, 400]);
    // It still hangs there as it was hung.
    let seen = hanging(&world, &first).await;
    assert_eq!((&seen[0]["name"], &seen[0]["fen"]), (&json!("王秀英"), &json!(400)));
    close(&world, &first).await;
    let admin = world.sign_in("village-admin").await;
    let shown = admin.get(&payout).await.expect(200)["payout"].clone();
    assert_eq!((&shown["state"], &shown["reckoning"]), (&json!("on_notice"), &json!(2)));
    let second = shown["notice_id"].as_str().unwrap();
    let seen = hanging(&world, second).await;
    assert_eq!((&seen[0]["name"], &seen[0]["fen"]), (&json!("王*英"), &json!(0)));
    assert_eq!((&seen[0]["left_out"], &seen[1]["fen"]), (&Value::Null, &json!(400)));
    let seen = hanging(&world, &first).await;
    assert_eq!((&seen[0]["name"], &seen[1]["fen"]), (&json!("王秀英"), &json!(200)));
    let count = admin.get(&world.village(&format!("notices/{first}"))).await.expect(200);
    assert_eq!(count["lines"], 13);
    let told = db_messages(&world, "villager", "payout_part_lowered").await;
    assert_eq!((told.len(), &told[0]["fen_before"], &told[0]["fen"]), (1, &json!(400), &json!(0)));
    assert!(db_messages(&world, "neighbour", "payout_part_lowered").await.is_empty());
}

#[actix_web::test]
async fn nobody_under_age_is_named_on_the_board() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 800)).await;
    let notice = hung(&world, &payout).await;
    assert_eq!(hanging(&world, &notice).await[0]["name"], "王秀英");
    let child = world.demo.villagers["villager"];
    db_run(&world, format!("UPDATE villagers SET born_on = '2014-05-01' WHERE id = '{child}'"))
        .await;
    assert_eq!(hanging(&world, &notice).await[0]["name"], "王*英");
}
