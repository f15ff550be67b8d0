//! The words of messages about the village fund.

use super::says::Says;

/// Title, beginning and clauses.
type Words = (&'static str, String, Vec<Option<String>>);

pub(super) fn low(says: &Says<'_>) -> Words {
    let mut clauses = figures(says);
    clauses.push(says.plain("请及时筹措资金,或调整兑换安排"));
    ("基金偏低", "本村基金对应付的保障偏低".to_owned(), clauses)
}

pub(super) fn brake_announced(says: &Says<'_>) -> Words {
    let mut clauses = vec![
        says.clause("开始日期", "from"),
        says.share("发放比例", "issued_bp"),
        says.plain("此前做的好事仍按原标准发放"),
        says.plain("评星积分和分红权重不受影响"),
    ];
    clauses.extend(figures(says));
    ("可用积分将减少发放", "因基金不足,本村将减少发放可用积分和诚信金".to_owned(), clauses)
}

pub(super) fn brake_lifted(says: &Says<'_>) -> Words {
    let beginning = if says.holds("called_off") {
        "基金已补足,原定的减少发放已取消"
    } else {
        "基金已补足,可用积分和诚信金恢复全额发放"
    };
    let mut clauses = Vec::new();
    if !says.holds("called_off") {
        clauses.push(says.clause("最后一天", "last_day"));
    }
    clauses.extend(figures(says));
    ("恢复发放", beginning.to_owned(), clauses)
}

fn figures(says: &Says<'_>) -> Vec<Option<String>> {
    vec![
        says.yuan("基金结余", "held_fen"),
        says.yuan("应付", "owed_fen"),
        says.share("保障率", "coverage_bp"),
    ]
}
