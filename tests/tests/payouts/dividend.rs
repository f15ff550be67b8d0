//! A dividend from the ledger to the hands of people.

use serde_json::{Value, json};
use testing::World;
use testing::notices::{close, db_count, db_messages};
use testing::payouts::{
    comes_out_the_same, dividend_in, drafted, earned, fund, fund_holds, hung, in_effect, lines,
    parts, pay, state,
};
use testing::workbooks::cells_in;

fn sum(lines: &[Value]) -> i64 {
    lines.iter().map(|line| line["fen"].as_i64().expect("fen")).sum()
}

#[actix_web::test]
async fn a_pool_is_shared_by_what_was_earned_voted_on_hung_and_paid() {
    let world = World::new().await;
    let account = fund(&world, 5_000).await;
    let day = earned(&world, &[("villager", 3), ("neighbour", 1), ("elder", 2)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 1_000)).await;
    // 500, 166.67 and 333.33 fen: the fen that is left over goes to who lost most.
    assert_eq!(parts(&world, &payout, &["001", "002", "003", "004"]).await, [500, 167, 333, 0]);
    assert_eq!(sum(&lines(&world, &payout).await), 1_000);
    comes_out_the_same(&world, &payout).await;
    // A draft is nobody's to see but those who prepare it.
    let home = world.home_of("villager");
    let own = world.village(&format!("households/{home}/payouts"));
    let villager = world.sign_in("villager").await;
    assert_eq!(villager.get(&own).await.expect(200)["items"], json!([]));
    villager.get(&payout).await.expect_problem(403, "forbidden");

    let notice = hung(&world, &payout).await;
    let board = world.village(&format!("notices/{notice}"));
    let shown = villager.get(&board).await.expect(200);
    assert_eq!((&shown["kind"], &shown["lines"]), (&json!("dividend"), &json!(13)));
    let hanging = villager.get(&format!("{board}/lines?limit=100")).await.expect(200);
    let hanging = hanging["items"].as_array().unwrap();
    assert_eq!((hanging.len(), sum(hanging)), (13, 1_000), "everybody can add it up");
    assert_eq!((&hanging[0]["name"], &hanging[0]["points"]), (&json!("王秀英"), &json!("3")));
    let page = villager.get(&format!("{board}/lines?limit=2")).await.expect(200);
    let next = page["next_cursor"].as_str().unwrap();
    let page = villager.get(&format!("{board}/lines?limit=2&cursor={next}")).await.expect(200);
    assert_eq!(page["items"][0]["household_number"], "003");
    close(&world, &notice).await;
    assert_eq!(state(&world, &payout).await, "effective");
    let told = db_messages(&world, "neighbour", "payout_effective").await;
    assert_eq!((told.len(), &told[0]["fen"]), (1, &json!(167)));

    // Who prepared it does not pay it, and it is paid out of the fund.
    pay(&world, "village-admin", &payout, Some(&account))
        .await
        .expect_problem(403, "checker_is_maker");
    pay(&world, "village-admin-2", &payout, None).await.expect_problem(422, "fund_account_needed");
    let paid = pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    assert_eq!((&paid["state"], &paid["document"]), (&json!("paid"), &json!("支2026-009")));
    assert_eq!(fund_holds(&world, &account).await, 4_000);
    let villager = world.sign_in("villager").await;
    let mine = villager.get(&own).await.expect(200)["items"][0].clone();
    assert_eq!((&mine["state"], &mine["fen"]), (&json!("paid"), &json!(500)));
    assert_eq!(mine["handover"], Value::Null);
}

#[actix_web::test]
async fn each_part_is_handed_out_once_and_whose_it_is_is_told() {
    let world = World::new().await;
    let account = fund(&world, 5_000).await;
    let list = [("villager", 3), ("elder", 1), ("village-admin", 1)];
    let day = earned(&world, &list).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 500)).await;
    let hand_out = |key: &str| format!("{payout}/lines/{}/handovers", world.home_of(key));
    let cash = json!({"how": "cash", "received_by": "王秀英"});
    in_effect(&world, &payout).await;
    let admin = world.sign_in("village-admin").await;
    admin.post(&hand_out("villager"), cash.clone()).await.expect_problem(409, "payout_state");
    pay(&world, "town-officer", &payout, Some(&account)).await.expect(201);

    let key = uuid::Uuid::now_v7().to_string();
    let done = admin.post_with_key(&hand_out("villager"), cash.clone(), &key).await.expect(201);
    let again = admin.post_with_key(&hand_out("villager"), cash.clone(), &key).await.expect(201);
    assert_eq!(done, again, "an app that sends everything twice");
    admin.post(&hand_out("villager"), cash.clone()).await.expect_problem(409, "part_handed_out");
    admin.post(&hand_out("neighbour"), cash.clone()).await.expect_problem(422, "part_empty");
    // Not to one's own household; a colleague does that.
    admin.post(&hand_out("village-admin"), cash.clone()).await.expect_problem(403, "own_household");
    let colleague = world.sign_in("village-admin-2").await;
    let card = json!({"how": "card", "received_by": "刘振华"});
    colleague.post(&hand_out("village-admin"), card).await.expect(201);
    let told = db_messages(&world, "villager", "part_handed_out").await;
    assert_eq!((&told[0]["fen"], &told[0]["how"]), (&json!(300), &json!("cash")));

    // The part of somebody who died is not lost; a note says who took it.
    world.db_residence("elder", "deceased");
    let plain = json!({"how": "cash", "received_by": "陈小明"});
    admin.post(&hand_out("elder"), plain).await.expect_problem(422, "reason_missing");
    let noted = json!({"how": "cash", "received_by": "陈小明", "note": "由其子代领"});
    admin.post(&hand_out("elder"), noted).await.expect(201);
    let line = lines(&world, &payout).await.into_iter().find(|l| l["household_number"] == "003");
    let line = line.unwrap();
    assert_eq!(line["residence"], "deceased");
    assert_eq!(line["handover"]["note"], "由其子代领");
    let shown = admin.get(&payout).await.expect(200);
    assert_eq!((&shown["parts"], &shown["handed_out"]), (&json!(3), &json!(3)));
}

