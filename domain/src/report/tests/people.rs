//! Whom a report is about, who looks, and what comes of it.

use super::*;
use crate::policy::{Action, Target, permits};
use crate::report::party::{ANSWERS_A_DAY_MAX, Agrees, is_named, without_name};
use crate::report::sight::may_see_reporter;

#[test]
fn triage_says_who_is_shown_or_that_nobody_is() {
    let accept = |kind, parties: &[Party], nobody_shown| {
        let decision = Triage::Accept { parties, nobody_shown };
        let calendar = WorkingCalendar::default();
        sent(kind).triage(&admin(), &place(), bonds(&[]), decision, &calendar, now()).map(|_| ())
    };
    let (praised, shown) = (party(CONCERNED, Part::Praised), party(5, Part::Shown));
    assert_eq!(accept(Kind::GoodDeed, &[], false), Err(Refusal::ShownMissing));
    assert_eq!(accept(Kind::GoodDeed, &[praised], true), Err(Refusal::ShownMissing));
    assert_eq!(accept(Kind::GoodDeed, &[], true), Ok(()));
    assert_eq!(accept(Kind::GoodDeed, &[praised, shown], false), Ok(()));
    assert_eq!(accept(Kind::GoodDeed, &[praised, praised], false), Err(Refusal::PartiesInvalid));
    let concerned = party(5, Part::Concerned);
    assert_eq!(accept(Kind::GoodDeed, &[concerned], false), Err(Refusal::PartiesInvalid));
    assert_eq!(accept(Kind::Nuisance, &[concerned], false), Ok(()));
    assert_eq!(accept(Kind::Nuisance, &[shown], false), Err(Refusal::PartiesInvalid));
}

#[test]
fn nobody_is_in_the_feed_who_did_not_agree() {
    let asked = [party(CONCERNED, Part::Praised), party(5, Part::Shown)];
    let report = accepted(Kind::GoodDeed, &asked).unwrap();
    let agreed = asked.map(|one| Party { consent: Consent::Agreed, ..one });
    assert!(report.is_in_feed(true, &agreed));
    assert!(!report.is_in_feed(false, &agreed), "not before the check");
    assert!(!report.is_in_feed(true, &asked), "silence is no consent");
    assert!(!report.is_in_feed(true, &[agreed[0], asked[1]]));
    let refused = Party { consent: Consent::Refused, ..agreed[1] };
    assert!(!report.is_in_feed(true, &[agreed[0], refused]));
    assert!(accepted(Kind::GoodDeed, &[]).unwrap().is_in_feed(true, &[]), "nobody to ask");
    assert!(!accepted(Kind::Nuisance, &[]).unwrap().is_in_feed(true, &[]));
    assert!(!sent(Kind::GoodDeed).is_in_feed(true, &[]), "not before triage");
}

#[test]
fn a_person_answers_for_themselves_and_the_household_for_who_cannot() {
    let asked = party(CONCERNED, Part::Praised);
    let oneself = actor(CONCERNED, None);
    let mut spouse = oneself.clone();
    spouse.membership.as_mut().unwrap().villager = VillagerId(id(777));
    let answer = |party: Party, by: &Actor| {
        party.answered(by, &place(), Agrees::Yes, 0).map(|party| party.consent)
    };
    assert_eq!(answer(asked, &oneself), Ok(Consent::Agreed));
    assert_eq!(answer(asked, &spouse), Err(Refusal::NotFound));
    assert_eq!(answer(Party { answers: false, ..asked }, &spouse), Ok(Consent::Agreed));
    assert_eq!(answer(asked, &admin()), Err(Refusal::NotFound));
    let concerned = Party { part: Part::Concerned, ..asked };
    assert_eq!(answer(concerned, &oneself), Err(Refusal::NotFound));
    let no = asked.answered(&oneself, &place(), Agrees::No, 0).unwrap();
    assert_eq!(no.consent, Consent::Refused);
}

