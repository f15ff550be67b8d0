use proptest::prelude::*;

use super::*;
use crate::claim::Adjustment;
use crate::id::{EntryId, RuleBookId};
use crate::person::Residence;
use crate::rule_book::{ItemKind, Measure, ScorePart};

fn entry(n: u128, amount: i64, from: &str, until: &str) -> ScoreEntry {
    ScoreEntry {
        entry: Some(EntryId(id(n))),
        amount: h(amount),
        happened_on: from.parse().unwrap(),
        counts_until: until.parse().unwrap(),
        part: ScorePart::PersonalCredit,
        member: None,
        reverses: None,
        claim: None,
    }
}

fn effects(explanation: &Explanation) -> Vec<EntryEffect> {
    let entries = explanation.reasons.iter().filter_map(|reason| match reason {
        Reason::Entry(one) => Some(one.effect),
        _ => None,
    });
    entries.collect()
}

#[test]
fn each_entry_says_whether_it_counts_and_why_not() {
    let role = |entry| ScoreEntry { part: ScorePart::RoleDuty, ..entry };
    let entries = vec![
        entry(1, 500, "2026-03-01", "2026-12-31"),
        entry(2, 500, "2025-03-01", "2025-12-31"),
        entry(3, 500, "2027-01-01", "2027-12-31"),
        role(entry(4, 500, "2026-03-01", "2026-12-31")),
    ];
    let explained =
        explain(&wendeng(), cycle("2026"), standing(effective(99)), entries.clone()).unwrap();
    use EntryEffect::{Counts, NoTrack, NotYet, RanOut};
    assert_eq!(effects(&explained), [Counts, RanOut, NotYet, NoTrack]);
    assert_eq!(explained.line.score, Points::whole(1005));
    let party = Standing { tracks: [Track::PartyMember].into(), ..standing(effective(0)) };
    let explained = explain(&wendeng(), cycle("2026"), party, entries).unwrap();
    assert_eq!(effects(&explained), [Counts, RanOut, NotYet, Counts]);
    // 0.6 × 105 + 0.4 × 1005.
    assert_eq!(explained.line.score, Points::whole(465));
}

#[test]
fn a_deed_that_caps_cut_to_nothing_is_told_with_what_they_did() {
    let yields = Adjustment::YieldsTo { claim: ClaimId(id(8)), points: Points::whole(3) };
    let facts = ClaimFacts {
        claim: ClaimId(id(7)),
        rule_book: RuleBookId(id(2)),
        item_code: "P-AWARD".into(),
        kind: ItemKind::Award,
        measure: Measure::default(),
        asked: Points::whole(3),
        adjustments: vec![yields],
    };
    let nothing = ScoreEntry {
        entry: None,
        claim: Some(facts.clone()),
        ..entry(1, 0, "2026-03-01", "2026-12-31")
    };
    let explained =
        explain(&wendeng(), cycle("2026"), standing(effective(0)), vec![nothing]).unwrap();
    let told = explained.reasons.iter().find_map(|reason| match reason {
        Reason::Entry(one) => one.entry.claim.as_ref(),
        _ => None,
    });
    assert_eq!(told, Some(&facts));
}

#[test]
fn an_explanation_ends_with_the_row_direct_grades_and_the_exclusion() {
    let marks = vec![mark(7, 1, "2026-05-01", None), mark(8, 0, "2026-06-01", Some("2026-07-01"))];
    let standing = Standing {
        excluded: Exclusion::of_person(Residence::Student),
        ..standing(Effective { marks: marks.clone(), ..effective(0) })
    };
    let explained = explain(&wendeng(), cycle("2026"), standing, vec![]).unwrap();
    let [Reason::Base { points }, Reason::Stars { score, reach }, rest @ ..] =
        &explained.reasons[..]
    else {
        panic!("{:?}", explained.reasons)
    };
    assert_eq!((*points, *score), (Points::whole(1000), Points::whole(1000)));
    assert_eq!(reach.row.map(|row| row.stars.get()), Some(2));
    assert_eq!(reach.next.map(|next| next.missing), Some(h(2_001)));
    let grade = |n: usize, stands| Reason::DirectGrade { mark: marks[n], stands, decides: stands };
    let excluded = Reason::Excluded { reason: Exclusion::Student };
    assert_eq!(rest, [grade(0, true), grade(1, false), excluded]);
}

