//! Why a part of a file cannot be taken: a stable code, and words in Chinese and English.

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident: $type:ty),* $(,)? })? => $code:literal, $zh:literal, $en:literal;)*) => {
        /// Why a part of a file cannot be taken.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $name $({
                $(
                    #[doc = concat!("The `", stringify!($field), "` of it.")]
                    $field: $type
                ),*
            })?,)*
        }

        impl Reason {
            /// Every code, in the order of the enum.
            pub const CODES: &[&str] = &[$($code),*];

            /// The stable code that clients branch on.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code,)* }
            }

            /// The reason in Chinese.
            pub fn zh(&self) -> String {
                match self { $(Self::$name $({ $($field),* })? => format!($zh),)* }
            }

            /// The reason in English.
            pub fn en(&self) -> String {
                match self { $(Self::$name $({ $($field),* })? => format!($en),)* }
            }
        }
    };
}

reasons! {
    /// More bytes than are read.
    TooLarge { bytes_max: usize } => "too_large",
        "文件太大，最多 {bytes_max} 字节", "the file is larger than {bytes_max} bytes";
    /// No workbook, or one that is damaged.
    Unreadable => "unreadable",
        "打不开：不是 XLSX 工作簿，或文件已损坏", "not an XLSX workbook, or a damaged one";
    /// Neither a workbook nor text in UTF-8.
    NotText => "not_text",
        "既不是 XLSX 工作簿，也不是 UTF-8 编码的 TOML 文本",
        "neither an XLSX workbook nor TOML in UTF-8";
    /// What TOML does not allow.
    Syntax { detail: String } => "syntax", "TOML 语法错误：{detail}", "not TOML: {detail}";
    /// A name that does not exist there.
    UnknownField { name: String } => "unknown_field",
        "这里没有“{name}”这一项", "there is no `{name}` here";
    /// Something that must be there is not.
    MissingField { name: String } => "missing_field", "缺少“{name}”", "`{name}` is missing";
    /// A text where a number should be, or the like.
    WrongType { found: String, expected: String } => "wrong_type",
        "类型不对：现为 {found}，应为 {expected}", "found {found}, expected {expected}";
    /// Not points with at most two places.
    NotPoints { found: String } => "not_points",
        "“{found}”不是分值：应为最多两位小数的数，如 12.5",
        "`{found}` is not an amount of points: a decimal with at most two places, such as 12.5";
    /// Not money with at most two places.
    NotMoney { found: String } => "not_money",
        "“{found}”不是金额：应为最多两位小数的元数", "`{found}` is not yuan with at most two places";
    /// Not a share of 0 % to 100 %.
    NotPercent { found: String } => "not_percent",
        "“{found}”不是百分比：应写作 8%，最多两位小数，0% 到 100%",
        "`{found}` is not a share such as 8%, with at most two places, from 0% to 100%";
    /// A cell formatted as a percentage holds 0.08 for 8 %, and nobody can tell it from 0.08 %.
    PercentUnclear { found: String } => "percent_unclear",
        "不知道“{found}”是 {found}% 还是小数：请写成带 % 号的文本，如 8%",
        "`{found}` may be {found}% or a fraction: write a text with a percent sign, such as 8%";
    /// Not a whole number from 0 up.
    NotWhole { found: String } => "not_whole",
        "“{found}”不是从 0 起的整数", "`{found}` is not a whole number from 0 up";
    /// None of the values that can stand there.
    UnknownValue { found: String, expected: String } => "unknown_value",
        "不认识“{found}”，可填：{expected}", "`{found}` is unknown; possible are: {expected}";
    /// Not a duration.
    NotDuration { found: String } => "not_duration",
        "看不懂有效期“{found}”，可填：本周期、本年、3年、40分及以下1年,超过2年",
        "`{found}` is no duration; possible are: 本周期, 本年, 3年, 40分及以下1年,超过2年";
    /// Neither yes nor no.
    NotYesOrNo { found: String } => "not_yes_or_no",
        "“{found}”既不是“是”也不是“否”", "`{found}` is neither 是 (yes) nor 否 (no)";
    /// The same once more.
    DuplicateRow { first: String } => "duplicate_row",
        "重复：{first} 已有", "stands already at {first}";
    /// A sheet that the file must have.
    MissingSheet { name: &'static str } => "missing_sheet",
        "缺少工作表“{name}”", "the sheet {name} is missing";
    /// A sheet that stands twice, under two of its names.
    SheetTwice { name: &'static str } => "sheet_twice",
        "工作表“{name}”有两张", "the sheet {name} stands twice";
    /// A column that the sheet must have.
    MissingColumn { title: &'static str } => "missing_column",
        "缺少“{title}”列", "the column {title} is missing";
    /// A column that stands twice.
    ColumnTwice { title: &'static str } => "column_twice",
        "“{title}”列有两列", "the column {title} stands twice";
    /// More rows than are read.
    TooManyRows { rows_max: usize } => "too_many_rows",
        "行数太多，最多 {rows_max} 行", "more than {rows_max} rows";
    /// More cells, or more text in them, than are read.
    TooMuch => "too_much", "内容太多，超过一本细则所需", "more than a rule book holds";
    /// A text longer than is read.
    CellTooLong { chars_max: usize } => "cell_too_long",
        "文字太长，最多 {chars_max} 个字符", "longer than {chars_max} characters";
    /// An error of the spreadsheet, such as `#N/A`.
    CellBroken { found: String } => "cell_broken",
        "单元格是错误值 {found}", "the cell holds the error {found}";
    /// The spreadsheet made a date of what was typed.
    IsDate => "is_date",
        "表格软件把内容变成了日期：请把单元格设为文本格式后重填",
        "the spreadsheet made a date of it: format the cell as text and type it again";
    /// More digits than a spreadsheet keeps.
    DigitsLost => "digits_lost",
        "数字超过 15 位，表格软件已丢失后面的数字", "more than 15 digits: the spreadsheet lost some";
    /// A line of details for an item that the file does not have.
    UnknownItem { code: String } => "unknown_item",
        "“条目”表里没有编号“{code}”", "no item has the code `{code}`";
    /// A line of grades for a track that the file does not have.
    UnknownTrack { name: String } => "unknown_track",
        "“分类积分”表里没有“{name}”", "the sheet of tracks has no {name}";
    /// A unit where nothing is counted.
    UnitWithoutQuantity { kind: String } => "unit_without_quantity",
        "有单位却没有数量：“{kind}”不按数量计分", "a unit without a quantity: `{kind}` counts nothing";
    /// Both of two, of which only one can be.
    OneOfTwo { both: String } => "one_of_two",
        "只能填其中一项：{both}", "only one of these can be: {both}";
    /// A path into the book that leads nowhere.
    NotAPath { found: String } => "not_a_path",
        "“{found}”不是细则中的位置", "`{found}` is no place in a book";
    /// A text, a list or a number beyond what whoever keeps the book takes.
    BeyondLimit { limit: String } => "beyond_limit",
        "超出允许的长度、数量或范围（{limit}）", "longer, more or larger than is taken ({limit})";
    /// A text with the character U+0000, which is none of any language.
    NulCharacter => "nul_character",
        "含有看不见的字符 U+0000", "the text holds the invisible character U+0000";
    /// Anything else that does not fit.
    Invalid { detail: String } => "invalid", "内容不符合要求：{detail}", "{detail}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_have_words_with_what_was_found() {
        let mut codes = Reason::CODES.to_vec();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Reason::CODES.len());
        let reason = Reason::NotPoints { found: "0.123".into() };
        assert!(reason.zh().contains("0.123") && reason.en().contains("0.123"));
    }
}
