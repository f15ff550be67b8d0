use uuid::Uuid;

use super::*;
use crate::claim::Via;
use crate::id::{AccountId, ClaimId, HouseholdId, RuleBookId, UserId, VillageId, VillagerId};
use crate::ledger::{Balances, Counter, Purse, Sheet, Shortfall, Source};
use crate::rule_book::{ItemKind, Measure};

const ACCOUNT: AccountId = AccountId(Uuid::from_u128(3));

fn claim(state: State, granted: i32) -> Claim {
    Claim {
        id: ClaimId(Uuid::from_u128(1)),
        village: VillageId(Uuid::from_u128(2)),
        household: HouseholdId(Uuid::from_u128(3)),
        person: VillagerId(Uuid::from_u128(4)),
        account: ACCOUNT,
        rule_book: RuleBookId(Uuid::from_u128(5)),
        item_code: "ENV-1".into(),
        kind: ItemKind::Award,
        measure: Measure::default(),
        happened_on: NaiveDate::default(),
        text: String::new(),
        claimed_by: UserId(Uuid::from_u128(6)),
        via: Via::Own,
        second_recorder: None,
        state,
        stage: 1,
        round: 1,
        stage_due_at: None,
        asked: Points::whole(granted),
        granted: Some(Points::whole(granted)),
        adjustments: Vec::new(),
        deed: None,
        doer: None,
        counts_until: None,
        cure_until: None,
        repaired_on: None,
        postings: i16::from(state == State::Posted),
        version: 4,
    }
}

fn posting(id: u128, amount: i64) -> Posting {
    Posting {
        id: EntryId(Uuid::from_u128(id)),
        account: ACCOUNT,
        purse: Purse::Points,
        amount,
        counter: if amount < 0 { Counter::Forfeit } else { Counter::Issue },
        source: Source::Claim(ClaimId(Uuid::from_u128(1))),
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: NaiveDate::default(),
        effect: None,
        reverses: None,
        shortfall: Shortfall::TakeWhatIsThere,
    }
}

fn sheet(points: i64) -> Sheet {
    Sheet([(ACCOUNT, Balances { points, ..Balances::default() })].into())
}

/// What is left in the purse when an entry of `old` is corrected to `new` while it holds `held`.
fn left_after_correction(old: i64, held_before: i64, spent: i64, new: i64) -> i64 {
    let mut sheet = sheet(held_before);
    let standing = sheet.post(vec![posting(1, old)]).unwrap();
    sheet.post(vec![posting(2, -spent)]).unwrap();
    let list = movements(LedgerEffect::ReverseAndPost, &standing, vec![posting(3, new)], || {
        EntryId(Uuid::from_u128(9))
    });
    sheet.post(list).unwrap();
    sheet.0[&ACCOUNT].points
}

#[test]
fn points_that_were_spent_are_not_given_again_by_a_correction() {
    assert_eq!(left_after_correction(300, 0, 300, 400), 100);
    assert_eq!(left_after_correction(300, 0, 200, 200), 0);
    assert_eq!(left_after_correction(300, 0, 0, 200), 200);
}

#[test]
fn a_smaller_deduction_gives_back_what_was_taken_and_takes_the_new_amount() {
    assert_eq!(left_after_correction(-300, 100, 0, -200), 0);
    assert_eq!(left_after_correction(-300, 500, 0, -200), 300);
}

#[test]
fn an_objection_is_for_the_time_of_the_notice() {
    let raise = |kind, state, concerned, posted_on, now: &str| {
        let now = now.parse().unwrap();
        raise(kind, &claim(state, 3), concerned, posted_on, 60, now)
    };
    let now = "2026-03-01T02:00:00Z";
    assert_eq!(raise(ObjectionKind::Objection, State::OnNotice, false, None, now), Ok(()));
    let posted = Err(Refusal::ClaimState { state: State::Posted });
    let day = "2026-01-01".parse().ok();
    assert_eq!(raise(ObjectionKind::Objection, State::Posted, true, day, now), posted);
    assert_eq!(raise(ObjectionKind::Appeal, State::Posted, true, day, now), Ok(()));
    let stranger = raise(ObjectionKind::Appeal, State::Posted, false, day, now);
    assert_eq!(stranger, Err(Refusal::AppealNotConcerned));
    let late = raise(ObjectionKind::Appeal, State::Posted, true, day, "2026-03-03T02:00:00Z");
    assert_eq!(late, Err(Refusal::AppealTooLate { days_max: 60 }));
}

#[test]
fn what_is_upheld_is_posted_when_no_other_objection_waits() {
    let upheld = |state, others| answer(claim(state, 3), Outcome::Upheld, others).unwrap();
    let (after, effect) = upheld(State::Disputed, false);
    assert_eq!((after.state, after.postings, effect), (State::Posted, 1, LedgerEffect::Post));
    let (after, effect) = upheld(State::Disputed, true);
    assert_eq!((after.state, effect), (State::Disputed, LedgerEffect::None));
    let (after, effect) = upheld(State::OnNotice, false);
    assert_eq!((after.state, effect), (State::OnNotice, LedgerEffect::None));
}

#[test]
fn a_correction_has_another_amount_above_zero() {
    let correct = |points| {
        answer(claim(State::Posted, 3), Outcome::Corrected { points: Points::whole(points) }, false)
    };
    assert_eq!(correct(3), Err(Refusal::CorrectionInvalid));
    assert_eq!(correct(0), Err(Refusal::CorrectionInvalid));
    let (after, effect) = correct(2).unwrap();
    assert_eq!((after.postings, effect), (2, LedgerEffect::ReverseAndPost));
    assert_eq!(Verdict::Corrected.on_claim(None), Err(Refusal::CorrectionInvalid));
    assert_eq!(Verdict::Upheld.on_claim(Some(Points::whole(1))), Err(Refusal::CorrectionInvalid));
}

#[test]
fn what_is_struck_falls_before_posting_and_is_reversed_after() {
    let strike = |state| answer(claim(state, 3), Outcome::Struck, true).unwrap();
    let (after, effect) = strike(State::Disputed);
    assert_eq!((after.state, effect), (State::Overturned, LedgerEffect::None));
    let (after, effect) = strike(State::Posted);
    assert_eq!((after.state, effect), (State::Reversed, LedgerEffect::Reverse));
}

#[test]
fn those_concerned_and_those_who_decided_do_not_answer() {
    let free = Ties::default();
    assert_eq!(may_answer(free, false, false), Ok(()));
    assert_eq!(may_answer(free, true, false), Err(Refusal::OwnObjection));
    assert_eq!(may_answer(free, false, true), Err(Refusal::AlreadyDecided));
    let kin = Ties { kin: true, ..free };
    assert_eq!(may_answer(kin, false, false), Err(Refusal::DeclaredKin));
}
