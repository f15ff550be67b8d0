//! Each fault with its place. The table reaches every kind there is.

use std::collections::BTreeSet;

use super::*;
use crate::calendar::CycleKind;
use crate::points::Fen;
use crate::rule_book::ItemLevel;
use crate::rule_book::{
    Beneficiary, CapPeriod, CapScope, ClaimedBy, Duration, DutySource, Fault, FaultKind, ItemKind,
    PointsPolicy, Registration, Slice, Star, Suspension, Tier,
};

type Case = (FaultKind, &'static str, fn(&mut RuleBook));

const OF_THE_BOOK: &[Case] = &[
    (FaultKind::Text, "name", |book| book.name = "　 ".into()),
    (FaultKind::Text, "categories[0].name", |book| book.categories[0].name = "长".repeat(41)),
    (FaultKind::Negative, "base_score", |book| book.base_score = Points::whole(-1)),
    (FaultKind::NotPositive, "exchange_value_fen", |book| {
        book.exchange_value_fen = Some(Fen::ZERO)
    }),
    (FaultKind::Days, "claim_days_max", |book| book.claim_days_max = 0),
    (FaultKind::Days, "appeal_days_max", |book| book.appeal_days_max = 367),
    (FaultKind::Code, "categories[0].code", |book| {
        book.categories[0].code = "好人".into();
        book.items.iter_mut().for_each(|item| item.category = "order".into());
    }),
    (FaultKind::Duplicate, "categories[2].code", |book| {
        book.categories.push(book.categories[0].clone());
    }),
    (FaultKind::TooMany, "categories", |book| {
        for n in 0..99 {
            let mut another = book.categories[0].clone();
            another.code = format!("another-{n}");
            book.categories.push(another);
        }
    }),
    (FaultKind::Forbidden, "categories[1].name", |book| {
        book.categories[1].name = "信访维稳".into()
    }),
    (FaultKind::ItemCount, "items", |book| book.items.clear()),
    (FaultKind::ItemCount, "items", |book| {
        for n in 0..RuleBook::ITEMS_MAX {
            let mut another = book.items[DUMP].clone();
            another.code = format!("another-{n}");
            book.items.push(another);
        }
    }),
    (FaultKind::Stages, "claim_way.stages", |book| book.claim_way.stages.clear()),
    (FaultKind::Stages, "rating_way.stages", |book| {
        let stage = book.rating_way.stages[0].clone();
        book.rating_way.stages = vec![stage; 7];
    }),
    (FaultKind::Days, "claim_way.notice_days", |book| book.claim_way.notice_days = 61),
    (FaultKind::Text, "claim_way.stages[0].name", |book| book.claim_way.stages[0].name.clear()),
    (FaultKind::Quorum, "claim_way.stages[0].quorum", |book| book.claim_way.stages[0].quorum = 0),
    (FaultKind::Quorum, "rating_way.stages[0].quorum", |book| {
        book.rating_way.stages[0].quorum = 51;
    }),
    (FaultKind::Days, "claim_way.stages[0].working_days_max", |book| {
        book.claim_way.stages[0].working_days_max = 0;
    }),
    (FaultKind::LevelWithoutStage, "items[0].level", |book| {
        for stage in &mut book.claim_way.stages {
            stage.levels = [ItemLevel::Village].into();
        }
        book.items[0].level = ItemLevel::Shared;
    }),
    (FaultKind::LevelsMisplaced, "rating_way.stages[0].levels", |book| {
        book.rating_way.stages[0].levels = [ItemLevel::Village].into();
    }),
    (FaultKind::NoticePeriodMisplaced, "rating_way.notice_every", |book| {
        book.rating_way.notice_every = Some(CycleKind::Quarter);
    }),
    (FaultKind::Days, "registration.grace_days", |book| {
        book.registration = Some(Registration { every: CycleKind::Month, grace_days: 367 });
    }),
    (FaultKind::Days, "points_policy.grace_days", |book| {
        book.points_policy = PointsPolicy::YearEndReset { grace_days: 367 };
    }),
    (FaultKind::StarOrder, "stars[1]", |book| book.stars.0[1].from = Points::whole(95)),
    (FaultKind::StarOrder, "stars[2]", |book| {
        book.stars.0[2].stars = Star::new(2).unwrap();
        book.items[GAMBLE].grade = Some(Star::NONE);
    }),
    (FaultKind::StarGap, "stars[1]", |book| {
        book.stars.0.remove(1);
    }),
    (FaultKind::StarZero, "stars[3].stars", |book| {
        let mut none = book.stars.0[2];
        (none.stars, none.from) = (Star::NONE, Points::whole(20));
        book.stars.0.push(none);
    }),
    (FaultKind::Negative, "stars[0].star_credit_fen", |book| {
        book.stars.0[0].star_credit_fen = Fen::new(-1);
    }),
    (FaultKind::StarUnreachable, "stars[0].from", |book| {
        book.items = vec![book.items[SWEEP].clone()];
        book.stars.0[0].from = Points::from_hundredths(8_401);
    }),
];

const OF_AMOUNTS: &[Case] = &[
    (FaultKind::NotPositive, "items[0].amount", |book| book.items[SWEEP].amount = fixed(0)),
    (FaultKind::Text, "items[1].amount.unit", |book| {
        book.items[LABOUR].amount = per_unit(" ", 1, 1, 4);
    }),
    (FaultKind::UnitWithoutQuantity, "items[1].amount.each", |book| {
        book.items[LABOUR].amount = per_unit("小时", 0, 1, 4);
    }),
    (FaultKind::OutOfReach, "items[1].amount.each", |book| {
        book.items[LABOUR].amount = per_unit("小时", Amount::QUANTITY_MAX + 1, 1, 4);
    }),
    (FaultKind::NotPositive, "items[1].amount.points", |book| {
        book.items[LABOUR].amount = per_unit("小时", 1, 0, 4);
    }),
    (FaultKind::MaximumTooSmall, "items[1].amount.points_max", |book| {
        book.items[LABOUR].amount = per_unit("小时", 1, 5, 4);
    }),
    (FaultKind::NoOptions, "items[2].amount", |book| options(&mut book.items[HONOUR]).clear()),
    (FaultKind::TooMany, "items[2].amount.options", |book| {
        let options = options(&mut book.items[HONOUR]);
        for n in 0..48 {
            let mut another = options[0].clone();
            another.code = format!("another-{n}");
            options.push(another);
        }
    }),
    (FaultKind::Code, "items[2].amount.options[0].code", |book| {
        options(&mut book.items[HONOUR])[0].code = String::new();
    }),
    (FaultKind::Duplicate, "items[2].amount.options[1].code", |book| {
        options(&mut book.items[HONOUR])[1].code = "village".into();
    }),
    (FaultKind::Text, "items[2].amount.options[1].name", |book| {
        options(&mut book.items[HONOUR])[1].name = String::new();
    }),
    (FaultKind::NotPositive, "items[2].amount.options[1].points", |book| {
        options(&mut book.items[HONOUR])[1].points = Points::whole(-5);
    }),
    (FaultKind::Years, "items[2].amount.options[2].duration.years", |book| {
        options(&mut book.items[HONOUR])[2].duration = Some(Duration::Years { years: 101 });
    }),
    (FaultKind::Forbidden, "items[2].amount.options[0].name", |book| {
        options(&mut book.items[HONOUR])[0].name = "全年无人上访".into();
    }),
    (FaultKind::NoTiers, "items[3].amount.tiers", |book| {
        cumulative(&mut book.items[HOURS]).tiers.clear();
    }),
    (FaultKind::TooMany, "items[3].amount.tiers", |book| {
        cumulative(&mut book.items[HOURS]).tiers =
            (0..51).map(|n| Tier { from: 60 + n, points: Points::whole(11 + n as i32) }).collect();
    }),
    (FaultKind::Text, "items[5].amount.unit", |book| {
        marginal(&mut book.items[DONATION]).unit = String::new();
    }),
    (FaultKind::Code, "items[3].amount.tally", |book| {
        for n in [HOURS, HOURS_COUNTY] {
            cumulative(&mut book.items[n]).tally = Some("hours".into());
        }
        cumulative(&mut book.items[HOURS]).tally = Some("小时".into());
    }),
    (FaultKind::UnitWithoutQuantity, "items[3].amount.tiers[0].from", |book| {
        cumulative(&mut book.items[HOURS]).tiers[0].from = 0;
    }),
    (FaultKind::NotPositive, "items[3].amount.tiers[0].points", |book| {
        cumulative(&mut book.items[HOURS]).tiers[0].points = Points::ZERO;
    }),
    (FaultKind::TiersOverlap, "items[3].amount.tiers[1]", |book| {
        cumulative(&mut book.items[HOURS]).tiers[1].from = 4;
        cumulative(&mut book.items[HOURS]).tiers[1].points = Points::from_hundredths(150);
    }),
    (FaultKind::TallyDiffers, "items[4].amount.unit", |book| {
        cumulative(&mut book.items[HOURS_COUNTY]).unit = "次".into();
    }),
    (FaultKind::TallyDiffers, "items[4].amount.per", |book| {
        cumulative(&mut book.items[HOURS_COUNTY]).per = CapScope::Account;
    }),
    (FaultKind::TallyDiffers, "items[4].amount.period", |book| {
        cumulative(&mut book.items[HOURS_COUNTY]).period = CapPeriod::Quarter;
    }),
    (FaultKind::TallyContradicts, "items[4].amount.tiers[0]", |book| {
        cumulative(&mut book.items[HOURS_COUNTY]).tiers[0].from = 4;
    }),
    (FaultKind::TallyContradicts, "items[4].amount.tiers[1]", |book| {
        cumulative(&mut book.items[HOURS_COUNTY]).tiers[1].points = Points::whole(6);
    }),
    (FaultKind::NoTiers, "items[5].amount.tiers", |book| {
        marginal(&mut book.items[DONATION]).tiers.clear();
    }),
    (FaultKind::TooMany, "items[5].amount.tiers", |book| {
        let slice = marginal(&mut book.items[DONATION]).tiers[0];
        marginal(&mut book.items[DONATION]).tiers =
            (1..52).map(|n| Slice { up_to: Some(n * 1_000), ..slice }).collect();
    }),
    (FaultKind::UnitWithoutQuantity, "items[5].amount.tiers[1].each", |book| {
        marginal(&mut book.items[DONATION]).tiers[1].each = 0;
    }),
    (FaultKind::NotPositive, "items[5].amount.tiers[1].points", |book| {
        marginal(&mut book.items[DONATION]).tiers[1].points = Points::ZERO;
    }),
    (FaultKind::MaximumTooSmall, "items[5].amount.tiers[0].points_max", |book| {
        marginal(&mut book.items[DONATION]).tiers[0].points_max = Points::from_hundredths(99);
    }),
    (FaultKind::TiersOverlap, "items[5].amount.tiers[1]", |book| {
        marginal(&mut book.items[DONATION]).tiers[1].up_to = Some(1_000);
    }),
    (FaultKind::TiersOverlap, "items[5].amount.tiers[0]", |book| {
        marginal(&mut book.items[DONATION]).tiers[0].up_to = None;
    }),
    (FaultKind::OutOfReach, "items[5].amount.tiers[0]", |book| {
        marginal(&mut book.items[DONATION]).tiers[0].up_to = Some(99);
    }),
    (FaultKind::OutOfReach, "items[5].amount.tiers[1]", |book| {
        marginal(&mut book.items[DONATION]).tiers[0].up_to = Some(Amount::QUANTITY_MAX);
    }),
    (FaultKind::RangeEmpty, "items[6].amount", |book| book.items[BRAVERY].amount = range(5, 5)),
    (FaultKind::RangeEmpty, "items[6].amount", |book| book.items[BRAVERY].amount = range(0, 5)),
];

const OF_ITEMS: &[Case] = &[
    (FaultKind::Code, "items[0].code", |book| book.items[SWEEP].code = "扫".into()),
    (FaultKind::Duplicate, "items[1].code", |book| book.items[LABOUR].code = "SWEEP".into()),
    (FaultKind::UnknownCategory, "items[0].category", |book| {
        book.items[SWEEP].category = "Good".into();
    }),
    (FaultKind::Text, "items[0].name", |book| book.items[SWEEP].name = "长".repeat(61)),
    (FaultKind::Forbidden, "items[0].name", |book| book.items[SWEEP].name = "息访罢诉".into()),
    (FaultKind::Forbidden, "items[7].cure", |book| {
        book.items[DUMP].cure = Some("写保证书,不再上访".into());
    }),
    (FaultKind::NobodyMayClaim, "items[0].claimed_by", |book| {
        book.items[SWEEP].claimed_by.clear();
    }),
    (FaultKind::DeductionByVillager, "items[7].claimed_by", |book| {
        book.items[DUMP].claimed_by.insert(ClaimedBy::Villager);
    }),
    (FaultKind::DeductionByVillager, "items[9].claimed_by", |book| {
        book.items[GAMBLE].claimed_by.insert(ClaimedBy::Villager);
    }),
    (FaultKind::DeductionBySystem, "items[10].claimed_by", |book| {
        book.items[FRAUD].claimed_by.insert(ClaimedBy::System);
    }),
    (FaultKind::NoCure, "items[7].cure", |book| book.items[DUMP].cure = None),
    (FaultKind::NoCure, "items[9].cure", |book| book.items[GAMBLE].cure_days = Some(0)),
    (FaultKind::NoCure, "items[10].cure", |book| book.items[FRAUD].cure_days = None),
    (FaultKind::Text, "items[7].cure", |book| book.items[DUMP].cure = Some("长".repeat(201))),
    (FaultKind::CureMisplaced, "items[0].cure", |book| book.items[SWEEP].cure_days = Some(7)),
    (FaultKind::TooMany, "items[0].caps", |book| {
        let caps = &mut book.items[SWEEP].caps;
        *caps = ["day", "week", "month", "quarter", "year", "cycle"]
            .iter()
            .flat_map(|period| {
                ["account", "member"].map(|per| {
                    cap(&format!("per = '{per}'\nperiod = '{period}'\nlimit = {{ count = 1 }}"))
                })
            })
            .take(11)
            .collect();
    }),
    (FaultKind::NotPositive, "items[0].caps[0]", |book| {
        book.items[SWEEP].caps[0].limit = crate::rule_book::CapLimit::Count(0);
    }),
    (FaultKind::NotPositive, "items[6].caps[0]", |book| {
        book.items[BRAVERY].caps[0].limit = crate::rule_book::CapLimit::Points(Points::ZERO);
    }),
    (FaultKind::CapBelowAmount, "items[0].caps[0]", |book| {
        book.items[SWEEP].caps[0].limit =
            crate::rule_book::CapLimit::Points(Points::from_hundredths(199));
    }),
    (FaultKind::CapBelowAmount, "items[6].caps[0]", |book| {
        book.items[BRAVERY].caps[0].limit = crate::rule_book::CapLimit::Points(Points::whole(4));
    }),
    (FaultKind::DuplicateCap, "items[0].caps[1]", |book| {
        let mut another = book.items[SWEEP].caps[0];
        another.limit = crate::rule_book::CapLimit::Count(9);
        book.items[SWEEP].caps.push(another);
    }),
    (FaultKind::RelationsMissing, "items[11].beneficiary.relations", |book| {
        book.items[BURIAL].beneficiary = Beneficiary::Relative { relations: BTreeSet::new() };
    }),
    (FaultKind::RelativeBlamed, "items[7].beneficiary", |book| {
        book.items[DUMP].beneficiary = book.items[BURIAL].beneficiary.clone();
    }),
    (FaultKind::DutyOfRelative, "items[11].duty_source", |book| {
        book.items[BURIAL].duty_source = Some(DutySource::DutyPost);
    }),
    (FaultKind::Code, "items[0].exclusive", |book| {
        book.items[SWEEP].exclusive = Some("一组".into());
    }),
    (FaultKind::ExclusiveTiers, "items[3].exclusive", |book| {
        book.items[HOURS].exclusive = Some("hours".into());
    }),
    (FaultKind::DoublingMisplaced, "items[0].repeat_doubles", |book| {
        book.items[SWEEP].repeat_doubles = true;
    }),
    (FaultKind::DoublingMisplaced, "items[9].repeat_doubles", |book| {
        book.items[GAMBLE].repeat_doubles = true;
    }),
    (FaultKind::ExtensionMisplaced, "items[0].extends_until_corrected", |book| {
        book.items[SWEEP].extends_until_corrected = true;
    }),
    (FaultKind::Years, "items[0].duration.years", |book| {
        book.items[SWEEP].duration = Duration::Years { years: 0 };
    }),
    (FaultKind::Years, "items[7].duration.years_above", |book| {
        book.items[DUMP].duration =
            Duration::ByPoints { up_to: Points::whole(1), years: 1, years_above: 101 };
    }),
    (FaultKind::NotPositive, "items[7].duration.up_to", |book| {
        book.items[DUMP].duration =
            Duration::ByPoints { up_to: Points::ZERO, years: 1, years_above: 2 };
    }),
    (FaultKind::GradeMissing, "items[9].grade", |book| book.items[GAMBLE].grade = None),
    (FaultKind::GradeMisplaced, "items[7].grade", |book| {
        book.items[DUMP].grade = Some(Star::NONE);
    }),
    (FaultKind::GradeUnknown, "items[9].grade", |book| {
        book.items[GAMBLE].grade = Star::new(4);
    }),
    (FaultKind::GradeHighest, "items[9].grade", |book| book.items[GAMBLE].grade = Star::new(3)),
    (FaultKind::SuspensionMissing, "items[10].suspends", |book| {
        book.items[FRAUD].suspends = None;
    }),
    (FaultKind::SuspensionMisplaced, "items[7].suspends", |book| {
        book.items[DUMP].suspends = Some(Suspension { further_years: 0 });
    }),
    (FaultKind::Years, "items[10].suspends.further_years", |book| {
        book.items[FRAUD].suspends = Some(Suspension { further_years: 101 });
    }),
];

#[test]
fn the_good_book_has_no_fault() {
    assert_eq!(good().faults(), []);
    assert_eq!(good().forbidden(), []);
}

#[test]
fn each_fault_is_told_once_with_its_place() {
    for (kind, place, change) in [OF_THE_BOOK, OF_AMOUNTS, OF_ITEMS].concat() {
        let told = changed(change).faults();
        assert_eq!(told, [Fault { place: place.into(), kind }], "{kind:?} at {place}");
    }
}

#[test]
fn a_tally_is_of_one_kind_only() {
    let book = changed(|book| {
        let cure = book.items[DUMP].clone();
        let item = &mut book.items[HOURS_COUNTY];
        item.kind = ItemKind::Deduction;
        item.claimed_by = cure.claimed_by;
        (item.cure, item.cure_days) = (cure.cure, cure.cure_days);
    });
    let kind = FaultKind::TallyDiffers;
    assert_eq!(book.faults(), [Fault { place: "items[4].kind".into(), kind }]);
}

#[test]
fn every_kind_of_fault_is_reached() {
    let cases = [OF_THE_BOOK, OF_AMOUNTS, OF_ITEMS, tracks::FAULTS].concat();
    let mut reached: BTreeSet<_> = cases.iter().map(|(kind, ..)| *kind).collect();
    // Of one book after another: `a_cycle_is_not_cut_in_two_by_a_frame_that_changes_its_length`.
    reached.insert(FaultKind::CycleCut);
    let missing: Vec<_> = FaultKind::ALL.iter().filter(|kind| !reached.contains(kind)).collect();
    assert!(missing.is_empty(), "no test reaches {missing:?}");
}

#[test]
fn names_of_faults_are_those_in_json_and_stand_once() {
    #[derive(serde::Serialize)]
    struct Kinds {
        kinds: &'static [FaultKind],
    }
    let names: Vec<_> =
        FaultKind::ALL.iter().map(|kind| format!("\"{}\"", kind.as_str())).collect();
    let written = toml::to_string(&Kinds { kinds: FaultKind::ALL }).unwrap();
    assert_eq!(written.trim(), format!("kinds = [{}]", names.join(", ")));
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn a_layer_that_leaves_stars_categories_and_items_to_others_is_not_blamed_for_them() {
    let layer = changed(|book| {
        book.stars.0.clear();
        book.categories.clear();
        book.base_score = Points::ZERO;
    });
    let told = layer.faults();
    assert!(!told.is_empty() && told.iter().all(|fault| fault.kind.is_of_whole_book()), "{told:?}");
    let few_items = changed(|book| {
        book.items.truncate(1);
        book.base_score = Points::ZERO;
    });
    let told = few_items.faults();
    assert!(!told.is_empty() && told.iter().all(|fault| fault.kind.is_of_whole_book()), "{told:?}");
}

#[test]
fn a_veto_may_take_nothing_and_a_direct_grade_may_take_every_star() {
    let book = changed(|book| {
        book.items[FRAUD].amount = fixed(30);
        book.items[FRAUD].suspends = Some(Suspension { further_years: 0 });
        book.items[GAMBLE].grade = Some(Star::NONE);
    });
    assert_eq!(book.faults(), []);
    let nothing_taken = changed(|book| book.items[GAMBLE].amount = fixed(0));
    assert_eq!(nothing_taken.faults()[0].kind, FaultKind::NotPositive);
}
