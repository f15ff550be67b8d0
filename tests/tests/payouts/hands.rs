//! A handover that was put down by mistake is put right, and kin hand nothing to kin.

use serde_json::{Value, json};
use testing::World;
use testing::notices::{db_messages, db_run};
use testing::payouts::{dividend_in, drafted, earned, fund, in_effect, lines, pay};

/// A dividend that is paid: three parts to the villager and one to the neighbour.
async fn paid(world: &World) -> String {
    let account = fund(world, 5_000).await;
    let day = earned(world, &[("villager", 3), ("neighbour", 1)]).await;
    let payout = drafted(world, "dividends", dividend_in(day, 400)).await;
    in_effect(world, &payout).await;
    pay(world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    payout
}

#[actix_web::test]
async fn a_mistaken_handover_is_taken_back_by_a_second_person_and_handed_out_again() {
    let world = World::new().await;
    let payout = paid(&world).await;
    let home = world.home_of("villager");
    let to = format!("{payout}/lines/{home}/handovers");
    let back = format!("{payout}/lines/{home}/handover-reversals");
    let cash = json!({"how": "cash", "received_by": "王秀英"});
    let why = json!({"reason": "登记错户,该户尚未领取"});
    let admin = world.sign_in("village-admin").await;
    let colleague = world.sign_in("village-admin-2").await;
    colleague.post(&back, why.clone()).await.expect_problem(409, "part_not_handed_out");
    admin.post(&to, cash.clone()).await.expect(201);
    admin.post(&back, why.clone()).await.expect_problem(403, "checker_is_maker");
    colleague.post(&back, json!({"reason": " "})).await.expect_problem(422, "invalid");
    let taken = colleague.post(&back, why.clone()).await.expect(201);
    assert_eq!((&taken["reverses"], &taken["received_by"]), (&json!(true), &json!("王秀英")));
    let told = db_messages(&world, "villager", "part_handover_reversed").await;
    assert_eq!((told.len(), &told[0]["fen"]), (1, &json!(300)));
    assert_eq!(lines(&world, &payout).await[0]["handover"], Value::Null);
    assert_eq!(admin.get(&payout).await.expect(200)["handed_out"], 0);
    colleague.post(&back, why).await.expect_problem(409, "part_not_handed_out");
    admin.post(&to, cash.clone()).await.expect(201);
    admin.post(&to, cash).await.expect_problem(409, "part_handed_out");
    assert_eq!(lines(&world, &payout).await[0]["handover"]["received_by"], "王秀英");
    assert_eq!(admin.get(&payout).await.expect(200)["handed_out"], 1);
}

#[actix_web::test]
async fn declared_kin_hand_nothing_to_each_other() {
    let world = World::new().await;
    let payout = paid(&world).await;
    let (village, kin) = (world.demo.village, world.demo.villagers["village-admin"]);
    let of = world.demo.villagers["neighbour"];
    db_run(
        &world,
        format!("INSERT INTO kinships VALUES ('{village}', '{kin}', '{of}', 'sister', now())"),
    )
    .await;
    let to = format!("{payout}/lines/{}/handovers", world.home_of("neighbour"));
    let cash = json!({"how": "cash", "received_by": "李大山"});
    let admin = world.sign_in("village-admin").await;
    admin.post(&to, cash.clone()).await.expect_problem(403, "declared_kin");
    world.sign_in("village-admin-2").await.post(&to, cash).await.expect(201);
}
