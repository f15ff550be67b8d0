//! What the sheet 说明 tells the clerk, made of the columns themselves.

use super::labels;
use super::sheets::{ALL, Column, Kind, NAMED_SETTINGS, Rows};

/// The lines of the guide: sheet, column, whether it is needed, how it is filled in.
pub(crate) fn lines() -> Vec<[String; 4]> {
    let mut lines = Vec::new();
    for sheet in ALL {
        if sheet.rows == Rows::Settings && sheet.needed {
            lines.extend(NAMED_SETTINGS.iter().map(|setting| line(sheet.name, setting)));
        } else if sheet.rows == Rows::Settings {
            let how = "一般不用填：没有专门列的内容按其在细则中的位置写在这里，如 items[\"ENV-1\"].cure_days";
            lines.push([sheet.name, "", "", how].map(str::to_owned));
        } else {
            lines.extend(sheet.columns.iter().map(|column| line(sheet.name, column)));
        }
    }
    lines
}

/// What stands above the lines.
pub(crate) const INTRODUCTION: &[&str] = &[
    "积分细则填写说明",
    "每张工作表第一行是列名，列的先后可以变，不认识的列不读取；空行不读取。",
    "分值最多两位小数；加分扣分一律填正数，由“类型”决定加减。多个选项之间用顿号“、”隔开。",
    "填好后上传；有错的地方会指出工作表、行、列和原因。",
];

fn line(sheet: &str, column: &Column) -> [String; 4] {
    let needed = if column.needed { "必填" } else { "" };
    let form = match column.kind {
        Kind::Label(known) => format!("可填：{}", labels::all(known)),
        Kind::Labels(known) => format!("可填一个或几个：{}", labels::all(known)),
        Kind::YesNo => "填 是 或 否".to_owned(),
        Kind::Whole => "整数".to_owned(),
        Kind::Points => "分值".to_owned(),
        Kind::Yuan => "金额，元".to_owned(),
        Kind::Percent => "带 % 号".to_owned(),
        Kind::Text | Kind::Code | Kind::Duration | Kind::Category | Kind::Owner | Kind::Note => {
            String::new()
        }
    };
    let parts = [form.as_str(), column.hint].into_iter().filter(|part| !part.is_empty());
    let how = parts.collect::<Vec<_>>().join("；");
    [sheet.to_owned(), column.title.to_owned(), needed.to_owned(), how]
}
