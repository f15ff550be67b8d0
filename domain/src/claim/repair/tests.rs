use super::super::tests::{book, cadre, draft, id, item, made, now, person, place, today};
use super::*;
use crate::calendar::WorkingCalendar;
use crate::calendar::{Cycle, CycleKind};
use crate::claim::{Via, declare};
use crate::id::{AccountId, EntryId, HouseholdId};
use crate::notice::{post, postings};
use crate::points::Points;
use crate::rating::{Effective, Standing, counts_in, rate};
use crate::rule_book::{Amount, Duration, EvidenceNeed, OPEN_ENDED, Star, StarRow, StarTable};
use uuid::Uuid;

/// Wendeng's book: a year, base 1000, one star above 800 and two above 990; a direct grade that takes
/// all stars and 60 once it is repaired; a fault that goes on until it is put right.
fn wendeng() -> RuleBook {
    let row = |stars, from| StarRow {
        stars: Star::new(stars).unwrap(),
        from: Points::whole(from),
        inclusive: false,
        star_credit_fen: Default::default(),
        discount_bp: Default::default(),
    };
    let grade = Item {
        amount: Amount::Fixed { points: Points::whole(60) },
        grade: Some(Star::NONE),
        duration: Duration::Year,
        counts_for: [].into(),
        ..item("GRADE", ItemKind::DirectGrade, EvidenceNeed::None)
    };
    let fault = Item {
        duration: Duration::Year,
        extends_until_corrected: true,
        ..item("FAULT", ItemKind::Deduction, EvidenceNeed::None)
    };
    RuleBook {
        cycle: CycleKind::Year,
        base_score: Points::whole(1000),
        stars: StarTable(vec![row(2, 990), row(1, 800)]),
        items: vec![grade, fault, item("PLAIN", ItemKind::Deduction, EvidenceNeed::None)],
        ..book()
    }
}

fn recorder() -> Actor {
    cadre(30, 11, Role::Collector)
}

/// A posted fault of villager 20, recorded by collector 30 on 12 October 2026.
fn posted(code: &str) -> Claim {
    let recorded = draft(&recorder(), Via::Recorded, code);
    let calendar = WorkingCalendar::default();
    let claim = declare(recorded, &person(20, 10), id(9), &wendeng(), &calendar, now()).unwrap();
    post(claim.claim.certify(&wendeng(), &[]).unwrap()).unwrap()
}

fn repaired(claim: Claim, at: DateTime<Utc>) -> Result<Repair, Refusal> {
    let done = claim.repair(&wendeng(), &recorder(), &place(), Ties::default(), "已改", at);
    done.map(|(_, repair)| repair)
}

fn stars(claim: &Claim, cycle: &str) -> u8 {
    let (book, cycle): (_, Cycle) = (wendeng(), cycle.parse().unwrap());
    let entries =
        postings(claim, book.item(&claim.item_code).unwrap(), &[], || EntryId(Uuid::nil()));
    let counts = |on| counts_in(on, claim.counts_until.unwrap(), cycle);
    let standing = Standing {
        account: AccountId(id::<Uuid>(1)),
        household: HouseholdId(id::<Uuid>(1)),
        tracks: [].into(),
        excluded: None,
        effective: Effective {
            entries_sum: entries
                .iter()
                .filter(|entry| entry.purse == crate::ledger::Purse::Score)
                .filter(|entry| counts(entry.happened_on))
                .map(|entry| entry.amount)
                .sum(),
            marks: claim.grade_mark(book.item(&claim.item_code).unwrap()).into_iter().collect(),
            ..Effective::default()
        },
    };
    rate(&book, cycle, &standing).unwrap().star.get()
}

