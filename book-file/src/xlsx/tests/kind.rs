//! What is understood although it was not written as it is handed out.

use rust_xlsxwriter::{Format, Formula};

use super::*;
use crate::fault::Place;
use domain::rule_book::FaultKind;

fn read(grid: &Grid) -> domain::rule_book::RuleBook {
    parse_xlsx(&grid.file()).unwrap_or_else(|bad| panic!("{bad}")).book
}

#[test]
fn the_handed_out_file_typed_again_is_the_same_book() {
    assert_eq!(read(&Grid::whole()), books::whole());
}

#[test]
fn a_heading_blank_rows_moved_columns_and_columns_of_notes_do_not_matter() {
    let mut grid = Grid::whole();
    for sheet in ["条目", "上限", "档位与选项", "分类", "星级", "流程", "基本设置"]
    {
        let cells = std::mem::take(grid.sheet(sheet));
        let width = cells.keys().map(|(_, column)| *column).max().unwrap();
        *grid.sheet(sheet) = cells
            .into_iter()
            .map(|((row, column), text)| {
                let text = if row == 0 { format!(" ＊{text} ") } else { text };
                // Down by a heading and blank rows, and mirrored.
                ((row * 2 + 3, width - column + 1), text)
            })
            .collect();
        grid.put(sheet, 0, 1, "云岭村 2026 年");
        grid.put(sheet, 3, 0, "我的批注");
        grid.put(sheet, 5, 0, "记得问书记");
    }
    let read = parse_xlsx(&grid.file()).unwrap_or_else(|bad| panic!("{bad}"));
    assert_eq!(read.book, books::whole());
    assert!(
        read.ignored
            .iter()
            .any(|(place, title)| { place.zh() == "条目!A4" && title == "我的批注" })
    );
}

#[test]
fn full_width_digits_other_names_and_numbers_as_numbers_are_understood() {
    let mut grid = Grid::whole();
    grid.set("条目", "P-TRAIN", "分值", " １．００ ");
    grid.set("条目", "P-DONATE-0", "每几单位", "１０");
    grid.set("条目", "N-DUMP", "改正期限（天）", "7天");
    grid.set("条目", "N-DUMP", "类型", "deduction");
    grid.set("条目", "N-DUMP", "有效期", "40分以下１年，以上２年");
    grid.set("条目", "P-TRAIN", "分类", "civil");
    grid.set("条目", "P-TRAIN", "申报人", "系统,村民，干部");
    grid.set("星级", "5", "诚信金（元）", "2000.5");
    let point = grid.column("条目", "分值");
    let (row, donate) =
        (grid.row("条目", "编号", "N-DUMP"), grid.row("条目", "编号", "P-DONATE-0"));
    let file = grid.file_with(|name, sheet| {
        if name == "条目" {
            sheet.write_number(row, point, 2.05).unwrap();
            let formula = Formula::new("1/10").set_result("0.1");
            sheet.write_formula(donate, point, formula).unwrap();
        }
    });
    assert_eq!(parse_xlsx(&file).unwrap_or_else(|bad| panic!("{bad}")).book, books::whole());
}

