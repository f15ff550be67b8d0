//! Cases with the figures of Wendeng's book of 2020. What holds for any book is in `tests/engine`.

use uuid::Uuid;

use super::*;
use crate::calendar::{CycleKind, WorkingCalendar, end_of};
use crate::claim::{Draft, Person, Recorder, SameDeed, Via, declare, make_way, reassess};
use crate::person::Residence;
use crate::rule_book::{
    CapLimit, CapPeriod, ChoiceOption, Duration, Majority, Measure, OPEN_ENDED, ReviewRole, Stage,
    StarTable, Subject, Way,
};

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn fixed(points: i32) -> Amount {
    Amount::Fixed { points: Points::whole(points) }
}

fn hours(steps: &[(u32, i32)]) -> Amount {
    let tier = |(from, points): &(u32, i32)| Tier { from: *from, points: Points::whole(*points) };
    Amount::CumulativeTiers(CumulativeTiers {
        unit: "小时".into(),
        tally: Some("service".into()),
        per: CapScope::Member,
        period: CapPeriod::Year,
        tiers: steps.iter().map(tier).collect(),
    })
}

fn by_level() -> Amount {
    let level = |(code, points): (&str, i32)| ChoiceOption {
        code: code.into(),
        name: code.into(),
        points: Points::whole(points),
        duration: None,
    };
    Amount::Choice { options: [("department", 5), ("county", 20)].map(level).into() }
}

fn book() -> RuleBook {
    let stage = Stage {
        name: "评议".into(),
        role: ReviewRole::PanelMember,
        quorum: 1,
        majority: Majority::Simple,
        working_days_max: 5,
        levels: Default::default(),
    };
    let way = Way { stages: vec![stage], notice_days: 0, notice_every: None };
    let item = |code: &str, kind, amount| Item::plain(code, "c", code, kind, amount);
    let award = |code: &str, amount| item(code, ItemKind::Award, amount);
    let fault = |code: &str, points| item(code, ItemKind::Deduction, fixed(points));
    let cap = |per, period, limit| Cap { per, period, limit };
    let grouped = |item: Item, group: &str| Item { exclusive: Some(group.into()), ..item };
    RuleBook {
        name: "文登".into(),
        subject: Subject::Household,
        cycle: CycleKind::Year,
        base_score: Points::whole(1_000),
        claim_days_max: 366,
        appeal_days_max: 60,
        claim_way: way.clone(),
        rating_way: way,
        stars: StarTable(Vec::new()),
        tracks: Vec::new(),
        household_score: Default::default(),
        registration: None,
        points_policy: Default::default(),
        exchange_value_fen: None,
        forfeiture_bp: None,
        categories: Vec::new(),
        items: vec![
            award("P-SVC-04H", hours(&[(4, 1)])),
            award("P-SVC-10H", hours(&[(10, 2), (20, 5), (50, 10)])),
            grouped(award("P-AWARD-V", fixed(3)), "honour"),
            grouped(award("P-AWARD", by_level()), "honour"),
            Item {
                caps: vec![cap(
                    CapScope::Member,
                    CapPeriod::Quarter,
                    CapLimit::Points(Points::whole(1)),
                )],
                ..award("P-CLEAN-DEMO", fixed(1))
            },
            Item {
                caps: vec![cap(CapScope::Account, CapPeriod::Month, CapLimit::Count(1))],
                ..award("P-HELP-WEAK", fixed(1))
            },
            Item {
                repeat_doubles: true,
                duration: Duration::Years { years: 1 },
                ..grouped(fault("N-DUMP", 5), "dirt")
            },
            grouped(fault("N-SEWAGE", 10), "dirt"),
            grouped(item("G-POLLUTE", ItemKind::DirectGrade, fixed(60)), "dirt"),
            Item { extends_until_corrected: true, ..fault("N-STALL", 5) },
        ],
    }
}

struct Done {
    code: &'static str,
    person: u128,
    on: &'static str,
    measure: Measure,
    deed: Option<u128>,
}

fn done(code: &'static str, on: &'static str) -> Done {
    Done { code, person: 20, on, measure: Measure::default(), deed: None }
}

fn served(code: &'static str, on: &'static str, hours: u32) -> Done {
    Done { measure: Measure { quantity: Some(hours), choice: None }, ..done(code, on) }
}

fn honoured(level: &str, on: &'static str) -> Done {
    let measure = Measure { quantity: None, choice: Some(level.into()) };
    Done { measure, ..done("P-AWARD", on) }
}

