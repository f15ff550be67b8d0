use proptest::prelude::*;

use super::*;
use crate::person::Residence;
use crate::refusal::Refusal;

fn rated(effective: Effective) -> Line {
    rate(&book(), cycle("2026-Q3"), &standing(effective)).unwrap()
}

#[test]
fn the_bound_of_a_star_is_reached_to_the_hundredth() {
    let stars = |sum| rated(effective(sum)).star.get();
    assert_eq!(stars(3_500), 5);
    assert_eq!(stars(3_499), 4);
    assert_eq!(stars(0), 1);
    assert_eq!(stars(-1), 0);
    let too_much = standing(effective(i64::MAX));
    assert_eq!(rate(&book(), cycle("2026-Q3"), &too_much), Err(Refusal::AmountOutOfRange));
}

#[test]
fn wendengs_1060_are_four_stars_and_a_hundredth_more_are_five() {
    let stars =
        |sum| rate(&wendeng(), cycle("2026"), &standing(effective(sum))).unwrap().star.get();
    assert_eq!(stars(6_000), 4);
    assert_eq!(stars(6_001), 5);
    assert_eq!(stars(0), 2, "the default");
    assert_eq!(stars(-20_000), 0);
}

#[test]
fn an_entry_counts_while_its_effect_covers_the_last_day_of_the_cycle() {
    let counts = |from: &str, until: &str, of: &str| {
        counts_in(from.parse().unwrap(), until.parse().unwrap(), cycle(of))
    };
    // Until the cycle ends: in the cycle of the deed alone.
    assert!(counts("2026-07-01", "2026-09-30", "2026-Q3"));
    assert!(!counts("2026-07-01", "2026-09-30", "2026-Q2"));
    assert!(!counts("2026-07-01", "2026-09-30", "2026-Q4"));
    // Until the year ends: in this quarter and those to come.
    assert!(counts("2026-05-05", "2026-12-31", "2026-Q2"));
    assert!(counts("2026-05-05", "2026-12-31", "2026-Q4"));
    assert!(!counts("2026-05-05", "2026-12-31", "2027-Q1"));
    // A year from the day on: it runs out before the next year is over.
    assert!(counts("2026-03-05", "2027-03-04", "2026"));
    assert!(!counts("2026-03-05", "2027-03-04", "2027"));
    assert!(counts("2026-09-30", "2026-09-30", "2026-Q3"));
}

#[test]
fn who_is_left_out_has_the_reason_and_stays_left_out() {
    let q3 = cycle("2026-Q3");
    for &reason in Exclusion::ALL {
        assert_eq!(Exclusion::from_name(reason.as_str()), Some(reason));
        let gone = Standing { excluded: Some(reason), ..standing(effective(4_000)) };
        let line = rate(&book(), q3, &gone).unwrap();
        assert_eq!((line.star, line.excluded), (Star::NONE, Some(reason)));
        assert_eq!(line.score, Points::whole(100));
        assert_eq!(rate_again(&book(), q3, &line, effective(4_000)), Ok(line));
    }
    let there = rated(effective(4_000));
    assert_ne!(rate_again(&book(), q3, &there, effective(3_000)), Ok(there));
}

#[test]
fn a_person_is_left_out_with_their_own_reason_and_a_household_without_residents() {
    use Residence::{Deceased, MovedAway, OpenLegalCase, Resident, Student};
    let reasons = [Resident, Student, MovedAway, Deceased, OpenLegalCase].map(Exclusion::of_person);
    assert_eq!(reasons[0], None);
    assert_eq!(
        reasons[1..].iter().map(|reason| reason.unwrap().as_str()).collect::<Vec<_>>(),
        ["student", "moved_away", "deceased", "open_legal_case"]
    );
    assert_eq!(Exclusion::of_household([Student, Resident]), None);
    assert_eq!(Exclusion::of_household([Student, Deceased]), Some(Exclusion::NoResident));
    assert_eq!(Exclusion::of_household([]), Some(Exclusion::NoResident));
}

