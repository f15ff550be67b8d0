use super::*;

fn member(n: u128, rated: bool, personal: i64) -> MemberSum {
    MemberSum { member: who(n), rated, role_duty: 0, personal }
}

/// The score above the base, in hundredths, of a household whose collective entries sum to `whole`.
fn above_base(
    household_score: HouseholdScore,
    whole: i64,
    members: Vec<MemberSum>,
    head: Option<u128>,
) -> i64 {
    let book = RuleBook { household_score, ..book() };
    let effective = Effective { members, head: head.map(who), ..effective(whole) };
    let line = rate(&book, cycle("2026-Q3"), &standing(effective)).unwrap();
    line.score.hundredths() - 6_000
}

#[test]
fn a_sum_takes_everybody_wherever_the_sums_stand() {
    let members = vec![member(1, true, 300), member(2, false, 50)];
    assert_eq!(above_base(HouseholdScore::Sum, 10, members, Some(1)), 360);
    assert_eq!(above_base(HouseholdScore::Sum, 360, vec![], None), 360);
}

#[test]
fn an_average_is_over_the_members_who_are_rated_and_rounded_down() {
    let average = |members| above_base(HouseholdScore::Average, 10, members, None);
    // (300 + 0 + 100) ÷ 3; the student neither counts nor divides.
    let three = [member(1, true, 300), member(2, true, 0), member(3, true, 100)];
    assert_eq!(average([&three[..], &[member(4, false, 900)]].concat()), 10 + 133);
    assert_eq!(average(vec![member(1, true, -1), member(2, true, 0)]), 10 - 1);
    assert_eq!(average(vec![member(4, false, 900)]), 10);
    assert_eq!(average(vec![]), 10);
}

#[test]
fn a_head_stands_for_the_household_and_without_one_it_is_averaged() {
    let members = vec![member(1, true, 300), member(2, true, 100), member(3, false, 900)];
    let head = |head| above_base(HouseholdScore::Head, 10, members.clone(), head);
    assert_eq!(head(Some(1)), 10 + 300);
    assert_eq!(head(None), 10 + 200);
    assert_eq!(head(Some(3)), 10 + 200, "a head who moved away");
}
