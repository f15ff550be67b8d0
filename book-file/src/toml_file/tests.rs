use domain::rule_book::FaultKind;
use proptest::prelude::*;

use super::*;
use crate::books;
use crate::fault::Place;

const WHOLE: &str = include_str!("../whole.toml");

fn faults(text: &str) -> Vec<(u32, u32, &'static str, String)> {
    let bad = parse_toml(text).unwrap_err();
    let told = bad.faults.iter().map(|fault| match fault.place {
        Place::Text { line, column } => (line, column, fault.code(), fault.path.clone()),
        _ => (0, 0, fault.code(), fault.path.clone()),
    });
    told.collect()
}

/// The line and column at which a text first stands in the whole book.
fn at(text: &str) -> (u32, u32) {
    let byte = WHOLE.find(text).unwrap();
    let before = &WHOLE[..byte];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    (u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
}

fn one_fault(from: &str, to: &str) -> (u32, u32, &'static str, String) {
    assert_eq!(WHOLE.matches(from).count(), 1, "{from}");
    let mut found = faults(&WHOLE.replace(from, to));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn every_preset_is_written_and_read_without_loss() {
    for (name, book) in books::presets() {
        let text = to_toml(&book).unwrap();
        assert_eq!(parse_toml(&text).unwrap().book, book, "{name}");
    }
}

#[test]
fn a_book_with_everything_is_written_as_people_write_it_and_read_without_loss() {
    let book = books::whole();
    let text = to_toml(&book).unwrap();
    assert_eq!(parse_toml(&text).unwrap().book, book);
    assert!(text.contains("\n[[items]]\ncode = \"P-TRAIN\"\n"), "{text}");
    assert!(text.contains("amount = { kind = \"fixed\", points = \"1\" }\n"), "{text}");
    // What goes without saying is not said.
    assert!(!text.contains("repeat_doubles = false"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_book_is_written_and_read_without_loss(book in books::random()) {
        let text = to_toml(&book).unwrap();
        prop_assert_eq!(parse_toml(&text).unwrap().book, book);
    }
}

#[test]
fn what_toml_does_not_allow_is_told_with_its_place() {
    let found = faults("name = \"书\"\nsubject = household\ncycle = = 1\n");
    assert_eq!(found[0], (2, 11, "syntax", String::new()));
    assert!(found.iter().any(|fault| fault.0 == 3), "{found:?}");
}

#[test]
fn each_fault_has_its_code_and_the_place_of_the_very_value() {
    let path = |n: usize, rest: &str| format!("items[{n}].{rest}");
    let (line, column) = at("points = \"2.05\"");
    let wrong = "points = \"2.055\"";
    assert_eq!(
        one_fault("points = \"2.05\"", wrong),
        (line, column, "not_points", path(6, "amount.points"))
    );
    let (line, column) = at("points_min = \"1\"");
    assert_eq!(
        one_fault("points_min = \"1\"", "points_min = 1"),
        (line, column, "wrong_type", path(5, "amount.points_min"))
    );
    assert_eq!(
        one_fault("points_min = \"1\"", "points_min = 1.5"),
        (line, column + 13, "wrong_type", path(5, "amount.points_min"))
    );
    let (line, column) = at("each = 10, points = \"0.1\"");
    assert_eq!(
        one_fault("each = 10, points = \"0.1\"", "each = -10, points = \"0.1\""),
        (line, column, "wrong_type", path(1, "amount.each"))
    );
    let (line, column) = at("kind = \"veto\"");
    assert_eq!(
        one_fault("kind = \"veto\"", "kind = \"vetoed\""),
        (line, column, "unknown_value", path(8, "kind"))
    );
    let (line, column) = at("repeat_doubles = true");
    assert_eq!(
        one_fault("repeat_doubles = true", "repeat_double = true"),
        (line, column, "unknown_field", path(6, "repeat_double"))
    );
    let (line, column) = at("amount = { kind = \"range\", points_min = \"1\", ");
    assert_eq!(
        one_fault("points_min = \"1\", ", ""),
        (line, column, "missing_field", path(5, "amount.points_min"))
    );
    let (line, column) = at("stars = 1\n");
    assert_eq!(
        one_fault("stars = 1\n", "stars = 6\n"),
        (line, column, "invalid", "stars[4].stars".to_owned())
    );
    assert_eq!(one_fault("cycle = \"half_year\"\n", "").2, "missing_field");
}

#[test]
fn a_unit_where_nothing_is_counted_is_refused_as_that() {
    let (line, column) = at("kind = \"fixed\", points = \"60\"");
    let fixed = "unit = \"次\", kind = \"fixed\", points = \"60\"";
    assert_eq!(
        one_fault("kind = \"fixed\", points = \"60\"", fixed),
        (line, column, "unit_without_quantity", "items[7].amount.unit".to_owned())
    );
    let without = one_fault("unit = \"元\", each = 10, ", "each = 10, ");
    assert_eq!((without.2, without.3.as_str()), ("missing_field", "items[1].amount.unit"));
}

#[test]
fn all_faults_of_a_file_are_told_at_once_in_its_order() {
    let text = WHOLE
        .replace("points = \"2.05\"", "points = \"二\"")
        .replace("quorum = 3", "quorum = 300")
        .replace("stars = 5", "stars = \"五\"")
        .replace("code = \"civil\"\n", "")
        .replace("appeal_days_max = 60", "appeal_days_max = 60\ncolour = \"red\"")
        .replace("kind = \"veto\"", "kind = \"vetoed\"");
    let told: Vec<_> = faults(&text).into_iter().map(|fault| (fault.2, fault.3)).collect();
    let expected = [
        ("unknown_field", "colour"),
        ("wrong_type", "claim_way.stages[1].quorum"),
        ("wrong_type", "stars[0].stars"),
        ("missing_field", "categories[0].code"),
        ("not_points", "items[6].amount.points"),
        ("unknown_value", "items[8].kind"),
    ];
    assert_eq!(told, expected.map(|(code, path)| (code, path.to_owned())));
}

#[test]
fn what_stands_in_the_way_of_adoption_is_told_with_its_line() {
    let text = WHOLE
        .replace(
            "category = \"manage\"\nname = \"乱倒垃圾\"",
            "category = \"none\"\nname = \"乱倒垃圾\"",
        )
        .replace("{ from = 10, points = \"2\" }", "{ from = 3, points = \"2\" }");
    let read = parse_toml(&text).unwrap();
    let place = |text: &str| {
        let (line, column) = at(text);
        Place::Text { line, column }
    };
    let told: Vec<_> = read.faults().into_iter().map(|(at, fault)| (at, fault.kind)).collect();
    assert_eq!(
        told,
        [
            (place("{ from = 10, points"), FaultKind::TiersOverlap),
            (place("category = \"manage\"\nname = \"乱倒垃圾\""), FaultKind::UnknownCategory),
        ]
    );
    let amount = read.places.locate("items[3].amount");
    assert_eq!(amount, place("amount = { kind = \"cumulative_tiers\""));
    // A part that does not stand in the file is told at the part around it.
    let item = read.places.locate("items[0].cure");
    assert!(matches!(item, Place::Text { line, .. } if line == at("code = \"P-TRAIN\"").0 - 1));
}

#[test]
fn a_preset_with_its_provenance_is_read_and_other_company_is_refused() {
    let preset = "[provenance]\nsource = \"网\"\n[book]\n";
    let book = WHOLE.replace("\n[", "\n[book.").replace("[book.[", "[[book.");
    let read = parse_toml(&format!("{preset}{book}")).unwrap();
    assert_eq!(read.book, books::whole());
    let found = faults(&format!("[extra]\n{preset}{book}"));
    assert_eq!(found, [(1, 2, "unknown_field", "extra".to_owned())]);
}

#[test]
fn files_that_are_no_book_are_refused_and_never_a_panic() {
    for text in ["", "\u{feff}", "book = 1", "[book]", "items = 3", "items = [[[]]]", "[[items]]"] {
        assert!(!parse_toml(text).unwrap_err().faults.is_empty(), "{text}");
    }
    let deep = format!("name = {}", "[".repeat(100_000));
    assert_eq!(faults(&deep)[0].2, "syntax");
    // No depth of names or headers exhausts the stack.
    for long in ["a.".repeat(100_000) + "a = 1", format!("[{}a]", "a.".repeat(100_000))] {
        assert!(!faults(&long).is_empty());
    }
    let large = " ".repeat(TOML_BYTES_MAX + 1);
    assert_eq!(faults(&large)[0].2, "too_large");
    let values = format!("name = [{}]", "1,".repeat(SEPARATORS_MAX + 1));
    assert_eq!(faults(&values)[0].2, "too_much");
    let many = "[[items]]\ncode = 1\n".repeat(500);
    assert_eq!(faults(&many).len(), crate::BadFile::FAULTS_MAX);
}
