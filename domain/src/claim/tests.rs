//! A small village whose cases the tests of this module share.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::*;
use crate::actor::{Actor, Grant, Membership, Role, Scope};
use crate::calendar::{CycleKind, WorkingCalendar, day_of};
use crate::id::{ActivityId, DivisionId, PhotoId};
use crate::person::Residence;
use crate::place::Place;
use crate::rule_book::{
    Amount, EvidenceNeed, Majority, ReviewRole, Stage, StarTable, Subject, Way,
};

pub(super) fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

pub(super) fn now() -> DateTime<Utc> {
    "2026-10-12T02:00:00Z".parse().unwrap()
}

pub(super) fn today() -> NaiveDate {
    day_of(now())
}

pub(super) fn place() -> Place {
    Place { county: id(1), town: id(2), village: id(3) }
}

/// A villager who lives in a household with a number; the user has the same number.
pub(super) fn villager(n: u128, household: u128) -> Actor {
    let membership = Membership { place: place(), household: id(household), villager: id(n) };
    Actor { user: id(n), membership: Some(membership), grants: Vec::new() }
}

pub(super) fn cadre(n: u128, household: u128, role: Role) -> Actor {
    let grant = Grant { role, scope: Scope::Division(DivisionId(place().village.0)) };
    Actor { grants: vec![grant], ..villager(n, household) }
}

fn recorder(actor: &Actor) -> Option<Recorder> {
    actor.membership.map(|m| Recorder { villager: m.villager, household: m.household })
}

pub(super) fn person(n: u128, household: u128) -> Person {
    let born_on = Some("1968-04-12".parse().unwrap());
    Person {
        villager: id(n),
        household: id(household),
        born_on,
        residence: Residence::Resident,
        tracks: [].into(),
        duties: Vec::new(),
    }
}

pub(super) fn item(code: &str, kind: ItemKind, evidence: EvidenceNeed) -> Item {
    let deduction = kind == ItemKind::Deduction;
    let amount = Amount::Fixed { points: Points::whole(3) };
    Item {
        evidence,
        counts_for: [CountsFor::Points].into(),
        cure_days: deduction.then_some(7),
        cure: deduction.then(|| "清理".into()),
        ..Item::plain(code, "environment", code, kind, amount)
    }
}

fn stage(role: ReviewRole, quorum: u8) -> Stage {
    let name = "评议".into();
    Stage {
        name,
        role,
        quorum,
        majority: Majority::Simple,
        working_days_max: 5,
        levels: Default::default(),
    }
}

pub(super) fn book() -> RuleBook {
    let way = Way {
        stages: vec![stage(ReviewRole::PanelMember, 2), stage(ReviewRole::VillageAdmin, 1)],
        notice_days: 3,
        notice_every: None,
    };
    RuleBook {
        name: "细则".into(),
        subject: Subject::Household,
        cycle: CycleKind::Quarter,
        base_score: Points::whole(60),
        claim_days_max: 90,
        appeal_days_max: 60,
        claim_way: way.clone(),
        rating_way: way,
        stars: StarTable(Vec::new()),
        categories: Vec::new(),
        items: vec![
            item("AWARD", ItemKind::Award, EvidenceNeed::None),
            item("PHOTO", ItemKind::Award, EvidenceNeed::Photo),
            item("FAULT", ItemKind::Deduction, EvidenceNeed::None),
            item("GRAVE", ItemKind::Deduction, EvidenceNeed::TwoRecorders),
        ],
        tracks: Vec::new(),
        household_score: Default::default(),
        registration: None,
        points_policy: Default::default(),
        exchange_value_fen: None,
        forfeiture_bp: None,
    }
}

pub(super) fn draft(by: &Actor, via: Via, code: &str) -> Draft {
    Draft {
        id: id(100),
        village: place().village,
        claimed_by: by.user,
        claimant: recorder(by),
        via,
        item_code: code.into(),
        measure: Measure::default(),
        happened_on: today(),
        text: String::new(),
        files: Vec::new(),
        second_recorder: None,
        same_deed_as: None,
        doer: None,
        duty: None,
    }
}

pub(super) fn made(draft: Draft, person: &Person) -> Result<Claim, Refusal> {
    let declared = declare(draft, person, id(9), &book(), &WorkingCalendar::default(), now())?;
    assert_eq!(declared.duty, None);
    Ok(declared.claim)
}