#[actix_web::test]
async fn the_pay_list_is_taken_out_as_a_workbook_with_a_reason_that_is_recorded() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 500)).await;
    let admin = world.sign_in("village-admin").await;
    let file = format!("{payout}/file");
    admin.get(&file).await.expect_problem(403, "reason_required");
    admin.read(&file).await.expect_problem(409, "payout_state");
    in_effect(&world, &payout).await;
    let admin = world.sign_in("village-admin").await;
    let request = admin.request(reqwest::Method::GET, &file);
    let answer = request.header("reading-reason", "quarterly inspection").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let headers = answer.headers().clone();
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert!(header("content-type").contains("spreadsheetml"), "{}", header("content-type"));
    let named = header("content-disposition");
    let ascii = format!("filename=\"dividend-{day}.xlsx\"");
    assert!(named.contains(&ascii) && named.contains("filename*=UTF-8''"), "{named}");
    let cells = cells_in(&answer.bytes().await.unwrap(), "发放名单");
    for cell in ["年度积分分红", "共1份", "王秀英", "001", "3", "5", "合计"] {
        assert!(cells.iter().any(|one| one == cell), "{cell}: {cells:?}");
    }
    let recorded = "SELECT count(*) FROM audit_log WHERE action = 'payout_show' \
        AND reason = 'quarterly inspection' AND role = 'village_admin'";
    assert_eq!(db_count(&world, recorded).await, 1);
}

#[actix_web::test]
async fn a_plan_goes_its_way_step_by_step_and_another_village_knows_nothing_of_it() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3)]).await;
    let admin = world.sign_in("village-admin").await;
    let early = dividend_in(domain::calendar::day_of(world.clock.now()), 500);
    let dividends = world.village("dividends");
    admin.post(&dividends, early).await.expect_problem(422, "payout_period");
    let mut coins = dividend_in(day, 550);
    coins["paid_in"] = json!("whole_yuan");
    admin.post(&dividends, coins).await.expect_problem(422, "pool_invalid");
    let eve = day.pred_opt().unwrap();
    admin.post(&dividends, dividend_in(eve, 5)).await.expect_problem(422, "nobody_earned");

    let payout = drafted(&world, "dividends", dividend_in(day, 500)).await;
    let vote = |votes_for: u32| json!({"held_on": day, "present": 40, "votes_for": votes_for, "votes_against": 1});
    let (votes, notices) = (format!("{payout}/votes"), format!("{payout}/notices"));
    admin.post(&notices, json!({"days": 3})).await.expect_problem(409, "payout_state");
    admin.post(&votes, vote(20)).await.expect_problem(422, "resolution_not_carried");
    let voted = admin.post(&votes, vote(21)).await.expect(201);
    assert_eq!(voted["vote"]["votes_for"], 21);
    admin.post(&votes, vote(21)).await.expect_problem(409, "payout_state");
    pay(&world, "village-admin-2", &payout, None).await.expect_problem(409, "payout_state");
    let why = json!({"reason": "总额有误"});
    let taken = admin.post(&format!("{payout}/withdrawals"), why.clone()).await.expect(201);
    assert_eq!(taken["state"], "withdrawn");
    admin.post(&notices, json!({"days": 3})).await.expect_problem(409, "payout_state");

    let stranger = world.sign_in("other-admin").await;
    stranger.get(&payout).await.expect_problem(404, "not_found");
    let id = payout.rsplit('/').next().unwrap();
    let there = world.other_village(&format!("payouts/{id}"));
    stranger.get(&there).await.expect_problem(404, "not_found");
    let villager = world.sign_in("villager").await;
    villager.post(&dividends, dividend_in(day, 5)).await.expect_problem(403, "forbidden");
    // Who supervises reads it with a reason.
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&payout).await.expect_problem(403, "reason_required");
    supervisor.read(&payout).await.expect(200);
    let listed = admin.get(&world.village("payouts")).await.expect(200);
    assert_eq!(listed["items"][0]["state"], "withdrawn");
}
