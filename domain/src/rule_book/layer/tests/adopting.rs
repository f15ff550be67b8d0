//! Adoption by assembly and by order.

use super::*;
use crate::points::BasisPoints;
use crate::refusal::Refusal;
use crate::rule_book::{Order, Pledges, Resolution, RuleBook};

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
fn a_book_must_be_whole_and_what_the_town_did_does_not_stand_in_the_villages_way() {
    let (mut frame, mut draft) = (wendeng(), village());
    let town = Layer { base_score: Some(Points::whole(900)), ..Layer::default() };
    let adopt = |frame: &Layer, draft: &Layer| {
        let above = Stack { county: Some(frame), town: Some(&town), village: None };
        let from = day("2027-01-01");
        adopt_village_layer(&above, draft, &resolution(), None, from, None, now())
    };
    assert_eq!(adopt(&frame, &draft).unwrap().base_score, Points::whole(1000));
    draft.items.clear();
    assert!(adopt(&frame, &draft).is_ok());
    frame.items.clear();
    frame.locked_items.clear();
    let Err(Refusal::RuleBookInvalid { faults }) = adopt(&frame, &draft) else { panic!("whole") };
    assert_eq!(faults[0].place, "items");
    draft.cycle = None;
    frame.cycle = None;
    let Err(Refusal::RuleBookContradicts { contradictions }) = adopt(&frame, &draft) else {
        panic!("whole")
    };
    assert_eq!(list(&contradictions), ["cycle: setting_missing"]);
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
