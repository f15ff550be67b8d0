//! Each warning with its place. The table reaches every kind there is.

use std::collections::BTreeSet;

use super::*;
use crate::calendar::CycleKind;
use crate::points::Fen;
use crate::rule_book::{
    CapLimit, ClaimedBy, Duration, EvidenceNeed, Registration, Star, StarTable, Subject, Warning,
    WarningKind,
};

type Case = (WarningKind, &'static str, fn(&mut RuleBook));

const CASES: &[Case] = &[
    (WarningKind::BaseBelowStars, "base_score", |book| book.base_score = Points::whole(59)),
    (WarningKind::BaseHasTopStar, "base_score", |book| book.base_score = Points::whole(95)),
    (WarningKind::NoStars, "stars", |book| {
        book.stars = StarTable(Vec::new());
        book.items[GAMBLE].grade = Some(Star::NONE);
    }),
    (WarningKind::StarBringsLess, "stars[0]", |book| book.stars.0[0].star_credit_fen = Fen::ZERO),
    (WarningKind::StarBringsLess, "stars[1]", |book| {
        book.stars.0[1].discount_bp = crate::points::BasisPoints::new(199).unwrap();
    }),
    (WarningKind::NoNotice, "claim_way.notice_days", |book| book.claim_way.notice_days = 0),
    (WarningKind::NoNotice, "rating_way.notice_days", |book| book.rating_way.notice_days = 0),
    (WarningKind::CategoryUnused, "categories[2]", |book| {
        let mut third = book.categories[0].clone();
        third.code = "third".into();
        book.categories.push(third);
    }),
    (WarningKind::CodeAlike, "categories[1].code", |book| {
        book.categories[1].code = "GOOD".into();
        for item in book.items.iter_mut().filter(|item| item.category == "order") {
            item.category = "GOOD".into();
        }
    }),
    (WarningKind::CodeAlike, "items[1].code", |book| book.items[LABOUR].code = "Sweep".into()),
    (WarningKind::CodeAlike, "items[2].amount.options[1].code", |book| {
        options(&mut book.items[HONOUR])[1].code = "Village".into();
    }),
    (WarningKind::NameTwice, "items[1].name", |book| book.items[LABOUR].name = "清扫村道".into()),
    (WarningKind::NameTwice, "items[2].amount.options[1].name", |book| {
        options(&mut book.items[HONOUR])[1].name = "村级".into();
    }),
    (WarningKind::NoEvidence, "items[0].evidence", |book| {
        book.items[SWEEP].evidence = EvidenceNeed::None;
    }),
    (WarningKind::NoEvidence, "items[9].evidence", |book| {
        book.items[GAMBLE].evidence = EvidenceNeed::None;
    }),
    (WarningKind::NoEvidence, "items[3].evidence", |book| {
        book.items[HOURS].claimed_by.insert(ClaimedBy::Villager);
    }),
    (WarningKind::NoCap, "items[0].caps", |book| book.items[SWEEP].caps.clear()),
    (WarningKind::UnitUnclear, "items[1].amount.unit", |book| {
        book.items[LABOUR].amount = per_unit("10小时", 1, 1, 4);
    }),
    (WarningKind::UnitUnclear, "items[3].amount.unit", |book| {
        cumulative(&mut book.items[HOURS]).unit = "每小时".into();
        cumulative(&mut book.items[HOURS]).tally = None;
        cumulative(&mut book.items[HOURS_COUNTY]).tally = None;
    }),
    (WarningKind::UnitUnclear, "items[5].amount.unit", |book| {
        marginal(&mut book.items[DONATION]).unit = "百元".into();
    }),
    (WarningKind::OptionsUnordered, "items[2].amount.options[2].points", |book| {
        options(&mut book.items[HONOUR])[2].points = Points::whole(4);
    }),
    (WarningKind::AmountAboveCap, "items[6].caps[0]", |book| {
        book.items[BRAVERY].caps[0].limit = CapLimit::Points(Points::whole(19));
    }),
    (WarningKind::CapNeverCuts, "items[1].caps[0]", |book| {
        book.items[LABOUR].caps[0].limit = CapLimit::Points(Points::whole(40));
    }),
    (WarningKind::CapNeverCuts, "items[0].caps[1]", |book| {
        book.items[SWEEP].caps.push(cap("per = 'member'\nperiod = 'day'\nlimit = { count = 4 }"));
    }),
    (WarningKind::CapNeverCuts, "items[6].caps[1]", |book| {
        let more = "per = 'account'\nperiod = 'quarter'\nlimit = { points = '20' }";
        book.items[BRAVERY].caps.push(cap(more));
    }),
    (WarningKind::CureShort, "items[7].cure_days", |book| book.items[DUMP].cure_days = Some(6)),
    (WarningKind::DurationFalls, "items[7].duration", |book| {
        book.items[DUMP].duration =
            Duration::ByPoints { up_to: Points::whole(40), years: 2, years_above: 1 };
    }),
    (WarningKind::DurationFalls, "items[2].amount.options[0].duration", |book| {
        options(&mut book.items[HONOUR])[0].duration =
            Some(Duration::ByPoints { up_to: Points::whole(40), years: 2, years_above: 1 });
    }),
    (WarningKind::GradeRunsOut, "items[9].extends_until_corrected", |book| {
        book.items[GAMBLE].extends_until_corrected = false;
    }),
    (WarningKind::ExclusiveAlone, "items[0].exclusive", |book| {
        // The others of the group are deductions.
        book.items[SWEEP].exclusive = Some("dumping".into());
    }),
    (WarningKind::TallyAlone, "items[4].amount.tally", |book| {
        cumulative(&mut book.items[HOURS]).tally = None;
    }),
    (WarningKind::RegistrationNeverEnds, "registration.grace_days", |book| {
        book.registration = Some(Registration { every: CycleKind::Month, grace_days: 90 });
    }),
    (WarningKind::RegistrationTooLong, "registration.every", |book| {
        book.registration = Some(Registration { every: CycleKind::Quarter, grace_days: 0 });
    }),
];

#[test]
fn the_good_book_gives_nothing_to_warn_of() {
    assert_eq!(good().warnings(), []);
}

#[test]
fn each_warning_is_told_once_with_its_place_and_does_not_stop_adoption() {
    for (kind, place, change) in CASES {
        let book = changed(change);
        assert_eq!(book.warnings(), [Warning { place: (*place).into(), kind: *kind }], "{kind:?}");
        assert_eq!(book.faults(), [], "{kind:?} at {place}");
    }
}

#[test]
fn every_kind_of_warning_is_reached() {
    let cases = CASES.iter().chain(tracks::WARNINGS);
    let mut reached: BTreeSet<_> = cases.map(|(kind, ..)| *kind).collect();
    // In a book of persons every "per member" is told.
    let persons = changed(|book| book.subject = Subject::Person).warnings();
    let places: Vec<_> = persons.iter().map(|one| (one.kind, one.place.as_str())).collect();
    let member = WarningKind::MemberIsAccount;
    assert_eq!(
        places,
        [
            (member, "items[1].caps[0].per"),
            (member, "items[3].amount.per"),
            (member, "items[4].amount.per")
        ]
    );
    reached.insert(member);
    let missing: Vec<_> = WarningKind::ALL.iter().filter(|kind| !reached.contains(kind)).collect();
    assert!(missing.is_empty(), "no test reaches {missing:?}");
}

#[test]
fn names_of_warnings_are_those_in_json() {
    #[derive(serde::Serialize)]
    struct Kinds {
        kinds: &'static [WarningKind],
    }
    let names: Vec<_> =
        WarningKind::ALL.iter().map(|kind| format!("\"{}\"", kind.as_str())).collect();
    let written = toml::to_string(&Kinds { kinds: WarningKind::ALL }).unwrap();
    assert_eq!(written.trim(), format!("kinds = [{}]", names.join(", ")));
}

#[test]
fn plain_units_and_a_base_of_nothing_are_clear() {
    for unit in ["次", "元", "小时", "人次", "亩", "千米", "千克"] {
        let book = changed(|book| book.items[LABOUR].amount = per_unit(unit, 10, 1, 4));
        assert_eq!(book.warnings(), [], "{unit}");
    }
    for unit in ["100元", "１０元", "每次", "元/户", "万元"] {
        let book = changed(|book| book.items[LABOUR].amount = per_unit(unit, 1, 1, 4));
        assert_eq!(book.warnings()[0].kind, WarningKind::UnitUnclear, "{unit}");
    }
    assert_eq!(changed(|book| book.base_score = Points::ZERO).warnings(), []);
}

#[test]
fn options_may_be_listed_from_high_to_low() {
    let book = changed(|book| options(&mut book.items[HONOUR]).reverse());
    assert_eq!(book.warnings(), []);
}

#[test]
fn of_two_honours_of_a_day_the_higher_counts_also_in_a_group_of_one_item() {
    let book = changed(|book| book.items[HONOUR].exclusive = Some("honours".into()));
    assert_eq!(book.warnings(), []);
}

#[test]
fn a_week_that_lies_in_two_months_is_not_idle() {
    let book = changed(|book| {
        book.items[SWEEP].caps.push(cap("per = 'account'\nperiod = 'week'\nlimit = { count = 4 }"));
    });
    assert_eq!(book.warnings(), []);
}