/// A villager's own claim, by villager 20 of household 10.
fn claim() -> Claim {
    made(draft(&villager(20, 10), Via::Own, "AWARD"), &person(20, 10)).unwrap()
}

/// A deduction that collector 30 recorded for villager 20.
fn deduction() -> Claim {
    let recorded = draft(&cadre(30, 11, Role::Collector), Via::Recorded, "FAULT");
    made(recorded, &person(20, 10)).unwrap()
}

fn activity() -> Via {
    Via::Activity { activity: id::<ActivityId>(500), title: "清扫".into() }
}

#[test]
fn a_deed_lies_in_the_past_and_not_too_far_back() {
    let on = |day: &str| {
        let own = draft(&villager(20, 10), Via::Own, "AWARD");
        made(Draft { happened_on: day.parse().unwrap(), ..own }, &person(20, 10))
    };
    assert_eq!(on("2026-10-13"), Err(Refusal::DeedInFuture));
    assert_eq!(on("2026-07-13"), Err(Refusal::DeedTooOld { days_max: 90 }));
    assert!(on("2026-07-14").is_ok());
}

#[test]
fn a_villager_declares_for_the_own_household_only() {
    let by = villager(20, 10);
    let via = |person| Via::of_villager(id(20), id(person));
    assert_eq!(via(20), Via::Own);
    assert!(made(draft(&by, via(21), "AWARD"), &person(21, 10)).is_ok());
    let stranger = made(draft(&by, via(22), "AWARD"), &person(22, 11));
    assert_eq!(stranger, Err(Refusal::PersonNotEligible));
}

#[test]
fn a_proxy_claim_says_who_consented_and_not_before_the_deed() {
    let by = cadre(30, 11, Role::Collector);
    let consented = |who: &str, on: NaiveDate| {
        let via =
            Via::Proxy {
                consented_by: who.into(), consented_how: "口头".into(), consented_on: on
            };
        made(draft(&by, via, "AWARD"), &person(20, 10))
    };
    assert!(consented("本人", today()).is_ok());
    assert_eq!(consented(" ", today()), Err(Refusal::ConsentMissing));
    assert_eq!(consented("本人", today().pred_opt().unwrap()), Err(Refusal::ConsentMissing));
}

#[test]
fn a_deduction_is_recorded_by_cadres_of_other_households() {
    assert_eq!(deduction().cure_until, Some("2026-10-19".parse().unwrap()));
    let own = made(draft(&cadre(30, 10, Role::Collector), Via::Recorded, "FAULT"), &person(20, 10));
    assert_eq!(own, Err(Refusal::OwnHousehold));
    let as_claim = made(draft(&villager(20, 10), Via::Own, "FAULT"), &person(20, 10));
    assert_eq!(as_claim, Err(Refusal::ItemNotClaimable));
}

#[test]
fn a_grave_deduction_needs_a_second_recorder_who_is_independent() {
    let with = |second: Option<&Actor>| {
        let first = draft(&cadre(30, 11, Role::Collector), Via::Recorded, "GRAVE");
        let second_recorder = second.map(|actor| second_recorder(actor, &place())).transpose()?;
        made(Draft { second_recorder, ..first }, &person(20, 10))
    };
    let invalid = Err(Refusal::SecondRecorderInvalid);
    assert_eq!(with(None), Err(Refusal::EvidenceMissing));
    assert!(with(Some(&cadre(31, 12, Role::GridWorker))).is_ok());
    assert_eq!(with(Some(&villager(31, 12))), invalid, "not a recorder");
    assert_eq!(with(Some(&cadre(31, 10, Role::GridWorker))), invalid, "the person's household");
    assert_eq!(with(Some(&cadre(31, 11, Role::GridWorker))), invalid, "the first's household");
}

