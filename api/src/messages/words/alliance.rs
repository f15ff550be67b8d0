//! The words of messages about the merchant alliance.

use super::says::Says;

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
