//! Many at once, each of whom holds what another wants; and one village that fails while others wait.

use serde_json::json;
use testing::World;
use testing::notices::{db_run, tick};
use testing::shops::{assert_conserved, at_once, text};
use testing::store::{Store, assert_stock_conserved, cancel, oil, redeem};

use super::races::crowd;

#[actix_web::test]
async fn the_period_of_a_limit_changes_while_many_redeem_and_call_off() {
    let world = World::with_connections(24).await;
    let store = Store::open(&world, json!({})).await;
    let limit = json!({"limit": {"count": 50, "period": "month"}});
    let goods = store.goods(&world, limit, 200).await;
    let people = crowd(&world, 20).await;
    let mut held = Vec::new();
    for person in &people {
        held.push(redeem(&world, person, &goods, 1).await.expect(201));
    }
    world.warm_up().await;
    for period in ["quarter", "year", "always", "month"] {
        let path = world.village(&format!("goods/{goods}"));
        let body = oil(&world, &json!({"limit": {"count": 50, "period": period}}));
        let admin = store.admin.clone();
        let change = tokio::spawn(async move { admin.put(&path, body).await });
        let both = people.iter().zip(&held).flat_map(|(person, redeemed)| {
            let id = text(&redeemed["redemption_id"]).to_owned();
            let off = (world.village(&format!("redemptions/{id}/cancellation")), json!({}));
            let on = (world.village("redemptions"), json!({"goods_id": goods, "quantity": 1}));
            [off, on].map(|(path, body)| (person.clone(), path, body))
        });
        let both: Vec<_> = both.collect();
        let answers = at_once(
            both.into_iter()
                .map(|(person, path, body)| async move { person.post(&path, body).await }),
        )
        .await;
        change.await.expect("an answer").expect(200);
        let bad: Vec<_> = answers.iter().filter(|a| a.status.as_u16() >= 500).collect();
        assert!(bad.is_empty(), "{bad:#?}");
        let made = answers.into_iter().filter(|a| a.status.as_u16() == 201);
        held = made.map(|answer| answer.body).collect();
        assert_stock_conserved(&world);
        assert_conserved(&world);
        assert_eq!(held.len(), 20);
    }
    for (person, redeemed) in people.iter().zip(&held) {
        let _ = cancel(&world, person, redeemed, None).await;
    }
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn one_village_whose_redemptions_cannot_lapse_keeps_no_other_waiting() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 9).await;
    testing::store::earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 1).await.expect(201);
    world.clock.advance(5 * 86_400);
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 1).await.expect(201);
    // A copy in another village that came first, whose account is not there.
    let broken = "INSERT INTO stores SELECT (jsonb_populate_record(s, jsonb_build_object( \
            'village_id', 'OTHER'::uuid))).* FROM stores AS s; \
        INSERT INTO goods SELECT (jsonb_populate_record(g, jsonb_build_object( \
            'village_id', 'OTHER'::uuid, 'stock', 0, 'reserved', 0))).* FROM goods AS g; \
        INSERT INTO redemptions SELECT (jsonb_populate_record(r, jsonb_build_object( \
            'village_id', 'OTHER'::uuid, 'account_id', a.id, \
            'lapses_at', r.lapses_at - interval '1 day'))).* \
            FROM redemptions AS r, LATERAL (SELECT id FROM accounts \
                WHERE village_id = 'OTHER'::uuid LIMIT 1) AS a \
            ORDER BY r.redeemed_at LIMIT 1";
    for statement in broken.split("; ") {
        let statement = statement.replace("OTHER", &world.demo.other_village.to_string());
        db_run(&world, statement).await;
    }
    // Its stock does not say that it is reserved, so that giving it back fails.
    world.clock.advance(26 * 86_400);
    let (db, now) = (world.db.clone(), world.clock.now());
    let round =
        actix_web::web::block(move || infra::worker::tick(&db, now)).await.expect("a thread");
    assert_eq!(round.failures.len(), 1, "{:?}", round.failures);
    assert_eq!(round.lapsed, 1);
    // The second lapses in five days: its household is told all the same.
    world.clock.advance(2 * 86_400);
    let (db, now) = (world.db.clone(), world.clock.now());
    let round =
        actix_web::web::block(move || infra::worker::tick(&db, now)).await.expect("a thread");
    assert_eq!((round.failures.len(), round.lapsing), (1, 1), "{:?}", round.failures);
    let mend = "UPDATE goods SET reserved = 1 WHERE village_id = 'OTHER'::uuid";
    let mend = mend.replace("OTHER", &world.demo.other_village.to_string());
    db_run(&world, mend).await;
    assert_eq!(tick(&world).await.lapsed, 1);
}
