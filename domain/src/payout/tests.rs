//! Lines of payouts by hand and for any weights, and how a plan goes on.

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::dividend::PaidIn;
use crate::four_eyes::Hand;
use crate::id::{AccountId, EntryId, HouseholdId, PayoutId, UserId};
use crate::ledger::Counter;
use crate::person::Residence;
use crate::points::{Fen, Points};
use crate::rating::Exclusion;
use crate::refusal::Refusal;
use crate::rule_book::Resolution;

fn one(n: u128, points: i32, left_out: Option<LeftOut>) -> Candidate {
    Candidate {
        account: AccountId(Uuid::from_u128(n)),
        household: HouseholdId(Uuid::from_u128(n)),
        points: Points::whole(points),
        left_out,
    }
}

fn all(points: &[i32]) -> Vec<Candidate> {
    (1..).zip(points).map(|(n, points)| one(n, *points, None)).collect()
}

fn dividend(pool: i64, uses_up_points: bool) -> Terms {
    Terms::Dividend {
        pool: Fen::new(pool),
        paid_in: PaidIn::Fen,
        deductions: Deductions::Ignored,
        uses_up_points,
    }
}

fn prize(from_rank: u32, to_rank: u32, fen: i64, goods: &str) -> Prize {
    Prize { from_rank, to_rank, title: "一等奖".into(), fen: Fen::new(fen), goods: goods.into() }
}

fn awards(prizes: Vec<Prize>) -> Terms {
    Terms::Awards { ranked: RankedBy::Points, track: None, prizes }
}

fn parts(lines: &[Line]) -> Vec<i64> {
    lines.iter().map(|line| line.fen.get()).collect()
}

#[test]
fn who_was_struck_has_no_part_and_the_others_share_the_whole_pool() {
    let mut candidates = all(&[30, 10, 10]);
    let whole = lines(&dividend(500, false), candidates.clone()).unwrap();
    assert_eq!(parts(&whole), [300, 100, 100]);
    candidates[0].left_out = Some(LeftOut::Struck);
    let anew = lines(&dividend(500, false), candidates).unwrap();
    assert_eq!(parts(&anew), [0, 250, 250]);
}

#[test]
fn equals_share_a_rank_and_its_prize_and_the_next_rank_is_left_out() {
    let terms = awards(vec![prize(1, 1, 500, ""), prize(2, 3, 300, "一桶油")]);
    let found = lines(&terms, all(&[7, 9, 9, 7, 0, 3])).unwrap();
    let ranks: Vec<_> = found.iter().map(|line| line.rank).collect();
    assert_eq!(ranks, [Some(3), Some(1), Some(1), Some(3), None, Some(5)]);
    assert_eq!(parts(&found), [300, 500, 500, 300, 0, 0]);
    assert_eq!(found[0].goods.as_deref(), Some("一桶油"));
    assert_eq!(total(&found), Ok(Fen::new(1_600)));
}

#[test]
fn who_is_excluded_has_no_rank_and_takes_none_from_others() {
    let terms = awards(vec![prize(1, 1, 500, "")]);
    let mut candidates = all(&[9, 7]);
    candidates[0].left_out = Some(LeftOut::Excluded(Exclusion::MovedAway));
    let found = lines(&terms, candidates).unwrap();
    assert_eq!((found[0].rank, found[1].rank), (None, Some(1)));
    assert_eq!(LeftOut::from_name("moved_away"), found[0].of.left_out);
}

#[test]
fn prizes_follow_each_other_and_are_something() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let year = (day("2026-01-01"), day("2026-12-31"));
    let now = "2027-01-10T02:00:00Z".parse().unwrap();
    assert_eq!(awards(vec![prize(1, 1, 5, ""), prize(2, 4, 0, "米")]).check(year, now), Ok(()));
    for bad in [
        vec![],
        vec![prize(2, 2, 5, "")],
        vec![prize(1, 1, 5, ""), prize(3, 3, 5, "")],
        vec![prize(1, 1, 0, " ")],
        vec![prize(1, 2_000, 5, "")],
        vec![prize(1, 1, 0, "低保名额")],
    ] {
        assert_eq!(awards(bad).check(year, now), Err(Refusal::PrizesInvalid));
    }
    let early = "2026-12-31T02:00:00Z".parse().unwrap();
    assert_eq!(dividend(5, false).check(year, early), Err(Refusal::PayoutPeriod));
    assert_eq!(dividend(0, false).check(year, now), Err(Refusal::PoolInvalid));
}

