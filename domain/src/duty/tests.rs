use chrono::NaiveDate;
use uuid::Uuid;

use super::*;
use crate::actor::{Grant, Membership, Scope};
use crate::claim::Ties;
use crate::id::{DivisionId, UserId};
use crate::person::Track;
use crate::place::Place;
use crate::points::Points;
use crate::rule_book::{Amount, ItemKind, ScorePart};

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    day("2026-10-12")
}

fn item(code: &str, duty_source: Option<DutySource>, tracks: &[Track]) -> Item {
    let amount = Amount::Fixed { points: Points::whole(1) };
    Item {
        part: ScorePart::RoleDuty,
        duty_source,
        tracks: tracks.iter().copied().collect(),
        ..Item::plain(code, "public", code, ItemKind::Award, amount)
    }
}

fn sweeping() -> Item {
    item("P-POST", Some(DutySource::DutyPost), &[Track::PartyMember])
}

fn promised(tracks: &[Track]) -> Item {
    item("P-PLEDGE", Some(DutySource::Pledge), tracks)
}

fn person(tracks: &[Track]) -> Person {
    Person {
        villager: id(20),
        household: id(10),
        born_on: Some(day("1968-04-12")),
        residence: Residence::Resident,
        tracks: tracks.iter().copied().collect(),
        duties: Vec::new(),
    }
}

fn consent() -> Consent {
    Consent { by: "王秀英".into(), how: "当面签字".into(), on: day("2026-08-30") }
}

fn post() -> DutyPost {
    DutyPost {
        id: id(50),
        tracks: [Track::PartyMember].into(),
        items: ["P-POST".to_owned()].into(),
        opened_on: day("2026-03-01"),
        closed_on: None,
    }
}

/// Held since 1 September.
fn held(n: u128) -> Duty {
    let from = day("2026-09-01");
    post().assign(id(n), &person(&[Track::PartyMember]), from, &consent(), today()).unwrap()
}

fn red(period: &str) -> Pledge {
    Pledge {
        colour: Colour::Red,
        period: period.parse().unwrap(),
        text: "带头清理房前屋后".into(),
        consent: None,
    }
}

fn pledged(n: u128, wanted: &Pledge) -> Result<Duty, Refusal> {
    pledge(id(n), &person(&[Track::PartyMember]), wanted, today())
}

#[test]
fn an_item_of_duty_posts_is_for_who_holds_one_that_names_it_on_the_day_of_the_deed() {
    let on = |duties: &[Duty], text: &str| under(&sweeping(), None, duties, day(text));
    let not =
        |text: &str| Err(Refusal::DutyNotHeld { source: DutySource::DutyPost, day: day(text) });
    assert_eq!(on(&[held(1)], "2026-09-01"), Ok(Some(id(1))));
    assert_eq!(on(&[held(1)], "2026-08-31"), not("2026-08-31"));
    assert_eq!(on(&[], "2026-09-01"), not("2026-09-01"));
    let of_another = TakenOn::Post { items: ["P-OTHER".to_owned()].into() };
    assert_eq!(on(&[Duty { of: of_another, ..held(1) }], "2026-09-01"), not("2026-09-01"));
    // A pledge is no post.
    assert_eq!(on(&[pledged(2, &red("2026")).unwrap()], "2026-10-12"), not("2026-10-12"));
}

#[test]
fn the_last_day_of_a_duty_still_counts_and_what_was_done_before_can_be_claimed_afterwards() {
    let ended = held(1).ended(today(), today()).unwrap();
    let on = |text: &str| under(&sweeping(), None, std::slice::from_ref(&ended), day(text)).is_ok();
    assert!(on("2026-10-05") && on("2026-10-12"));
    assert!(!on("2026-10-13"));
}

#[test]
fn a_post_that_is_closed_before_somebody_was_to_leave_it_is_over_that_day() {
    let leaves = held(1).ended(day("2026-10-20"), today()).unwrap();
    let closed = Duty { until: Some(today()), ..leaves };
    assert_eq!(closed.last_day(), Some(today()));
    assert!(closed.holds_on(today()) && !closed.holds_on(day("2026-10-13")));
    assert_eq!(held(1).last_day(), None);
}

#[test]
fn of_several_duties_the_first_that_fits_is_taken_unless_another_is_named() {
    let later = Duty { from: day("2026-09-20"), ..held(1) };
    let both = [later, held(2)];
    let under = |named, on: &str| under(&sweeping(), named, &both, day(on));
    assert_eq!(under(None, "2026-10-01"), Ok(Some(id(2))));
    assert_eq!(under(Some(id(1)), "2026-10-01"), Ok(Some(id(1))));
    // The one that is named must hold by itself.
    let refused = under(Some(id(1)), "2026-09-10");
    assert!(matches!(refused, Err(Refusal::DutyNotHeld { .. })));
    assert!(matches!(under(Some(id(9)), "2026-10-01"), Err(Refusal::DutyNotHeld { .. })));
}

#[test]
fn an_item_that_asks_for_no_duty_is_under_none() {
    let plain = item("P-SWEEP", None, &[]);
    assert_eq!(under(&plain, None, &[held(1)], today()), Ok(None));
    assert_eq!(under(&plain, Some(id(1)), &[held(1)], today()), Err(Refusal::DutyNotAsked));
}

