//! The words for what is wrong with a rule book.

use domain::rule_book::FaultKind;

/// What is wrong with a place of a rule book, in Chinese and English.
pub(crate) const fn fault(kind: FaultKind) -> (&'static str, &'static str) {
    match kind {
        FaultKind::Text => ("文字为空或太长", "text empty or too long"),
        FaultKind::Code => ("编码不合规", "bad code"),
        FaultKind::Duplicate => ("编码重复", "code stands twice"),
        FaultKind::UnknownCategory => ("没有这个类别", "unknown category"),
        FaultKind::NotPositive => ("须大于零", "must be above zero"),
        FaultKind::MaximumTooSmall => ("上限小于单位分值", "maximum below one unit"),
        FaultKind::NoOptions => ("没有选项", "no options"),
        FaultKind::NoTiers => ("没有分档", "no tiers"),
        FaultKind::TiersOverlap => ("分档重叠或未递增", "tiers overlap or do not rise"),
        FaultKind::RangeEmpty => ("分值区间不成立", "the range is empty"),
        FaultKind::NobodyMayClaim => ("没有人可以申报", "nobody may claim it"),
        FaultKind::DeductionByVillager => {
            ("扣分不能由村民提出", "villagers cannot bring deductions")
        }
        FaultKind::NoCure => ("扣分须写明如何改正及期限", "a deduction needs a cure and its days"),
        FaultKind::Stages => ("环节数不对", "wrong number of stages"),
        FaultKind::Quorum => ("人数不能为零", "a quorum of zero"),
        FaultKind::Days => ("天数超出范围", "days out of range"),
        FaultKind::StarOrder => ("星级须从高到低", "stars must fall from row to row"),
        FaultKind::Negative => ("不能小于零", "below zero"),
        FaultKind::Forbidden => ("不得对此计分", "this must not be scored"),
        FaultKind::ItemCount => ("条目数不对", "no items, or too many"),
    }
}
