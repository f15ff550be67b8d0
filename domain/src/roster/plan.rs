//! What an import changes: the entries of the file beside who is known.
//!
//! A person is found again by the identity number, else by household number and name. Where that
//! could be more than one, nobody is guessed at: the line is told.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::Column;
use super::check::Entry;
use crate::id::{GridId, HouseholdId, VillagerId};
use crate::import::{BadLine, Flaw};
use crate::person::{Residence, Track};

/// A household that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownHousehold {
    /// Its id.
    pub id: HouseholdId,
    /// 户号.
    pub number: String,
    /// Its head.
    pub head: Option<VillagerId>,
    /// The grid it lies in.
    pub grid: Option<GridId>,
}

/// A villager who is known. Numbers are compared by keys, which are the same for the same number
/// and tell nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub villager: VillagerId,
    /// In which household.
    pub household: HouseholdId,
    /// 姓名.
    pub name: String,
    /// 与户主关系.
    pub relation: String,
    /// The key of the identity number.
    pub id_key: Option<Vec<u8>>,
    /// The key of the phone number.
    pub phone_key: Option<Vec<u8>>,
    /// Tracks.
    pub tracks: BTreeSet<Track>,
    /// 状态.
    pub residence: Residence,
}

/// An entry with its keys, and the ids that its person and household get if they are new.
#[derive(Clone, Debug)]
pub struct Keyed<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// The key of its identity number.
    pub id_key: Option<Vec<u8>>,
    /// The key of its phone number.
    pub phone_key: Option<Vec<u8>>,
    /// For a new person.
    pub fresh_villager: VillagerId,
    /// For a new household.
    pub fresh_household: HouseholdId,
}

/// A household that is new or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdPlan {
    /// The household as it will be.
    pub household: KnownHousehold,
    /// Whether it is new.
    pub is_new: bool,
}

/// A villager who is new or changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VillagerPlan {
    /// Who.
    pub villager: VillagerId,
    /// The entry that says so, by its place in the list.
    pub entry: usize,
    /// The household they will be in.
    pub household: HouseholdId,
    /// Their tracks from now on.
    pub tracks: BTreeSet<Track>,
    /// Their status from now on.
    pub residence: Residence,
    /// Whether they are new.
    pub is_new: bool,
}

/// What an import writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Households, new ones before their members.
    pub households: Vec<HouseholdPlan>,
    /// Villagers.
    pub villagers: Vec<VillagerPlan>,
    /// How many people of the file are on the roster exactly so.
    pub unchanged: usize,
}

/// Compares a file with the roster.
///
/// # Errors
/// The lines of which it cannot be said who is meant, and households whose head is missing.
pub fn plan(
    entries: &[Keyed<'_>],
    households: &[KnownHousehold],
    known: &[Known],
) -> Result<Plan, Vec<BadLine>> {
    let by_number: BTreeMap<&str, &KnownHousehold> =
        households.iter().map(|household| (household.number.as_str(), household)).collect();
    let mut bad = Vec::new();
    let found = find(entries, &by_number, known, &mut bad);
    let homes = homes(entries, &by_number, &found);
    let moved: BTreeMap<VillagerId, HouseholdId> = entries
        .iter()
        .zip(&found)
        .filter_map(|(keyed, person)| {
            let home = homes.get(keyed.entry.household.as_str())?;
            Some((person.map(|person| person.villager)?, home.household.id))
        })
        .collect();
    // Where it is not known who is meant, it is not known who the head is either.
    if bad.is_empty() {
        other_heads(&by_number, &homes, known, &moved, &mut bad);
    }
    if !bad.is_empty() {
        bad.sort_by_key(|bad| bad.line);
        return Err(bad);
    }
    let mut plan = Plan::default();
    for (place, (keyed, person)) in entries.iter().zip(&found).enumerate() {
        let Some(home) = homes.get(keyed.entry.household.as_str()) else { continue };
        let written = keyed.beside(*person, home.household.id, place);
        match person {
            Some(person) if !keyed.changes(person, &written) => plan.unchanged += 1,
            _ => plan.villagers.push(written),
        }
    }
    plan.households = changed_households(households, homes, &moved);
    Ok(plan)
}

/// Who each entry is, if known.
fn find<'k>(
    entries: &[Keyed<'_>],
    by_number: &BTreeMap<&str, &KnownHousehold>,
    known: &'k [Known],
    bad: &mut Vec<BadLine>,
) -> Vec<Option<&'k Known>> {
    let by_key: BTreeMap<&[u8], &Known> =
        known.iter().filter_map(|person| Some((person.id_key.as_deref()?, person))).collect();
    let mut by_name: BTreeMap<(HouseholdId, &str), Vec<&Known>> = BTreeMap::new();
    for person in known {
        by_name.entry((person.household, person.name.as_str())).or_default().push(person);
    }
    let mut found: Vec<Option<&Known>> =
        entries.iter().map(|keyed| by_key.get(keyed.id_key.as_deref()?).copied()).collect();
    let taken: BTreeSet<VillagerId> = found.iter().flatten().map(|p| p.villager).collect();
    let names = |keyed: &Keyed<'_>| {
        let home = by_number.get(keyed.entry.household.as_str())?;
        Some((home.id, keyed.entry.name.clone()))
    };
    let mut seekers: BTreeMap<(HouseholdId, String), usize> = BTreeMap::new();
    for (keyed, _) in entries.iter().zip(&found).filter(|(_, person)| person.is_none()) {
        if let Some(name) = names(keyed) {
            *seekers.entry(name).or_default() += 1;
        }
    }
    for (keyed, person) in entries.iter().zip(&mut found).filter(|(_, person)| person.is_none()) {
        let Some(name) = names(keyed) else { continue };
        let namesakes = by_name.get(&(name.0, name.1.as_str())).map_or(&[][..], Vec::as_slice);
        let mut candidates = namesakes.iter().filter(|person| {
            let apart = keyed.id_key.is_some() && person.id_key.is_some();
            !apart && !taken.contains(&person.villager)
        });
        let sole_seeker = seekers.get(&name) == Some(&1);
        match (candidates.next(), candidates.next()) {
            (None, _) => {}
            (Some(one), None) if sole_seeker => *person = Some(one),
            _ => bad.push(BadLine {
                line: keyed.entry.line,
                field: Column::Name.field(),
                flaw: Flaw::Ambiguous,
            }),
        }
    }
    found
}

