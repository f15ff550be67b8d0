//! Who speaks for whom.

use uuid::Uuid;

use super::super::*;
use crate::actor::{Actor, Grant, Membership, Role, Scope};
use crate::id::{DivisionId, VillageId};
use crate::place::Place;

const HOME: u128 = 100;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn place() -> Place {
    Place { county: DivisionId(id(1)), town: DivisionId(id(2)), village: VillageId(id(3)) }
}

/// Villager `n` of a household, with or without the role of a grid worker.
fn actor(n: u128, household: u128, cadre: bool) -> Actor {
    let village = Scope::Division(DivisionId(place().village.0));
    let membership = Membership {
        place: place(),
        household: HouseholdId(id(household)),
        villager: VillagerId(id(n)),
    };
    let grant = Grant { role: Role::GridWorker, scope: village };
    Actor {
        user: UserId(id(n)),
        membership: Some(membership),
        grants: cadre.then_some(grant).into_iter().collect(),
    }
}

fn voice(
    actor: &Actor,
    list: List,
    signed_in: bool,
    (part, how): (Part, Option<&str>),
) -> Result<Voice, Refusal> {
    let shown = Shown { villager: VillagerId(id(7)), household: HouseholdId(id(HOME)), signed_in };
    let speaker = Speaker { actor, place: &place(), part, how };
    speaker.voice(list, &shown).map(|(voice, _)| voice)
}

const PLAIN: (Part, Option<&str>) = (Part::Nothing, None);
const TOLD: Option<&str> = Some("当面说的");

#[test]
fn of_praise_the_person_speaks_and_the_household_for_who_has_no_account() {
    let (person, wife) = (actor(7, HOME, false), actor(8, HOME, false));
    assert_eq!(voice(&person, List::Honor, true, PLAIN), Ok(Voice::Oneself));
    assert_eq!(voice(&wife, List::Honor, true, PLAIN), Err(Refusal::Forbidden));
    // Not as a cadre either.
    let cadre = actor(8, HOME, true);
    let told = (Part::Nothing, TOLD);
    assert_eq!(voice(&cadre, List::Honor, true, told), Err(Refusal::Forbidden));
    assert_eq!(voice(&wife, List::Honor, false, PLAIN), Ok(Voice::Household));
    for signed_in in [true, false] {
        assert_eq!(voice(&wife, List::Warning, signed_in, PLAIN), Ok(Voice::Household));
    }
}

#[test]
fn who_moved_out_has_no_say_in_the_old_household() {
    // Another member of the household of old; the person lives in `HOME` now.
    let old = actor(8, 200, false);
    for list in [List::Honor, List::Warning] {
        assert_eq!(voice(&old, list, false, PLAIN), Err(Refusal::NotFound));
    }
}

#[test]
fn a_cadre_says_how_and_neither_proposed_nor_voted() {
    let cadre = actor(9, 200, true);
    for list in [List::Honor, List::Warning] {
        let of = |part, how| voice(&cadre, list, true, (part, how));
        assert_eq!(of(Part::Nothing, None), Err(Refusal::ReasonMissing));
        assert_eq!(of(Part::Nothing, Some(" ")), Err(Refusal::ReasonMissing));
        assert_eq!(of(Part::Nothing, TOLD), Ok(Voice::Cadre));
        assert_eq!(of(Part::Proposed, TOLD), Err(Refusal::OwnClaim));
        assert_eq!(of(Part::Voted, TOLD), Err(Refusal::AlreadyDecided));
    }
    // Nor does a member of the household who proposed it speak for the others; who is shown does.
    let proposed = (Part::Proposed, None);
    let wife = actor(8, HOME, true);
    assert_eq!(voice(&wife, List::Warning, true, proposed), Err(Refusal::OwnClaim));
    let person = actor(7, HOME, true);
    assert_eq!(voice(&person, List::Warning, true, proposed), Ok(Voice::Oneself));
}
