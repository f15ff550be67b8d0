//! Lines of payouts by hand and for any weights, and how a plan goes on.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::claim::Ties;
use crate::dividend::PaidIn;
use crate::four_eyes::Hand;
use crate::fund::AMOUNT_MAX;
use crate::id::{AccountId, ClaimId, EntryId, HouseholdId, PayoutId, RedemptionId, UserId};
use crate::ledger::{Counter, Source};
use crate::lots::Movement;
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
    let take = |terms: &Terms, left: i32| {
        let entry = (NaiveDate::default(), EntryId(Uuid::nil()));
        used_up(terms, PayoutId(Uuid::nil()), &line, Points::whole(left), entry)
    };
    assert_eq!(take(&dividend(100, false), 9), None);
    let taken = take(&dividend(100, true), 9).unwrap();
    assert_eq!((taken.amount, taken.counter), (-500, Counter::Dividend));
    assert_eq!(take(&dividend(100, true), 2).unwrap().amount, -200, "the rest was redeemed");
    assert_eq!(take(&dividend(100, true), 0), None);
}

/// An entry of the points purse: what a claim brought, or what something else took.
fn moved(n: u128, day: &str, claim: Option<u128>, points: i32) -> Movement {
    let source = match claim {
        Some(claim) => Source::Claim(ClaimId(Uuid::from_u128(claim))),
        None => Source::Redemption(RedemptionId(Uuid::from_u128(n))),
    };
    Movement {
        entry: EntryId(Uuid::from_u128(n)),
        day: day.parse().unwrap(),
        amount: Points::whole(points),
        reverses: None,
        expires: None,
        cause: (source, 0),
    }
}

fn claims(ids: &[u128]) -> BTreeSet<ClaimId> {
    ids.iter().map(|n| ClaimId(Uuid::from_u128(*n))).collect()
}

#[test]
fn points_of_the_next_year_are_not_used_up_for_those_of_this_one() {
    // Earned 100 and redeemed 80 in 2026, earned 60 in January: of what was paid for 20 are left.
    let purse = [
        moved(1, "2026-05-01", Some(11), 100),
        moved(2, "2026-09-01", None, -80),
        moved(3, "2027-01-05", Some(12), 60),
    ];
    assert_eq!(left_of(&purse, &claims(&[11])), Ok(Points::whole(20)));
    // Points of an item that counts for no dividend stand in the same purse and are let alone.
    assert_eq!(left_of(&purse, &claims(&[])), Ok(Points::ZERO));
}

#[test]
fn what_came_out_above_what_was_voted_for_is_voted_on_again() {
    assert!(needs_new_vote(Fen::new(501), Some(Fen::new(500))));
    assert!(!needs_new_vote(Fen::new(500), Some(Fen::new(500))));
    assert!(!needs_new_vote(Fen::new(500), None));
    assert_eq!(short_by(Fen::new(500), Fen::new(120)), Fen::new(380));
    assert_eq!(short_by(Fen::new(500), Fen::new(900)), Fen::ZERO);
}

#[test]
fn more_than_one_voucher_can_pay_is_refused_with_the_most() {
    let terms = awards(vec![prize(1, 2, AMOUNT_MAX.get(), "")]);
    let refused = lines(&terms, all(&[5, 4])).and_then(|found| total(&found));
    assert_eq!(refused, Err(Refusal::PayoutTooLarge { most: AMOUNT_MAX }));
    let exact = lines(&terms, all(&[5])).and_then(|found| total(&found));
    assert_eq!(exact, Ok(AMOUNT_MAX));
}

#[test]
fn whose_part_fell_is_known_with_what_it_is_now() {
    let terms = awards(vec![prize(1, 1, 0, "锦旗"), prize(2, 2, 300, "")]);
    let before = lines(&terms, all(&[9, 7, 1])).unwrap();
    let after = lines(&terms, all(&[9, 9, 1])).unwrap();
    let fell: Vec<_> = lowered(&before, &after).iter().map(|(line, _)| line.of.account).collect();
    assert_eq!(fell, [before[1].of.account], "a flag in the place of money");
    assert!(lowered(&before, &before).is_empty());
}

#[test]
fn since_it_hung_somebody_else_takes_a_plan_back_and_once_paid_nobody_does() {
    let [one, other] = [1, 2].map(|n| Hand { user: UserId(Uuid::from_u128(n)), villager: None });
    assert_eq!(withdraw(State::Draft, None, one), Ok(State::Withdrawn));
    for state in [State::OnNotice, State::Disputed, State::Effective] {
        assert_eq!(withdraw(state, Some(one), one), Err(Refusal::CheckerIsMaker));
        assert_eq!(withdraw(state, Some(one), other), Ok(State::Withdrawn));
    }
    assert_eq!(withdraw(State::Paid, Some(one), other), Err(Refusal::PayoutState));
}

#[test]
fn the_household_concerned_objects_until_the_money_has_left() {
    assert_eq!(State::OnNotice.takes_objection(false), Ok(()));
    assert_eq!(State::Effective.takes_objection(true), Ok(()));
    assert_eq!(State::Effective.takes_objection(false), Err(Refusal::PayoutState));
    assert_eq!(State::Paid.takes_objection(true), Err(Refusal::PayoutState));
}

