//! The sheets of settings.

use super::super::labels;
use super::{Column, Kind, Rows, Sheet, column, needed};

/// A name or path, then its value: the columns of the two sheets of settings.
const SETTING_COLUMNS: &[Column] = &[
    needed(column("设置", &["设置项", "项目", "位置", "setting"], &[], Kind::Owner, "设置的名称")),
    needed(column("值", &["内容", "设置值", "value"], &[], Kind::Note, "设置的内容")),
    column("备注", &["说明", "note"], &[], Kind::Note, "不读取"),
];

/// The settings with a name.
pub(crate) const SETTINGS: Sheet = Sheet {
    name: "基本设置",
    aliases: &["设置", "settings"],
    rows: Rows::Settings,
    needed: true,
    columns: SETTING_COLUMNS,
};

/// What stands by its path.
pub(crate) const OTHER_SETTINGS: Sheet = Sheet {
    name: "其他设置",
    aliases: &["高级设置", "other_settings"],
    rows: Rows::Settings,
    needed: false,
    columns: SETTING_COLUMNS,
};

/// The settings that have a name of their own.
pub(crate) const NAMED_SETTINGS: &[Column] = &[
    needed(column("细则名称", &["名称"], &["name"], Kind::Text, "如：某某村诚信积分管理办法")),
    needed(column("计分对象", &["对象"], &["subject"], Kind::Label(labels::SUBJECT), "")),
    needed(column("评定周期", &["周期"], &["cycle"], Kind::Label(labels::CYCLE), "")),
    needed(column("基础分", &[], &["base_score"], Kind::Points, "每个周期开始时的分数")),
    needed(column(
        "申报期限（天）",
        &["申报期限"],
        &["claim_days_max"],
        Kind::Whole,
        "事情发生后多少天内可以申报，1 到 366",
    )),
    needed(column(
        "申诉期限（天）",
        &["申诉期限"],
        &["appeal_days_max"],
        Kind::Whole,
        "入账后多少天内本人可以申诉，1 到 366",
    )),
    needed(column(
        "申报公示天数",
        &["申报公示"],
        &["claim_way", "notice_days"],
        Kind::Whole,
        "0 到 60；0 为不公示",
    )),
    needed(column(
        "评定公示天数",
        &["评定公示"],
        &["rating_way", "notice_days"],
        Kind::Whole,
        "0 到 60；0 为不公示",
    )),
    column(
        "公示间隔",
        &["公示周期"],
        &["claim_way", "notice_every"],
        Kind::Label(labels::CYCLE),
        "按季度等集中公示；不填为认定后即公示",
    ),
    column(
        "登记周期",
        &["登记间隔"],
        &["registration", "every"],
        Kind::Label(labels::CYCLE),
        "须在事情发生的月（季）内登记；不填为不限",
    ),
    column(
        "登记宽限（天）",
        &["登记宽限"],
        &["registration", "grace_days"],
        Kind::Whole,
        "登记周期结束后还可登记几天；不填为 0",
    ),
    column(
        "户的得分",
        &["户得分"],
        &["household_score"],
        Kind::Label(labels::HOUSEHOLD_SCORE),
        "按户计分时；不填为全家合计",
    ),
    column(
        "可用积分年底",
        &["年底处理", "积分清零"],
        &["points_policy", "kind"],
        Kind::Label(labels::POINTS_POLICY),
        "不填为不清零",
    ),
    column(
        "兑换宽限（天）",
        &["清零宽限"],
        &["points_policy", "grace_days"],
        Kind::Whole,
        "年底清零：次年还可兑换几天",
    ),
    column(
        "结转比例",
        &["结转"],
        &["points_policy", "share_bp"],
        Kind::Percent,
        "部分结转：结转到次年的比例",
    ),
    column(
        "每分兑换价值（元）",
        &["兑换价值", "积分价值"],
        &["exchange_value_fen"],
        Kind::Yuan,
        "1 积分值多少元；不填为不能兑换",
    ),
    column(
        "罚没比例",
        &["扣分罚没"],
        &["forfeiture_bp"],
        Kind::Percent,
        "扣分时可用积分随扣的比例；不填为全部随扣",
    ),
];
