use super::*;
use uuid::Uuid;

fn villager(n: u128) -> VillagerId {
    VillagerId(Uuid::from_u128(n))
}

fn household(n: u128) -> HouseholdId {
    HouseholdId(Uuid::from_u128(n))
}

fn entry(line: u32, number: &str, name: &str, relation: &str) -> Entry {
    Entry {
        line,
        household: number.into(),
        name: name.into(),
        relation: relation.into(),
        id_number: None,
        phone: None,
        grid: None,
        tracks: BTreeMap::new(),
        residence: None,
    }
}

/// Entries with the keys of their identity numbers; new ids are 1000 and up, in the order of lines.
fn keyed<'a>(entries: &'a [(Entry, Option<u8>)]) -> Vec<Keyed<'a>> {
    (1000..)
        .zip(entries)
        .map(|(n, (entry, id))| Keyed {
            entry,
            id_key: id.map(|id| vec![id]),
            phone_key: None,
            fresh_villager: villager(n),
            fresh_household: household(n),
        })
        .collect()
}

fn known(n: u128, home: u128, name: &str, relation: &str, id: Option<u8>) -> Known {
    Known {
        villager: villager(n),
        household: household(home),
        name: name.into(),
        relation: relation.into(),
        id_key: id.map(|id| vec![id]),
        phone_key: None,
        tracks: BTreeSet::new(),
        residence: Residence::Resident,
    }
}

fn home(n: u128, number: &str, head: Option<u128>) -> KnownHousehold {
    KnownHousehold { id: household(n), number: number.into(), head: head.map(villager), grid: None }
}

fn codes(bad: Vec<BadLine>) -> Vec<(u32, &'static str)> {
    bad.iter().map(|bad| (bad.line, bad.flaw.code())).collect()
}

#[test]
fn a_new_household_gets_its_members_and_its_head() {
    let file = [(entry(2, "1", "王秀英", "户主"), Some(1)), (entry(3, "1", "王建国", "子"), None)];
    let plan = plan(&keyed(&file), &[], &[]).unwrap();
    let [house] = plan.households.as_slice() else { panic!("one household") };
    assert!(house.is_new);
    assert_eq!(house.household.head, Some(villager(1000)));
    let members: Vec<_> = plan.villagers.iter().map(|v| (v.household, v.is_new)).collect();
    assert_eq!(members, [(household(1000), true), (household(1000), true)]);
}

#[test]
fn the_same_file_again_changes_nothing() {
    let file = [(entry(2, "1", "王秀英", "户主"), Some(1)), (entry(3, "1", "王建国", "子"), None)];
    let people = [known(1, 9, "王秀英", "户主", Some(1)), known(2, 9, "王建国", "子", None)];
    let plan = plan(&keyed(&file), &[home(9, "1", Some(1))], &people).unwrap();
    assert_eq!(plan, Plan { unchanged: 2, ..Plan::default() });
}

#[test]
fn a_person_is_found_by_id_number_although_name_and_household_changed() {
    let file = [(entry(2, "2", "李秀英", "户主"), Some(1))];
    let homes = [home(8, "2", None), home(9, "1", Some(1))];
    let plan = plan(&keyed(&file), &homes, &[known(1, 9, "王秀英", "户主", Some(1))]).unwrap();
    let [moved] = plan.villagers.as_slice() else { panic!("one villager") };
    assert_eq!((moved.villager, moved.household, moved.is_new), (villager(1), household(8), false));
    // The household that they left has no head any more.
    let heads: Vec<_> =
        plan.households.iter().map(|h| (h.household.id, h.household.head)).collect();
    assert_eq!(heads, [(household(9), None), (household(8), Some(villager(1)))]);
}

#[test]
fn an_id_number_is_added_to_the_person_of_that_name() {
    let file = [(entry(2, "1", "王秀英", "户主"), Some(1))];
    let people = [known(1, 9, "王秀英", "户主", None)];
    let plan = plan(&keyed(&file), &[home(9, "1", Some(1))], &people).unwrap();
    assert_eq!(plan.villagers.len(), 1);
    assert!(!plan.villagers[0].is_new);
}

#[test]
fn namesakes_with_other_id_numbers_are_other_people() {
    let file = [(entry(2, "1", "王英", "户主"), Some(1)), (entry(3, "1", "王英", "女"), Some(2))];
    let people = [known(1, 9, "王英", "户主", Some(1))];
    let plan = plan(&keyed(&file), &[home(9, "1", Some(1))], &people).unwrap();
    assert_eq!((plan.unchanged, plan.villagers.len()), (1, 1));
    assert!(plan.villagers[0].is_new);
}

#[test]
fn nobody_is_guessed_at() {
    let homes = [home(9, "1", Some(1))];
    let two_known = [known(1, 9, "王英", "户主", Some(1)), known(2, 9, "王英", "女", Some(2))];
    let one_line = [(entry(2, "1", "王英", "户主"), None)];
    let bad = plan(&keyed(&one_line), &homes, &two_known).unwrap_err();
    assert_eq!(codes(bad), [(2, "ambiguous")]);
    let one_known = [known(1, 9, "王英", "户主", None)];
    let two_lines =
        [(entry(2, "1", "王英", "户主"), Some(1)), (entry(3, "1", "王英", "女"), Some(2))];
    let bad = plan(&keyed(&two_lines), &homes, &one_known).unwrap_err();
    assert_eq!(codes(bad), [(2, "ambiguous"), (3, "ambiguous")]);
}

#[test]
fn a_head_who_is_known_must_be_in_the_file_that_names_another() {
    let homes = [home(9, "1", Some(1))];
    let people = [known(1, 9, "王秀英", "户主", None), known(2, 9, "王建国", "子", None)];
    let son = (entry(2, "1", "王建国", "户主"), None);
    let alone = plan(&keyed(std::slice::from_ref(&son)), &homes, &people).unwrap_err();
    assert_eq!(codes(alone), [(2, "other_head")]);
    let both = [son, (entry(3, "1", "王秀英", "母"), None)];
    let plan = plan(&keyed(&both), &homes, &people).unwrap();
    assert_eq!(plan.households[0].household.head, Some(villager(2)));
    assert_eq!(plan.villagers.len(), 2);
}

#[test]
fn an_empty_cell_leaves_what_is_known() {
    let mut person = known(1, 9, "王秀英", "户主", Some(1));
    person.tracks = BTreeSet::from([Track::PartyMember]);
    person.residence = Residence::Student;
    person.phone_key = Some(vec![7]);
    let mut line = entry(2, "1", "王秀英", "户主");
    line.tracks = BTreeMap::from([(Track::Volunteer, true)]);
    let plan = plan(&keyed(&[(line, None)]), &[home(9, "1", Some(1))], &[person]).unwrap();
    let [changed] = plan.villagers.as_slice() else { panic!("one villager") };
    assert_eq!(changed.tracks, BTreeSet::from([Track::PartyMember, Track::Volunteer]));
    assert_eq!(changed.residence, Residence::Student);
}

#[test]
fn whoever_is_not_in_the_file_is_left_alone() {
    let file = [(entry(2, "2", "李大山", "户主"), None)];
    let people = [known(1, 9, "王秀英", "户主", None)];
    let plan = plan(&keyed(&file), &[home(9, "1", Some(1))], &people).unwrap();
    assert_eq!((plan.households.len(), plan.villagers.len()), (1, 1));
    assert!(plan.villagers[0].is_new);
}
