//! Year-end awards by rank.

use domain::calendar::Cycle;
use serde_json::{Value, json};
use testing::World;
use testing::notices::{close, db_messages, db_run};
use testing::payouts::{
    comes_out_the_same, drafted, earned, fund, fund_holds, hung, in_effect, lines, pay, state,
};
use testing::ratings_on_notice::db_rating_on_notice;

fn awards(day: chrono::NaiveDate) -> Value {
    json!({
        "title": "年终积分表彰", "from": day, "until": day, "ranked_by": "points", "prizes": [
            {"from_rank": 1, "to_rank": 1, "title": "一等奖", "fen": 50_000, "goods": "锦旗"},
            {"from_rank": 2, "to_rank": 3, "title": "二等奖", "fen": 20_000},
        ],
    })
}

fn of<'a>(lines: &'a [Value], number: &str) -> &'a Value {
    lines.iter().find(|line| line["household_number"] == number).expect("a line")
}

#[actix_web::test]
async fn prizes_go_by_rank_equals_share_one_and_nobody_is_shown_at_the_bottom() {
    let world = World::new().await;
    let account = fund(&world, 200_000).await;
    let list = [("villager", 4), ("neighbour", 4), ("collector", 2), ("panel-1", 1), ("elder", 9)];
    // She earned most and died: left out of ratings, and so of awards, with the reason.
    let day = earned(&world, &list).await;
    world.db_residence("elder", "deceased");
    let payout = drafted(&world, "year-end-awards", awards(day)).await;
    let found = lines(&world, &payout).await;
    let seen: Vec<_> = ["001", "002", "003", "004", "007", "008"]
        .map(|number| of(&found, number))
        .iter()
        .map(|line| (line["rank"].clone(), line["fen"].clone(), line["left_out"].clone()))
        .collect();
    let row = |rank: Value, fen: i64, left_out: Value| (rank, json!(fen), left_out);
    assert_eq!(
        seen,
        [
            row(json!(1), 50_000, Value::Null),
            row(json!(1), 50_000, Value::Null),
            row(Value::Null, 0, json!("no_resident")),
            row(json!(3), 20_000, Value::Null),
            row(json!(4), 0, Value::Null),
            row(Value::Null, 0, Value::Null),
        ]
    );
    comes_out_the_same(&world, &payout).await;
    let notice = hung(&world, &payout).await;
    let villager = world.sign_in("villager").await;
    let board = world.village(&format!("notices/{notice}"));
    let shown = villager.get(&board).await.expect(200);
    assert_eq!((&shown["kind"], &shown["lines"]), (&json!("awards"), &json!(3)));
    let hanging = villager.get(&format!("{board}/lines")).await.expect(200);
    let hanging: Vec<_> = hanging["items"].as_array().unwrap().iter().collect();
    let names: Vec<_> = hanging.iter().map(|line| line["name"].clone()).collect();
    assert_eq!(names, ["王秀英", "李大山", "杨春梅"]);
    assert_eq!((&hanging[0]["title"], &hanging[0]["goods"]), (&json!("一等奖"), &json!("锦旗")));
    // Somebody who is not on the board can still say that they should be.
    let objection = json!({"account_id": world.home_of("panel-2"), "text": "漏了我家。"});
    let path = format!("{board}/objections");
    world.sign_in("panel-2").await.post(&path, objection).await.expect(201);
    close(&world, &notice).await;
    assert_eq!(state(&world, &payout).await, "disputed");
    let officer = world.sign_in("town-officer").await;
    let open = officer.get(&world.village("objections")).await.expect(200);
    let id = open["items"][0]["id"].as_str().unwrap().to_owned();
    let upheld = json!({"outcome": "upheld", "text": "本年无积分。"});
    officer.post(&world.village(&format!("objections/{id}/answers")), upheld).await.expect(201);
    let told = db_messages(&world, "villager", "payout_effective").await;
    assert_eq!((&told[0]["prize_title"], &told[0]["goods"]), (&json!("一等奖"), &json!("锦旗")));
    pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    assert_eq!(fund_holds(&world, &account).await, 80_000);
}

#[actix_web::test]
async fn awards_by_score_take_a_rating_that_holds() {
    let world = World::new().await;
    let ranks = [(1, 91, 4), (2, 95, 5), (4, 80, 3)];
    let (rating, notice, cycle) = db_rating_on_notice(&world, &ranks).await;
    let day = domain::calendar::day_of(world.clock.now());
    world.clock.advance(86_400);
    let mut body = awards(day);
    body["ranked_by"] = json!("score");
    body["rating_id"] = json!(rating);
    let admin = world.sign_in("village-admin").await;
    let path = world.village("year-end-awards");
    admin.post(&path, body.clone()).await.expect_problem(422, "rating_not_effective");
    close(&world, &notice.to_string()).await;
    // Its quarter does not lie in the one day that the awards are for.
    let admin = world.sign_in("village-admin").await;
    admin.post(&path, body.clone()).await.expect_problem(422, "rating_outside_period");
    let quarter: Cycle = cycle.parse().unwrap();
    body["from"] = json!(quarter.first_day());
    body["until"] = json!(quarter.last_day());
    if !quarter.is_over(world.clock.now()) {
        world.advance_to(domain::calendar::start_of(quarter.next_first_day()));
    }
    let admin = world.sign_in("village-admin").await;
    // Who stands on a line that is disputed would be passed over.
    let line = |state: &str| {
        let home = world.home_of("villager");
        format!("UPDATE rating_lines SET state = '{state}' WHERE account_id = '{home}'")
    };
    db_run(&world, line("disputed")).await;
    admin.post(&path, body.clone()).await.expect_problem(409, "rating_disputed");
    db_run(&world, line("effective")).await;
    let payout = drafted(&world, "year-end-awards", body).await;
    let found = lines(&world, &payout).await;
    assert_eq!(
        (&of(&found, "002")["rank"], &of(&found, "002")["points"]),
        (&json!(1), &json!("95"))
    );
    assert_eq!(of(&found, "001")["title"], "二等奖");
    assert_eq!(of(&found, "005")["left_out"], "not_rated");
    comes_out_the_same(&world, &payout).await;
}

#[actix_web::test]
async fn prizes_are_checked_and_goods_alone_need_no_money() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 4)]).await;
    let admin = world.sign_in("village-admin").await;
    let path = world.village("year-end-awards");
    for prize in [
        json!({"from_rank": 2, "to_rank": 2, "title": "一等奖", "fen": 5}),
        json!({"from_rank": 1, "to_rank": 1, "title": "一等奖"}),
        json!({"from_rank": 1, "to_rank": 1, "title": "一等奖", "goods": "优先办理低保"}),
    ] {
        let mut body = awards(day);
        body["prizes"] = json!([prize]);
        admin.post(&path, body).await.expect_problem(422, "prizes_invalid");
    }
    let mut body = awards(day);
    body["prizes"] = json!([{"from_rank": 1, "to_rank": 1, "title": "最美家庭", "goods": "奖牌"}]);
    let payout = drafted(&world, "year-end-awards", body).await;
    in_effect(&world, &payout).await;
    let paid = pay(&world, "village-admin-2", &payout, None).await.expect(201);
    assert_eq!((&paid["total_fen"], &paid["fund_voucher_id"]), (&json!(0), &Value::Null));
    let home = world.home_of("villager");
    let to = format!("{payout}/lines/{home}/handovers");
    let admin = world.sign_in("village-admin").await;
    let plate = json!({"how": "goods", "received_by": "王秀英"});
    admin.post(&to, plate).await.expect(201);
}
