//! What the merge lets stand, and what it says of the rest.

use super::*;
use crate::rule_book::{Amount, CapPeriod, CapScope, CumulativeTiers, Item, Tier};

fn contradictions(stack: &Stack<'_>) -> Vec<String> {
    list(&stack.merge_strictly().expect_err("it contradicts"))
}

#[test]
fn a_village_fills_in_what_the_frame_leaves_open_and_inherits_the_rest() {
    let (frame, village) = (wendeng(), village());
    let book = under(&frame, &village).merge_strictly().unwrap();
    assert_eq!(book.name, "某村细则");
    assert_eq!(book.base_score, Points::whole(1000));
    assert_eq!(book.appeal_days_max, 60);
    let codes: Vec<_> = book.items.iter().map(|item| item.code.as_str()).collect();
    assert_eq!(codes, ["P-BLOOD", "P-MEDIATE", "V-1"]);
    let origins = under(&frame, &village).merge().item_origins;
    assert_eq!(origins["P-BLOOD"], DivisionLevel::County);
    assert_eq!(origins["V-1"], DivisionLevel::Village);
}

#[test]
fn a_default_of_the_frame_can_be_changed_and_a_lock_of_the_town_holds_for_its_villages() {
    let (frame, mut village) = (wendeng(), village());
    village.claim_days_max = Some(45);
    assert_eq!(under(&frame, &village).merge_strictly().unwrap().claim_days_max, 45);
    // The town locks what the county gave as a default, without stating it again.
    let town =
        Layer {
            name: "镇手册".into(), locked: [Setting::ClaimDaysMax].into(), ..Layer::default()
        };
    let stack = Stack { town: Some(&town), ..under(&frame, &village) };
    let merged = stack.merge();
    assert_eq!(list(&merged.contradictions), ["claim_days_max: locked_setting"]);
    assert_eq!(merged.contradictions[0].against, DivisionLevel::Town);
    assert_eq!(merged.book.unwrap().claim_days_max, 30);
}

#[test]
fn a_locked_star_table_is_the_frames_and_the_place_says_where_the_village_differs() {
    let (frame, mut village) = (wendeng(), village());
    let table = frame.stars.clone().unwrap();
    village.stars = Some(table.clone());
    assert!(under(&frame, &village).merge_strictly().is_ok());
    let rows = &mut village.stars.as_mut().unwrap().0;
    rows[0].from = Points::whole(1050);
    rows[3].inclusive = true;
    assert_eq!(
        contradictions(&under(&frame, &village)),
        ["stars[0].from: locked_setting", "stars[3].inclusive: locked_setting"]
    );
    assert_eq!(under(&frame, &village).merge().book.unwrap().stars, table);
    village.stars.as_mut().unwrap().0.pop();
    assert_eq!(contradictions(&under(&frame, &village)), ["stars: locked_setting"]);
}

#[test]
fn a_sixth_own_award_is_refused_and_five_awards_and_five_deductions_are_not() {
    let (frame, mut village) = (wendeng(), village());
    village.items = (1..=5).map(|n| award(&format!("V-{n}"), "2")).collect();
    for n in 1..=5 {
        village.items.push(item(ItemKind::Deduction, &format!("W-{n}"), "2"));
    }
    assert_eq!(under(&frame, &village).merge_strictly().unwrap().items.len(), 12);
    village.items.push(award("V-6", "0.1"));
    assert_eq!(contradictions(&under(&frame, &village)), ["items[10]: too_many_own_items"]);
    let book = under(&frame, &village).merge().book.unwrap();
    assert!(book.item("V-5").is_some() && book.item("V-6").is_none());
}

#[test]
fn an_own_award_of_2_01_points_is_refused_whatever_form_its_amount_has() {
    let (frame, mut village) = (wendeng(), village());
    for amount in [
        Amount::Fixed { points: points("2.01") },
        Amount::PerUnit {
            unit: "次".into(),
            each: 1,
            points: points("0.5"),
            points_max: points("2.01"),
        },
        Amount::Range { points_min: points("1"), points_max: points("2.01") },
        Amount::CumulativeTiers(CumulativeTiers {
            unit: "小时".into(),
            tally: None,
            per: CapScope::Member,
            period: CapPeriod::Year,
            tiers: vec![
                Tier { from: 1, points: points("1") },
                Tier { from: 9, points: points("2.01") },
            ],
        }),
    ] {
        village.items[0].amount = amount;
        assert_eq!(
            contradictions(&under(&frame, &village)),
            ["items[0].amount: own_item_too_high"]
        );
    }
}

#[test]
fn where_a_frame_says_what_villages_may_add_they_add_nothing_else() {
    let (mut frame, mut village) = (wendeng(), village());
    village.items = vec![item(ItemKind::Veto, "V-1", "1")];
    assert_eq!(contradictions(&under(&frame, &village)), ["items[0]: own_item_not_allowed"]);
    // Without bounds a lower layer may add items (domain.md, section 4).
    frame.bounds.villages = None;
    assert!(under(&frame, &village).merge_strictly().is_ok());
    frame.bounds.villages = Some(Vec::new());
    village.items = vec![award("V-1", "0.01")];
    assert_eq!(contradictions(&under(&frame, &village)), ["items[0]: own_item_not_allowed"]);
}

