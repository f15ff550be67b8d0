use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::brake::{Brake, BrakePolicy, CycleShare, Step, confirm, points_issued, watch};
use super::*;
use crate::calendar::Cycle;
use crate::four_eyes::Hand;
use crate::id::{FundAccountId, FundVoucherId, UserId};
use crate::objection::Verdict;
use crate::points::{BasisPoints, Fen, Points};
use crate::refusal::Refusal;

fn account(n: u8) -> FundAccountId {
    FundAccountId(Uuid::from_u128(u128::from(n)))
}

fn user(n: u8) -> Hand {
    Hand { user: UserId(Uuid::from_u128(u128::from(n))), villager: None }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-22T04:00:00Z".parse().unwrap()
}

fn voucher(n: u128, kind: VoucherKind, amount: i64) -> Voucher {
    Voucher {
        id: FundVoucherId(Uuid::from_u128(n)),
        kind,
        account: account(1),
        to: (kind == VoucherKind::Transfer).then_some(account(2)),
        amount: Fen::new(amount),
        happened_on: day("2026-11-22"),
        settles: false,
        corrects: None,
        state: VoucherState::Prepared,
        made_by: user(1),
    }
}

fn fund() -> BTreeMap<FundAccountId, Purse> {
    [(account(1), Purse::default()), (account(2), Purse::default())].into()
}

fn held(fund: &BTreeMap<FundAccountId, Purse>) -> i64 {
    fund.values().map(|purse| purse.balance.get()).sum()
}

const IN: [VoucherKind; 4] =
    [VoucherKind::Donation, VoucherKind::Appropriation, VoucherKind::Income, VoucherKind::Takings];

