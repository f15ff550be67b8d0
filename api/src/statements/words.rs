//! An entry in words that a grandmother understands: what for, how much, what is left, and why.

use domain::calendar::{Cycle, CycleKind, day_of};
use domain::ledger::{Counter, Purse};
use domain::points::{BasisPoints, Fen, Points};
use domain::rule_book::PointsPolicy;
use domain::store::RedemptionState;
use infra::redemptions::RedemptionFacts;
use infra::statements::Explained;

use crate::adjustments::clause;

/// An entry in words.
pub(super) struct Told {
    /// What it is for.
    pub(super) title: String,
    /// Why, one reason each.
    pub(super) reasons: Vec<String>,
    /// How much, and what is left.
    amounts: String,
}

impl Told {
    /// All of it in one sentence or two.
    pub(super) fn sentence(&self) -> String {
        let reasons = self.reasons.join(";");
        let end = if reasons.is_empty() { "" } else { "。" };
        format!("{}:{}。{reasons}{end}", self.title, self.amounts)
    }
}

/// Tells an entry.
pub(super) fn told(explained: &Explained) -> Told {
    let posting = &explained.entry.posting;
    let amounts = format!(
        "{}{},余{}",
        purse(posting.purse),
        signed(posting.purse, posting.amount),
        plain(posting.purse, explained.entry.balance_after),
    );
    Told { title: title(explained), reasons: reasons(explained), amounts }
}

fn title(explained: &Explained) -> String {
    let posting = &explained.entry.posting;
    let what = if let Some(item) = &explained.item {
        item.clone()
    } else if let Some((cycle, stars)) = &explained.rating {
        format!("{}评为{stars}星,发放诚信金", cycle_name(*cycle))
    } else if let Some((merchant, price)) = &explained.purchase {
        format!("在{merchant}消费{price}元,诚信金抵扣")
    } else if let Some(RedemptionFacts { goods, quantity, unit, store, .. }) = &explained.redemption
    {
        format!("在{store}兑换{goods}{quantity}{unit}")
    } else if let Some((year, _)) = explained.expiry {
        format!("{year}年及以前的可用积分到期")
    } else {
        counter(posting.counter).to_owned()
    };
    // What was held in a redemption at first is taken later.
    if posting.source_posting < 0 && posting.amount < 0 {
        return format!("补扣:{what}");
    }
    match (posting.counter, &explained.purchase, posting.source_posting) {
        (Counter::Expiry, None, _) if explained.redemption.is_some() => {
            let state = explained.redemption.as_ref().map_or("", |one| ended(one.state));
            format!("{what}{state},退回的积分已过兑换期限")
        }
        (Counter::Reversal, Some((merchant, _)), _) => format!("{merchant}退款,退回诚信金"),
        (Counter::Reversal, None, _) => match &explained.redemption {
            Some(redemption) => format!("{what}{},退回积分", ended(redemption.state)),
            None => format!("冲销:{what}"),
        },
        (_, None, 1..) => format!("更正:{what}"),
        _ => what,
    }
}

/// How what was redeemed came back.
const fn ended(state: RedemptionState) -> &'static str {
    match state {
        RedemptionState::Cancelled => "已取消",
        RedemptionState::Lapsed => "逾期未领取",
        RedemptionState::Refunded => "已退货",
        RedemptionState::Waiting | RedemptionState::HandedOver => "",
    }
}

fn reasons(explained: &Explained) -> Vec<String> {
    let posting = &explained.entry.posting;
    let mut list = Vec::new();
    if let Some((recorded_at, amount)) = explained.reverses {
        let (day, amount) = (day_of(recorded_at), signed(posting.purse, amount));
        list.push(format!("冲销{day}入账的{amount}"));
    }
    if posting.source_posting < 0 && posting.amount < 0 {
        list.push("当时积分已用于兑换,不够扣;兑换退回后从退回的积分中补扣".to_owned());
    }
    if explained.claim.is_some() {
        list.push(format!("{}的事项", posting.happened_on));
    }
    list.extend(explained.book_number.map(|number| format!("按积分细则第{number}版")));
    list.extend(explained.notice_number.map(|number| format!("经第{number}号公示")));
    list.extend(explained.expiry.and_then(|(year, policy)| ran_out(year, policy)));
    if let Some(share) = explained.braked {
        list.push(format!("因基金不足,按{}发放", percent(share)));
    }
    let Some(claim) = explained.claim.as_ref().filter(|_| posting.reverses.is_none()) else {
        return list;
    };
    if posting.source_posting == 0 && !claim.adjustments.is_empty() {
        list.push(format!("应计{}分", claim.asked));
        list.extend(claim.adjustments.iter().map(clause));
    }
    if posting.source_posting < 0 {
        return list;
    }
    // What is recorded of the claim is its newest amount.
    let newest = posting.source_posting + 1 == claim.postings;
    let Some(due) = explained.forfeited.filter(|_| newest) else { return list };
    if due != claim.granted.negated() {
        list.push(format!("扣分{}分中随扣可用积分{}分", claim.granted, due.negated()));
    }
    if posting.amount > due.hundredths() {
        list.push(format!("应扣{}分,可用积分不够,只扣到0分", due.negated()));
    }
    list
}

/// By what points ran out.
fn ran_out(year: i32, policy: PointsPolicy) -> Option<String> {
    let last_day = policy.last_day(year)?;
    match policy {
        PointsPolicy::Never => None,
        PointsPolicy::YearEndReset { .. } => Some(format!("最后兑换日{last_day},未兑换的清零")),
        PointsPolicy::CarryOver { share_bp } => {
            Some(format!("{last_day}余下的按{}结转,其余清零", percent(share_bp)))
        }
    }
}

/// 40%.
fn percent(share: BasisPoints) -> String {
    let share = Fen::new(i64::from(share.get())).to_string();
    format!("{}%", share.trim_end_matches('0').trim_end_matches('.'))
}

const fn purse(purse: Purse) -> &'static str {
    match purse {
        Purse::Score => "评星积分",
        Purse::Points => "可用积分",
        Purse::StarCredit => "诚信金",
    }
}

const fn counter(counter: Counter) -> &'static str {
    match counter {
        Counter::Issue => "发放",
        Counter::Forfeit => "扣减",
        Counter::Merchant => "消费抵扣",
        Counter::Redemption => "兑换",
        Counter::Expiry => "到期",
        Counter::Reversal => "冲销",
        Counter::Opening => "期初",
        Counter::Dividend => "分红",
    }
}

fn signed(purse: Purse, amount: i64) -> String {
    let sign = if amount > 0 { "+" } else { "" };
    format!("{sign}{}", plain(purse, amount))
}

fn plain(purse: Purse, amount: i64) -> String {
    match purse {
        Purse::Score | Purse::Points => format!("{}分", Points::from_hundredths(amount)),
        Purse::StarCredit => format!("{}元", Fen::new(amount)),
    }
}

/// 2026年第3季度.
fn cycle_name(cycle: Cycle) -> String {
    let text = cycle.to_string();
    let (year, part) = text.split_once('-').unwrap_or((text.as_str(), ""));
    match cycle.kind() {
        CycleKind::Year => format!("{year}年"),
        CycleKind::HalfYear if part == "H1" => format!("{year}年上半年"),
        CycleKind::HalfYear => format!("{year}年下半年"),
        CycleKind::Quarter => format!("{year}年第{}季度", part.trim_start_matches('Q')),
        CycleKind::Month => format!("{year}年{}月", part.trim_start_matches('0')),
    }
}

#[cfg(test)]
mod tests;
