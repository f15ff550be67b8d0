use std::collections::BTreeSet;

use super::*;

fn on(book: &RuleBook, tracks: &[Track], effective: Effective) -> Line {
    let tracks: BTreeSet<_> = tracks.iter().copied().collect();
    rate(book, cycle("2026"), &Standing { tracks, ..standing(effective) }).unwrap()
}

fn sums(role_duty_sum: i64, entries_sum: i64) -> Effective {
    Effective { role_duty_sum, entries_sum, ..Effective::default() }
}

#[test]
fn a_party_members_score_mixes_role_duty_and_personal_credit_and_has_a_grade() {
    // 0.6 × (100 + 20) + 0.4 × (1000 + 30) is 484.
    let line = on(&wendeng(), &[Track::PartyMember], sums(2_000, 3_000));
    assert_eq!(line.score, Points::whole(484));
    assert_eq!((line.track, line.grade), (Some(Track::PartyMember), Some(Grade::Qualified)));
    assert_eq!(line.star, Star::NONE, "the book gives no star with a grade");
    let mut book = wendeng();
    book.tracks[0].grades.0[1].stars = star(3);
    assert_eq!(on(&book, &[Track::PartyMember], sums(2_000, 3_000)).star, star(3));
}

#[test]
fn a_track_without_grades_gives_stars_for_the_mix() {
    // 0.4 × 1600 + 0.6 × 1030 is 1258.
    let line = on(&wendeng(), &[Track::Representative], sums(150_000, 3_000));
    assert_eq!((line.score, line.grade), (Points::whole(1258), None));
    assert_eq!((line.track, line.star), (Some(Track::Representative), star(5)));
}

#[test]
fn who_is_on_several_tracks_is_rated_on_the_first_of_the_book() {
    let both = [Track::Representative, Track::PartyMember, Track::Elder];
    assert_eq!(on(&wendeng(), &both, sums(0, 0)).track, Some(Track::PartyMember));
    let mut book = wendeng();
    book.tracks.reverse();
    assert_eq!(on(&book, &both, sums(0, 0)).track, Some(Track::Representative));
}

#[test]
fn role_duty_counts_for_nobody_else() {
    let villager = on(&wendeng(), &[Track::Volunteer], sums(50_000, 3_000));
    assert_eq!((villager.score, villager.track), (Points::whole(1030), None));
    assert_eq!((villager.star, villager.grade), (star(3), None));
    // Tracks are a person's: in a book by household nobody is on one.
    let by_household = RuleBook { subject: Subject::Household, ..wendeng() };
    let household = on(&by_household, &[Track::PartyMember], sums(50_000, 3_000));
    assert_eq!((household.score, household.track), (Points::whole(1030), None));
}

#[test]
fn a_direct_grade_makes_a_party_member_unqualified() {
    let marks = vec![mark(7, 1, "2026-05-01", None)];
    let mut book = wendeng();
    book.tracks[0].grades.0[0].stars = star(5);
    let graded =
        on(&book, &[Track::PartyMember], Effective { marks: marks.clone(), ..sums(90_000, 0) });
    assert_eq!(graded.grade, Some(Grade::Unqualified));
    assert_eq!((graded.star, graded.direct_grade), (Star::NONE, Some(ClaimId(id(7)))));
    let starred = on(&book, &[Track::Representative], Effective { marks, ..sums(900_000, 0) });
    assert_eq!((starred.grade, starred.star), (None, star(1)));
}

#[test]
fn who_is_left_out_has_no_grade_but_keeps_the_track() {
    let standing = Standing {
        tracks: [Track::PartyMember].into(),
        excluded: Some(Exclusion::OpenLegalCase),
        ..standing(sums(0, 0))
    };
    let line = rate(&wendeng(), cycle("2026"), &standing).unwrap();
    assert_eq!((line.grade, line.star), (None, Star::NONE));
    assert_eq!(line.track, Some(Track::PartyMember));
    assert_eq!(rate_again(&wendeng(), cycle("2026"), &line, sums(0, 0)), Ok(line));
}