#[test]
fn a_file_proves_one_deed_of_whoever_uploaded_it() {
    let with = |files: Vec<EvidenceFile>| {
        let own = draft(&villager(20, 10), Via::Own, "PHOTO");
        made(Draft { files, ..own }, &person(20, 10)).map(|_| ())
    };
    let file = |by: u128, used_by: Option<u128>| EvidenceFile {
        id: PhotoId(id(700)),
        uploaded_by: id(by),
        used_by: used_by.map(id),
    };
    assert_eq!(with(vec![]), Err(Refusal::EvidenceMissing));
    assert_eq!(with(vec![file(20, None)]), Ok(()));
    assert_eq!(with(vec![file(21, None)]), Err(Refusal::PhotoNotUsable));
    assert_eq!(with(vec![file(20, Some(101))]), Err(Refusal::PhotoNotUsable));
    let many = vec![file(20, None); Claim::FILES_MAX + 1];
    assert_eq!(with(many), Err(Refusal::EvidenceTooMany { files_max: Claim::FILES_MAX }));
}

fn for_many(ids: &[u128], roster: &[Person]) -> Result<Vec<Declared>, Refusal> {
    let ids: Vec<_> = ids.iter().map(|n| id(*n)).collect();
    let draft = draft(&cadre(30, 11, Role::Collector), activity(), "AWARD");
    let (book, calendar) = (book(), WorkingCalendar::default());
    let mut next = 200;
    declare_for_many(&draft, &ids, roster, (id(9), &book), &calendar, now(), || {
        next += 1;
        id(next)
    })
}

#[test]
fn an_activity_becomes_a_claim_for_each_who_took_part() {
    let claims = for_many(&[20, 21], &[person(21, 12), person(20, 10)]).unwrap();
    let people: Vec<_> = claims.iter().map(|one| one.claim.person).collect();
    assert_eq!(people, [id(20), id(21)]);
    assert_ne!(claims[0].claim.id, claims[1].claim.id);
}

#[test]
fn one_person_in_the_way_stops_the_whole_activity_and_is_named() {
    let refused = |number, why| Err(Refusal::PersonRefused { number, why: Box::new(why) });
    let roster = [person(20, 10), person(21, 12)];
    assert_eq!(for_many(&[20, 22], &roster), refused(2, Refusal::NotFound));
    assert_eq!(for_many(&[20, 21, 20], &roster), refused(3, Refusal::AlreadyExists));
    let gone = Person { residence: Residence::Deceased, ..person(21, 12) };
    assert_eq!(for_many(&[21], &[gone]), refused(1, Refusal::PersonNotEligible));
}

#[test]
fn a_claim_is_changed_by_its_household_and_by_whoever_made_it() {
    let role = |claim: &Claim, actor: &Actor| claim.changed_by(actor, &place());
    let collector = cadre(30, 11, Role::Collector);
    assert_eq!(role(&claim(), &villager(21, 10)), Ok(Role::Villager));
    assert_eq!(role(&claim(), &villager(22, 12)), Err(Refusal::NotFound));
    assert_eq!(role(&claim(), &collector), Err(Refusal::Forbidden));
    assert_eq!(role(&deduction(), &collector), Ok(Role::Collector));
    assert_eq!(role(&deduction(), &cadre(31, 12, Role::Collector)), Err(Refusal::Forbidden));
    assert_eq!(role(&deduction(), &villager(20, 10)), Err(Refusal::Forbidden));
}

fn returned() -> Claim {
    Claim { state: State::Returned, stage: 1, stage_due_at: None, ..claim() }
}

#[test]
fn a_returned_claim_begins_again_at_its_first_stage() {
    let again = |claim: Claim, by: &Actor, files: &[EvidenceFile], already| {
        let calendar = WorkingCalendar::default();
        claim.resubmit(Some("补充".into()), (files, already), by, &book(), &calendar, now())
    };
    let by = villager(20, 10);
    let resubmitted = again(returned(), &by, &[], 0).unwrap();
    assert_eq!((resubmitted.state, resubmitted.stage), (State::Submitted, 0));
    assert_eq!((resubmitted.round, resubmitted.text.as_str()), (2, "补充"));
    assert!(resubmitted.stage_due_at.is_some());
    let refused = again(claim(), &by, &[], 0);
    assert_eq!(refused, Err(Refusal::ClaimState { state: State::Submitted }));
    let file = EvidenceFile { id: id(700), uploaded_by: by.user, used_by: None };
    let too_many = again(returned(), &by, &[file], Claim::FILES_MAX);
    assert_eq!(too_many, Err(Refusal::EvidenceTooMany { files_max: Claim::FILES_MAX }));
}