proptest! {
    #[test]
    fn what_the_accounts_hold_is_what_the_entries_add_up_to_and_never_below_zero(
        list in proptest::collection::vec((0_usize..6, 1_i64..500, any::<bool>()), 0..60),
    ) {
        let mut fund = fund();
        let mut booked: Vec<Voucher> = Vec::new();
        let mut entries = Vec::new();
        for (n, (kind, amount, back)) in list.into_iter().enumerate() {
            let id = n as u128 + 1;
            let (voucher, corrected) = match (back, booked.pop()) {
                (true, Some(last)) => {
                    let new_id = FundVoucherId(Uuid::from_u128(id));
                    (last.corrected_by(new_id, false, user(1), now()).unwrap(), Some(last))
                }
                (_, last) => {
                    booked.extend(last);
                    let kinds = [IN[0], IN[1], IN[2], IN[3], VoucherKind::Payment, VoucherKind::Transfer];
                    (voucher(id, kinds[kind], amount), None)
                }
            };
            let before = fund.clone();
            match book(&voucher, corrected.as_ref(), &mut fund) {
                Ok(done) => {
                    entries.extend(done);
                    if corrected.is_none() {
                        booked.push(voucher.booked_by(user(2)).unwrap());
                    }
                }
                Err(refusal) => {
                    prop_assert!(matches!(refusal, Refusal::FundTooLow { .. }), "{refusal:?}");
                    prop_assert_eq!(&before, &fund);
                    booked.extend(corrected);
                }
            }
        }
        for (id, purse) in &fund {
            let own: Vec<&Entry> = entries.iter().filter(|entry| entry.account == *id).collect();
            prop_assert_eq!(own.iter().map(|entry| entry.amount.get()).sum::<i64>(), purse.balance.get());
            prop_assert!(own.iter().all(|entry| entry.balance_after >= Fen::ZERO));
            let versions: Vec<_> = own.iter().map(|entry| entry.account_version).collect();
            prop_assert_eq!(versions, (1..=purse.version).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_brake_issues_no_more_than_its_share_and_never_for_a_day_that_was_not_announced(
        hundredths in 1_i64..1_000_000_000, bp in 0_u16..10_000, notice in 3_u16..=60,
        past in 0_u64..400,
    ) {
        let issued = BasisPoints::new(bp).unwrap();
        let policy =
            BrakePolicy { warn_below: 10_000, brake_below: 8_000, issued, notice_days: notice };
        let today = day("2026-11-22");
        let Step::Announce(brake) = watch(&policy, Some(7_999), None, true, today) else {
            panic!("coverage below the line announces a brake");
        };
        prop_assert_eq!((brake.from - today).num_days(), i64::from(notice) + 1);
        let points = Points::from_hundredths(hundredths);
        let earlier = brake.from - chrono::Days::new(past + 1);
        prop_assert_eq!(points_issued(&[brake], points, earlier), points);
        let braked = points_issued(&[brake], points, brake.from).hundredths();
        prop_assert!(braked * 10_000 <= hundredths * i64::from(bp));
        prop_assert!((braked + 1) * 10_000 > hundredths * i64::from(bp));
    }
}

#[test]
fn a_voucher_is_booked_by_a_second_person_once() {
    let donation = voucher(1, VoucherKind::Donation, 100);
    assert_eq!(donation.clone().booked_by(user(1)), Err(Refusal::CheckerIsMaker));
    let booked = donation.booked_by(user(2)).unwrap();
    let twice = booked.booked_by(user(3));
    assert_eq!(twice, Err(Refusal::VoucherState { state: VoucherState::Booked }));
}

#[test]
fn who_prepared_a_voucher_takes_it_back_and_nobody_else() {
    let donation = voucher(1, VoucherKind::Donation, 100);
    assert_eq!(donation.clone().withdrawn_by(user(2).user), Err(Refusal::Forbidden));
    let back = donation.withdrawn_by(user(1).user).unwrap();
    assert_eq!(back.state, VoucherState::Withdrawn);
    assert!(back.refused_by(user(2)).is_err());
}

#[test]
fn more_than_an_account_holds_is_not_paid_and_a_closed_one_moves_nothing() {
    let mut fund = fund();
    book(&voucher(1, VoucherKind::Donation, 100), None, &mut fund).unwrap();
    let payment = voucher(2, VoucherKind::Payment, 101);
    let left = Fen::new(100);
    assert_eq!(book(&payment, None, &mut fund), Err(Refusal::FundTooLow { left }));
    fund.get_mut(&account(2)).unwrap().closed = true;
    let transfer = voucher(3, VoucherKind::Transfer, 50);
    assert_eq!(book(&transfer, None, &mut fund), Err(Refusal::FundAccountClosed));
    assert_eq!(held(&fund), 100);
}

#[test]
fn what_settles_a_statement_is_not_taken_back_and_a_correction_neither() {
    let mut paid = voucher(1, VoucherKind::Payment, 100).booked_by(user(2)).unwrap();
    paid.settles = true;
    let id = FundVoucherId(Uuid::from_u128(9));
    assert_eq!(paid.corrected_by(id, false, user(1), now()), Err(Refusal::VoucherSettles));
    paid.settles = false;
    assert_eq!(paid.corrected_by(id, true, user(1), now()), Err(Refusal::VoucherCorrected));
    let back = paid.corrected_by(id, false, user(1), now()).unwrap();
    let back = back.booked_by(user(2)).unwrap();
    assert!(back.corrected_by(id, false, user(1), now()).is_err());
}

#[test]
fn a_payment_that_came_back_is_taken_back_by_a_correction_that_settles_nothing() {
    let mut paid = voucher(1, VoucherKind::Payment, 100);
    let id = FundVoucherId(Uuid::from_u128(9));
    assert!(paid.returned_by(id, user(1), now()).is_err());
    paid.settles = true;
    assert!(paid.returned_by(id, user(1), now()).is_err());
    let paid = paid.booked_by(user(2)).unwrap();
    let back = paid.returned_by(id, user(1), now()).unwrap();
    assert_eq!((back.kind, back.corrects), (VoucherKind::Correction, Some(paid.id)));
    assert!(!back.settles);
    assert_eq!(back.clone().booked_by(user(1)), Err(Refusal::CheckerIsMaker));
    let mut fund = fund();
    let before = held(&fund);
    let back = back.booked_by(user(2)).unwrap();
    book(&back, Some(&paid), &mut fund).unwrap();
    assert_eq!(held(&fund), before + 100);
}

#[test]
fn a_voucher_has_an_amount_a_day_that_was_and_two_accounts_only_if_it_moves_between_them() {
    let good = voucher(1, VoucherKind::Donation, 1);
    assert_eq!(good.check(now()), Ok(()));
    assert_eq!(voucher(1, VoucherKind::Transfer, 1).check(now()), Ok(()));
    let nothing = Voucher { amount: Fen::ZERO, ..good.clone() };
    assert_eq!(nothing.check(now()), Err(Refusal::PriceInvalid));
    let too_much = Voucher { amount: Fen::new(AMOUNT_MAX.get() + 1), ..good.clone() };
    assert_eq!(too_much.check(now()), Err(Refusal::PriceInvalid));
    let two = Voucher { to: Some(account(2)), ..good.clone() };
    assert_eq!(two.check(now()), Err(Refusal::VoucherAccounts));
    let itself = Voucher { to: Some(account(1)), kind: VoucherKind::Transfer, ..good.clone() };
    assert_eq!(itself.check(now()), Err(Refusal::VoucherAccounts));
    let tomorrow = Voucher { happened_on: day("2026-11-23"), ..good };
    assert_eq!(tomorrow.check(now()), Err(Refusal::DeedInFuture));
}

#[test]
fn coverage_is_what_is_held_by_what_is_owed_and_none_where_nothing_is() {
    let liability = Liability {
        points: Points::whole(1_000),
        points_worth: Fen::yuan(320),
        star_credit: Fen::yuan(400),
        merchants_unpaid: Fen::yuan(80),
        goods_reserved: Fen::yuan(150),
        dividends_unpaid: Fen::yuan(50),
    };
    assert_eq!(liability.total(), Ok(Fen::yuan(1_000)));
    let of = |held| Coverage { held, liability }.basis_points();
    assert_eq!(of(Fen::yuan(750)), Ok(Some(7_500)));
    assert_eq!(of(Fen::yuan(2_000)), Ok(Some(20_000)));
    assert_eq!(of(Fen::new(9)), Ok(Some(0)));
    assert_eq!(Coverage::default().basis_points(), Ok(None));
}

const POLICY: BrakePolicy = BrakePolicy {
    warn_below: 10_000,
    brake_below: 8_000,
    issued: BasisPoints::ZERO,
    notice_days: 7,
};

#[test]
fn low_coverage_is_told_once_until_it_has_recovered() {
    let today = day("2026-11-22");
    let look = |share, warned| watch(&POLICY, Some(share), None, warned, today);
    assert_eq!(look(10_000, false), Step::Nothing);
    assert_eq!(look(9_999, false), Step::Warn);
    assert_eq!(look(9_999, true), Step::Nothing);
    assert_eq!(look(10_000, true), Step::Recovered);
    assert_eq!(watch(&POLICY, None, None, false, today), Step::Nothing);
}

#[test]
fn a_brake_is_called_off_before_its_first_day_and_lifted_with_the_day_after() {
    let today = day("2026-11-22");
    let Step::Announce(brake) = watch(&POLICY, Some(7_999), None, false, today) else {
        panic!("a brake is announced");
    };
    assert_eq!(brake.from, day("2026-11-30"));
    assert_eq!(watch(&POLICY, Some(7_999), Some(&brake), true, today), Step::Nothing);
    let off = watch(&POLICY, Some(8_000), Some(&brake), true, today);
    assert_eq!(off, Step::Lift(day("2026-11-29")));
    let never = Brake { until: Some(day("2026-11-29")), ..brake };
    assert!(!never.holds_on(day("2026-11-29")) && !never.holds_on(day("2026-11-30")));
    let later = day("2026-12-10");
    assert_eq!(watch(&POLICY, Some(8_000), Some(&brake), true, later), Step::Lift(later));
    let lifted = Brake { until: Some(later), ..brake };
    assert!(lifted.holds_on(later) && !lifted.holds_on(day("2026-12-11")));
}

#[test]
fn half_a_brake_rounds_down_and_leaves_deductions_alone() {
    let half = BasisPoints::new(5_000).unwrap();
    let brakes = [Brake { from: day("2026-12-01"), until: None, issued: half }];
    let on = day("2026-12-01");
    assert_eq!(points_issued(&brakes, Points::from_hundredths(5), on).hundredths(), 2);
    let taken = Points::whole(-3);
    assert_eq!(points_issued(&brakes, taken, on), taken);
}

fn cycle_issues(brakes: &[Brake], credit: i64) -> i64 {
    let share = CycleShare::of(brakes, day("2026-10-01"), day("2026-12-31"));
    share.issue(Fen::new(credit)).get()
}

#[test]
fn star_credit_of_a_cycle_is_issued_by_the_share_of_its_days() {
    let half = BasisPoints::new(5_000).unwrap();
    let from = |from| Brake { from: day(from), until: None, issued: half };
    // 92 days of which the last ten are braked: 82 + 10 × 0.5 = 87.
    assert_eq!(cycle_issues(&[from("2026-12-22")], 160_000), 160_000 * 87 / 92);
    assert_eq!(cycle_issues(&[from("2027-01-01")], 160_000), 160_000);
    assert_eq!(cycle_issues(&[from("2026-10-01")], 40_001), 20_000);
    let lifted = Brake { until: Some(day("2026-10-10")), ..from("2026-09-01") };
    // Ten days at its beginning are worth as much as ten at its end.
    assert_eq!(cycle_issues(&[lifted], 160_000), 160_000 * 87 / 92);
    let none = Brake { issued: BasisPoints::ZERO, ..from("2026-12-31") };
    assert_eq!(cycle_issues(&[from("2026-12-22"), none], 92 * 10_000), 82 * 10_000 + 9 * 5_000);
    assert_eq!(cycle_issues(&[from("2026-12-22")], 0), 0);
    let told = |brakes: &[Brake]| {
        CycleShare::of(brakes, day("2026-10-01"), day("2026-12-31"))
            .held_back()
            .map(BasisPoints::get)
    };
    assert_eq!((told(&[from("2026-12-22")]), told(&[])), (Some(9_456), None));
}

proptest! {
    #[test]
    fn a_braked_day_costs_a_cycle_its_own_share_and_no_other(
        credit in 0_i64..10_000_000, braked in 0_u64..92, issued in 0_u16..10_000,
    ) {
        let last = day("2026-12-31");
        let from = last - chrono::Days::new(braked) + chrono::Days::new(1);
        let issued_bp = BasisPoints::new(issued).unwrap();
        let found = cycle_issues(&[Brake { from, until: None, issued: issued_bp }], credit);
        let braked = i64::try_from(braked).unwrap();
        let owed = i128::from(credit) * i128::from((92 - braked) * 10_000 + braked * i64::from(issued));
        prop_assert_eq!(i128::from(found), owed / 920_000);
        // What the open days promised is issued, whatever the brake says.
        prop_assert!(found >= credit * (92 - braked) / 92 && found <= credit);
        prop_assert!(braked > 0 || found == credit);
    }
}

#[test]
fn a_policy_whose_lines_or_days_cannot_hold_is_refused() {
    assert_eq!(POLICY.check(), Ok(()));
    for wrong in [
        BrakePolicy { warn_below: 7_999, ..POLICY },
        BrakePolicy { warn_below: 100_001, ..POLICY },
        BrakePolicy { issued: BasisPoints::new(10_000).unwrap(), ..POLICY },
        BrakePolicy { notice_days: 2, ..POLICY },
        BrakePolicy { notice_days: 61, ..POLICY },
    ] {
        assert_eq!(wrong.check(), Err(Refusal::BrakePolicyInvalid), "{wrong:?}");
    }
}

#[test]
fn a_statement_adds_up_and_lists_every_movement_but_transfers() {
    let line = |number, kind, amount| Booked {
        number,
        kind,
        party: party_on_the_board("王秀英", PartyShown::Masked),
        purpose: "修路".into(),
        amount: Fen::new(amount),
    };
    let booked = [
        line(1, VoucherKind::Donation, 500),
        line(2, VoucherKind::Payment, -200),
        line(3, VoucherKind::Transfer, 0),
        line(4, VoucherKind::Correction, 200),
        line(5, VoucherKind::Donation, 50),
    ];
    let figures = draw_up(Fen::new(1_000), &booked, &Coverage::default()).unwrap();
    assert_eq!(figures.closing_fen, Fen::new(1_550));
    assert_eq!(figures.came_in_fen["donation"], Fen::new(550));
    assert_eq!(figures.came_in_fen["correction"], Fen::new(200));
    assert_eq!(figures.went_out_fen["payment"], Fen::new(200));
    assert_eq!(figures.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 4, 5]);
    assert_eq!(figures.lines[0].party, "王*英");
    let many = vec![line(1, VoucherKind::Donation, 1); LINES_MAX + 1];
    let refused = draw_up(Fen::ZERO, &many, &Coverage::default());
    assert_eq!(refused, Err(Refusal::FundStatementTooLong { lines_max: 5_000 }));
}

#[test]
fn a_document_that_was_used_is_booked_by_who_names_the_vouchers_that_have_it() {
    let [first, second] = [1, 2].map(|n| FundVoucherId(Uuid::from_u128(n)));
    assert_eq!(document_known(&[], &[]), Ok(()));
    let earlier = [(first, 3), (second, 7)];
    let refused = |numbers| Err(Refusal::DocumentUsed { numbers });
    assert_eq!(document_known(&earlier, &[]), refused(vec![3, 7]));
    assert_eq!(document_known(&earlier, &[first]), refused(vec![7]));
    assert_eq!(document_known(&earlier, &[second, first]), Ok(()));
}

#[test]
fn a_policy_of_the_brake_holds_when_somebody_else_confirms_the_newest() {
    assert_eq!(confirm(user(1), user(2), true), Ok(()));
    assert_eq!(confirm(user(1), user(1), true), Err(Refusal::CheckerIsMaker));
    assert_eq!(confirm(user(1), user(2), false), Err(Refusal::BrakePolicyNotWaiting));
}

#[test]
fn a_fund_that_does_not_add_up_is_told_with_both_sums() {
    assert_eq!(adds_up(Fen::new(5), Fen::new(5)), Ok(()));
    let (held, booked) = (Fen::new(5), Fen::new(4));
    assert_eq!(adds_up(held, booked), Err(Refusal::FundBookDiffers { held, booked }));
}

#[test]
fn who_gives_is_named_as_they_wish() {
    assert_eq!(party_on_the_board("王秀英", PartyShown::Named), "王秀英");
    assert_eq!(party_on_the_board("王秀英", PartyShown::Masked), "王*英");
    assert_eq!(party_on_the_board("王秀英", PartyShown::Anonymous), "匿名");
}

#[test]
fn a_statement_is_put_up_by_a_second_person_and_stands_or_falls() {
    use StatementState::{Disputed, Drawn, OnNotice, Published, Struck};
    assert_eq!(Drawn.published_by(user(1), user(1), 7), Err(Refusal::CheckerIsMaker));
    assert_eq!(Drawn.published_by(user(1), user(2), 60), Ok(OnNotice));
    for days in [0, 61] {
        let wrong = Err(Refusal::FundNoticeDays { days_min: 1, days_max: 60 });
        assert_eq!(Drawn.published_by(user(1), user(2), days), wrong);
    }
    assert_eq!(OnNotice.published_by(user(1), user(2), 7), Err(Refusal::FundStatementState));
    assert_eq!(Drawn.discarded(), Ok(Struck));
    assert!(Published.discarded().is_err() && Drawn.over(false).is_err());
    assert_eq!((OnNotice.over(false), OnNotice.over(true)), (Ok(Published), Ok(Disputed)));
    assert_eq!(Struck.over(false), Ok(Struck));
    assert_eq!(Disputed.answered(Verdict::Upheld, true), Ok(Disputed));
    assert_eq!(Disputed.answered(Verdict::Upheld, false), Ok(Published));
    assert_eq!(OnNotice.answered(Verdict::Upheld, false), Ok(OnNotice));
    assert_eq!(OnNotice.answered(Verdict::Struck, true), Ok(Struck));
    assert_eq!(OnNotice.answered(Verdict::Corrected, false), Err(Refusal::CorrectionInvalid));
    assert!(Published.takes_objection().is_err() && OnNotice.takes_objection().is_ok());
}

#[test]
fn a_period_is_stated_once_it_is_over() {
    let month: Cycle = "2026-11".parse().unwrap();
    let until = day("2026-11-30");
    assert_eq!(is_over(month, now()), Err(Refusal::FundPeriodOpen { until }));
    assert_eq!(is_over("2026-10".parse().unwrap(), now()), Ok(()));
}
