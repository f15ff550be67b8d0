//! Each fault of a workbook with its code and its place.

use rust_xlsxwriter::{ExcelDateTime, Format};

use super::*;
use crate::BadFile;

fn one(change: impl FnOnce(&mut Grid) -> String, code: &str, path: &str) {
    let mut grid = Grid::whole();
    let place = change(&mut grid);
    let told = grid.faults();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].0.as_str(), told[0].1, told[0].2.as_str()), (place.as_str(), code, path));
}

#[test]
fn a_bad_cell_is_refused_at_that_cell() {
    let set = |sheet: &'static str, row: &'static str, title: &'static str, text: &'static str| {
        move |grid: &mut Grid| grid.set(sheet, row, title, text)
    };
    one(set("条目", "P-TRAIN", "分值", "一分"), "not_points", "items[0].amount.points");
    one(set("条目", "P-TRAIN", "分值", "0.125"), "not_points", "items[0].amount.points");
    one(set("条目", "P-TRAIN", "分值", ""), "missing_field", "items[0].amount.points");
    one(set("条目", "P-TRAIN", "类型", "奖励"), "unknown_value", "items[0].kind");
    one(set("条目", "P-TRAIN", "类型", "praise"), "unknown_value", "items[0].kind");
    one(set("条目", "P-TRAIN", "申报人", "村民、外人"), "unknown_value", "items[0].claimed_by");
    one(set("条目", "P-TRAIN", "条目名称", ""), "missing_field", "items[0].name");
    one(set("条目", "P-DONATE-0", "每几单位", "十"), "not_whole", "items[1].amount.each");
    one(set("条目", "P-DONATE-0", "每几单位", "5000000000"), "wrong_type", "items[1].amount.each");
    one(set("条目", "P-DONATE-0", "单位", ""), "missing_field", "items[1].amount.unit");
    one(set("条目", "N-DUMP", "有效期", "很久"), "not_duration", "items[6].duration");
    one(set("条目", "N-DUMP", "重复加倍", "也许"), "not_yes_or_no", "items[6].repeat_doubles");
    one(set("条目", "N-GAMBLE", "直接判定星级", "6"), "invalid", "items[7].grade");
    one(set("星级", "5", "诚信金（元）", "两千"), "not_money", "stars[0].star_credit_fen");
    one(set("星级", "5", "优惠比例", "0.1"), "percent_unclear", "stars[0].discount_bp");
    one(set("星级", "5", "优惠比例", "110%"), "not_percent", "stars[0].discount_bp");
    one(set("基本设置", "计分对象", "值", "村"), "unknown_value", "subject");
    one(set("基本设置", "基础分", "值", "1000.001"), "not_points", "base_score");
    one(set("流程", "申报", "最少人数", "300"), "wrong_type", "claim_way.stages[0].quorum");
}

#[test]
fn a_unit_where_nothing_is_counted_is_refused_at_the_unit() {
    let unit = |grid: &mut Grid| grid.set("条目", "P-TRAIN", "单位", "次");
    one(unit, "unit_without_quantity", "items[0].amount.unit");
    let mut grid = Grid::whole();
    unit(&mut grid);
    let bad = parse_xlsx(&grid.file()).unwrap_err();
    assert!(bad.faults[0].reason.zh().contains("固定"), "{bad}");
}

#[test]
fn details_without_their_item_are_refused() {
    let unknown = |grid: &mut Grid| grid.set("上限", "P-TRAIN", "条目编号", "P-NONE");
    let mut grid = Grid::whole();
    let place = unknown(&mut grid);
    assert_eq!(grid.faults()[0], (place, "unknown_item", String::new()));
    let mut grid = Grid::whole();
    grid.set("条目", "P-SVC", "编号", "P-SVC-2");
    let told: Vec<_> = grid.faults().into_iter().map(|fault| (fault.0, fault.1)).collect();
    let expected = ["档位与选项!A5", "档位与选项!A6"].map(|at| (at.to_owned(), "unknown_item"));
    assert_eq!(told, expected);
}

#[test]
fn a_code_that_stands_twice_is_refused_with_the_place_of_the_first() {
    let mut grid = Grid::whole();
    let place = grid.set("条目", "P-BRAVE", "编号", "P-TRAIN");
    let bad = parse_xlsx(&grid.file()).unwrap_err();
    let told: Vec<_> = bad.faults.iter().map(|f| (f.place.zh(), f.code())).collect();
    assert_eq!(told, [(place, "duplicate_row")]);
    assert!(bad.faults[0].reason.zh().contains("条目!A2"), "{bad}");
    one(
        |grid| {
            grid.put("基本设置", 20, 1, "5");
            grid.put("基本设置", 20, 0, "基础分")
        },
        "duplicate_row",
        "",
    );
}

#[test]
fn a_cap_limits_one_thing_and_says_which() {
    one(
        |grid| {
            let row = grid.row("上限", "次数上限", "3");
            let column = grid.column("上限", "分值上限");
            grid.put("上限", row, column, "2")
        },
        "one_of_two",
        "items[0].caps[1].limit",
    );
    one(
        |grid| {
            let row = grid.row("上限", "次数上限", "3");
            let column = grid.column("上限", "次数上限");
            grid.put("上限", row, column, "")
        },
        "missing_field",
        "items[0].caps[1].limit",
    );
}