/// What was done, certified in this order; the claims are numbered from 1.
fn certified(all: &[Done]) -> Vec<Claim> {
    let book = book();
    all.iter().zip(1..).fold(Vec::new(), |claims, (done, number)| {
        let adverse = book.item(done.code).unwrap().kind.is_adverse();
        let draft = Draft {
            id: id(number),
            village: id(3),
            claimed_by: id(4),
            claimant: Some(Recorder {
                villager: id(done.person),
                household: id(if adverse { 11 } else { 10 }),
            }),
            via: if adverse { Via::Recorded } else { Via::Own },
            item_code: done.code.into(),
            measure: done.measure.clone(),
            happened_on: day(done.on),
            text: String::new(),
            files: Vec::new(),
            second_recorder: None,
            same_deed_as: done.deed.map(|first| SameDeed { first: id(first), account: id(10) }),
            doer: None,
            duty: None,
        };
        let person = Person {
            villager: id(done.person),
            household: id(10),
            born_on: None,
            residence: Residence::Resident,
            tracks: [].into(),
            duties: Vec::new(),
        };
        let now = end_of(day(done.on));
        let calendar = WorkingCalendar::default();
        let claim = declare(draft, &person, id(9), &book, &calendar, now).unwrap().claim;
        let others: Vec<_> = claims.iter().map(Claim::counted).collect();
        let claim = claim.certify(&book, &others).unwrap();
        let mut claims = make_way(claims, &claim);
        claims.push(claim);
        claims
    })
}

/// The claims after the one of that number fell.
fn without(claims: &[Claim], number: u128) -> Vec<Claim> {
    let left: Vec<_> = claims.iter().filter(|claim| claim.id != id(number)).cloned().collect();
    let book = book();
    reassess(&left, |_| Some(&book)).unwrap()
}

fn granted(claims: &[Claim]) -> Vec<i64> {
    claims.iter().map(|claim| claim.granted.unwrap().hundredths() / 100).collect()
}

#[test]
fn hours_top_up_to_the_step_that_their_sum_reaches_in_any_order() {
    let (four, six) = (served("P-SVC-04H", "2026-03-01", 4), served("P-SVC-10H", "2026-05-01", 6));
    assert_eq!(granted(&certified(&[four, six])), [1, 1]);
    let (four, six) = (served("P-SVC-04H", "2026-03-01", 4), served("P-SVC-10H", "2026-05-01", 6));
    let claims = certified(&[six, four]);
    assert_eq!(granted(&claims), [1, 1]);
    let topped_up =
        Adjustment::ToppedUp { units: 10, reached: Points::whole(2), before: Points::whole(1) };
    assert_eq!(claims[1].adjustments, [topped_up]);
}

#[test]
fn hours_add_up_for_one_member_in_one_year() {
    let other = Done { person: 21, ..served("P-SVC-04H", "2026-03-01", 4) };
    let last_year = served("P-SVC-04H", "2025-12-31", 4);
    let all = [other, last_year, served("P-SVC-10H", "2026-05-01", 6)];
    assert_eq!(granted(&certified(&all)), [1, 1, 1]);
}

#[test]
fn hours_that_fall_leave_the_others_on_the_step_that_they_reach_alone() {
    let claims = certified(&[
        served("P-SVC-04H", "2026-03-01", 9),
        served("P-SVC-04H", "2026-03-02", 1),
        served("P-SVC-10H", "2026-03-03", 10),
    ]);
    assert_eq!(granted(&claims), [1, 1, 3]);
    assert_eq!(granted(&without(&claims, 1)), [0, 2], "1 hour, then 11");
    assert_eq!(granted(&without(&claims, 2)), [1, 1], "9 hours, then 19");
}

#[test]
fn a_county_award_replaces_the_villages_for_the_same_deed_and_not_the_other_way_round() {
    let county = || Done { deed: Some(1), ..honoured("county", "2026-06-10") };
    let claims = certified(&[done("P-AWARD-V", "2026-05-04"), county()]);
    assert_eq!(granted(&claims), [0, 20]);
    assert_eq!(claims[0].yields_to(), Some(id(2)));
    let replaces = Adjustment::Replaces { claim: id(1), points: Points::whole(3) };
    assert_eq!(claims[1].adjustments, [replaces]);

    let village = Done { deed: Some(1), ..done("P-AWARD-V", "2026-05-04") };
    let claims = certified(&[honoured("county", "2026-06-10"), village]);
    assert_eq!(granted(&claims), [20, 0]);
    let yields = Adjustment::YieldsTo { claim: id(1), points: Points::whole(3) };
    assert_eq!(claims[1].adjustments, [yields]);
}

#[test]
fn awards_of_different_days_are_different_deeds_unless_they_say_otherwise() {
    let claims = certified(&[done("P-AWARD-V", "2026-05-04"), honoured("county", "2026-06-10")]);
    assert_eq!(granted(&claims), [3, 20]);
}

#[test]
fn when_the_highest_falls_the_next_counts_whether_it_was_replaced_or_yielded() {
    let of_one_deed = |done: Done| Done { deed: Some(1), ..done };
    let claims = certified(&[
        done("P-AWARD-V", "2026-05-04"),
        of_one_deed(honoured("county", "2026-06-10")),
        of_one_deed(honoured("department", "2026-06-11")),
    ]);
    assert_eq!(granted(&claims), [0, 20, 0]);
    let left = without(&claims, 2);
    assert_eq!(granted(&left), [0, 5], "the department's had yielded, the village's was replaced");
    assert_eq!(left[0].yields_to(), Some(id(3)));
    assert_eq!(granted(&without(&left, 3)), [3]);
}

