//! The words of messages about a dividend or awards.

use super::says::Says;

/// Title, beginning and clauses.
type Words = (&'static str, String, Vec<Option<String>>);

pub(super) fn effective(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("奖项", "prize_title"),
        says.yuan_if_any("金额", "fen"),
        says.clause("奖品", "goods"),
        says.plain("请等候村委会通知领取"),
    ];
    ("分配方案已生效", says.of_payout("已公示无异议,您家有一份"), clauses)
}

pub(super) fn handed_out(says: &Says<'_>) -> Words {
    let how = match says.text("how").as_deref() {
        Some("cash") => says.plain("现金发放"),
        Some("card") => says.plain("打入一卡通"),
        Some("transfer") => says.plain("银行转账"),
        Some("goods") => says.plain("实物发放"),
        _ => None,
    };
    let clauses = vec![
        says.clause("奖项", "prize_title"),
        says.yuan_if_any("金额", "fen"),
        says.clause("奖品", "goods"),
        how,
        says.clause("领取人", "received_by"),
        says.plain("如未收到,请立即向村委会反映"),
    ];
    ("份额已领取", says.of_payout("您家的一份已登记领取"), clauses)
}

pub(super) fn lowered(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("原奖项", "prize_title_before"),
        says.yuan_if_any("原金额", "fen_before"),
        says.clause("现奖项", "prize_title"),
        says.yuan("现金额", "fen"),
        says.clause("奖品", "goods"),
        says.plain("将重新公示,如有异议请在公示期内提出"),
    ];
    ("您家的份额有调整", says.of_payout("因异议重新核算,您家的一份有调整"), clauses)
}

pub(super) fn withdrawn(says: &Says<'_>) -> Words {
    let clauses =
        vec![says.clause("原因", "reason"), says.plain("积分未因此扣减,如有疑问请向村委会询问")];
    ("分配方案已撤回", says.of_payout("已撤回,不再发放"), clauses)
}

pub(super) fn handover_reversed(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("奖项", "prize_title"),
        says.yuan_if_any("金额", "fen"),
        says.clause("奖品", "goods"),
        says.clause("原登记领取人", "received_by"),
        says.clause("原因", "reason"),
        says.plain("该份额仍待领取"),
    ];
    ("领取登记已更正", says.of_payout("您家一份的领取登记有误,已撤销"), clauses)
}
