//! The rule-book engine through the API: what a deed comes to among the others of its account.

mod deeds;
mod grades;
mod jinping;
mod longwo;
mod qingcheng;
mod shuicheng;
mod simulation;
mod vetoes;
mod wendeng;

use domain::points::Points;
use domain::rule_book::{
    Amount, CapPeriod, CapScope, ChoiceOption, CountsFor, CumulativeTiers, Duration, Item,
    ItemKind, Tier,
};
use serde_json::{Value, json};
use testing::World;
use testing::claims::{approve, db_book};

/// An item of the environment that needs no evidence.
fn item(code: &str, kind: ItemKind, amount: Amount) -> Item {
    let adverse = kind.is_adverse();
    Item {
        counts_for: [CountsFor::Points].into(),
        cure_days: adverse.then_some(7),
        cure: adverse.then(|| "改正".into()),
        ..Item::plain(code, "environment", code, kind, amount)
    }
}

fn fixed(points: i32) -> Amount {
    Amount::Fixed { points: Points::whole(points) }
}

/// Hours that add up over the year, as in Wendeng.
fn hours() -> Amount {
    Amount::CumulativeTiers(CumulativeTiers {
        unit: "小时".into(),
        tally: None,
        per: CapScope::Member,
        period: CapPeriod::Year,
        tiers: [(4, 1), (10, 2), (20, 5)]
            .map(|(from, points)| Tier { from, points: Points::whole(points) })
            .into(),
    })
}

fn by_level() -> Amount {
    let option = |(code, points): (&str, i32)| ChoiceOption {
        code: code.into(),
        name: code.into(),
        points: Points::whole(points),
        duration: None,
    };
    Amount::Choice { options: [("town", 5), ("county", 20)].map(option).into() }
}

/// A book whose claims are posted with the last vote, with items of all sorts.
fn db_engine_book(world: &World) {
    db_book(world, |book| {
        book.claim_way.notice_days = 0;
        let grouped = |one: Item| Item { exclusive: Some("honours".into()), ..one };
        book.items.extend([
            item("HOURS", ItemKind::Award, hours()),
            grouped(item("HONOUR-V", ItemKind::Award, fixed(3))),
            grouped(item("HONOUR", ItemKind::Award, by_level())),
            item(
                "PANEL",
                ItemKind::Award,
                Amount::Range { points_min: Points::whole(1), points_max: Points::whole(6) },
            ),
            Item { repeat_doubles: true, ..item("DUMP", ItemKind::Deduction, fixed(5)) },
            Item {
                extends_until_corrected: true,
                grade: Some(domain::rule_book::Star::NONE),
                duration: Duration::Year,
                ..item("GRADE", ItemKind::DirectGrade, fixed(60))
            },
        ]);
    });
}

/// The panel and the village approve with these points. Gives the last answer.
async fn fill_in(world: &World, claim: &str, points: &[(&str, &str)]) -> Value {
    let mut last = Value::Null;
    for (key, points) in points {
        let path = world.village(&format!("claims/{claim}/decisions"));
        let body = json!({"decision": "approve", "points": points});
        last = world.sign_in(key).await.post(&path, body).await.expect(201);
    }
    last
}

async fn shown(world: &World, claim: &str) -> Value {
    let admin = world.sign_in("village-admin").await;
    admin.get(&world.village(&format!("claims/{claim}"))).await.expect(200)
}

/// All but the last of those whose votes certify.
async fn all_but_last(world: &World, claim: &str) {
    for key in ["panel-1", "panel-2", "panel-3"] {
        approve(world, key, claim).await;
    }
}
