mod people;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::draft::is_near;
use super::reporter::{Known, Others};
use super::*;
use crate::actor::{Actor, Grant, Membership, Scope};
use crate::calendar::WorkingCalendar;
use crate::id::{DivisionId, HouseholdId};
use crate::place::Place;
use crate::refusal::Refusal;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn place() -> Place {
    Place { county: DivisionId(id(1)), town: DivisionId(id(2)), village: VillageId(id(10)) }
}

/// Somebody of household `n` in the village, with a role besides.
fn actor(n: u128, role: Option<Role>) -> Actor {
    let membership = Membership {
        place: place(),
        household: HouseholdId(id(100 + n)),
        villager: VillagerId(id(200 + n)),
    };
    let grants = role.map(|role| Grant { role, scope: Scope::Division(DivisionId(id(10))) });
    Actor {
        user: UserId(id(300 + n)),
        membership: Some(membership),
        grants: grants.into_iter().collect(),
    }
}

const REPORTER: u128 = 1;
const ADMIN: u128 = 2;
const WORKER: u128 = 3;
const CONCERNED: u128 = 4;

fn reporter() -> Actor {
    actor(REPORTER, None)
}
fn admin() -> Actor {
    actor(ADMIN, Some(Role::VillageAdmin))
}
fn worker() -> Actor {
    actor(WORKER, Some(Role::GridWorker))
}

/// A Monday.
fn now() -> DateTime<Utc> {
    "2026-10-12T02:00:00Z".parse().unwrap()
}

fn draft(kind: Kind) -> Draft {
    let spot = Spot::new(Datum::Gcj02, 26_541_234, 104_712_345).unwrap();
    Draft {
        id: ReportId(id(1_000)),
        kind,
        category: "other".into(),
        spot,
        place: "村口".into(),
        text: "看到".into(),
        photos: 1,
    }
}

fn sent(kind: Kind) -> Report {
    let categories = default_categories();
    let calendar = WorkingCalendar::default();
    draft(kind).send(&reporter(), &place(), &categories, &[], &calendar, now()).unwrap().0
}

fn party(n: u128, part: Part) -> Party {
    let who = actor(n, None).membership.unwrap();
    Party {
        villager: Some(who.villager),
        household: who.household,
        part,
        consent: Consent::Asked,
        answers: true,
    }
}

fn bonds(parties: &[Party]) -> Bonds<'_> {
    Bonds { reporter: reporter().user, parties, kin: &[] }
}

fn known() -> Known {
    Known {
        reporter: reporter().user,
        urged_at: None,
        proposed: false,
        confirmed: false,
        others: Others::None,
    }
}

fn accepted(kind: Kind, parties: &[Party]) -> Result<Report, Refusal> {
    let nobody_shown = kind == Kind::GoodDeed && parties.is_empty();
    let decision = Triage::Accept { parties, nobody_shown };
    let calendar = WorkingCalendar::default();
    sent(kind)
        .triage(&admin(), &place(), bonds(&[]), decision, &calendar, now())
        .map(|(_, report)| report)
}

fn dispatched(parties: &[Party]) -> Report {
    let report = accepted(Kind::Nuisance, parties).unwrap();
    let desk = (&admin(), bonds(parties));
    let calendar = WorkingCalendar::default();
    report.dispatch(desk, &place(), (&worker(), bonds(parties)), 3, &calendar, now()).unwrap().1
}

fn resolved() -> Report {
    let said = ("清理了", 1);
    let done = dispatched(&[]).resolve(&worker(), &place(), bonds(&[]), said).unwrap().1;
    assert_eq!((done.due_at, done.clone().lapse(now() + Duration::days(900))), (None, None));
    done.resolution_checked(&WorkingCalendar::default(), now()).unwrap()
}

#[test]
fn a_draft_says_what_and_where_with_photos_and_words() {
    let (categories, calendar) = (default_categories(), WorkingCalendar::default());
    let send = |draft: Draft| {
        draft.send(&reporter(), &place(), &categories, &[], &calendar, now()).map(|_| ())
    };
    let good = || draft(Kind::Nuisance);
    assert_eq!(send(good()), Ok(()));
    assert_eq!(
        send(Draft { category: "elders".into(), ..good() }),
        Err(Refusal::CategoryUnknown),
        "a category of good deeds is none of nuisances"
    );
    for photos in [0, 10] {
        let refused = send(Draft { photos, ..good() });
        assert_eq!(refused, Err(Refusal::PhotosNeeded { photos_max: 9 }));
    }
    assert_eq!(send(Draft { text: " \n".into(), ..good() }), Err(Refusal::TextMissing));
    let elsewhere = Actor { membership: None, ..admin() };
    let refused = good().send(&elsewhere, &place(), &categories, &[], &calendar, now());
    assert_eq!(refused.map(|_| ()), Err(Refusal::Forbidden));
}

