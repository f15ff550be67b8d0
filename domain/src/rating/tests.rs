use super::*;
use crate::actor::{Actor, Grant, Scope};
use crate::calendar::CycleKind;
use crate::claim::{Ties, Vote};
use crate::id::{DivisionId, UserId};
use crate::place::Place;
use crate::points::BasisPoints;
use crate::rule_book::{Majority, ReviewRole, Stage, StarRow, StarTable, Subject, Way};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn stage(role: ReviewRole, quorum: u8) -> Stage {
    Stage { name: "评议".into(), role, quorum, majority: Majority::Simple, working_days_max: 5 }
}

fn book() -> RuleBook {
    let row = |stars, from: &str| StarRow {
        stars: Star::new(stars).unwrap(),
        from: from.parse().unwrap(),
        inclusive: true,
        star_credit_fen: Fen::yuan(400),
        discount_bp: BasisPoints::new(200).unwrap(),
    };
    let stages = vec![stage(ReviewRole::PanelMember, 3), stage(ReviewRole::VillageAdmin, 1)];
    let way = Way { stages, notice_days: 3 };
    RuleBook {
        name: "细则".into(),
        subject: Subject::Household,
        cycle: CycleKind::Quarter,
        base_score: Points::whole(60),
        claim_days_max: 90,
        appeal_days_max: 60,
        claim_way: way.clone(),
        rating_way: way,
        stars: StarTable(vec![row(5, "95"), row(4, "90"), row(1, "60")]),
        categories: Vec::new(),
        items: Vec::new(),
    }
}

fn standing(entries_sum: i64) -> Standing {
    Standing {
        account: AccountId(id(1)),
        household: HouseholdId(id(1)),
        entries_sum,
        has_resident: true,
    }
}

#[test]
fn the_bound_of_a_star_is_reached_to_the_hundredth() {
    let stars = |sum| rate(&book(), &standing(sum)).unwrap().star.get();
    assert_eq!(stars(3_500), 5);
    assert_eq!(stars(3_499), 4);
    assert_eq!(stars(0), 1);
    assert_eq!(stars(-1), 0);
    assert_eq!(rate(&book(), &standing(i64::MAX)), Err(Refusal::AmountOutOfRange));
}

#[test]
fn who_has_no_resident_is_left_out_with_the_reason_and_stays_left_out() {
    let gone = Standing { has_resident: false, ..standing(4_000) };
    let line = rate(&book(), &gone).unwrap();
    assert_eq!((line.star, line.excluded), (Star::NONE, Some(Exclusion::NoResident)));
    assert_eq!(line.score, Points::whole(100));
    assert_eq!(rate_again(&book(), &line, 4_000), Ok(line));
    let there = rate(&book(), &standing(4_000)).unwrap();
    assert_eq!(rate_again(&book(), &there, 4_000), Ok(there));
    assert_ne!(rate_again(&book(), &there, 3_000), Ok(there));
    for reason in Exclusion::ALL {
        assert_eq!(Exclusion::from_name(reason.as_str()), Some(reason));
    }
}

#[test]
fn a_cycle_is_rated_once_it_is_over_and_once_only() {
    let cycle: Cycle = "2026-Q3".parse().unwrap();
    let (last, over) = (moment("2026-09-30T15:59:59Z"), moment("2026-09-30T16:00:00Z"));
    let ends_on = cycle.last_day();
    assert_eq!(ratable(&book(), cycle, &[], last), Err(Refusal::CycleNotOver { ends_on }));
    assert_eq!(ratable(&book(), cycle, &[], over), Ok(()));
    assert_eq!(ratable(&book(), cycle, &[RatingState::Rejected], over), Ok(()));
    for state in [RatingState::InReview, RatingState::OnNotice, RatingState::Effective] {
        let earlier = [RatingState::Rejected, state];
        assert_eq!(ratable(&book(), cycle, &earlier, over), Err(Refusal::CycleRated));
    }
    let month = "2026-07".parse().unwrap();
    assert_eq!(ratable(&book(), month, &[], over), Err(Refusal::CycleWrongKind));
}

