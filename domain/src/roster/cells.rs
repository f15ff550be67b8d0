//! What a file holds before anybody understood it.

use std::collections::BTreeMap;

/// What stands in one cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, or a number that was written out exactly.
    Text(String),
    /// A number with more digits than the spreadsheet kept.
    DigitsLost,
    /// An error of the spreadsheet.
    Broken,
    /// More characters than anybody reads.
    TooLong,
}

/// One row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file; the first is 1.
    pub number: u32,
    /// Its cells from the left.
    pub cells: Vec<Cell>,
}

impl Row {
    /// Whether nothing stands in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| match cell {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            Cell::DigitsLost | Cell::Broken | Cell::TooLong => false,
        })
    }
}

/// A row whose cells have names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file.
    pub number: u32,
    /// Its cells; a column that the file does not have is absent.
    pub cells: BTreeMap<Column, Cell>,
}

macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident $field:literal [$($alias:literal),+];)*) => {
        /// A column of the roster.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $($(#[$doc])* $name,)* }

        impl Column {
            /// Every column.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The field as the API names it.
            pub const fn field(self) -> &'static str {
                match self { $(Self::$name => $field,)* }
            }

            /// What may stand over the column; the first is what we call it.
            pub const fn titles(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($alias),+],)* }
            }
        }
    };
}

columns! {
    /// 户号, needed.
    Household "household_number" ["户号", "户编号", "家庭编号", "户籍编号", "household_number"];
    /// 姓名, needed.
    Name "name" ["姓名", "名字", "村民姓名", "name"];
    /// 与户主关系, needed.
    Relation "relation" ["与户主关系", "与户主的关系", "户主关系", "关系", "家庭关系", "relation"];
    /// 身份证号.
    IdNumber "id_number" ["身份证号", "身份证号码", "身份证", "公民身份号码", "公民身份证号", "id_number"];
    /// 手机号.
    Phone "phone" ["手机号", "手机号码", "手机", "电话", "联系电话", "电话号码", "联系方式", "phone"];
    /// 网格.
    Grid "grid" ["网格", "所属网格", "网格名称", "grid"];
    /// 党员.
    PartyMember "party_member" ["党员", "是否党员", "party_member"];
    /// 村民代表.
    Representative "representative" ["村民代表", "是否村民代表", "代表", "representative"];
    /// 志愿者.
    Volunteer "volunteer" ["志愿者", "是否志愿者", "volunteer"];
    /// 五老.
    Elder "elder" ["五老", "五老人员", "是否五老", "elder"];
    /// 状态.
    Residence "residence" ["状态", "居住状态", "人员状态", "residence"];
}

impl Column {
    /// The columns that a file must have.
    pub const NEEDED: &[Self] = &[Self::Household, Self::Name, Self::Relation];

    /// The column of that title. Spaces and a star that marks needed columns do not matter.
    pub fn of_title(title: &str) -> Option<Self> {
        let bare: String = title
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '＊' | '\u{feff}'))
            .collect::<String>()
            .to_lowercase();
        Self::ALL.iter().copied().find(|column| column.titles().contains(&bare.as_str()))
    }

    /// What we call it.
    pub const fn title(self) -> &'static str {
        match self.titles() {
            [first, ..] => first,
            [] => "",
        }
    }
}