#[test]
fn a_claim_can_be_taken_back_until_it_is_certified() {
    for state in State::ALL {
        let done = Claim { state: *state, ..claim() }.withdraw();
        let early = matches!(state, State::Submitted | State::InReview | State::Returned);
        assert_eq!(done.is_ok(), early, "{}", state.as_str());
    }
}

fn cure(claim: Claim, actor: &Actor, ties: Ties, reason: &str) -> Result<Claim, Refusal> {
    claim.cure(actor, &place(), ties, reason, now()).map(|(_, cured)| cured)
}

#[test]
fn a_deduction_that_was_put_right_is_closed_by_a_recorder() {
    let collector = cadre(30, 11, Role::Collector);
    let ties = Ties { claimed: true, ..Ties::default() };
    let cured = |state| cure(Claim { state, ..deduction() }, &collector, ties, "已清理");
    for state in [State::Submitted, State::InReview, State::Certified] {
        assert_eq!(cured(state).unwrap().state, State::Withdrawn, "{}", state.as_str());
    }
    for state in [State::OnNotice, State::Disputed, State::Posted, State::Rejected] {
        assert_eq!(cured(state), Err(Refusal::ClaimState { state }));
    }
}

#[test]
fn a_cure_is_refused_to_the_household_without_a_reason_too_late_and_for_an_award() {
    let collector = cadre(30, 11, Role::Collector);
    let none = Ties::default();
    let own = Ties { same_household: true, ..none };
    assert_eq!(cure(deduction(), &villager(20, 10), none, "好了"), Err(Refusal::Forbidden));
    assert_eq!(cure(deduction(), &collector, own, "好了"), Err(Refusal::OwnHousehold));
    assert_eq!(cure(deduction(), &collector, none, " "), Err(Refusal::ReasonMissing));
    assert_eq!(cure(claim(), &collector, none, "好了"), Err(Refusal::NotCurable));
    let until = today().pred_opt().unwrap();
    let late = Claim { cure_until: Some(until), ..deduction() };
    assert_eq!(cure(late, &collector, none, "好了"), Err(Refusal::CureTooLate { until }));
}

fn ballot<'a>(actor: &'a Actor, place: &'a Place, ties: Ties, votes: &'a [Vote]) -> Ballot<'a> {
    Ballot { actor, place, ties, votes, decision: Decision::Approve, reason: "", points: None }
}

#[test]
fn a_claim_waits_for_those_who_may_vote_on_it_now() {
    let place = place();
    let (panel, admin) = (cadre(40, 13, Role::PanelMember), cadre(41, 14, Role::VillageAdmin));
    let waits = |claim: &Claim, actor, ties, votes: &[Vote]| {
        claim.waits_for(&book(), &ballot(actor, &place, ties, votes))
    };
    let none = Ties::default();
    assert!(waits(&claim(), &panel, none, &[]));
    assert!(!waits(&claim(), &admin, none, &[]), "not their stage");
    assert!(!waits(&claim(), &panel, Ties { kin: true, ..none }, &[]), "kin");
    let vote = |round| Vote {
        user: panel.user,
        stage: 0,
        round,
        decision: Decision::Approve,
        points: None,
    };
    assert!(!waits(&claim(), &panel, none, &[vote(1)]), "voted");
    assert!(waits(&Claim { round: 2, ..claim() }, &panel, none, &[vote(1)]), "a new round");
    assert!(!waits(&returned(), &panel, none, &[]), "with the claimant");
}

#[test]
fn a_reviewer_steps_aside_before_voting_and_says_why() {
    let panel = cadre(40, 13, Role::PanelMember);
    let aside = |actor: &Actor, votes: &[Vote], reason: &str| {
        claim().step_aside(&book(), actor, &place(), votes, reason)
    };
    assert_eq!(aside(&panel, &[], "有矛盾"), Ok(Role::PanelMember));
    let admin = cadre(41, 14, Role::VillageAdmin);
    assert_eq!(aside(&admin, &[], "有矛盾"), Ok(Role::VillageAdmin), "a later stage");
    assert_eq!(aside(&panel, &[], ""), Err(Refusal::ReasonMissing));
    assert_eq!(aside(&villager(50, 15), &[], "不想"), Err(Refusal::NotYourStage));
    let vote =
        Vote { user: panel.user, stage: 0, round: 1, decision: Decision::Approve, points: None };
    assert_eq!(aside(&panel, &[vote], "晚了"), Err(Refusal::AlreadyDecided));
}