/// The score that the reasons add up to, without asking the engine.
fn added_up(book: &RuleBook, explanation: &Explanation) -> i64 {
    let (mut personal, mut role, mut of_members) = (0, 0, 0);
    let mut score = None;
    for reason in &explanation.reasons {
        match reason {
            Reason::Base { points } => personal += points.hundredths(),
            Reason::RoleDutyBase { points, .. } => role += points.hundredths(),
            Reason::Entry(one) if one.effect == EntryEffect::Counts => {
                let amount = one.entry.amount.hundredths();
                let shared = book.subject == Subject::Household && one.entry.member.is_some();
                match one.entry.part {
                    ScorePart::RoleDuty => role += amount,
                    ScorePart::PersonalCredit if shared => of_members += amount,
                    ScorePart::PersonalCredit => personal += amount,
                }
            }
            Reason::Members(part) => {
                assert_eq!(part.sum.hundredths(), of_members);
                of_members = part.points.hundredths();
            }
            Reason::Mixed {
                role_duty, role_duty_bp, personal: part, personal_bp, mixed, ..
            } => {
                assert_eq!((role_duty.hundredths(), part.hundredths()), (role, personal));
                let exact =
                    role * i64::from(role_duty_bp.get()) + personal * i64::from(personal_bp.get());
                assert_eq!(mixed.score.hundredths() * 10_000 + i64::from(mixed.rest), exact);
                score = Some(mixed.score.hundredths());
            }
            _ => {}
        }
    }
    score.unwrap_or_else(|| {
        assert_eq!(role, 0, "role duty counts on a track alone");
        personal + of_members
    })
}

fn books() -> impl Strategy<Value = RuleBook> {
    let how = prop_oneof![
        Just(HouseholdScore::Sum),
        Just(HouseholdScore::Average),
        Just(HouseholdScore::Head),
    ];
    (how, any::<bool>(), 0_u16..=10_000).prop_map(|(household_score, persons, bp)| {
        let subject = if persons { Subject::Person } else { Subject::Household };
        let mut book = RuleBook { household_score, subject, ..wendeng() };
        book.tracks[0].role_duty_bp = BasisPoints::new(bp).unwrap();
        book
    })
}

fn entries() -> impl Strategy<Value = Vec<ScoreEntry>> {
    let day = || {
        (2025_i32..=2027, 1_u32..=366)
            .prop_map(|(year, nth)| chrono::NaiveDate::from_yo_opt(year, nth).unwrap_or_default())
    };
    let one = (-9_999_i64..=9_999, day(), day(), any::<bool>(), proptest::option::of(1_u128..=4));
    let entry = one.prop_map(|(amount, a, b, role, member)| ScoreEntry {
        happened_on: a.min(b),
        counts_until: a.max(b),
        part: if role { ScorePart::RoleDuty } else { ScorePart::PersonalCredit },
        member: member.map(who),
        ..entry(1, amount, "2026-01-01", "2026-01-01")
    });
    proptest::collection::vec(entry, 0..40)
}

fn accounts() -> impl Strategy<Value = Standing> {
    let members = proptest::collection::vec(any::<bool>(), 0..=3);
    let head = proptest::option::of(1_u128..=4);
    let marks = proptest::collection::vec((0_u8..=5, proptest::option::of(1_u32..=12)), 0..3);
    (members, head, marks, any::<bool>(), any::<bool>()).prop_map(
        |(members, head, marks, party, gone)| {
            let member =
                |(n, rated)| MemberSum { member: who(n), rated, role_duty: 7, personal: 7 };
            let repaired = |month| format!("2026-{month:02}-15");
            let marks = marks.into_iter().zip(1..).map(|((stars, month), n)| {
                mark(n, stars, "2026-01-10", month.map(repaired).as_deref())
            });
            Standing {
                tracks: party.then_some(Track::PartyMember).into_iter().collect(),
                excluded: gone.then_some(Exclusion::MovedAway),
                ..standing(Effective {
                    members: (1..).zip(members).map(member).collect(),
                    head: head.map(who),
                    marks: marks.collect(),
                    ..effective(7)
                })
            }
        },
    )
}

proptest! {
    #[test]
    fn the_reasons_add_up_to_the_line_and_the_line_comes_out_again(
        book in books(),
        account in accounts(),
        entries in entries(),
    ) {
        let year = cycle("2026");
        let explained = explain(&book, year, account.clone(), entries.clone()).unwrap();
        let line = explained.line;
        prop_assert_eq!(added_up(&book, &explained), line.score.hundredths());

        let effective = account.effective.clone().summed(book.subject, year, &entries).unwrap();
        let standing = Standing { effective: effective.clone(), ..account };
        prop_assert_eq!(rate(&book, year, &standing), Ok(line));
        prop_assert_eq!(rate_again(&book, year, &line, effective), Ok(line));
    }

    #[test]
    fn the_order_of_entries_does_not_matter(
        book in books(),
        account in accounts(),
        entries in entries(),
    ) {
        let line = |entries| explain(&book, cycle("2026"), account.clone(), entries).unwrap().line;
        let backwards = entries.iter().rev().cloned().collect();
        prop_assert_eq!(line(entries), line(backwards));
    }
}
