//! The words of messages, in Chinese: what happened, and what can be done about it. Whoever leaves a
//! message fills `data` (the fields stand at [`Kind`]); what is missing there leaves out its clause,
//! so that a message is always readable.

mod alliance;
mod fund;
mod payouts;
mod reports;
mod says;
mod settlement;
mod store;

#[cfg(test)]
mod tests;

use infra::messages::Kind;
use serde_json::Value;

use says::Says;

/// The title and text of a message. A kind that only a newer program knows shows its `text`.
pub(super) fn of(kind: &str, data: &Value) -> (&'static str, String) {
    let says = Says::new(data);
    match Kind::from_name(kind) {
        Some(kind) => {
            let (title, beginning, clauses) = table(kind, &says);
            (title, says.sentence(&beginning, &clauses))
        }
        None => ("通知", says.text("text").unwrap_or_default()),
    }
}

/// Title, beginning and clauses of each kind. Deductions go the way of claims, so that those words
/// fit both.
fn table(kind: Kind, says: &Says<'_>) -> (&'static str, String, Vec<Option<String>>) {
    match kind {
        Kind::ClaimDeclared => (
            "已为您申报",
            says.about("已为您申报"),
            vec![
                says.clause("活动", "activity_title"),
                says.points(),
                says.plain("正在等待评议,如与事实不符请告诉村委会"),
            ],
        ),
        Kind::ClaimReturned => (
            says.either("申报需要补充", "扣分登记需要补充"),
            says.about("需要补充"),
            vec![says.clause("原因", "reason"), says.plain("请补充后重新提交")],
        ),
        Kind::ClaimRejected => (
            says.either("申报未通过", "扣分未通过评议"),
            says.about(says.either("未通过评议", "未通过评议,不扣分")),
            vec![says.clause("理由", "reason"), says.plain("如有疑问,请向村委会询问")],
        ),
        Kind::ClaimCertified => (
            says.either("申报已认定", "扣分已认定"),
            says.about("已认定"),
            vec![says.points(), says.cut(), says.plain("下一步是公示,公示期满无异议即入账")],
        ),
        Kind::ClaimOnNotice => (
            "正在公示",
            says.about("正在公示"),
            vec![
                says.points(),
                says.clause("公示编号", "notice_number"),
                says.clause("公示截止", "closes_at"),
                says.plain("如有不同意见,请在截止前提出"),
            ],
        ),
        Kind::ClaimDisputed => (
            "暂缓入账",
            says.about("有异议尚未答复,暂缓入账"),
            vec![
                says.points(),
                says.clause("公示编号", "notice_number"),
                says.plain("答复后会通知您"),
            ],
        ),
        Kind::ClaimPosted => (
            says.either("积分已入账", "扣分已入账"),
            says.about("已入账"),
            vec![
                says.points(),
                says.clause("公示编号", "notice_number"),
                says.plain("如有不同意见,可以在规定期限内申诉"),
            ],
        ),
        Kind::ClaimReplaced => (
            "同一事项按更高条目计分",
            says.about("已由同一事项的更高条目代替"),
            vec![says.plain("同一事项只计最高的一项,原计分已冲销")],
        ),
        Kind::ClaimReassessed => (
            "计分重新核算",
            says.about("因其他事项变动重新核算"),
            vec![says.points(), says.plain("如有不同意见,可以在规定期限内申诉")],
        ),
        Kind::DeductionRecorded => (
            "扣分登记",
            says.about("登记扣分"),
            vec![
                says.points(),
                says.clause("情况", "text"),
                says.clause("整改办法", "cure"),
                says.clause("整改期限", "cure_until"),
                says.if_there("cure_until", "按期整改并经核实的,不扣分"),
                says.plain("如有不同意见,可以在公示期间申诉"),
            ],
        ),
        Kind::DeductionWithdrawn => (
            "扣分登记已撤回",
            says.about("的扣分登记已撤回"),
            vec![says.plain("不扣分,您无需办理")],
        ),
        Kind::DeductionCured => (
            "整改完成",
            says.about("已整改,不再扣分"),
            vec![says.clause("核实情况", "reason"), says.plain("谢谢您的配合")],
        ),
        Kind::ClaimRepaired => (
            "信用修复",
            says.about("已完成信用修复"),
            vec![
                says.clause("核实情况", "reason"),
                says.clause("计分截止", "counts_until"),
                says.plain("谢谢您的配合"),
            ],
        ),
        Kind::SecondRecorderNamed => (
            "请核对扣分登记",
            says.about("的扣分登记把您列为第二记录人"),
            vec![says.points(), says.plain("如您不在场或与事实不符,请尽快告诉村委会")],
        ),
        Kind::ObjectionRaised => (
            "收到异议",
            says.about("有人提出异议"),
            vec![says.clause("内容", "text"), says.plain("村里会核实并答复,请留意通知")],
        ),
        Kind::ObjectionAnswered => (
            "异议已答复",
            says.about("的异议已答复"),
            vec![says.outcome(), says.corrected(), says.clause("答复", "answer")],
        ),
        Kind::ObjectionOverdue => (
            "异议答复超期",
            "有一件异议尚未答复".to_owned(),
            vec![says.clause("应答复时间", "due_at"), says.plain("请尽快办理")],
        ),
        Kind::RatingPublished => (
            "星级评定结果",
            says.of_cycle("星级评定结果已生效"),
            vec![
                says.clause("得分", "score"),
                says.stars(),
                says.yuan_if_any("发放诚信金", "star_credit_fen"),
                says.plain("可以在小程序查看明细"),
            ],
        ),
        Kind::PayoutEffective => payouts::effective(says),
        Kind::PartHandedOut => payouts::handed_out(says),
        Kind::PayoutPartLowered => payouts::lowered(says),
        Kind::PayoutWithdrawn => payouts::withdrawn(says),
        Kind::PartHandoverReversed => payouts::handover_reversed(says),
        Kind::PointsExpiring => (
            "可用积分即将到期",
            says.points_of_year("将到期"),
            vec![
                says.amount("到期", "points"),
                says.clause("最后兑换日", "last_day"),
                says.plain("请在此前兑换,逾期清零"),
            ],
        ),
        Kind::PointsExpired => (
            "可用积分已到期",
            says.points_of_year("已到期"),
            vec![
                says.amount("到期", "points"),
                says.amount("余", "left"),
                says.clause("最后兑换日", "last_day"),
                says.plain("评星积分不受影响,如有疑问请向村委会询问"),
            ],
        ),
        Kind::PurchaseMade => (
            "消费优惠",
            says.at_merchant("有一笔消费"),
            vec![
                says.yuan("金额", "price_fen"),
                alliance::goods(says),
                says.share("优惠比例", "discount_bp"),
                says.yuan("优惠", "discount_fen"),
                says.yuan("实付", "to_pay_fen"),
                says.yuan("诚信金余额", "credit_left_fen"),
                says.plain("如非您家消费或品类不对,请尽快联系商家或村委会"),
            ],
        ),
        Kind::PurchaseWaits => (
            "请确认消费",
            says.at_merchant("有一笔消费等您确认"),
            vec![
                says.yuan("金额", "price_fen"),
                alliance::goods(says),
                says.share("优惠比例", "discount_bp"),
                says.yuan("优惠", "discount_fen"),
                says.clause("请在此前确认", "confirm_until"),
                says.plain("如非您家消费或品类不对,请不要确认"),
            ],
        ),
        Kind::CardIssued => (
            "已办理诚信卡",
            "村里为您家办理了诚信卡".to_owned(),
            vec![
                says.yuan("每日优惠限额", "daily_ceiling_fen"),
                says.plain("请保管好卡片和密码,如非您家办理,请立即挂失"),
            ],
        ),
        Kind::CardBlocked => (
            "诚信卡已停用",
            "您家的一张诚信卡已停用".to_owned(),
            vec![
                says.clause("原因", "reason"),
                says.if_there("cause", "原因:密码多次输错"),
                says.plain("如需补办,请联系村委会"),
            ],
        ),
        Kind::PurchaseRefunded => (
            "消费已退",
            says.at_merchant("的消费已退"),
            vec![
                says.yuan("金额", "price_fen"),
                says.yuan("退回优惠", "discount_fen"),
                says.clause("原因", "reason"),
                says.yuan("诚信金余额", "credit_left_fen"),
                says.plain("如有疑问,请联系商家"),
            ],
        ),
        Kind::RoleGranted => (
            "角色任命",
            says.of_role("任命您为"),
            vec![
                says.clause("自", "begins_at"),
                says.clause("任期至", "ends_at"),
                says.clause("依据", "reason"),
                says.plain("感谢您为大家服务"),
            ],
        ),
        Kind::RoleEnded => (
            "角色结束",
            says.of_role("您不再担任"),
            vec![says.clause("原因", "reason"), says.plain("感谢您的付出")],
        ),
        Kind::DutyAssigned => (
            "岗位认领",
            says.of_duty("您已认领"),
            vec![says.clause("自", "from"), says.plain("如非您本人同意,请告诉村委会")],
        ),
        Kind::PledgeRecorded => (
            "契约已登记",
            says.of_duty("已为您登记"),
            vec![says.plain("如非您本人同意,可以随时撤回")],
        ),
        Kind::DutyEnded => (
            "岗位或契约结束",
            says.of_duty("您不再承担"),
            vec![
                says.clause("最后一天", "on"),
                says.clause("原因", "reason"),
                says.plain("此前的履职仍可按规定申报,感谢您的付出"),
            ],
        ),
        Kind::ListEntryProposed => (
            says.of_list("红榜提名", "黑榜提名"),
            says.titled(says.of_list("提名列入红榜", "提名列入黑榜,正在评议")),
            vec![
                says.clause("拟表扬内容", "words"),
                says.plain(says.of_list(
                    "请确认是否同意公开表扬,不同意则不公开",
                    "整改并经核实后不再列入,如与事实不符请提出异议",
                )),
            ],
        ),
        Kind::ListEntryDecided => (
            says.of_list("红榜评议结果", "黑榜评议结果"),
            says.titled(says.list_decision()),
            vec![
                says.clause("公示至", "shown_until"),
                says.plain(says.of_list(
                    "须经您本人同意后公开,您可以随时要求撤下",
                    "姓名隐去,只在本村公开;整改后即撤下,也可以提出异议",
                )),
            ],
        ),
        Kind::ListEntryEnded => (
            says.of_list("红榜条目已撤下", "黑榜条目已撤下"),
            says.titled("已撤下"),
            vec![says.clause("原因", "reason"), says.list_ending()],
        ),
        Kind::ListRemovalAsked => (
            says.of_list("红榜撤下要求已代为登记", "黑榜异议已代为登记"),
            says.titled("的撤下要求或异议已由工作人员代为登记"),
            vec![
                says.clause("内容", "text"),
                says.clause("表达方式", "how"),
                says.clause("答复期限", "due_at"),
            ],
        ),
        Kind::ListEntryAnswered => (
            says.of_list("红榜撤下答复", "黑榜异议答复"),
            says.titled("有答复"),
            vec![says.removal_outcome(), says.clause("答复", "answer")],
        ),
        Kind::ListRemovalUrged => (
            "请尽快答复",
            says.titled("的撤下要求或异议尚未答复"),
            vec![says.clause("期限", "due_at"), says.plain("请按规定答复,逾期由监督员督办")],
        ),
        Kind::PledgeConfirmed => (
            "契约兑现情况",
            says.of_duty("已确认"),
            vec![
                says.pledge_outcome(),
                says.clause("说明", "reason"),
                says.plain("确认结果本身不加分也不扣分"),
            ],
        ),
        Kind::ContentReleased => (
            "内容已通过审核",
            says.of_content("已通过审核,可以公开"),
            vec![says.clause("说明", "reason")],
        ),
        Kind::ContentRefused => (
            "内容未通过审核",
            says.of_content("未通过审核,不会公开"),
            vec![
                says.clause("原因", "reason"),
                says.plain("您可以修改后重新提交,如有疑问请向村委会询问"),
            ],
        ),
        Kind::RedemptionMade => store::made(says),
        Kind::RedemptionHandedOver => store::handed_over(says),
        Kind::RedemptionLapsing => store::lapsing(says),
        Kind::RedemptionLapsed => store::lapsed(says),
        Kind::RedemptionCancelled => store::cancelled(says),
        Kind::RedemptionRefunded => store::refunded(says),
        Kind::RedemptionStoreClosed => store::store_closed(says),
        Kind::ReportAccepted => reports::accepted(says),
        Kind::ReportRefused => reports::refused(says),
        Kind::ReportJoined => reports::joined(says),
        Kind::ReportDispatched => reports::dispatched(says),
        Kind::ReportAssigned => reports::assigned(says),
        Kind::ReportResolved => reports::resolved(says),
        Kind::ReportReopened => reports::reopened(says),
        Kind::ReportStruckOff => reports::struck_off(says),
        Kind::ReportUrged => reports::urged(says),
        Kind::ShowingAsked => reports::showing_asked(says),
        Kind::SettlementMade => settlement::made(says),
        Kind::SettlementDiffers => settlement::differs(says),
        Kind::SettlementPaid => settlement::paid(says),
        Kind::SettlementDisputed => settlement::disputed(says),
        Kind::SettlementAnswered => settlement::answered(says),
        Kind::SettlementByLedger => settlement::by_ledger(says),
        Kind::SettlementReturned => settlement::returned(says),
        Kind::FundLow => fund::low(says),
        Kind::BrakeAnnounced => fund::brake_announced(says),
        Kind::BrakeLifted => fund::brake_lifted(says),
        // The alliance
        Kind::MerchantApplicationDecided => alliance::application_decided(says),
        Kind::PurchaseSignalsFound => alliance::signals_found(says),
    }
}
