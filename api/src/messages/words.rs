//! The words of messages, in Chinese. Whoever leaves a message fills `data`; what is missing there
//! leaves out its clause, so that a message is always readable.
//!
//! Fields: `item_name`, `points`, `reason`, `until` and `ends_at` (a day or a moment), `cure`,
//! `notice_number`, `cycle`, `stars`, `price_fen`, `discount_fen`, `merchant_name`, `outcome`,
//! `text`, `role`, `scope_name`. An unknown kind shows its `text`.

use chrono::DateTime;
use domain::actor::Role;
use domain::calendar::shanghai;
use domain::points::Fen;
use serde_json::Value;

/// The title and text of a message.
pub(super) fn of(kind: &str, data: &Value) -> (&'static str, String) {
    let says = Says(data);
    match kind {
        "claim_returned" => (
            "申报被退回",
            says.sentence(
                &says.about("需要补充"),
                &[says.clause("原因", "reason"), says.clause("请在此前补交", "until")],
            ),
        ),
        "claim_certified" => {
            ("申报已认定", says.sentence(&says.about("已认定"), &[says.points("计")]))
        }
        "claim_rejected" => (
            "申报未通过",
            says.sentence(
                &says.about("未通过"),
                &[says.clause("理由", "reason"), Some("如有不同意见,可以申诉".into())],
            ),
        ),
        "claim_on_notice" => (
            "正在公示",
            says.sentence(
                &says.about("正在公示"),
                &[
                    says.points("计"),
                    says.clause("公示编号", "notice_number"),
                    says.clause("公示截止", "until"),
                ],
            ),
        ),
        "claim_posted" => (
            "积分已入账",
            says.sentence(
                &says.about("公示无异议,已入账"),
                &[says.points("计"), says.clause("公示编号", "notice_number")],
            ),
        ),
        "deduction_recorded" => (
            "扣分登记",
            says.sentence(
                &says.about("登记扣分"),
                &[
                    says.points("扣"),
                    says.clause("情况", "reason"),
                    says.clause("整改办法", "cure"),
                    says.clause("整改期限", "until"),
                    Some("如有不同意见,可以申诉".into()),
                ],
            ),
        ),
        "objection_answered" => (
            "异议已答复",
            says.sentence(
                &says.about("的异议已答复"),
                &[
                    says.outcome(),
                    says.points("现计"),
                    says.clause("答复", "text"),
                    says.clause("理由", "reason"),
                ],
            ),
        ),
        "objection_overdue" => (
            "异议答复超期",
            says.sentence(
                &says.about("的异议尚未答复"),
                &[says.clause("应在此前答复", "until"), Some("请尽快办理".into())],
            ),
        ),
        "rating_published" => (
            "星级评定结果",
            says.sentence(
                "星级评定结果已公布",
                &[
                    says.clause("周期", "cycle"),
                    says.stars(),
                    says.clause("公示编号", "notice_number"),
                    says.clause("公示截止", "until"),
                ],
            ),
        ),
        "purchase_made" => (
            "消费优惠",
            says.sentence(
                &says.at_merchant("有一笔消费"),
                &[says.yuan("金额", "price_fen"), says.yuan("优惠", "discount_fen")],
            ),
        ),
        "purchase_waits" => (
            "请确认消费",
            says.sentence(
                &says.at_merchant("有一笔消费等您确认"),
                &[
                    says.yuan("金额", "price_fen"),
                    says.yuan("优惠", "discount_fen"),
                    says.clause("请在此前确认", "until"),
                ],
            ),
        ),
        "purchase_refunded" => (
            "消费已退",
            says.sentence(
                &says.at_merchant("的消费已退"),
                &[
                    says.yuan("金额", "price_fen"),
                    says.yuan("退回优惠", "discount_fen"),
                    says.clause("原因", "reason"),
                ],
            ),
        ),
        "card_issued" => (
            "积分卡已发放",
            says.sentence("已为您家办理积分卡", &[Some("请妥善保管卡和密码".into())]),
        ),
        "card_blocked" => (
            "积分卡已停用",
            says.sentence(
                "您家的积分卡已停用",
                &[says.clause("原因", "reason"), Some("如需重新办理,请到村委会".into())],
            ),
        ),
        "role_granted" => (
            "角色任命",
            says.sentence(
                &says.of_role("任命您为"),
                &[
                    says.clause("自", "begins_at"),
                    says.clause("任期至", "ends_at"),
                    says.clause("依据", "reason"),
                ],
            ),
        ),
        "role_ended" => (
            "角色结束",
            says.sentence(&says.of_role("您不再担任"), &[says.clause("原因", "reason")]),
        ),
        _ => ("通知", says.text("text").unwrap_or_default()),
    }
}

/// The fields of a message's data, as words.
struct Says<'a>(&'a Value);