#[test]
fn the_board_says_nothing_against_anybody() {
    let on: NaiveDate = "2027-01-10".parse().unwrap();
    let born = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
    assert_eq!(name_shown("王秀英", false, None, on), "王秀英");
    assert_eq!(name_shown("王秀英", true, None, on), "王*英");
    assert_eq!(name_shown("王小明", false, born("2009-01-11"), on), "王*明");
    assert_eq!(name_shown("王小明", false, born("2009-01-10"), on), "王小明");
    assert_eq!(points_shown(Points::whole(-3)), Points::ZERO);
    assert_eq!(points_shown(Points::whole(3)), Points::whole(3));
}

#[test]
fn a_payout_is_not_called_after_what_everybody_has_a_right_to() {
    assert_eq!(check_title("年度积分分红"), Ok(()));
    assert_eq!(check_title("见义勇为救助群众表彰"), Ok(()));
    let word = "医疗";
    assert_eq!(check_title("医疗补助发放"), Err(Refusal::PurposeForbidden { word }));
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
    assert_eq!(pay(State::Effective, maker, &[], other), Ok(State::Paid));
    assert_eq!(pay(State::Effective, maker, &[], maker), Err(Refusal::CheckerIsMaker));
    assert_eq!(pay(State::Effective, maker, &[other.user], other), Err(Refusal::AlreadyDecided));
    assert_eq!(pay(State::Paid, maker, &[], other), Err(Refusal::PayoutState));
    assert_eq!(pay(State::Disputed, maker, &[], other), Err(Refusal::PayoutState));
}

#[test]
fn the_part_of_who_died_is_handed_out_with_a_note() {
    let line = lines(&dividend(100, false), all(&[5])).unwrap().remove(0);
    let said =
        |note: &str| HandOver {
            how: How::Cash, received_by: "李小红".into(), note: note.into()
        };
    let ties = |same_household, kin| Ties { same_household, kin, ..Ties::default() };
    let hand = |ties, standing, residence, note: &str| {
        hand_over(State::Paid, &line, ties, standing, residence, &said(note))
    };
    let (free, here) = (Ties::default(), Some(Residence::Resident));
    assert_eq!(hand(free, false, here, ""), Ok(()));
    assert_eq!(hand(ties(true, false), false, here, ""), Err(Refusal::OwnHousehold));
    assert_eq!(hand(ties(false, true), false, here, ""), Err(Refusal::DeclaredKin));
    assert_eq!(hand(free, true, here, ""), Err(Refusal::PartHandedOut));
    let gone = Some(Residence::Deceased);
    assert_eq!(hand(free, false, gone, ""), Err(Refusal::ReasonMissing));
    assert_eq!(hand(free, false, gone, "由女儿代领"), Ok(()));
}

#[test]
fn a_handover_put_down_by_mistake_is_taken_back_by_somebody_else() {
    let [one, other] = [1, 2].map(|n| Hand { user: UserId(Uuid::from_u128(n)), villager: None });
    let back = |standing, by| reverse(State::Paid, standing, Ties::default(), by);
    assert_eq!(back(Some(one), other), Ok(()));
    assert_eq!(back(Some(one), one), Err(Refusal::CheckerIsMaker));
    assert_eq!(back(None, other), Err(Refusal::PartNotHandedOut));
}

proptest! {
    /// Whatever is earned and redeemed in whatever order: a part uses up no more than it was paid for, no
    /// more than what is left of that, and so leaves all that was earned for something else.
    #[test]
    fn what_a_part_uses_up_was_earned_in_its_period_and_is_still_there(
        steps in prop::collection::vec((any::<bool>(), 1_i32..50, any::<bool>()), 1..40),
        weight in 0_i32..800,
    ) {
        let (mut purse, mut held, mut counted, mut others) = (Vec::new(), 0, Vec::new(), Vec::new());
        for (n, (spends, points, counts)) in (1_u128..).zip(&steps) {
            let amount = if *spends { -held.min(*points) } else { *points };
            if amount == 0 {
                continue;
            }
            held += amount;
            purse.push(moved(n, "2026-05-01", (!spends).then_some(n), amount));
            if !spends {
                if *counts { counted.push(n) } else { others.push(n) }
            }
        }
        let left = left_of(&purse, &claims(&counted)).unwrap();
        let elsewhere = left_of(&purse, &claims(&others)).unwrap();
        prop_assert_eq!(left.hundredths() + elsewhere.hundredths(), i64::from(held) * 100);
        let line = Line {
            of: one(1, weight, None), rank: None, fen: Fen::new(1), title: None, goods: None,
        };
        let entry = (NaiveDate::default(), EntryId(Uuid::nil()));
        let taken = used_up(&dividend(100, true), PayoutId(Uuid::nil()), &line, left, entry);
        let taken = taken.map_or(0, |posting| -posting.amount);
        prop_assert_eq!(taken, left.hundredths().min(i64::from(weight) * 100));
        prop_assert!(i64::from(held) * 100 - taken >= elsewhere.hundredths());
    }

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