#[test]
fn settings_that_are_missing_or_lead_nowhere_are_refused() {
    one(
        |grid| {
            let row = grid.row("基本设置", "设置", "申报公示天数");
            grid.sheet("基本设置").retain(|(at, _), _| *at != row);
            "工作表“基本设置”".to_owned()
        },
        "missing_field",
        "claim_way.notice_days",
    );
    let other = |name: &'static str| {
        move |grid: &mut Grid| {
            grid.put("其他设置", 1, 1, "1");
            grid.put("其他设置", 1, 0, name)
        }
    };
    one(other("基础分数线"), "not_a_path", "");
    one(other("items[\"P-NONE\"].colour"), "not_a_path", "");
    one(other("items[99].colour"), "not_a_path", "");
    one(
        |grid| {
            other("colour")(grid);
            "其他设置!B2".to_owned()
        },
        "unknown_field",
        "colour",
    );
}

#[test]
fn missing_sheets_and_columns_are_refused_and_nothing_else_is_told_about_them() {
    for sheet in ["基本设置", "分类", "条目", "星级", "流程"] {
        let mut grid = Grid::whole();
        grid.0.retain(|(name, _)| name != sheet);
        let told = grid.faults();
        assert_eq!(told[0], ("整个文件".to_owned(), "missing_sheet", String::new()));
        // Without items, their details have no item.
        let others = told.iter().skip(1).filter(|fault| fault.1 != "unknown_item");
        assert_eq!(others.count(), 0, "{told:?}");
    }
    for (sheet, title) in
        [("条目", "类型"), ("分类", "分类名称"), ("星级", "含本数"), ("流程", "评议人")]
    {
        one(
            |grid| {
                if sheet == "条目" {
                    grid.0.retain(|(name, _)| !matches!(name.as_str(), "上限" | "档位与选项"));
                }
                let column = grid.column(sheet, title);
                grid.sheet(sheet).retain(|(_, at), _| *at != column);
                format!("{sheet} 第 1 行")
            },
            "missing_column",
            "",
        );
    }
    one(
        |grid| {
            grid.0.retain(|(name, _)| !matches!(name.as_str(), "上限" | "档位与选项"));
            let column = grid.column("条目", "佐证");
            grid.put("条目", 0, column, "分值")
        },
        "column_twice",
        "",
    );
    let mut grid = Grid::whole();
    let copy = grid.sheet("条目").clone();
    grid.0.push(("items".to_owned(), copy));
    assert_eq!(grid.faults(), [("工作表“items”".to_owned(), "sheet_twice", String::new())]);
}

#[test]
fn dates_and_errors_in_cells_are_refused_as_that() {
    let mut grid = Grid::whole();
    let points = grid.column("条目", "分值");
    let row = grid.row("条目", "编号", "P-TRAIN");
    let code = grid.column("条目", "编号");
    let brave = grid.row("条目", "编号", "P-BRAVE");
    let file = grid.file_with(|name, sheet| {
        if name == "条目" {
            let day = ExcelDateTime::from_ymd(2026, 1, 2).unwrap();
            let format = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_datetime_with_format(brave, code, &day, &format).unwrap();
            let sum = 0.1 + 0.2;
            sheet.write_number(row, points, sum).unwrap();
        }
    });
    let told = faults(&file);
    let codes: Vec<_> = told.iter().map(|fault| (fault.0.as_str(), fault.1)).collect();
    assert_eq!(codes, [("条目!F2", "not_points"), ("条目!A7", "is_date")]);
}

#[test]
fn many_faults_are_told_at_once_in_the_order_of_the_file() {
    let mut grid = Grid::whole();
    let expected = [
        (grid.set("基本设置", "评定周期", "值", "两年"), "unknown_value"),
        (grid.set("分类", "manage", "分类名称", ""), "missing_field"),
        (grid.set("条目", "P-TRAIN", "类型", ""), "missing_field"),
        (grid.set("条目", "P-DONATE-0", "分值", "少许"), "not_points"),
        (grid.set("条目", "P-DONATE-0", "最高分", "不多"), "not_points"),
        (grid.set("条目", "P-BRAVE", "最低分", ""), "missing_field"),
        (grid.set("条目", "N-VETO", "暂停兑换年数", "1000"), "wrong_type"),
        (grid.set("档位与选项", "P-HONOUR", "分值", "三"), "not_points"),
        (grid.set("星级", "1", "含本数", "?"), "not_yes_or_no"),
        (grid.set("流程", "评定", "评议人", "老天"), "unknown_value"),
    ];
    let told: Vec<_> = grid.faults().into_iter().map(|fault| (fault.0, fault.1)).collect();
    assert_eq!(told, expected);
}

#[test]
fn no_more_faults_are_told_than_anybody_reads() {
    let mut grid = Grid::whole();
    for row in 20..400 {
        grid.put("条目", row, 0, &format!("X-{row}"));
    }
    assert_eq!(grid.faults().len(), BadFile::FAULTS_MAX);
}

#[test]
fn a_grade_of_a_track_that_is_not_listed_is_refused_at_its_cell() {
    one(|grid| grid.set("等次", "党员", "类别", "五老人员"), "unknown_track", "");
    let half = |grid: &mut Grid| grid.set("分类积分", "党员", "角色职责占比", "一半");
    one(half, "not_percent", "tracks[0].role_duty_bp");
}