#[test]
fn who_changes_their_mind_too_often_waits_to_agree_and_never_to_refuse() {
    let (oneself, asked) = (actor(CONCERNED, None), party(CONCERNED, Part::Praised));
    let answer = |consent, agrees, today| {
        let party = Party { consent, ..asked };
        party.answered(&oneself, &place(), agrees, today).map(|party| party.consent)
    };
    let a_day_max = ANSWERS_A_DAY_MAX;
    let often = Err(Refusal::ShowingTooMany { a_day_max });
    assert_eq!(answer(Consent::Refused, Agrees::Yes, a_day_max - 1), Ok(Consent::Agreed));
    assert_eq!(answer(Consent::Refused, Agrees::Yes, a_day_max), often);
    assert_eq!(answer(Consent::Agreed, Agrees::No, 999), Ok(Consent::Refused));
    assert_eq!(answer(Consent::Agreed, Agrees::Yes, 999), Ok(Consent::Agreed), "nothing changes");
}

#[test]
fn nobody_is_named_among_the_good_deeds_before_the_day_they_come_of_age() {
    let day = |text: &str| text.parse().unwrap();
    assert!(!is_named(Some(day("2008-10-13")), day("2026-10-12")));
    assert!(is_named(Some(day("2008-10-12")), day("2026-10-12")));
    assert!(!is_named(None, day("2026-10-12")), "an unknown age may be a child's");
    assert_eq!(without_name("李小燕和李小燕的狗", "李小燕"), "某某和某某的狗");
    assert_eq!(without_name("路面", ""), "路面");
}

/// As what a household that is praised, or concerned, looks.
fn at_home(part: Part) -> View {
    let one = actor(CONCERNED, None);
    let target = Target::household(place(), party(CONCERNED, part).household);
    View::Party(part, permits(&one, Action::ReportShow, &target).next().unwrap())
}

#[test]
fn whom_it_is_about_reads_no_note_of_officers_and_no_word_of_whoever_reported() {
    let desk = may_see(&admin(), &place(), &dispatched(&[]), reporter().user, &[], true).unwrap();
    let (concerned, praised) = (at_home(Part::Concerned), at_home(Part::Praised));
    for view in [concerned, praised, View::Reporter] {
        assert!(view.sees_event(Event::Dispatched));
        assert!(!view.reads_words_of(Event::Dispatched, "village_admin"), "{view:?}");
        assert!(view.reads_words_of(Event::Cured, "grid_worker"), "{view:?}");
    }
    for view in [concerned, praised] {
        assert!(!view.sees_event(Event::ReporterSeen), "{view:?}");
        assert!(!view.reads_words_of(Event::ReporterSeen, "village_admin"));
        assert!(!view.reads_words_of(Event::Reopened, "reporter"));
    }
    assert!(View::Reporter.sees_event(Event::ReporterSeen), "they know that they were asked for");
    assert!(View::Reporter.reads_words_of(Event::ReporterSeen, "village_admin"));
    assert!(View::Reporter.reads_words_of(Event::Reopened, "reporter"));
    for event in Event::ALL {
        assert!(desk.sees_event(*event) && desk.reads_words_of(*event, "reporter"), "{event:?}");
    }
    assert!(!concerned.reads_reporters_comments());
    assert!([praised, desk, View::Reporter].iter().all(|view| view.reads_reporters_comments()));
}

#[test]
fn a_list_shows_no_more_of_a_report_about_the_own_household_than_the_report_does() {
    let parties = [party(ADMIN, Part::Concerned)];
    let taken_on = dispatched(&[]);
    let reads =
        |report: &Report, by: &Actor, checked| report.is_read_in_list(by, &parties, checked, true);
    assert!(!reads(&taken_on, &admin(), false), "not before the check");
    assert!(reads(&taken_on, &admin(), true));
    assert!(!reads(&sent(Kind::Nuisance), &admin(), true), "not before triage took it on");
    let other = actor(9, Some(Role::VillageAdmin));
    assert!(reads(&taken_on, &other, false) && reads(&sent(Kind::Nuisance), &other, false));
    let above = actor(9, Some(Role::Supervisor));
    assert!(!taken_on.is_read_in_list(&above, &parties, false, false));
    assert!(taken_on.is_read_in_list(&above, &parties, true, false));
}

