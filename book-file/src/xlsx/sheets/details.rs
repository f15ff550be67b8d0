//! Categories, the details of items, stars and ways.

use super::super::labels;
use super::{Kind, Rows, Sheet, column, needed};

/// The sheet of categories.
pub(crate) const CATEGORIES: Sheet = Sheet {
    name: "分类",
    aliases: &["类别", "categories"],
    rows: Rows::List("categories"),
    needed: true,
    columns: &[
        needed(column(
            "分类编号",
            &["编号", "编码", "code"],
            &["code"],
            Kind::Code,
            "英文字母、数字",
        )),
        needed(column("分类名称", &["名称", "name"], &["name"], Kind::Text, "如：环境卫生")),
    ],
};

/// The sheet of options and tiers.
pub(crate) const STEPS: Sheet = Sheet {
    name: "档位与选项",
    aliases: &["档位", "选项", "档位/选项", "steps"],
    rows: Rows::Steps,
    needed: false,
    columns: &[
        needed(column("条目编号", &["编号", "item"], &[], Kind::Owner, "同一条目的下一行可不填")),
        column("条目", &["条目名称"], &[], Kind::Note, "供核对，不读取"),
        column("选项编号", &["选项编码", "code"], &["code"], Kind::Code, "选项：英文字母、数字"),
        column("选项名称", &["选项", "name"], &["name"], Kind::Text, "选项：如 县级"),
        column("起始数量", &["满", "from"], &["from"], Kind::Whole, "累计档位：累计满多少"),
        column(
            "截止数量",
            &["至", "up_to"],
            &["up_to"],
            Kind::Whole,
            "分段档位：这一段到多少为止；最后一段可不填",
        ),
        column("每几单位", &["each"], &["each"], Kind::Whole, "分段档位：满多少单位计一份"),
        column(
            "分值",
            &["分数", "points"],
            &["points"],
            Kind::Points,
            "选项、达到档位或每份的分值",
        ),
        column(
            "最高分",
            &["上限分值", "points_max"],
            &["points_max"],
            Kind::Points,
            "分段档位：这一段最多的分值",
        ),
        column("有效期", &["duration"], &["duration"], Kind::Duration, "选项：与条目不同时填"),
    ],
};

/// The sheet of caps.
pub(crate) const CAPS: Sheet = Sheet {
    name: "上限",
    aliases: &["封顶", "caps"],
    rows: Rows::Caps,
    needed: false,
    columns: &[
        needed(column("条目编号", &["编号", "item"], &[], Kind::Owner, "同一条目的下一行可不填")),
        column("条目", &["条目名称"], &[], Kind::Note, "供核对，不读取"),
        needed(column("对象", &["per"], &["per"], Kind::Label(labels::SCOPE), "")),
        needed(column("周期", &["period"], &["period"], Kind::Label(labels::PERIOD), "")),
        column(
            "次数上限",
            &["次数", "count"],
            &["limit", "count"],
            Kind::Whole,
            "次数上限与分值上限填一个",
        ),
        column(
            "分值上限",
            &["分值", "points"],
            &["limit", "points"],
            Kind::Points,
            "次数上限与分值上限填一个",
        ),
    ],
};

/// The sheet of stars.
pub(crate) const STARS: Sheet = Sheet {
    name: "星级",
    aliases: &["星级表", "stars"],
    rows: Rows::List("stars"),
    needed: true,
    columns: &[
        needed(column("星级", &["星", "stars"], &["stars"], Kind::Whole, "0 到 5，从高到低")),
        needed(column("分数线", &["起始分", "from"], &["from"], Kind::Points, "")),
        needed(column(
            "含本数",
            &["inclusive"],
            &["inclusive"],
            Kind::YesNo,
            "是：达到即可；否：须超过",
        )),
        needed(column(
            "诚信金（元）",
            &["诚信金", "star_credit"],
            &["star_credit_fen"],
            Kind::Yuan,
            "没有填 0",
        )),
        needed(column(
            "优惠比例",
            &["折扣优惠", "discount"],
            &["discount_bp"],
            Kind::Percent,
            "如 8%；没有填 0%",
        )),
    ],
};

/// The sheet of ways.
pub(crate) const WAYS: Sheet = Sheet {
    name: "流程",
    aliases: &["评议流程", "ways"],
    rows: Rows::Stages,
    needed: true,
    columns: &[
        needed(column(
            "流程",
            &["way"],
            &[],
            Kind::Owner,
            "申报、评定；按先后顺序，同一流程的下一行可不填",
        )),
        needed(column("环节名称", &["环节", "name"], &["name"], Kind::Text, "如：民主评议")),
        needed(column("评议人", &["角色", "role"], &["role"], Kind::Label(labels::ROLE), "")),
        needed(column("最少人数", &["法定人数", "quorum"], &["quorum"], Kind::Whole, "")),
        needed(column("表决方式", &["majority"], &["majority"], Kind::Label(labels::MAJORITY), "")),
        needed(column(
            "期限（工作日）",
            &["期限", "working_days_max"],
            &["working_days_max"],
            Kind::Whole,
            "1 到 60",
        )),
        column(
            "仅限级别",
            &["levels"],
            &["levels"],
            Kind::Labels(labels::LEVEL),
            "只评议这些级别的条目；不填为全部",
        ),
    ],
};
