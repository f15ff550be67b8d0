use chrono::{DateTime, NaiveDate, Utc};

use super::fixture::*;
use super::*;
use crate::place::DivisionLevel;
use crate::points::{BasisPoints, Points};
use crate::refusal::Refusal;
use crate::rule_book::{Amount, ItemKind, Order, Pledges, Resolution, RuleBook, Tier, adopt};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-20T02:00:00Z".parse().unwrap()
}

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
        Amount::CumulativeTiers(crate::rule_book::CumulativeTiers {
            unit: "小时".into(),
            tally: None,
            per: crate::rule_book::CapScope::Member,
            period: crate::rule_book::CapPeriod::Year,
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
        crate::rule_book::Item { category: "nowhere".into(), ..award("V-2", "1") },
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

fn resolution() -> Resolution {
    Resolution { held_on: day("2026-11-18"), present: 40, votes_for: 30, votes_against: 2 }
}

fn adopt_under(
    frame: &Layer,
    draft: &Layer,
    pledges: Option<&Pledges>,
) -> Result<RuleBook, Refusal> {
    let above = Stack { county: Some(frame), ..Stack::default() };
    let from = day("2027-01-01");
    adopt_village_layer(&above, draft, &resolution(), pledges, from, None, now())
}

#[test]
fn a_village_without_frame_and_manual_adopts_as_before() {
    let whole = book();
    let (none, from) = (Stack::default(), day("2026-12-01"));
    let by_layer = |newest| {
        let draft = Layer::from(whole.clone());
        adopt_village_layer(&none, &draft, &resolution(), None, from, newest, now())
    };
    assert_eq!(by_layer(None), Ok(whole.clone()));
    assert_eq!(
        by_layer(Some(from)).map(|_| ()),
        adopt(&whole, &resolution(), from, Some(from), now())
    );
    assert_eq!(by_layer(Some(from)), Err(Refusal::InForceTooEarly { earliest: day("2026-12-02") }));
}

#[test]
fn a_draft_that_contradicts_the_frame_is_not_adopted_and_its_faults_come_first() {
    let (frame, mut draft) = (wendeng(), village());
    assert!(adopt_under(&frame, &draft, None).is_ok());
    draft.base_score = Some(Points::whole(900));
    let refused = adopt_under(&frame, &draft, None);
    let Err(Refusal::RuleBookContradicts { contradictions }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(list(&contradictions), ["base_score: locked_setting"]);
    draft.items[0].name = String::new();
    let refused = adopt_under(&frame, &draft, None);
    let Err(Refusal::RuleBookInvalid { faults }) = refused else { panic!("{refused:?}") };
    let places: Vec<_> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, ["items[0].name"]);
}

#[test]
fn pledges_are_counted_where_a_layer_asks_for_them_and_must_fit_where_they_are_recorded() {
    let (mut frame, draft) = (wendeng(), village());
    let signed = |households_signed| Pledges { households_signed, households_total: 300 };
    assert!(adopt_under(&frame, &draft, Some(&signed(0))).is_ok());
    assert_eq!(adopt_under(&frame, &draft, Some(&signed(301))), Err(Refusal::PledgesInvalid));
    // Two thirds of 300 are 200.01 households: 201.
    let share_min = BasisPoints::new(6_667).unwrap();
    frame.pledges_bp_min = Some(share_min);
    let few = Err(Refusal::PledgesTooFew { share_min });
    assert_eq!(adopt_under(&frame, &draft, None), few);
    assert_eq!(adopt_under(&frame, &draft, Some(&signed(200))), few);
    assert!(adopt_under(&frame, &draft, Some(&signed(201))).is_ok());
}

fn order() -> Order {
    Order { number: "文信办〔2026〕3号".into(), issued_on: day("2026-11-20") }
}

#[test]
fn a_frame_is_issued_by_an_order_from_tomorrow_on_and_need_not_be_whole() {
    let frame = wendeng();
    let issue = |order: &Order, from| adopt_county_frame(&frame, None, order, day(from), now());
    assert_eq!(issue(&order(), "2026-11-21"), Ok(()));
    let tomorrow = day("2026-11-21");
    assert_eq!(issue(&order(), "2026-11-20"), Err(Refusal::InForceTooEarly { earliest: tomorrow }));
    for wrong in [
        Order { number: " ".into(), ..order() },
        Order { issued_on: tomorrow, ..order() },
        Order { number: "号".repeat(61), ..order() },
    ] {
        assert_eq!(issue(&wrong, "2027-01-01"), Err(Refusal::OrderInvalid));
    }
}

#[test]
fn a_manual_is_checked_against_the_frame_and_for_its_own_faults() {
    let frame = wendeng();
    let mut manual = Layer { name: "镇手册".into(), ..Layer::default() };
    let issue = |manual: &Layer| {
        adopt_town_manual(Some(&frame), manual, None, &order(), day("2027-01-01"), now())
    };
    manual.items = vec![award("T-1", "3")];
    assert_eq!(issue(&manual), Ok(()));
    manual.locked_items = ["P-NONE".to_owned()].into();
    assert!(matches!(issue(&manual), Err(Refusal::RuleBookContradicts { .. })));
    manual.bounds.villages = Some(vec![OwnItems {
        kind: ItemKind::Award,
        category: None,
        items_max: 1,
        points_max: Points::ZERO,
    }]);
    manual.claim_way = Some(way(0));
    let Err(Refusal::RuleBookInvalid { faults }) = issue(&manual) else { panic!("sound") };
    let places: Vec<_> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, ["claim_way.stages[0].quorum", "bounds.villages[0].points_max"]);
}

#[test]
fn a_new_frame_goes_on_stating_what_villages_may_rely_on() {
    let before = Version { in_force_from: Some(day("2026-01-01")), layer: &wendeng() };
    let mut frame = wendeng();
    let issue =
        |frame: &Layer, from| adopt_county_frame(frame, Some(&before), &order(), day(from), now());
    frame.locked.clear();
    frame.stars = Some(stars(&[(5, 1100)]));
    assert_eq!(issue(&frame, "2027-01-01"), Ok(()));
    frame.stars = None;
    frame.categories[0].code = "rest".into();
    for item in &mut frame.items {
        item.category = "rest".into();
    }
    let Err(Refusal::RuleBookContradicts { contradictions }) = issue(&frame, "2027-01-01") else {
        panic!("nothing withdrawn")
    };
    assert_eq!(list(&contradictions), ["stars: withdrawn", "categories.other: withdrawn"]);
}

fn version(from: &str, layer: Layer) -> Version<Layer> {
    Version { in_force_from: Some(day(from)), layer }
}

#[test]
fn a_deed_of_december_is_judged_by_the_old_book_when_a_new_one_holds_from_1_january() {
    let mut new = book();
    new.items[0] = award("A-1", "8");
    let timeline = Timeline {
        village: vec![
            version("2027-01-01", new.into()),
            version("2026-01-01", book().into()),
            Version { in_force_from: None, layer: Layer::default() },
        ]
        .into(),
        ..Timeline::default()
    };
    let worth = |on| timeline.book_on(day(on))?.book?.item("A-1").map(|item| item.amount.most());
    assert_eq!(worth("2026-12-31"), Some(points("5")));
    assert_eq!(worth("2027-01-01"), Some(points("8")));
    assert_eq!(worth("2025-12-31"), None);
    let states =
        |on| timeline.village.states_on(day(on)).map(|(_, state)| state).collect::<Vec<_>>();
    use VersionState::{Adopted, Draft, InForce, Superseded};
    assert_eq!(states("2025-12-31"), [Draft, Adopted, Adopted]);
    assert_eq!(states("2026-12-31"), [Draft, InForce, Adopted]);
    assert_eq!(states("2027-01-01"), [Draft, Superseded, InForce]);
}

#[test]
fn a_new_frame_takes_from_a_book_in_force_what_contradicts_it_and_says_so() {
    let mut whole = book();
    whole.items.push(item(ItemKind::Veto, "X-1", "1"));
    let timeline = Timeline {
        county: vec![version("2027-01-01", wendeng())].into(),
        village: vec![version("2026-06-01", whole.clone().into())].into(),
        ..Timeline::default()
    };
    assert_eq!(timeline.book_on(day("2026-12-31")).unwrap().book, Some(whole));
    let after = timeline.book_on(day("2027-01-01")).unwrap();
    assert_eq!(
        list(&after.contradictions_of(DivisionLevel::Village)),
        [
            "base_score: locked_setting",
            "stars: locked_setting",
            "items[0].amount: own_item_too_high",
            "items[1].amount: own_item_too_high",
            "items[2]: own_item_not_allowed",
        ]
    );
    let after = after.book.unwrap();
    assert_eq!(after.base_score, Points::whole(1000));
    assert_eq!(after.claim_days_max, 90);
    assert!(after.item("X-1").is_none() && after.item("P-BLOOD").is_some());
    let days: Vec<_> = timeline.first_days().into_iter().collect();
    assert_eq!(days, [day("2026-06-01"), day("2027-01-01")]);
}

#[test]
fn a_county_alone_brings_no_book_to_a_village() {
    let timeline = Timeline {
        county: vec![version("2026-01-01", book().into())].into(),
        ..Timeline::default()
    };
    assert_eq!(timeline.book_on(day("2026-06-01")), None);
    assert!(timeline.first_days().is_empty());
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
