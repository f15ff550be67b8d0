use chrono::{DateTime, Utc};

use super::*;
use crate::actor::{Actor, Grant, Role, Scope};
use crate::calendar::WorkingCalendar;
use crate::claim::{Ballot, Decision, Ties, Vote};
use crate::id::{DivisionId, RatingId, UserId, VillageId};
use crate::notice;
use crate::place::Place;
use crate::refusal::Refusal;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
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