/// A household of the file.
struct Home {
    household: KnownHousehold,
    is_new: bool,
    head_line: u32,
}

fn homes<'e>(
    entries: &[Keyed<'e>],
    by_number: &BTreeMap<&str, &KnownHousehold>,
    found: &[Option<&Known>],
) -> BTreeMap<&'e str, Home> {
    let mut homes: BTreeMap<&str, Home> = BTreeMap::new();
    for (keyed, person) in entries.iter().zip(found) {
        let number = keyed.entry.household.as_str();
        let home = homes.entry(number).or_insert_with(|| match by_number.get(number) {
            Some(known) => {
                Home { household: (*known).clone(), is_new: false, head_line: keyed.entry.line }
            }
            None => Home {
                household: KnownHousehold {
                    id: keyed.fresh_household,
                    number: number.to_owned(),
                    head: None,
                    grid: None,
                },
                is_new: true,
                head_line: keyed.entry.line,
            },
        });
        if keyed.entry.is_head() {
            home.household.head = Some(person.map_or(keyed.fresh_villager, |p| p.villager));
            home.head_line = keyed.entry.line;
        }
        home.household.grid = keyed.entry.grid.or(home.household.grid);
    }
    homes
}

/// Tells households that would have two heads: the one of the file, and one who is known, stays
/// and is not in the file.
fn other_heads(
    by_number: &BTreeMap<&str, &KnownHousehold>,
    homes: &BTreeMap<&str, Home>,
    known: &[Known],
    moved: &BTreeMap<VillagerId, HouseholdId>,
    bad: &mut Vec<BadLine>,
) {
    let live_at: BTreeMap<VillagerId, HouseholdId> =
        known.iter().map(|person| (person.villager, person.household)).collect();
    for (number, home) in homes {
        let Some(before) = by_number.get(number).and_then(|household| household.head) else {
            continue;
        };
        let absent = !moved.contains_key(&before);
        let stays = live_at.get(&before) == Some(&home.household.id);
        if home.household.head != Some(before) && absent && stays {
            bad.push(BadLine {
                line: home.head_line,
                field: Column::Relation.field(),
                flaw: Flaw::OtherHead,
            });
        }
    }
}

fn changed_households(
    households: &[KnownHousehold],
    homes: BTreeMap<&str, Home>,
    moved: &BTreeMap<VillagerId, HouseholdId>,
) -> Vec<HouseholdPlan> {
    // A household outside the file can lose its head to one in the file.
    let left = households.iter().filter(|household| {
        let goes = |head| moved.get(&head).is_some_and(|home| *home != household.id);
        !homes.contains_key(household.number.as_str()) && household.head.is_some_and(goes)
    });
    let headless = left.map(|household| HouseholdPlan {
        household: KnownHousehold { head: None, ..household.clone() },
        is_new: false,
    });
    let mut plans: Vec<HouseholdPlan> = headless.collect();
    let before: BTreeMap<&str, &KnownHousehold> =
        households.iter().map(|household| (household.number.as_str(), household)).collect();
    for (number, home) in homes {
        if before.get(number) != Some(&&home.household) {
            plans.push(HouseholdPlan { household: home.household, is_new: home.is_new });
        }
    }
    plans
}

impl Keyed<'_> {
    /// The person as they will be.
    fn beside(&self, known: Option<&Known>, household: HouseholdId, entry: usize) -> VillagerPlan {
        let mut tracks = known.map(|person| person.tracks.clone()).unwrap_or_default();
        for (track, holds) in &self.entry.tracks {
            if *holds {
                tracks.insert(*track);
            } else {
                tracks.remove(track);
            }
        }
        let before = known.map(|person| person.residence).unwrap_or_default();
        VillagerPlan {
            villager: known.map_or(self.fresh_villager, |person| person.villager),
            entry,
            household,
            tracks,
            residence: self.entry.residence.unwrap_or(before),
            is_new: known.is_none(),
        }
    }

    /// Whether anything is different from what is known.
    fn changes(&self, known: &Known, written: &VillagerPlan) -> bool {
        let other = |new: &Option<Vec<u8>>, old: &Option<Vec<u8>>| new.is_some() && new != old;
        self.entry.name != known.name
            || self.entry.relation != known.relation
            || other(&self.id_key, &known.id_key)
            || other(&self.phone_key, &known.phone_key)
            || written.household != known.household
            || written.tracks != known.tracks
            || written.residence != known.residence
    }
}

#[cfg(test)]
mod tests;
