//! Who and what may be listed, and for how long.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::*;
use crate::calendar::WorkingCalendar;
use crate::claim::Ties;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

fn person(born_on: Option<NaiveDate>, residence: Residence) -> Person {
    Person {
        villager: VillagerId(Uuid::from_u128(1)),
        household: HouseholdId(Uuid::from_u128(2)),
        born_on,
        residence,
        tracks: Default::default(),
        duties: Vec::new(),
    }
}

const DUE: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn entry(list: List) -> ListEntry {
    ListEntry {
        id: ListEntryId(Uuid::from_u128(1)),
        list,
        person: VillagerId(Uuid::from_u128(2)),
        household: HouseholdId(Uuid::from_u128(3)),
        proposed_by: UserId(Uuid::from_u128(4)),
        state: EntryState::Approved,
        consented_at: Some(at("2026-10-01T00:00:00Z")),
        standing: Standing::Public,
        shown_until: Some(day("2026-12-31")),
        removal_due_at: None,
        removal_answered: None,
    }
}

#[test]
fn nobody_under_eighteen_or_of_unknown_age_is_shown() {
    let today = day("2026-10-12");
    let minor = Err(Refusal::ListingMinor { age_min: 18 });
    let of = |born: &str| may_be_shown(&person(Some(day(born)), Residence::Resident), today);
    assert_eq!(of("2008-10-12"), Ok(()));
    assert_eq!(of("2008-10-13"), minor);
    assert_eq!(may_be_shown(&person(None, Residence::Resident), today), minor);
    for residence in [Residence::Deceased, Residence::OpenLegalCase] {
        let grown = person(Some(day("1980-01-01")), residence);
        assert_eq!(may_be_shown(&grown, today), Err(Refusal::ListingPersonUnfit));
    }
}

#[test]
fn an_entry_is_shown_when_everything_is_there_and_not_a_day_longer() {
    let last = day("2026-12-31");
    let with = |change: fn(&mut ListEntry), list| {
        let mut entry = entry(list);
        change(&mut entry);
        entry.is_shown(last)
    };
    assert!(with(|_| {}, List::Honor) && with(|_| {}, List::Warning));
    assert!(!entry(List::Honor).is_shown(day("2027-01-01")));
    assert!(!with(|entry| entry.consented_at = None, List::Honor));
    assert!(with(|entry| entry.consented_at = None, List::Warning));
    assert!(!with(|entry| entry.standing = Standing::Waiting, List::Honor));
    assert!(!with(|entry| entry.standing = Standing::Refused, List::Honor));
    assert!(!with(|entry| entry.shown_until = None, List::Honor));
    // A disputed warning is not shown; praise hangs until it is taken down.
    assert!(!with(|entry| entry.removal_due_at = Some(DUE), List::Warning));
    assert!(with(|entry| entry.removal_due_at = Some(DUE), List::Honor));
    for state in [EntryState::Proposed, EntryState::Rejected, EntryState::Ended] {
        let entry = ListEntry { state, ..entry(List::Honor) };
        assert!(!entry.is_shown(last), "{state:?}");
    }
}

#[test]
fn terms_are_a_year_and_sixty_days() {
    assert_eq!(shown_until(List::Honor, day("2026-10-12")), day("2027-10-12"));
    assert_eq!(shown_until(List::Warning, day("2026-10-12")), day("2026-12-11"));
}

#[test]
fn praise_has_short_words_about_no_trait_and_a_warning_has_none() {
    assert_eq!(may_say(List::Honor, "冒雨抢修水渠,全组受益。"), Ok(()));
    assert_eq!(may_say(List::Honor, ""), Ok(()));
    assert_eq!(may_say(List::Warning, "  "), Ok(()));
    let no = Err(Refusal::ListingWords);
    assert_eq!(may_say(List::Warning, "屡教不改"), no);
    assert_eq!(may_say(List::Honor, &"好".repeat(100)), Ok(()));
    assert_eq!(may_say(List::Honor, &"好".repeat(101)), no);
    assert_eq!(may_say(List::Honor, "贫困户"), no);
}

#[test]
fn few_stars_are_nothing_to_warn_of() {
    assert_eq!(rating_fits(List::Honor, true, true, 1), Ok(()));
    let unfit = Err(Refusal::ListingFactUnfit);
    assert_eq!(rating_fits(List::Honor, false, true, 5), unfit);
    assert_eq!(rating_fits(List::Honor, true, false, 5), unfit);
    assert_eq!(rating_fits(List::Honor, true, true, 0), unfit);
    for stars in 0..=5 {
        assert_eq!(rating_fits(List::Warning, true, true, stars), unfit);
    }
}

#[test]
fn a_report_praises_when_it_was_seen_to_and_accuses_nobody() {
    use crate::report::{Kind, State};
    let fits = |list, kind, state, standing, claimed| {
        report_fits(list, kind, state, standing, claimed).is_ok()
    };
    let public = Standing::Public;
    for state in State::ALL {
        let praised = fits(List::Honor, Kind::GoodDeed, *state, public, false);
        assert_eq!(praised, state.is_taken_on(), "{}", state.as_str());
        for kind in Kind::ALL {
            assert!(!fits(List::Warning, *kind, *state, public, false));
        }
        assert!(!fits(List::Honor, Kind::Nuisance, *state, public, false));
        assert!(!fits(List::Honor, Kind::GoodDeed, *state, Standing::Waiting, false));
        assert!(!fits(List::Honor, Kind::GoodDeed, *state, public, true));
    }
}

