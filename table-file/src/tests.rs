use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use proptest::prelude::*;

use super::*;

fn read(file: &[u8]) -> Vec<(String, Range<Data>, bool)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let names = book.sheet_names();
    let read = names.into_iter().map(|name| {
        let formulas = book.worksheet_formula(&name).unwrap();
        let any = formulas.used_cells().any(|(_, _, formula)| !formula.is_empty());
        (name.clone(), book.worksheet_range(&name).unwrap(), any)
    });
    read.collect()
}

fn one_cell(cell: Cell) -> Data {
    let table = Table {
        name: "表".into(),
        columns: vec!["列".into()],
        rows: vec![vec![cell]],
        ..Table::default()
    };
    let sheets = read(&to_xlsx(&[table]).unwrap());
    sheets[0].1.get((1, 0)).unwrap().clone()
}

#[test]
fn a_table_has_notes_titles_rows_and_totals() {
    let table = Table {
        name: "对账单".into(),
        notes: vec!["亿家人超市 2026-10".into()],
        columns: ["日期", "户", "笔数", "抵扣(元)", "积分"].map(String::from).into(),
        rows: vec![vec![
            Cell::Day("2026-10-20".parse().unwrap()),
            Cell::text("王*"),
            Cell::Count(3),
            Cell::Fen(Fen::new(1_028)),
            Cell::Points(Points::from_hundredths(1_250)),
        ]],
        totals: vec![Cell::text("合计"), Cell::Empty, Cell::Count(3), Cell::Fen(Fen::new(-7))],
    };
    let sheets = read(&to_xlsx(&[table]).unwrap());
    let (name, range, formulas) = &sheets[0];
    assert_eq!((name.as_str(), formulas), ("对账单", &false));
    let cell = |row, column| range.get((row, column)).unwrap().clone();
    assert_eq!(cell(0, 0), Data::String("亿家人超市 2026-10".into()));
    assert_eq!(cell(1, 3), Data::String("抵扣(元)".into()));
    assert!(matches!(cell(2, 0), Data::DateTime(day) if day.as_f64() == 46_315.0));
    assert_eq!(cell(2, 1), Data::String("王*".into()));
    assert_eq!(cell(2, 2), Data::Float(3.0));
    assert_eq!(cell(2, 3), Data::Float(10.28));
    assert_eq!(cell(2, 4), Data::Float(12.5));
    assert_eq!(cell(3, 0), Data::String("合计".into()));
    assert_eq!(cell(3, 3), Data::Float(-0.07));
}

#[test]
fn what_looks_like_a_formula_stays_a_text() {
    for text in ["=1+1", "+86 13800000000", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "_x0041_"]
    {
        let table = Table {
            name: text.into(),
            notes: vec![text.into()],
            columns: vec![text.into()],
            rows: vec![vec![Cell::text(text)]],
            totals: vec![Cell::text(text)],
        };
        let sheets = read(&to_xlsx(&[table]).unwrap());
        let (_, range, formulas) = &sheets[0];
        assert!(!formulas, "{text}");
        for row in 0..4 {
            assert_eq!(range.get((row, 0)), Some(&Data::String(text.into())), "{text}");
        }
    }
}

#[test]
fn an_amount_that_a_spreadsheet_would_round_is_written_as_text() {
    let digits_15 = Fen::new(999_999_999_999_999);
    assert_eq!(one_cell(Cell::Fen(digits_15)), Data::Float(9_999_999_999_999.99));
    let digits_16 = Fen::new(9_007_199_254_740_993);
    assert_eq!(one_cell(Cell::Fen(digits_16)), Data::String("90071992547409.93".into()));
    assert_eq!(one_cell(Cell::Count(i64::MIN)), Data::String(i64::MIN.to_string()));
}

#[test]
fn the_same_tables_make_the_same_file_and_odd_names_become_names() {
    let names = [
        "a/b",
        "A/B",
        "",
        "History",
        "乡约乡约乡约乡约乡约乡约乡约乡约乡约乡约乡约乡约乡约乡约乡约乡约乡约",
    ];
    let tables = names.map(|name| Table { name: name.into(), ..Table::default() });
    let file = to_xlsx(&tables).unwrap();
    assert_eq!(file, to_xlsx(&tables).unwrap());
    let found: Vec<String> = read(&file).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(found[..4], ["a-b", "A-B (2)", "表", "表History"]);
    assert_eq!(found[4].chars().count(), 31);
}

#[test]
fn a_table_too_long_for_an_office_is_refused() {
    let table = Table { rows: vec![Vec::new(); ROWS_MAX + 1], ..Table::default() };
    assert!(matches!(to_xlsx(&[table]), Err(Unwritable::TooManyRows)));
}

#[test]
fn what_xml_cannot_hold_is_replaced() {
    assert_eq!(one_cell(Cell::text("a\u{1}b\u{ffff}")), Data::String("a\u{fffd}b\u{fffd}".into()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_amount_is_read_as_it_was_written(fen in proptest::collection::vec(any::<i64>(), 1..40)) {
        // Of every size.
        let fen: Vec<i64> = fen.iter().enumerate().map(|(n, fen)| fen >> n).collect();
        let table = Table {
            name: "表".into(),
            rows: fen.iter().map(|fen| vec![Cell::Fen(Fen::new(*fen))]).collect(),
            ..Table::default()
        };
        let sheets = read(&to_xlsx(&[table]).unwrap());
        for (row, fen) in (1..).zip(&fen) {
            let decimal = match sheets[0].1.get_value((row, 0)) {
                Some(Data::Float(number)) => format!("{number:.2}"),
                Some(Data::String(text)) => text.clone(),
                other => panic!("{other:?}"),
            };
            prop_assert_eq!(decimal, Fen::new(*fen).to_string());
        }
    }
}
