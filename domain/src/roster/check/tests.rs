use super::*;
use uuid::Uuid;

const ANNA: &str = "11010519491231002X";

fn line(number: u32, cells: &[(Column, &str)]) -> Line {
    let cells = cells.iter().map(|(column, text)| (*column, Cell::Text((*text).into()))).collect();
    Line { number, cells }
}

fn person(number: u32, household: &str, name: &str, relation: &str) -> Line {
    line(
        number,
        &[(Column::Household, household), (Column::Name, name), (Column::Relation, relation)],
    )
}

fn with(mut line: Line, column: Column, text: &str) -> Line {
    line.cells.insert(column, Cell::Text(text.into()));
    line
}

fn checked(lines: &[Line]) -> Result<Vec<Entry>, Vec<(u32, &'static str, &'static str)>> {
    let grids = BTreeMap::from([("一组".to_owned(), GridId(Uuid::from_u128(1)))]);
    let today = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap();
    check(lines, &grids, today)
        .map_err(|bad| bad.iter().map(|b| (b.line, b.field, b.flaw.code())).collect())
}

#[test]
fn a_good_line_is_read_whole() {
    let entries = checked(&[line(
        2,
        &[
            (Column::Household, " 001 "),
            (Column::Name, "王　　英"),
            (Column::Relation, "户 主"),
            (Column::IdNumber, "'11010519491231002x"),
            (Column::Phone, "139 1234-5678"),
            (Column::Grid, "一组"),
            (Column::PartyMember, "党员"),
            (Column::Volunteer, "否"),
            (Column::Residence, "在外求学"),
        ],
    )])
    .unwrap();
    let [entry] = entries.as_slice() else { panic!("one entry") };
    assert_eq!((entry.household.as_str(), entry.name.as_str()), ("001", "王英"));
    assert!(entry.is_head());
    assert_eq!(entry.id_number.as_ref().unwrap().expose(), ANNA);
    assert_eq!(entry.phone.as_ref().unwrap().expose(), "13912345678");
    assert_eq!(entry.grid, Some(GridId(Uuid::from_u128(1))));
    let tracks = BTreeMap::from([(Track::PartyMember, true), (Track::Volunteer, false)]);
    assert_eq!(entry.tracks, tracks);
    assert_eq!(entry.residence, Some(Residence::Student));
}

#[test]
fn a_name_in_letters_keeps_its_spaces() {
    assert_eq!(without_padding("Anna   Maria  Li"), "Anna Maria Li");
    assert_eq!(without_padding("阿卜杜拉·买买提"), "阿卜杜拉·买买提");
}

#[test]
fn every_wrong_cell_of_a_line_is_told() {
    let good = person(2, "001", "王秀英", "户主");
    let told = |column, text| checked(&[with(good.clone(), column, text)]).unwrap_err();
    let id = |text| told(Column::IdNumber, text);
    assert_eq!(id("110105194912310021"), [(2, "id_number", "id_number_check_digit")]);
    assert_eq!(id("110105194913310027"), [(2, "id_number", "id_number_birth_date")]);
    assert_eq!(id("12345"), [(2, "id_number", "id_number_form")]);
    assert_eq!(id("1.10105E+17"), [(2, "id_number", "digits_lost")]);
    assert_eq!(told(Column::Phone, "12345"), [(2, "phone", "phone_form")]);
    assert_eq!(told(Column::Phone, "1.39E+10"), [(2, "phone", "digits_lost")]);
    assert_eq!(told(Column::Grid, "九组"), [(2, "grid", "unknown_grid")]);
    assert_eq!(told(Column::Residence, "打工"), [(2, "residence", "unknown_status")]);
    assert_eq!(told(Column::Elder, "也许"), [(2, "elder", "not_yes_or_no")]);
    assert_eq!(told(Column::Name, "王\u{7}英"), [(2, "name", "control_character")]);
    assert_eq!(told(Column::Name, &"王".repeat(51)), [(2, "name", "too_long")]);
    let empty = line(3, &[(Column::Household, ""), (Column::Name, " "), (Column::Relation, "")]);
    assert_eq!(
        checked(&[empty]).unwrap_err(),
        [(3, "household_number", "missing"), (3, "name", "missing"), (3, "relation", "missing")]
    );
    let mut lost = good;
    lost.cells.insert(Column::IdNumber, Cell::DigitsLost);
    lost.cells.insert(Column::Phone, Cell::Broken);
    let told = checked(&[lost]).unwrap_err();
    assert_eq!(told, [(2, "id_number", "digits_lost"), (2, "phone", "cell_broken")]);
}

#[test]
fn somebody_who_is_not_born_yet_is_refused() {
    let unborn = "0123456789X".chars().find_map(|c| {
        let number = format!("11010520270101001{c}");
        number.parse::<IdNumber>().is_ok().then_some(number)
    });
    let line = with(person(2, "001", "王秀英", "户主"), Column::IdNumber, &unborn.unwrap());
    assert_eq!(checked(&[line]).unwrap_err(), [(2, "id_number", "id_number_birth_date")]);
}

#[test]
fn a_household_has_one_head() {
    let none = checked(&[person(2, "001", "王秀英", "妻"), person(3, "001", "王建国", "子")]);
    assert_eq!(none.unwrap_err(), [(2, "relation", "no_head")]);
    let two = checked(&[person(2, "001", "王秀英", "户主"), person(3, "001", "王建国", "户主")]);
    assert_eq!(two.unwrap_err(), [(3, "relation", "second_head")]);
    let unread = checked(&[person(2, "001", "王秀英", ""), person(3, "001", "王建国", "子")]);
    assert_eq!(unread.unwrap_err(), [(2, "relation", "missing")]);
}

#[test]
fn an_id_number_or_a_name_that_stands_twice_is_told_with_the_first_line() {
    let head = person(2, "001", "王秀英", "户主");
    let twice = [
        with(head.clone(), Column::IdNumber, ANNA),
        with(person(3, "002", "李大山", "户主"), Column::IdNumber, ANNA),
    ];
    assert_eq!(checked(&twice).unwrap_err(), [(3, "id_number", "id_number_twice")]);
    let namesake = [head.clone(), person(3, "001", "王秀英", "女")];
    assert_eq!(checked(&namesake).unwrap_err(), [(3, "name", "name_twice")]);
    let one_numbered = [with(head, Column::IdNumber, ANNA), person(3, "001", "王秀英", "女")];
    assert_eq!(checked(&one_numbered).unwrap_err(), [(3, "name", "name_twice")]);
    assert!(
        checked(&[person(2, "001", "王秀英", "户主"), person(3, "002", "王秀英", "户主")]).is_ok()
    );
}

#[test]
fn a_household_lies_in_one_grid() {
    let grids = BTreeMap::from([
        ("一组".to_owned(), GridId(Uuid::from_u128(1))),
        ("二组".to_owned(), GridId(Uuid::from_u128(2))),
    ]);
    let lines = [
        with(person(2, "001", "王秀英", "户主"), Column::Grid, "一组"),
        with(person(3, "001", "王建国", "子"), Column::Grid, "二组"),
    ];
    let bad = check(&lines, &grids, NaiveDate::default()).unwrap_err();
    assert_eq!(
        bad,
        [BadLine { line: 3, field: "grid", flaw: Flaw::GridDiffers { first_line: 2 } }]
    );
}
