//! What is told of tracks and of parts of a score, in a book of persons that has them.

use super::*;
use crate::calendar::CycleKind;
use crate::person::Track;
use crate::points::BasisPoints;
use crate::rule_book::check::reach::score_max;
use crate::rule_book::{
    CapScope, DutySource, Fault, FaultKind, Grade, GradeTable, HouseholdScore, Layer, PointsPolicy,
    Registration, ScorePart, Stack, Subject, TrackRule, Warning, WarningKind,
};

/// The good book for persons, with two tracks; one has grades.
fn persons() -> RuleBook {
    #[derive(serde::Deserialize)]
    struct Persons {
        tracks: Vec<TrackRule>,
    }
    let Persons { tracks } = toml::from_str(include_str!("persons.toml")).unwrap();
    let mut book = RuleBook { subject: Subject::Person, tracks, ..good() };
    for item in &mut book.items {
        item.caps.iter_mut().for_each(|cap| cap.per = CapScope::Account);
        if let Amount::CumulativeTiers(one) = &mut item.amount {
            one.per = CapScope::Account;
        }
    }
    book.items[SWEEP].part = ScorePart::RoleDuty;
    book.items[SWEEP].tracks = [Track::PartyMember].into();
    book
}

type FaultCase = (FaultKind, &'static str, fn(&mut RuleBook));
type WarningCase = (WarningKind, &'static str, fn(&mut RuleBook));

/// Each on the book of persons.
pub(super) const FAULTS: &[FaultCase] = &[
    (FaultKind::TracksOfHouseholds, "tracks", |book| book.subject = Subject::Household),
    (FaultKind::TrackTwice, "tracks[2].track", |book| book.tracks.push(book.tracks[0].clone())),
    (FaultKind::TrackWithoutDuty, "tracks[1].track", |book| {
        book.tracks[1].track = Track::Volunteer;
    }),
    (FaultKind::TrackWithoutDuty, "tracks[1].track", |book| book.tracks[1].track = Track::Elder),
    (FaultKind::Negative, "tracks[1].role_duty_base", |book| {
        book.tracks[1].role_duty_base = Points::from_hundredths(-1);
    }),
    (FaultKind::Negative, "tracks[0].grades[2].from", |book| {
        book.tracks[0].grades.0[2].from = Points::from_hundredths(-1);
    }),
    (FaultKind::GradeOrder, "tracks[0].grades[1]", |book| {
        book.tracks[0].grades.0[1].from = Points::whole(90);
    }),
    (FaultKind::GradeOrder, "tracks[0].grades[1]", |book| {
        book.tracks[0].grades.0[1].grade = Grade::Excellent;
    }),
    (FaultKind::GradeOrder, "tracks[0].grades[2]", |book| {
        book.tracks[0].grades.0[1].grade = Grade::Unqualified;
    }),
    (FaultKind::RoleDutyWithoutTracks, "items[0].part", |book| book.tracks.clear()),
    (FaultKind::HouseholdScoreOfPersons, "household_score", |book| {
        book.household_score = HouseholdScore::Average;
    }),
    (FaultKind::HouseholdScoreOfPersons, "household_score", |book| {
        book.household_score = HouseholdScore::Head;
    }),
];

/// Each on the book of persons.
pub(super) const WARNINGS: &[WarningCase] = &[
    (WarningKind::PartWithoutWeight, "tracks[0].role_duty_bp", |book| {
        book.tracks[0].role_duty_bp = BasisPoints::ZERO;
    }),
    (WarningKind::PartWithoutWeight, "tracks[1].role_duty_bp", |book| {
        book.tracks[1].role_duty_bp = BasisPoints::new(10_000).unwrap();
    }),
    (WarningKind::RoleDutyOfAll, "items[0].tracks", |book| book.items[SWEEP].tracks.clear()),
    (WarningKind::DutyNotRoleDuty, "items[0].part", |book| {
        book.items[SWEEP].duty_source = Some(DutySource::Pledge);
        book.items[SWEEP].part = ScorePart::PersonalCredit;
    }),
];

fn changed_persons(change: impl Fn(&mut RuleBook)) -> RuleBook {
    let mut book = persons();
    change(&mut book);
    book
}

#[test]
fn the_book_of_persons_has_no_fault_and_nothing_to_warn_of() {
    assert_eq!(persons().faults(), []);
    assert_eq!(persons().warnings(), []);
}

#[test]
fn each_fault_of_tracks_is_told_once_with_its_place() {
    for (kind, place, change) in FAULTS {
        let told = changed_persons(change).faults();
        assert_eq!(told, [Fault { place: (*place).into(), kind: *kind }], "{kind:?} at {place}");
    }
}

#[test]
fn each_warning_of_tracks_is_told_once_with_its_place_and_does_not_stop_adoption() {
    for (kind, place, change) in WARNINGS {
        let book = changed_persons(change);
        assert_eq!(book.warnings(), [Warning { place: (*place).into(), kind: *kind }], "{kind:?}");
        assert_eq!(book.faults(), [], "{kind:?} at {place}");
    }
}

#[test]
fn parts_with_the_least_weight_bounds_of_zero_and_tracks_without_grades_are_in_order() {
    let book = changed_persons(|book| {
        book.tracks[0].role_duty_bp = BasisPoints::new(1).unwrap();
        book.tracks[1].role_duty_bp = BasisPoints::new(9_999).unwrap();
        book.tracks[0].role_duty_base = Points::ZERO;
        book.tracks[0].grades.0[2].from = Points::ZERO;
        book.tracks[1].grades = GradeTable::default();
    });
    assert_eq!((book.faults(), book.warnings()), (vec![], vec![]));
}

#[test]
fn a_duty_of_people_whose_track_weighs_no_role_duty_is_personal_credit() {
    let duty = |part, tracks: &[Track]| {
        let book = changed_persons(|book| {
            book.items[SWEEP].duty_source = Some(DutySource::DutyPost);
            (book.items[SWEEP].part, book.items[SWEEP].tracks) =
                (part, tracks.iter().copied().collect());
        });
        (book.faults(), book.warnings())
    };
    let nothing = (vec![], vec![]);
    assert_eq!(duty(ScorePart::RoleDuty, &[Track::PartyMember]), nothing);
    assert_eq!(duty(ScorePart::PersonalCredit, &[Track::Elder, Track::Volunteer]), nothing);
}

#[test]
fn households_may_be_scored_by_any_of_the_three_ways() {
    for way in [HouseholdScore::Sum, HouseholdScore::Average, HouseholdScore::Head] {
        assert_eq!(changed(|book| book.household_score = way).faults(), [], "{way:?}");
    }
}

#[test]
fn a_star_within_reach_of_role_duty_alone_is_not_refused() {
    // Two points of role duty in each of the three months, on whichever base is larger.
    let book = |role_duty_base: i32, from: &str| {
        changed_persons(|book| {
            book.items.truncate(1);
            book.items[0].caps[0].limit = crate::rule_book::CapLimit::Points(Points::whole(2));
            book.tracks[1].role_duty_base = Points::whole(role_duty_base);
            book.stars.0[0].from = from.parse().unwrap();
        })
    };
    assert_eq!(score_max(&book(100, "95")), Some(Points::whole(106)));
    assert_eq!(score_max(&book(40, "95")), Some(Points::whole(66)));
    assert_eq!(book(100, "106").faults(), []);
    let kind = FaultKind::StarUnreachable;
    assert_eq!(
        book(100, "106.01").faults(),
        [Fault { place: "stars[0].from".into(), kind }],
        "one hundredth beyond"
    );
}

#[test]
fn a_layer_that_leaves_subject_and_tracks_to_others_is_not_blamed_for_them() {
    let Layer { tracks, categories, items, name, .. } = persons().into();
    let county = Layer { tracks, name: name.clone(), ..Layer::default() };
    let town = Layer { categories, items, name, ..Layer::default() };
    let stack = Stack { county: Some(&county), town: Some(&town), village: None };
    for level in [crate::place::DivisionLevel::County, crate::place::DivisionLevel::Town] {
        assert_eq!(stack.faults_of(level), [], "{level:?}");
    }
}

fn registered(every: CycleKind, grace_days: u16, claim_days_max: u16) -> RuleBook {
    let registration = Some(Registration { every, grace_days });
    RuleBook { registration, claim_days_max, ..good() }
}

#[test]
fn registration_is_idle_from_as_many_days_of_grace_as_a_deed_may_be_old() {
    let told = |grace_days| registered(CycleKind::Month, grace_days, 60).warnings();
    assert_eq!(told(59), []);
    let warning = |place: &str, kind| [Warning { place: place.into(), kind }];
    let idle = warning("registration.grace_days", WarningKind::RegistrationNeverEnds);
    assert_eq!(told(60), idle);
    // That a period is too long besides needs no word where it never ends.
    assert_eq!(registered(CycleKind::Year, 60, 60).warnings(), idle);
    let days = [CycleKind::Month, CycleKind::Quarter, CycleKind::HalfYear, CycleKind::Year];
    for (every, days) in days.into_iter().zip([31, 92, 184, 366]) {
        assert_eq!(registered(every, 0, days - 1).warnings(), [], "{every:?}");
        let long = warning("registration.every", WarningKind::RegistrationTooLong);
        assert_eq!(registered(every, 0, days - 2).warnings(), long, "{every:?}");
    }
}

#[test]
fn what_is_told_of_registration_is_what_becomes_of_a_deed() {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let age = |book: &RuleBook, on: &str| {
        (book.registration.unwrap().until(day(on)) - day(on)).num_days()
    };
    let idle = registered(CycleKind::Month, 60, 60);
    // Even on the last day of a month, registration ends no sooner than declaring does.
    assert!((1..=31).all(|n| age(&idle, &format!("2027-01-{n:02}")) >= 60));
    assert!(age(&registered(CycleKind::Month, 59, 60), "2027-01-31") < 60);
    assert_eq!(age(&registered(CycleKind::Quarter, 0, 91), "2027-07-01"), 91);
}

#[test]
fn a_year_of_grace_is_the_most() {
    for days in [366, 0] {
        let book = changed(|book| {
            book.registration = Some(Registration { every: CycleKind::Month, grace_days: days });
            book.points_policy = PointsPolicy::YearEndReset { grace_days: days };
        });
        assert_eq!(book.faults(), [], "{days}");
    }
}

#[test]
fn a_notice_of_a_quarter_is_for_claims() {
    assert_eq!(changed(|book| book.claim_way.notice_every = Some(CycleKind::Quarter)).faults(), []);
}
