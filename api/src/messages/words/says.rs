//! The fields of a message's data, as words.

use chrono::DateTime;
use domain::actor::Role;
use domain::calendar::shanghai;
use domain::content::SubjectKind;
use domain::duty::{Colour, Outcome};
use domain::points::Fen;
use serde_json::Value;

use crate::duties::{contract, kept};

/// The fields of a message's data, as words.
pub(super) struct Says<'a>(&'a Value);

impl<'a> Says<'a> {
    pub(super) const fn new(data: &'a Value) -> Self {
        Self(data)
    }

    /// A field as words: texts as they are, numbers written out, moments in the village's time.
    pub(super) fn text(&self, field: &str) -> Option<String> {
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
    pub(super) fn sentence(&self, beginning: &str, clauses: &[Option<String>]) -> String {
        let mut text = beginning.to_owned();
        for (n, clause) in clauses.iter().flatten().enumerate() {
            text.push(if n == 0 { ',' } else { ';' });
            text.push_str(clause);
        }
        text.push('。');
        text
    }

    pub(super) fn clause(&self, label: &str, field: &str) -> Option<String> {
        self.text(field).map(|text| format!("{label}:{}", text.trim_end_matches('。')))
    }

    /// Words that need no field.
    pub(super) fn plain(&self, words: &str) -> Option<String> {
        Some(words.to_owned())
    }

    /// Words that fit only with a field.
    pub(super) fn if_there(&self, field: &str, words: &str) -> Option<String> {
        self.text(field).map(|_| words.to_owned())
    }

    /// Whether a field says yes.
    pub(super) fn is_true(&self, field: &str) -> bool {
        self.0.get(field) == Some(&Value::Bool(true))
    }

    /// The first for a claim of something good, the second for a deduction.
    pub(super) fn either<'w>(&self, claim: &'w str, deduction: &'w str) -> &'w str {
        if self.text("kind").as_deref() == Some("deduction") { deduction } else { claim }
    }

    /// `“ITEM”(DAY)WHAT`; for a line of a rating `您家CYCLE星级评定WHAT`, else `您的事项WHAT`.
    pub(super) fn about(&self, what: &str) -> String {
        let Some(item) = self.text("item_name") else {
            if self.0.get("payout_id").is_some_and(Value::is_string) {
                return self.of_payout(what);
            }
            let rating = self.0.get("rating_id").is_some_and(Value::is_string);
            return if rating {
                self.of_cycle(&format!("星级评定{what}"))
            } else {
                format!("您的事项{what}")
            };
        };
        let day = self.text("happened_on").map(|day| format!("({day})")).unwrap_or_default();
        format!("“{item}”{day}{what}")
    }

    /// `您提交的SUBJECT中的文字WHAT`.
    pub(super) fn of_content(&self, what: &str) -> String {
        let subject = self.text("subject_kind").and_then(|name| SubjectKind::from_name(&name));
        let subject = match subject {
            Some(SubjectKind::Report) => "随手拍",
            Some(SubjectKind::Comment) => "留言",
            Some(SubjectKind::Praise) => "好人好事",
            None => "内容",
        };
        let piece = match self.text("piece").as_deref() {
            Some("text") => "中的文字",
            Some("photo") => "中的照片",
            _ => "",
        };
        format!("您提交的{subject}{piece}{what}")
    }

    /// `“TITLE”WHAT`, for a dividend or awards.
    pub(super) fn of_payout(&self, what: &str) -> String {
        match self.text("payout_title") {
            Some(title) => format!("“{title}”{what}"),
            None => format!("您家的分配份额{what}"),
        }
    }

    /// `您家CYCLEWHAT`.
    pub(super) fn of_cycle(&self, what: &str) -> String {
        format!("您家{}{what}", self.text("cycle").unwrap_or_default())
    }

    /// What it counts, if it counts at all: a direct grade has no points.
    pub(super) fn points(&self) -> Option<String> {
        let points = self.text("points")?;
        let size = points.trim_start_matches('-');
        if size == "0" {
            return None;
        }
        let verb = if size == points { self.either("计", "扣") } else { "扣" };
        Some(format!("{verb}{size}分"))
    }

    /// An amount of points, as `LABEL5分`.
    pub(super) fn amount(&self, label: &str, field: &str) -> Option<String> {
        self.text(field).map(|points| format!("{label}{points}分"))
    }

    /// `2026年及以前的可用积分WHAT`.
    pub(super) fn points_of_year(&self, what: &str) -> String {
        let year = self.text("year").map(|year| format!("{year}年及以前的"));
        format!("{}可用积分{what}", year.unwrap_or_default())
    }

    /// That a cap lowered the points.
    pub(super) fn cut(&self) -> Option<String> {
        self.is_true("cut").then(|| "已按积分规则的上限计分".to_owned())
    }

    pub(super) fn stars(&self) -> Option<String> {
        self.text("stars").map(|stars| format!("您家评为{stars}星"))
    }

    pub(super) fn outcome(&self) -> Option<String> {
        self.text("outcome").map(|outcome| match outcome.as_str() {
            "upheld" => "结果:维持原结果".to_owned(),
            "corrected" => "结果:更正".to_owned(),
            "struck" => "结果:撤销原结果".to_owned(),
            other => format!("结果:{other}"),
        })
    }

    /// What it counts now: the points of a claim, or score and star of a line.
    pub(super) fn corrected(&self) -> Option<String> {
        if self.text("outcome").as_deref() != Some("corrected") {
            return None;
        }
        if let Some(points) = self.text("corrected") {
            let verb = self.either("现计", "现扣");
            return Some(format!("{verb}{}分", points.trim_start_matches('-')));
        }
        let (score, stars) = (self.text("score")?, self.text("stars")?);
        Some(format!("现得{score}分,{stars}星"))
    }

    pub(super) fn yuan(&self, label: &str, field: &str) -> Option<String> {
        let fen = self.0.get(field)?.as_i64()?;
        Some(format!("{label}{}元", Fen::new(fen)))
    }

    /// A share in basis points, in per cent.
    pub(super) fn share(&self, label: &str, field: &str) -> Option<String> {
        let share = self.0.get(field)?.as_u64()?;
        Some(format!("{label}{}.{:02}%", share / 100, share % 100))
    }

    /// Whether a field is there and true.
    pub(super) fn holds(&self, field: &str) -> bool {
        self.0.get(field).and_then(Value::as_bool).unwrap_or(false)
    }

    /// As `yuan`, but nothing for nothing.
    pub(super) fn yuan_if_any(&self, label: &str, field: &str) -> Option<String> {
        self.yuan(label, field).filter(|_| self.0[field] != 0)
    }

    pub(super) fn at_merchant(&self, what: &str) -> String {
        match self.text("merchant_name") {
            Some(merchant) => format!("您家在{merchant}{what}"),
            None => format!("您家{what}"),
        }
    }

    /// `VERB“POST”`, or the colour and period of a pledge.
    pub(super) fn of_duty(&self, verb: &str) -> String {
        if let Some(post) = self.text("post_name") {
            return format!("{verb}“{post}”");
        }
        let colour = self.text("colour").and_then(|name| Colour::from_name(&name));
        let contract = colour.map_or("契约", contract);
        let period = self.text("period").map(|period| format!("({period})"));
        format!("{verb}{contract}{}", period.unwrap_or_default())
    }

    /// What a report is about, between two pieces of a sentence.
    pub(super) fn of_report(&self, before: &str, after: &str) -> String {
        let category = self.text("category_name").map(|name| format!("“{name}”"));
        format!("{before}{}{after}", category.unwrap_or_else(|| "随手拍".to_owned()))
    }

    /// What became of a pledge.
    pub(super) fn pledge_outcome(&self) -> Option<String> {
        let outcome = self.text("outcome").and_then(|name| Outcome::from_name(&name))?;
        Some(format!("结果:{}", kept(outcome)))
    }

    /// The first for the honor list, the second for the warning list.
    pub(super) fn of_list<'w>(&self, honor: &'w str, warning: &'w str) -> &'w str {
        if self.text("list").as_deref() == Some("warning") { warning } else { honor }
    }

    /// `“TITLE”(DAY)WHAT` of an entry of a list.
    pub(super) fn titled(&self, what: &str) -> String {
        let title = self.text("title").unwrap_or_else(|| "您的事项".to_owned());
        let day = self.text("happened_on").map(|day| format!("({day})")).unwrap_or_default();
        format!("“{title}”{day}{what}")
    }

    /// What the panel decided about an entry of a list.
    pub(super) fn list_decision(&self) -> &'static str {
        if self.text("state").as_deref() == Some("approved") {
            "经评议通过"
        } else {
            "经评议未通过"
        }
    }

    /// Why an entry of a list ended.
    pub(super) fn list_ending(&self) -> Option<String> {
        let words = match self.text("why")?.as_str() {
            "expired" => "公示期满",
            "fact_gone" => "所依据的事项已整改或已撤销",
            "removal_overdue" => "已按您的意愿撤下",
            _ => return None,
        };
        Some(words.to_owned())
    }

    /// What became of a wish or objection about an entry of a list.
    pub(super) fn removal_outcome(&self) -> Option<String> {
        self.text("outcome").map(|outcome| match outcome.as_str() {
            "removed" => "结果:撤下".to_owned(),
            "kept" => "结果:维持".to_owned(),
            other => format!("结果:{other}"),
        })
    }

    pub(super) fn of_role(&self, verb: &str) -> String {
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