#[test]
fn one_person_sends_ten_a_day_and_nothing_twice() {
    let (categories, calendar) = (default_categories(), WorkingCalendar::default());
    let send = |mine: &[Mine]| {
        let draft = draft(Kind::Nuisance);
        draft.send(&reporter(), &place(), &categories, mine, &calendar, now()).map(|_| ())
    };
    let far = Spot::new(Datum::Gcj02, 26_641_234, 104_712_345).unwrap();
    let other =
        Mine { same_category: true, spot: far, state: State::Submitted, submitted_at: now() };
    assert_eq!(send(&[other; 9]), Ok(()));
    assert_eq!(send(&[other; 10]), Err(Refusal::ReportTooMany { a_day_max: 10 }));
    let yesterday = Mine { submitted_at: now() - Duration::days(1), ..other };
    assert_eq!(send(&[yesterday; 30]), Ok(()));
    let same = Mine { spot: draft(Kind::Nuisance).spot, ..yesterday };
    assert_eq!(send(&[same]), Err(Refusal::ReportRepeated));
    for free in [
        Mine { state: State::Confirmed, ..same },
        Mine { same_category: false, ..same },
        Mine { submitted_at: now() - Duration::days(15), ..same },
    ] {
        assert_eq!(send(&[free]), Ok(()), "{free:?}");
    }
    for days in [13, 14] {
        let lately = Mine { submitted_at: now() - Duration::days(days), ..same };
        assert_eq!(send(&[lately]), Err(Refusal::ReportRepeated), "{days} days");
    }
    assert!(is_near(same.spot, same.spot) && !is_near(same.spot, far));
}

#[test]
fn a_nuisance_goes_from_triage_to_the_field_and_is_confirmed() {
    let report = accepted(Kind::Nuisance, &[party(CONCERNED, Part::Concerned)]).unwrap();
    assert_eq!(report.state, State::Accepted);
    // Two working days after Monday: to the end of Wednesday in Shanghai.
    assert_eq!(report.due_at, Some("2026-10-14T16:00:00Z".parse().unwrap()));
    let report = dispatched(&[]);
    assert_eq!(report.worker.unwrap().user, worker().user);
    assert!(!report.is_overdue(now()) && report.is_overdue(now() + Duration::days(5)));
    let report = resolved();
    assert_eq!(report.state, State::Resolved);
    assert!(!report.is_overdue(now() + Duration::days(30)), "nobody of the village has to act");
    let report = report.confirm(&reporter(), &place(), known()).unwrap();
    assert_eq!((report.state, report.due_at), (State::Confirmed, None));
}

#[test]
fn nobody_deals_with_their_own_report_or_household_or_kin() {
    let calendar = WorkingCalendar::default();
    let refuse = |bonds: Bonds<'_>| {
        let decision = Triage::Refuse { reason: "无关" };
        sent(Kind::Nuisance).triage(&admin(), &place(), bonds, decision, &calendar, now())
    };
    let own = Bonds { reporter: admin().user, parties: &[], kin: &[] };
    assert_eq!(refuse(own).map(|_| ()), Err(Refusal::OwnReport));
    let at_home = [party(ADMIN, Part::Concerned)];
    assert_eq!(refuse(bonds(&at_home)).map(|_| ()), Err(Refusal::OwnHousehold));
    let parties = [party(CONCERNED, Part::Concerned)];
    let kin = [parties[0].household];
    let tied = Bonds { kin: &kin, ..bonds(&parties) };
    assert_eq!(refuse(tied).map(|_| ()), Err(Refusal::DeclaredKin));
    // Nor do they bring their own household into it by the decision itself.
    assert_eq!(accepted(Kind::Nuisance, &at_home), Err(Refusal::OwnHousehold));
    assert_eq!(
        accepted(Kind::GoodDeed, &[party(ADMIN, Part::Praised)]),
        Err(Refusal::OwnHousehold)
    );
    let report = resolved();
    assert_eq!(report.strike(&admin(), &place(), own, "已办").map(|_| ()), Err(Refusal::OwnReport));
}

