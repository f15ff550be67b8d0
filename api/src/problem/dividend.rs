//! The words of what stands in the way of a dividend, of awards, of a list of who fits, and of a proof of
//! a star, in Chinese and English.

use domain::refusal::Refusal;

/// The words of such a refusal.
pub(super) fn of(refusal: &Refusal) -> (String, String) {
    use Refusal as R;
    let (zh, en): (&str, &str) = match refusal {
        R::PayoutPeriod => (
            "分配期间须已结束,且不超过两年。",
            "The period must be over, and two years long at most.",
        ),
        R::PayoutState => {
            ("该分配方案目前不能这样办理。", "The payout is in a state that does not allow this.")
        }
        R::PayoutTooLarge { most } => {
            return (
                format!("总额超过资金账户一次可支付的上限{most}元,请减少总额或奖项。"),
                format!("The fund pays {most} yuan at most at once."),
            );
        }
        R::PayoutOverlaps { payout, title } => {
            return (
                format!(
                    "同一期间已有同类方案“{title}”。确需另做一次的,请在besides中注明它的编号{payout}。"
                ),
                format!(
                    "{title} is for days of the same period. If another is meant, name {payout} in besides."
                ),
            );
        }
        R::AccountsMixed => (
            "该期间内既有按户的积分,也有按人的积分(积分对象中途变更)。请以变更日为界分两次分配。",
            "In that period both households and people earned points, since the rule book changed. Make \
             one payout for the days before the change and one for those after it.",
        ),
        R::RatingDisputed { lines } => {
            return (
                format!("该次星级评定还有{lines}户(人)的异议未办结,办结后再评奖。"),
                format!("{lines} lines of the rating are still disputed; answer them first."),
            );
        }
        R::RatingOutsidePeriod { cycle } => {
            return (
                format!("星级评定周期{cycle}不在所填期间内。"),
                format!("The cycle {cycle} of the rating does not lie in the period."),
            );
        }
        R::PartNotHandedOut => ("该份额没有有效的领取登记。", "No handover of the part stands."),
        R::PoolInvalid => (
            "分红总额须大于零;按整元发放的须为整元。",
            "The pool must be above zero, and in whole yuan if it is paid out so.",
        ),
        R::PrizesInvalid => (
            "奖项名次须从第1名起连续,每项有名称和奖金或奖品,且不得以法定待遇为奖。",
            "Prizes follow each other from the first rank on; each has a title and is something, and none \
             is a statutory benefit.",
        ),
        R::NobodyEarned => (
            "该期间没有可参与分配的积分。",
            "Nobody earned anything in that period, so that nobody has a part.",
        ),
        R::FundAccountNeeded => {
            ("请指明从哪个资金账户支付。", "Say out of which account of the fund it is paid.")
        }
        R::PartEmpty => ("该户没有可领取的份额。", "There is nothing to hand out."),
        R::PartHandedOut => ("该份额已领取。", "The part was handed out already."),
        R::RatingNotEffective => ("该星级评定尚未生效。", "The rating is not in effect."),
        R::PurposeForbidden { word } => {
            return (
                format!("名称或用途不得涉及“{word}”:法定待遇不与积分挂钩。"),
                format!(
                    "This can be about no such thing: {word}. Statutory benefits depend on no points."
                ),
            );
        }
        R::ConditionsInvalid => (
            "名单须以星级或积分为条件,且条件须成立。",
            "A list asks for stars or points, and its conditions must be possible.",
        ),
        R::ProofTooLong { days_max } => {
            return (
                format!("星级证明有效期为1至{days_max}天。"),
                format!("A proof is good for 1 to {days_max} days."),
            );
        }
        R::ProofReadings { readings_max } => {
            return (
                format!("一个证明可查看1至{readings_max}次。"),
                format!("A proof can be read 1 to {readings_max} times."),
            );
        }
        R::ProofUsedUp { readings_max } => {
            return (
                format!("该星级证明最多可查看{readings_max}次,已用完,请本人重新出示。"),
                format!("It can be read {readings_max} times, which is over: ask for a new one."),
            );
        }
        R::ProofTooMany { at_once_max } => {
            return (
                format!("同时有效的星级证明最多{at_once_max}份。"),
                format!("A household has {at_once_max} proofs at most that are good."),
            );
        }
        other => (other.code(), other.code()),
    };
    (zh.to_owned(), en.to_owned())
}
