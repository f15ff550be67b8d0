//! The words of messages about snapshot reports. None of them says who reported anything.

use super::says::Says;

/// Title, beginning and clauses.
type Words = (&'static str, String, Vec<Option<String>>);

pub(super) fn accepted(says: &Says<'_>) -> Words {
    let clauses = vec![says.clause("地点", "place"), says.plain("感谢您的反映")];
    ("随手拍已受理", says.of_report("您反映的", "已受理"), clauses)
}

pub(super) fn refused(says: &Says<'_>) -> Words {
    let clauses = vec![says.clause("理由", "reason"), says.plain("如有疑问,请向村委会询问")];
    ("随手拍未受理", says.of_report("您反映的", "未予受理"), clauses)
}

pub(super) fn joined(says: &Says<'_>) -> Words {
    let clauses = vec![says.plain("已有人反映同一件事,已合并办理,办结后会通知您")];
    ("随手拍已合并办理", says.of_report("您反映的", "已合并办理"), clauses)
}

pub(super) fn dispatched(says: &Says<'_>) -> Words {
    let clauses = vec![says.clause("办理期限", "due_at"), says.plain("办结后会通知您")];
    ("随手拍已派单", says.of_report("您反映的", "已派网格员办理"), clauses)
}

pub(super) fn assigned(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("地点", "place"),
        says.clause("办理期限", "due_at"),
        says.clause("说明", "note"),
        says.plain("办完请拍照办结"),
    ];
    ("新的派单", says.of_report("请办理", ""), clauses)
}

pub(super) fn resolved(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("地点", "place"),
        says.clause("请在此前确认", "due_at"),
        says.plain("如未办好可以退回重办,逾期视为确认"),
    ];
    ("随手拍已办结", says.of_report("您反映的", "已办结"), clauses)
}

pub(super) fn reopened(says: &Says<'_>) -> Words {
    let clauses = vec![says.clause("原因", "reason"), says.plain("等待重新派单")];
    ("派单被退回重办", says.of_report("您办理的", "被退回重办"), clauses)
}

pub(super) fn struck_off(says: &Says<'_>) -> Words {
    let clauses = vec![says.clause("说明", "reason"), says.plain("如有疑问,请向村委会询问")];
    ("随手拍已销号", says.of_report("您反映的", "已销号"), clauses)
}

pub(super) fn urged(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("地点", "place"),
        says.clause("应办时间", "due_at"),
        says.plain("请尽快办理"),
    ];
    ("催办", says.of_report("有一件随手拍", "已超期"), clauses)
}

pub(super) fn showing_asked(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("本人", "person_name"),
        says.plain("同意后村里人可以看到,不同意则不公开,以后也可以随时撤回"),
    ];
    ("好人好事公开征求意见", says.of_report("有人点赞您家的好事", "想在村里公开"), clauses)
}
