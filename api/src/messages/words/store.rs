//! The words of messages about what a household redeemed. None of them has the pickup code: that is shown
//! in the mini-program, while it waits.

use super::says::Says;

/// Title, beginning and clauses.
type Words = (&'static str, String, Vec<Option<String>>);

/// `在STORE兑换的GOODS2瓶WHAT`.
fn of(says: &Says<'_>, what: &str) -> String {
    let field = |name| says.text(name).unwrap_or_default();
    let store = says.text("store_name").map(|store| format!("在{store}")).unwrap_or_default();
    format!("{store}兑换的{}{}{}{what}", field("goods_name"), field("quantity"), field("unit"))
}

pub(super) fn made(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.amount("用", "points"),
        says.yuan_if_any("领取时另付", "top_up_fen"),
        says.clause("请在此前领取", "lapses_at"),
        says.plain("凭小程序里的领取码或二维码领取,请不要告诉他人"),
    ];
    ("兑换成功", of(says, "已为您留好"), clauses)
}

pub(super) fn handed_over(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.amount("用", "points"),
        says.yuan_if_any("另付", "top_up_fen"),
        says.plain("如非您家领取,请尽快告诉村委会"),
    ];
    ("兑换已领取", of(says, "已领取"), clauses)
}

pub(super) fn lapsing(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("请在此前领取", "lapses_at"),
        says.plain(if says.is_true("lapse_returns") {
            "逾期自动取消,积分退回"
        } else {
            "逾期自动取消,按本店规定积分不退回"
        }),
    ];
    ("兑换即将过期", of(says, "还没有领取"), clauses)
}

pub(super) fn lapsed(says: &Says<'_>) -> Words {
    let back = if says.is_true("lapse_returns") {
        says.amount("退回", "points")
    } else {
        says.plain("按本店规定积分不退回")
    };
    ("兑换已过期", of(says, "逾期未领取,已取消"), [vec![back], gone(says)].concat())
}

pub(super) fn cancelled(says: &Says<'_>) -> Words {
    let clauses = vec![says.clause("原因", "reason"), says.amount("退回", "points")];
    ("兑换已取消", of(says, "已取消"), [clauses, gone(says)].concat())
}

pub(super) fn refunded(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("原因", "reason"),
        says.amount("退回", "points"),
        says.yuan_if_any("退回现金", "top_up_fen"),
    ];
    ("兑换已退货", of(says, "已退货"), [clauses, gone(says)].concat())
}

/// What of the points that came back did not stay.
fn gone(says: &Says<'_>) -> Vec<Option<String>> {
    vec![
        says.amount("其中补扣兑换期间应扣而未扣的", "taken_points"),
        says.amount("其中已过兑换期限、不再保留的", "over_points"),
    ]
}

pub(super) fn store_closed(says: &Says<'_>) -> Words {
    let clauses = vec![
        says.clause("请在此前领取", "lapses_at"),
        says.plain("也可以在小程序里取消"),
        says.plain("逾期自动取消,积分退回"),
    ];
    ("积分超市停业", of(says, "还没有领取,该店已停业"), clauses)
}