#[test]
fn a_worker_is_a_grid_worker_here_and_free_and_does_not_confirm_their_own_work() {
    let report = accepted(Kind::Nuisance, &[]).unwrap();
    let calendar = WorkingCalendar::default();
    let to = |named: &Actor, with: Bonds<'_>| {
        let desk = (&admin(), bonds(&[]));
        let done = report.clone().dispatch(desk, &place(), (named, with), 3, &calendar, now());
        done.map(|_| ())
    };
    assert_eq!(to(&actor(CONCERNED, None), bonds(&[])), Err(Refusal::WorkerInvalid));
    let nowhere = Actor { membership: None, ..worker() };
    assert_eq!(to(&nowhere, bonds(&[])), Err(Refusal::WorkerInvalid));
    let reported = Bonds { reporter: worker().user, parties: &[], kin: &[] };
    assert_eq!(to(&worker(), reported), Ok(()), "or the desk would learn who reported it");
    let at_home = [party(WORKER, Part::Concerned)];
    assert_eq!(to(&worker(), bonds(&at_home)), Err(Refusal::WorkerNotFree));
    assert_eq!(to(&worker(), bonds(&[])), Ok(()));
    let own = Known { reporter: worker().user, ..known() };
    assert_eq!(resolved().confirm(&worker(), &place(), own), Err(Refusal::OwnWork));
}

#[test]
fn only_who_has_it_in_hand_resolves_it_with_a_photo_and_words() {
    let resolve = |by: &Actor, text: &str, photos: usize| {
        let done = dispatched(&[]).resolve(by, &place(), bonds(&[]), (text, photos));
        done.map(|_| ())
    };
    // Whose household became concerned after they got it does not say that it is done.
    let tied = |parties: &[Party], kin: &[HouseholdId]| {
        let bonds = Bonds { kin, ..bonds(parties) };
        dispatched(&[]).resolve(&worker(), &place(), bonds, ("清理了", 1)).map(|_| ())
    };
    let parties = [party(CONCERNED, Part::Concerned)];
    assert_eq!(tied(&parties, &[]), Ok(()));
    assert_eq!(tied(&parties, &[parties[0].household]), Err(Refusal::DeclaredKin));
    assert_eq!(tied(&[party(WORKER, Part::Concerned)], &[]), Err(Refusal::OwnHousehold));
    let own = Bonds { reporter: worker().user, ..bonds(&[]) };
    let done = dispatched(&[]).resolve(&worker(), &place(), own, ("清理了", 1));
    assert!(done.is_ok(), "who reported it is not asked");
    let other = actor(9, Some(Role::GridWorker));
    assert_eq!(resolve(&other, "清理了", 1), Err(Refusal::NotFound));
    assert_eq!(resolve(&admin(), "清理了", 1), Err(Refusal::NotFound));
    assert_eq!(resolve(&worker(), "清理了", 0), Err(Refusal::PhotosNeeded { photos_max: 9 }));
    assert_eq!(resolve(&worker(), "  ", 1), Err(Refusal::TextMissing));
    assert_eq!(resolve(&worker(), "清理了", 9), Ok(()));
}

#[test]
fn the_reporter_reopens_in_time_and_after_it_silence_confirms() {
    let calendar = WorkingCalendar::default();
    assert_eq!(resolved().resolution_checked(&calendar, now()), None, "it began already");
    assert_eq!(dispatched(&[]).resolution_checked(&calendar, now()), None);
    let later = now() + Duration::days(8);
    let reopen = |at| {
        resolved()
            .reopen(&reporter(), &place(), known(), "还有垃圾", &calendar, at)
            .map(|r| r.state)
    };
    assert_eq!(reopen(now()), Ok(State::Reopened));
    assert_eq!(reopen(later), Err(Refusal::ReportState { state: State::Confirmed }));
    let blank = resolved().reopen(&reporter(), &place(), known(), " ", &calendar, now());
    assert_eq!(blank, Err(Refusal::ReasonMissing));
    let other = resolved().reopen(&worker(), &place(), known(), "x", &calendar, now());
    assert_eq!(other, Err(Refusal::NotFound));
    assert_eq!(resolved().lapse(now()), None);
    assert_eq!(resolved().lapse(later).unwrap().state, State::Confirmed);
    assert_eq!(dispatched(&[]).lapse(later), None);
}

