//! A draft run over a past quarter.

use domain::calendar::{CycleKind, end_of};
use domain::points::{Fen, Points};
use domain::rule_book::{Amount, ItemKind, RuleBook};
use serde_json::{Value, json};
use testing::Client;
use testing::World;
use testing::claims::{certify, declare, today};

use super::{db_engine_book, item};

async fn in_force(world: &World, client: &Client) -> Value {
    client.get(&world.village("rule-book")).await.expect(200)["book"].clone()
}

async fn draft(world: &World, admin: &Client, book: &Value) -> String {
    let made = admin.post(&world.village("rule-books"), json!({"book": book})).await.expect(201);
    world.village(&format!("rule-books/{}/simulation", made["id"].as_str().unwrap()))
}

#[actix_web::test]
async fn a_draft_shows_who_would_have_which_star_and_what_it_would_cost() {
    let world = World::new().await;
    db_engine_book(&world);
    for (item, more) in [
        ("HONOUR", json!({"choice": "county"})),
        ("HOURS", json!({"quantity": 12})),
        ("NEI-1", json!({})),
    ] {
        let claim = declare(&world, "villager", item, more).await;
        assert_eq!(certify(&world, &claim).await["state"], "posted");
    }
    let cycle = CycleKind::Quarter.holding(today(&world));
    let admin = world.sign_in("village-admin").await;
    let mut book = in_force(&world, &admin).await;
    let same = draft(&world, &admin, &book).await;
    let early = admin.get(&format!("{same}?cycle={cycle}")).await;
    early.expect_problem(422, "cycle_not_over");
    world.advance_to(end_of(cycle.last_day()));
    let admin = world.sign_in("village-admin").await;

    // The book itself changes nothing.
    let told = admin.get(&format!("{same}?cycle={cycle}&limit=1000")).await.expect(200);
    assert_eq!((&told["changed"], &told["before"]), (&json!(0), &told["after"]), "{told:#}");
    assert_eq!(told["dropped_claims"], json!({}));
    let outcomes = told["outcomes"].as_array().unwrap();
    assert!(outcomes.iter().all(|one| one["before"] == one["after"]));
    let home = json!(world.demo.households[&1]);
    let own = |told: &Value| {
        let all = told["outcomes"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["household_id"] == home).expect("an outcome")
    };
    let score = own(&told)["before"]["score"].as_str().unwrap().parse::<Points>().unwrap();
    assert!(score >= Points::whole(82), "{score}");

    // A county's honour is worth less, hours are gone.
    let known: RuleBook = serde_json::from_value(book.clone()).unwrap();
    let mut changed = known;
    changed.items.retain(|one| one.code != "HOURS");
    for one in &mut changed.items {
        if let (true, Amount::Choice { options }) = (one.code == "HONOUR", &mut one.amount) {
            for option in options {
                option.points = Points::whole(1);
            }
        }
    }
    changed.exchange_value_fen = Some(Fen::new(50));
    changed.items.push(item("NEVER", ItemKind::Award, super::fixed(1)));
    book = serde_json::to_value(changed).unwrap();
    let other = draft(&world, &admin, &book).await;
    let told = admin.get(&format!("{other}?cycle={cycle}&limit=1000")).await.expect(200);
    assert_eq!(told["changed"], 1);
    assert_eq!(told["dropped_claims"], json!({"HOURS": 1}));
    let unused = told["unused_items"].as_array().unwrap();
    assert!(unused.contains(&json!("NEVER")) && !unused.contains(&json!("HONOUR")));
    let after = own(&told)["after"]["score"].as_str().unwrap().parse::<Points>().unwrap();
    // 19 points of the honour and 2 of the hours are missing.
    assert_eq!(after.plus(Points::whole(21)), Some(score));
    let cost = |side: &str| told[side]["star_credit_fen"].as_i64().unwrap();
    assert!(cost("after") < cost("before"));
    let redeemable = |side: &str| -> Points {
        told[side]["redeemable_points"].as_str().unwrap().parse().unwrap()
    };
    assert_eq!(redeemable("after").plus(Points::whole(21)), Some(redeemable("before")));
    // A point is worth half a yuan by the draft, and nothing that is known by the book.
    let worth = redeemable("after").hundredths() / 2;
    assert_eq!(told["after"]["redeemable_worth_fen"], json!(worth));
    assert_eq!(told["before"]["redeemable_worth_fen"], Value::Null);

    let villager = world.sign_in("villager").await;
    villager.get(&format!("{other}?cycle={cycle}")).await.expect_problem(403, "forbidden");
    admin.get(&format!("{other}?cycle=quarter")).await.expect_problem(400, "bad_query");
}
