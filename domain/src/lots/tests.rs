use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn entry(n: u128) -> EntryId {
    EntryId(Uuid::from_u128(n))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn h(hundredths: i64) -> Points {
    Points::from_hundredths(hundredths)
}

fn lot(n: u128, on: &str, left: i64) -> Lot {
    Lot { entry: entry(n), day: day(on), left: h(left), settled: None }
}

fn part(n: u128, points: i64) -> Part {
    Part { entry: entry(n), points: h(points) }
}

fn moved(n: u128, on: &str, amount: i64) -> Movement {
    let cause = (Source::Claim(crate::id::ClaimId(Uuid::from_u128(n))), 0);
    Movement {
        entry: entry(n),
        day: day(on),
        amount: h(amount),
        reverses: None,
        expires: None,
        cause,
    }
}

fn left(lots: &[Lot]) -> Vec<i64> {
    lots.iter().map(|lot| lot.left.hundredths()).collect()
}

const RESET: PointsPolicy = PointsPolicy::YearEndReset { grace_days: 31 };

fn carry(share: u16) -> PointsPolicy {
    PointsPolicy::CarryOver { share_bp: BasisPoints::new(share).unwrap() }
}

#[test]
fn what_goes_out_is_taken_from_the_oldest_first_however_the_lots_stand() {
    let mut lots =
        [lot(3, "2026-05-01", 300), lot(1, "2026-01-01", 100), lot(2, "2026-01-01", 200)];
    assert_eq!(take(&mut lots, h(250)), [part(1, 100), part(2, 150)]);
    assert_eq!(left(&lots), [0, 50, 300]);
    assert_eq!(take(&mut lots, h(1_000)), [part(2, 50), part(3, 300)]);
    assert_eq!(take(&mut lots, h(1)), []);
    assert_eq!(take(&mut [lot(1, "2026-01-01", 5)], h(-3)), []);
}

#[test]
fn a_reset_clears_the_year_and_what_is_older_once() {
    let mut lots = [
        lot(1, "2025-06-01", 100),
        lot(2, "2026-12-31", 200),
        lot(3, "2027-01-01", 300),
        lot(4, "2026-03-01", 0),
    ];
    assert_eq!(expire(&mut lots, RESET, 2026), [part(1, 100), part(2, 200)]);
    assert_eq!(expire(&mut lots, RESET, 2026), []);
    assert_eq!(sum(lots.iter().map(|lot| lot.left)), 300);
    assert_eq!(expire(&mut lots, PointsPolicy::Never, 2030), []);
}

#[test]
fn a_share_is_carried_over_once_a_year_and_rounded_down() {
    // Half of 3.01 is 1.505: 1.50 is kept, 1.51 runs out.
    let mut lots = [lot(1, "2026-06-01", 100), lot(2, "2026-07-01", 201)];
    assert_eq!(expire(&mut lots, carry(5_000), 2026), [part(1, 100), part(2, 51)]);
    assert_eq!(left(&lots), [0, 150]);
    assert_eq!(expire(&mut lots, carry(5_000), 2026), []);
    assert_eq!(expire(&mut lots, carry(5_000), 2027), [part(2, 75)]);
    assert_eq!(expire(&mut lots, carry(10_000), 2028), []);
}

#[test]
fn a_years_points_run_out_once_the_days_of_grace_are_over() {
    let over = |policy, today| last_year_over(policy, day(today));
    assert_eq!(over(RESET, "2027-01-31"), Some(2025));
    assert_eq!(over(RESET, "2027-02-01"), Some(2026));
    assert_eq!(over(carry(5_000), "2026-12-31"), Some(2025));
    assert_eq!(over(carry(5_000), "2027-01-01"), Some(2026));
    assert_eq!(over(PointsPolicy::Never, "2027-01-01"), None);
    let longest = PointsPolicy::YearEndReset { grace_days: u16::MAX };
    assert_eq!(over(longest, "2027-01-01"), Some(1846));
}

#[test]
fn what_takes_an_award_back_takes_its_own_lot_first() {
    let back = Movement { reverses: Some(entry(2)), ..moved(3, "2026-03-01", -200) };
    let list = [moved(1, "2026-01-01", 100), moved(2, "2026-02-01", 200), back];
    assert_eq!(left(&of(list).unwrap()), [100, 0]);
    let spent = moved(4, "2026-02-02", -150);
    let list = [list[0], list[1], spent, Movement { amount: h(-150), ..back }];
    assert_eq!(left(&of(list).unwrap()), [0, 0]);
}

#[test]
fn a_correction_keeps_the_year_of_what_it_corrects_and_only_what_it_adds_is_new() {
    let was = moved(1, "2026-06-01", 300);
    // What gives is posted before what takes.
    let corrected = |points| Movement { cause: (was.cause.0, 1), ..moved(3, "2027-01-05", points) };
    let back =
        Movement { reverses: Some(entry(1)), cause: was.cause, ..moved(4, "2027-01-05", -300) };
    let spent = moved(2, "2026-07-01", -200);
    let lots_of = |list: &[Movement]| left(&of(list.to_vec()).unwrap());
    assert_eq!(lots_of(&[was, corrected(400), back]), [300, 100]);
    assert_eq!(lots_of(&[was, corrected(200), back]), [200, 0]);
    // What was spent stays spent.
    assert_eq!(lots_of(&[was, spent, corrected(400), back]), [100, 100]);
    // What ran out stays gone, and what the correction adds is there.
    let gone = Movement { expires: Some(2026), ..moved(2, "2027-01-01", -300) };
    assert_eq!(lots_of(&[was, gone, corrected(400), back]), [0, 100]);
    // A second correction, of the first.
    let again = Movement { cause: (was.cause.0, 2), ..moved(5, "2027-02-01", 350) };
    let back_again = Movement {
        reverses: Some(entry(3)),
        cause: (was.cause.0, 1),
        ..moved(6, "2027-02-01", -400)
    };
    assert_eq!(lots_of(&[was, corrected(400), back, again, back_again]), [300, 50, 0]);
}

#[test]
fn a_redemption_that_lapses_returns_to_the_lots_that_it_came_from() {
    let list = [
        moved(1, "2026-01-01", 100),
        moved(2, "2026-02-01", 200),
        moved(3, "2026-03-01", -150),
        Movement { reverses: Some(entry(3)), ..moved(4, "2026-04-01", 150) },
    ];
    assert_eq!(of(list), Ok(vec![lot(1, "2026-01-01", 100), lot(2, "2026-02-01", 200)]));
    let too_much = [moved(1, "2026-01-01", 100), moved(2, "2026-01-02", -101)];
    assert_eq!(of(too_much), Err(Refusal::BalanceTooLow { points: h(100) }));
}

#[test]
fn points_of_a_december_deed_posted_in_january_are_januarys() {
    use crate::id::AccountId;
    use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
    let posting = Posting {
        id: entry(1),
        account: AccountId(Uuid::nil()),
        purse: Purse::Points,
        amount: 300,
        counter: Counter::Issue,
        source: Source::Claim(crate::id::ClaimId(Uuid::nil())),
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: day("2026-12-20"),
        effect: None,
        reverses: None,
        shortfall: Shortfall::Refuse,
    };
    let of_entry = |posting, on| {
        Movement::of(&Entry { posting, balance_after: 0, account_version: 1 }, day(on))
    };
    let award = of_entry(posting.clone(), "2027-01-10");
    let mut lots = of([award]).unwrap();
    assert_eq!(expire(&mut lots, RESET, 2026), []);
    let ran_out = Posting {
        id: entry(2),
        amount: -100,
        counter: Counter::Expiry,
        source: Source::Expiry(crate::id::PointsExpiryId(Uuid::nil())),
        happened_on: day("2027-12-31"),
        ..posting
    };
    let mut lots = of([award, of_entry(ran_out, "2028-02-01")]).unwrap();
    assert_eq!(lots, [Lot { settled: Some(2027), ..lot(1, "2027-01-10", 200) }]);
    assert_eq!(expire(&mut lots, RESET, 2027), []);
}

fn policies() -> impl Strategy<Value = PointsPolicy> {
    prop_oneof![
        Just(PointsPolicy::Never),
        (0_u16..400).prop_map(|grace_days| PointsPolicy::YearEndReset { grace_days }),
        (0_u16..=10_000).prop_map(carry),
    ]
}

fn some_lots() -> impl Strategy<Value = Vec<Lot>> {
    let one = (2024_i32..=2027, 1_u32..=365, 0_i64..=100_000);
    proptest::collection::vec(one, 0..20).prop_map(|list| {
        let lots = list.into_iter().zip(1..).map(|((year, nth, points), n)| Lot {
            entry: entry(n),
            day: NaiveDate::from_yo_opt(year, nth).unwrap_or_default(),
            left: h(points),
            settled: None,
        });
        lots.collect()
    })
}

fn total(lots: &[Lot]) -> i64 {
    left(lots).iter().sum()
}

fn gone(parts: &[Part]) -> i64 {
    parts.iter().map(|part| part.points.hundredths()).sum()
}

proptest! {
    #[test]
    fn what_is_taken_is_what_is_missing_and_comes_from_the_oldest(
        mut lots in some_lots(),
        amount in 0_i64..2_000_000,
    ) {
        let before = lots.clone();
        let parts = take(&mut lots, h(amount));
        prop_assert_eq!(gone(&parts), amount.min(total(&before)));
        prop_assert_eq!(total(&lots), total(&before) - gone(&parts));
        prop_assert!(lots.iter().all(|lot| lot.left >= Points::ZERO));
        // Nothing is taken from a lot while an older one holds anything.
        let full = |lot: &Lot| before.iter().any(|was| was == lot);
        let first_untouched = lots.iter().position(|lot| lot.left.is_positive());
        if let Some(at) = first_untouched {
            prop_assert!(lots[at + 1..].iter().all(full));
        }
    }

    #[test]
    fn an_expiry_conserves_the_sum_happens_once_and_leaves_younger_lots_alone(
        mut lots in some_lots(),
        policy in policies(),
        year in 2023_i32..=2028,
    ) {
        let before = lots.clone();
        let expired = expire(&mut lots, policy, year);
        prop_assert_eq!(total(&lots) + gone(&expired), total(&before));
        prop_assert!(lots.iter().all(|lot| lot.left >= Points::ZERO));
        let young = |lots: &[Lot]| -> i64 {
            let young = lots.iter().filter(|lot| lot.day.year() > year);
            young.map(|lot| lot.left.hundredths()).sum()
        };
        prop_assert_eq!(young(&lots), young(&before));
        let old = total(&before) - young(&before);
        let kept = match policy {
            PointsPolicy::Never => old,
            PointsPolicy::YearEndReset { .. } => 0,
            PointsPolicy::CarryOver { share_bp } => old * i64::from(share_bp.get()) / 10_000,
        };
        prop_assert_eq!(gone(&expired), old - kept);
        prop_assert_eq!(expire(&mut lots, policy, year), vec![]);
    }

    #[test]
    fn lots_read_off_the_ledger_hold_its_balance_and_do_not_expire_twice(
        amounts in proptest::collection::vec((1_i64..=10_000, 0_u32..100), 1..30),
        policy in policies(),
        lot_by_lot in any::<bool>(),
    ) {
        // Awards of 2026, each followed by spending some share of what is there.
        let (mut list, mut balance, mut n) = (Vec::new(), 0_i64, 0);
        for (award, share) in amounts {
            n += 2;
            balance += award;
            let spent = balance * i64::from(share) / 100;
            balance -= spent;
            list.push(moved(n, "2026-05-05", award));
            list.push(moved(n + 1, "2026-05-05", -spent));
        }
        let mut lots = of(list.clone()).unwrap();
        prop_assert_eq!(total(&lots), balance);
        let expired = expire(&mut lots, policy, 2026);
        let whole = [part(0, gone(&expired))];
        let recorded = if lot_by_lot { &expired[..] } else { &whole[..] };
        for one in recorded.iter().filter(|one| one.points.is_positive()) {
            n += 2;
            let amount = -one.points.hundredths();
            list.push(Movement { expires: Some(2026), ..moved(n, "2027-02-02", amount) });
        }
        let mut again = of(list).unwrap();
        prop_assert_eq!(left(&again), left(&lots));
        if gone(&expired) > 0 {
            prop_assert_eq!(expire(&mut again, policy, 2026), vec![]);
        }
    }
}