#[test]
fn a_claim_can_show_that_two_others_are_of_one_deed() {
    let both = Done { deed: Some(2), ..done("P-AWARD-V", "2026-05-04") };
    let department = honoured("department", "2026-05-04");
    let claims = certified(&[department, honoured("county", "2026-06-10"), both]);
    // The department's, of the same day, stood beside the county's until now.
    assert_eq!(granted(&claims), [0, 20, 0]);
    assert_eq!((claims[0].yields_to(), claims[2].yields_to()), (Some(id(2)), Some(id(2))));
    assert_eq!(granted(&without(&claims, 3)), [5, 20]);
}

#[test]
fn the_same_fault_within_its_year_counts_double_and_after_it_does_not() {
    let twice = |on| certified(&[done("N-DUMP", "2026-03-05"), done("N-DUMP", on)]);
    assert_eq!(granted(&twice("2027-03-04")), [5, 10]);
    assert_eq!(granted(&twice("2027-03-05")), [5, 5]);
    let doubled = Adjustment::Doubled { because_of: id(1), points: Points::whole(5) };
    assert_eq!(twice("2027-03-04")[1].adjustments, [doubled]);
    let neighbour = Done { person: 21, ..done("N-DUMP", "2026-04-01") };
    assert_eq!(granted(&certified(&[done("N-DUMP", "2026-03-05"), neighbour])), [5, 5]);
}

#[test]
fn a_fault_counts_once_again_when_the_first_falls() {
    let claims = certified(&[done("N-DUMP", "2026-03-05"), done("N-DUMP", "2026-04-01")]);
    assert_eq!(granted(&without(&claims, 1)), [5]);
}

#[test]
fn a_fault_that_was_recorded_twice_is_not_a_repeated_one() {
    let again = Done { deed: Some(1), ..done("N-DUMP", "2026-03-06") };
    assert_eq!(granted(&certified(&[done("N-DUMP", "2026-03-05"), again])), [5, 0]);
}

#[test]
fn a_direct_grade_outranks_the_deductions_for_the_same_misdeed() {
    let on = "2026-03-05";
    let claims = certified(&[done("N-SEWAGE", on), done("G-POLLUTE", on), done("N-DUMP", on)]);
    assert_eq!(granted(&claims), [0, 0, 0], "a direct grade takes nothing until it is repaired");
    let yields: Vec<_> = claims.iter().map(Claim::yields_to).collect();
    assert_eq!(yields, [Some(id(2)), None, Some(id(2))]);
    assert_eq!(granted(&without(&claims, 2)), [10, 0]);
}

#[test]
fn a_good_deed_is_no_rival_of_a_fault() {
    let fault = Done { deed: Some(1), ..done("N-DUMP", "2026-05-04") };
    assert_eq!(granted(&certified(&[done("P-AWARD-V", "2026-05-04"), fault])), [3, 5]);
}

#[test]
fn each_member_has_one_point_a_quarter_for_a_model_yard() {
    let yard = |on| done("P-CLEAN-DEMO", on);
    let other = Done { person: 21, ..yard("2026-03-31") };
    let all = [yard("2026-01-01"), yard("2026-03-31"), other, yard("2026-04-01")];
    let claims = certified(&all);
    assert_eq!(granted(&claims), [1, 0, 1, 1]);
    assert!(matches!(claims[1].adjustments[..], [Adjustment::Cut(_)]));
}

#[test]
fn what_a_cap_cut_counts_when_the_one_before_it_falls() {
    let claims = certified(&[done("P-HELP-WEAK", "2026-01-02"), done("P-HELP-WEAK", "2026-01-03")]);
    assert_eq!(granted(&claims), [1, 0]);
    assert_eq!(granted(&without(&claims, 1)), [1]);
}

#[test]
fn a_corrected_amount_is_what_counts_among_the_others() {
    let village = Done { deed: Some(1), ..done("P-AWARD-V", "2026-06-10") };
    let mut claims = certified(&[honoured("department", "2026-06-10"), village]);
    assert_eq!(granted(&claims), [5, 0]);
    claims[0].adjustments.push(Adjustment::Corrected { points: Points::whole(2) });
    let book = book();
    let again = reassess(&claims, |_| Some(&book)).unwrap();
    assert_eq!(granted(&again), [0, 3]);
    assert_eq!(reassess(&again, |_| Some(&book)), Ok(again), "once more changes nothing");
}

#[test]
fn what_was_put_right_keeps_its_last_day_when_it_is_reckoned_anew() {
    let mut claims = certified(&[done("N-STALL", "2026-03-05")]);
    assert_eq!(claims[0].counts_until, Some(OPEN_ENDED));
    claims[0].counts_until = Some(day("2026-12-31"));
    assert_eq!(without(&claims, 99), claims);
}