#[test]
fn who_looks_sees_what_they_need_and_whoever_reported_it_stays_apart() {
    let parties = [party(CONCERNED, Part::Concerned)];
    let report = dispatched(&parties);
    let see =
        |by: &Actor, checked| may_see(by, &place(), &report, reporter().user, &parties, checked);
    assert_eq!(see(&reporter(), false), Ok(View::Reporter));
    assert!(matches!(see(&admin(), false), Ok(View::Desk(_))));
    assert!(matches!(see(&worker(), false), Ok(View::Worker(_))));
    assert_eq!(see(&actor(9, Some(Role::GridWorker)), true), Err(Refusal::NotFound));
    assert_eq!(see(&actor(9, None), true), Err(Refusal::NotFound));
    let concerned = actor(CONCERNED, Some(Role::VillageAdmin));
    assert!(matches!(see(&concerned, true), Ok(View::Party(Part::Concerned, _))));
    assert_eq!(see(&concerned, false), Err(Refusal::NotFound), "not before the check");
    let above = Actor { membership: None, ..actor(9, Some(Role::Supervisor)) };
    assert!(matches!(see(&above, false), Ok(View::Above(_))));
    let look =
        |by: &Actor, reason| may_see_reporter(by, &place(), &report, bonds(&parties), reason);
    assert!(look(&admin(), "核实情况").is_ok());
    assert_eq!(look(&admin(), " "), Err(Refusal::ReasonMissing));
    for nobody in [&above, &worker(), &reporter(), &actor(9, None)] {
        assert_eq!(look(nobody, "想知道"), Err(Refusal::NotFound));
    }
    assert_eq!(look(&concerned, "想知道"), Err(Refusal::OwnHousehold));
    // Before anybody said whose household it is about, nobody is known to be free.
    let early =
        |by: &Actor| may_see_reporter(by, &place(), &sent(Kind::Nuisance), bonds(&[]), "核实情况");
    assert_eq!(early(&concerned), Err(Refusal::ReportState { state: State::Submitted }));
    assert_eq!(early(&admin()), Err(Refusal::ReportState { state: State::Submitted }));
    assert_eq!(early(&worker()), Err(Refusal::NotFound));
}

#[test]
fn points_come_of_a_report_by_those_who_are_free_and_of_its_kind_only() {
    let praised = [party(CONCERNED, Part::Praised)];
    let deed = accepted(Kind::GoodDeed, &praised).unwrap();
    let person = praised[0].villager.unwrap();
    let claim = |report: &Report, by: &Actor, parties: &[Party]| {
        report.claim(by, &place(), bonds(parties)).map(|(_, person)| person)
    };
    assert_eq!(claim(&deed, &admin(), &praised), Ok(person));
    assert_eq!(claim(&deed, &worker(), &praised), Err(Refusal::NotFound));
    assert_eq!(claim(&deed, &admin(), &[]), Err(Refusal::PraisedMissing));
    let kind = Kind::Nuisance;
    assert_eq!(claim(&dispatched(&[]), &admin(), &[]), Err(Refusal::ReportKind { kind }));
    let propose = |report: &Report, by: &Actor, household| {
        let household = HouseholdId(id(100 + household));
        report.propose_deduction(by, &place(), bonds(&[]), household).map(|_| ())
    };
    let nuisance = dispatched(&[]);
    assert_eq!(propose(&nuisance, &worker(), CONCERNED), Ok(()));
    assert_eq!(propose(&nuisance, &admin(), CONCERNED), Ok(()));
    assert_eq!(propose(&nuisance, &admin(), ADMIN), Err(Refusal::OwnHousehold));
    let other = actor(9, Some(Role::GridWorker));
    assert_eq!(propose(&nuisance, &other, CONCERNED), Err(Refusal::NotFound));
    let state = State::Resolved;
    let done = propose(&resolved(), &admin(), CONCERNED);
    assert_eq!(done, Err(Refusal::ReportState { state }), "put right already");
    let calendar = WorkingCalendar::default();
    assert_eq!(nuisance.cured(&calendar, now()).unwrap().state, State::Resolved);
    assert_eq!(resolved().cured(&calendar, now()), None);
}
