use proptest::prelude::*;

use super::*;
use crate::claim::Ties;
use crate::refusal::Refusal;

fn every_check() -> Vec<Check> {
    let mut list: Vec<_> = HeldFor::ALL.iter().map(|why| Check::held(*why)).collect();
    for state in [State::Asked, State::Passed, State::Released, State::Refused] {
        list.push(Check { state, held_for: None });
    }
    list
}

#[test]
fn only_a_pass_of_wechat_passes_and_only_what_waits_for_it() {
    for check in every_check() {
        for answer in Answer::ALL {
            let passed = check.heard(*answer).is_some_and(|heard| heard.state == State::Passed);
            let may = *answer == Answer::Pass && check.waits_for_wechat();
            assert_eq!(passed, may, "{check:?} {answer:?}");
        }
    }
}

#[test]
fn what_wechat_does_not_pass_is_held_with_the_reason() {
    for answer in Answer::ALL {
        let heard = Check::NEW.heard(*answer).unwrap();
        match answer.held_for() {
            Some(why) => assert_eq!(heard, Check::held(why)),
            None => assert_eq!(heard.state, State::Passed),
        }
    }
}

#[test]
fn what_a_person_decided_stays_whatever_comes_late() {
    for state in [State::Released, State::Refused] {
        for answer in Answer::ALL {
            assert_eq!(Check { state, held_for: None }.heard(*answer), None);
        }
    }
}

#[test]
fn a_late_pass_settles_what_was_held_for_silence_alone() {
    let silent = Check::held(HeldFor::Silence);
    assert_eq!(silent.heard(Answer::Pass).unwrap().state, State::Passed);
    for why in HeldFor::ALL.iter().filter(|why| **why != HeldFor::Silence) {
        assert_eq!(Check::held(*why).heard(Answer::Pass), None, "{why:?}");
    }
}

#[test]
fn a_second_answer_against_it_holds_even_what_passed() {
    let passed = Check::NEW.heard(Answer::Pass).unwrap();
    assert_eq!(passed.heard(Answer::Risky), Some(Check::held(HeldFor::Risky)));
    assert_eq!(passed.heard(Answer::Review), Some(Check::held(HeldFor::Review)));
    assert_eq!(passed.heard(Answer::Failed), None);
    assert_eq!(passed.heard(Answer::Pass), None);
    let review = Check::held(HeldFor::Review);
    assert_eq!(review.heard(Answer::Risky), Some(Check::held(HeldFor::Risky)));
    assert_eq!(Check::held(HeldFor::Risky).heard(Answer::Review), None);
}

#[test]
fn silence_holds_only_what_wechat_was_asked_about() {
    for check in every_check() {
        let held = check.without_answer(HeldFor::Silence);
        let asked = check.state == State::Asked;
        assert_eq!(held, asked.then_some(Check::held(HeldFor::Silence)), "{check:?}");
    }
}

#[test]
fn a_person_decides_about_what_is_held_and_nothing_else() {
    for check in every_check() {
        for (verdict, state) in
            [(Verdict::Release, State::Released), (Verdict::Refuse, State::Refused)]
        {
            let decided = check.decided(verdict);
            if check.state == State::Held {
                assert_eq!(decided, Ok(Check { state, ..check }));
            } else {
                assert_eq!(decided, Err(Refusal::ContentNotHeld));
            }
        }
    }
}

#[test]
fn nobody_decides_about_their_own_or_their_households_or_kins() {
    assert_eq!(may_decide(Ties::default()), Ok(()));
    for (ties, refusal) in [
        (Ties { claimed: true, same_household: true, ..Ties::default() }, Refusal::OwnContent),
        (Ties { same_household: true, ..Ties::default() }, Refusal::NotFound),
        (Ties { kin: true, ..Ties::default() }, Refusal::NotFound),
    ] {
        assert_eq!(may_decide(ties), Err(refusal));
    }
}

#[test]
fn a_thing_is_public_only_if_every_piece_is_and_never_without_any() {
    use State::{Asked, Held, Passed, Refused, Released};
    for (states, standing) in [
        (vec![], Standing::Waiting),
        (vec![Passed, Released], Standing::Public),
        (vec![Passed, Asked], Standing::Waiting),
        (vec![Held, Released], Standing::Waiting),
        (vec![Asked, Refused], Standing::Refused),
        (vec![Refused, Passed, Asked], Standing::Refused),
    ] {
        assert_eq!(Standing::of(states.clone()), standing, "{states:?}");
    }
}

#[test]
fn every_name_is_found_again() {
    for kind in SubjectKind::ALL {
        assert_eq!(SubjectKind::from_name(kind.as_str()), Some(*kind));
    }
    for state in State::ALL {
        assert_eq!(State::from_name(state.as_str()), Some(*state));
    }
    for standing in [Standing::Waiting, Standing::Public, Standing::Refused] {
        assert_eq!(Standing::from_name(standing.as_str()), Some(standing));
    }
    assert_eq!(Answer::from_name("maybe"), None);
}

#[test]
fn a_text_of_2500_characters_is_one_part_and_one_more_makes_two() {
    let text = "字".repeat(PART_CHARS_MAX);
    assert_eq!(parts(&text), [text.as_str()]);
    let text = format!("{text}完");
    let both = parts(&text);
    assert_eq!(both.len(), 2);
    assert_eq!(both[1].chars().count(), PART_OVERLAP_CHARS + 1);
    assert!(both[1].ends_with('完'));
    assert!(parts(" \n ").is_empty());
}

proptest! {
    #[test]
    fn whatever_stands_in_a_text_stands_whole_in_a_part(
        before in 0..6_000_usize, word in "[甲-龥]{1,100}", after in 0..3_000_usize,
    ) {
        let text = format!("{}{word}{}", "一".repeat(before), "二".repeat(after));
        let list = parts(&text);
        prop_assert!(list.iter().all(|part| part.chars().count() <= PART_CHARS_MAX));
        prop_assert!(list.iter().any(|part| part.contains(&word)));
    }
}
