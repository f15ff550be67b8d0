//! The words of messages about statements of shops.

use super::says::Says;

/// Title, beginning and clauses.
type Words = (&'static str, String, Vec<Option<String>>);

pub(super) fn made(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.yuan("应结金额", "due_fen"),
        says.clause("如有不同意见,请提出的期限", "dispute_until"),
        says.plain("核对无误后可确认,村里即可付款"),
    ];
    ("对账单已生成", of_month(says, "对账单已生成"), clauses)
}

pub(super) fn differs(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("不一致的笔数", "lines"),
        says.plain("查清之前不能审核和付款,请到“对账核对”查看明细"),
    ];
    ("账实不符", of_month(says, "对账单与台账不一致"), clauses)
}

pub(super) fn paid(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.yuan("金额", "due_fen"),
        says.clause("凭证号", "document"),
        says.clause("付款日期", "paid_on"),
        says.plain("收到款项后请在小程序确认结清"),
    ];
    ("对账单已付款", of_month(says, "对账单已付款"), clauses)
}

pub(super) fn disputed(says: &Says<'_>) -> Words {
    let clauses = vec![says.clause("说明", "text"), says.plain("答复之前不能审核")];
    ("对账单有异议", of_month(says, "对账单有异议"), clauses)
}

pub(super) fn answered(says: &Says<'_>) -> Words {
    ("对账单异议已答复", of_month(says, "对账单的异议已答复"), vec![says.clause("答复", "answer")])
}

pub(super) fn by_ledger(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.yuan("应结金额", "due_fen"),
        says.clause("原因", "reason"),
        says.clause("如有不同意见,请提出的期限", "dispute_until"),
    ];
    ("对账单按台账结算", of_month(says, "对账单与台账不一致,经两人复核按台账结算"), clauses)
}

pub(super) fn returned(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.yuan("金额", "due_fen"),
        says.clause("原因", "reason"),
        says.plain("款项已退回村基金,将重新付款"),
    ];
    ("对账单付款已退回", of_month(says, "对账单的付款未到账"), clauses)
}

/// "亿家人超市与云岭村2026-10对账单已生成"
fn of_month(says: &Says<'_>, what: &str) -> String {
    let text = |field| says.text(field).unwrap_or_default();
    let with = if says.text("village_name").is_some() { "与" } else { "" };
    format!("{}{with}{}{}{what}", text("party_name"), text("village_name"), text("month"))
}
