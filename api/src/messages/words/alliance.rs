//! The words of messages about the merchant alliance.

use domain::discount::Category;

use super::says::Says;
use crate::merchants::category_zh;

/// Title, beginning and clauses.
type Words = (&'static str, String, Vec<Option<String>>);

pub(super) fn application_decided(says: &Says<'_>) -> Words {
    let name = says.text("merchant_name").map_or_else(
        || "您的商家入驻申请".to_owned(),
        |name| format!("“{name}”加入商家联盟的申请"),
    );
    if says.text("state").as_deref() == Some("approved") {
        let next = says.plain("您已是该商家的负责人,可以邀请店员");
        ("商家申请已通过", format!("{name}已通过"), vec![says.clause("说明", "reason"), next])
    } else {
        let next = says.plain("如有疑问,请向受理单位询问");
        ("商家申请未通过", format!("{name}未通过"), vec![says.clause("理由", "reason"), next])
    }
}

/// What was bought, as the clerk named it: the discount goes by that.
pub(super) fn goods(says: &Says<'_>) -> Option<String> {
    let category = says.text("category").and_then(|name| Category::from_name(&name))?;
    Some(format!("品类:{}", category_zh(category)))
}

pub(super) fn signals_found(says: &Says<'_>) -> Words {
    let text = |field| says.text(field).unwrap_or_default();
    let count = says.text("signals").map_or_else(|| "有".to_owned(), |n| format!("有{n}条"));
    let beginning = format!("{}{}{count}消费异常提示", text("village_name"), text("day"));
    let next = says.plain("提示不作认定,请查看后填写核查结果");
    ("消费异常提示", beginning, vec![next])
}
