//! Tracks (党员、村民代表) and their grades.

use super::super::labels;
use super::{Kind, Rows, Sheet, column, needed};

/// The sheet of tracks.
pub(crate) const TRACKS: Sheet = Sheet {
    name: "分类积分",
    aliases: &["三类积分", "tracks"],
    rows: Rows::List("tracks"),
    needed: false,
    columns: &[
        needed(column("类别", &["身份", "track"], &["track"], Kind::Label(labels::TRACK), "")),
        needed(column(
            "角色职责占比",
            &["占比", "role_duty_bp"],
            &["role_duty_bp"],
            Kind::Percent,
            "其余为居民信用",
        )),
        needed(column(
            "角色职责基础分",
            &["基础分", "role_duty_base"],
            &["role_duty_base"],
            Kind::Points,
            "每个周期开始时的角色职责分",
        )),
    ],
};

/// The sheet of grades.
pub(crate) const GRADES: Sheet = Sheet {
    name: "等次",
    aliases: &["等级", "grades"],
    rows: Rows::Grades,
    needed: false,
    columns: &[
        needed(column(
            "类别",
            &["身份", "track"],
            &[],
            Kind::Owner,
            "先在“分类积分”中列出；从高到低，同一类别的下一行可不填",
        )),
        needed(column("等次", &["grade"], &["grade"], Kind::Label(labels::GRADE), "")),
        needed(column("分数线", &["起始分", "from"], &["from"], Kind::Points, "")),
        needed(column("含分数线", &["inclusive"], &["inclusive"], Kind::YesNo, "")),
        column("对应星级", &["stars"], &["stars"], Kind::Whole, "0 到 5；不填为 0"),
    ],
};