impl Says<'_> {
    /// A field as words: texts as they are, numbers written out, moments as days.
    fn text(&self, field: &str) -> Option<String> {
        match self.0.get(field)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(match DateTime::parse_from_rfc3339(text) {
                Ok(moment) => {
                    moment.with_timezone(&shanghai()).format("%Y-%m-%d %H:%M").to_string()
                }
                Err(_) => text.clone(),
            }),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A sentence from a beginning and what there is of the clauses.
    fn sentence(&self, beginning: &str, clauses: &[Option<String>]) -> String {
        let mut text = beginning.to_owned();
        for (n, clause) in clauses.iter().flatten().enumerate() {
            text.push(if n == 0 { ',' } else { ';' });
            text.push_str(clause);
        }
        text.push('。');
        text
    }

    fn clause(&self, label: &str, field: &str) -> Option<String> {
        self.text(field).map(|text| format!("{label}:{}", text.trim_end_matches('。')))
    }

    /// `“ITEM”WHAT`, or `您的事项WHAT` without one.
    fn about(&self, what: &str) -> String {
        match self.text("item_name") {
            Some(item) => format!("“{item}”{what}"),
            None => format!("您的事项{what}"),
        }
    }

    fn points(&self, verb: &str) -> Option<String> {
        self.text("points").map(|points| format!("{verb}{}分", points.trim_start_matches('-')))
    }

    fn stars(&self) -> Option<String> {
        self.text("stars").map(|stars| format!("您家评为{stars}星"))
    }

    fn outcome(&self) -> Option<String> {
        self.text("outcome").map(|outcome| match outcome.as_str() {
            "upheld" => "结果:维持".to_owned(),
            "corrected" => "结果:更正".to_owned(),
            "struck" => "结果:撤销".to_owned(),
            other => format!("结果:{other}"),
        })
    }

    fn yuan(&self, label: &str, field: &str) -> Option<String> {
        let fen = self.0.get(field)?.as_i64()?;
        Some(format!("{label}{}元", Fen::new(fen)))
    }

    fn at_merchant(&self, what: &str) -> String {
        match self.text("merchant_name") {
            Some(merchant) => format!("您家在{merchant}{what}"),
            None => format!("您家{what}"),
        }
    }

    fn of_role(&self, verb: &str) -> String {
        let role = self
            .text("role")
            .map_or("相应角色", |role| Role::from_name(&role).map_or("相应角色", role_zh));
        let place = self.text("scope_name").unwrap_or_default();
        format!("{verb}{place}{role}")
    }
}

/// What a role is called.
const fn role_zh(role: Role) -> &'static str {
    match role {
        Role::Villager => "村民",
        Role::Collector => "信息采集员",
        Role::GridWorker => "网格员",
        Role::WorkTeam => "积分工作队队员",
        Role::PanelMember => "评议小组成员",
        Role::VillageAdmin => "村级管理员",
        Role::TownOfficer => "乡镇管理员",
        Role::CountyOperator => "县级管理员",
        Role::MerchantOwner => "商家负责人",
        Role::MerchantClerk => "店员",
        Role::StoreKeeper => "积分超市管理员",
        Role::Supervisor => "监督员",
        Role::PlatformAdmin => "平台管理员",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KINDS: &[&str] = &[
        "claim_returned",
        "claim_certified",
        "claim_rejected",
        "claim_on_notice",
        "claim_posted",
        "deduction_recorded",
        "objection_answered",
        "objection_overdue",
        "rating_published",
        "purchase_made",
        "purchase_waits",
        "purchase_refunded",
        "card_issued",
        "card_blocked",
        "role_granted",
        "role_ended",
    ];

    #[test]
    fn a_deduction_says_what_for_how_to_cure_it_and_until_when() {
        let data = json!({
            "item_name": "乱倒垃圾", "points": "-2", "cure": "清理干净。",
            "until": "2026-10-20T00:00:00+08:00"
        });
        let (title, text) = of("deduction_recorded", &data);
        assert_eq!(title, "扣分登记");
        for part in
            ["“乱倒垃圾”登记扣分", "扣2分", "整改办法:清理干净", "整改期限:2026-10-20 00:00"]
        {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn money_is_told_in_yuan_and_a_role_by_its_name() {
        let data = json!({"merchant_name": "亿家人", "price_fen": 12850, "discount_fen": 1028});
        let (_, text) = of("purchase_made", &data);
        assert!(text.contains("金额128.50元") && text.contains("优惠10.28元"), "{text}");
        let (_, text) =
            of("role_granted", &json!({"role": "panel_member", "scope_name": "云岭村"}));
        assert_eq!(text, "任命您为云岭村评议小组成员。");
    }

    #[test]
    fn every_kind_is_readable_with_nothing_and_with_nonsense_in_its_data() {
        for kind in KINDS {
            for data in [json!({}), json!(null), json!({"points": [], "until": {}, "role": 7})] {
                let (title, text) = of(kind, &data);
                assert_ne!(title, "通知", "{kind}");
                assert!(text.ends_with('。') && text.chars().count() > 5, "{kind}: {text}");
                assert!(!text.contains("null") && !text.contains("[]"), "{kind}: {text}");
            }
        }
    }

    #[test]
    fn a_kind_that_is_unknown_shows_its_text() {
        assert_eq!(of("news", &json!({"text": "明天停水"})), ("通知", "明天停水".to_owned()));
    }
}
