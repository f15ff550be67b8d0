//! The words of what stands in the way at the village fund, in Chinese and English.

use domain::fund::VoucherState;
use domain::refusal::Refusal;

/// The words of a refusal at the fund.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::VoucherAccounts => (
            "划转须写明两个不同的账户,其他凭证只写一个账户。",
            "A transfer names two different accounts, and any other voucher one.",
        ),
        R::VoucherState { state } => return voucher_state(*state),
        R::VoucherSettles => (
            "该凭证已用于结算或分红,不能冲正;多付的款项收回后请另记收入。",
            "A statement or dividend rests on it. What is paid back is booked as income.",
        ),
        R::VoucherCorrected => {
            ("该凭证已冲正,或冲正正在等待复核。", "Another voucher takes it back, or waits to.")
        }
        R::DocumentUsed { numbers } => {
            let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
            return (
                format!(
                    "同一单据号已有第{}号凭证;确认不是重复入账的,复核时请逐一注明。",
                    numbers.join("、")
                ),
                format!(
                    "Vouchers {} have the same document: name them to book it.",
                    numbers.join(", ")
                ),
            );
        }
        R::FundAccountClosed => ("该基金账户已销户。", "The account of the fund is closed."),
        R::FundAccountInUse { left } => {
            return (
                format!("账户还有余额{left}元,或有凭证等待复核,不能销户。"),
                format!("It holds {left} yuan, or a voucher about it waits: it is not closed."),
            );
        }
        R::FundAccountTooMany { most } => {
            return (
                format!("基金账户最多{most}个,请先销户。"),
                format!("A fund has at most {most} open accounts: close one first."),
            );
        }
        R::FundTooLow { left } => {
            return (
                format!("基金账户余额不足,只有{left}元。"),
                format!("The account of the fund holds {left} yuan only."),
            );
        }
        R::BrakePolicyInvalid => (
            "预警线不能低于刹车线,刹车时的发放比例须低于100%,提前告知3至60天。",
            "The warning is not below the brake, less than all is issued, and 3 to 60 days are given.",
        ),
        R::BrakePolicyNotWaiting => (
            "该方案不在等待确认:已经生效,或已有更新的方案。",
            "It does not wait: it holds already, or a newer one was proposed.",
        ),
        R::FundBookDiffers { held, booked } => {
            return (
                format!("基金账户余额合计{held}元,与账簿合计{booked}元不符,请先查清。"),
                format!(
                    "Accounts hold {held} yuan, their entries add up to {booked}: clear it up."
                ),
            );
        }
        R::FundNoticeDays { days_min, days_max } => {
            return (
                format!("收支报告公示{days_min}至{days_max}天。"),
                format!("A statement hangs for {days_min} to {days_max} days."),
            );
        }
        R::FundStatementExists => {
            ("该期间的收支报告已有。", "There is a statement of that period already.")
        }
        R::FundPeriodOpen { until } => {
            return (
                format!("该期间{until}才结束,之后才能编制。"),
                format!("The period ends on {until}; it is stated after that."),
            );
        }
        R::FundStatementState => (
            "该收支报告现在不能这样办理,请刷新后再看。",
            "The statement is in a state in which this is not possible.",
        ),
        R::FundStatementTooLong { lines_max } => {
            return (
                format!("该期间收支超过{lines_max}笔,请按更短的期间编制。"),
                format!("More than {lines_max} movements: state a shorter period."),
            );
        }
        _ => ("不能这样办理。", "This is not possible."),
    };
    (zh.to_owned(), en.to_owned())
}

fn voucher_state(state: VoucherState) -> (String, String) {
    let (zh, en) = match state {
        VoucherState::Prepared => ("等待复核", "waits for a second person"),
        VoucherState::Booked => ("已入账", "is booked"),
        VoucherState::Refused => ("已退回", "was refused"),
        VoucherState::Withdrawn => ("已撤回", "was withdrawn"),
    };
    (format!("该凭证{zh},不能这样办理。"), format!("The voucher {en}: this is not possible."))
}