#[test]
fn equal_scores_share_a_rank_and_the_excluded_come_last_without_one() {
    let line = |n, score, excluded: bool| {
        let excluded = excluded.then_some(Exclusion::NoResident);
        (Points::whole(score), excluded, AccountId(id(n)))
    };
    let lines = vec![line(1, 99, true), line(2, 70, false), line(3, 80, false)];
    let lines = [lines, vec![line(4, 90, false), line(5, 80, false)]].concat();
    let ranks: Vec<_> = ranked(lines, |line| *line)
        .into_iter()
        .map(|(rank, (.., account))| (rank, account.0.as_u128()))
        .collect();
    assert_eq!(ranks, [(Some(1), 4), (Some(2), 3), (Some(2), 5), (Some(4), 2), (None, 1)]);
}

#[test]
fn a_notice_without_days_closes_as_it_opens() {
    let opens = moment("2026-10-12T02:00:00Z");
    assert_eq!(notice_closes_at(opens, 0), opens);
    assert_eq!(notice_closes_at(opens, 3), notice::closes_at(opens, 3));
}

fn place() -> Place {
    Place { county: DivisionId(id(1)), town: DivisionId(id(2)), village: VillageId(id(3)) }
}

fn reviewer(n: u128, role: Role) -> Actor {
    let scope = Scope::Division(place().village.into());
    Actor { user: UserId(id(n)), membership: None, grants: vec![Grant { role, scope }] }
}

fn vote(
    rating: Rating,
    actor: &Actor,
    votes: &mut Vec<Vote>,
    decision: Decision,
) -> Result<(Role, RatingProgress), Refusal> {
    let (stage, place) = (rating.stage, place());
    let ballot = Ballot {
        actor,
        place: &place,
        ties: Ties::default(),
        votes,
        decision,
        reason: "因为",
        points: None,
    };
    let now = moment("2026-10-12T02:00:00Z");
    let done = rating.decide(&book(), &ballot, &WorkingCalendar::default(), now)?;
    votes.push(Vote { user: actor.user, stage, round: 1, decision, points: None });
    Ok(done)
}

fn opened() -> Rating {
    let cycle = "2026-Q3".parse().unwrap();
    let (village, now) = (place().village, moment("2026-10-12T02:00:00Z"));
    Rating::open(RatingId(id(9)), village, cycle, &book(), &WorkingCalendar::default(), now)
}

#[test]
fn a_rating_passes_its_panel_and_recheck_and_goes_on_the_notice_board() {
    let (mut rating, mut votes) = (opened(), Vec::new());
    let due = rating.stage_due_at.unwrap();
    assert!(!rating.is_overdue(due) && rating.is_overdue(due + chrono::Duration::seconds(1)));
    for n in 0..3 {
        let member = reviewer(20 + n, Role::PanelMember);
        let progress = vote(rating, &member, &mut votes, Decision::Approve).unwrap().1;
        let RatingProgress::UnderReview(next) = progress else { panic!("{progress:?}") };
        rating = next;
    }
    assert_eq!(rating.stage, 1);
    let late =
        vote(rating.clone(), &reviewer(29, Role::PanelMember), &mut votes, Decision::Approve);
    assert_eq!(late, Err(Refusal::NotYourStage));
    let admin = reviewer(30, Role::VillageAdmin);
    let (role, progress) = vote(rating, &admin, &mut votes, Decision::Approve).unwrap();
    let RatingProgress::Passed(passed) = progress else { panic!("{progress:?}") };
    assert_eq!((role, passed.state), (Role::VillageAdmin, RatingState::OnNotice));
    assert!(passed.state.is_public() && passed.stage_due_at.is_none());
    let again = vote(passed, &admin, &mut votes, Decision::Approve);
    assert_eq!(again, Err(Refusal::RatingState));
}

#[test]
fn to_send_a_rating_back_is_to_reject_it() {
    let progress =
        vote(opened(), &reviewer(20, Role::PanelMember), &mut Vec::new(), Decision::Return);
    let Ok((_, RatingProgress::Rejected(rating))) = progress else { panic!("{progress:?}") };
    assert!(rating.state == RatingState::Rejected && !rating.state.is_public());
}
