//! The words of what stands in the way in the merchant alliance, in Chinese and English.

use domain::refusal::Refusal;

/// The words of a refusal about merchants and their shops.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::MerchantPaused { until: Some(until) } => {
            return (
                format!("该商家暂停合作至{until}。"),
                format!("The merchant does not trade until {until}."),
            );
        }
        R::MerchantPaused { until: None } => {
            ("该商家暂停合作。", "The merchant does not trade for now.")
        }
        R::PauseInvalid { earliest } => {
            return (
                format!("暂停最早从{earliest}开始,结束日期不能早于开始日期。"),
                format!("A pause begins on {earliest} at the earliest and ends after it began."),
            );
        }
        R::PauseOfDivision => (
            "由主管单位暂停的,须由主管单位恢复。",
            "Those who run the division paused it, and they end or change that.",
        ),
        R::NotPaused => ("该商家没有暂停。", "The merchant is not paused."),
        R::MerchantAddressMissing => (
            "线下商家须填写地址,线上商家须填写网址或小程序。",
            "A merchant with a shop has an address, one on the net a link.",
        ),
        R::MerchantElsewhere => (
            "该商家不在本村的服务范围内。",
            "The merchant serves the division that registered it: not that village.",
        ),
        R::ShopClosed => ("该门店已关闭,或您不在营业的门店。", "No open shop to sell at."),
        R::ShopNeeded => ("请选择门店。", "You sell at several shops: say at which."),
        R::LastShop => (
            "这是最后一家门店,请改为终止商家合作。",
            "It is the last open shop: close the merchant instead.",
        ),
        R::ShopTooMany { open_max } => {
            return (
                format!("一个商家最多{open_max}家门店。"),
                format!("A merchant has {open_max} open shops at most."),
            );
        }
        R::AgreementGoodsMissing => ("协议须写明商品类别。", "An agreement is for some goods."),
        R::AgreementHoursInvalid => (
            "时段须在同一天之内,且结束晚于开始。",
            "Hours are hours of one day and end after they begin; past midnight takes two agreements.",
        ),
        R::AgreementVillagesInvalid { villages_max } => {
            return (
                format!("所选的村须属于该地区,最多{villages_max}个。"),
                format!("The villages lie in the division, {villages_max} at most."),
            );
        }
        R::AgreementTooMany { running_max } => {
            return (
                format!("双方未到期的协议最多{running_max}份。"),
                format!("The two have {running_max} agreements at most that are not over."),
            );
        }
        R::PartnersTooMany { partners_max } => {
            return (
                format!(
                    "一个村最多与{partners_max}个商家、一个商家最多与{partners_max}个村签过协议。"
                ),
                format!("A village or a merchant has had {partners_max} partners at most."),
            );
        }
        R::ShopsTooManyNear { shops_max } => {
            return (
                format!("附近的门店超过{shops_max}家,请缩小距离。"),
                format!("More than {shops_max} shops lie so near: ask for a shorter distance."),
            );
        }
        R::ApplicationState => {
            ("该申请已处理或已撤回。", "The application was decided or taken back.")
        }
        R::ApplicationTooMany { open_max } => {
            return (
                format!("每人最多有{open_max}份待处理的申请。"),
                format!("One person has {open_max} open applications at most."),
            );
        }
        other => (other.code(), other.code()),
    };
    (zh.to_owned(), en.to_owned())
}
