//! A round trip loses nothing.

use domain::rule_book::RuleBook;
use proptest::prelude::*;

use super::super::write::to_xlsx_of;
use super::*;
use crate::fault::Unwritable;
use crate::path::Path;
use crate::tree::Tree;
use crate::{parse_toml, to_toml};

#[test]
fn every_preset_and_the_book_with_everything_are_written_and_read_without_loss() {
    for (name, book) in books::presets() {
        assert_eq!(parse_xlsx(&to_xlsx(&book).unwrap()).unwrap().book, book, "{name}");
    }
    let whole = books::whole();
    let read = parse_xlsx(&to_xlsx(&whole).unwrap()).unwrap();
    assert_eq!(read.book, whole);
    assert_eq!(read.ignored, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_book_is_written_and_read_without_loss(book in books::random()) {
        prop_assert_eq!(parse_xlsx(&to_xlsx(&book).unwrap()).unwrap().book, book);
    }
}

#[test]
fn what_has_a_column_stands_there_and_nowhere_else() {
    let mut grid = Grid::whole();
    let others = grid.sheet("其他设置").clone();
    assert_eq!(others.keys().filter(|(row, _)| *row > 0).count(), 0, "{others:?}");
    let kind = grid.column("条目", "计分方式");
    let row = grid.row("条目", "编号", "P-SVC");
    assert_eq!(grid.sheet("条目")[&(row, kind)], "累计档位");
    let category = grid.column("条目", "分类");
    assert_eq!(grid.sheet("条目")[&(row, category)], "新时代文明实践");
    assert_eq!(grid.row("档位与选项", "有效期", "40.5分及以下1年,超过5年"), 8);
}

#[test]
fn what_no_sheet_knows_travels_by_its_path() {
    // Fields that the book does not have: as if they were added to it later.
    let mut tree = Tree::of(&books::whole()).unwrap();
    let new = [
        ("posts[0].name", Tree::Text("党员".into())),
        ("posts[0].share_bp", Tree::Int(6000)),
        ("policies.reset", Tree::Bool(true)),
        ("policies.none", Tree::List(Vec::new())),
        ("policies.words", Tree::List(vec![Tree::Text("a_x0041_".into()), Tree::Text("1".into())])),
        ("policies.factor", Tree::Text("12.50".into())),
        ("policies.remark", Tree::Text(" 前后 \r\n空格".into())),
        ("items[2].colour", Tree::Text("red".into())),
        ("items[2].amount.tiers[1].note", Tree::Text("第二段".into())),
        ("categories[1].colour", Tree::Text("五色".into())),
        ("claim_way.stages[0].bonus", Tree::Table(Vec::new())),
    ];
    for (path, value) in &new {
        assert!(tree.put(&Path::parse(path).unwrap(), value.clone()), "{path}");
    }
    // A kind of amount that no column knows.
    let amount = r#"{"kind": "lottery", "points": "3", "chances": [{"of": 1, "in": 6}]}"#;
    let amount: Tree = serde_json::from_str(amount).unwrap();
    assert!(tree.put(&Path::parse("items[0].amount").unwrap(), amount));
    let file = to_xlsx_of(&tree).unwrap();
    let mut read = super::super::read::making(&file).unwrap().tree;
    assert_eq!(sorted(&mut read), sorted(&mut without_nulls(&tree)));
    // And a book without them refuses each of them where it stands.
    let told = faults(&file);
    let wanted = "items[2].colour";
    assert!(told.iter().any(|f| f.0.starts_with("其他设置!B") && f.2 == wanted), "{told:?}");
}

/// The tree without what is not there and what goes without saying.
fn without_nulls(tree: &Tree) -> Tree {
    let mut kept = Tree::Null;
    for (path, leaf) in tree.leaves() {
        let unsaid = matches!(leaf, Tree::Null | Tree::Bool(false));
        let empty = ["tracks", "counts_for", "caps", "grades"]
            .iter()
            .any(|name| path.len() == 3 && path.to_string().ends_with(name));
        let said = path.to_string().ends_with("inclusive");
        let unsaid = unsaid || empty && *leaf == Tree::List(Vec::new());
        if said || !unsaid {
            assert!(kept.put(&path, leaf.clone()), "{path}");
        }
    }
    kept
}

fn sorted(tree: &mut Tree) -> Tree {
    match tree {
        Tree::Table(entries) => {
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.iter_mut().for_each(|(_, value)| *value = sorted(value));
        }
        Tree::List(list) => list.iter_mut().for_each(|value| *value = sorted(value)),
        _ => {}
    }
    tree.clone()
}

#[test]
fn a_draft_that_sheets_cannot_hold_is_refused_before_it_is_handed_out() {
    let draft = |from: &str, to: &str| -> RuleBook {
        parse_toml(&include_str!("../../whole.toml").replace(from, to)).unwrap().book
    };
    for code in ["P-SVC", "", " ", "a\\\"b"] {
        let refused = to_xlsx(&draft("code = \"P-TRAIN\"", &format!("code = \"{code}\"")));
        let n = if code == "P-SVC" { 3 } else { 0 };
        assert_eq!(refused, Err(Unwritable::ItemCode { place: format!("items[{n}].code") }));
    }
    let long = "长".repeat(5_000);
    let refused = to_xlsx(&draft("清理干净", &long));
    assert_eq!(refused, Err(Unwritable::TextTooLong { place: "items[6].cure".into() }));
}

#[test]
fn a_book_of_a_thousand_items_with_long_texts_fits_into_a_file() {
    let mut book = books::whole();
    let items = book.items.clone();
    book.items = (0..RuleBook::ITEMS_MAX)
        .map(|n| {
            let mut item = items[n % items.len()].clone();
            item.code = format!("ITEM-{n}");
            item.name = "长".repeat(60);
            item.cure = Some(format!("{n}{}", "整改".repeat(200)));
            item
        })
        .collect();
    let text = to_toml(&book).unwrap();
    assert!(parse_toml(&text).unwrap().book == book);
    let file = to_xlsx(&book).unwrap();
    assert!(parse_xlsx(&file).unwrap().book == book);
    book.items.push(items[0].clone());
    assert_eq!(to_xlsx(&book), Err(Unwritable::TooManyLines));
}

#[test]
fn the_same_book_makes_the_same_file() {
    assert_eq!(to_xlsx(&books::whole()), to_xlsx(&books::whole()));
}