#[test]
fn a_colour_opens_the_items_of_its_track_and_those_of_all_colours() {
    let opens = |colour, tracks: &[Track]| {
        let duty = Duty { of: TakenOn::Pledge { colour }, ..held(1) };
        under(&promised(tracks), None, &[duty], today()).is_ok()
    };
    assert!(opens(Colour::Red, &[Track::PartyMember, Track::Representative]));
    assert!(opens(Colour::Silver, &[Track::Elder]));
    assert!(!opens(Colour::Yellow, &[Track::PartyMember]));
    // Blue is everybody's: a party member who pledged as a villager did not as a party member.
    assert!(!opens(Colour::Blue, &[Track::PartyMember]));
    assert!(Colour::ALL.iter().all(|colour| opens(*colour, &[])));
}

#[test]
fn each_colour_is_for_its_own_people_and_blue_for_everybody() {
    let may = |colour, tracks: &[Track]| {
        let wanted = Pledge { colour, ..red("2026") };
        pledge(id(1), &person(tracks), &wanted, today()).map(|_| ())
    };
    assert_eq!(may(Colour::Blue, &[]), Ok(()));
    for &colour in Colour::ALL {
        assert_eq!(Colour::from_name(colour.as_str()), Some(colour));
        let Some(track) = colour.track() else { continue };
        assert_eq!(may(colour, &[track]), Ok(()));
        assert_eq!(may(colour, &[]), Err(Refusal::TrackExcluded));
    }
}

#[test]
fn a_pledge_holds_from_the_day_it_was_given_within_its_period() {
    let term = |wanted: &Pledge| pledged(1, wanted).map(|duty| (duty.from, duty.until));
    assert_eq!(term(&red("2026")), Ok((today(), Some(day("2026-12-31")))));
    assert_eq!(term(&red("2027")), Ok((day("2027-01-01"), Some(day("2027-12-31")))));
    // Signed on paper before the period began, and recorded now.
    let signed = |on: &str| Some(Consent { on: day(on), ..consent() });
    let wanted = Pledge { consent: signed("2025-12-20"), ..red("2026") };
    assert_eq!(term(&wanted), Ok((day("2026-01-01"), Some(day("2026-12-31")))));
    let late = Pledge { consent: signed("2026-10-01"), ..red("2026-Q3") };
    let latest = Some(day("2026-09-30"));
    assert_eq!(term(&late), Err(Refusal::DutyDayInvalid { earliest: None, latest }));
    assert_eq!(term(&red("2026-Q3")), Err(Refusal::DutyDayInvalid { earliest: None, latest }));
    let to_come = Pledge { consent: signed("2026-10-13"), ..red("2026") };
    assert_eq!(term(&to_come), Err(Refusal::ConsentMissing));
}

#[test]
fn who_is_put_on_a_post_agreed_and_is_one_for_whom_it_is() {
    let party = person(&[Track::PartyMember]);
    let assign = |person: &Person, from: &str, consent: &Consent| {
        post().assign(id(1), person, day(from), consent, today()).map(|_| ())
    };
    let signed = Consent { on: day("2026-02-20"), ..consent() };
    assert_eq!(assign(&party, "2026-03-01", &signed), Ok(()));
    let earliest = Some(day("2026-03-01"));
    let early = Err(Refusal::DutyDayInvalid { earliest, latest: None });
    assert_eq!(assign(&party, "2026-02-28", &consent()), early);
    assert_eq!(assign(&person(&[]), "2026-10-12", &consent()), Err(Refusal::TrackExcluded));
    let silent = Consent { how: " ".into(), ..consent() };
    assert_eq!(assign(&party, "2026-10-12", &silent), Err(Refusal::ConsentMissing));
    let gone = Person { residence: Residence::Deceased, ..party.clone() };
    assert_eq!(assign(&gone, "2026-10-12", &consent()), Err(Refusal::PersonNotEligible));
    let child = Person { born_on: Some(day("2015-01-01")), ..party.clone() };
    assert_eq!(assign(&child, "2026-10-12", &consent()), Err(Refusal::TooYoung { age_min: 14 }));
    let closed = post().closed(today()).unwrap();
    let late = closed.assign(id(1), &party, today(), &consent(), today());
    assert_eq!(late, Err(Refusal::DutyOver));
    assert_eq!(closed.closed(today()), Err(Refusal::DutyOver));
}