#[test]
fn a_wish_is_answered_within_three_working_days_and_an_objection_within_seven() {
    // A Friday.
    let now = at("2026-10-16T04:00:00Z");
    let calendar = WorkingCalendar::default();
    assert_eq!(removal_due(List::Honor, &calendar, now), at("2026-10-21T16:00:00Z"));
    assert_eq!(removal_due(List::Warning, &calendar, now), at("2026-10-27T16:00:00Z"));
}

#[test]
fn a_warning_is_objected_to_once_with_a_reason_and_praise_wished_away_without() {
    let own = Voice::Oneself;
    assert_eq!(may_ask_removal(&entry(List::Honor), own, ""), Ok(()));
    let warning = entry(List::Warning);
    assert_eq!(may_ask_removal(&warning, own, " "), Err(Refusal::ReasonMissing));
    assert_eq!(may_ask_removal(&warning, own, "不实"), Ok(()));
    let open = ListEntry { removal_due_at: Some(DUE), ..warning.clone() };
    assert_eq!(may_ask_removal(&open, own, "不实"), Err(Refusal::ObjectionOpen));
    let ended = ListEntry { state: EntryState::Ended, ..warning };
    assert_eq!(may_ask_removal(&ended, own, "不实"), Err(Refusal::ListingState));
}

#[test]
fn what_a_cadre_wrote_down_does_not_use_up_the_households_own_objection() {
    for (before, voice, allowed) in [
        (Voice::Cadre, Voice::Oneself, true),
        (Voice::Cadre, Voice::Household, true),
        (Voice::Cadre, Voice::Cadre, false),
        (Voice::Oneself, Voice::Household, false),
        (Voice::Household, Voice::Oneself, false),
        (Voice::Household, Voice::Cadre, false),
    ] {
        let entry = ListEntry { removal_answered: Some(before), ..entry(List::Warning) };
        let answer = may_ask_removal(&entry, voice, "不实");
        let wanted = if allowed { Ok(()) } else { Err(Refusal::ObjectionAnswered) };
        assert_eq!(answer, wanted, "{before:?} {voice:?}");
    }
}

#[test]
fn praise_goes_at_the_persons_wish_and_a_warning_is_judged_by_others() {
    let open = |list| ListEntry { removal_due_at: Some(DUE), ..entry(list) };
    let free = Ties::default();
    let kin = Ties { kin: true, ..free };
    let answer = |list, outcome, who| may_answer_removal(&open(list), outcome, "已核实", who);
    assert_eq!(answer(List::Honor, Outcome::Removed, (kin, true, true)), Ok(()));
    let holds = Err(Refusal::ListingWishHolds);
    assert_eq!(answer(List::Honor, Outcome::Kept, (free, false, false)), holds);
    for outcome in [Outcome::Removed, Outcome::Kept] {
        let of = |who| answer(List::Warning, outcome, who);
        assert_eq!(of((free, false, false)), Ok(()));
        assert_eq!(of((free, true, false)), Err(Refusal::OwnObjection));
        assert_eq!(of((free, false, true)), Err(Refusal::AlreadyDecided));
        assert_eq!(of((kin, false, false)), Err(Refusal::DeclaredKin));
    }
    let (warning, who) = (entry(List::Warning), (free, false, false));
    let silent = may_answer_removal(&open(List::Warning), Outcome::Kept, " ", who);
    assert_eq!(silent, Err(Refusal::ReasonMissing));
    let nothing = may_answer_removal(&warning, Outcome::Kept, "好", who);
    assert_eq!(nothing, Err(Refusal::ObjectionAnswered));
}

#[test]
fn an_entry_ends_with_its_term_its_wish_its_fact_or_its_person() {
    let now = at("2026-12-31T04:00:00Z");
    let solid = Ground { fact_stands: true, person_fit: true };
    let fallen = Ground { fact_stands: false, ..solid };
    let unfit = Ground { person_fit: false, ..solid };
    for list in [List::Honor, List::Warning] {
        let ends = |ground, now| entry(list).ends(ground, now);
        assert_eq!(ends(solid, now), None);
        assert_eq!(ends(solid, at("2026-12-31T16:00:00Z")), Some(Ending::Expired));
        assert_eq!(ends(fallen, now), Some(Ending::FactGone));
        assert_eq!(ends(unfit, now), Some(Ending::PersonUnfit));
        let wished = ListEntry { removal_due_at: Some(now), ..entry(list) };
        let honor = list == List::Honor;
        assert_eq!(wished.ends(solid, now), honor.then_some(Ending::RemovalOverdue));
        assert_eq!(wished.ends(solid, now - chrono::Duration::seconds(1)), None);
        for state in [EntryState::Rejected, EntryState::Ended] {
            assert_eq!(ListEntry { state, ..entry(list) }.ends(fallen, now), None);
        }
    }
}

mod voices;
