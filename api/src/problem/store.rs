//! The words of what stands in the way at a points store, in Chinese and English.

use domain::refusal::Refusal;
use domain::store::{LimitPeriod, RedemptionState};

use crate::time::shown;

/// The words of a refusal at a points store.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::StoreClosed => ("该积分超市已停业。", "The store is closed."),
        R::GoodsNotOnSale { from, until } => {
            return match until {
                Some(until) => (
                    format!("该商品目前不能兑换,兑换期为{from}至{until}。"),
                    format!("It cannot be redeemed now; its time is from {from} to {until}."),
                ),
                None => (
                    format!("该商品目前不能兑换,自{from}起可以兑换。"),
                    format!("It cannot be redeemed now; its time begins on {from}."),
                ),
            };
        }
        R::GoodsWithdrawn => {
            ("该商品已下架,不能再兑换或修改。", "The goods were withdrawn for good.")
        }
        R::ServiceWithoutStock => (
            "服务没有库存,不能进货、盘点或报损;请开放时段。",
            "A service has no stock to deliver, count or write off; open slots for it.",
        ),
        R::AccountMissing { age_min } => {
            return (
                format!(
                    "您还没有可用的积分账户:细则生效后为各户开立;按人记分的,满{age_min}周岁后开立。\
                     请联系村委会。"
                ),
                format!(
                    "There is no account to redeem from yet: each household gets one when a rule book \
                     comes into force, or each person from the age of {age_min}. Ask the village."
                ),
            );
        }
        R::AccountOfDeceased => (
            "该积分账户名下已没有在世的人(已去世或已迁出),不能兑换,请联系村委会。",
            "Nobody of this account is left, who died or moved out: nothing is redeemed. Ask the village.",
        ),
        R::GoodsOverpriced { worth, top_up, market_price } => {
            return (
                format!(
                    "定价过高:积分折合{worth}元,另付{top_up}元,合计超过市场价{market_price}元。"
                ),
                format!(
                    "Overpriced: points worth {worth} yuan and {top_up} yuan in cash are more than the \
                     market price of {market_price} yuan."
                ),
            );
        }
        R::ExchangeValueMissing => (
            "商户经营的积分超市按积分折算价与商户结算,现行积分细则没有规定折算价。请先在积分细则中设定“每分折合多少分钱”(exchange_value_fen)并表决生效。",
            "A merchant's store is paid by what a point is worth, and the rule book in force does not say. Set exchange_value_fen in the rule book and adopt it first.",
        ),
        R::SlotInvalid { days_max } => {
            return (
                format!("服务须选择时段,商品不选时段;时段须在将来开始,最长{days_max}天。"),
                format!(
                    "A service has a slot and goods have none; a slot begins in the future and lasts \
                     {days_max} days at most."
                ),
            );
        }
        R::SlotOver => ("该时段已开始或已关闭。", "The slot has begun, or was closed."),
        R::SlotFull { left } => {
            return (
                format!("该时段名额不足,还剩{left}个。"),
                format!("{left} places are left in that slot."),
            );
        }
        R::SoldOut { left } => {
            return (format!("库存不足,还剩{left}件。"), format!("{left} are left."));
        }
        R::StockTooLow { left, reserved } => {
            return (
                format!("库存不足:可兑换{left}件,待领取{reserved}件。"),
                format!("Too few: {left} can be redeemed, {reserved} wait to be picked up."),
            );
        }
        R::RedemptionSuspended { until } => {
            return (
                format!("按积分细则,您家在{until}之前(含当日)暂停兑换。"),
                format!("By the rule book redemption is suspended until {until}."),
            );
        }
        R::LimitReached { left, count, period } => {
            let (zh, en) = period_words(*period);
            return (
                format!("每户{zh}限兑{count}件,您家还可兑{left}件。"),
                format!("A household may have {count} {en}; {left} are left."),
            );
        }
        R::PointsMissing { points, missing } => {
            return (
                format!("积分不够:可用{points}分,还差{missing}分。"),
                format!("There are {points} points; {missing} are missing."),
            );
        }
        R::RedemptionState { state } => {
            let (zh, en) = state_words(*state);
            return (format!("这笔兑换{zh},不能这样处理。"), format!("The redemption {en}."));
        }
        R::CancelTooLate { until } => {
            let until = shown(*until);
            return (
                format!("取消期限为{until},已过期。"),
                format!("It could be cancelled until {until}."),
            );
        }
        R::CashDiffers { due } => {
            return (format!("应收现金{due}元。"), format!("{due} yuan in cash are due."));
        }
        R::PickupUnknown => {
            ("没有与此领取码相符的待领取兑换。", "Nothing waits at this store for that code.")
        }
        R::PickupTriesOver { until } => {
            let until = shown(*until);
            return (
                format!("领取码输错次数过多,请在{until}之后再试,或扫二维码。"),
                format!("Too many wrong codes: wait until {until}, or scan the QR."),
            );
        }
        R::CardCeiling { left } => {
            return (
                format!("超过该卡每日限额,今天还可用{left}元。"),
                format!("The card may take {left} yuan more today."),
            );
        }
        other => (other.code(), other.code()),
    };
    (zh.to_owned(), en.to_owned())
}

const fn period_words(period: LimitPeriod) -> (&'static str, &'static str) {
    match period {
        LimitPeriod::Month => ("每月", "a month"),
        LimitPeriod::Quarter => ("每季度", "a quarter"),
        LimitPeriod::Year => ("每年", "a year"),
        LimitPeriod::Always => ("总共", "in all"),
    }
}

const fn state_words(state: RedemptionState) -> (&'static str, &'static str) {
    match state {
        RedemptionState::Waiting => ("尚未领取", "waits to be picked up"),
        RedemptionState::HandedOver => ("已领取", "was handed over"),
        RedemptionState::Cancelled => ("已取消", "was cancelled"),
        RedemptionState::Lapsed => ("已过期", "has lapsed"),
        RedemptionState::Refunded => ("已退货", "was taken back"),
    }
}