#[test]
fn points_are_used_up_only_if_the_terms_say_so() {
    let line = lines(&dividend(100, true), all(&[5])).unwrap().remove(0);
    let take = |terms: &Terms| {
        let id = EntryId(Uuid::nil());
        used_up(terms, PayoutId(Uuid::nil()), &line, NaiveDate::default(), id)
    };
    assert_eq!(take(&dividend(100, false)), None);
    let taken = take(&dividend(100, true)).unwrap();
    assert_eq!((taken.amount, taken.counter), (-500, Counter::Dividend));
}

#[test]
fn a_plan_waits_for_answers_and_hangs_again_when_it_was_reckoned_anew() {
    assert_eq!(settle(true, true), Next::Waits);
    assert_eq!(settle(false, true), Next::HangsAgain);
    assert_eq!(settle(false, false), Next::TakesEffect);
}

#[test]
fn a_vote_carries_as_the_adoption_of_a_book_does() {
    let now = "2027-01-10T02:00:00Z".parse().unwrap();
    let held_on = "2027-01-09".parse().unwrap();
    let voted = |votes_for, votes_against| {
        let resolution = Resolution { held_on, present: 40, votes_for, votes_against };
        vote(State::Draft, &resolution, now)
    };
    assert_eq!(voted(21, 19), Ok(State::Voted));
    assert_eq!(voted(20, 0), Err(Refusal::ResolutionNotCarried));
}

#[test]
fn money_leaves_the_fund_once_by_somebody_who_did_not_prepare_it() {
    let [maker, other] = [1, 2].map(|n| Hand { user: UserId(Uuid::from_u128(n)), villager: None });
    assert_eq!(pay(State::Effective, maker, other), Ok(State::Paid));
    assert_eq!(pay(State::Effective, maker, maker), Err(Refusal::CheckerIsMaker));
    assert_eq!(pay(State::Paid, maker, other), Err(Refusal::PayoutState));
    assert_eq!(pay(State::Disputed, maker, other), Err(Refusal::PayoutState));
}

#[test]
fn the_part_of_who_died_is_handed_out_with_a_note() {
    let line = lines(&dividend(100, false), all(&[5])).unwrap().remove(0);
    let said =
        |note: &str| HandOver {
            how: How::Cash, received_by: "李小红".into(), note: note.into()
        };
    let hand =
        |own, residence, note: &str| hand_over(State::Paid, &line, own, residence, &said(note));
    assert_eq!(hand(false, Some(Residence::Resident), ""), Ok(()));
    assert_eq!(hand(true, Some(Residence::Resident), ""), Err(Refusal::OwnHousehold));
    assert_eq!(hand(false, Some(Residence::Deceased), ""), Err(Refusal::ReasonMissing));
    assert_eq!(hand(false, Some(Residence::Deceased), "由女儿代领"), Ok(()));
}

proptest! {
    #[test]
    fn parts_are_the_pool_whoever_is_left_out(
        pool in 1_i64..=1_000_000_000_000,
        points in prop::collection::vec((-50_i32..500, any::<bool>()), 1..60),
    ) {
        let candidates: Vec<_> = (1..).zip(&points).map(|(n, (points, struck))| {
            one(n, *points, struck.then_some(LeftOut::Struck))
        }).collect();
        match lines(&dividend(pool, false), candidates) {
            Ok(found) => {
                prop_assert_eq!(total(&found), Ok(Fen::new(pool)));
                for line in &found {
                    let earned = line.of.left_out.is_none() && line.of.points.is_positive();
                    prop_assert!(earned || line.fen == Fen::ZERO);
                }
            }
            Err(why) => {
                prop_assert_eq!(why, Refusal::NobodyEarned);
                prop_assert!(points.iter().all(|(points, struck)| *struck || *points <= 0));
            }
        }
    }

    #[test]
    fn who_earned_more_never_ranks_behind(points in prop::collection::vec(0_i32..30, 1..40)) {
        let terms = awards(vec![prize(1, 1_000, 1, "")]);
        if let Ok(found) = lines(&terms, all(&points)) {
            for a in &found {
                for b in &found {
                    if let (Some(first), Some(second)) = (a.rank, b.rank) {
                        prop_assert_eq!(a.of.points > b.of.points, first < second);
                    }
                }
            }
        }
    }
}
