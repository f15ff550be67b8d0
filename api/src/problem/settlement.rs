//! The words of what stands in the way at statements and signals, in Chinese and English.

use domain::refusal::Refusal;
use domain::settlement::State;

use crate::time;

/// The words of a refusal at a statement.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::SettlementTooEarly { from } => {
            let from = time::shown(*from);
            return (
                format!("该月{from}之后才能结账。"),
                format!("The month can be closed from {from} on."),
            );
        }
        R::MonthClosed => {
            ("该月已结账,请重新提交。", "Its month is closed: send it again as of now.")
        }
        R::SettlementState { state } => return in_state(*state),
        R::SettlementDiffers => (
            "对账单与台账不一致,查清后才能审核。",
            "The statement and the ledger differ: clear that up before it is approved.",
        ),
        R::SettlementDisputed => (
            "商家对该对账单有异议,尚未答复。",
            "The merchant disputes the statement and has no answer yet.",
        ),
        R::SettlementDisputeLate { until } => {
            let until = time::shown(*until);
            return (
                format!("提出异议的期限是{until},已过。"),
                format!("It could be disputed until {until}."),
            );
        }
        R::SettlementNothingDue => {
            ("该对账单没有应付金额,可直接结清。", "Nothing is due: close it without a payment.")
        }
        R::SettlementFollowed => (
            "后面的对账单已按它结转,不能重算。",
            "A later statement goes on from it: it cannot be reckoned anew.",
        ),
        R::OwnMerchant => (
            "涉及本人的商户,按规定须回避。",
            "Nobody acts for the village with the statement of their own merchant.",
        ),
        R::SettlementDisputeOpen { until } => {
            let until = time::shown(*until);
            return (
                format!("商家可在{until}前提出异议,确认后或期满后才能付款、结清。"),
                format!("The merchant can dispute it until {until}: wait, or let it agree."),
            );
        }
        R::SettlementAgreed => ("商家已确认该对账单。", "The merchant agreed to it already."),
        R::SettlementProposed => {
            ("该对账单已有待复核的提议。", "Something is proposed already: decide that first.")
        }
        R::SettlementNotProposed => {
            ("该对账单没有待复核的提议。", "Nothing is proposed that could be decided.")
        }
        R::SignalLinesInvalid => (
            "提示线超出可设范围。",
            "A line is outside of what can be set, so that nothing would ever cross it.",
        ),
        R::SignalFound => ("该提示已有结论。", "A finding was written already."),
        _ => ("不能这样办理。", "This is not possible."),
    };
    (zh.to_owned(), en.to_owned())
}

fn in_state(state: State) -> (String, String) {
    let (zh, en) = match state {
        State::Open => ("待审核", "waits to be approved"),
        State::Differs => ("与台账不一致", "differs from the ledger"),
        State::Approved => ("已审核", "is approved"),
        State::Paid => ("已付款", "is paid"),
        State::Closed => ("已结清", "is closed"),
    };
    (format!("对账单{zh},不能这样办理。"), format!("The statement {en}: this is not possible."))
}