#[test]
fn a_duty_ends_once_and_not_in_the_past() {
    let tomorrow = day("2026-10-13");
    assert!(held(1).ended(tomorrow, today()).is_ok());
    let early = held(1).ended(day("2026-10-11"), today());
    let earliest = Some(today());
    assert_eq!(early, Err(Refusal::DutyDayInvalid { earliest, latest: None }));
    let ended = held(1).ended(today(), today()).unwrap();
    assert_eq!(ended.ended(tomorrow, today()), Err(Refusal::DutyOver));
    // An end that was set for later is brought forward, and not put off.
    let later = held(1).ended(day("2030-12-31"), today()).unwrap();
    assert!(later.clone().ended(tomorrow, today()).is_ok());
    let put_off = later.ended(day("2031-12-31"), today());
    assert!(matches!(put_off, Err(Refusal::DutyDayInvalid { latest: Some(_), .. })));
    let pledge = pledged(1, &red("2026")).unwrap();
    assert_eq!(pledge.clone().ended(today(), day("2027-01-01")), Err(Refusal::DutyOver));
    let beyond = pledge.ended(day("2027-01-01"), today());
    assert!(matches!(beyond, Err(Refusal::DutyDayInvalid { latest: Some(_), .. })));
}

#[test]
fn what_became_of_a_pledge_is_confirmed_once_by_others_when_its_period_ends() {
    let duty = pledged(1, &red("2026")).unwrap();
    let last = day("2026-12-31");
    let plain =
        Confirmation { outcome: Outcome::Kept, reason: "", ties: Ties::default(), before: None };
    assert_eq!(confirm(&duty, plain, last), Ok(Outcome::Kept));
    let early = confirm(&duty, plain, day("2026-12-30"));
    assert_eq!(early, Err(Refusal::CycleNotOver { ends_on: last }));
    let not = Confirmation { outcome: Outcome::NotKept, ..plain };
    assert_eq!(confirm(&duty, not, last), Err(Refusal::ReasonMissing));
    assert!(confirm(&duty, Confirmation { reason: "全年未参加", ..not }, last).is_ok());
    let home = Confirmation { ties: Ties { same_household: true, ..Ties::default() }, ..plain };
    assert_eq!(confirm(&duty, home, last), Err(Refusal::OwnHousehold));
    let again = Confirmation { before: Some(Outcome::NotKept), ..plain };
    assert_eq!(confirm(&duty, again, last), Err(Refusal::AlreadyDecided));
    let withdrawn = duty.ended(today(), today()).unwrap();
    assert_eq!(confirm(&withdrawn, plain, last), Err(Refusal::DutyOver));
    for &outcome in Outcome::ALL {
        assert_eq!(Outcome::from_name(outcome.as_str()), Some(outcome));
    }
}

fn place() -> Place {
    Place { county: id(1), town: id(2), village: id(3) }
}

fn villager(n: u128, household: u128) -> Actor {
    let membership = Membership { place: place(), household: id(household), villager: id(n) };
    Actor { user: UserId(Uuid::from_u128(n)), membership: Some(membership), grants: Vec::new() }
}

fn cadre(role: Role) -> Actor {
    let grant = Grant { role, scope: Scope::Division(DivisionId(place().village.0)) };
    Actor { grants: vec![grant], ..villager(30, 11) }
}

#[test]
fn a_pledge_is_given_by_oneself_or_recorded_by_a_cadre_for_who_agreed() {
    let home = Target::household(place(), id(10));
    let by = |actor: &Actor, consent: Option<Consent>| {
        let wanted = Pledge { consent, ..red("2026") };
        pledged_by(actor, &person(&[]), &home, &wanted).map(|permit| permit.role)
    };
    assert_eq!(by(&villager(20, 10), None), Ok(Role::Villager));
    // Not even at home does anybody pledge for another.
    assert_eq!(by(&villager(21, 10), None), Err(Refusal::PersonNotEligible));
    assert_eq!(by(&villager(22, 12), None), Err(Refusal::Forbidden));
    assert_eq!(by(&villager(21, 10), Some(consent())), Err(Refusal::Forbidden));
    assert_eq!(by(&cadre(Role::GridWorker), Some(consent())), Ok(Role::GridWorker));
    assert_eq!(by(&cadre(Role::GridWorker), None), Err(Refusal::Forbidden));
}

#[test]
fn a_duty_is_ended_by_who_holds_it_or_by_the_village_for_a_reason() {
    let home = Target::household(place(), id(10));
    let by =
        |actor: &Actor, reason| ended_by(actor, id(20), &home, reason).map(|permit| permit.role);
    assert_eq!(by(&villager(20, 10), ""), Ok(Role::Villager));
    assert_eq!(by(&villager(21, 10), "他不想干了"), Err(Refusal::Forbidden));
    assert_eq!(by(&villager(22, 12), ""), Err(Refusal::NotFound));
    assert_eq!(by(&cadre(Role::VillageAdmin), ""), Err(Refusal::ReasonMissing));
    assert_eq!(by(&cadre(Role::VillageAdmin), "外出务工"), Ok(Role::VillageAdmin));
    assert_eq!(by(&cadre(Role::PanelMember), "外出务工"), Err(Refusal::NotFound));
}

#[test]
fn nobody_is_on_a_post_before_they_agreed() {
    let late = Consent { on: day("2026-10-01"), ..consent() };
    let person = person(&[Track::PartyMember]);
    let early = post().assign(id(1), &person, day("2026-09-30"), &late, today());
    let earliest = Some(day("2026-10-01"));
    assert_eq!(early, Err(Refusal::DutyDayInvalid { earliest, latest: None }));
    assert!(post().assign(id(1), &person, day("2026-10-01"), &late, today()).is_ok());
}