#[test]
fn merged_cells_hold_for_their_rows_and_details_belong_to_the_item_above() {
    let mut grid = Grid::whole();
    // The details of one item say its code once.
    for sheet in ["档位与选项", "上限", "流程"] {
        let mut last = String::new();
        for row in 1..40 {
            let Some(owner) = grid.sheet(sheet).get(&(row, 0)).cloned() else { break };
            if owner == last {
                grid.put(sheet, row, 0, "");
            }
            last = owner;
        }
    }
    assert_eq!(read(&grid), books::whole());
    // All categories of one name in one merged cell, and titles in two rows.
    let mut grid = Grid::whole();
    let category = grid.column("条目", "分类");
    let cells = std::mem::take(grid.sheet("条目"));
    *grid.sheet("条目") = cells
        .into_iter()
        .filter(|((row, column), _)| *column != category || *row == 0)
        .map(|((row, column), text)| ((row + 1, column), text))
        .collect();
    let file = grid.file_with(|name, sheet| {
        if name == "条目" {
            let format = Format::new();
            sheet.merge_range(2, category, 7, category, "新时代文明实践", &format).unwrap();
            sheet.merge_range(8, category, 10, category, "村居管理", &format).unwrap();
            sheet.merge_range(0, 0, 1, 0, "编号", &format).unwrap();
            sheet.merge_range(0, 1, 0, 5, "基本情况", &format).unwrap();
        }
    });
    assert_eq!(parse_xlsx(&file).unwrap_or_else(|bad| panic!("{bad}")).book, books::whole());
}

#[test]
fn columns_and_sheets_that_are_not_needed_may_be_missing() {
    let mut grid = Grid::whole();
    grid.0.retain(|(name, _)| !matches!(name.as_str(), "上限" | "其他设置" | "说明"));
    let group = grid.column("条目", "择高组");
    grid.sheet("条目").retain(|(_, column), _| *column != group);
    let book = read(&grid);
    assert!(book.items.iter().all(|item| item.caps.is_empty() && item.exclusive.is_none()));
    assert_eq!(book.items.len(), books::whole().items.len());
}

#[test]
fn what_stands_in_the_way_of_adoption_is_told_with_its_cell() {
    let mut grid = Grid::whole();
    let category = grid.set("条目", "N-DUMP", "分类", "没有的分类");
    let cure = grid.set("条目", "N-GAMBLE", "改正办法", "");
    let row = grid.row("档位与选项", "条目编号", "P-SVC");
    let from = grid.column("档位与选项", "起始数量");
    grid.put("档位与选项", row + 1, from, "3");
    let stars = grid.row("星级", "星级", "1");
    grid.put("星级", stars, 0, "5");
    let read = parse_xlsx(&grid.file()).unwrap_or_else(|bad| panic!("{bad}"));
    let told: Vec<_> =
        read.faults().into_iter().map(|(place, fault)| (place.zh(), fault.kind)).collect();
    assert!(told.contains(&(category, FaultKind::UnknownCategory)), "{told:?}");
    assert!(told.contains(&(cure, FaultKind::NoCure)), "{told:?}");
    assert!(told.contains(&(format!("档位与选项 第 {} 行", row + 2), FaultKind::TiersOverlap)));
    assert!(told.contains(&(format!("星级 第 {} 行", stars + 1), FaultKind::StarOrder)));
    // A table of the book stands where its kind does.
    let kind = grid.column("条目", "计分方式");
    let amount = read.places.locate("items[3].amount");
    assert!(
        matches!(amount, Place::Sheet { row: Some(5), column, .. } if column == Some(kind.into()))
    );
}

#[test]
fn a_choice_without_options_is_a_draft_whose_fault_the_domain_tells() {
    let mut grid = Grid::whole();
    grid.0.retain(|(name, _)| name != "档位与选项");
    let read = parse_xlsx(&grid.file()).unwrap_or_else(|bad| panic!("{bad}"));
    let kinds: Vec<_> = read.faults().into_iter().map(|(_, fault)| fault.kind).collect();
    assert_eq!(kinds, [FaultKind::NoTiers, FaultKind::NoTiers, FaultKind::NoOptions]);
}

#[test]
fn numbers_in_other_settings_are_taken_as_what_the_book_wants() {
    let mut grid = Grid::whole();
    let points = grid.column("条目", "分值");
    let row = grid.row("条目", "编号", "P-TRAIN");
    grid.put("条目", row, points, "");
    grid.put("其他设置", 1, 0, "items[\"P-TRAIN\"].amount.points");
    grid.put("其他设置", 1, 1, "1");
    assert_eq!(read(&grid), books::whole());
}