#[test]
fn a_direct_grade_sets_the_star_whatever_awards_come_and_never_lifts_it() {
    let with = |sum, marks| rated(Effective { marks, ..effective(sum) });
    let one = mark(7, 1, "2026-05-01", None);
    let line = with(10_000, vec![one]);
    assert_eq!((line.star, line.direct_grade), (star(1), Some(one.claim)));
    assert_eq!(line.score, Points::whole(160), "awards are recorded");
    assert_eq!(with(-1, vec![one]).star, Star::NONE);
    let lowest = with(10_000, vec![one, mark(8, 0, "2026-09-30", None)]);
    assert_eq!((lowest.star, lowest.direct_grade), (Star::NONE, Some(ClaimId(id(8)))));
}

#[test]
fn a_direct_grade_stands_from_the_deed_until_it_is_repaired() {
    let stands = |since, repaired| {
        let marks = vec![mark(7, 0, since, repaired)];
        rated(Effective { marks, ..effective(0) }).direct_grade.is_some()
    };
    assert!(stands("2026-09-30", None));
    assert!(!stands("2026-10-01", None), "after the cycle");
    assert!(stands("2026-01-01", Some("2026-10-01")));
    assert!(!stands("2026-01-01", Some("2026-09-30")), "repaired on the last day");
}

#[test]
fn equal_scores_share_a_rank_within_the_track_and_the_excluded_come_last_without_one() {
    let line = |n, score, track, excluded: bool| Line {
        account: AccountId(id(n)),
        score: Points::whole(score),
        track,
        excluded: excluded.then_some(Exclusion::Student),
        ..rated(effective(0))
    };
    let party = Some(Track::PartyMember);
    let lines = vec![
        line(1, 99, None, true),
        line(2, 70, None, false),
        line(3, 80, None, false),
        line(4, 90, None, false),
        line(5, 80, None, false),
        line(6, 80, party, false),
        line(7, 95, party, false),
        line(8, 95, party, true),
    ];
    let ranks: Vec<_> = ranked(lines, |line| *line)
        .into_iter()
        .map(|(rank, line)| (rank, line.account.0.as_u128()))
        .collect();
    let of_all = [(Some(1), 4), (Some(2), 3), (Some(2), 5), (Some(4), 2)];
    let of_party = [(Some(1), 7), (Some(2), 6)];
    assert_eq!(ranks, [&of_all[..], &of_party[..], &[(None, 1), (None, 8)]].concat());
}

#[test]
fn a_score_says_how_far_the_next_star_is() {
    let reach = |score| Reach::of(&wendeng().stars.0, StarRow::threshold, score);
    let at_1060 = reach(Points::whole(1060));
    assert_eq!(at_1060.row.map(|row| row.stars.get()), Some(4));
    let next = at_1060.next.unwrap();
    assert_eq!((next.row.stars.get(), next.missing), (5, h(1)));
    let bottom = reach(Points::whole(700));
    assert!(bottom.row.is_none());
    assert_eq!(bottom.next.map(|next| next.missing), Some(h(10_001)));
    assert!(reach(Points::whole(2000)).next.is_none());
}

proptest! {
    #[test]
    fn more_points_never_bring_a_lower_star(
        low in -300_000_i64..300_000,
        more in 0_i64..300_000,
        party in any::<bool>(),
    ) {
        let book = wendeng();
        let tracks = || party.then_some(Track::PartyMember).into_iter().collect();
        let line = |sum| {
            let standing = Standing { tracks: tracks(), ..standing(effective(sum)) };
            rate(&book, cycle("2026"), &standing).unwrap()
        };
        let (low, high) = (line(low), line(low + more));
        prop_assert!(low.score <= high.score && low.star <= high.star);
        // The best grade is the first.
        prop_assert!(high.grade <= low.grade);
    }

    #[test]
    fn a_direct_grade_never_lifts_a_star(sum in -300_000_i64..300_000, stars in 0_u8..=5) {
        let book = wendeng();
        let with = |marks| {
            let standing = standing(Effective { marks, ..effective(sum) });
            rate(&book, cycle("2026"), &standing).unwrap()
        };
        let (free, marked) = (with(vec![]), with(vec![mark(7, stars, "2026-02-02", None)]));
        prop_assert_eq!(marked.star, free.star.min(star(stars)));
        prop_assert_eq!(marked.score, free.score);
    }
}