#[test]
fn wendengs_direct_grade_becomes_a_deduction_of_60_once_it_is_repaired() {
    let claim = posted("GRADE");
    assert_eq!(claim.signed(), Points::ZERO);
    assert_eq!(stars(&claim, "2026"), 0);
    let repair = repaired(claim.clone(), now()).unwrap();
    assert!(repair.posts);
    let after = repair.claim;
    assert_eq!((after.state, after.signed()), (State::Posted, Points::whole(-60)));
    assert_eq!((after.postings, after.version), (claim.postings + 1, claim.version + 1));
    let book = wendeng();
    let moved = postings(&after, book.item("GRADE").unwrap(), || EntryId(Uuid::nil()));
    assert_eq!(moved.iter().map(|one| one.amount).collect::<Vec<_>>(), [-6_000]);
    // 1000 − 60 is 940: one star.
    assert_eq!(stars(&after, "2026"), 1);
    assert_eq!(stars(&after, "2027"), 2, "the deduction ends with the year");
}

#[test]
fn a_direct_grade_repaired_in_a_later_year_burdens_that_year_and_leaves_the_earlier_as_it_was() {
    let later = "2027-03-01T02:00:00Z".parse().unwrap();
    let after = repaired(posted("GRADE"), later).unwrap().claim;
    assert_eq!(after.counts_from(), day_of(later));
    assert_eq!(after.counts_until, Some("2027-12-31".parse().unwrap()));
    assert_eq!(stars(&after, "2026"), 0);
    assert_eq!(stars(&after, "2027"), 1);
    assert_eq!(stars(&after, "2028"), 2);
}

#[test]
fn a_fault_that_goes_on_ends_with_the_period_in_which_it_was_put_right() {
    let claim = posted("FAULT");
    assert_eq!(claim.counts_until, Some(OPEN_ENDED));
    let later = "2028-05-01T02:00:00Z".parse().unwrap();
    let repair = repaired(claim.clone(), later).unwrap();
    assert!(!repair.posts);
    assert_eq!(repair.claim.counts_until, Some("2028-12-31".parse().unwrap()));
    assert_eq!((repair.claim.granted, repair.claim.postings), (claim.granted, claim.postings));
    assert_eq!(repair.claim.counts_from(), today());
    assert_eq!(repaired(repair.claim, later), Err(Refusal::NotRepairable));
}

#[test]
fn what_ends_by_itself_was_repaired_or_yields_to_another_cannot_be_repaired() {
    assert_eq!(repaired(posted("PLAIN"), now()), Err(Refusal::NotRepairable));
    let twice = repaired(posted("GRADE"), now()).unwrap().claim;
    assert_eq!(repaired(twice, now()), Err(Refusal::NotRepairable));
    let mut yields = posted("GRADE");
    yields.adjustments.push(Adjustment::YieldsTo { claim: id(77), points: Points::whole(60) });
    assert_eq!(yields.grade_mark(wendeng().item("GRADE").unwrap()), None);
    assert_eq!(repaired(yields, now()), Err(Refusal::NotRepairable));
}

#[test]
fn a_repair_is_for_posted_faults_of_others_and_says_why() {
    let by = |actor: &Actor, ties, reason: &str| {
        posted("GRADE").repair(&wendeng(), actor, &place(), ties, reason, now()).map(|(r, _)| r)
    };
    let ties = Ties::default();
    assert_eq!(by(&recorder(), ties, "已改"), Ok(Role::Collector));
    assert_eq!(by(&recorder(), ties, " "), Err(Refusal::ReasonMissing));
    let own = Ties { same_household: true, ..ties };
    assert_eq!(by(&recorder(), own, "已改"), Err(Refusal::OwnHousehold));
    assert_eq!(by(&recorder(), Ties { kin: true, ..ties }, "已改"), Err(Refusal::DeclaredKin));
    assert_eq!(by(&recorder(), Ties { claimed: true, ..ties }, "已改"), Ok(Role::Collector));
    let villager = super::super::tests::villager(21, 12);
    assert_eq!(by(&villager, ties, "已改"), Err(Refusal::Forbidden));
    let waiting = made(draft(&recorder(), Via::Recorded, "FAULT"), &person(20, 10)).unwrap();
    assert_eq!(repaired(waiting, now()), Err(Refusal::ClaimState { state: State::Submitted }));
}
