//! The words of what stands in the way at a shop, in Chinese and English.

use domain::discount::Category;
use domain::refusal::Refusal;

use crate::merchants::category_zh;

/// The words of a refusal at a shop.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::CodeInvalid => ("这不是有效的付款码。", "That is not a valid code."),
        R::CodeExpired => ("付款码已过期,请刷新。", "The code is out of date: show a new one."),
        R::CodeUsed => ("付款码已用过,请刷新。", "The code was used: show a new one."),
        R::CardRefused { tries_left: None } => ("卡号或密码不对。", "The card or PIN is wrong."),
        R::CardRefused { tries_left: Some(tries_left) } => {
            return (
                format!("卡号或密码不对,还可以试{tries_left}次。"),
                format!("The card or PIN is wrong; {tries_left} tries are left."),
            );
        }
        R::CardBlocked => {
            ("该卡已停用,请到村委会办理。", "The card is blocked: ask at the village office.")
        }
        R::NoAgreement => (
            "本店与该村没有生效的优惠协议。",
            "The merchant has no agreement with that village today.",
        ),
        R::CategoryNotOffered { offered } => {
            let zh: Vec<_> = offered.each().map(category_zh).collect();
            let en: Vec<_> = offered.each().map(Category::as_str).collect();
            return (
                format!("该品类不在本次优惠之内,可优惠的品类:{}。", zh.join("、")),
                format!("Nothing is off such goods on this quote, but on: {}.", en.join(", ")),
            );
        }
        R::AgreementOverlaps => {
            ("双方在这段时间已有协议。", "They have an agreement for part of that time.")
        }
        R::AgreementEndInvalid { earliest, latest: None } => {
            return (
                format!("结束日期不能早于{earliest}。"),
                format!("It can end on {earliest} at the earliest."),
            );
        }
        R::AgreementEndInvalid { earliest, latest: Some(latest) } => {
            return (
                format!("结束日期须在{earliest}到{latest}之间。"),
                format!("It can end from {earliest} to {latest}."),
            );
        }
        R::PinInvalid => (
            "密码须为6位数字,不能全部相同或连号。",
            "A PIN has six digits, not all the same and not a run such as 123456.",
        ),
        R::NoStar => ("该户目前没有可享优惠的星级。", "The household has no star with a discount."),
        R::QuoteExpired => ("报价已过期,请重新扫码。", "The quote is out of date: scan again."),
        R::QuoteUsed => ("这次扫码已结算过。", "The quote was used for another purchase."),
        R::PriceAboveCeiling { ceiling } => {
            return (
                format!("单笔不超过{ceiling}元。"),
                format!("One purchase can cost {ceiling} yuan at most."),
            );
        }
        R::PriceInvalid => ("金额须大于零。", "The amount must be above zero."),
        R::PurchaseState => {
            ("这笔交易目前不能这样处理。", "The purchase is in a state that does not allow this.")
        }
        R::RefundTooLate { days_max } => {
            return (
                format!("购买或领取后{days_max}天内可退,已过期。"),
                format!(
                    "It can be taken back for {days_max} days after it was bought or picked up."
                ),
            );
        }
        R::MerchantClosed => ("该商家已停止合作。", "The merchant is not trading."),
        other => (other.code(), other.code()),
    };
    (zh.to_owned(), en.to_owned())
}
