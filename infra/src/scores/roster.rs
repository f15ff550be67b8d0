//! What the roster says of those who are rated: where they stand, their tracks, who heads a household.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use domain::id::{AccountId, HouseholdId, VillageId, VillagerId};
use domain::person::{Residence, Track};
use domain::rating::{Effective, Exclusion, MemberSum, Standing};
use domain::rule_book::{RuleBook, Subject};
use uuid::Uuid;

use super::looks_at_members;
use crate::error::Error;
use crate::schema::{households, villagers};
use crate::villagers::{residence_of, tracks_of};

/// The people of a village, or of some households, as far as a book asks for them.
#[derive(Default)]
pub(super) struct Roster {
    /// Of books that rate persons or look at members.
    people: HashMap<Uuid, Person>,
    /// Of books that look at members, in the order of their ids.
    homes: HashMap<Uuid, Vec<Uuid>>,
    /// Of books that look at members.
    heads: HashMap<Uuid, Uuid>,
    /// Where the members of a household stand, each place once.
    residences: HashMap<Uuid, Vec<Residence>>,
}

struct Person {
    residence: Residence,
    tracks: BTreeSet<Track>,
}

/// Reads them.
pub(super) fn of(
    c: &mut PgConnection,
    village: VillageId,
    of_households: Option<&[Uuid]>,
    book: &RuleBook,
) -> Result<Roster, Error> {
    if book.subject == Subject::Household && !looks_at_members(book) {
        let residences = residences(c, village, of_households)?;
        return Ok(Roster { residences, ..Roster::default() });
    }
    let mut people = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .order(villagers::id)
        .select((villagers::id, villagers::household_id, villagers::residence, villagers::tracks))
        .into_boxed();
    let mut heads = households::table
        .filter(households::village_id.eq(village.0))
        .filter(households::head_id.is_not_null())
        .select((households::id, households::head_id.assume_not_null()))
        .into_boxed();
    if let Some(ids) = of_households {
        people = people.filter(villagers::household_id.eq_any(ids));
        heads = heads.filter(households::id.eq_any(ids));
    }
    let rows: Vec<(Uuid, Uuid, String, Vec<String>)> = people.load(c)?;
    let heads: Vec<(Uuid, Uuid)> = heads.load(c)?;
    let mut roster = Roster { heads: heads.into_iter().collect(), ..Roster::default() };
    for (id, household, residence, tracks) in rows {
        let person = Person { residence: residence_of(&residence)?, tracks: tracks_of(&tracks)? };
        roster.residences.entry(household).or_default().push(person.residence);
        roster.people.insert(id, person);
        roster.homes.entry(household).or_default().push(id);
    }
    Ok(roster)
}

/// Where the members of households stand: all that a book asks which sums them.
fn residences(
    c: &mut PgConnection,
    village: VillageId,
    of_households: Option<&[Uuid]>,
) -> Result<HashMap<Uuid, Vec<Residence>>, Error> {
    let mut query = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .select((villagers::household_id, villagers::residence))
        .distinct()
        .into_boxed();
    if let Some(ids) = of_households {
        query = query.filter(villagers::household_id.eq_any(ids));
    }
    let rows: Vec<(Uuid, String)> = query.load(c)?;
    let mut residences: HashMap<Uuid, Vec<Residence>> = HashMap::with_capacity(rows.len());
    for (household, residence) in rows {
        residences.entry(household).or_default().push(residence_of(&residence)?);
    }
    Ok(residences)
}

impl Roster {
    /// The standing of an account: an account has the id of its household or person.
    pub(super) fn standing(
        &self,
        account: AccountId,
        household: HouseholdId,
        mut effective: Effective,
        book: &RuleBook,
    ) -> Standing {
        let person = self.people.get(&account.0).filter(|_| book.subject == Subject::Person);
        let members = || self.homes.get(&household.0).into_iter().flatten();
        let residences = || self.residences.get(&household.0).into_iter().flatten().copied();
        if looks_at_members(book) {
            effective.head = self.heads.get(&household.0).map(|id| VillagerId(*id));
            for id in members() {
                let member = VillagerId(*id);
                let rated = self.people.get(id).is_some_and(|one| one.residence.is_rated());
                match effective.members.iter_mut().find(|one| one.member == member) {
                    Some(one) => one.rated = rated,
                    None => effective.members.push(MemberSum {
                        member,
                        rated,
                        role_duty: 0,
                        personal: 0,
                    }),
                }
            }
            effective.members.sort_by_key(|one| one.member);
        }
        let excluded = match person {
            Some(person) => Exclusion::of_person(person.residence),
            None => Exclusion::of_household(residences()),
        };
        let tracks = person.map(|person| person.tracks.clone()).unwrap_or_default();
        Standing { account, household, tracks, excluded, effective }
    }
}
