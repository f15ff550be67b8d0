//! Parts of pools, by hand and for any pool and weights.

use proptest::prelude::*;

use super::*;

fn fen(parts: &[i64]) -> Vec<Fen> {
    parts.iter().copied().map(Fen::new).collect()
}

fn points(weights: &[i32]) -> Vec<Points> {
    weights.iter().copied().map(Points::whole).collect()
}

#[test]
fn three_equal_households_share_a_yuan_to_the_fen() {
    let parts = shares(Fen::yuan(1), &points(&[10, 10, 10]), PaidIn::Fen);
    assert_eq!(parts, Ok(fen(&[34, 33, 33])), "who stands first, where all lost the same");
}

#[test]
fn what_is_left_over_goes_to_who_lost_most_by_the_rounding() {
    // Of 1,000 fen: 333.3 and 222.2 and 444.4 of 9; the last lost most.
    let parts = shares(Fen::new(1_000), &points(&[3, 2, 4]), PaidIn::Fen);
    assert_eq!(parts, Ok(fen(&[333, 222, 445])));
    // In whole yuan the same pool has ten of them: 3.3, 2.2, 4.4.
    let parts = shares(Fen::new(1_000), &points(&[3, 2, 4]), PaidIn::WholeYuan);
    assert_eq!(parts, Ok(fen(&[300, 200, 500])));
}

#[test]
fn who_earned_nothing_or_less_gets_nothing_and_takes_from_nobody() {
    let parts = shares(Fen::new(101), &points(&[0, 5, -300, 5]), PaidIn::Fen);
    assert_eq!(parts, Ok(fen(&[0, 51, 0, 50])));
}

#[test]
fn a_pool_that_cannot_be_shared_says_why() {
    let share = |pool, weights: &[i32], paid_in| shares(Fen::new(pool), &points(weights), paid_in);
    assert_eq!(share(0, &[1], PaidIn::Fen), Err(NotShared::PoolEmpty));
    assert_eq!(share(-5, &[1], PaidIn::Fen), Err(NotShared::PoolEmpty));
    assert_eq!(share(150, &[1], PaidIn::WholeYuan), Err(NotShared::PoolNotWholeYuan));
    assert_eq!(share(150, &[0, -1], PaidIn::Fen), Err(NotShared::NobodyEarned));
    assert_eq!(share(150, &[], PaidIn::Fen), Err(NotShared::NobodyEarned));
}

proptest! {
    #[test]
    fn parts_sum_to_the_pool_and_nobody_is_a_unit_away_from_the_exact_share(
        yuan in 1_i64..=10_000_000_000,
        odd in 0_i64..100,
        whole in any::<bool>(),
        weights in proptest::collection::vec(-1_000_i64..=Points::MAX.hundredths(), 1..60),
    ) {
        let paid_in = if whole { PaidIn::WholeYuan } else { PaidIn::Fen };
        let pool = if whole { yuan * 100 } else { (yuan * 100 - odd).max(1) };
        let given: Vec<_> = weights.iter().copied().map(Points::from_hundredths).collect();
        let all: i128 = weights.iter().map(|weight| i128::from((*weight).max(0))).sum();
        let parts = shares(Fen::new(pool), &given, paid_in);
        if all == 0 {
            prop_assert_eq!(parts, Err(NotShared::NobodyEarned));
            return Ok(());
        }
        let parts = parts.unwrap();
        prop_assert_eq!(parts.iter().map(|part| i128::from(part.get())).sum::<i128>(), i128::from(pool));
        for (weight, part) in weights.iter().zip(&parts) {
            prop_assert_eq!(part.get() % paid_in.fen(), 0);
            // In whole numbers: part / unit × all is within all of pool / unit × weight, and never
            // less than the exact share rounded down.
            let exact = i128::from(pool / paid_in.fen()) * i128::from((*weight).max(0));
            let had = i128::from(part.get() / paid_in.fen());
            prop_assert!(had >= exact / all && had <= exact / all + 1, "{had} of {exact} / {all}");
            prop_assert!(*weight > 0 || had == 0);
        }
        // Who earned more never gets less.
        for (one, other) in (0..weights.len()).flat_map(|n| (0..n).map(move |m| (n, m))) {
            if weights[one] > weights[other] {
                prop_assert!(parts[one] >= parts[other]);
            }
        }
    }
}