#[test]
fn bounds_of_county_and_town_hold_at_once_and_a_towns_items_are_not_the_villages() {
    let (frame, mut village) = (wendeng(), village());
    let mut town = Layer { name: "镇手册".into(), ..Layer::default() };
    town.items = (1..=7).map(|n| award(&format!("T-{n}"), "9")).collect();
    town.categories = vec![category("clean", "环境")];
    town.bounds.villages = Some(vec![OwnItems {
        kind: ItemKind::Award,
        category: Some("clean".into()),
        items_max: 1,
        points_max: points("1"),
    }]);
    let mut clean = award("V-2", "1");
    clean.category = "clean".into();
    village.items.push(clean);
    let stack = Stack { town: Some(&town), ..under(&frame, &village) };
    assert_eq!(contradictions(&stack), ["items[0]: own_item_not_allowed"]);
    let book = stack.merge().book.unwrap();
    assert!(book.item("T-7").is_some() && book.item("V-2").is_some());
}

#[test]
fn an_open_item_can_be_changed_or_dropped_and_a_locked_one_cannot() {
    let (frame, mut village) = (wendeng(), village());
    village.items.push(award("P-MEDIATE", "3"));
    let book = under(&frame, &village).merge_strictly().unwrap();
    assert_eq!(book.item("P-MEDIATE").unwrap().amount, Amount::Fixed { points: points("3") });
    village.items.pop();
    village.dropped_items = ["P-MEDIATE".to_owned()].into();
    assert!(under(&frame, &village).merge_strictly().unwrap().item("P-MEDIATE").is_none());

    village.dropped_items = ["P-BLOOD".to_owned(), "P-NEVER".to_owned()].into();
    village.items.push(award("P-BLOOD", "12"));
    assert_eq!(
        contradictions(&under(&frame, &village)),
        [
            "dropped_items.P-BLOOD: locked_item_dropped",
            "dropped_items.P-NEVER: about_nothing",
            "items[1].amount: locked_item",
        ]
    );
    let held = under(&frame, &village).merge().book.unwrap();
    assert_eq!(held.item("P-BLOOD"), frame.items.first());
}

#[test]
fn a_code_of_the_frame_cannot_be_used_for_something_else() {
    let (frame, mut village) = (wendeng(), village());
    village.items = vec![
        item(ItemKind::Deduction, "P-MEDIATE", "1"),
        award("V-1", "1"),
        award("V-1", "2"),
        Item { category: "nowhere".into(), ..award("V-2", "1") },
    ];
    village.categories = vec![category("other", "杂项")];
    assert_eq!(
        contradictions(&under(&frame, &village)),
        [
            "categories[0].name: category_renamed",
            "items[0].code: code_taken",
            "items[2].code: code_twice",
            "items[3].category: category_unknown",
        ]
    );
}

#[test]
fn what_is_about_nothing_is_said() {
    let mut frame = wendeng();
    frame.locked.insert(Setting::ClaimWay);
    frame.locked_items.insert("P-NEVER".into());
    frame.bounds.villages.as_mut().unwrap()[1].category = Some("nowhere".into());
    let mut village = village();
    village.bounds.towns = Some(Vec::new());
    assert_eq!(
        contradictions(&under(&frame, &village)),
        [
            "locked.claim_way: about_nothing",
            "locked_items.P-NEVER: about_nothing",
            "bounds.villages[1].category: about_nothing",
            "bounds.towns: about_nothing",
        ]
    );
}

#[test]
fn a_setting_that_nobody_states_is_missing() {
    let (frame, mut village) = (wendeng(), village());
    village.rating_way = None;
    assert_eq!(contradictions(&under(&frame, &village)), ["rating_way: setting_missing"]);
    assert_eq!(under(&frame, &village).merge().book, None);
}

#[test]
fn a_stored_book_can_be_read_as_a_layer_and_a_layer_survives_a_file() {
    let text = toml::to_string(&book()).unwrap();
    assert_eq!(toml::from_str::<Layer>(&text).unwrap(), Layer::from(book()));
    let frame = wendeng();
    let text = toml::to_string(&frame).unwrap();
    assert_eq!(toml::from_str::<Layer>(&text).unwrap(), frame);
    assert!(toml::from_str::<Layer>("name = \"x\"\nlocked = [\"star\"]").is_err());
}

#[test]
fn codes_of_contradictions_are_those_of_the_stored_form() {
    #[derive(serde::Serialize)]
    struct Line {
        kind: ContradictionKind,
    }
    for kind in ContradictionKind::ALL {
        let text = toml::to_string(&Line { kind }).unwrap();
        assert_eq!(text.trim(), format!("kind = \"{}\"", kind.code()));
    }
}