#[test]
fn what_is_overdue_is_urged_once_a_day_by_the_reporter_or_from_above() {
    let report = dispatched(&[]);
    let due_at = report.due_at;
    let late = due_at.unwrap() + Duration::hours(3);
    let urge = |by: &Actor, known, at| report.urge(by, &place(), known, at);
    assert_eq!(urge(&reporter(), known(), now()), Err(Refusal::NotOverdue { due_at }));
    assert_eq!(urge(&reporter(), known(), late), Ok(By::Reporter));
    assert_eq!(urge(&admin(), known(), late), Ok(By::Role(Role::VillageAdmin)));
    assert_eq!(urge(&worker(), known(), late), Err(Refusal::NotFound));
    let today = Known { urged_at: Some(late), ..known() };
    assert_eq!(urge(&reporter(), today, late), Err(Refusal::AlreadyUrged));
    assert_eq!(urge(&reporter(), today, late + Duration::days(1)), Ok(By::Reporter));
    let state = State::Resolved;
    let refused = resolved().urge(&reporter(), &place(), known(), late + Duration::days(9));
    assert_eq!(refused, Err(Refusal::ReportState { state }));
}

#[test]
fn a_report_is_taken_back_until_something_came_of_it() {
    let take_back = |report: Report, known| report.withdraw(&reporter(), &place(), known);
    assert_eq!(take_back(sent(Kind::Nuisance), known()).unwrap().state, State::Withdrawn);
    let proposed = Known { proposed: true, ..known() };
    assert_eq!(take_back(dispatched(&[]), proposed), Err(Refusal::ReportProposed));
    let state = State::Resolved;
    assert_eq!(take_back(resolved(), known()), Err(Refusal::ReportState { state }));
    let other = sent(Kind::Nuisance).withdraw(&admin(), &place(), known());
    assert_eq!(other, Err(Refusal::NotFound));
    for others in [Others::Waiting, Others::Confirmed] {
        let shared = take_back(dispatched(&[]), Known { others, ..known() });
        assert_eq!(shared, Err(Refusal::ReportShared), "others would hear nothing more");
    }
}

#[test]
fn nobody_confirms_for_others_who_reported_the_same() {
    let confirm = |known: Known| {
        resolved().confirm(&reporter(), &place(), known).map(|report| (report.state, report.due_at))
    };
    let (due_at, over) = (resolved().due_at, Err(Refusal::ReportState { state: State::Confirmed }));
    assert!(due_at.is_some());
    let waiting = Known { others: Others::Waiting, ..known() };
    assert_eq!(confirm(waiting), Ok((State::Resolved, due_at)), "they can still reopen it");
    let last = Known { others: Others::Confirmed, ..known() };
    assert_eq!(confirm(last), Ok((State::Confirmed, None)));
    assert_eq!(confirm(Known { confirmed: true, ..waiting }), over.clone());
    let reopen = |known: Known| {
        let calendar = WorkingCalendar::default();
        let done = resolved().reopen(&reporter(), &place(), known, "还有", &calendar, now());
        done.map(|report| (report.state, None))
    };
    assert_eq!(reopen(Known { confirmed: true, ..waiting }), over);
    assert_eq!(reopen(waiting), Ok((State::Reopened, None)));
    let state = State::Dispatched;
    let early = dispatched(&[]).confirm(&reporter(), &place(), waiting);
    assert_eq!(early, Err(Refusal::ReportState { state }));
}

#[test]
fn a_report_joins_another_of_its_kind_that_somebody_still_deals_with() {
    let calendar = WorkingCalendar::default();
    let join = |to: &Report| {
        let decision = Triage::Join { to };
        sent(Kind::Nuisance)
            .triage(&admin(), &place(), bonds(&[]), decision, &calendar, now())
            .map(|(_, report)| report.joined_to)
    };
    let other = Report { id: ReportId(id(2_000)), ..dispatched(&[]) };
    assert_eq!(join(&other), Ok(Some(other.id)));
    for wrong in [
        Report { id: sent(Kind::Nuisance).id, ..other.clone() },
        Report { kind: Kind::GoodDeed, ..other.clone() },
        Report { state: State::Withdrawn, ..other.clone() },
        Report { state: State::Resolved, ..other.clone() },
        Report { state: State::Confirmed, ..other.clone() },
        Report { state: State::Joined, ..other },
    ] {
        assert_eq!(join(&wrong), Err(Refusal::JoinInvalid));
    }
}
